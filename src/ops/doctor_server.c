#include "base/file.h"
#include "base/xalloc.h"
#include "host/gpu_devices.h"
#include "host/nvidia_toolkit.h"
#include "model/gpu.h"
#include "model/known_holes.h"
#include "model/size.h"
#include "ops/doctor_checks.h"

/* A framework's image takes 10 to 20 GB, and a build as much again for a while. */
#define STORAGE_LOW ((int64_t)40 * 1000 * 1000 * 1000)
#define HOME_LOW    ((int64_t)1000 * 1000 * 1000)

int check_engine(struct examination *examination, struct error *err)
{
    return examination->engine_answers ? 0 : error_move(err, &examination->engine_error);
}

static const char has_holes[] = "has known holes, through which a container can reach the server; "
                                "they are closed in";
static const char may_crash[] = "can crash when a build with --no-cache runs beside one that is "
                                "interrupted; that is mended in";

static void check_part(struct examination *examination, const char *part, const char *shown,
    const char *version, const char *fault, const char *update)
{
    const char *closed = version ? known_holes_closed_in(part, version) : NULL;

    if (!closed)
        return;
    examination_find(examination, shown,
        xasprintf("%s %s %s %s%s", shown, version, fault, closed,
            version_is_distribution_build(version)
                ? ", and perhaps in newer builds of the distribution's"
                : ""),
        xstrdup(update));
}

int check_versions(struct examination *examination, struct error *err)
{
    const struct strmap *versions = &examination->info.versions;
    _cleanup_free_ char *toolkit = nvidia_toolkit_version("");
    static const char update[] = "ask the administrator to update the engine of this server";

    if (examination->session->engine->kind == ENGINE_DOCKER) {
        const char *docker = strmap_get(versions, PART_DOCKER);
        check_part(examination, PART_DOCKER, "Docker", docker, has_holes, update);
        check_part(examination, PART_DOCKER_BUILDER, "Docker", docker, may_crash, update);
    }
    check_part(examination, PART_RUNC, "runc", strmap_get(versions, PART_RUNC), has_holes, update);
    check_part(examination, PART_NVIDIA_TOOLKIT, "NVIDIA's container toolkit", toolkit, has_holes,
        "ask the administrator to update nvidia-container-toolkit");
    return 0;
}

static void check_room(
    struct examination *examination, const char *path, const char *what, int64_t low, char *cure)
{
    int64_t bytes = path ? file_system_free(path) : -1;

    if (bytes < 0 || bytes >= low) {
        free(cure);
        return;
    }
    _cleanup_free_ char *size = size_format(bytes);
    examination_find(
        examination, path, xasprintf("only %s are left %s (%s)", size, what, path), cure);
}

int check_storage(struct examination *examination, struct error *err)
{
    check_room(examination, examination->info.root, "for images and containers", STORAGE_LOW,
        xstrdup("ds01 gc removes what nothing needs; image-list --output +UNIQUE shows what else "
                "could go"));
    check_room(examination, examination->session->caller->home, "in your home", HOME_LOW,
        xstrdup("du -sh ~/* ~/.cache shows what is large"));
    return 0;
}

int check_gpus(struct examination *examination, struct error *err)
{
    _cleanup_(gpu_devices_release) struct gpu_devices found = {0};
    const struct engine_info *info = &examination->info;
    bool podman = examination->session->engine->kind == ENGINE_PODMAN;

    gpu_devices_find("", &found);
    if (!found.nvidia || gpu_engine_knows(&info->runtimes, &info->cdi_devices, podman) ||
        (!podman && nvidia_toolkit_is_installed("")))
        return 0;
    examination_find(examination, NULL,
        xstrdup("this server has NVIDIA GPUs, but the engine has no way to give them to "
                "containers"),
        xstrdup(podman ? "ask the administrator to run: nvidia-ctk cdi generate "
                         "--output=/etc/cdi/nvidia.yaml"
                       : "ask the administrator to install nvidia-container-toolkit and to run: "
                         "nvidia-ctk runtime configure --runtime=docker"));
    return 0;
}
