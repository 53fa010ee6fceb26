#include "model/gpu.h"

#include <ctype.h>

#include "base/xalloc.h"

#define DEVICE_PREFIX "device="
#define DEVICE_LENGTH 96 /* NVML's buffer for a UUID */

static int bad_request(const char *typed, struct error *err)
{
    error_set(err, ERROR_USAGE, "'%.100s' names no GPUs", typed);
    return error_hint(
        err, "write --gpus all, none, a number, or UUIDs as nvidia-smi -L shows them");
}

static bool is_number(const char *text)
{
    return *text && strspn(text, "0123456789") == strlen(text) && strlen(text) <= 4;
}

/* "GPU-…", "MIG-…" with letters, digits, '-' and '/' (old MIG names), or an index. */
static bool is_device(const char *text)
{
    if (is_number(text))
        return true;
    if ((strncmp(text, "GPU-", 4) != 0 && strncmp(text, "MIG-", 4) != 0) || !text[4] ||
        strlen(text) >= DEVICE_LENGTH)
        return false;
    for (const char *c = text + 4; *c; c++)
        if (!isalnum((unsigned char)*c) && !strchr("-/", *c))
            return false;
    return true;
}

static int parse_devices(
    const char *typed, const char *list, struct gpu_request *request, struct error *err)
{
    for (;;) {
        size_t length = strcspn(list, ",");
        _cleanup_free_ char *device = xstrndup(list, length);
        if (!is_device(device))
            return bad_request(typed, err);
        if (strv_contains(&request->devices, device))
            return error_set(err, ERROR_USAGE, "the GPU %s is named twice", device);
        strv_push(&request->devices, device);
        if (!list[length])
            return 0;
        list += length + 1;
    }
}

static int parse(const char *typed, struct gpu_request *request, struct error *err)
{
    if (strcmp(typed, "all") == 0) {
        request->choice = GPU_ALL;
        return 0;
    }
    if (strcmp(typed, "none") == 0 || strcmp(typed, "0") == 0) {
        request->choice = GPU_NONE;
        return 0;
    }
    if (is_number(typed)) {
        request->choice = GPU_COUNT;
        request->count = (int)strtol(typed, NULL, 10);
        return request->count >= 1 && request->count <= GPU_COUNT_MAX ? 0 : bad_request(typed, err);
    }
    request->choice = GPU_DEVICES;
    bool prefixed = strncmp(typed, DEVICE_PREFIX, strlen(DEVICE_PREFIX)) == 0;
    return parse_devices(typed, prefixed ? typed + strlen(DEVICE_PREFIX) : typed, request, err);
}

int gpu_request_parse(const char *typed, struct gpu_request *ret, struct error *err)
{
    _cleanup_(gpu_request_release) struct gpu_request request = {0};

    if (parse(typed, &request, err) < 0)
        return -1;
    *ret = request;
    request = (struct gpu_request){0};
    return 0;
}

char *gpu_request_label(const struct gpu_request *request)
{
    switch (request->choice) {
    case GPU_ALL:
        return xstrdup("all");
    case GPU_COUNT:
        return xasprintf("%d", request->count);
    case GPU_DEVICES: {
        _cleanup_free_ char *list = strv_join(&request->devices, ";");
        return xasprintf(DEVICE_PREFIX "%s", list);
    }
    case GPU_DEFAULT:
    case GPU_NONE:
        break;
    }
    return xstrdup("none");
}

bool gpu_engine_knows(const struct strv *runtimes, const struct strv *cdi_devices, bool podman)
{
    static const char kind[] = "nvidia.com/gpu=";

    for (size_t i = 0; i < cdi_devices->count; i++)
        if (strncmp(cdi_devices->items[i], kind, strlen(kind)) == 0)
            return true;
    return !podman && strv_contains(runtimes, "nvidia");
}

void gpu_request_release(struct gpu_request *request)
{
    strv_release(&request->devices);
    *request = (struct gpu_request){0};
}
