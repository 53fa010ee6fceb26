/* What images there are, whose, how large, in use by what. */
#ifndef DS01_OPS_IMAGE_LIST_H
#define DS01_OPS_IMAGE_LIST_H

#include "ops/session.h"

struct image_list_request {
    bool all_users; /* every ds01 image on the engine */
    bool unique;    /* find the unique bytes also where that takes the engine long */
    bool orphans;   /* instead: committed images of AIME's tools and the original's */
};

enum image_state {
    IMAGE_READY,      /* labelled for this user */
    IMAGE_OTHER_USER, /* labelled for another uid or gid */
    IMAGE_NO_SETUP,   /* no user setup in it */
    IMAGE_NOT_BUILT,  /* a Dockerfile without an image */
    IMAGE_IN_USE,     /* committed, and a container needs it */
    IMAGE_ORPHAN,     /* committed, and none does */
};

struct image_row {
    char *project;          /* or NULL */
    char *tag;              /* of one that was saved beside the project's image; else NULL */
    char *image;            /* reference */
    char *id;               /* NULL when not built */
    char *framework;        /* or NULL */
    int64_t size;           /* bytes; -1 unknown */
    int64_t unique;         /* bytes that go with it: see image_retire(); -1 unknown */
    int64_t created;        /* seconds since 1970; 0 unknown */
    struct strv containers; /* names of those made from it */
    struct strv builds;     /* ids of the images that go with it */
    enum image_state state;
};

struct image_rows {
    struct image_row *rows;
    size_t count;
};

const char *image_state_name(enum image_state state);

/* "proj", or "proj:tag" of one that was saved beside it; the caller frees it. */
char *image_row_name(const struct image_row *row);

/* Sorted by name, what was saved of a project behind its image. */
int image_list(const struct session *session, const struct image_list_request *request,
    struct image_rows *ret, struct error *err);

void image_rows_release(struct image_rows *rows);

#endif
