/* What was removed from the engine, or would be: for people and for machines. */
#ifndef DS01_CMD_GC_OUTPUT_H
#define DS01_CMD_GC_OUTPUT_H

#include "cmd/command.h"
#include "ops/gc.h"

/* Prints all of it. Returns the exit code: 0, or 1 when something could not be removed. */
int gc_print(const struct invocation *invocation, const struct gc_request *request,
    const struct gc_result *result, const char *when_empty, struct error *err);

#endif
