#include "engine/container.h"

#include <poll.h>

#include "base/interrupt.h"
#include "base/json.h"
#include "base/xalloc.h"
#include "engine/image.h"

/* For a removal that is under way: 100 looks, 100 ms apart. */
#define GONE_TRIES   100
#define GONE_STEP_MS 100

#define STACK_BYTES ((int64_t)64 << 20)

static void mounts_release(struct mount *mounts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(mounts[i].source);
        free(mounts[i].target);
    }
    free(mounts);
}

/* Adds a mount, whose strings it takes, to an array. */
static void mounts_add(struct mount **mounts, size_t *count, struct mount mount)
{
    *mounts = xgrow(*mounts, *count, sizeof(**mounts));
    (*mounts)[(*count)++] = mount;
}

void container_spec_add_mount(
    struct container_spec *spec, const char *source, const char *target, bool read_only)
{
    mounts_add(&spec->mounts, &spec->mount_count,
        (struct mount){xstrdup(source), xstrdup(target), read_only});
}

void container_spec_release(struct container_spec *spec)
{
    free(spec->image);
    free(spec->user);
    free(spec->working_dir);
    free(spec->hostname);
    free(spec->stop_signal);
    strv_release(&spec->command);
    strv_release(&spec->environment);
    strmap_release(&spec->labels);
    mounts_release(spec->mounts, spec->mount_count);
    free(spec->network_mode);
    free(spec->ipc_mode);
    strv_release(&spec->cap_add);
    strv_release(&spec->group_add);
    strv_release(&spec->devices);
    json_object_put(spec->device_requests);
    *spec = (struct container_spec){0};
}

static void add_strv(struct json_object *object, const char *key, const struct strv *list)
{
    if (list->count)
        json_object_object_add(object, key, json_from_strv(list));
}

static void add_amount(struct json_object *object, const char *key, int64_t amount)
{
    if (amount)
        json_object_object_add(object, key, json_object_new_int64(amount));
}

static void add_true(struct json_object *object, const char *key, bool value)
{
    if (value)
        json_object_object_add(object, key, json_object_new_boolean(true));
}

/* Mounts, not Binds: a source that is missing is an error, not a new directory of root's. */
static void add_mounts(struct json_object *host, const struct container_spec *spec)
{
    if (!spec->mount_count)
        return;
    struct json_object *array = json_object_new_array();
    for (size_t i = 0; i < spec->mount_count; i++) {
        struct json_object *mount = json_object_new_object();
        json_add_string(mount, "Type", "bind");
        json_add_string(mount, "Source", spec->mounts[i].source);
        json_add_string(mount, "Target", spec->mounts[i].target);
        add_true(mount, "ReadOnly", spec->mounts[i].read_only);
        json_object_array_add(array, mount);
    }
    json_object_object_add(host, "Mounts", array);
}

static void add_devices(struct json_object *host, const struct strv *devices)
{
    if (!devices->count)
        return;
    struct json_object *array = json_object_new_array();
    for (size_t i = 0; i < devices->count; i++) {
        struct json_object *device = json_object_new_object();
        json_add_string(device, "PathOnHost", devices->items[i]);
        json_add_string(device, "PathInContainer", devices->items[i]);
        json_add_string(device, "CgroupPermissions", "rwm");
        json_object_array_add(array, device);
    }
    json_object_object_add(host, "Devices", array);
}

static struct json_object *ulimit(const char *name, int64_t value)
{
    struct json_object *object = json_object_new_object();

    json_add_string(object, "Name", name);
    json_object_object_add(object, "Soft", json_object_new_int64(value));
    json_object_object_add(object, "Hard", json_object_new_int64(value));
    return object;
}

static void add_ulimits(struct json_object *host)
{
    struct json_object *array = json_object_new_array();

    json_object_array_add(array, ulimit("memlock", -1));
    json_object_array_add(array, ulimit("stack", STACK_BYTES));
    json_object_object_add(host, "Ulimits", array);
}

/* Engines before API 1.42 do not heed it: there the size comes a moment after the start. */
static void add_console_size(struct json_object *host, const struct container_spec *spec)
{
    if (!spec->tty || !spec->rows || !spec->columns)
        return;
    struct json_object *size = json_object_new_array();
    json_object_array_add(size, json_object_new_int(spec->rows));
    json_object_array_add(size, json_object_new_int(spec->columns));
    json_object_object_add(host, "ConsoleSize", size);
}

static struct json_object *host_config(const struct container_spec *spec)
{
    struct json_object *host = json_object_new_object();

