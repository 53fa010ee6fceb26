/*
 * What an operation has made so far, and how to unmake it: run backwards when it fails
 * or is interrupted, forgotten when it succeeds.
 *
 *   _cleanup_(undo_run) struct undo undo = UNDO_INIT(session);
 *   … make something …; undo_push(&undo, remove_it, xstrdup(name), free);
 *   … everything is there …; undo_forget(&undo);
 */
#ifndef DS01_OPS_UNDO_H
#define DS01_OPS_UNDO_H

#include "ops/session.h"

typedef int (*undo_function)(const struct session *session, void *argument, struct error *err);

struct undo {
    const struct session *session;
    struct undo_step {
        undo_function function;
        void *argument;
        void (*release)(void *argument);
    } * steps;
    size_t count;
};

#define UNDO_INIT(the_session)                                                                     \
    {                                                                                              \
        (the_session), NULL, 0                                                                     \
    }

/* `argument` is the undo's from now on and is released with `release` (may be NULL). */
void undo_push(
    struct undo *undo, undo_function function, void *argument, void (*release)(void *argument));

/* The operation is done: nothing is to be undone any more. */
void undo_forget(struct undo *undo);

/* Tells the observer, once, that an interrupt has been heard, however long what follows takes. */
void undo_acknowledge(const struct session *session);

/*
 * Runs the steps, last one first, with interrupts held back; each is tried whatever became
 * of the others, and one that fails is told to the observer as a warning. An engine that is gone
 * is waited for, and told of, once. For _cleanup_.
 */
void undo_run(struct undo *undo);

#endif
