/* Lists of packages, as they were typed behind options. */
#ifndef DS01_CMD_TYPED_PACKAGES_H
#define DS01_CMD_TYPED_PACKAGES_H

#include "base/error.h"
#include "base/strv.h"

/* pip_requirements_from_words() or apt_packages_from_words(). */
typedef int (*packages_reader)(const char *text, struct strv *ret, struct error *err);

/* Adds the packages of each of the values `typed`; ERROR_USAGE also where one names none. */
int typed_packages(
    const struct strv *typed, packages_reader read, struct strv *ret, struct error *err);

#endif
