/* What the engine says of itself and its host: GET /info, GET /version. */
#ifndef DS01_ENGINE_INFO_H
#define DS01_ENGINE_INFO_H

#include "engine/engine.h"

#define ENGINE_API_DISCOVERED_DEVICES 150 /* /info has DiscoveredDevices */

struct engine_info {
    char *root;              /* directory of its images and containers, or NULL */
    struct strv runtimes;    /* names: "runc", "nvidia" */
    struct strv cdi_devices; /* "nvidia.com/gpu=GPU-…"; none where it does not tell */
    struct strmap versions;  /* of its parts: "Engine", "runc", "containerd" … */
};

/*
 * Both requests; the second takes tens of milliseconds, since old engines run their parts to
 * ask for their versions. An absent field is empty.
 */
int engine_info(struct engine *engine, struct engine_info *ret, struct error *err);

void engine_info_release(struct engine_info *info);

/* The directory of its images and containers, the caller's; NULL where it does not tell. */
int engine_root(struct engine *engine, char **ret, struct error *err);

/*
 * The CDI devices the engine knows, as "nvidia.com/gpu=GPU-…"; none where it does not tell
 * (before 1.50, or CDI switched off).
 */
int engine_cdi_devices(struct engine *engine, struct strv *ret_devices, struct error *err);

#endif
