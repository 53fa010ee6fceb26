#include "ops/container_create.h"

#include <fcntl.h>

#include "base/interrupt.h"
#include "base/xalloc.h"
#include "host/architecture.h"
#include "host/directory.h"
#include "host/lock.h"
#include "host/process.h"
#include "model/label.h"
#include "model/mount_target.h"
#include "model/name.h"
#include "model/size.h"
#include "ops/committed_image.h"
#include "ops/container_gpus.h"
#include "ops/container_image.h"
#include "ops/image_keep.h"
#include "ops/named_container.h"
#include "ops/sweep.h"
#include "ops/undo.h"
#include "ops/user_setup.h"

#define WORKSPACE_TARGET "/workspace"
#define DATA_TARGET      "/data"
#define MODELS_TARGET    "/models"

/* What AIME's tools show for a directory or GPUs that are not there (FACTS 1.3). */
#define LABEL_NOTHING "-"

/* A container on its way: what it will be, and what was found and made for it. */
struct draft {
    const struct session *session;
    const struct container_create_request *request;
    struct container_image image;
    char *project;
    char *engine_name;
    char *workspace; /* host directories, resolved; data and models may be NULL */
    char *data;
    char *models;
    char *gpus; /* for the labels: what was given, and what it is */
    char *architecture;
    struct container_spec spec;
    bool needs_user; /* the image does not have the caller's */
    struct committed_image committed;
    struct undo undo;
};

static void draft_release(struct draft *draft)
{
    undo_run(&draft->undo);
    committed_image_release(&draft->committed);
    container_image_release(&draft->image);
    free(draft->project);
    free(draft->engine_name);
    free(draft->workspace);
    free(draft->data);
    free(draft->models);
    free(draft->gpus);
    free(draft->architecture);
    container_spec_release(&draft->spec);
}

static int unmake_directory(const struct session *session, void *argument, struct error *err)
{
    directory_unmake(session->caller, argument);
    return 0;
}

static void free_directory(void *argument)
{
    mount_directory_release(argument);
    free(argument);
}

/* Checks (and with `make`, makes) a host directory and mounts it. *ret_path is the caller's. */
static int mount_directory(struct draft *draft, const char *typed, const char *target,
    bool read_only, bool make, char **ret_path, struct error *err)
{
    const struct caller *caller = draft->session->caller;
    _cleanup_free_ char *path = directory_expand(caller, typed);
    struct mount_directory *directory = xcalloc(1, sizeof(*directory));

    if (directory_check(caller, path, read_only, make && !draft->request->dry_run, directory, err) <
        0) {
        free_directory(directory);
        return -1;
    }
    container_spec_add_mount(&draft->spec, directory->path, target, read_only);
    if (ret_path)
        *ret_path = xstrdup(directory->path);
    undo_push(&draft->undo, unmake_directory, directory, free_directory);
    return 0;
}

/* In a dry run a workspace that would be made is shown as it would be. */
static int mount_workspace(struct draft *draft, struct error *err)
{
    const struct session *session = draft->session;
    _cleanup_free_ char *typed =
        draft->request->workspace ? xstrdup(draft->request->workspace)
                                  : xasprintf("%s/%s", session->config->workspace, draft->project);
    _cleanup_free_ char *path = directory_expand(session->caller, typed);

    if (draft->request->dry_run && access(path, F_OK) < 0 && errno == ENOENT) {
        container_spec_add_mount(&draft->spec, path, WORKSPACE_TARGET, false);
        draft->workspace = TAKE_PTR(path);
        return 0;
    }
    return mount_directory(draft, typed, WORKSPACE_TARGET, false, true, &draft->workspace, err);
}

/* As the image has it, or as it is about to be set up. */
static const char *user_inside(const struct draft *draft)
{
    const char *known = draft->image.owner.username;

    return known && !draft->needs_user ? known : draft->session->caller->name;
}

