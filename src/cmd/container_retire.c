#include "ops/container_retire.h"

#include "base/json.h"
#include "cmd/changes_output.h"
#include "cmd/command_list.h"
#include "cmd/print.h"
#include "cmd/retire_many.h"
#include "cmd/terminal_observer.h"
#include "model/name.h"
#include "ops/container_list.h"
#include "ops/image_retire.h"
#include "ui/prompt.h"

struct options {
    bool all;
    bool force;
    bool update;
    struct optional_text save;
    bool drop;
    bool image;
    /* What has come of it so far. */
    struct strv saved;          /* images that containers became */
    struct strv image_projects; /* whose images are to go */
};

static void options_release(void *data)
{
    struct options *options = data;

    strv_release(&options->saved);
    strv_release(&options->image_projects);
}

static const struct option_row rows[] = {
    {0, "all", OPTION_FLAG, NULL, "all your containers", offsetof(struct options, all)},
    {'f', "force", OPTION_FLAG, NULL, "compare nothing, ask nothing, save nothing",
        offsetof(struct options, force)},
    {0, "update", OPTION_FLAG, NULL, "add its new packages to the image first, with image-update",
        offsetof(struct options, update)},
    {0, "save", OPTION_OPTIONAL, "TAG",
        "make the container its project's image, or one with this tag",
        offsetof(struct options, save)},
    {0, "no-save", OPTION_FLAG, NULL, "drop what only the container has",
        offsetof(struct options, drop)},
    {0, "image", OPTION_FLAG, NULL, "retire its image as well; the Dockerfile stays",
        offsetof(struct options, image)},
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
    json_add_string(document, "left_out", result->left_out);
    json_object_object_add(document, "saved", value_text(result->saved.reference));
    return document;
}

/* What a saved image is not: written down, and safe from the next build. */
static void print_current(
    const struct invocation *invocation, const struct container_retire_result *result)
{
    const struct saved_container *saved = &result->saved;

    if (saved->has_dockerfile)
        print_line(invocation,
            "Its Dockerfile does not tell of that: the next image-update builds without it.");
    else
        print_line(invocation, "No Dockerfile tells of that, so nothing builds it again.");
    if (saved->has_dockerfile && saved->has_previous)
        print_line(
            invocation, "Back to the image before: image-update %s --rollback", result->project);
}

static void print_saved(
    const struct invocation *invocation, const struct container_retire_result *result)
{
    const struct saved_container *saved = &result->saved;
    bool dry_run = invocation->common.dry_run;
    bool current = strcmp(saved->reference, result->image_of_project) == 0;

    print_line(invocation, "%s %s.", dry_run ? "Would save and retire" : "Retired", result->name);
    print_line(invocation, "All that %s in it%s %s in the image %s.", dry_run ? "is" : "was",
        result->changes.volumes.count ? ", but its volumes," : "", dry_run ? "would be" : "is",
        saved->reference);
    if (current)
        print_current(invocation, result);
    if (!dry_run && (!current || !saved->has_dockerfile))
        print_line(invocation, "Make a container of it with: container-deploy %s %s", result->name,
            current ? result->project : saved->reference);
}

static void print_result(
    const struct invocation *invocation, const struct container_retire_result *result)
{
    const struct options *options = invocation->options;
    const char *verb = invocation->common.dry_run ? "Would retire" : "Retired";
    _cleanup_free_ char *container = NULL;
    uid_t uid;

    if (result->saved.reference) {
        print_saved(invocation, result);
    } else if (options->image && result->is_project_image) {
        print_line(invocation, "%s %s, and then its image %s.", verb, result->name, result->image);
    } else if (committed_reference_parse(result->image, &container, &uid)) {
        print_line(invocation,
            "%s %s. The image %s, which was committed for it, goes with the last "
            "container of it.",
            verb, result->name, result->image);
    } else {
        print_line(invocation, "%s %s. Its image %s stays.", verb, result->name, result->image);
    }
    if (result->workspace)
        print_line(invocation, "Your files are in %s", result->workspace);
}

/* A dry run has nothing to say but this. */
static void print_comparison(
    const struct invocation *invocation, const struct container_retire_result *result)
{
    if (!result->compared)
        return;
    changes_print(stdout, result->name, &result->changes, invocation->common.verbose);
    if (result->offer)
        print_line(invocation, "The packages come into its image with: %s", result->offer);
    if (result->left_out)
        print_line(invocation, "%s", result->left_out);
}

