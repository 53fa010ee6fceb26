/* Creating a container under a name that may be in the way, and taking it away again. */
#ifndef DS01_OPS_NAMED_CONTAINER_H
#define DS01_OPS_NAMED_CONTAINER_H

#include "engine/container.h"
#include "ops/undo.h"

/*
 * Creates `engine_name` ("<name>._.<uid>"); `undo` removes it. A container of that name which
 * is being removed is waited for, and one that a dead deploy left is removed. ERROR_REFUSED
 * when the name is taken otherwise. An interrupt waits until the engine has answered, which
 * takes milliseconds, so that what was created is known and undone.
 */
int named_container_create(const struct session *session, const char *name, const char *engine_name,
    const struct container_spec *spec, struct undo *undo, char **ret_id, struct error *err);

/* Starts it; one that runs is success. A refusal is told in words about what was asked for. */
int named_container_start(
    const struct session *session, const char *name, const char *id, struct error *err);

/* One that was created to be started, and whose maker died before it could. */
bool named_container_is_leftover(const struct container *container);

/*
 * True (1) for one that was created to stay and whose maker died before it had written the user
 * into it. Asks the engine, a few milliseconds, where the labels leave it open.
 */
int named_container_is_half_made(
    const struct session *session, const struct container *container, struct error *err);

/* Removes it; one that is gone already is success. */
int named_container_remove(const struct session *session, const char *id, struct error *err);

/*
 * Removes the container of this name only if its `label` holds the stamp of this very process:
 * what another has made, or nothing, is left alone, which is success.
 */
int named_container_remove_own(
    const struct session *session, const char *engine_name, const char *label, struct error *err);

/* What `docker stop` waits, in seconds; ds01's own that idle end at once on their stop signal. */
#define STOP_SECONDS 10

/*
 * Asks its main process to end, and kills it after `seconds` (0 or more); one that does not run
 * is success. An engine cannot be called back from that: ERROR_INTERRUPTED says so.
 */
int named_container_stop(const struct session *session, const struct container *container,
    int seconds, struct error *err);

/* Both; one that is gone already is success. */
int named_container_stop_and_remove(
    const struct session *session, const struct container *container, struct error *err);

#endif
