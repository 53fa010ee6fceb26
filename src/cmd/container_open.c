/* container-open and container-exec. */
#include "cmd/command_list.h"
#include "cmd/shell.h"

static int run_open(struct invocation *invocation, struct error *err)
{
    return shell_run(invocation, invocation->arguments.items[0], &invocation->trailing, true, err);
}

static int run_exec(struct invocation *invocation, struct error *err)
{
    if (!invocation->trailing.count) {
        error_set(err, ERROR_USAGE, "a command is missing");
        return error_hint(err, "usage: container-exec NAME -- CMD…; for a shell: container-open %s",
            invocation->arguments.items[0]);
    }
    return shell_run(invocation, invocation->arguments.items[0], &invocation->trailing, false, err);
}

static const char *const open_aliases[] = {"container-attach", NULL};
static const char *const open_examples[] = {
    "container-open my-project",
    "a shell in the container; exit or Ctrl-D leaves it, and the container runs on",
    "container-open my-project -- python3 -V",
    "one command in it",
    NULL,
};

const struct command command_container_open = {
    .name = "container-open",
    .aliases = open_aliases,
    .summary = "Open a shell in a container",
    .arguments = "NAME [-- CMD…]",
    .description =
        "Opens a shell in your container, as you, in /workspace; a container that does not run is "
        "started first. The exit code is the shell's. Ctrl-P Ctrl-Q leaves the shell running.",
    .examples = open_examples,
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
