#include "ops/image_create.h"

#include "base/json.h"
#include "base/xalloc.h"
#include "cmd/command_list.h"
#include "cmd/framework_table.h"
#include "cmd/image_create_wizard.h"
#include "cmd/print.h"
#include "cmd/terminal_observer.h"
#include "cmd/typed_name.h"
#include "cmd/typed_packages.h"
#include "cmd/typed_requirements.h"
#include "model/requirement.h"

struct options {
    const char *framework;
    const char *architecture;
    bool list_frameworks;
    const char *base;
    struct strv types;
    enum option_answer jupyter;
    enum option_answer data_science;
    struct strv pip;
    struct strv apt;
    struct strv requirements;
    const char *dockerfile;
    const char *context;
    bool no_build;
    bool no_cache;
    bool pull;
    bool force;
};

static const struct option_row rows[] = {
    {'f', "framework", OPTION_TEXT, "FRAMEWORK[=VERSION]",
        "pytorch, tensorflow, jax, pytorch-cpu …; the newest that runs here, or that version",
        offsetof(struct options, framework)},
    {0, "arch", OPTION_TEXT, "ARCH",
        "the framework's image for this kind of GPU, such as CUDA_ADA (default: MLC_ARCH, else "
        "what this server has)",
        offsetof(struct options, architecture)},
    {0, "list-frameworks", OPTION_FLAG, NULL,
        "show frameworks, versions and what they run on, or those of --framework and --arch; no "
        "NAME is needed",
        offsetof(struct options, list_frameworks)},
    {'b', "base", OPTION_TEXT, "IMAGE", "the image to build on, such as debian:bookworm",
        offsetof(struct options, base)},
    {'t', "type", OPTION_LIST, "TYPE",
        "packages for a use: ml cv nlp rl audio ts llm; several with commas",
        offsetof(struct options, types)},
    {0, "jupyter", OPTION_YES, NULL, "with Jupyter Lab and notebooks",
        offsetof(struct options, jupyter)},
    {0, "no-jupyter", OPTION_NO, NULL, "without them (the default)",
        offsetof(struct options, jupyter)},
    {0, "data-science", OPTION_YES, NULL, "with pandas, scipy, scikit-learn and plots",
        offsetof(struct options, data_science)},
    {0, "no-data-science", OPTION_NO, NULL, "without them (the default)",
        offsetof(struct options, data_science)},
    {'p', "packages", OPTION_WORDS, "PKGS",
        "Python packages, as pip takes them: \"numpy>=1.24 pandas\"",
        offsetof(struct options, pip)},
    {'s', "system", OPTION_WORDS, "PKGS",
        "system packages, as apt-get takes them: \"git tree\" (default with a framework: git curl "
        "wget vim htop)",
        offsetof(struct options, apt)},
    {'r', "requirements", OPTION_LIST, "FILE",
        "install a requirements.txt, kept as it is, with the files it names",
        offsetof(struct options, requirements)},
    {0, "dockerfile", OPTION_TEXT, "FILE", "build from a Dockerfile of your own",
        offsetof(struct options, dockerfile)},
    {0, "context", OPTION_TEXT, "DIR",
        "the folder its COPY lines read from (default: where it is); with --force alone: where "
        "that folder is now",
        offsetof(struct options, context)},
    {0, "no-build", OPTION_FLAG, NULL, "only write the Dockerfile",
        offsetof(struct options, no_build)},
    {0, "pull", OPTION_FLAG, NULL, "get the newest base image first",
        offsetof(struct options, pull)},
    {0, "no-cache", OPTION_FLAG, NULL, "run every step anew", offsetof(struct options, no_cache)},
    {0, "force", OPTION_FLAG, NULL,
        "rebuild an image that exists; its Dockerfile is kept unless packages are named",
        offsetof(struct options, force)},
};

static void options_release(void *data)
{
    struct options *options = data;

    strv_release(&options->types);
    strv_release(&options->pip);
    strv_release(&options->apt);
    strv_release(&options->requirements);
}

static int check_packages(
    const struct options *options, struct strv *ret_pip, struct strv *ret_apt, struct error *err)
{
    if (typed_packages(&options->pip, pip_requirements_from_words, ret_pip, err) < 0)
        return -1;
    return typed_packages(&options->apt, apt_packages_from_words, ret_apt, err);
}

