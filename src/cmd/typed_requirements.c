#include "cmd/typed_requirements.h"

#include <string.h>

int typed_requirements(const struct strv *typed, const char **ret, struct error *err)
{
    for (size_t i = 1; i < typed->count; i++) {
        const char *first = typed->items[0], *other = typed->items[i];
        if (strcmp(first, other) == 0)
            continue;
        error_set(
            err, ERROR_USAGE, "-r takes one file, and there are two: %s and %s", first, other);
        return error_hint(err, "write '-r %s' as a line into %s, which pip follows; then: -r %s",
            other, first, first);
    }
    *ret = typed->count ? typed->items[0] : NULL;
    return 0;
}