    add_mounts(host, spec);
    json_add_string(host, "NetworkMode", spec->network_mode);
    json_add_string(host, "IpcMode", spec->ipc_mode);
    add_console_size(host, spec);
    add_true(host, "Init", spec->init);
    add_strv(host, "CapAdd", &spec->cap_add);
    add_strv(host, "GroupAdd", &spec->group_add);
    add_devices(host, &spec->devices);
    add_amount(host, "ShmSize", spec->shm_size);
    add_amount(host, "Memory", spec->memory);
    /* Memory and swap together: the engine would add as much swap again. */
    add_amount(host, "MemorySwap", spec->memory);
    add_amount(host, "NanoCpus", spec->nano_cpus);
    add_amount(host, "PidsLimit", spec->pids_limit);
    if (spec->unlimited_memlock)
        add_ulimits(host);
    if (spec->device_requests)
        json_object_object_add(host, "DeviceRequests", json_object_get(spec->device_requests));
    return host;
}

/*
 * [""] rather than []: Docker takes both for "none", Podman does not see the empty
 * list and would run the image's entrypoint.
 */
static void add_no_entrypoint(struct json_object *object)
{
    struct json_object *array = json_object_new_array();

    json_object_array_add(array, json_object_new_string(""));
    json_object_object_add(object, "Entrypoint", array);
}

struct json_object *container_spec_to_json(const struct container_spec *spec)
{
    struct json_object *object = json_object_new_object();

    json_add_string(object, "Image", spec->image);
    json_add_string(object, "User", spec->user);
    json_add_string(object, "WorkingDir", spec->working_dir);
    json_add_string(object, "Hostname", spec->hostname);
    json_add_string(object, "StopSignal", spec->stop_signal);
    if (spec->clear_entrypoint)
        add_no_entrypoint(object);
    add_strv(object, "Cmd", &spec->command);
    add_true(object, "Tty", spec->tty);
    add_true(object, "OpenStdin", spec->stdin_open);
    add_true(object, "AttachStdin", spec->stdin_once);
    add_true(object, "StdinOnce", spec->stdin_once);
    add_strv(object, "Env", &spec->environment);
    if (spec->labels.count)
        json_object_object_add(object, "Labels", json_from_strmap(&spec->labels));
    json_object_object_add(object, "HostConfig", host_config(spec));
    return object;
}

int engine_container_create(struct engine *engine, const char *name,
    const struct container_spec *spec, char **ret_id, struct error *err)
{
    static const struct json_field fields[] = {{"Id", FIELD_STRING, 0, FIELD_REQUIRED}};
    _cleanup_(json_put) struct json_object *body = container_spec_to_json(spec);
    _cleanup_(json_put) struct json_object *answer = NULL;
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    _cleanup_free_ char *name_part = engine_escape(name);
    _cleanup_free_ char *path = xasprintf("/containers/create?name=%s", name_part);
    char *id = NULL;

    if (engine_request_json(engine, "POST", path, body, &answer, &cause) < 0) {
        /* Podman answers 500 where Docker answers 409. */
        if (cause.code == ERROR_FAILED && strstr(cause.message, "that name is already in use"))
            cause.code = ERROR_REFUSED;
        return error_move(err, &cause);
    }
    if (json_decode(answer, fields, ELEMENTS(fields), &id, &cause) < 0)
        return engine_garbled(engine, &cause, err);
    *ret_id = id;
    return 0;
}

/* A request about one container that has no answer but its status. */
static int act(struct engine *engine, const char *method, const char *container, const char *action,
    long timeout_ms, struct error *err)
{
    _cleanup_(transport_answer_release) struct transport_answer answer = TRANSPORT_ANSWER_INIT;
    _cleanup_free_ char *name = engine_escape(container);
    _cleanup_free_ char *path = xasprintf("/containers/%s%s", name, action);
    struct transport_request request = {.method = method, .path = path, .timeout_ms = timeout_ms};

    return engine_request(engine, &request, &answer, err);
}

int engine_container_start(struct engine *engine, const char *container, struct error *err)
{
    return act(engine, "POST", container, "/start", 0, err);
}

int engine_container_stop(
    struct engine *engine, const char *container, int seconds, struct error *err)
{
    int patience = seconds > 0 ? seconds : 0;
    _cleanup_free_ char *action = xasprintf("/stop?t=%d", patience);

    /* The engine itself waits some seconds more for the killed to be gone. */
    return act(engine, "POST", container, action, patience * 1000L + 2 * TRANSPORT_DUE_MS, err);
}

