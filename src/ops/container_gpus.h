/* GPUs of a container: what was asked for, and how this engine gives it. */
#ifndef DS01_OPS_CONTAINER_GPUS_H
#define DS01_OPS_CONTAINER_GPUS_H

#include "engine/container.h"
#include "host/gpu_devices.h"
#include "model/gpu.h"
#include "ops/session.h"

/*
 * The body of DeviceRequests for NVIDIA GPUs. CDI where the engine knows the devices by it
 * (`cdi`), since what it injects stays when systemd reloads; else the driver "nvidia". NULL
 * where the request is for none. The caller puts it. Pure.
 */
struct json_object *gpu_device_requests(const struct gpu_request *request, const struct strv *cdi);

/*
 * Adds to `spec` what the container needs for the GPUs asked for; by default all of the
 * server's, else none. A container without GPUs says so to images
 * that take all by themselves (NVIDIA_VISIBLE_DEVICES). *ret_label is for aime.mlc.GPUS, the
 * caller's. ERROR_REFUSED where the server has no GPU, or not by that name.
 */
int container_gpus_add(const struct session *session, const struct gpu_request *asked,
    struct container_spec *spec, char **ret_label, struct error *err);

/*
 * After the start: an old Podman leaves out in silence what it cannot give, so there the
 * container is looked at. ERROR_REFUSED when it has none of those asked for.
 */
int container_gpus_verify(const struct session *session, const char *id,
    const struct container_spec *spec, struct error *err);

#endif
