#include "ops/container_list.h"

#include <inttypes.h>
#include <time.h>

#include "base/xalloc.h"
#include "cmd/command_list.h"
#include "cmd/list_output.h"
#include "cmd/print.h"

struct options {
    bool all;
    bool all_users;
    struct list_options list;
};

static const struct option_row rows[] = {
    {'a', "all", OPTION_FLAG, NULL, "stopped ones too (they are always shown; for habit's sake)",
        offsetof(struct options, all)},
    {0, "all-users", OPTION_FLAG, NULL, "the containers of all users",
        offsetof(struct options, all_users)},
    LIST_OPTION_ROWS(struct options, list),
};

static const struct container_row *container_row(const void *row)
{
    return row;
}

static char *status_text(const void *row)
{
    const struct container_row *container = container_row(row);

    return container->exit_code >= 0 ? xasprintf("%s (%d)", container->state, container->exit_code)
                                     : cell_text(container->state);
}

static char *exit_text(const void *row)
{
    int code = container_row(row)->exit_code;

    return code >= 0 ? xasprintf("%d", code) : NULL;
}

static struct json_object *exit_value(const void *row)
{
    int code = container_row(row)->exit_code;

    return code >= 0 ? json_object_new_int(code) : NULL;
}

static char *image_text(const void *row)
{
    const struct container_row *container = container_row(row);

    return container->outdated ? xasprintf("%s (older build)", container->image)
                               : cell_text(container->image);
}

static char *created_text(const void *row)
{
    return cell_age(container_row(row)->created);
}

static struct json_object *created_value(const void *row)
{
    return value_time(container_row(row)->created);
}

static char *started_text(const void *row)
{
    return cell_age(container_row(row)->started);
}

static struct json_object *started_value(const void *row)
{
    return value_time(container_row(row)->started);
}

/* -1 for one that does not run. */
static int64_t seconds_up(const void *row)
{
    int64_t started = container_row(row)->started;
    int64_t now = (int64_t)time(NULL);

    return started ? (now > started ? now - started : 0) : -1;
}

static char *seconds_text(const void *row)
{
    int64_t seconds = seconds_up(row);

    return seconds < 0 ? NULL : xasprintf("%" PRId64, seconds);
}

static struct json_object *seconds_value(const void *row)
{
    int64_t seconds = seconds_up(row);

    return seconds < 0 ? NULL : json_object_new_int64(seconds);
}

static char *outdated_text(const void *row)
{
    return cell_text(container_row(row)->outdated ? "yes" : "no");
}

static struct json_object *outdated_value(const void *row)
{
    return json_object_new_boolean(container_row(row)->outdated);
}

static const struct column columns[] = {
    {.name = "NAME",
        .json = "name",
        .help = "its name",
        .cut = 3,
        .keep = KEEP_BOTH_ENDS,
        .member = offsetof(struct container_row, name)},
    {.name = "PROJECT",
        .json = "project",
        .help = "the project it belongs to",
        .cut = 2,
        .keep = KEEP_BOTH_ENDS,
        .member = offsetof(struct container_row, project)},
    {.name = "STATUS",
        .json = "status",
        .help = "running, exited (with the exit code of its command), created, paused …",
        .text = status_text,
        .member = offsetof(struct container_row, state)},
    {.name = "UPTIME",
        .json = "uptime",
        .help = "how long it has been running",
        .member = offsetof(struct container_row, uptime)},
    {.name = "IMAGE",
        .json = "image",
        .help = "what it was made from",
        .cut = 1,
        .keep = KEEP_END,
        .text = image_text,
        .member = offsetof(struct container_row, image)},
    {.name = "GPUS",
        .json = "gpus",
        .help = "what it was given",
        .member = offsetof(struct container_row, gpus)},
    {.name = "WORKSPACE",
        .json = "workspace",
        .help = "the directory at /workspace",
        .cut = 1,
        .keep = KEEP_END,
        .member = offsetof(struct container_row, workspace)},
    {.name = "EXIT",
        .json = "exit_code",
        .help = "the exit code of the command that it ran",
        .extra = true,
        .text = exit_text,
        .value = exit_value},
    {.name = "OWNER",
        .json = "owner",
        .help = "whose it is",
        .extra = true,
        .member = offsetof(struct container_row, owner)},
    {.name = "ID",
        .json = "id",
        .help = "the engine's id for it",
        .extra = true,
        .member = offsetof(struct container_row, id)},
    {.name = "CREATED",
        .json = "created",
        .help = "when it was made",
        .extra = true,
        .text = created_text,
        .value = created_value},
    {.name = "STARTED",
        .json = "started",
        .help = "when it was started",
        .extra = true,
        .text = started_text,
        .value = started_value},
    {.name = "SECONDS",
        .json = "uptime_seconds",
        .help = "how long it has been running, in seconds",
        .right = true,
        .extra = true,
        .text = seconds_text,
        .value = seconds_value},
    {.name = "OUTDATED",
        .json = "outdated",
        .help = "its image has been rebuilt since",
        .extra = true,
        .text = outdated_text,
        .value = outdated_value},
};

static void tell_outdated(const struct invocation *invocation, const struct container_rows *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct container_row *row = &list->rows[i];
        if (row->outdated)
            observer_note(&invocation->session.observer, NOTE_INFO,
                "%s runs an older build of %s. To use the new one: container-retire %s, then "
                "container-deploy %s",
                row->name, row->image, row->name, row->name);
    }
}

static int run(struct invocation *invocation, struct error *err)
{
    const struct options *options = invocation->options;
    _cleanup_(container_rows_release) struct container_rows containers = {0};

    const char *output = options->list.output;
    bool started = invocation->common.json ||
                   (output && (strcasestr(output, "STARTED") || strcasestr(output, "SECONDS")));

    if (container_list(&invocation->session, options->all_users, &containers, err) < 0 ||
        (started && container_rows_find_started(&invocation->session, &containers, err) < 0))
        return -1;
    const struct list list = {
        .columns = columns,
        .column_count = ELEMENTS(columns),
        .rows = containers.rows,
        .row_count = containers.count,
        .row_size = sizeof(*containers.rows),
        .when_empty = "You have no containers. Make one with: container-deploy my-project",
    };
    int code = list_print(invocation, &options->list, &list, err);
    if (code == 0 && !invocation->common.json)
        tell_outdated(invocation, &containers);
    return code;
}

static const char *const aliases[] = {"container-ls", NULL};
static const char *const examples[] = {
    "container-list",
    "your containers, running ones first",
    "container-list --all-users --output +OWNER",
    "everybody's, with their owners",
    NULL,
};

const struct command command_container_list = {
    .name = "container-list",
    .aliases = aliases,
    .summary = "List your containers",
    .arguments = "[OPTIONS]",
    .description =
        "Shows your containers, also those that AIME's mlc or the original scripts made, running "
        "ones first.",
    .examples = examples,
    .options = rows,
    .option_count = ELEMENTS(rows),
    .columns = columns,
    .column_count = ELEMENTS(columns),
    .options_size = sizeof(struct options),
    .run = run,
};
