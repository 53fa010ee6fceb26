/* container-create and container-deploy: the same but for the start and the shell. */
#include "ops/container_create.h"

#include <math.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "cmd/command_list.h"
#include "cmd/job.h"
#include "cmd/print.h"
#include "cmd/shell.h"
#include "cmd/taken_name.h"
#include "cmd/terminal_observer.h"
#include "cmd/typed_name.h"
#include "model/size.h"
#include "ui/prompt.h"

struct options {
    const char *image;
    const char *framework;
    const char *project;
    const char *workspace;
    const char *data;
    const char *models;
    struct strv mounts;
    const char *cpus;
    const char *memory;
    const char *shm_size;
    const char *pids;
    const char *network;
    struct strv environment;
    const char *user_setup;
    const char *gpus;
    bool cpu_only;
    bool x11;
    bool sound;
    bool open;
    bool background;
    bool stop_after;
};

#define SHARED_ROWS                                                                                \
    {0, "image", OPTION_TEXT, "IMAGE", "make it from this image",                                  \
        offsetof(struct options, image)},                                                          \
        {0, "framework", OPTION_TEXT, "FRAMEWORK[=VERSION]",                                       \
            "make it from the catalogue's image of it", offsetof(struct options, framework)},      \
        {0, "project", OPTION_TEXT, "NAME", "the project it belongs to (default: NAME)",           \
            offsetof(struct options, project)},                                                    \
        {'w', "workspace", OPTION_TEXT, "DIR",                                                     \
            "directory at /workspace (default: ~/workspace/PROJECT)",                              \
            offsetof(struct options, workspace)},                                                  \
        {'d', "data", OPTION_TEXT, "DIR[:ro]", "directory at /data, :ro to only read it",          \
            offsetof(struct options, data)},                                                       \
        {'m', "models", OPTION_TEXT, "DIR[:ro]", "directory at /models, likewise",                 \
            offsetof(struct options, models)},                                                     \
        {0, "mount", OPTION_LIST, "SRC:DST[:ro]", "another directory, :ro to only read it",        \
            offsetof(struct options, mounts)},                                                     \
        {0, "cpus", OPTION_TEXT, "N", "at most so many processors, such as 4 or 0.5",              \
            offsetof(struct options, cpus)},                                                       \
        {0, "memory", OPTION_TEXT, "SIZE", "at most so much memory, such as 16g",                  \
            offsetof(struct options, memory)},                                                     \
        {0, "shm-size", OPTION_TEXT, "SIZE", "shared memory of its own (default: the server's)",   \
            offsetof(struct options, shm_size)},                                                   \
        {0, "pids", OPTION_TEXT, "N", "at most so many processes",                                 \
            offsetof(struct options, pids)},                                                       \
        {0, "gpus", OPTION_TEXT, "WHICH",                                                          \
            "all, none, a number, or UUIDs with commas (default: all there are)",                  \
            offsetof(struct options, gpus)},                                                       \
        {0, "cpu-only", OPTION_FLAG, NULL, "no GPU", offsetof(struct options, cpu_only)},          \
        {0, "x11", OPTION_FLAG, NULL, "let its programs show windows on your display",             \
            offsetof(struct options, x11)},                                                        \
        {0, "sound", OPTION_FLAG, NULL, "give it the server's sound devices",                      \
            offsetof(struct options, sound)},                                                      \
        {0, "user-setup", OPTION_TEXT, "HOW",                                                      \
            "for an image without your user: auto, inject or commit (default: auto)",              \
            offsetof(struct options, user_setup)},                                                 \
        {0, "network", OPTION_TEXT, "NET", "host, bridge or none (default: host)",                 \
            offsetof(struct options, network)},                                                    \
    {                                                                                              \
        'e', "env", OPTION_LIST, "K=V", "set an environment variable; K alone takes yours",        \
            offsetof(struct options, environment)                                                  \
    }

