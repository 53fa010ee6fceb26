/* container-start and container-stop. */
#include "ops/container_state.h"

#include "base/json.h"
#include "cmd/command_list.h"
#include "cmd/print.h"
#include "cmd/report.h"
#include "ops/container_list.h"
#include "ops/named_container.h"

struct options {
    bool all;
    const char *timeout;
};

static const struct option_row start_rows[] = {
    {0, "all", OPTION_FLAG, NULL, "all yours that do not run, but those whose command has ended",
        offsetof(struct options, all)},
};

static const struct option_row stop_rows[] = {
    {0, "all", OPTION_FLAG, NULL, "all yours that run", offsetof(struct options, all)},
    {'t', "timeout", OPTION_TEXT, "SECONDS", "how long it may take to end by itself (default: 10)",
        offsetof(struct options, timeout)},
};

#define STOP_SECONDS_MAX 3600

static int parse_timeout(const char *typed, int *ret, struct error *err)
{
    char *end;

    errno = 0;
    long seconds = strtol(typed, &end, 10);
    if (end == typed || *end || errno || seconds < 0 || seconds > STOP_SECONDS_MAX) {
        error_set(
            err, ERROR_USAGE, "'%s' is not a number of seconds up to %d", typed, STOP_SECONDS_MAX);
        return error_hint(err, "write --timeout 10");
    }
    *ret = (int)seconds;
    return 0;
}

/* What a command does to each container. */
struct change {
    bool stops;
    const char *state; /* that it then has */
    int seconds;       /* before it is killed */
};

static struct json_object *state_json(const struct invocation *invocation,
    const struct change *change, const char *name, bool changed)
{
    struct json_object *document = json_object_new_object();

    json_add_string(document, "name", name);
    json_add_string(document, "state", change->state);
    json_object_object_add(document, "changed", json_object_new_boolean(changed));
    if (invocation->common.dry_run)
        json_object_object_add(document, "dry_run", json_object_new_boolean(true));
    return document;
}

static int change_one(const struct invocation *invocation, const struct change *change,
    const char *name, struct json_object *ret_results, struct error *err)
{
    const struct session *session = &invocation->session;
    bool dry_run = invocation->common.dry_run;
    bool changed;
    int result = change->stops
                     ? container_stop(session, name, change->seconds, dry_run, &changed, err)
                     : container_start(session, name, dry_run, &changed, err);

    if (result < 0)
        return -1;
    if (invocation->common.json)
        json_object_array_add(ret_results, state_json(invocation, change, name, changed));
    else if (changed)
        print_line(invocation, "The container %s %s %s.", name, dry_run ? "would be" : "is",
            change->state);
    else
        print_line(invocation, "The container %s was %s already.", name, change->state);
    return 0;
}

/* With --all a command that has ended is not run once more. */
static int find_all(const struct session *session, const struct change *change,
    struct strv *ret_names, struct error *err)
{
    _cleanup_(container_rows_release) struct container_rows list = {0};

    if (container_list(session, false, &list, err) < 0)
        return -1;
    for (size_t i = 0; i < list.count; i++) {
        const struct container_row *row = &list.rows[i];
        bool runs = strcmp(row->state, "running") == 0;
        if (change->stops ? runs : !runs && row->exit_code < 0)
            strv_push(ret_names, row->name);
    }
    return 0;
}

static int find_names(const struct invocation *invocation, const struct change *change,
    struct strv *ret_names, struct error *err)
{
    const struct options *options = invocation->options;
    const struct strv *typed = &invocation->arguments;

    if (options->all && typed->count)
        return error_set(err, ERROR_USAGE, "either names or --all, not both");
    if (options->all)
        return find_all(&invocation->session, change, ret_names, err);
    if (!typed->count) {
        error_set(err, ERROR_USAGE, "a name is missing");
        return error_hint(err, "usage: %s NAME…, or --all", invocation->command->name);
    }
    for (size_t i = 0; i < typed->count; i++)
        strv_push(ret_names, typed->items[i]);
    return 0;
}

static int print_results(const struct invocation *invocation, const struct strv *names,
    struct json_object *results, struct error *err)
{
    bool one = invocation->arguments.count == 1;

    if (invocation->common.json)
        return print_json(
            json_object_get(one ? json_object_array_get_idx(results, 0) : results), err);
    if (!names->count)
        observer_note(&invocation->session.observer, NOTE_INFO, "There is none to be changed.");
    return 0;
}

/* Each has its turn, whatever becomes of the others; the last error decides the exit code. */
static int change_each(
    const struct invocation *invocation, const struct change *change, struct error *err)
{
    _cleanup_(strv_release) struct strv names = STRV_INIT;
    _cleanup_(json_put) struct json_object *results = json_object_new_array();
    _cleanup_(error_release) struct error last = ERROR_INIT;

    if (find_names(invocation, change, &names, err) < 0)
        return -1;
    for (size_t i = 0; i < names.count; i++) {
        _cleanup_(error_release) struct error cause = ERROR_INIT;
        if (change_one(invocation, change, names.items[i], results, &cause) == 0)
            continue;
        report_and_go_on(invocation, &last, &cause);
        if (last.code == ERROR_INTERRUPTED || last.code == ERROR_ENGINE)
            break;
    }
    if (last.code && invocation->common.json && names.count > 1)
        return report_partly_done_json(&last, "changed", results);
    return last.code ? error_move(err, &last) : print_results(invocation, &names, results, err);
}

static int run_start(struct invocation *invocation, struct error *err)
{
    const struct change change = {.state = "running"};

    return change_each(invocation, &change, err);
}

static int run_stop(struct invocation *invocation, struct error *err)
{
    const struct options *options = invocation->options;
    struct change change = {.stops = true, .state = "stopped", .seconds = STOP_SECONDS};

    if (options->timeout && parse_timeout(options->timeout, &change.seconds, err) < 0)
        return -1;
    return change_each(invocation, &change, err);
}

static const char *const start_examples[] = {
    "container-start my-project",
    "start it; container-open gives a shell in it",
    NULL,
};

const struct command command_container_start = {
    .name = "container-start",
    .summary = "Start containers",
    .arguments = "NAME… [OPTIONS]",
    .description = "Starts containers of yours that were created or stopped.",
    .examples = start_examples,
    .options = start_rows,
    .option_count = ELEMENTS(start_rows),
    .options_size = sizeof(struct options),
    .max_arguments = -1,
    .changes = true,
    .run = run_start,
};

static const char *const stop_examples[] = {
    "container-stop my-project",
    "stop it; what is in it stays until container-retire",
    "container-stop --all",
    "all your containers",
    NULL,
};

const struct command command_container_stop = {
    .name = "container-stop",
    .summary = "Stop containers",
    .arguments = "NAME… [OPTIONS]",
    .description =
        "Stops containers of yours. Their files stay; container-start starts them again.",
    .examples = stop_examples,
    .options = stop_rows,
    .option_count = ELEMENTS(stop_rows),
    .options_size = sizeof(struct options),
    .max_arguments = -1,
    .changes = true,
    .run = run_stop,
};
