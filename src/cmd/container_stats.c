#include "ops/container_stats.h"

#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>

#include "base/interrupt.h"
#include "base/xalloc.h"
#include "cmd/command_list.h"
#include "cmd/list_output.h"
#include "cmd/print.h"
#include "model/size.h"
#include "ui/job_control.h"
#include "ui/redraw.h"
#include "ui/style.h"

/* How busy the processors are is measured over this time, and a live table drawn so often. */
#define ONCE_MS 500
#define LIVE_MS 1500

struct options {
    bool all_users;
    bool once;
    struct list_options list;
};

static const struct option_row rows[] = {
    {0, "all-users", OPTION_FLAG, NULL, "the containers of all users",
        offsetof(struct options, all_users)},
    {0, "no-stream", OPTION_FLAG, NULL, "once, also on a terminal", offsetof(struct options, once)},
    LIST_OPTION_ROWS(struct options, list),
};

static const struct container_usage *usage(const void *row)
{
    return row;
}

static char *percent_text(double percent)
{
    return percent < 0 ? NULL : xasprintf("%.1f%%", percent);
}

static struct json_object *percent_value(double percent)
{
    _cleanup_free_ char *text = xasprintf("%.2f", percent);

    return percent < 0 ? NULL : json_object_new_double_s(percent, text);
}

static char *cpu_text(const void *row)
{
    return percent_text(usage(row)->cpu);
}

static struct json_object *cpu_value(const void *row)
{
    return percent_value(usage(row)->cpu);
}

static double memory_percent(const void *row)
{
    const struct container_sample *sample = &usage(row)->sample;

    if (sample->memory < 0 || sample->memory_limit <= 0)
        return -1;
    return (double)sample->memory / (double)sample->memory_limit * 100;
}

static char *memory_text(const void *row)
{
    return cell_bytes(usage(row)->sample.memory);
}

static struct json_object *memory_value(const void *row)
{
    return value_bytes(usage(row)->sample.memory);
}

static char *limit_text(const void *row)
{
    return cell_bytes(usage(row)->sample.memory_limit);
}

static struct json_object *limit_value(const void *row)
{
    return value_bytes(usage(row)->sample.memory_limit);
}

static char *memory_percent_text(const void *row)
{
    return percent_text(memory_percent(row));
}

static struct json_object *memory_percent_value(const void *row)
{
    return percent_value(memory_percent(row));
}

static char *processes_text(const void *row)
{
    int64_t processes = usage(row)->sample.processes;

    return processes < 0 ? NULL : xasprintf("%" PRId64, processes);
}

static struct json_object *processes_value(const void *row)
{
    int64_t processes = usage(row)->sample.processes;

    return processes < 0 ? NULL : json_object_new_int64(processes);
}

static const struct column columns[] = {
    {.name = "NAME",
        .json = "name",
        .help = "its name",
        .member = offsetof(struct container_usage, name)},
    {.name = "CPU",
        .json = "cpu_percent",
        .help = "of one processor: 200% are two busy ones",
        .right = true,
        .text = cpu_text,
        .value = cpu_value},
    {.name = "MEMORY",
        .json = "memory",
        .help = "what it uses, in bytes",
        .right = true,
        .text = memory_text,
        .value = memory_value},
    {.name = "LIMIT",
        .json = "memory_limit",
        .help = "what it may use: its --memory, else the server's",
        .right = true,
        .text = limit_text,
        .value = limit_value},
    {.name = "MEM%",
        .json = "memory_percent",
        .help = "the one of the other",
        .right = true,
        .text = memory_percent_text,
        .value = memory_percent_value},
    {.name = "PROCESSES",
        .json = "processes",
        .help = "how many run in it, threads counted",
        .right = true,
        .text = processes_text,
        .value = processes_value},
    {.name = "OWNER",
        .json = "owner",
        .help = "whose it is",
        .extra = true,
        .member = offsetof(struct container_usage, owner)},
    {.name = "ID",
        .json = "id",
        .help = "the engine's id for it",
        .extra = true,
        .member = offsetof(struct container_usage, id)},
};

static int pause_for(int milliseconds, struct error *err)
{
    struct pollfd interrupt = {.fd = interrupt_fd(), .events = POLLIN};

    poll(&interrupt, 1, milliseconds);
    return interrupt_pending() ? interrupt_error(err) : 0;
}