static const struct option_row create_rows[] = {SHARED_ROWS};

static const struct option_row deploy_rows[] = {
    SHARED_ROWS,
    {0, "open", OPTION_FLAG, NULL, "open a shell in it", offsetof(struct options, open)},
    {0, "background", OPTION_FLAG, NULL, "only start it", offsetof(struct options, background)},
    {0, "stop-after", OPTION_FLAG, NULL,
        "stop it when the shell has ended and nothing else runs in it",
        offsetof(struct options, stop_after)},
};

static void options_release(void *data)
{
    struct options *options = data;

    strv_release(&options->mounts);
    strv_release(&options->environment);
}

/* The request, with what it points to. */
struct parsed {
    char name[NAME_MAX_LENGTH + 1];
    char project[NAME_MAX_LENGTH + 1];
    struct container_mount_request *mounts;
    struct strv mount_texts; /* "SRC\0DST": the strings that mounts point to */
    struct strv environment;
    struct gpu_request gpus;
    struct x11_display display;
    struct container_create_request request;
};

static void parsed_release(struct parsed *parsed)
{
    free(parsed->mounts);
    strv_release(&parsed->mount_texts);
    strv_release(&parsed->environment);
    gpu_request_release(&parsed->gpus);
}

static int parse_mount(struct parsed *parsed, const char *typed, struct error *err)
{
    struct container_mount_request *mount = &parsed->mounts[parsed->request.mount_count];
    const char *colon = strchr(typed, ':');
    size_t length = strlen(typed);
    const char *mode = length > 3 ? typed + length - 3 : "";

    mount->read_only = strcmp(mode, ":ro") == 0;
    if (mount->read_only || strcmp(mode, ":rw") == 0)
        length -= 3;
    bool parts = colon && colon > typed && colon + 1 < typed + length;
    if (!parts || memchr(colon + 1, ':', (size_t)(typed + length - colon - 1))) {
        error_set(err, ERROR_USAGE, "'%s' is not a mount", typed);
        return error_hint(
            err, "write --mount /on/the/server:/in/the/container, with :ro behind to only read it");
    }
    strv_take(&parsed->mount_texts, xstrndup(typed, (size_t)(colon - typed)));
    mount->source = parsed->mount_texts.items[parsed->mount_texts.count - 1];
    strv_take(&parsed->mount_texts, xstrndup(colon + 1, (size_t)(typed + length - colon - 1)));
    mount->target = parsed->mount_texts.items[parsed->mount_texts.count - 1];
    parsed->request.mount_count++;
    return 0;
}

static int parse_environment(struct parsed *parsed, const char *typed, struct error *err)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
    size_t key = strspn(typed, letters);

    if (key == 0 || (typed[key] && typed[key] != '=') || (typed[0] >= '0' && typed[0] <= '9')) {
        error_set(err, ERROR_USAGE, "'%s' does not name an environment variable", typed);
        return error_hint(err, "write --env NAME=value");
    }
    if (typed[key] == '=') {
        strv_push(&parsed->environment, typed);
        return 0;
    }
    const char *value = secure_getenv(typed);
    if (!value) {
        error_set(err, ERROR_USAGE, "the environment variable %s is not set here", typed);
        return error_hint(err, "write --env %s=value", typed);
    }
    strv_take(&parsed->environment, xasprintf("%s=%s", typed, value));
    return 0;
}

/* A positive number with an optional fraction, as nano units. */
static int parse_cpus(const char *typed, int64_t *ret, struct error *err)
{
    char *end;
    double number = strtod(typed, &end);

    if (end == typed || *end || !isfinite(number) || number < 0.01 || number > 100000) {
        error_set(err, ERROR_USAGE, "'%s' is not a number of processors", typed);
        return error_hint(err, "write --cpus 4, or --cpus 0.5");
    }
    *ret = (int64_t)(number * 1e9 + 0.5);
    return 0;
}

