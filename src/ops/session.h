/*
 * What an operation may know: who calls, which engine, which settings, and who watches.
 * Nothing in this room looks anywhere else (no environment, no argv, no terminal), so
 * that an operation can run in a service on behalf of someone without a line changed.
 */
#ifndef DS01_OPS_SESSION_H
#define DS01_OPS_SESSION_H

#include "engine/engine.h"
#include "host/caller.h"
#include "host/config.h"
#include "ops/observer.h"

struct session {
    const struct caller *caller;
    const struct config *config;
    struct engine *engine;
    struct observer observer;
};

/* The same with nobody watching: to look what an operation would do, or whether it could. */
static inline struct session session_silent(const struct session *session)
{
    struct session silent = *session;

    silent.observer = (struct observer){0};
    return silent;
}

#endif
