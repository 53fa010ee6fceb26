#include "cmd/retire_many.h"

#include "base/json.h"
#include "cmd/print.h"
#include "cmd/report.h"
#include "cmd/terminal_observer.h"

static int names_to_retire(struct invocation *invocation, bool all, retire_all_names all_names,
    struct strv *ret, struct error *err)
{
    if (all && invocation->arguments.count) {
        error_set(err, ERROR_USAGE, "either names or --all, not both");
        return error_hint(err, "%s --help shows the options", invocation->command->name);
    }
    if (all)
        return all_names(invocation, ret, err);
    if (!invocation->arguments.count) {
        error_set(err, ERROR_USAGE, "a name is missing");
        return error_hint(err, "usage: %s NAME…, or --all", invocation->command->name);
    }
    for (size_t i = 0; i < invocation->arguments.count; i++)
        if (!strv_contains(ret, invocation->arguments.items[i]))
            strv_push(ret, invocation->arguments.items[i]);
    return 0;
}

/* After these nothing can be done any more. */
static bool is_final(const struct error *error)
{
    return error->code == ERROR_INTERRUPTED || error->code == ERROR_ENGINE;
}

int retire_many(struct invocation *invocation, bool all, retire_all_names all_names,
    retire_one_name retire_one, retire_at_end at_end, struct error *err)
{
    _cleanup_(strv_release) struct strv names = STRV_INIT;
    _cleanup_(json_put) struct json_object *results = json_object_new_array();
    _cleanup_(error_release) struct error last = ERROR_INIT;

    if (names_to_retire(invocation, all, all_names, &names, err) < 0)
        return -1;
    for (size_t i = 0; i < names.count; i++) {
        _cleanup_(error_release) struct error cause = ERROR_INIT;
        if (retire_one(invocation, names.items[i], results, &cause) == 0)
            continue;
        report_and_go_on(invocation, &last, &cause);
        if (is_final(&last))
            break;
    }
    if (at_end && !is_final(&last)) {
        _cleanup_(error_release) struct error cause = ERROR_INIT;
        if (at_end(invocation, &cause) < 0)
            report_and_go_on(invocation, &last, &cause);
    }
    if (last.code && invocation->common.json &&
        (names.count > 1 || json_object_array_length(results))) {
        terminal_observer_finish(invocation->observer, true);
        return report_partly_done_json(&last, "retired", results);
    }
    if (last.code)
        return error_move(err, &last);
    if (invocation->common.json)
        return print_json(json_object_get(results), err);
    if (!names.count)
        observer_note(&invocation->session.observer, NOTE_INFO, "There is nothing to retire.");
    return 0;
}