static int parse_pids(const char *typed, int64_t *ret, struct error *err)
{
    char *end;

    errno = 0;
    long number = strtol(typed, &end, 10);
    if (end == typed || *end || errno || number < 1 || number > 4194304) {
        error_set(err, ERROR_USAGE, "'%s' is not a number of processes", typed);
        return error_hint(err, "write --pids 4096");
    }
    *ret = number;
    return 0;
}

static int parse_size(const char *option, const char *typed, int64_t *ret, struct error *err)
{
    if (typed && size_parse(typed, ret, err) < 0)
        return error_prefix(err, "%s", option);
    return 0;
}

static int parse_limits(
    const struct options *options, struct container_create_request *request, struct error *err)
{
    if (options->cpus && parse_cpus(options->cpus, &request->nano_cpus, err) < 0)
        return -1;
    if (options->pids && parse_pids(options->pids, &request->pids, err) < 0)
        return -1;
    if (parse_size("--memory", options->memory, &request->memory, err) < 0 ||
        parse_size("--shm-size", options->shm_size, &request->shm_size, err) < 0)
        return -1;
    if (options->network && strcmp(options->network, "host") != 0 &&
        strcmp(options->network, "bridge") != 0 && strcmp(options->network, "none") != 0) {
        error_set(err, ERROR_USAGE, "'%s' is not a network", options->network);
        return error_hint(err, "choose --network host, bridge or none");
    }
    request->network = options->network;
    return 0;
}

static int parse_user_setup(const char *typed, enum user_setup *ret, struct error *err)
{
    static const struct {
        const char *word;
        enum user_setup how;
    } ways[] = {
        {"auto", USER_SETUP_AUTO}, {"inject", USER_SETUP_INJECT}, {"commit", USER_SETUP_COMMIT}};

    for (size_t i = 0; i < ELEMENTS(ways); i++) {
        if (!typed || strcmp(typed, ways[i].word) == 0) {
            *ret = ways[i].how;
            return 0;
        }
    }
    error_set(err, ERROR_USAGE, "'%s' is not a way of user setup", typed);
    return error_hint(err, "choose --user-setup auto, inject or commit");
}

static int parse_gpus(const struct options *options, struct parsed *parsed, struct error *err)
{
    if (options->cpu_only && options->gpus)
        return error_set(err, ERROR_USAGE, "either --cpu-only or --gpus, not both");
    if (!options->cpu_only && !options->gpus)
        return 0;
    parsed->request.gpus = &parsed->gpus;
    return gpu_request_parse(options->cpu_only ? "none" : options->gpus, &parsed->gpus, err);
}

static int parse_names(
    const struct invocation *invocation, struct parsed *parsed, struct error *err)
{
    const struct options *options = invocation->options;
    struct container_create_request *request = &parsed->request;

    if (typed_name(invocation, NAME_CONTAINER, invocation->arguments.items[0], parsed->name, err) <
        0)
        return -1;
    request->name = parsed->name;
    if (options->project) {
        if (typed_name(invocation, NAME_PROJECT, options->project, parsed->project, err) < 0)
            return -1;
        request->project = parsed->project;
    }
    request->image = options->image;
    if (invocation->arguments.count > 1) {
        if (options->image)
            return error_set(err, ERROR_USAGE, "two images were named: %s and %s",
                invocation->arguments.items[1], options->image);
        request->image = invocation->arguments.items[1];
    }
    request->framework = options->framework;
    if (request->framework && request->image)
        return error_set(err, ERROR_USAGE, "an image and a framework were named: %s and %s",
            request->image, request->framework);
    /* "container-deploy my.project": the container's name loses the dot, the image's has it. */
    if (!request->image && !request->framework && !request->project) {
        bool changed;
        if (name_from_typed(
                NAME_PROJECT, invocation->arguments.items[0], parsed->project, &changed, err) < 0)
            return -1;
        if (strcmp(parsed->project, parsed->name) != 0)
            request->project = parsed->project;
    }
    return 0;
}

