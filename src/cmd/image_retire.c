#include "ops/image_retire.h"

#include "base/json.h"
#include "base/xalloc.h"
#include "cmd/command_list.h"
#include "cmd/gc_output.h"
#include "cmd/print.h"
#include "cmd/retire_many.h"
#include "cmd/terminal_observer.h"
#include "cmd/typed_name.h"
#include "model/size.h"
#include "ops/container_save.h"
#include "ops/image_list.h"

struct options {
    bool all;
    bool force;
    bool purge;
    bool orphans;
    bool all_users;
    struct strv planned; /* images that a dry run would remove */
};

static void options_release(void *options)
{
    strv_release(&((struct options *)options)->planned);
}

static const struct option_row rows[] = {
    {0, "all", OPTION_FLAG, NULL, "all your images", offsetof(struct options, all)},
    {'f', "force", OPTION_FLAG, NULL, "ask nothing, and retire your containers that use it first",
        offsetof(struct options, force)},
    {0, "purge", OPTION_FLAG, NULL,
        "move its Dockerfile and its notes to ~/.ds01-config/backup too",
        offsetof(struct options, purge)},
    {0, "orphans", OPTION_FLAG, NULL,
        "instead: images that older tools committed (tag *._.*) and no container uses",
        offsetof(struct options, orphans)},
    {0, "all-users", OPTION_FLAG, NULL, "with --orphans: those of all users; for root",
        offsetof(struct options, all_users)},
};

static struct json_object *result_json(
    const char *name, const struct image_retire_result *result, bool dry_run)
{
    struct json_object *document = json_object_new_object();

    json_add_string(document, "project", name);
    json_add_string(document, "image", result->image);
    json_object_object_add(
        document, "removed", json_object_new_boolean(result->removed && !dry_run));
    json_object_object_add(document, "purged", json_object_new_boolean(result->purged && !dry_run));
    json_object_object_add(
        document, "freed", result->freed < 0 ? NULL : json_object_new_int64(result->freed));
    json_object_object_add(document, "containers", json_from_strv(&result->containers));
    return document;
}

/* ", which frees 1.24 GB", or "" where that is not known; the caller frees it. */
static char *frees(const struct image_retire_result *result)
{
    _cleanup_free_ char *size = size_format(result->freed);

    return result->freed < 0 ? xstrdup("") : xasprintf(", which frees %s", size);
}

static void print_plan(
    const struct invocation *invocation, const struct image_retire_result *result)
{
    _cleanup_free_ char *containers = strv_join(&result->containers, ", ");
    _cleanup_free_ char *freed = frees(result);

    if (result->removed)
        print_line(invocation, "Would remove the image %s%s%s%s.", result->image,
            result->containers.count ? " after its containers " : "", containers, freed);
    if (result->purged)
        print_line(
            invocation, "Would move the Dockerfile of %s to ~/.ds01-config/backup.", result->name);
}

static void print_result(
    const struct invocation *invocation, const struct image_retire_result *result)
{
    _cleanup_free_ char *containers = strv_join(&result->containers, ", ");
    _cleanup_free_ char *freed = frees(result);

    if (result->containers.count)
        print_line(invocation, "Retired the containers made from it: %s.", containers);
    if (result->removed)
        print_line(invocation, "The image %s is gone%s.%s", result->name, freed,
            result->dockerfile_stays ? " Its Dockerfile stays; image-create builds it again." : "");
    if (result->purged)
        print_line(invocation, "Its Dockerfile is in ~/.ds01-config/backup.");
}

/* "NAME" or "NAME:TAG", the latter of an image that container-retire saved. */
static int parse_name(struct invocation *invocation, const char *typed,
    char ret_project[NAME_MAX_LENGTH + 1], const char **ret_tag, struct error *err)
{
    const struct options *options = invocation->options;
    const char *colon = strchr(typed, ':');
    _cleanup_free_ char *name = xstrndup(typed, colon ? (size_t)(colon - typed) : strlen(typed));

    *ret_tag = colon && strcmp(colon, ":latest") != 0 ? colon + 1 : NULL;
    if (*ret_tag && options->purge && !options->all)
        return error_set(err, ERROR_USAGE, "--purge is for a project, and %s is one image", typed);
    if (*ret_tag && container_save_check_tag(*ret_tag, err) < 0)
        return -1;
    return typed_name(invocation, NAME_PROJECT, name, ret_project, err);
}

static int retire_one(struct invocation *invocation, const char *typed,
    struct json_object *ret_results, struct error *err)
{
    struct options *options = invocation->options;
    _cleanup_(image_retire_result_release) struct image_retire_result result = {0};
    char project[NAME_MAX_LENGTH + 1];
    const char *tag;

