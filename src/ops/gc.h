/* Removing what nothing needs any more on the engine (leftover.h), and stale lock files. */
#ifndef DS01_OPS_GC_H
#define DS01_OPS_GC_H

#include "ops/leftover.h"

/* Orphans are committed images, and names of containers that are gone. */
enum gc_kinds { GC_ALL, GC_ORPHANS, GC_NO_ORPHANS };

struct gc_request {
    enum leftover_scope scope;
    enum gc_kinds kinds;
    bool ask; /* first */
    bool dry_run;
};

enum gc_outcome { GC_FOUND, GC_REMOVED, GC_KEPT, GC_FAILED };

struct gc_item {
    struct leftover leftover;
    enum gc_outcome outcome;
    char *reason; /* why it is kept, or failed; else NULL */
};

struct gc_result {
    struct gc_item *items;
    size_t count;
    int locks;     /* files of the caller's, with GC_ALL */
    int64_t bytes; /* freed, or to be freed in a dry run; of images whose share is known */
};

/*
 * ERROR_REFUSED when the answer is no, or when someone else than root wants to remove what
 * belongs to others. One that cannot be removed does not keep the others from it.
 */
int gc(const struct session *session, const struct gc_request *request, struct gc_result *ret,
    struct error *err);

void gc_result_release(struct gc_result *result);

#endif
