#include "ops/gc.h"

#include "base/interrupt.h"
#include "base/xalloc.h"
#include "host/process.h"
#include "model/size.h"

/* So many at a time: each holds a lock of two descriptors. */
#define BATCH_MAX 64

#define IN_USE_AGAIN "something has come to use it"
#define WORKED_ON    "another ds01 command is working on it"

/* --- locks of whoever could still need something ------------------------------- */

struct guard {
    uid_t uid;
    enum lock_kind kind;
    const char *what;
    struct caller owner; /* where that is not the caller */
    struct lock lock;
    char *reason; /* why it could not be taken, or NULL */
};

struct guards {
    struct guard guards[BATCH_MAX];
    size_t count;
};

static void guards_release(struct guards *guards)
{
    for (size_t i = 0; i < guards->count; i++) {
        lock_release(&guards->guards[i].lock);
        caller_release(&guards->guards[i].owner);
        free(guards->guards[i].reason);
    }
    guards->count = 0;
}

/* Without a home there are no locks: then nobody must be there who could hold one. */
static void guard_without_home(struct guard *guard)
{
    if (process_of_user_exists(guard->uid))
        guard->reason =
            xasprintf("the user %u is at work, whose home is not known here", (unsigned)guard->uid);
}

static void guard_take(const struct session *session, struct guard *guard)
{
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    const struct caller *owner = session->caller;

    if (guard->uid != owner->uid) {
        if (caller_of(guard->uid, &guard->owner, &cause) < 0) {
            guard_without_home(guard);
            return;
        }
        owner = &guard->owner;
    }
    if (lock_take(owner, guard->kind, guard->what, &guard->lock, &cause) < 0)
        guard->reason = xstrdup(cause.code == ERROR_REFUSED ? WORKED_ON : cause.message);
}

/* The guard of an item, taken now unless it is already; NULL where none is needed. */
static const struct guard *guard_for(
    const struct session *session, struct guards *guards, const struct leftover *item)
{
    if (!item->lock)
        return NULL;
    for (size_t i = 0; i < guards->count; i++) {
        const struct guard *guard = &guards->guards[i];
        if (guard->uid == item->uid && guard->kind == item->lock_kind &&
            strcmp(guard->what, item->lock) == 0)
            return guard;
    }
    struct guard *guard = &guards->guards[guards->count++];
    *guard = (struct guard){
        .uid = item->uid, .kind = item->lock_kind, .what = item->lock, .lock = LOCK_INIT};
    guard_take(session, guard);
    return guard;
}

/* --- removing ------------------------------------------------------------------ */

static void settle(struct gc_item *item, enum gc_outcome outcome, const char *reason)
{
    item->outcome = outcome;
    item->reason = xstrdup(reason);
}

static bool is_same(const struct leftover *one, const struct leftover *other)
{
    return one->kind == other->kind && strcmp(one->handle, other->handle) == 0 && one->image &&
           other->image && strcmp(one->image, other->image) == 0;
}

static bool is_still_one(const struct leftovers *now, const struct leftover *item)
{
    for (size_t i = 0; i < now->count; i++)
        if (is_same(&now->items[i], item))
            return true;
    return false;
}

static int remove_one(const struct session *session, struct gc_item *item, struct error *err)
{
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    if (interrupt_pending())
        return interrupt_error(err);
    if (leftover_remove(session, &item->leftover, &cause) == 0) {
        settle(item, GC_REMOVED, NULL);
        return 0;
    }
    if (cause.code == ERROR_INTERRUPTED || cause.code == ERROR_ENGINE)
        return error_move(err, &cause);
    if (cause.code == ERROR_REFUSED)
        settle(item, GC_KEPT, IN_USE_AGAIN);
    else
        settle(item, GC_FAILED, cause.message);
    return 0;
}

/*
 * Locks what the items are guarded by, looks again, and removes what is still of no use: what
 * an operation did between the first look and the lock is seen in the second.
 */
static int remove_batch(const struct session *session, const struct gc_request *request,
    struct gc_item *items, size_t count, struct error *err)
{
    _cleanup_(guards_release) struct guards guards = {.count = 0};
    _cleanup_(leftovers_release) struct leftovers now = {0};