    if (parse_name(invocation, typed, project, &tag, err) < 0)
        return -1;
    struct image_retire_request request = {
        .project = project,
        .tag = tag,
        .force = options->force,
        .purge = options->purge,
        .dry_run = invocation->common.dry_run,
    };
    if (image_retire(&invocation->session, &request, &result, err) < 0)
        return -1;
    if (request.dry_run && result.removed)
        strv_push(&options->planned, result.image);
    if (invocation->common.json)
        json_object_array_add(ret_results, result_json(project, &result, request.dry_run));
    else if (request.dry_run)
        print_plan(invocation, &result);
    else
        print_result(invocation, &result);
    return 0;
}

/* What images that are built on each other free is more than the sum of the lines. */
static int tell_sum(struct invocation *invocation, struct error *err)
{
    const struct options *options = invocation->options;
    int64_t bytes = -1;

    if (options->planned.count < 2 || invocation->common.json)
        return 0;
    if (image_retire_freed(&invocation->session, &options->planned, &bytes, err) < 0)
        return -1;
    _cleanup_free_ char *size = size_format(bytes);
    if (bytes >= 0)
        print_line(invocation, "Together that frees %s.", size);
    return 0;
}

/* The names of all images there are, for --all. */
static int all_names(struct invocation *invocation, struct strv *ret, struct error *err)
{
    _cleanup_(image_rows_release) struct image_rows images = {0};
    struct image_list_request request = {0};

    if (image_list(&invocation->session, &request, &images, err) < 0)
        return -1;
    for (size_t i = 0; i < images.count; i++) {
        const struct image_row *row = &images.rows[i];
        if (row->state != IMAGE_NOT_BUILT)
            strv_take(ret, image_row_name(row));
    }
    return 0;
}

static void explain(const struct invocation *invocation)
{
    terminal_observer_explain(invocation,
        "Retiring an image removes it and the untagged builds before it; layers that\n"
        "other images have too stay for them. Your files in /workspace are not in it.\n"
        "Its Dockerfile stays, unless you say --purge, so image-create can build it\n"
        "again.");
}

static void explain_orphans(const struct invocation *invocation)
{
    terminal_observer_explain(invocation,
        "Older tools made an image of its own for each container, under a name that\n"
        "ends in the container's. It stays when the container goes, and is an orphan\n"
        "then: nothing uses it, and it can go.");
}

static int retire_orphans(struct invocation *invocation, struct error *err)
{
    const struct options *options = invocation->options;
    _cleanup_(gc_result_release) struct gc_result result = {0};
    const struct gc_request request = {
        .scope = options->all_users ? LEFTOVERS_ALL_USERS : LEFTOVERS_OWN,
        .kinds = GC_ORPHANS,
        .ask = !options->force,
        .dry_run = invocation->common.dry_run,
    };

    if (options->all || options->purge || invocation->arguments.count) {
        error_set(err, ERROR_USAGE, "--orphans names what is to go: nothing else can be named");
        return error_hint(err, "type just: image-retire --orphans");
    }
    explain_orphans(invocation);
    if (gc(&invocation->session, &request, &result, err) < 0)
        return -1;
    return gc_print(invocation, &request, &result,
        "There are no committed images that no container uses.", err);
}

static int run(struct invocation *invocation, struct error *err)
{
    const struct options *options = invocation->options;

    if (options->orphans)
        return retire_orphans(invocation, err);
    if (options->all_users) {
        error_set(err, ERROR_USAGE, "--all-users goes with --orphans only");
        return error_hint(err, "type image-retire --orphans --all-users");
    }
    explain(invocation);
    return retire_many(invocation, options->all, all_names, retire_one, tell_sum, err);
}

static const char *const aliases[] = {"image-delete", "image-rm", NULL};
static const char *const examples[] = {
    "image-retire my-project",
    "remove the image; its Dockerfile stays",
    "image-retire my-project --force --purge",
    "and its containers and its Dockerfile too",
    "image-retire --orphans --dry-run",
    "which images of older tools could go, and what that frees",
    NULL,
};

const struct command command_image_retire = {
    .name = "image-retire",
    .aliases = aliases,
    .summary = "Remove images",
    .arguments = "NAME… [OPTIONS]",
    .description =
        "Removes images of yours and the untagged builds before them. An image that "
        "containers use is kept, and they are named, unless --force retires them first. Other "
        "people's containers nobody but root retires with it: then the image stays. "
        "The Dockerfile stays, so that image-create can build it again. NAME:TAG is an image "
        "that container-retire --save=TAG made. With --orphans "
        "it removes what the old way of making containers has left: images that were "
        "committed for a container which is gone.",
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
