/* A user's containers: ds01's, AIME's and the original's. */
#ifndef DS01_OPS_CONTAINER_LIST_H
#define DS01_OPS_CONTAINER_LIST_H

#include "engine/container.h"
#include "ops/session.h"

struct container_row {
    char *name;        /* as people say it */
    char *engine_name; /* "<name>._.<uid>" */
    char *id;
    char *owner;     /* login name, or NULL */
    char *project;   /* or NULL */
    char *state;     /* "running", "exited", "created" … */
    char *uptime;    /* "5 minutes" while it runs, else NULL */
    char *image;     /* reference, or an id when its name is gone */
    char *gpus;      /* or NULL */
    char *workspace; /* or NULL */
    int exit_code;   /* of the command that it ran, or -1 */
    int64_t created; /* seconds since 1970 */
    int64_t started; /* the same, while it runs; 0 until container_rows_find_started() */
    bool outdated;   /* its project's image has been rebuilt since */
};

struct container_rows {
    struct container_row *rows;
    size_t count;
};

/* Running ones first, then by name. */
int container_list(
    const struct session *session, bool all_users, struct container_rows *ret, struct error *err);

/* Asks when each running one was started: a request a container, a few milliseconds each. */
int container_rows_find_started(
    const struct session *session, struct container_rows *rows, struct error *err);

/* The login name in its labels (FACTS 1.3), borrowed; NULL where none of these tools made it. */
const char *container_owner(const struct container *container);

/*
 * True for a container that ds01, AIME's tools or the original made for the caller
 * (FACTS 1.4, 1.8, 2.9): by its label, or by the uid at the end of its name.
 */
bool container_is_callers(const struct session *session, const struct container *container);

/*
 * True for one that was made from this name, whichever build it had then, by the one whose name
 * it is.
 */
bool container_is_made_from(
    const struct session *session, const struct container *container, const char *reference);

/*
 * The caller's container that is called `name`, by its engine name or whole name.
 * ERROR_NOT_FOUND when there is none.
 */
int container_find(
    const struct session *session, const char *name, struct container *ret, struct error *err);

void container_rows_release(struct container_rows *rows);

#endif