/* Refuses what no container could work with, and tells of what the image will seem to lack. */
static int check_place(const struct draft *draft, const char *target, struct error *err)
{
    const struct session *session = draft->session;
    _cleanup_free_ char *home = home_in_container(user_inside(draft), session->caller->uid);

    switch (mount_place(target, home)) {
    case MOUNT_PLACE_HOME:
        observer_note(&session->observer, NOTE_WARNING,
            "The directory at %s hides the home in the container, its .bashrc and .local/bin "
            "included.",
            target);
        return 0;
    case MOUNT_PLACE_IMAGE:
        observer_note(&session->observer, NOTE_WARNING,
            "The directory at %s hides what the image has installed there.", target);
        return 0;
    case MOUNT_PLACE_SYSTEM:
        error_set(err, ERROR_USAGE,
            "a directory at %s would hide the container's own system, and nothing could run in it",
            target);
        return error_hint(err, "choose another place, such as --mount DIR:/mnt/NAME");
    case MOUNT_PLACE_NONE:
        error_set(err, ERROR_USAGE, "'%s' cannot be a mount's place in the container", target);
        return error_hint(err, "write --mount /on/the/server:/in/the/container");
    case MOUNT_PLACE_FREE:
        break;
    }
    return 0;
}

static int check_target(const struct draft *draft, const char *target, struct error *err)
{
    if (check_place(draft, target, err) < 0)
        return -1;
    for (size_t i = 0; i < draft->spec.mount_count; i++)
        if (strcmp(draft->spec.mounts[i].target, target) == 0) {
            error_set(err, ERROR_USAGE, "two directories are to be mounted at %s", target);
            return error_hint(err, "choose another place in the container for one of them");
        }
    return 0;
}

/* `typed` may end in ":ro": shared data are often not the caller's to write. */
static int mount_at(
    struct draft *draft, const char *typed, const char *target, char **ret_path, struct error *err)
{
    bool read_only;
    _cleanup_free_ char *source = mount_source(typed, &read_only);

    return mount_directory(draft, source, target, read_only, false, ret_path, err);
}

static int mount_all(struct draft *draft, struct error *err)
{
    const struct container_create_request *request = draft->request;
    const struct config *config = draft->session->config;
    const char *data = request->data ? request->data : config->data;
    const char *models = request->models ? request->models : config->models;

    if (mount_workspace(draft, err) < 0)
        return -1;
    if (data && mount_at(draft, data, DATA_TARGET, &draft->data, err) < 0)
        return -1;
    if (models && mount_at(draft, models, MODELS_TARGET, &draft->models, err) < 0)
        return -1;
    for (size_t i = 0; i < request->mount_count; i++) {
        const struct container_mount_request *mount = &request->mounts[i];
        _cleanup_free_ char *target = mount_target(mount->target);
        if (check_target(draft, target, err) < 0 ||
            mount_directory(draft, mount->source, target, mount->read_only, false, NULL, err) < 0)
            return -1;
    }
    return 0;
}

/* Does it run a command of the user's? */
static bool is_job(const struct draft *draft)
{
    return draft->request->command && draft->request->command->count;
}

static void set_label(struct container_spec *spec, const char *key, const char *value)
{
    _cleanup_free_ char *safe = label_value(value ? value : LABEL_NOTHING);

    strmap_set(&spec->labels, key, safe);
}

/*
 * A container has its image's labels too, and one with a comma ends `mlc list` for its user. JSON
 * without its commas is none, and whoever reads it would stumble: it goes.
 */
static void mend_labels_of_image(struct draft *draft)
{
    const struct strmap *labels = &draft->image.image.labels;

    for (size_t i = 0; i < labels->count; i++) {
        const char *value = labels->entries[i].value;
        bool is_json = *value == '{' || *value == '[';
        if (!label_value_ok(value))
            set_label(&draft->spec, labels->entries[i].key, is_json ? "" : value);
    }
}

static void add_labels(struct draft *draft)
{
    const struct caller *caller = draft->session->caller;
    const struct image_ownership *owner = &draft->image.owner;
    struct container_spec *spec = &draft->spec;

    mend_labels_of_image(draft);
    set_label(spec, LABEL_MLC, caller->login);
    set_label(spec, LABEL_NAME, draft->request->name);
    set_label(spec, LABEL_USER, caller->login);
    set_label(spec, LABEL_ARCH, draft->architecture);
    set_label(spec, LABEL_MLC_VERSION, LABEL_MLC_VERSION_VALUE);
    set_label(spec, LABEL_WORK_MOUNT, draft->workspace);
    set_label(spec, LABEL_DATA_MOUNT, draft->data);
    set_label(spec, LABEL_MODELS_MOUNT, draft->models);
    const char *framework = draft->image.framework ? draft->image.framework : owner->framework;
    set_label(spec, LABEL_FRAMEWORK, framework ? framework : "custom");
    set_label(spec, LABEL_GPUS, draft->gpus);
    _cleanup_free_ char *uid = xasprintf("%u", (unsigned)caller->uid);
    set_label(spec, LABEL_USER_ID, uid);
    set_label(spec, LABEL_MANAGED, "true");
    set_label(spec, LABEL_PROJECT, draft->project);
    set_label(spec, LABEL_CUSTOM_IMAGE, draft->image.reference);
    set_label(spec, LABEL_WORKSPACE_FOLDER, WORKSPACE_TARGET);
    _cleanup_free_ char *stamp = process_stamp();
    set_label(spec, LABEL_CREATED_BY, stamp);
    set_label(spec, LABEL_LAST_SETUP_FILE, NULL);
    set_label(spec, LABEL_JOB, is_job(draft) ? "true" : "false");
    if (draft->request->start)
        set_label(spec, LABEL_DEPLOY, "true");
}

