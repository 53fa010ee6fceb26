/*
 * What dpkg and apt write down about their packages (deb-control(5), dpkg(1), the files
 * under /var/lib/dpkg and /var/lib/apt/extended_states). The texts come from inside a
 * container: what makes no sense in them is passed over.
 */
#ifndef DS01_MODEL_DEBIAN_PACKAGES_H
#define DS01_MODEL_DEBIAN_PACKAGES_H

#include <stdbool.h>
#include <stddef.h>

#include "model/file_changes.h"

#define DPKG_STATUS "/var/lib/dpkg/status"
#define DPKG_INFO   "/var/lib/dpkg/info"
#define APT_STATES  "/var/lib/apt/extended_states"

struct debian_package {
    char *name;
    char *architecture;
    char *version;
};

struct debian_packages {
    struct debian_package *packages;
    size_t count;
};

/* The packages that are installed, by the text of DPKG_STATUS. */
void debian_packages_parse(const char *text, size_t length, struct debian_packages *ret);

/* The names of those that came as dependencies, by the text of APT_STATES. */
void debian_automatic_parse(const char *text, size_t length, struct strv *ret_names);

/*
 * By the name of a list in DPKG_INFO, "jq" or "libjq1:amd64"; NULL for one that is not
 * installed.
 */
const struct debian_package *debian_packages_find(
    const struct debian_packages *packages, const char *list);

/*
 * The names of the lists in DPKG_INFO that have changed so, without ".list": one for each
 * package that was unpacked or removed. The changes are as the engine reports them.
 */
void debian_lists_find(
    const struct file_changes *changes, enum file_change change, struct strv *ret_names);

/*
 * The paths that a list names, added to `ret_paths` as they are where /bin, /lib and /sbin are
 * links to those in /usr: by both names.
 */
void debian_list_paths(const char *text, size_t length, struct strv *ret_paths);

/*
 * What an installation makes besides and no list names: links of update-alternatives(1), start
 * links, indexes and caches. Adds those of the changed paths to `ret_paths`.
 */
void debian_byproducts_find(const struct file_changes *changes, struct strv *ret_paths);

void debian_packages_release(struct debian_packages *packages);

#endif
