/* container-start and container-stop. */
#include "ops/container_state.h"

#include "base/json.h"
#include "cmd/command_list.h"
#include "cmd/print.h"

struct options {
    const char *timeout;
};

static const struct option_row stop_rows[] = {
    {'t', "timeout", OPTION_TEXT, "SECONDS", "how long it may take to end by itself (default: 10)",
        offsetof(struct options, timeout)},
};

#define STOP_SECONDS     10
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

static int print_state(const struct invocation *invocation, const char *name, const char *state,
    bool changed, struct error *err)
{
    if (invocation->common.json) {
        struct json_object *document = json_object_new_object();
        json_add_string(document, "name", name);
        json_add_string(document, "state", state);
        json_object_object_add(document, "changed", json_object_new_boolean(changed));
        return print_json(document, err);
    }
    if (changed)
        print_line(invocation, "The container %s %s %s.", name,
            invocation->common.dry_run ? "would be" : "is", state);
    else
        print_line(invocation, "The container %s was %s already.", name, state);
    return 0;
}

static int run_start(struct invocation *invocation, struct error *err)
{
    const char *name = invocation->arguments.items[0];
    bool changed;

    if (container_start(&invocation->session, name, invocation->common.dry_run, &changed, err) < 0)
        return -1;
    return print_state(invocation, name, "running", changed, err);
}

static int run_stop(struct invocation *invocation, struct error *err)
{
    const struct options *options = invocation->options;
    const char *name = invocation->arguments.items[0];
    int seconds = STOP_SECONDS;
    bool changed;

    if (options->timeout && parse_timeout(options->timeout, &seconds, err) < 0)
        return -1;
    if (container_stop(
            &invocation->session, name, seconds, invocation->common.dry_run, &changed, err) < 0)
        return -1;
    return print_state(invocation, name, "stopped", changed, err);
}

static const char *const start_examples[] = {
    "container-start my-project",
    "start it; container-open gives a shell in it",
    NULL,
};

const struct command command_container_start = {
    .name = "container-start",
    .summary = "Start a container",
    .arguments = "NAME",
    .description = "Starts a container of yours that was created or stopped.",
    .examples = start_examples,
    .min_arguments = 1,
    .max_arguments = 1,
    .changes = true,
    .run = run_start,
};

static const char *const stop_examples[] = {
    "container-stop my-project",
    "stop it; what is in it stays until container-retire",
    NULL,
};

const struct command command_container_stop = {
    .name = "container-stop",
    .summary = "Stop a container",
    .arguments = "NAME [OPTIONS]",
    .description = "Stops a container of yours. Its files stay; container-start starts it again.",
    .examples = stop_examples,
    .options = stop_rows,
    .option_count = ELEMENTS(stop_rows),
    .options_size = sizeof(struct options),
    .min_arguments = 1,
    .max_arguments = 1,
    .changes = true,
    .run = run_stop,
};
