#include "host/compute_capability.h"

#include <dlfcn.h>

#include "base/cleanup.h"

#define LIBRARY "libnvidia-ml.so.1"

/* NVML's C interface (nvml.h); every call returns 0 when it worked. */
struct nvml {
    int (*init)(void);
    int (*shutdown)(void);
    int (*count)(unsigned *count);
    int (*handle)(unsigned index, void **device);
    int (*capability)(void *device, int *major, int *minor);
};

static void library_close(void **library)
{
    if (*library)
        dlclose(*library);
}

static int load_symbols(void *library, struct nvml *nvml)
{
    const struct {
        const char *name;
        void *target;
    } symbols[] = {
        {"nvmlInit_v2", &nvml->init},
        {"nvmlShutdown", &nvml->shutdown},
        {"nvmlDeviceGetCount_v2", &nvml->count},
        {"nvmlDeviceGetHandleByIndex_v2", &nvml->handle},
        {"nvmlDeviceGetCudaComputeCapability", &nvml->capability},
    };

    for (size_t i = 0; i < ELEMENTS(symbols); i++) {
        void *symbol = dlsym(library, symbols[i].name);
        if (!symbol)
            return -1;
        memcpy(symbols[i].target, &symbol, sizeof(symbol));
    }
    return 0;
}

static size_t ask_cards(const struct nvml *nvml, int *ret, size_t max)
{
    unsigned cards = 0;
    size_t known = 0;

    if (nvml->count(&cards) != 0)
        return 0;
    for (unsigned i = 0; i < cards && known < max; i++) {
        void *device = NULL;
        int major = 0, minor = 0;
        if (nvml->handle(i, &device) == 0 && nvml->capability(device, &major, &minor) == 0)
            ret[known++] = 10 * major + minor;
    }
    return known;
}

size_t compute_capabilities(int *ret, size_t max)
{
    _cleanup_(library_close) void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    struct nvml nvml;

    if (!library || load_symbols(library, &nvml) < 0 || nvml.init() != 0)
        return 0;
    size_t known = ask_cards(&nvml, ret, max);
    nvml.shutdown();
    return known;
}
