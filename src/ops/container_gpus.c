#include "ops/container_gpus.h"

#include "base/json.h"
#include "base/xalloc.h"
#include "engine/info.h"

#define CDI_KIND "nvidia.com/gpu="

/* Without NVIDIA's runtime the variable means nothing; with it, "void" keeps all GPUs out. */
#define NO_GPUS "NVIDIA_VISIBLE_DEVICES=void"

/* What AIME's tools give AMD's GPUs, which share memory through /dev/shm (FACTS 1.6). */
#define AMD_SHM_BYTES ((int64_t)8 << 30)

static bool cdi_knows(const struct strv *cdi, const char *device)
{
    _cleanup_free_ char *name = xasprintf(CDI_KIND "%s", device);

    return strv_contains(cdi, name);
}

/* CDI has names, no numbers of devices. */
static bool cdi_can(const struct gpu_request *request, const struct strv *cdi)
{
    if (request->choice == GPU_ALL)
        return cdi_knows(cdi, "all");
    if (request->choice != GPU_DEVICES)
        return false;
    for (size_t i = 0; i < request->devices.count; i++)
        if (!cdi_knows(cdi, request->devices.items[i]))
            return false;
    return true;
}

static struct json_object *cdi_requests(const struct gpu_request *request)
{
    struct json_object *array = json_object_new_array();
    struct json_object *object = json_object_new_object();
    struct json_object *names = json_object_new_array();

    if (request->choice == GPU_ALL)
        json_object_array_add(names, json_object_new_string(CDI_KIND "all"));
    for (size_t i = 0; i < request->devices.count; i++) {
        _cleanup_free_ char *name = xasprintf(CDI_KIND "%s", request->devices.items[i]);
        json_object_array_add(names, json_object_new_string(name));
    }
    json_add_string(object, "Driver", "cdi");
    json_object_object_add(object, "DeviceIDs", names);
    json_object_array_add(array, object);
    return array;
}

/* Count and DeviceIDs exclude each other. */
static struct json_object *driver_requests(const struct gpu_request *request)
{
    struct json_object *array = json_object_new_array();
    struct json_object *object = json_object_new_object();
    struct json_object *capabilities = json_object_new_array();
    struct json_object *one = json_object_new_array();

    json_object_array_add(one, json_object_new_string("gpu"));
    json_object_array_add(capabilities, one);
    json_add_string(object, "Driver", "nvidia");
    if (request->choice == GPU_DEVICES)
        json_object_object_add(object, "DeviceIDs", json_from_strv(&request->devices));
    else
        json_object_object_add(
            object, "Count", json_object_new_int(request->choice == GPU_ALL ? -1 : request->count));
    json_object_object_add(object, "Capabilities", capabilities);
    json_object_array_add(array, object);
    return array;
}

struct json_object *gpu_device_requests(const struct gpu_request *request, const struct strv *cdi)
{
    if (request->choice == GPU_NONE || request->choice == GPU_DEFAULT)
        return NULL;
    return cdi_can(request, cdi) ? cdi_requests(request) : driver_requests(request);
}

static int no_gpu(const char *why, struct error *err)
{
    error_set(err, ERROR_REFUSED, "%s", why);
    return error_hint(err, "add --cpu-only to work without one");
}

/* AMD's devices go in as files, all of them, with the host's groups that may use them. */
static int add_amd(const struct gpu_request *request, const struct gpu_devices *found,
    struct container_spec *spec, struct error *err)
{
    if (request->choice != GPU_ALL)
        return no_gpu("single GPUs of AMD's cannot be chosen yet; --gpus all gives all", err);
    for (size_t i = 0; i < found->devices.count; i++)
        strv_push(&spec->devices, found->devices.items[i]);
    for (size_t i = 0; i < found->groups.count; i++)
        strv_push(&spec->group_add, found->groups.items[i]);
    if (!spec->ipc_mode && !spec->shm_size)
        spec->shm_size = AMD_SHM_BYTES;
    return 0;
}

/*
 * Podman takes CDI names, and does not tell which it knows: it says so at the start. Versions
 * that cannot (4.3; 5.4 can) leave a request out in silence.
 */
static int add_by_name(
    const struct gpu_request *request, struct container_spec *spec, struct error *err)
{
    if (request->choice == GPU_COUNT) {
        error_set(err, ERROR_REFUSED, "Podman gives GPUs by name only, not by number");
        return error_hint(err, "write --gpus all, or UUIDs as nvidia-smi -L shows them");
    }
    spec->device_requests = cdi_requests(request);
    return 0;
}

static int add_nvidia(const struct session *session, const struct gpu_request *request,
    bool has_driver, struct container_spec *spec, struct error *err)
{
    _cleanup_(strv_release) struct strv cdi = STRV_INIT;

    spec->unlimited_memlock = true;
    if (session->engine->kind == ENGINE_PODMAN)
        return add_by_name(request, spec, err);
    if (engine_cdi_devices(session->engine, &cdi, err) < 0)
        return -1;
    if (!has_driver && !cdi_can(request, &cdi))
        return no_gpu("this server has no such GPU", err);
    spec->device_requests = gpu_device_requests(request, &cdi);
    return 0;
}

int container_gpus_add(const struct session *session, const struct gpu_request *asked,
    struct container_spec *spec, char **ret_label, struct error *err)
{
    _cleanup_(gpu_devices_release) struct gpu_devices found = {0};
    struct gpu_request request = *asked; /* borrows the devices */

    gpu_devices_find("", &found);
    if (request.choice == GPU_DEFAULT)
        request.choice = found.nvidia || found.amd ? GPU_ALL : GPU_NONE;
    int added = 0;
    if (request.choice == GPU_NONE)
        strv_push(&spec->environment, NO_GPUS);
    else if (found.amd)
        added = add_amd(&request, &found, spec, err);
    else
        added = add_nvidia(session, &request, found.nvidia, spec, err);
    if (added < 0)
        return -1;
    *ret_label = gpu_request_label(&request);
    return 0;
}

int container_gpus_verify(const struct session *session, const char *id,
    const struct container_spec *spec, struct error *err)
{
    _cleanup_(container_release) struct container container = {0};

    if (!spec->device_requests || session->engine->kind != ENGINE_PODMAN)
        return 0;
    if (engine_container_inspect(session->engine, id, &container, err) < 0)
        return -1;
    if (container.has_devices)
        return 0;
    return no_gpu("this server's Podman is too old to give a container GPUs", err);
}