/* PATH as an environment has it, or NULL. */
static const char *path_in(const struct strv *environment)
{
    for (size_t i = 0; i < environment->count; i++)
        if (strncmp(environment->items[i], "PATH=", 5) == 0)
            return environment->items[i] + 5;
    return NULL;
}

static const char *path_of_image(const struct draft *draft)
{
    const char *path = path_in(&draft->image.image.environment);

    return path ? path : "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
}

/* As the user setup of an image has it: programs of the user's own come first. */
static void add_search_path(struct draft *draft, const char *home)
{
    const char *path = path_of_image(draft);
    _cleanup_free_ char *own = xasprintf("%s/.local/bin:", home);
    bool is_set_up = strncmp(path, own, strlen(own)) == 0;

    strv_take(&draft->spec.environment, xasprintf("PATH=%s%s", is_set_up ? "" : own, path));
}

/* One variable is there once: of two of a name, what a program sees would be chance. */
static void set_variable(struct strv *environment, const char *assignment)
{
    size_t key = strcspn(assignment, "=");

    for (size_t i = 0; i < environment->count; i++) {
        if (strcspn(environment->items[i], "=") != key ||
            strncmp(environment->items[i], assignment, key) != 0)
            continue;
        free(environment->items[i]);
        environment->items[i] = xstrdup(assignment);
        return;
    }
    strv_push(environment, assignment);
}

/*
 * Docker takes a variable without '=' away (API, "ContainerConfig"), and then each process gets
 * the HOME that its own user has in the container's passwd: also `docker exec -u 0`, whose
 * files would else come to lie in the user's home. Podman would give its own value.
 */
static void add_home(struct draft *draft, const char *home)
{
    if (draft->session->engine->kind == ENGINE_DOCKER)
        strv_push(&draft->spec.environment, "HOME");
    else
        strv_take(&draft->spec.environment, xasprintf("HOME=%s", home));
}

static void add_environment(struct draft *draft)
{
    const struct caller *caller = draft->session->caller;
    const char *name = user_inside(draft);
    struct strv *environment = &draft->spec.environment;
    _cleanup_free_ char *home = home_in_container(name, caller->uid);

    add_home(draft, home);
    strv_take(environment, xasprintf("USER=%s", name));
    if (draft->needs_user)
        add_search_path(draft, home);
    strv_take(environment, xasprintf("DS01_CONTAINER=%s", draft->request->name));
    /* Debian marks its Python as its own; in a container of one user it is the user's. */
    strv_push(environment, "PIP_BREAK_SYSTEM_PACKAGES=1");
    for (size_t i = 0; draft->request->environment && i < draft->request->environment->count; i++)
        set_variable(environment, draft->request->environment->items[i]);
}

/*
 * What the container runs. Without a command of the user's a lone shell idles in it, as
 * AIME's tools expect (FACTS 1.7). An interactive shell ignores SIGTERM but ends on SIGHUP,
 * so stopping takes no ten seconds.
 */
static void add_command(struct draft *draft)
{
    struct container_spec *spec = &draft->spec;

    spec->clear_entrypoint = true;
    if (is_job(draft)) {
        container_job_add(spec, draft->request->command, draft->request->streams);
        spec->rows = draft->request->rows;
        spec->columns = draft->request->columns;
        return;
    }
    spec->tty = true;
    spec->stdin_open = true;
    strv_push(&spec->command, "sh");
    strv_push(&spec->command, "-c");
    strv_push(&spec->command, "command -v bash >/dev/null && exec bash; exec sh");
    spec->stop_signal = xstrdup("SIGHUP");
}

