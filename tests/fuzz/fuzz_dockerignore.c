/* The patterns of a .dockerignore up to the first NUL byte; the path they meet behind it. */
#include "fuzz.h"

#include "engine/dockerignore.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *nul = memchr(data, '\0', size);
    size_t length = nul ? (size_t)(nul - data) : size;
    _cleanup_free_ char *path =
        nul ? xstrndup((const char *)nul + 1, size - length - 1) : xstrdup("a/b");
    _cleanup_(error_release) struct error err = ERROR_INIT;
    struct dockerignore *ignore = NULL;

    if (dockerignore_new((const char *)data, length, &ignore, &err) < 0)
        return 0;
    /* What is taken back in below a directory is found only where that was said to be so. */
    char *slash = strrchr(path, '/');
    bool excluded = dockerignore_excludes(ignore, path);
    if (slash && slash > path) {
        *slash = '\0';
        require(excluded || !dockerignore_excludes(ignore, path) ||
                dockerignore_may_include_below(ignore, path));
    }
    dockerignore_free(ignore);
    return 0;
}
