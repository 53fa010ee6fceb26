#include "engine/archive_library.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>

#define LIBRARY_NAME "libarchive.so.13"

static const struct {
    const char *symbol;
    size_t offset;
} functions[] = {
#define ARCHIVE_SYMBOL(name) {"archive_" #name, offsetof(struct archive_library, name)},
    ARCHIVE_FUNCTIONS(ARCHIVE_SYMBOL)
#undef ARCHIVE_SYMBOL
};

static int library_error(struct error *err)
{
    const char *reason = dlerror();

    error_set(err, ERROR_FAILED, "cannot load " LIBRARY_NAME ", which packs and unpacks files (%s)",
        reason ? reason : "no reason given");
    return error_hint(err, "install the package libarchive13");
}

static int load_functions(struct archive_library *library, struct error *err)
{
    void *handle = dlopen(LIBRARY_NAME, RTLD_NOW | RTLD_LOCAL);

    if (!handle)
        return library_error(err);
    for (size_t i = 0; i < ELEMENTS(functions); i++) {
        void *function = dlsym(handle, functions[i].symbol);
        if (!function) {
            library_error(err);
            dlclose(handle);
            return -1;
        }
        memcpy((char *)library + functions[i].offset, &function, sizeof(function));
    }
    return 0;
}

int archive_library_load(const struct archive_library **ret, struct error *err)
{
    static struct archive_library library;
    static bool loaded;

    if (!loaded && load_functions(&library, err) < 0)
        return -1;
    loaded = true;
    *ret = &library;
    return 0;
}
