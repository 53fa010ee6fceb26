/* An error as its user reads it. */
#ifndef DS01_CMD_REPORT_H
#define DS01_CMD_REPORT_H

#include <json-c/json_object.h>

#include "cmd/command.h"

/* "error: …" and "hint: …" on stderr, safe for a terminal; once, as `told` remembers. */
void report_error(struct error *err);

/*
 * Of several things one has failed, and the others still have their turn: `cause` becomes *last.
 * It is printed at once; with --json, whose document has room for one, only where a next one comes.
 */
void report_and_go_on(const struct invocation *invocation, struct error *last, struct error *cause);

/* {"error":{"code","message","hint"}} on stdout. */
void report_error_json(const struct error *err);

/*
 * The same, and `done` under `key`: what a command of several names had done with the others.
 * Returns the exit code.
 */
int report_partly_done_json(const struct error *err, const char *key, struct json_object *done);

#endif
