/*
 * The labels: every key ds01 writes or reads, once.
 *
 * AIME's ten on containers (FACTS 1.3), the document's four on images, ours.
 * AIME's `mlc list` splits the flat label string at commas, so no value of ours
 * may hold one: label_value_ok() is asked before anything is written.
 */
#ifndef DS01_MODEL_LABEL_H
#define DS01_MODEL_LABEL_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/strv.h"

#define LABEL_MLC          "aime.mlc"
#define LABEL_NAME         "aime.mlc.NAME"
#define LABEL_USER         "aime.mlc.USER"
#define LABEL_ARCH         "aime.mlc.ARCH"
#define LABEL_MLC_VERSION  "aime.mlc.MLC_VERSION"
#define LABEL_WORK_MOUNT   "aime.mlc.WORK_MOUNT"
#define LABEL_DATA_MOUNT   "aime.mlc.DATA_MOUNT"
#define LABEL_MODELS_MOUNT "aime.mlc.MODELS_MOUNT"
#define LABEL_FRAMEWORK    "aime.mlc.FRAMEWORK"
#define LABEL_GPUS         "aime.mlc.GPUS"

#define LABEL_MLC_VERSION_VALUE "4"

#define LABEL_HAS_USER_SETUP "aime.mlc.DS01_HAS_USER_SETUP"
#define LABEL_USER_ID        "aime.mlc.DS01_USER_ID"
#define LABEL_GROUP_ID       "aime.mlc.DS01_GROUP_ID"
#define LABEL_USERNAME       "aime.mlc.DS01_USERNAME"
#define LABEL_MANAGED        "aime.mlc.DS01_MANAGED"
#define LABEL_PROJECT        "aime.mlc.DS01_PROJECT"
#define LABEL_DS01_FRAMEWORK "aime.mlc.DS01_FRAMEWORK"
#define LABEL_MAINTAINER     "maintainer"

#define LABEL_CUSTOM_IMAGE     "aime.mlc.CUSTOM_IMAGE"
#define LABEL_WORKSPACE_FOLDER "devcontainer.workspaceFolder"

/* On what exists only for a while: "<boot id>;<pid>;<start time>" of who made it. */
#define LABEL_TEMPORARY "aime.mlc.DS01_TEMPORARY"

/*
 * On the image that holds a lab's files for its builds: what is in it. LABEL_TEMPORARY there
 * says whose build it was made for.
 */
#define LABEL_NETWORK "aime.mlc.DS01_NETWORK"

/* On every container: who made it, in the same form. */
#define LABEL_CREATED_BY "aime.mlc.DS01_CREATED_BY"

/*
 * "true" on what a deploy makes: the container it is about to start, and the temporary one of
 * a user setup. Of those whose maker is dead, the temporary ones and those that were never
 * started are leftovers.
 */
#define LABEL_DEPLOY "aime.mlc.DS01_DEPLOY"

/*
 * On every container: the file that a user setup written into it writes last, or "-". A container
 * that was never started and lacks the file is half made.
 */
#define LABEL_LAST_SETUP_FILE "aime.mlc.DS01_LAST_SETUP_FILE"

/*
 * "true" on a container that runs a command of the user's, "false" on one where a shell idles:
 * always written, since an image that was saved from a container has its labels.
 */
#define LABEL_JOB "aime.mlc.DS01_JOB"

/*
 * On an image that was committed for one user: the id of the image it was made from, by
 * which it is found again.
 */
#define LABEL_COMMITTED_FROM "aime.mlc.DS01_COMMITTED_FROM"

/*
 * On an image that container-retire saved: the name of the container. The image's Dockerfile does
 * not tell of all that is in it.
 */
#define LABEL_SAVED_FROM "aime.mlc.DS01_SAVED_FROM"

/* `text` as a value: commas and control characters are ';'. The caller frees it. */
char *label_value(const char *text);

/* False for a value with a comma or a control character. */
bool label_value_ok(const char *value);

/* The uid in LABEL_USER_ID; false where there is none. */
bool label_user_id(const struct strmap *labels, uid_t *ret);

/* What an image's labels say of the user baked into it. */
struct image_ownership {
    bool has_user_setup; /* the label says "true" and both ids are numbers */
    uid_t uid;
    gid_t gid;
    const char *username;  /* borrowed from the map; NULL when absent */
    const char *project;   /* likewise */
    const char *framework; /* likewise */
    bool managed;
};

/* Reads the document's keys and, where one is absent, the later `ds01.*` ones (FACTS 0, 2.5). */
void image_ownership_from_labels(const struct strmap *labels, struct image_ownership *ret);

#endif