/* Waits until a removal that somebody else began is through. */
static int wait_until_gone(struct engine *engine, const char *container, struct error *err)
{
    for (int i = 0; i < GONE_TRIES; i++) {
        _cleanup_(container_release) struct container still = {0};
        _cleanup_(error_release) struct error cause = ERROR_INIT;
        if (engine_container_inspect(engine, container, &still, &cause) < 0)
            return cause.code == ERROR_NOT_FOUND ? 0 : error_move(err, &cause);
        struct pollfd interrupt = {.fd = interrupt_fd(), .events = POLLIN};
        poll(&interrupt, 1, GONE_STEP_MS);
        if (interrupt_pending())
            return interrupt_error(err);
    }
    error_set(err, ERROR_FAILED, "the engine does not get done removing the container");
    return error_hint(err, "wait a while, then try again");
}

int engine_container_remove(
    struct engine *engine, const char *container, bool force, struct error *err)
{
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    if (act(engine, "DELETE", container, force ? "?v=1&force=1" : "?v=1", 0, &cause) == 0)
        return 0;
    if (cause.code == ERROR_REFUSED && strstr(cause.message, "already in progress"))
        return wait_until_gone(engine, container, err);
    return error_move(err, &cause);
}

static const struct json_field inspect_fields[] = {
    {"Id", FIELD_STRING, offsetof(struct container, id), FIELD_REQUIRED},
    {"Name", FIELD_STRING, offsetof(struct container, name), FIELD_REQUIRED},
    {"Config/Image", FIELD_STRING, offsetof(struct container, image), 0},
    {"Image", FIELD_STRING, offsetof(struct container, image_id), 0},
    {"State/Status", FIELD_STRING, offsetof(struct container, state), 0},
    {"Config/Labels", FIELD_STRMAP, offsetof(struct container, labels), 0},
    {"State/StartedAt", FIELD_STRING, offsetof(struct container, started), 0},
    {"State/ExitCode", FIELD_INT64, offsetof(struct container, exit_code), 0},
    {"Config/Tty", FIELD_BOOL, offsetof(struct container, tty), 0},
    {"Config/User", FIELD_STRING, offsetof(struct container, user), 0},
    {"Config/Env", FIELD_STRV, offsetof(struct container, environment), 0},
};

static const struct json_field list_fields[] = {
    {"Id", FIELD_STRING, offsetof(struct container, id), FIELD_REQUIRED},
    {"Image", FIELD_STRING, offsetof(struct container, image), 0},
    {"ImageID", FIELD_STRING, offsetof(struct container, image_id), 0},
    {"State", FIELD_STRING, offsetof(struct container, state), 0},
    {"Status", FIELD_STRING, offsetof(struct container, status), 0},
    {"Labels", FIELD_STRMAP, offsetof(struct container, labels), 0},
    {"Created", FIELD_INT64, offsetof(struct container, created_unix), 0},
};

void container_release(struct container *container)
{
    free(container->id);
    free(container->name);
    free(container->image);
    free(container->image_id);
    free(container->state);
    free(container->status);
    strmap_release(&container->labels);
    free(container->started);
    free(container->user);
    strv_release(&container->environment);
    mounts_release(container->mounts, container->mount_count);
    strv_release(&container->volumes);
    strv_release(&container->named_volumes);
    *container = (struct container){0};
}

void container_list_release(struct container_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        container_release(&list->containers[i]);
    free(list->containers);
    *list = (struct container_list){0};
}

struct mount_point {
    char *type;
    char *name;
    char *source;
    char *target;
    bool writable;
};

static const struct json_field mount_fields[] = {
    {"Type", FIELD_STRING, offsetof(struct mount_point, type), 0},
    {"Name", FIELD_STRING, offsetof(struct mount_point, name), 0},
    {"Source", FIELD_STRING, offsetof(struct mount_point, source), 0},
    {"Destination", FIELD_STRING, offsetof(struct mount_point, target), 0},
    {"RW", FIELD_BOOL, offsetof(struct mount_point, writable), 0},
};

static void mount_point_release(struct mount_point *point)
{
    free(point->type);
    free(point->name);
    free(point->source);
    free(point->target);
}