static int add_limits(struct draft *draft, struct error *err)
{
    const struct container_create_request *request = draft->request;
    const struct config *config = draft->session->config;
    struct container_spec *spec = &draft->spec;

    spec->shm_size = request->shm_size;
    if (!spec->shm_size && config->shm_size &&
        size_parse(config->shm_size, &spec->shm_size, err) < 0)
        return error_prefix(err, "the setting shm_size");
    if (!spec->shm_size)
        spec->ipc_mode = xstrdup("host");
    spec->memory = request->memory;
    spec->nano_cpus = request->nano_cpus;
    spec->pids_limit = request->pids;
    spec->network_mode = xstrdup(request->network ? request->network : config->network);
    strv_push(&spec->cap_add, "SYS_PTRACE");
    return 0;
}

/* Without GPUs nothing is looked for: the label says what the container works on. */
static int add_gpus(struct draft *draft, struct error *err)
{
    static const struct gpu_request any = {.choice = GPU_DEFAULT};
    const struct gpu_request *asked = draft->request->gpus ? draft->request->gpus : &any;
    _cleanup_(strv_release) struct strv architectures = STRV_INIT;
    _cleanup_free_ char *finding = NULL;

    if (container_gpus_add(draft->session, asked, &draft->spec, &draft->gpus, err) < 0)
        return -1;
    if (strcmp(draft->gpus, "none") != 0)
        architecture_detect(&architecture_probe_host, &architectures, &finding);
    draft->architecture = xstrdup(architectures.count ? architectures.items[0] : "CPU");
    return 0;
}

/* The caller's other groups, by number: files on the server are often shared by group. */
static void add_groups(struct draft *draft)
{
    _cleanup_free_ gid_t *groups = NULL;
    size_t count = caller_groups(draft->session->caller, &groups);

    for (size_t i = 0; i < count; i++)
        if (groups[i] != draft->session->caller->gid)
            strv_take(&draft->spec.group_add, xasprintf("%u", (unsigned)groups[i]));
}

static int add_desktop(struct draft *draft, struct error *err)
{
    const struct container_create_request *request = draft->request;

    if (request->x11 && container_display_add(
                            draft->session, request->x11, request->dry_run, &draft->spec, err) < 0)
        return -1;
    return request->sound ? container_sound_add(&draft->spec, err) : 0;
}

static int write_spec(struct draft *draft, struct error *err)
{
    const struct caller *caller = draft->session->caller;
    struct container_spec *spec = &draft->spec;

    spec->image = xstrdup(draft->image.image.id);
    spec->user = xasprintf("%u:%u", (unsigned)caller->uid, (unsigned)caller->gid);
    spec->working_dir = xstrdup(WORKSPACE_TARGET);
    if (mount_all(draft, err) < 0 || add_limits(draft, err) < 0 || add_gpus(draft, err) < 0)
        return -1;
    add_groups(draft);
    add_command(draft);
    if (add_desktop(draft, err) < 0)
        return -1;
    add_environment(draft);
    add_labels(draft);
    return 0;
}

static int find_image_and_project(struct draft *draft, struct error *err)
{
    const struct container_create_request *request = draft->request;
    const char *wanted = request->project ? request->project : request->name;

    const struct container_image_request image = {
        .project = wanted,
        .named = request->image,
        .framework = request->framework,
        .pull = !request->dry_run,
    };

    if (container_image_find(draft->session, &image, &draft->image, err) < 0)
        return -1;
    const char *own = draft->image.owner.project;
    draft->project = xstrdup(request->project ? request->project : own ? own : request->name);
    /* Root is in every image. The setup of one that was saved has no home where that is a VOLUME.
     */
    draft->needs_user = draft->session->caller->uid != 0 &&
                        (!container_image_fits(draft->session, &draft->image) ||
                            container_image_home_volume(draft->session, &draft->image));
    container_image_warn(draft->session, draft->project, &draft->image);
    return 0;
}

/* --- the user in an image without it ------------------------------------------ */

static int create_from(struct draft *draft, const char *image,
    struct container_create_result *result, struct error *err)
{
    char *copy = xstrdup(image);

    free(draft->spec.image);
    draft->spec.image = copy;
    return named_container_create(draft->session, draft->request->name, draft->engine_name,
        &draft->spec, &draft->undo, &result->id, err);
}

/*
 * The legacy flow. An image that was found may go with its last container before ours is
 * there; then it is made anew.
 */
static int create_from_commit(
    struct draft *draft, struct container_create_result *result, struct error *err)
{
    const struct session *session = draft->session;
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    const struct committed_image_request wanted = {
        .base = &draft->image,
        .name = draft->request->name,
        .project = draft->project,
        .network = draft->spec.network_mode,
    };

