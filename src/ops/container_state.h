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

#endif