static bool any_runs(const struct container_usages *usages)
{
    for (size_t i = 0; i < usages->count; i++)
        if (usages->items[i].running)
            return true;
    return false;
}

static struct list list_of(const struct container_usages *usages)
{
    return (struct list){
        .columns = columns,
        .column_count = ELEMENTS(columns),
        .rows = usages->items,
        .row_count = usages->count,
        .row_size = sizeof(*usages->items),
        .when_empty = "None of your containers is running.",
    };
}

static int run_once(
    struct invocation *invocation, const struct container_stats_request *request, struct error *err)
{
    const struct options *options = invocation->options;
    _cleanup_(container_usages_release) struct container_usages before = {0};
    _cleanup_(container_usages_release) struct container_usages now = {0};

    if (container_stats(&invocation->session, request, NULL, &before, err) < 0 ||
        (any_runs(&before) && pause_for(ONCE_MS, err) < 0) ||
        container_stats(&invocation->session, request, &before, &now, err) < 0)
        return -1;
    const struct list list = list_of(&now);
    return list_print(invocation, &options->list, &list, err);
}

/* The table as text; the caller frees it. */
static int draw(const struct invocation *invocation, const struct container_usages *usages,
    char **ret_text, struct error *err)
{
    const struct options *options = invocation->options;
    const struct list list = list_of(usages);
    const struct column *chosen[ELEMENTS(columns)];
    size_t count, length;

    if (table_choose(columns, ELEMENTS(columns), options->list.output, chosen, &count, err) < 0)
        return -1;
    FILE *out = open_memstream(ret_text, &length);
    if (!out)
        return error_set_errno(err, errno, "cannot draw the list");
    int drawn = table_print(out, chosen, count, list.rows, list.row_count, list.row_size,
        !options->list.noheadings, err);
    if (!usages->count)
        fprintf(out, "%s\n", list.when_empty);
    fclose(out);
    return drawn;
}

/* One look after the other, until Ctrl-C, which is the way to leave it. */
static int run_live(
    struct invocation *invocation, const struct container_stats_request *request, struct error *err)
{
    _cleanup_(container_usages_release) struct container_usages before = {0};
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    struct redraw redraw = {0};

    job_control_watch(NULL);
    for (;;) {
        struct container_usages now = {0};
        _cleanup_free_ char *text = NULL;
        if (container_stats(&invocation->session, request, &before, &now, &cause) < 0)
            break;
        container_usages_release(&before);
        before = now;
        if (draw(invocation, &now, &text, &cause) < 0)
            break;
        if (job_control_resumed())
            redraw = (struct redraw){0};
        redraw_text(&redraw, stdout, text);
        if (pause_for(LIVE_MS, &cause) < 0)
            break;
    }
    job_control_unwatch();
    return cause.code == ERROR_INTERRUPTED && interrupt_signal() == SIGINT
               ? 0
               : error_move(err, &cause);
}

static int run(struct invocation *invocation, struct error *err)
{
    const struct options *options = invocation->options;
    const struct container_stats_request request = {
        .names = &invocation->arguments,
        .all_users = options->all_users,
    };
    bool live = !options->once && !invocation->common.json && !invocation->common.verbose &&
                isatty(STDOUT_FILENO) && style_terminal_capable();

    if (options->all_users && request.names->count) {
        error_set(err, ERROR_USAGE, "either names or --all-users, not both");
        return error_hint(err, "name containers of yours, or nothing");
    }
    return live ? run_live(invocation, &request, err) : run_once(invocation, &request, err);
}

static const char *const examples[] = {
    "container-stats",
    "your running containers, drawn anew until Ctrl-C",
    "container-stats train --no-stream",
    "one of them, once",
    "container-stats --all-users --json",
    "everybody's, for a script",
    NULL,
};

const struct command command_container_stats = {
    .name = "container-stats",
    .summary = "Show what containers use",
    .arguments = "[NAME…] [OPTIONS]",
    .description =
        "Shows how much of the processors and of the memory your running containers use: on a "
        "terminal live, else once.",
    .examples = examples,
    .options = rows,
    .option_count = ELEMENTS(rows),
    .columns = columns,
    .column_count = ELEMENTS(columns),
    .options_size = sizeof(struct options),
    .max_arguments = -1,
    .run = run,
};
