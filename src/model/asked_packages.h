/* Packages that somebody asks for, before any file is looked at. */
#ifndef DS01_MODEL_ASKED_PACKAGES_H
#define DS01_MODEL_ASKED_PACKAGES_H

#include "base/error.h"
#include "base/strv.h"
#include "model/package_command.h"

/*
 * Can all of it be meant? ERROR_USAGE for a package that is both to be added and to be removed,
 * or to be added in two different ways. The lists hold checked requirements (requirement.h);
 * `removed` may be NULL.
 */
int asked_packages_check(enum package_kind kind, const struct strv *added,
    const struct strv *removed, struct error *err);

/*
 * Leaves of each package only the first item, however it is written, as suits a list of packages
 * to be removed: nothing can be removed twice. What has no known name stays.
 */
void asked_packages_once(enum package_kind kind, struct strv *packages);

#endif