static enum retire_how how_to_retire(const struct options *options)
{
    if (options->update)
        return RETIRE_UPDATE;
    if (options->save.given)
        return RETIRE_SAVE;
    return options->drop ? RETIRE_DROP : RETIRE_ASK;
}

/* "latest" is what an image without a tag is called. */
static const char *saved_tag(const struct options *options)
{
    const char *tag = options->save.value;

    return tag && strcmp(tag, "latest") != 0 ? tag : NULL;
}

/* Keeps in mind what later containers of this run and their images need to know. */
static void note_result(struct options *options, const struct container_retire_result *result)
{
    if (result->saved.reference)
        strv_push(&options->saved, result->saved.reference);
    if (options->image && result->is_project_image &&
        !strv_contains(&options->image_projects, result->project))
        strv_push(&options->image_projects, result->project);
}

/* On a large image the comparison takes a while; whoever waits for a question is told. */
static void say_what_takes_time(
    const struct invocation *invocation, const struct container_retire_request *request)
{
    bool compares = request->how == RETIRE_ASK || request->how == RETIRE_UPDATE;

    if (compares && !request->force && prompt_possible(invocation->non_interactive))
        observer_note(&invocation->session.observer, NOTE_INFO, "Comparing %s with its image.",
            request->name);
}

static int retire_one(struct invocation *invocation, const char *name,
    struct json_object *ret_results, struct error *err)
{
    struct options *options = invocation->options;
    _cleanup_(container_retire_result_release) struct container_retire_result result = {0};
    struct container_retire_request request = {
        .name = name,
        .how = how_to_retire(options),
        .tag = saved_tag(options),
        .saved = &options->saved,
        .force = options->force,
        .dry_run = invocation->common.dry_run,
    };

    say_what_takes_time(invocation, &request);
    if (container_retire(&invocation->session, &request, &result, err) < 0)
        return -1;
    note_result(options, &result);
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

/* Images go when all containers of theirs in this run are gone. */
static int retire_images(struct invocation *invocation, struct error *err)
{
    const struct options *options = invocation->options;

    for (size_t i = 0; i < options->image_projects.count; i++) {
        _cleanup_(image_retire_result_release) struct image_retire_result result = {0};
        const struct image_retire_request request = {
            .project = options->image_projects.items[i], .confirmed = true};
        if (!invocation->common.dry_run &&
            image_retire(&invocation->session, &request, &result, err) < 0)
            return -1;
    }
    return 0;
}

/* Each says what becomes of what only the container has. */
static int check_options(const struct options *options, struct error *err)
{
    const struct {
        const char *name;
        bool given;
    } ways[] = {
        {"--force", options->force},
        {"--update", options->update},
        {"--save", options->save.given},
        {"--no-save", options->drop},
    };
    const char *first = NULL;

    for (size_t i = 0; i < ELEMENTS(ways); i++) {
        if (first && ways[i].given)
            return error_set(err, ERROR_USAGE, "either %s or %s, not both", first, ways[i].name);
        if (ways[i].given)
            first = ways[i].name;
    }
    if (options->image && (options->update || options->save.given))
        return error_set(err, ERROR_USAGE, "either %s or --image, not both", first);
    return saved_tag(options) ? container_save_check_tag(saved_tag(options), err) : 0;
}

static int run(struct invocation *invocation, struct error *err)
{
    const struct options *options = invocation->options;

    if (check_options(options, err) < 0)
        return -1;
    terminal_observer_explain(invocation,
        "Retiring stops a container and removes it. Its image and your files in\n"
        "/workspace stay, so container-deploy can make the like of it again at once.\n"
        "What was installed or written elsewhere in it is shown first: packages are\n"
        "best added to the image with image-update, so that every later container has\n"
        "them.");
    return retire_many(invocation, options->all, all_names, retire_one, retire_images, err);
}

static const char *const aliases[] = {"container-rm", NULL};
static const char *const examples[] = {
    "container-retire my-project",
    "stop and remove it; /workspace and the image stay",
    "container-retire my-project --update",
    "add what was installed in it to the image first",
    "container-retire my-project --save",
    "make all that is in it the image my-project",
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
        "with their versions, and files. Caches, logs, and what is below /tmp and /var/tmp are "
        "not; what is in a VOLUME of the image is. Then choose: add the packages to the image's "
        "Dockerfile, which can be repeated; save all of it but volumes as the image, which "
        "cannot; drop it; or keep the container.",
    .examples = examples,
    .options = rows,
    .option_count = ELEMENTS(rows),
    .options_size = sizeof(struct options),
    .options_release = options_release,
    .max_arguments = -1,
    .changes = true,
    .guided = true,
    .run = run,
};
