#include "host/gpu_devices.h"

#include <dirent.h>
#include <sys/stat.h>

#include "base/xalloc.h"

#define RENDER_PREFIX "renderD"

static void directory_close(DIR **dir)
{
    if (*dir)
        closedir(*dir);
}

/* True when the directory holds anything: the driver makes one entry a GPU. */
static bool has_entries(const char *path)
{
    _cleanup_(directory_close) DIR *dir = opendir(path);

    for (const struct dirent *entry; dir && (entry = readdir(dir));)
        if (entry->d_name[0] != '.')
            return true;
    return false;
}

/* A file the container needs, and the group that may use it. */
static bool add_device(const char *root, const char *device, struct gpu_devices *ret)
{
    _cleanup_free_ char *path = xasprintf("%s%s", root, device);
    struct stat st;

    if (stat(path, &st) < 0)
        return false;
    _cleanup_free_ char *gid = xasprintf("%u", (unsigned)st.st_gid);
    strv_push(&ret->devices, device);
    if (!strv_contains(&ret->groups, gid))
        strv_push(&ret->groups, gid);
    return true;
}

void gpu_devices_find(const char *root, struct gpu_devices *ret)
{
    _cleanup_free_ char *nvidia = xasprintf("%s/proc/driver/nvidia/gpus", root);
    _cleanup_free_ char *dri = xasprintf("%s/dev/dri", root);

    *ret = (struct gpu_devices){.nvidia = has_entries(nvidia)};
    if (ret->nvidia || !add_device(root, "/dev/kfd", ret))
        return;
    ret->amd = true;
    _cleanup_(directory_close) DIR *dir = opendir(dri);
    for (const struct dirent *entry; dir && (entry = readdir(dir));) {
        if (strncmp(entry->d_name, RENDER_PREFIX, strlen(RENDER_PREFIX)) != 0)
            continue;
        _cleanup_free_ char *device = xasprintf("/dev/dri/%s", entry->d_name);
        add_device(root, device, ret);
    }
}

void gpu_devices_release(struct gpu_devices *devices)
{
    strv_release(&devices->devices);
    strv_release(&devices->groups);
    *devices = (struct gpu_devices){0};
}
