/*
 * Packages by the traces that an installer leaves among a container's files: each version has
 * one of its own, so a package whose version changed has two, one added and one removed.
 */
#ifndef DS01_MODEL_TRACED_PACKAGES_H
#define DS01_MODEL_TRACED_PACKAGES_H

#include <stdbool.h>
#include <stddef.h>

struct traced_package {
    char *place; /* where it is installed: of each name there is one in a place */
    char *name;
    char *key;    /* the name as it is compared */
    char *before; /* its version in the image; NULL: not there */
    char *after;  /* in the container; NULL: not there any more */
    char *trace;  /* path of its trace in the container, or NULL */
    /* Of Python packages: */
    bool asked_for;  /* by name, not as a dependency; of all, where installers tell of none */
    bool has_source; /* direct_url.json: it did not come from an index */
};

struct traced_packages {
    struct traced_package *packages;
    size_t count;
};

/* Takes the package that one trace tells of; the strings are the list's from now on. */
void traced_packages_add(struct traced_packages *all, struct traced_package package);

/* In the order of place and key, and of all traces of a package makes one. */
void traced_packages_merge(struct traced_packages *all);

void traced_packages_release(struct traced_packages *all);

#endif
