/* Retiring several things by name: each is tried, whatever becomes of the others. */
#ifndef DS01_CMD_RETIRE_MANY_H
#define DS01_CMD_RETIRE_MANY_H

#include <json-c/json_object.h>

#include "cmd/command.h"

typedef int (*retire_all_names)(struct invocation *invocation, struct strv *ret, struct error *err);
typedef int (*retire_one_name)(struct invocation *invocation, const char *name,
    struct json_object *ret_results, struct error *err);

/* What is left to do when each name had its turn. */
typedef int (*retire_at_end)(struct invocation *invocation, struct error *err);

/*
 * Retires the names of the command line, each once, or all of them. Where one fails the others
 * still go on, its error is printed, and the last error decides the exit code; with
 * several names its JSON document also says what was "retired".
 * `at_end` may be NULL.
 */
int retire_many(struct invocation *invocation, bool all, retire_all_names all_names,
    retire_one_name retire_one, retire_at_end at_end, struct error *err);

#endif
