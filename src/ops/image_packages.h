/*
 * What packages that are asked for meet in a project's files: a line of the Dockerfile that has
 * them already, a requirements file that names them too.
 */
#ifndef DS01_OPS_IMAGE_PACKAGES_H
#define DS01_OPS_IMAGE_PACKAGES_H

#include "host/requirements_bundle.h"
#include "model/dockerfile_edit.h"
#include "ops/session.h"

/* A project's files before they are edited. */
struct image_packages {
    const char *project;
    struct installed_packages installed;            /* by the Dockerfile */
    const struct requirements_bundle *requirements; /* that will be installed; may be empty */
};

/* Reads the Dockerfile. ERROR_USAGE where it does not parse. */
int image_packages_open(const char *project, const char *text, size_t length,
    const struct requirements_bundle *requirements, struct image_packages *ret, struct error *err);

/*
 * Tells the observer which packages to be added are there already, and which lines will change.
 * Appends to ret_add the Python packages that remain to be added: one that a requirements file
 * names in the same way, or that is asked for only by name, does not.
 */
void image_packages_tell_added(const struct session *session, const struct image_packages *packages,
    const struct dockerfile_edit *edit, struct strv *ret_add);

/* ERROR_NOT_FOUND for a package to be removed that only the requirements file names. */
int image_packages_check_removed(
    const struct image_packages *packages, const struct strv *removed, struct error *err);

/*
 * Tells of packages that were added or removed and that the requirements file names too; of the
 * added ones, by the new Dockerfile, which of both decides.
 */
void image_packages_tell_required(const struct session *session,
    const struct image_packages *packages, const struct dockerfile_edit *edit, const char *text,
    size_t length);

/*
 * Warns where a Dockerfile that is to be built names versions without quotes ("numpy>=1.24"): the
 * shell takes them for files to write and read, and pip sees none.
 */
void image_packages_warn_of_lost(
    const struct session *session, const char *project, const char *text, size_t length);

/*
 * Appends what a project's Dockerfile installs of one kind, as and in the order it is written
 * there. ERROR_NOT_FOUND without a Dockerfile, ERROR_USAGE where it does not parse.
 */
int image_packages_list(const struct session *session, const char *project, enum package_kind kind,
    struct strv *ret, struct error *err);

void image_packages_release(struct image_packages *packages);

#endif
