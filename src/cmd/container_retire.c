#include "ops/container_retire.h"

#include "base/json.h"
#include "cmd/changes_output.h"
#include "cmd/command_list.h"
#include "cmd/print.h"
#include "cmd/retire_many.h"
#include "cmd/terminal_observer.h"
#include "ops/container_list.h"

struct options {
    bool all;
    bool force;
    bool update;
    bool drop;
};

static const struct option_row rows[] = {
    {0, "all", OPTION_FLAG, NULL, "all your containers", offsetof(struct options, all)},
    {'f', "force", OPTION_FLAG, NULL, "compare nothing, ask nothing, save nothing",
        offsetof(struct options, force)},
    {0, "update", OPTION_FLAG, NULL, "add its new packages to the image first, with image-update",
        offsetof(struct options, update)},
    {0, "no-save", OPTION_FLAG, NULL, "drop what only the container has",
        offsetof(struct options, drop)},
};

static struct json_object *result_json(const struct container_retire_result *result)
{
    struct json_object *document = json_object_new_object();

    json_add_string(document, "name", result->name);
    json_add_string(document, "workspace", result->workspace);
    json_add_string(document, "image", result->image);
    json_object_object_add(document, "was_running", json_object_new_boolean(result->was_running));
    json_object_object_add(document, "updated", json_object_new_boolean(result->updated));
    json_object_object_add(
        document, "changes", result->compared ? changes_json(&result->changes) : NULL);
    json_add_string(document, "offer", result->offer);
    return document;
}

static void print_result(
    const struct invocation *invocation, const struct container_retire_result *result)
{
    print_line(invocation, "%s %s. Its image %s stays.",
        invocation->common.dry_run ? "Would retire" : "Retired", result->name, result->image);
    if (result->workspace)
        print_line(invocation, "Your files are in %s", result->workspace);
}

/* A dry run has nothing to say but this. */
static void print_comparison(
    const struct invocation *invocation, const struct container_retire_result *result)
{
    if (invocation->common.quiet || !result->compared)
        return;
    changes_print(stdout, result->name, &result->changes, invocation->common.verbose);
    if (result->offer)
        print_line(invocation, "The packages come into its image with: %s", result->offer);
}

static enum retire_how how_to_retire(const struct options *options)
{
    if (options->update)
        return RETIRE_UPDATE;
    return options->drop ? RETIRE_DROP : RETIRE_ASK;
}

static int retire_one(struct invocation *invocation, const char *name,
    struct json_object *ret_results, struct error *err)
{
    const struct options *options = invocation->options;
    _cleanup_(container_retire_result_release) struct container_retire_result result = {0};
    struct container_retire_request request = {
        .name = name,
        .how = how_to_retire(options),
        .force = options->force,
        .dry_run = invocation->common.dry_run,
    };

    if (container_retire(&invocation->session, &request, &result, err) < 0)
        return -1;
    if (invocation->common.json) {
        json_object_array_add(ret_results, result_json(&result));
        return 0;
    }
    terminal_observer_finish(invocation->observer, false);
    if (request.dry_run)
        print_comparison(invocation, &result);
    print_result(invocation, &result);
    return 0;
}

static int all_names(struct invocation *invocation, struct strv *ret, struct error *err)
{
    _cleanup_(container_rows_release) struct container_rows containers = {0};

    if (container_list(&invocation->session, false, &containers, err) < 0)
        return -1;
    for (size_t i = 0; i < containers.count; i++)
        strv_push(ret, containers.rows[i].name);
    return 0;
}

/* Each says what becomes of what only the container has. */
static int check_options(const struct options *options, struct error *err)
{
    const struct {
        const char *name;
        bool given;
    } ways[] = {
        {"--force", options->force}, {"--update", options->update}, {"--no-save", options->drop}};
    const char *first = NULL;

    for (size_t i = 0; i < ELEMENTS(ways); i++) {
        if (first && ways[i].given)
            return error_set(err, ERROR_USAGE, "either %s or %s, not both", first, ways[i].name);
        if (ways[i].given)
            first = ways[i].name;
    }
    return 0;
}

static int run(struct invocation *invocation, struct error *err)
{
    const struct options *options = invocation->options;

    if (check_options(options, err) < 0)
        return -1;
    terminal_observer_explain(invocation,
        "Retiring stops a container and removes it. Its image and your files in /workspace\n"
        "stay, so container-deploy can make the like of it again at once. What was installed\n"
        "or written elsewhere in it is shown first: packages are best added to the image with\n"
        "image-update, so that every later container has them.");
    return retire_many(invocation, options->all, all_names, retire_one, err);
}

static const char *const aliases[] = {"container-rm", NULL};
static const char *const examples[] = {
    "container-retire my-project",
    "stop and remove it; /workspace and the image stay",
    "container-retire my-project --update",
    "add what was installed in it to the image first",
    "container-retire my-project --dry-run",
    "show what only the container has, and change nothing",
    "container-retire --all --force",
    "all your containers, without a question",
    NULL,
};

const struct command command_container_retire = {
    .name = "container-retire",
    .aliases = aliases,
    .summary = "Stop and remove containers",
    .arguments = "NAME… [OPTIONS]",
    .description =
        "Stops containers of yours and removes them. Files in /workspace are never touched. What "
        "else a container has and its image has not is shown first: Python and system packages "
        "with their versions, and files, without caches and logs. Then choose: add the packages "
        "to the image, drop it all, or keep the container.",
    .examples = examples,
    .options = rows,
    .option_count = ELEMENTS(rows),
    .options_size = sizeof(struct options),
    .max_arguments = -1,
    .changes = true,
    .guided = true,
    .run = run,
};