/* "-t cv,nlp -t rl" as three names. */
static void split_types(const struct strv *types, struct strv *ret)
{
    for (size_t i = 0; i < types->count; i++) {
        for (const char *at = types->items[i]; *at;) {
            size_t length = strcspn(at, ", ");
            if (length)
                strv_take(ret, xstrndup(at, length));
            at += length + (at[length] != '\0');
        }
    }
}

static bool names_contents(const struct options *options)
{
    return options->base || options->types.count || options->pip.count || options->apt.count ||
           options->requirements.count;
}

/* True where something says how ds01 is to write the Dockerfile. */
static bool describes_recipe(const struct options *options)
{
    return options->framework || names_contents(options) || options->jupyter == ANSWER_YES ||
           options->data_science == ANSWER_YES;
}

/* True where something is said about the image besides its name and its framework. */
static bool makes_image(const struct options *options)
{
    return names_contents(options) || options->jupyter != ANSWER_OPEN ||
           options->data_science != ANSWER_OPEN || options->dockerfile || options->context ||
           options->no_build || options->no_cache || options->pull || options->force;
}

static int check_combination(const struct options *options, struct error *err)
{
    if (options->framework && options->base) {
        error_set(err, ERROR_USAGE, "--framework and --base exclude each other");
        return error_hint(err, "a framework is a base image from the catalogue; name one of both");
    }
    if (options->architecture && !options->framework) {
        error_set(err, ERROR_USAGE, "--arch needs --framework or --list-frameworks");
        return error_hint(err, "add --framework pytorch, or leave --arch out");
    }
    if (options->dockerfile && describes_recipe(options)) {
        error_set(
            err, ERROR_USAGE, "--dockerfile cannot be joined with --framework, --base or packages");
        return error_hint(err, "put them into your Dockerfile, or leave --dockerfile out");
    }
    return options->context && describes_recipe(options) ? image_create_no_context(err) : 0;
}

/* What goes with --list-frameworks only narrows the table down. */
static int list_frameworks(struct invocation *invocation, struct error *err)
{
    const struct options *options = invocation->options;

    if (invocation->arguments.count || makes_image(options)) {
        error_set(err, ERROR_USAGE,
            "--list-frameworks makes no image: only --framework and --arch go with it");
        return error_hint(err, "type just: image-create --list-frameworks");
    }
    return framework_table_print(invocation, options->framework, options->architecture, err);
}

/* Only --list-frameworks and a terminal, where it is asked for, can do without. */
static int name_missing(struct error *err)
{
    error_set(err, ERROR_USAGE, "a name is missing");
    return error_hint(err, "type: image-create NAME --framework pytorch");
}

static struct json_object *result_json(
    const char *project, const struct image_create_result *result, bool dry_run)
{
    struct json_object *document = json_object_new_object();

    json_add_string(document, "project", project);
    json_add_string(document, "image", result->image);
    json_add_string(document, "id", result->id);
    json_object_object_add(document, "built", json_object_new_boolean(result->id != NULL));
    json_add_string(document, "dockerfile", result->dockerfile_path);
    json_add_string(document, "context", result->context);
    json_add_string(document, "backup", result->backup_path);
    json_add_string(document, "requirements_backup", result->requirements_backup_path);
    if (dry_run)
        json_add_string(document, "dockerfile_text", result->dockerfile);
    return document;
}

static void print_result(const struct invocation *invocation,
    const struct image_create_request *request, const struct image_create_result *result)
{
    if (request->dry_run) {
        if (!invocation->common.quiet)
            print_line(invocation, "Would write %s and build %s from it:", result->dockerfile_path,
                result->image);
        printf("%s%s", invocation->common.quiet ? "" : "\n", result->dockerfile);
        return;
    }
    if (result->backup_path)
        print_line(invocation, "The Dockerfile before is kept at %s", result->backup_path);
    if (result->requirements_backup_path)
        print_line(invocation, "The requirements file before is kept at %s",
            result->requirements_backup_path);
    if (request->no_build) {
        print_line(invocation, "Wrote %s", result->dockerfile_path);
        print_line(invocation, "Build it with: image-create %s", request->project);
        return;
    }
    print_line(invocation, "The image %s is ready.", result->image);
    print_line(invocation, "Its Dockerfile: %s", result->dockerfile_path);
    print_line(invocation, "Make a container of it with: container-deploy %s", request->project);
}

/*
 * Asks for what is missing in *request and makes the image; where that fails, the user may change
 * the answers, which are the defaults then.
 */
