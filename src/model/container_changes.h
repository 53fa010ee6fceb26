/*
 * What a container has that its image has not: packages and files, and which of it a
 * Dockerfile can be told to bring.
 */
#ifndef DS01_MODEL_CONTAINER_CHANGES_H
#define DS01_MODEL_CONTAINER_CHANGES_H

#include "model/file_changes.h"

enum changed_by { CHANGED_BY_PIP, CHANGED_BY_APT, CHANGED_BY_CONDA };

struct changed_package {
    enum changed_by by;
    char *name;
    char *before;   /* its version in the image; NULL: none, or not known */
    char *after;    /* in the container; NULL: it was removed */
    char *source;   /* what pip was given in place of an index, or NULL */
    bool local;     /* `source` is a path inside the container */
    bool editable;  /* and the package is used from there: pip install -e */
    bool in_image;  /* in some version */
    bool asked_for; /* by name, not as a dependency of another one */
};

struct container_changes {
    struct changed_package *packages; /* by kind and name */
    size_t count;
    struct file_changes files; /* those of no package */
    struct strv volumes;       /* places of which some are: no image holds what is there */
    bool incomplete;           /* the volumes hold more than was looked at */
    size_t temporary;          /* files below /tmp, which are not among them */
    char *home;                /* of the user inside */
};

/* Adds a package, whose strings it takes; one whose version is the image's is none. */
void container_changes_add(struct container_changes *changes, struct changed_package package);

/* Puts the packages in their order. */
void container_changes_sort(struct container_changes *changes);

/* Notes which of these places, where volumes are, hold some of the files. */
void container_changes_note_volumes(struct container_changes *changes, const struct strv *volumes);

/* True when nothing would be lost with the container. */
bool container_changes_empty(const struct container_changes *changes);

/* "3 files below /tmp and /var/tmp", or NULL where there are none; the caller frees it. */
char *container_changes_temporary_text(const struct container_changes *changes);

/* What image-update takes: checked requirements that bring the packages that were asked for. */
struct changes_offer {
    struct strv pip;
    struct strv apt;
};

void container_changes_offer(const struct container_changes *changes, struct changes_offer *ret);

/* True when the container has more than the offer would bring, dependencies aside. */
bool container_changes_exceed_offer(const struct container_changes *changes);

/* "image-update PROJECT --add …", fit for a shell, or NULL where nothing is on offer. */
char *changes_offer_command(const struct changes_offer *offer, const char *project);

/*
 * A sentence on what was asked for and no `image-update --add` brings, since no package index has
 * it, and how to keep it; NULL where there is nothing of that kind. `project` is NULL where
 * there is no Dockerfile to update. The caller frees it.
 */
char *changes_left_out_text(const struct container_changes *changes, const char *project);

/* "pip", "apt", "conda" */
const char *changed_by_name(enum changed_by by);

void container_changes_release(struct container_changes *changes);
void changes_offer_release(struct changes_offer *offer);

#endif
