/* What the engine says of its host: GET /info. */
#ifndef DS01_ENGINE_INFO_H
#define DS01_ENGINE_INFO_H

#include "engine/engine.h"

#define ENGINE_API_DISCOVERED_DEVICES 150 /* /info has DiscoveredDevices */

/*
 * The CDI devices the engine knows, as "nvidia.com/gpu=GPU-…"; none where it does not tell
 * (before 1.50, or CDI switched off).
 */
int engine_cdi_devices(struct engine *engine, struct strv *ret_devices, struct error *err);

#endif