static int parse_request(
    const struct invocation *invocation, struct parsed *parsed, struct error *err)
{
    const struct options *options = invocation->options;
    struct container_create_request *request = &parsed->request;

    if (parse_names(invocation, parsed, err) < 0 || parse_limits(options, request, err) < 0 ||
        parse_user_setup(options->user_setup, &request->user_setup, err) < 0)
        return -1;
    if (parse_gpus(options, parsed, err) < 0)
        return -1;
    request->workspace = options->workspace;
    request->data = options->data;
    request->models = options->models;
    parsed->mounts = xcalloc(options->mounts.count, sizeof(*parsed->mounts));
    request->mounts = parsed->mounts;
    for (size_t i = 0; i < options->mounts.count; i++)
        if (parse_mount(parsed, options->mounts.items[i], err) < 0)
            return -1;
    for (size_t i = 0; i < options->environment.count; i++)
        if (parse_environment(parsed, options->environment.items[i], err) < 0)
            return -1;
    request->environment = &parsed->environment;
    parsed->display = x11_display_here();
    request->x11 = options->x11 ? &parsed->display : NULL;
    request->sound = options->sound;
    request->command = &invocation->trailing;
    request->dry_run = invocation->common.dry_run;
    return 0;
}

static struct json_object *result_json(
    const struct parsed *parsed, const struct container_create_result *result)
{
    struct json_object *document = json_object_new_object();

    json_add_string(document, "name", parsed->name);
    json_add_string(document, "engine_name", result->engine_name);
    json_add_string(document, "id", result->id);
    json_add_string(document, "project", result->project);
    json_add_string(document, "image", result->image);
    json_add_string(document, "workspace", result->workspace);
    json_object_object_add(document, "started", json_object_new_boolean(result->started));
    if (parsed->request.dry_run)
        json_object_object_add(document, "create", json_object_get(result->request));
    return document;
}

static int print_dry_run(const struct invocation *invocation, const struct parsed *parsed,
    const struct container_create_result *result, struct error *err)
{
    if (!invocation->common.quiet)
        print_line(invocation,
            "Would create the container %s from %s%s with this request:", result->engine_name,
            result->image, parsed->request.start ? " and start it" : "");
    return print_json(json_object_get(result->request), err);
}

static int print_result(const struct invocation *invocation, const struct parsed *parsed,
    const struct container_create_result *result, struct error *err)
{
    if (invocation->common.json)
        return print_json(result_json(parsed, result), err);
    if (parsed->request.dry_run)
        return print_dry_run(invocation, parsed, result, err);
    print_line(invocation, "The container %s %s. /workspace is %s", parsed->name,
        result->started ? "runs" : "is created", result->workspace);
    if (!result->started)
        print_line(invocation, "Start it with: container-start %s", parsed->name);
    return 0;
}

/* What follows the start. */
enum follow { FOLLOW_NOTHING, FOLLOW_SHELL, FOLLOW_COMMAND };

static int check_follow(const struct invocation *invocation, struct error *err)
{
    const struct options *options = invocation->options;

    if (options->open && options->background)
        return error_set(err, ERROR_USAGE, "either --open or --background, not both");
    if (options->stop_after && (options->background || invocation->trailing.count)) {
        error_set(err, ERROR_USAGE, "--stop-after is for a shell, and none is opened");
        return error_hint(err, "add --open, without --background and without a command");
    }
    return 0;
}

/* Is it left to be asked whether a shell is wanted? */
static bool asks_for_a_shell(const struct invocation *invocation)
{
    const struct options *options = invocation->options;
    const struct common_options *common = &invocation->common;

    return !options->open && !options->background && !invocation->trailing.count &&
           !common->dry_run && !common->json && !common->yes;
}

