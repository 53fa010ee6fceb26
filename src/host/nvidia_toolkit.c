#include "host/nvidia_toolkit.h"

#include <limits.h>

#include "base/xalloc.h"

#define LIBRARY "libnvidia-container.so"

char *nvidia_toolkit_version(const char *root)
{
    static const char *const folders[] = {"/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu",
        "/usr/lib64", "/usr/lib", "/usr/local/lib"};

    for (size_t i = 0; i < ELEMENTS(folders); i++) {
        _cleanup_free_ char *link = xasprintf("%s%s/" LIBRARY ".1", root, folders[i]);
        char target[PATH_MAX];
        ssize_t length = readlink(link, target, sizeof(target) - 1);
        if (length <= 0)
            continue;
        target[length] = '\0';
        const char *name = strstr(target, LIBRARY ".");
        if (name && name[strlen(LIBRARY ".")])
            return xstrdup(name + strlen(LIBRARY "."));
    }
    return NULL;
}

bool nvidia_toolkit_is_installed(const char *root)
{
    static const char *const programs[] = {"/usr/bin/nvidia-container-runtime-hook",
        "/usr/bin/nvidia-container-toolkit", "/usr/bin/nvidia-container-runtime",
        "/usr/local/bin/nvidia-container-runtime", "/usr/local/nvidia/toolkit"};

    for (size_t i = 0; i < ELEMENTS(programs); i++) {
        _cleanup_free_ char *path = xasprintf("%s%s", root, programs[i]);
        if (access(path, F_OK) == 0)
            return true;
    }
    return false;
}
