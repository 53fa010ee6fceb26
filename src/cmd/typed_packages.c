#include "cmd/typed_packages.h"

int typed_packages(
    const struct strv *typed, packages_reader read, struct strv *ret, struct error *err)
{
    for (size_t i = 0; i < typed->count; i++) {
        size_t before = ret->count;
        if (read(typed->items[i], ret, err) < 0)
            return -1;
        if (ret->count > before)
            continue;
        error_set(err, ERROR_USAGE, "no package is named");
        return error_hint(err, "type the names with blanks between: \"numpy pandas\"");
    }
    return 0;
}