static int decide_follow(
    const struct invocation *invocation, enum follow *ret_follow, struct error *err)
{
    const struct options *options = invocation->options;
    bool plan = invocation->common.dry_run;

    *ret_follow = options->open && !plan ? FOLLOW_SHELL : FOLLOW_NOTHING;
    if (invocation->trailing.count && !options->open && !options->background && !plan &&
        !invocation->common.json)
        *ret_follow = FOLLOW_COMMAND;
    if (!asks_for_a_shell(invocation))
        return 0;
    if (!prompt_possible(invocation->non_interactive)) {
        error_set(err, ERROR_USAGE, "nobody can be asked whether to open a shell");
        return error_hint(err, "add --background to only start it, or --open for a shell");
    }
    int shell = prompt_yes_no("Open a shell in the container when it runs?", true, err);
    if (shell > 0)
        *ret_follow = FOLLOW_SHELL;
    return shell < 0 ? -1 : 0;
}

static int create(struct invocation *invocation, struct parsed *parsed,
    struct container_create_result *ret, struct error *err)
{
    terminal_observer_explain(invocation,
        "A container is a running copy of an image. Files in /workspace are on the\n"
        "server and stay; everything else in the container goes with it. Make as many\n"
        "as you like.");
    return container_create(&invocation->session, &parsed->request, ret, err);
}

static int run_create(struct invocation *invocation, struct error *err)
{
    _cleanup_(parsed_release) struct parsed parsed = {0};
    _cleanup_(container_create_result_release) struct container_create_result result =
        CONTAINER_CREATE_RESULT_INIT;

    if (parse_request(invocation, &parsed, err) < 0 ||
        create(invocation, &parsed, &result, err) < 0)
        return -1;
    return print_result(invocation, &parsed, &result, err);
}

/* The project stays the one whose image was meant when the container gets another name. */
static void take_another_name(struct parsed *parsed, const char *name)
{
    if (!parsed->request.project && !parsed->request.image) {
        memcpy(parsed->project, parsed->name, sizeof(parsed->project));
        parsed->request.project = parsed->project;
    }
    memcpy(parsed->name, name, sizeof(parsed->name));
}

/* What becomes of a name that is taken: until it is free, or what has it is opened or replaced. */
static int settle_name(struct invocation *invocation, struct parsed *parsed,
    enum taken_choice *ret_choice, struct error *err)
{
    *ret_choice = TAKEN_NOT;
    while (taken_name_is_ours(invocation, parsed->name)) {
        struct taken_name taken = {.name = parsed->name};
        if (taken_name_ask(invocation, &taken, err) < 0)
            return -1;
        if (taken.choice != TAKEN_ANOTHER) {
            *ret_choice = taken.choice;
            return 0;
        }
        take_another_name(parsed, taken.other);
    }
    return 0;
}

/*
 * Creates it, or does what is chosen where the name is taken; `choice` was made before, if it was.
 * What is replaced stays until an image for the new one is found.
 */
static int create_or_ask(struct invocation *invocation, struct parsed *parsed,
    enum taken_choice choice, struct container_create_result *ret, bool *ret_open,
    struct error *err)
{
    for (;; choice = TAKEN_NOT) {
        _cleanup_(error_release) struct error cause = ERROR_INIT;
        if (create(invocation, parsed, ret, &cause) == 0)
            return 0;
        if (cause.code != ERROR_REFUSED || !taken_name_is_ours(invocation, parsed->name))
            return error_move(err, &cause);
        if (choice == TAKEN_NOT && settle_name(invocation, parsed, &choice, err) < 0)
            return -1;
        *ret_open = choice == TAKEN_OPEN;
        if (*ret_open)
            return 0;
        if (choice == TAKEN_REPLACE && taken_name_replace(invocation, parsed->name, err) < 0)
            return -1;
    }
}