    for (size_t i = 0; i < count; i++) {
        if (items[i].outcome != GC_FOUND)
            continue;
        const struct guard *guard = guard_for(session, &guards, &items[i].leftover);
        if (guard && guard->reason)
            settle(&items[i], GC_KEPT, guard->reason);
    }
    if (guards.count && leftovers_find(session, request->scope, false, &now, err) < 0)
        return -1;
    for (size_t i = 0; i < count; i++) {
        if (items[i].outcome != GC_FOUND)
            continue;
        if (items[i].leftover.lock && !is_still_one(&now, &items[i].leftover))
            settle(&items[i], GC_KEPT, IN_USE_AGAIN);
        else if (remove_one(session, &items[i], err) < 0)
            return -1;
    }
    return 0;
}

/* --- all ------------------------------------------------------------------------ */

static bool is_asked_for(const struct gc_request *request, const struct leftover *item)
{
    return request->kinds == GC_ALL || (request->kinds == GC_ORPHANS) == leftover_is_orphan(item);
}

static int find(const struct session *session, const struct gc_request *request,
    struct gc_result *result, struct error *err)
{
    _cleanup_(leftovers_release) struct leftovers found = {0};

    if (leftovers_find(session, request->scope, true, &found, err) < 0)
        return -1;
    result->items = xcalloc(found.count + 1, sizeof(*result->items));
    for (size_t i = 0; i < found.count; i++) {
        if (!is_asked_for(request, &found.items[i]))
            continue;
        struct gc_item *item = &result->items[result->count++];
        item->leftover = found.items[i];
        found.items[i] = (struct leftover){0};
        if (item->leftover.busy)
            settle(item, GC_KEPT, item->leftover.busy);
    }
    return 0;
}

/* "  aimehub/x:proj._.1000 (1.24 GB)", a line of a question; the caller frees it. */
static char *item_line(const struct leftover *item)
{
    _cleanup_free_ char *size = size_format(item->bytes);

    return item->bytes > 0 ? xasprintf("  %s (%s)", item->name, size)
                           : xasprintf("  %s", item->name);
}

static int confirm(const struct session *session, const struct gc_result *result, struct error *err)
{
    _cleanup_(strv_release) struct strv lines = STRV_INIT;

    for (size_t i = 0; i < result->count; i++)
        if (result->items[i].outcome == GC_FOUND)
            strv_take(&lines, item_line(&result->items[i].leftover));
    if (!lines.count)
        return 0;
    strv_take(&lines, xasprintf("Remove %zu committed image%s that no container uses?", lines.count,
                          lines.count > 1 ? "s" : ""));
    _cleanup_free_ char *question = strv_join(&lines, "\n");
    int answer = observer_confirm(&session->observer, question, false, "--yes", err);
    if (answer < 0)
        return -1;
    return answer ? 0 : error_set(err, ERROR_REFUSED, "they were kept");
}

static int remove_all(const struct session *session, const struct gc_request *request,
    struct gc_result *result, struct error *err)
{
    if (request->ask && confirm(session, result, err) < 0)
        return -1;
    for (size_t i = 0; i < result->count; i += BATCH_MAX) {
        size_t count = result->count - i < BATCH_MAX ? result->count - i : BATCH_MAX;
        if (remove_batch(session, request, result->items + i, count, err) < 0)
            return -1;
    }
    return 0;
}

static int check_rights(
    const struct session *session, const struct gc_request *request, struct error *err)
{
    const struct caller *caller = session->caller;

    if (request->scope == LEFTOVERS_OWN || request->dry_run || caller->uid == 0 ||
        caller->acts_for_other)
        return 0;
    error_set(err, ERROR_REFUSED, "only root may remove what belongs to others");
    return error_hint(err, "leave out --all-users, or ask the administrator");
}

int gc(const struct session *session, const struct gc_request *request, struct gc_result *ret,
    struct error *err)
{
    _cleanup_(gc_result_release) struct gc_result result = {0};

    if (check_rights(session, request, err) < 0 || find(session, request, &result, err) < 0)
        return -1;
    if (!request->dry_run && remove_all(session, request, &result, err) < 0)
        return -1;
    if (request->kinds == GC_ALL) {
        result.locks = locks_sweep(session->caller, request->dry_run, err);
        if (result.locks < 0)
            return -1;
    }
    for (size_t i = 0; i < result.count; i++) {
        const struct gc_item *item = &result.items[i];
        if (item->leftover.bytes > 0 && item->outcome == (request->dry_run ? GC_FOUND : GC_REMOVED))
            result.bytes += item->leftover.bytes;
    }
    *ret = result;
    result = (struct gc_result){0};
    return 0;
}

void gc_result_release(struct gc_result *result)
{
    for (size_t i = 0; i < result->count; i++) {
        leftover_release(&result->items[i].leftover);
        free(result->items[i].reason);
    }
    free(result->items);
    *result = (struct gc_result){0};
}