    set_label(&draft->spec, LABEL_LAST_SETUP_FILE, NULL);
    if (committed_image_provide(session, &wanted, &draft->committed, err) < 0)
        return -1;
    if (create_from(draft, draft->committed.reference, result, &cause) < 0) {
        if (cause.code != ERROR_NOT_FOUND)
            return error_move(err, &cause);
        committed_image_release(&draft->committed);
        if (committed_image_provide(session, &wanted, &draft->committed, err) < 0 ||
            create_from(draft, draft->committed.reference, result, err) < 0)
            return -1;
    }
    return committed_image_settle(session, &draft->committed, err);
}

/* Could the legacy flow bring the sudo that is missing? */
static bool sudo_could_come(const struct draft *draft, const struct image_identity *identity)
{
    return draft->request->user_setup == USER_SETUP_AUTO && !identity->has_sudo &&
           identity->has_shell && identity->has_package_manager;
}

/* Does `auto` take the legacy flow? */
static bool wants_commit(const struct draft *draft, const struct image_identity *identity)
{
    return sudo_could_come(draft, identity) &&
           !container_image_home_volume(draft->session, &draft->image);
}

static void tell_no_sudo(const struct draft *draft, const struct image_identity *identity)
{
    const struct observer *observer = &draft->session->observer;
    const char *image = draft->image.reference;
    const char *volume = container_image_home_volume(draft->session, &draft->image);

    if (volume && sudo_could_come(draft, identity))
        observer_note(observer, NOTE_INFO,
            "The image %s has no sudo, and a VOLUME at %s, so that no image with sudo and your "
            "home can be made of it: it is used as it is, without sudo.",
            image, volume);
    else
        observer_note(observer, NOTE_INFO,
            "The image %s has no sudo, so there is none in the container.", image);
}

/* What is known about the image; where nothing is, the new container is looked into. */
static int know_image(
    const struct draft *draft, const char *id, struct image_identity *ret, struct error *err)
{
    const struct container_spec *spec = &draft->spec;
    const char *image = draft->image.image.id;

    if (image_identity_remembered(draft->session, image, ret, NULL) == 0)
        return 0;
    return image_identity_look(
        draft->session, image, id, spec->mounts, spec->mount_count, ret, err);
}

/* Creates the container and writes the user into it; *ret_commit: it shall be committed instead. */
static int create_and_inject(struct draft *draft, bool may_commit, bool *ret_commit,
    struct container_create_result *result, struct error *err)
{
    const struct session *session = draft->session;
    _cleanup_(image_identity_release) struct image_identity identity = {0};

    _cleanup_free_ char *last = user_setup_last_file(session, &draft->spec);

    set_label(&draft->spec, LABEL_LAST_SETUP_FILE, last);
    if (create_from(draft, draft->image.image.id, result, err) < 0 ||
        user_setup_check_mounts(session, result->id, &draft->spec, err) < 0 ||
        know_image(draft, result->id, &identity, err) < 0)
        return -1;
    *ret_commit = may_commit && wants_commit(draft, &identity);
    if (*ret_commit)
        return 0;
    if (!identity.has_sudo)
        tell_no_sudo(draft, &identity);
    return user_setup_inject(session, &identity, result->id, &draft->spec, draft->project, err);
}

static int drop_container(
    struct draft *draft, struct container_create_result *result, struct error *err)
{
    if (named_container_remove(draft->session, result->id, err) < 0)
        return -1;
    free(result->id);
    result->id = NULL;
    return 0;
}

/* Without the legacy flow there is still a container, only without sudo. */
static int commit_or_inject(
    struct draft *draft, struct container_create_result *result, struct error *err)
{
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    bool commit;

    if (create_from_commit(draft, result, &cause) == 0)
        return 0;
    if (cause.code != ERROR_FAILED)
        return error_move(err, &cause);
    observer_note(
        &draft->session->observer, NOTE_WARNING, "%s. The image is used as it is.", cause.message);
    committed_image_release(&draft->committed);
    return create_and_inject(draft, false, &commit, result, err);
}

static int create_with_user(
    struct draft *draft, struct container_create_result *result, struct error *err)
{
    _cleanup_(image_identity_release) struct image_identity known = {0};
    const char *image = draft->image.image.id;
    bool commit = false;

