/* Dockerfile -> image, with the user baked in last. */
#ifndef DS01_OPS_IMAGE_CREATE_H
#define DS01_OPS_IMAGE_CREATE_H

#include "model/recipe.h"
#include "ops/session.h"

struct image_create_request {
    const char *project; /* a valid project name */

    /* What to make it from; all empty: the project's Dockerfile as it is. */
    const char *framework;    /* "pytorch", "tf=2.14": ops/framework.h; or */
    const char *architecture; /* for the framework; NULL: found out */
    const char *base;         /* image reference */
    const struct strv *sets;  /* names of package sets: host/package_sets.h */
    bool jupyter;             /* these two are sets as well */
    bool data_science;
    const struct strv *pip;   /* checked requirements */
    const struct strv *apt;   /* checked package names; NULL: those a framework comes with */
    const char *requirements; /* path of a requirements file of the user's */
    const char *dockerfile;   /* path of a Dockerfile of the user's */
    /*
     * The build context: of `dockerfile` (NULL: the folder it is in), or where that of the project,
     * which has one, is now.
     */
    const char *context;

    bool no_build; /* only write the Dockerfile */
    bool no_cache;
    bool pull;
    bool force;   /* replace an image that exists */
    bool dry_run; /* change nothing: only say what would be built */
};

struct image_create_result {
    char *image;                    /* reference */
    char *id;                       /* "sha256:…"; NULL when nothing was built */
    char *dockerfile_path;          /* where the Dockerfile is kept */
    char *dockerfile;               /* its text */
    char *context;                  /* directory, or NULL */
    char *backup_path;              /* of the Dockerfile that was replaced, or NULL */
    char *requirements_backup_path; /* the same of the requirements file */
};

/*
 * ERROR_REFUSED when the image exists and `force` is not set; ERROR_USAGE when nothing says
 * what to make it from. On any failure Dockerfile, requirements file and image are as they were.
 */
int image_create(const struct session *session, const struct image_create_request *request,
    struct image_create_result *ret, struct error *err);

/* ERROR_USAGE: a build context goes with a Dockerfile of the user's only. Returns -1. */
int image_create_no_context(struct error *err);

void image_create_result_release(struct image_create_result *result);

#endif
