#include "ops/image_update.h"

#include "base/json.h"
#include "base/xalloc.h"
#include "cmd/command_list.h"
#include "cmd/image_update_menu.h"
#include "cmd/print.h"
#include "cmd/terminal_observer.h"
#include "cmd/typed_name.h"
#include "cmd/typed_packages.h"
#include "cmd/typed_requirements.h"
#include "model/asked_packages.h"
#include "model/requirement.h"
#include "ui/prompt.h"

struct options {
    struct strv add;
    struct strv remove;
    struct strv add_system;
    struct strv remove_system;
    struct strv requirements;
    bool edit;
    bool rebuild;
    bool rollback;
    bool no_cache;
    bool pull;
};

static const struct option_row rows[] = {
    {0, "add", OPTION_WORDS, "PKGS", "add Python packages, or change their versions",
        offsetof(struct options, add)},
    {0, "remove", OPTION_WORDS, "PKGS", "remove Python packages", offsetof(struct options, remove)},
    {0, "add-system", OPTION_WORDS, "PKGS", "add system packages",
        offsetof(struct options, add_system)},
    {0, "remove-system", OPTION_WORDS, "PKGS", "remove system packages",
        offsetof(struct options, remove_system)},
    {'r', "requirements", OPTION_LIST, "FILE",
        "install what this requirements.txt names, in the place of the one before",
        offsetof(struct options, requirements)},
    {0, "edit", OPTION_FLAG, NULL, "edit the Dockerfile in $VISUAL or $EDITOR",
        offsetof(struct options, edit)},
    {0, "rebuild", OPTION_FLAG, NULL, "build again as it is", offsetof(struct options, rebuild)},
    {0, "rollback", OPTION_FLAG, NULL, "return to the build before",
        offsetof(struct options, rollback)},
    {0, "no-cache", OPTION_FLAG, NULL, "run every step anew", offsetof(struct options, no_cache)},
    {0, "pull", OPTION_FLAG, NULL, "get the newest base image first",
        offsetof(struct options, pull)},
};

static void options_release(void *data)
{
    struct options *options = data;

    strv_release(&options->add);
    strv_release(&options->remove);
    strv_release(&options->add_system);
    strv_release(&options->remove_system);
    strv_release(&options->requirements);
}

static void edit_release(struct dockerfile_edit *edit)
{
    strv_release(&edit->add_pip);
    strv_release(&edit->add_apt);
    strv_release(&edit->remove_pip);
    strv_release(&edit->remove_apt);
}

static int parse_edit(const struct options *options, struct dockerfile_edit *ret, struct error *err)
{
    if (typed_packages(&options->add, pip_requirements_from_words, &ret->add_pip, err) < 0 ||
        typed_packages(&options->remove, pip_requirements_from_words, &ret->remove_pip, err) < 0 ||
        typed_packages(&options->add_system, apt_packages_from_words, &ret->add_apt, err) < 0 ||
        typed_packages(&options->remove_system, apt_packages_from_words, &ret->remove_apt, err) < 0)
        return -1;
    asked_packages_once(PACKAGE_PIP, &ret->remove_pip);
    asked_packages_once(PACKAGE_APT, &ret->remove_apt);
    return 0;
}

static bool edit_is_empty(const struct dockerfile_edit *edit)
{
    return !edit->add_pip.count && !edit->add_apt.count && !edit->remove_pip.count &&
           !edit->remove_apt.count;
}

static bool asks_for_build(const struct options *options)
{
    return options->add.count || options->remove.count || options->add_system.count ||
           options->remove_system.count || options->requirements.count || options->edit ||
           options->rebuild || options->no_cache || options->pull;
}

static bool says_what(const struct options *options)
{
    return options->rollback || asks_for_build(options);
}

/* Where nobody can be asked: the name goes first, since --help tells the rest. */
static int refuse_to_ask(const struct image_update_answers *answers, struct error *err)
{
    if (!*answers->project) {
        error_set(err, ERROR_USAGE, "a name is missing");
        return error_hint(
            err, "type: image-update NAME --add PKGS; image-list shows the images you have");
    }
    error_set(err, ERROR_USAGE, "nothing says what shall change");
    return error_hint(err, "add --add PKGS, --remove PKGS, -r FILE, --edit or --rebuild; "
                           "image-update --help shows all");
}

