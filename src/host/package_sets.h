/*
 * Sets of packages by what they are for (`image-create --type`): data/package_sets.yaml, built
 * in, and an admin's /etc/ds01/package_sets.yaml, whose sets are added or take the place of
 * those of the same name.
 *
 *   cv:
 *     summary: computer vision
 *     extends: cv                       # begins with the packages of a set that is there
 *     pip: [timm, "kornia>=0.7"]        # or in one text: timm kornia
 *     apt: [libgl1]
 */
#ifndef DS01_HOST_PACKAGE_SETS_H
#define DS01_HOST_PACKAGE_SETS_H

#include "base/error.h"
#include "base/strv.h"

/* Sets that options and recipes ask for by name. */
#define SET_JUPYTER      "jupyter"
#define SET_DATA_SCIENCE "data-science"
#define SET_SYSTEM       "system"

#define PACKAGE_SETS_TEXT_MAX ((size_t)1 << 20) /* bytes */

struct package_set {
    char *name; /* [a-z0-9-]+ */
    char *summary;
    struct strv pip; /* checked requirements */
    struct strv apt; /* checked package names */
};

struct package_sets {
    struct package_set *sets;
    size_t count;
};

/* Built-in sets and the admin's. A damaged file is ERROR_FAILED, with its name and the line. */
int package_sets_load(struct package_sets *ret, struct error *err);

/* Adds the sets of a YAML text to *ret; on failure *ret is as it was. */
int package_sets_parse(
    const char *text, size_t length, struct package_sets *ret, struct error *err);

/* The set of that name; borrowed. ERROR_USAGE names the nearest, or all. */
int package_sets_find(const struct package_sets *sets, const char *name,
    const struct package_set **ret, struct error *err);

void package_sets_release(struct package_sets *sets);

#endif
