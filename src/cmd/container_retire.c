#include "ops/container_retire.h"

#include "base/json.h"
#include "cmd/command_list.h"
#include "cmd/print.h"
#include "cmd/retire_many.h"
#include "cmd/terminal_observer.h"
#include "ops/container_list.h"

struct options {
    bool all;
    bool force;
};

static const struct option_row rows[] = {
    {0, "all", OPTION_FLAG, NULL, "all your containers", offsetof(struct options, all)},
    {'f', "force", OPTION_FLAG, NULL, "ask nothing", offsetof(struct options, force)},
};

static struct json_object *result_json(const struct container_retire_result *result)
{
    struct json_object *document = json_object_new_object();

    json_add_string(document, "name", result->name);
    json_add_string(document, "workspace", result->workspace);
    json_add_string(document, "image", result->image);
    json_object_object_add(document, "was_running", json_object_new_boolean(result->was_running));
    return document;
}

static int retire_one(struct invocation *invocation, const char *name,
    struct json_object *ret_results, struct error *err)
{
    const struct options *options = invocation->options;
    _cleanup_(container_retire_result_release) struct container_retire_result result = {0};
    struct container_retire_request request = {
        .name = name,
        .force = options->force,
        .dry_run = invocation->common.dry_run,
    };

    if (container_retire(&invocation->session, &request, &result, err) < 0)
        return -1;
    if (invocation->common.json) {
        json_object_array_add(ret_results, result_json(&result));
        return 0;
    }
    print_line(invocation, "%s %s. Its image %s stays.",
        request.dry_run ? "Would retire" : "Retired", name, result.image);
    if (result.workspace)
        print_line(invocation, "Your files are in %s", result.workspace);
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

static int run(struct invocation *invocation, struct error *err)
{
    const struct options *options = invocation->options;

    terminal_observer_explain(invocation,
        "Retiring stops a container and removes it. Its image and your files in /workspace\n"
        "stay, so container-deploy can make the like of it again at once.");
    return retire_many(invocation, options->all, all_names, retire_one, err);
}

static const char *const aliases[] = {"container-rm", NULL};
static const char *const examples[] = {
    "container-retire my-project",
    "stop and remove it; /workspace and the image stay",
    "container-retire --all --force",
    "all your containers, without a question",
    NULL,
};

const struct command command_container_retire = {
    .name = "container-retire",
    .aliases = aliases,
    .summary = "Stop and remove containers",
    .arguments = "NAME… [OPTIONS]",
    .description = "Stops containers of yours and removes them. Files in /workspace are never "
                   "touched; what else is in the container is lost.",
    .examples = examples,
    .options = rows,
    .option_count = ELEMENTS(rows),
    .options_size = sizeof(struct options),
    .max_arguments = -1,
    .changes = true,
    .guided = true,
    .run = run,
};
