/* What containers use of the server's processors and memory. */
#ifndef DS01_OPS_CONTAINER_STATS_H
#define DS01_OPS_CONTAINER_STATS_H

#include "engine/container_stats.h"
#include "ops/session.h"

struct container_stats_request {
    const struct strv *names; /* of the caller's containers, running or not; empty: all running */
    bool all_users;
};

struct container_usage {
    char *name;  /* as people say it */
    char *owner; /* login name, or NULL */
    char *id;
    bool running;
    double cpu; /* percent of one processor since the time before; -1 unknown */
    struct container_sample sample;
};

struct container_usages {
    struct container_usage *items;
    size_t count;
};

/*
 * Looks once. `before` is what was seen the time before, or NULL: how busy the processors are
 * is known only between two looks. ERROR_NOT_FOUND when a name is no container of the
 * caller's. By name in order.
 */
int container_stats(const struct session *session, const struct container_stats_request *request,
    const struct container_usages *before, struct container_usages *ret, struct error *err);

void container_usages_release(struct container_usages *usages);

#endif
