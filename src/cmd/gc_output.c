#include "cmd/gc_output.h"

#include "base/json.h"
#include "base/xalloc.h"
#include "cmd/print.h"
#include "model/size.h"

static const char *const outcomes[] = {
    [GC_FOUND] = "found", [GC_REMOVED] = "removed", [GC_KEPT] = "kept", [GC_FAILED] = "failed"};

static const char *const verbs[] = {
    [GC_FOUND] = "Would remove", [GC_REMOVED] = "Removed", [GC_KEPT] = "Kept"};

static struct json_object *item_json(const struct gc_item *item)
{
    struct json_object *object = json_object_new_object();

    json_add_string(object, "kind", leftover_kind_name(item->leftover.kind));
    json_add_string(object, "name", item->leftover.name);
    json_add_string(object, "handle", item->leftover.handle);
    json_object_object_add(object, "uid", json_object_new_int64(item->leftover.uid));
    json_object_object_add(object, "bytes", value_bytes(item->leftover.bytes));
    json_add_string(object, "outcome", outcomes[item->outcome]);
    json_object_object_add(object, "reason", value_text(item->reason));
    return object;
}

static int print_as_json(const struct gc_result *result, struct error *err)
{
    struct json_object *document = json_object_new_object();
    struct json_object *items = json_object_new_array();

    for (size_t i = 0; i < result->count; i++)
        json_object_array_add(items, item_json(&result->items[i]));
    json_object_object_add(document, "items", items);
    json_object_object_add(document, "locks", json_object_new_int(result->locks));
    json_object_object_add(document, "bytes", json_object_new_int64(result->bytes));
    return print_json(document, err);
}

static void print_item(const struct invocation *invocation, const struct gc_request *request,
    const struct gc_item *item)
{
    _cleanup_free_ char *what = leftover_describe(&item->leftover);
    _cleanup_free_ char *size = size_format(item->leftover.bytes);
    _cleanup_(strv_release) struct strv details = STRV_INIT;

    /* Told with --quiet too. */
    if (item->outcome == GC_FAILED) {
        observer_note(&invocation->session.observer, NOTE_WARNING, "could not remove %s: %s", what,
            item->reason);
        return;
    }
    if (request->scope == LEFTOVERS_ALL_USERS)
        strv_take(&details, xasprintf("of the user %u", (unsigned)item->leftover.uid));
    if (item->leftover.bytes > 0)
        strv_push(&details, size);
    _cleanup_free_ char *joined = strv_join(&details, ", ");
    bool would_keep = request->dry_run && item->outcome == GC_KEPT;
    print_line(invocation, "%s %s%s%s%s%s%s.", would_keep ? "Would keep" : verbs[item->outcome],
        what, details.count ? " (" : "", joined, details.count ? ")" : "", item->reason ? ": " : "",
        item->reason ? item->reason : "");
}

static void print_sum(const struct invocation *invocation, const struct gc_request *request,
    const struct gc_result *result)
{
    _cleanup_free_ char *size = size_format(result->bytes);
    const char *verb = request->dry_run ? "Would remove" : "Removed";

    if (result->locks)
        print_line(invocation, "%s %d lock file%s of commands that were killed.", verb,
            result->locks, result->locks > 1 ? "s" : "");
    if (result->bytes)
        print_line(invocation, "%s %s.", request->dry_run ? "That would free" : "Freed", size);
}

int gc_print(const struct invocation *invocation, const struct gc_request *request,
    const struct gc_result *result, const char *when_empty, struct error *err)
{
    bool failed = false;

    for (size_t i = 0; i < result->count; i++)
        failed = failed || result->items[i].outcome == GC_FAILED;
    if (invocation->common.json)
        return print_as_json(result, err) < 0 ? -1 : failed;
    for (size_t i = 0; i < result->count; i++)
        print_item(invocation, request, &result->items[i]);
    print_sum(invocation, request, result);
    if (!result->count && !result->locks)
        observer_note(&invocation->session.observer, NOTE_INFO, "%s", when_empty);
    return failed;
}
