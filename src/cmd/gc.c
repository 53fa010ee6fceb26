#include "ops/gc.h"

#include "cmd/command_list.h"
#include "cmd/gc_output.h"

struct options {
    bool all_users;
};

static const struct option_row rows[] = {
    {0, "all-users", OPTION_FLAG, NULL, "what is left of all users; for root",
        offsetof(struct options, all_users)},
};

static int run(struct invocation *invocation, struct error *err)
{
    const struct options *options = invocation->options;
    _cleanup_(gc_result_release) struct gc_result result = {0};
    const struct gc_request request = {
        .scope = options->all_users ? LEFTOVERS_ALL_USERS : LEFTOVERS_OWN,
        .dry_run = invocation->common.dry_run,
    };

    if (gc(&invocation->session, &request, &result, err) < 0)
        return -1;
    return gc_print(invocation, &request, &result, "There is nothing to remove.", err);
}

static const char *const examples[] = {
    "ds01 gc --dry-run",
    "what would be removed, and how much room that gives",
    "sudo ds01 gc --all-users",
    "what is left of everybody",
    NULL,
};

const struct command command_gc = {
    .name = "ds01 gc",
    .summary = "Remove what nothing needs any more",
    .arguments = "[OPTIONS]",
    .description =
        "Removes what interrupted commands have left on the engine, untagged builds of your "
        "images, and images that were committed for a container which is gone. What a container "
        "uses, or a command is working on, stays; so do your images and your files.",
    .examples = examples,
    .options = rows,
    .option_count = ELEMENTS(rows),
    .options_size = sizeof(struct options),
    .changes = true,
    .run = run,
};
