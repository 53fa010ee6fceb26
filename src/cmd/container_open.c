/* container-open and container-exec. */
#include "cmd/command_list.h"
#include "cmd/shell.h"

struct options {
    bool stop_after;
};

static const struct option_row open_rows[] = {
    {0, "stop-after", OPTION_FLAG, NULL,
        "stop it when the shell has ended and nothing else runs in it",
        offsetof(struct options, stop_after)},
};

static int run_open(struct invocation *invocation, struct error *err)
{
    const struct options *options = invocation->options;
    const struct shell_request request = {
        .name = invocation->arguments.items[0],
        .command = &invocation->trailing,
        .start = true,
        .stop_after = options->stop_after,
    };

    return shell_run(invocation, &request, err);
}

static int run_exec(struct invocation *invocation, struct error *err)
{
    if (!invocation->trailing.count) {
        error_set(err, ERROR_USAGE, "a command is missing");
        return error_hint(err, "usage: container-exec NAME -- CMD…; for a shell: container-open %s",
            invocation->arguments.items[0]);
    }
    const struct shell_request request = {
        .name = invocation->arguments.items[0],
        .command = &invocation->trailing,
    };
    return shell_run(invocation, &request, err);
}

static const char *const open_aliases[] = {"container-attach", NULL};
static const char *const open_examples[] = {
    "container-open my-project",
    "a shell in the container; exit or Ctrl-D leaves it, and the container runs on",
    "container-open my-project -- python3 -V",
    "one command in it",
    "container-open my-project --stop-after",
    "as mlc open does: the container stops when the last shell has left it",
    NULL,
};

const struct command command_container_open = {
    .name = "container-open",
    .aliases = open_aliases,
    .summary = "Open a shell in a container",
    .arguments = "NAME [OPTIONS] [-- CMD…]",
    .description =
        "Opens a shell in your container, as you, in /workspace; a container that does not run is "
        "started first. The exit code is the shell's. Ctrl-P Ctrl-Q leaves the shell running.",
    .examples = open_examples,
    .options = open_rows,
    .option_count = ELEMENTS(open_rows),
    .options_size = sizeof(struct options),
    .min_arguments = 1,
    .max_arguments = 1,
    .takes_trailing = true,
    .run = run_open,
};

static const char *const exec_examples[] = {
    "container-exec my-project -- nvidia-smi",
    "run a command in a running container",
    NULL,
};

const struct command command_container_exec = {
    .name = "container-exec",
    .summary = "Run a command in a running container",
    .arguments = "NAME -- CMD…",
    .description = "Runs a command in your container, as you, in /workspace. Its output, its input "
                   "and its exit code are passed on, so it works in scripts and pipes.",
    .examples = exec_examples,
    .min_arguments = 1,
    .max_arguments = 1,
    .takes_trailing = true,
    .run = run_exec,
};
