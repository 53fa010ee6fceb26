#include "host/sound_devices.h"

#include <dirent.h>
#include <sys/stat.h>

#include "base/xalloc.h"

#define SOUND_FOLDER "/dev/snd"

static void directory_close(DIR **dir)
{
    if (*dir)
        closedir(*dir);
}

void sound_devices_find(const char *root, struct strv *devices, struct strv *groups)
{
    _cleanup_free_ char *folder = xasprintf("%s" SOUND_FOLDER, root);
    _cleanup_(directory_close) DIR *dir = opendir(folder);

    for (const struct dirent *entry; dir && (entry = readdir(dir));) {
        struct stat st;
        /* "by-path" and "by-id" are folders of links. */
        if (entry->d_name[0] == '.' || fstatat(dirfd(dir), entry->d_name, &st, 0) < 0 ||
            S_ISDIR(st.st_mode))
            continue;
        _cleanup_free_ char *gid = xasprintf("%u", (unsigned)st.st_gid);
        strv_take(devices, xasprintf(SOUND_FOLDER "/%s", entry->d_name));
        if (!strv_contains(groups, gid))
            strv_push(groups, gid);
    }
}