    if (draft->request->user_setup == USER_SETUP_COMMIT)
        return create_from_commit(draft, result, err);
    if (image_identity_remembered(draft->session, image, &known, NULL) == 0)
        commit = wants_commit(draft, &known);
    if (!commit && create_and_inject(draft, true, &commit, result, err) < 0)
        return -1;
    if (!commit)
        return 0;
    if (result->id && drop_container(draft, result, err) < 0)
        return -1;
    return commit_or_inject(draft, result, err);
}

static int start_it(struct draft *draft, struct container_create_result *result, struct error *err)
{
    const struct session *session = draft->session;

    if (named_container_start(session, draft->request->name, result->id, err) < 0 ||
        container_gpus_verify(session, result->id, &draft->spec, err) < 0)
        return -1;
    result->started = true;
    return 0;
}

/* A command has to be there; whoever follows its output follows it from the first byte. */
static int prepare_job(
    const struct draft *draft, struct container_create_result *result, struct error *err)
{
    const char *path = path_in(&draft->spec.environment);

    if (container_job_check(
            draft->session, result->id, &draft->spec, path ? path : path_of_image(draft), err) < 0)
        return -1;
    if (draft->request->streams == JOB_APART || !draft->request->start)
        return 0;
    return engine_container_attach(
        draft->session->engine, result->id, &result->connection, &result->early, err);
}

static int carry_out(struct draft *draft, struct container_create_result *result, struct error *err)
{
    if (interrupt_pending())
        return interrupt_error(err);
    int created = draft->needs_user ? create_with_user(draft, result, err)
                                    : create_from(draft, draft->image.image.id, result, err);
    if (created < 0 || (is_job(draft) && prepare_job(draft, result, err) < 0))
        return -1;
    if (draft->request->start && start_it(draft, result, err) < 0)
        return -1;
    undo_forget(&draft->undo);
    committed_image_keep(&draft->committed);
    image_keep_where_needed(draft->session, draft->image.reference, &draft->image.image);
    return 0;
}

/* A plan that could not be carried out is none: the name is looked at in a dry run too. */
static int check_name_is_free(const struct draft *draft, struct error *err)
{
    _cleanup_(container_release) struct container container = {0};
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    struct engine *engine = draft->session->engine;

    if (engine_container_inspect(engine, draft->engine_name, &container, &cause) < 0)
        return cause.code == ERROR_NOT_FOUND ? 0 : error_move(err, &cause);
    error_set(err, ERROR_REFUSED, "a container named %s exists already", draft->request->name);
    return error_hint(err, "open it with: container-open %s", draft->request->name);
}

int container_create(const struct session *session, const struct container_create_request *request,
    struct container_create_result *ret, struct error *err)
{
    /* Two at once must not undo each other's workspace: it is held until all is undone. */
    _cleanup_(lock_release) struct lock lock = LOCK_INIT;
    _cleanup_(container_create_result_release) struct container_create_result result =
        CONTAINER_CREATE_RESULT_INIT;
    _cleanup_(draft_release) struct draft draft = {
        .session = session,
        .request = request,
        .engine_name = container_engine_name(request->name, session->caller->uid),
        .undo = UNDO_INIT(session),
    };

    if (!request->dry_run &&
        (lock_take(session->caller, LOCK_CONTAINER, request->name, &lock, err) < 0 ||
            sweep_containers(session, err) < 0))
        return -1;
    if (find_image_and_project(&draft, err) < 0 || write_spec(&draft, err) < 0)
        return -1;
    if (request->dry_run && check_name_is_free(&draft, err) < 0)
        return -1;
    if (!request->dry_run && carry_out(&draft, &result, err) < 0)
        return -1;
    if (!request->gpus && strcmp(draft.gpus, "none") == 0)
        observer_note(&session->observer, NOTE_INFO,
            "This server has no GPU: the container works on the CPU.");
    result.streams = request->streams;
    result.request = container_spec_to_json(&draft.spec);
    result.engine_name = TAKE_PTR(draft.engine_name);
    result.image = xstrdup(draft.image.reference);
    result.project = TAKE_PTR(draft.project);
    result.workspace = TAKE_PTR(draft.workspace);
    *ret = result;
    result = (struct container_create_result)CONTAINER_CREATE_RESULT_INIT;
    return 0;
}

void container_create_result_release(struct container_create_result *result)
{
    free(result->id);
    free(result->engine_name);
    free(result->image);
    free(result->project);
    free(result->workspace);
    close_fd(&result->connection);
    strbuf_release(&result->early);
    json_object_put(result->request);
    *result = (struct container_create_result)CONTAINER_CREATE_RESULT_INIT;
}