static int run_deploy(struct invocation *invocation, struct error *err)
{
    const struct options *options = invocation->options;
    _cleanup_(parsed_release) struct parsed parsed = {0};
    _cleanup_(container_create_result_release) struct container_create_result result =
        CONTAINER_CREATE_RESULT_INIT;
    struct shell_request shell = {.stop_after = options->stop_after};
    enum taken_choice choice = TAKEN_NOT;
    enum follow follow = FOLLOW_NOTHING;

    if (parse_request(invocation, &parsed, err) < 0 || check_follow(invocation, err) < 0)
        return -1;
    /* Where something is asked, the name comes first: one that is opened needs no other answer. */
    if (asks_for_a_shell(invocation) && settle_name(invocation, &parsed, &choice, err) < 0)
        return -1;
    parsed.request.start = true;
    shell.name = parsed.name;
    shell.start = choice == TAKEN_OPEN;
    if (!shell.start && decide_follow(invocation, &follow, err) < 0)
        return -1;
    if (follow == FOLLOW_COMMAND)
        job_ask_to_follow(&parsed.request);
    if (!shell.start && create_or_ask(invocation, &parsed, choice, &result, &shell.start, err) < 0)
        return -1;
    if (shell.start)
        return shell_run(invocation, &shell, err);
    /* What is on stdout then is the command's own. */
    if (follow == FOLLOW_COMMAND)
        return job_follow(invocation, parsed.name, &result, err);
    if (print_result(invocation, &parsed, &result, err) < 0)
        return -1;
    return follow == FOLLOW_SHELL ? shell_run(invocation, &shell, err) : 0;
}

static const char *const create_examples[] = {
    "container-create my-project",
    "make it now, start it later with container-start",
    NULL,
};

const struct command command_container_create = {
    .name = "container-create",
    .summary = "Create a container from an image, without starting it",
    .arguments = "NAME [IMAGE|FRAMEWORK] [OPTIONS] [-- CMD…]",
    .description =
        "Creates the container NAME straight from an image: your project's of that name, or "
        "IMAGE, or a framework's. It runs as you, with /workspace on the server. container-deploy "
        "does the same and "
        "starts it.",
    .examples = create_examples,
    .options = create_rows,
    .option_count = ELEMENTS(create_rows),
    .options_size = sizeof(struct options),
    .options_release = options_release,
    .min_arguments = 1,
    .max_arguments = 2,
    .takes_trailing = true,
    .changes = true,
    .guided = true,
    .run = run_create,
};

static const char *const deploy_examples[] = {
    "container-deploy my-project --open",
    "a container of the image my-project, and a shell in it",
    "container-deploy exp2 my-project --background -d ~/data",
    "another one of the same image, with ~/data at /data",
    "container-deploy train my-project -- python3 train.py",
    "a container that runs one command, whose output and exit code are passed on",
    "container-deploy train my-project --background -- python3 train.py",
    "the same without waiting; container-list tells how it ended, container-logs what it wrote",
    NULL,
};

const struct command command_container_deploy = {
    .name = "container-deploy",
    .summary = "Create a container from an image and start it",
    .arguments = "NAME [IMAGE|FRAMEWORK] [OPTIONS] [-- CMD…]",
    .description =
        "Creates the container NAME straight from an image, at once: your project's of that name, "
        "or IMAGE, or a framework's; then starts it. It runs as you, with /workspace on the "
        "server; that directory "
        "is made where it is missing. On a failure nothing is left behind. With a command behind "
        "-- the container runs that, and stays when it has ended, with its output and exit code, "
        "until container-retire; without --background it is followed, and Ctrl-C reaches it.",
    .examples = deploy_examples,
    .options = deploy_rows,
    .option_count = ELEMENTS(deploy_rows),
    .options_size = sizeof(struct options),
    .options_release = options_release,
    .min_arguments = 1,
    .max_arguments = 2,
    .takes_trailing = true,
    .changes = true,
    .guided = true,
    .run = run_deploy,
};
