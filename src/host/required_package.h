/* Where a requirements file names a package: in its own lines, or in a file that it includes. */
#ifndef DS01_HOST_REQUIRED_PACKAGE_H
#define DS01_HOST_REQUIRED_PACKAGE_H

#include "host/requirements_bundle.h"

struct required_package {
    char *text;  /* the requirement: "numpy>=1.24" */
    char *file;  /* the path, in the bundle, of the file that names it; NULL: the first one */
    size_t line; /* in that file, from 1 */
};

/*
 * The first that has `key` (package_key()). Constraints do not count: they install nothing. False
 * where there is none; *ret is then left alone.
 */
bool required_package_find(
    const struct requirements_bundle *bundle, const char *key, struct required_package *ret);

void required_package_release(struct required_package *package);

#endif