static int ask_and_create(struct invocation *invocation, struct image_create_request *request,
    struct image_create_answers *answers, struct image_create_result *ret, struct error *err)
{
    const struct image_create_request given = *request;
    const bool ask = image_create_wizard_wanted(invocation, request);

    for (;;) {
        *request = given;
        if (ask && image_create_wizard(invocation, request, answers, err) < 0)
            return -1;
        if (!request->project)
            return name_missing(err);
        if (image_create(&invocation->session, request, ret, err) == 0)
            return 0;
        if (!ask || !terminal_observer_try_again(invocation, "Change your answers?", err))
            return -1;
    }
}

static int run(struct invocation *invocation, struct error *err)
{
    const struct options *options = invocation->options;
    _cleanup_(strv_release) struct strv pip = STRV_INIT;
    _cleanup_(strv_release) struct strv apt = STRV_INIT;
    _cleanup_(strv_release) struct strv sets = STRV_INIT;
    _cleanup_(image_create_result_release) struct image_create_result result = {0};
    char project[NAME_MAX_LENGTH + 1];
    _cleanup_(image_create_answers_release) struct image_create_answers answers = {0};
    const bool named = invocation->arguments.count > 0;
    const char *requirements = NULL;

    if (options->list_frameworks)
        return list_frameworks(invocation, err);
    if ((named && typed_name(invocation, NAME_PROJECT, invocation->arguments.items[0], project,
                      err) < 0) ||
        check_combination(options, err) < 0 || check_packages(options, &pip, &apt, err) < 0 ||
        typed_requirements(&options->requirements, &requirements, err) < 0)
        return -1;
    split_types(&options->types, &sets);
    terminal_observer_explain(invocation,
        "An image is a frozen file system with your packages in it. It is made from a\n"
        "Dockerfile, step by step; each step becomes a layer that is kept and reused.\n"
        "Your user is added last, so that all layers before it are shared with others.");
    struct image_create_request request = {
        .project = named ? project : NULL,
        .framework = options->framework,
        .architecture = options->architecture,
        .base = options->base,
        .sets = &sets,
        .jupyter = options->jupyter == ANSWER_YES,
        .data_science = options->data_science == ANSWER_YES,
        .pip = &pip,
        .apt = options->apt.count ? &apt : NULL,
        .requirements = requirements,
        .dockerfile = options->dockerfile,
        .context = options->context,
        .no_build = options->no_build,
        .no_cache = options->no_cache,
        .pull = options->pull,
        .force = options->force,
        .dry_run = invocation->common.dry_run,
    };
    answers.said_jupyter = options->jupyter != ANSWER_OPEN;
    answers.said_data_science = options->data_science != ANSWER_OPEN;
    if (ask_and_create(invocation, &request, &answers, &result, err) < 0)
        return -1;
    terminal_observer_finish(invocation->observer, false);
    if (invocation->common.json)
        return print_json(result_json(request.project, &result, request.dry_run), err);
    print_result(invocation, &request, &result);
    return 0;
}

static const char *const examples[] = {
    "image-create my-project --framework pytorch --type cv --jupyter",
    "the newest PyTorch for this server, computer vision, Jupyter",
    "image-create my-project -f pytorch=2.7 -r requirements.txt",
    "a version of PyTorch, and what a requirements file names",
    "image-create --list-frameworks --arch CUDA_ADA",
    "what there is for a kind of GPU",
    "image-create my-project --base debian:bookworm -p \"numpy pandas\" -s git",
    "an image with two Python packages and git",
    "image-create my-project --dockerfile ./Dockerfile",
    "an image from a Dockerfile of yours; your user is added at its end",
    "image-create my-project --force",
    "build it again, for your uid and gid, keeping your edits of the Dockerfile",
    NULL,
};

const struct command command_image_create = {
    .name = "image-create",
    .summary = "Make an image of your own from a Dockerfile",
    .arguments = "[NAME] [OPTIONS]",
    .description =
        "Writes ~/dockerfiles/NAME.Dockerfile, builds it and names the image "
        "ds01-<your uid>/NAME:latest. Your user, with the same uid and gid as on this server, is "
        "added last. On a failure nothing is left behind: the Dockerfile and the image before "
        "stay as they were. On a terminal, what is missing (a name, or what to make it from) is "
        "asked for step by step; answers that do not build can be changed.",
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
