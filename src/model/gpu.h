/* Which GPUs a container is to have, as people ask for them and as labels tell it. */
#ifndef DS01_MODEL_GPU_H
#define DS01_MODEL_GPU_H

#include "base/error.h"
#include "base/strv.h"

enum gpu_choice {
    GPU_DEFAULT, /* all of the server's where it has some, else none */
    GPU_NONE,
    GPU_ALL,
    GPU_COUNT,   /* `count` of them, the engine's choice */
    GPU_DEVICES, /* those named */
};

#define GPU_COUNT_MAX 1024

struct gpu_request {
    enum gpu_choice choice;
    int count;           /* 1 to GPU_COUNT_MAX, for GPU_COUNT */
    struct strv devices; /* UUIDs "GPU-…", "MIG-…", or indexes "0", for GPU_DEVICES */
};

/*
 * Reads what was typed: "all", "none", a number, UUIDs and indexes parted by commas, with or
 * without AIME's and docker's "device=" in front (only there a lone number is an index).
 * ERROR_USAGE for anything else, and for a device named twice.
 */
int gpu_request_parse(const char *typed, struct gpu_request *ret, struct error *err);

/*
 * As the label aime.mlc.GPUS says it: "all", "2", "device=GPU-a;GPU-b", "none"; never with a
 * comma (FACTS 1.3). The caller frees it. The choice is not GPU_DEFAULT.
 */
char *gpu_request_label(const struct gpu_request *request);

/*
 * Can an engine with these runtimes and CDI devices give NVIDIA's GPUs to containers? Podman
 * does so by CDI only.
 */
bool gpu_engine_knows(const struct strv *runtimes, const struct strv *cdi_devices, bool podman);

void gpu_request_release(struct gpu_request *request);

#endif