static bool is_hex64(const char *text)
{
    return text && strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

/* An engine names those that nobody has named by 64 digits, and removes them with the container. */
static void add_volume(struct mount_point *point, struct container *container)
{
    strv_take(is_hex64(point->name) ? &container->volumes : &container->named_volumes,
        TAKE_PTR(point->target));
}

static int decode_mount(struct json_object *object, struct container *container, struct error *err)
{
    _cleanup_(mount_point_release) struct mount_point point = {0};

    if (json_decode(object, mount_fields, ELEMENTS(mount_fields), &point, err) < 0)
        return -1;
    if (!point.type || !point.target)
        return 0;
    if (strcmp(point.type, "volume") == 0)
        add_volume(&point, container);
    if (strcmp(point.type, "bind") != 0 || !point.source)
        return 0;
    mounts_add(&container->mounts, &container->mount_count,
        (struct mount){TAKE_PTR(point.source), TAKE_PTR(point.target), !point.writable});
    return 0;
}

static int decode_mounts(struct json_object *array, struct container *container, struct error *err)
{
    if (!array)
        return 0;
    if (!json_object_is_type(array, json_type_array))
        return error_set(err, ERROR_FAILED, "the field Mounts is not an array");
    for (size_t i = 0; i < json_object_array_length(array); i++) {
        if (decode_mount(json_object_array_get_idx(array, i), container, err) < 0)
            return -1;
    }
    return 0;
}

static const struct json_field names_field = {"Names", FIELD_STRV, 0, FIELD_REQUIRED};

/* Names other than its own hold a second '/': they are links from other containers. */
static int decode_name(struct json_object *object, struct container *container, struct error *err)
{
    _cleanup_(strv_release) struct strv names = STRV_INIT;

    if (json_decode(object, &names_field, 1, &names, err) < 0)
        return -1;
    for (size_t i = 0; i < names.count; i++) {
        const char *name = names.items[i];
        if (*name && !strchr(name + 1, '/')) {
            container->name = xstrdup(name);
            return 0;
        }
    }
    container->name = xstrdup("");
    return 0;
}

/* As Docker shortens the names of images; Podman writes them in full. */
static void shorten_image(struct container *container)
{
    const char *name = container->image ? engine_image_short_name(container->image) : NULL;

    if (name != container->image)
        memmove(container->image, name, strlen(name) + 1);
}

/* Evens out what engines write differently: '/' before names, bare image ids, Podman's states. */
static void normalise(struct container *container)
{
    static const char *const states[][2] = {{"configured", "created"}, {"stopped", "exited"}};

    if (container->name[0] == '/')
        memmove(container->name, container->name + 1, strlen(container->name));
    shorten_image(container);
    if (is_hex64(container->image_id)) {
        char *full = xasprintf("sha256:%s", container->image_id);
        free(container->image_id);
        container->image_id = full;
    }
    for (size_t i = 0; i < ELEMENTS(states); i++) {
        if (container->state && strcmp(container->state, states[i][0]) == 0) {
            free(container->state);
            container->state = xstrdup(states[i][1]);
        }
    }
}

static int decode_container(struct json_object *object, const struct json_field *fields,
    size_t count, struct container *ret, struct error *err)
{
    _cleanup_(container_release) struct container container = {0};

    if (json_decode(object, fields, count, &container, err) < 0 ||
        decode_mounts(json_at(object, "Mounts"), &container, err) < 0)
        return -1;
    struct json_object *devices = json_at(object, "HostConfig/Devices");
    container.has_devices =
        json_object_is_type(devices, json_type_array) && json_object_array_length(devices) > 0;
    if (!container.name && decode_name(object, &container, err) < 0)
        return -1;
    normalise(&container);
    *ret = container;
    container = (struct container){0};
    return 0;
}

int engine_container_inspect(
    struct engine *engine, const char *container, struct container *ret, struct error *err)
{
    _cleanup_free_ char *name = engine_escape(container);
    _cleanup_free_ char *path = xasprintf("/containers/%s/json", name);
    _cleanup_(json_put) struct json_object *object = NULL;
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    if (engine_request_json(engine, "GET", path, NULL, &object, err) < 0)
        return -1;
    if (decode_container(object, inspect_fields, ELEMENTS(inspect_fields), ret, &cause) < 0)
        return engine_garbled(engine, &cause, err);
    return 0;
}

static int take_container(void *context, struct json_object *object, struct error *err)
{
    struct container_list *list = context;

    list->containers = xgrow(list->containers, list->count, sizeof(*list->containers));
    if (decode_container(
            object, list_fields, ELEMENTS(list_fields), &list->containers[list->count], err) < 0)
        return -1;
    list->count++;
    return 0;
}

int engine_container_list(struct engine *engine, const struct engine_filter *filters,
    struct container_list *ret, struct error *err)
{
    _cleanup_free_ char *value = engine_filters(filters);
    _cleanup_free_ char *path = xasprintf("/containers/json?all=1&filters=%s", value);
    _cleanup_(container_list_release) struct container_list list = {0};

    if (engine_request_list(engine, path, take_container, &list, err) < 0)
        return -1;
    *ret = list;
    list = (struct container_list){0};
    return 0;
}