/* What was answered, as options would say it. */
static void fill(struct options *options, const struct image_update_answers *answers)
{
    struct strv *const lists[] = {
        [CHANGE_ADD] = &options->add,
        [CHANGE_REMOVE] = &options->remove,
        [CHANGE_ADD_SYSTEM] = &options->add_system,
        [CHANGE_REMOVE_SYSTEM] = &options->remove_system,
    };

    if (answers->packages)
        strv_push(lists[answers->change], answers->packages);
    if (answers->file)
        strv_push(&options->requirements, answers->file);
    options->edit |= answers->change == CHANGE_EDIT;
    options->rebuild |= answers->change == CHANGE_REBUILD;
    options->rollback |= answers->change == CHANGE_ROLLBACK;
}

/* 0, or 1 for whoever leaves the menu. */
static int complete(const struct invocation *invocation, struct options *options,
    struct image_update_answers *answers, struct error *err)
{
    bool said = says_what(options);

    if (said && *answers->project)
        return 0;
    if (invocation->common.yes || !prompt_possible(invocation->non_interactive))
        return refuse_to_ask(answers, err);
    int asked = image_update_menu(invocation, !said, answers, err);
    if (asked == 0)
        fill(options, answers);
    return asked;
}

/* Asks for `request`'s text and carries it out, until it succeeds or the user leaves it. */
static int edit_and_update(struct invocation *invocation, struct image_update_request request,
    struct image_update_result *ret, struct error *err)
{
    const struct session *session = &invocation->session;
    _cleanup_free_ char *text = NULL;

    if (!prompt_possible(invocation->non_interactive)) {
        error_set(err, ERROR_USAGE, "--edit needs a terminal");
        return error_hint(err, "edit ~/dockerfiles/%s.Dockerfile, then: image-update %s --rebuild",
            request.project, request.project);
    }
    for (;;) {
        _cleanup_free_ char *before = NULL;
        if (image_update_edit_text(session, request.project, &text, &before, err) < 0)
            return -1;
        request.text = text;
        request.text_before = before;
        if (image_update(session, &request, ret, err) == 0)
            return 0;
        if (!terminal_observer_try_again(invocation, "Edit it again?", err))
            return -1;
    }
}

static int update(struct invocation *invocation, const char *project,
    struct image_update_result *ret, struct error *err)
{
    struct options *options = invocation->options;
    _cleanup_(edit_release) struct dockerfile_edit edit = {0};
    const char *requirements;

    if (parse_edit(options, &edit, err) < 0 ||
        typed_requirements(&options->requirements, &requirements, err) < 0)
        return -1;
    if (options->edit && (!edit_is_empty(&edit) || requirements))
        return error_set(err, ERROR_USAGE, "either --edit or packages, not both");
    const struct image_update_request request = {
        .project = project,
        .edit = edit_is_empty(&edit) ? NULL : &edit,
        .requirements = requirements,
        .rebuild = options->rebuild || options->no_cache || options->pull,
        .no_cache = options->no_cache,
        .pull = options->pull,
        .dry_run = invocation->common.dry_run,
    };
    return options->edit ? edit_and_update(invocation, request, ret, err)
                         : image_update(&invocation->session, &request, ret, err);
}

static struct json_object *result_json(
    const char *project, const struct image_update_result *result)
{
    struct json_object *document = json_object_new_object();

    json_add_string(document, "project", project);
    json_add_string(document, "image", result->image);
    json_add_string(document, "id", result->id);
    json_object_object_add(document, "built", json_object_new_boolean(result->id != NULL));
    json_add_string(document, "diff", result->diff);
    json_add_string(document, "backup", result->backup_path);
    json_add_string(document, "requirements_backup", result->requirements_backup_path);
    json_object_object_add(document, "outdated_containers", json_from_strv(&result->outdated));
    return document;
}

