#include "ops/image_recipe.h"

#include "base/xalloc.h"
#include "host/directory.h"
#include "host/package_sets.h"
#include "model/asked_packages.h"
#include "model/reference.h"
#include "ops/framework.h"
#include "ops/image_requirements.h"

static void set_text(char **target, const char *value)
{
    char *copy = xstrdup(value);

    free(*target);
    *target = copy;
}

static void copy_list(struct strv *target, const struct strv *source)
{
    for (size_t i = 0; source && i < source->count; i++)
        strv_push(target, source->items[i]);
}

static int base_of_framework(const struct session *session,
    const struct image_create_request *request, struct project_metadata *metadata,
    struct error *err)
{
    _cleanup_(framework_choice_release) struct framework_choice choice = {0};

    if (framework_choose(session, request->framework, request->architecture, &choice, err) < 0)
        return -1;
    set_text(&metadata->base, choice.image);
    set_text(&metadata->framework, choice.label);
    set_text(&metadata->version, choice.version);
    set_text(&metadata->architecture, choice.architecture);
    return 0;
}

/* Notes base and framework in the metadata; without a word about them, those of last time stay. */
static int find_base(const struct session *session, const struct image_create_request *request,
    struct project_metadata *metadata, struct recipe *recipe, struct error *err)
{
    _cleanup_(reference_release) struct reference reference = REFERENCE_INIT;

    if (request->framework && base_of_framework(session, request, metadata, err) < 0)
        return -1;
    if (request->base) {
        set_text(&metadata->base, request->base);
        set_text(&metadata->framework, FRAMEWORK_CUSTOM);
        set_text(&metadata->version, NULL);
        set_text(&metadata->architecture, NULL);
    }
    if (!metadata->base) {
        error_set(
            err, ERROR_USAGE, "no framework and no base image was named for %s", request->project);
        return error_hint(err, "add --framework pytorch, or --base IMAGE such as --base "
                               "debian:bookworm; image-create --list-frameworks shows frameworks");
    }
    if (reference_parse(metadata->base, &reference, err) < 0)
        return error_prefix(err, "--base");
    recipe->base = reference_familiar(&reference);
    set_text(&metadata->base, recipe->base);
    recipe->framework = xstrdup(metadata->framework ? metadata->framework : FRAMEWORK_CUSTOM);
    return 0;
}

/* Names of the sets as they were asked for, in the order of their steps. */
static void list_sets(const struct image_create_request *request, struct strv *ret)
{
    if (request->jupyter)
        strv_push(ret, SET_JUPYTER);
    if (request->data_science)
        strv_push(ret, SET_DATA_SCIENCE);
    for (size_t i = 0; request->sets && i < request->sets->count; i++)
        strv_push(ret, request->sets->items[i]);
}

/*
 * The system packages of the original come with a framework unless others are named: people
 * look for git and an editor in a container, and a base of their own shall stay as it is.
 */
static int add_sets(const struct image_create_request *request, struct project_metadata *metadata,
    struct recipe *recipe, struct error *err)
{
    _cleanup_(package_sets_release) struct package_sets sets = {0};
    _cleanup_(strv_release) struct strv asked = STRV_INIT;
    const struct package_set *set;

    strv_release(&metadata->sets);
    list_sets(request, &asked);
    if (package_sets_load(&sets, err) < 0)
        return -1;
    for (size_t i = 0; i < asked.count; i++) {
        if (package_sets_find(&sets, asked.items[i], &set, err) < 0)
            return error_prefix(err, "--type %.40s", asked.items[i]);
        if (strv_contains(&metadata->sets, set->name))
            continue;
        strv_push(&metadata->sets, set->name);
        if (set->pip.count)
            recipe_add_set(recipe, set->summary ? set->summary : set->name, &set->pip);
        copy_list(&recipe->apt, &set->apt);
    }
    if (request->framework && !request->apt &&
        package_sets_find(&sets, SET_SYSTEM, &set, NULL) == 0)
        copy_list(&recipe->apt, &set->apt);
    return 0;
}

static int add_requirements(const struct session *session,
    const struct image_create_request *request, struct project_metadata *metadata,
    struct recipe *recipe, struct requirements_bundle *bundle, struct error *err)
{
    if (!request->requirements) {
        set_text(&metadata->requirements, NULL);
        return 0;
    }
    if (image_requirements_read(session, request->project, request->requirements, bundle, err) < 0)
        return -1;
    free(metadata->requirements);
    metadata->requirements = directory_expand(session->caller, request->requirements);
    recipe->requirements = true;
    recipe->requirements_folder = bundle->count > 0;
    return 0;
}

int image_recipe_fill(const struct session *session, const struct image_create_request *request,
    struct project_metadata *metadata, struct recipe *ret, struct requirements_bundle *ret_bundle,
    struct error *err)
{
    _cleanup_(recipe_release) struct recipe recipe = {.project = xstrdup(request->project)};
    _cleanup_(requirements_bundle_release) struct requirements_bundle bundle = {0};

    if (find_base(session, request, metadata, &recipe, err) < 0)
        return -1;
    copy_list(&recipe.pip, request->pip);
    copy_list(&recipe.apt, request->apt);
    if (asked_packages_check(PACKAGE_PIP, &recipe.pip, NULL, err) < 0 ||
        asked_packages_check(PACKAGE_APT, &recipe.apt, NULL, err) < 0)
        return -1;
    if (add_sets(request, metadata, &recipe, err) < 0 ||
        add_requirements(session, request, metadata, &recipe, &bundle, err) < 0)
        return -1;
    set_text(&metadata->context, NULL);
    set_text(&metadata->own_name, NULL);
    strv_release(&metadata->pip);
    strv_release(&metadata->apt);
    copy_list(&metadata->pip, &recipe.pip);
    copy_list(&metadata->apt, &recipe.apt);
    recipe_install_once(&recipe);
    *ret = recipe;
    recipe = (struct recipe){0};
    *ret_bundle = bundle;
    bundle = (struct requirements_bundle){0};
    return 0;
}
