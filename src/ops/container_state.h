/* Starting and stopping a container that exists. */
#ifndef DS01_OPS_CONTAINER_STATE_H
#define DS01_OPS_CONTAINER_STATE_H

#include "ops/session.h"

/*
 * *ret_changed is false when it was in that state already; with `dry_run` it says what would
 * be, and nothing is done. ERROR_NOT_FOUND without the container.
 */
int container_start(const struct session *session, const char *name, bool dry_run,
    bool *ret_changed, struct error *err);

/* Asks its main process to end, and kills it after `seconds` (0 or more). */
int container_stop(const struct session *session, const char *name, int seconds, bool dry_run,
    bool *ret_changed, struct error *err);

enum left_container {
    LEFT_STOPPED,
    LEFT_IN_USE, /* it has more processes than the one it idles with */
    LEFT_JOB,    /* it has a command of its own, which ends it */
    LEFT_ALREADY /* it does not run any more */
};

/*
 * Stops a container when nobody is left in it, as AIME's tools do when a shell has ended
 * (FACTS 1.7): everybody's shells, and what was started in the background, are processes.
 */
int container_stop_when_left(
    const struct session *session, const char *name, enum left_container *ret, struct error *err);

#endif