/* Of a project of which no other build became current. */
static void print_plan(const struct invocation *invocation, const char *project,
    const struct image_update_result *result)
{
    const struct options *options = invocation->options;

    if (options->rollback)
        print_line(invocation, "Would return %s to the build before.", project);
    else if (!result->to_build)
        print_line(invocation, options->edit ? "%s is as it was." : "%s has all of this already.",
            project);
    else if (*result->diff)
        print_line(invocation, "Would change %s so and build it.", project);
    else
        print_line(invocation, "Would build %s anew from the Dockerfile that it has.", project);
}

static int print_result(const struct invocation *invocation, const char *project,
    const struct image_update_result *result, struct error *err)
{
    const struct options *options = invocation->options;

    if (invocation->common.json)
        return print_json(result_json(project, result), err);
    if (result->id)
        print_line(invocation, "The image %s is ready.", result->image);
    else
        print_plan(invocation, project, result);
    if (options->rollback && result->backup_path)
        print_line(invocation, "The Dockerfile before is kept at %s", result->backup_path);
    for (size_t i = 0; i < result->outdated.count; i++)
        print_line(invocation,
            "The container %s %s an older build: container-retire %s, then container-deploy it "
            "anew.",
            result->outdated.items[i], result->id ? "still uses" : "would still use",
            result->outdated.items[i]);
    return 0;
}

static int change(struct invocation *invocation, const char *project,
    struct image_update_result *ret, struct error *err)
{
    const struct options *options = invocation->options;

    if (options->rollback && asks_for_build(options)) {
        error_set(err, ERROR_USAGE, "--rollback builds nothing, so nothing else goes with it");
        return error_hint(err, "return first: image-update %s --rollback", project);
    }
    terminal_observer_explain(invocation,
        "Changing an image means changing its Dockerfile and building it anew. Steps\n"
        "before the change come from the cache. Containers keep the build they were\n"
        "made from.");
    return options->rollback
               ? image_rollback(&invocation->session, project, invocation->common.dry_run, ret, err)
               : update(invocation, project, ret, err);
}

static int run(struct invocation *invocation, struct error *err)
{
    _cleanup_(image_update_result_release) struct image_update_result result = {0};
    _cleanup_(image_update_answers_release) struct image_update_answers answers = {0};
    const struct strv *names = &invocation->arguments;

    if (names->count &&
        typed_name(invocation, NAME_PROJECT, names->items[0], answers.project, err) < 0)
        return -1;
    int left = complete(invocation, invocation->options, &answers, err);
    if (left < 0)
        return -1;
    if (left) {
        observer_note(&invocation->session.observer, NOTE_INFO, "Nothing was changed.");
        return invocation->common.json ? print_json(result_json(answers.project, &result), err) : 0;
    }
    if (change(invocation, answers.project, &result, err) < 0)
        return -1;
    terminal_observer_finish(invocation->observer, false);
    return print_result(invocation, answers.project, &result, err);
}

static const char *const examples[] = {
    "image-update",
    "choose the image and what shall change, on a terminal",
    "image-update my-project --add \"wandb optuna==3.6\"",
    "add a package and pin another",
    "image-update my-project -r requirements.txt",
    "install what the file names now",
    "image-update my-project --edit",
    "edit the Dockerfile, see the difference, build",
    "image-update my-project --rollback",
    "return to the build before",
    NULL,
};

const struct command command_image_update = {
    .name = "image-update",
    .summary = "Change what is in an image and build it again",
    .arguments = "[NAME] [OPTIONS]",
    .description =
        "Edits ~/dockerfiles/NAME.Dockerfile, shows the difference and builds. The image keeps "
        "its name; the build before is kept for --rollback. What was edited and does not build can "
        "be "
        "edited again. A package that is there keeps its "
        "version unless one is named. When the build fails, the files and "
        "the image stay as they were. What was edited by hand since the last build is built "
        "too; what was replaced stays in ~/.ds01-config/backup, the newest 20 times of each "
        "project. On a terminal, what is missing (the name, or what shall change) is asked for.",
    .examples = examples,
    .options = rows,
    .option_count = ELEMENTS(rows),
    .options_size = sizeof(struct options),
    .options_release = options_release,
    .min_arguments = 0,
    .max_arguments = 1,
    .changes = true,
    .guided = true,
    .run = run,
};
