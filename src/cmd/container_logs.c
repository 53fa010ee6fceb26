#include "ops/container_logs.h"

#include "cmd/command_list.h"
#include "cmd/print.h"

#define TAIL_DIGITS_MAX 9

struct options {
    bool follow;
    const char *tail;
};

static const struct option_row rows[] = {
    {'f', "follow", OPTION_FLAG, NULL, "go on as more is written, until the container ends",
        offsetof(struct options, follow)},
    {'n', "tail", OPTION_TEXT, "N", "only the last N lines", offsetof(struct options, tail)},
};

static int check_tail(const char *tail, struct error *err)
{
    size_t length = strlen(tail);

    if (strcmp(tail, "all") == 0 ||
        (length && length <= TAIL_DIGITS_MAX && strspn(tail, "0123456789") == length))
        return 0;
    error_set(err, ERROR_USAGE, "'%s' is not a number of lines", tail);
    return error_hint(err, "write --tail 100, or --tail all");
}

static int run(struct invocation *invocation, struct error *err)
{
    const struct options *options = invocation->options;
    const struct container_logs_request request = {
        .name = invocation->arguments.items[0],
        .tail = options->tail ? options->tail : "all",
        .follow = options->follow,
    };

    if (check_tail(request.tail, err) < 0)
        return -1;
    return container_logs(&invocation->session, &request, print_output, NULL, err);
}

static const char *const examples[] = {
    "container-logs my-project --tail 20",
    "the last 20 lines",
    "container-logs my-project -f",
    "all of it, and what comes; Ctrl-C leaves it, and the container runs on",
    NULL,
};

const struct command command_container_logs = {
    .name = "container-logs",
    .summary = "Show what a container wrote",
    .arguments = "NAME [-f] [--tail N]",
    .description = "Shows what the main process of your container wrote, running or not: the "
                   "output of the command that it was deployed with. Shells and commands that were "
                   "opened in it later write to their own terminals.",
    .examples = examples,
    .options = rows,
    .option_count = ELEMENTS(rows),
    .options_size = sizeof(struct options),
    .min_arguments = 1,
    .max_arguments = 1,
    .run = run,
};
