/* Which GPUs the server has, as far as a look at /proc and /dev tells: no library is loaded. */
#ifndef DS01_HOST_GPU_DEVICES_H
#define DS01_HOST_GPU_DEVICES_H

#include <stdbool.h>

#include "base/strv.h"

struct gpu_devices {
    bool nvidia;         /* the driver is loaded and has a GPU */
    bool amd;            /* /dev/kfd is there, and no NVIDIA GPU */
    struct strv devices; /* AMD: the files a container needs */
    struct strv groups;  /* AMD: numeric gids that own them */
};

/* `root` is "" for this machine; a test looks elsewhere. */
void gpu_devices_find(const char *root, struct gpu_devices *ret);
void gpu_devices_release(struct gpu_devices *devices);

#endif
