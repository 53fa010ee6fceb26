/* An error as its user reads it. */
#ifndef DS01_CMD_REPORT_H
#define DS01_CMD_REPORT_H

#include <json-c/json_object.h>

#include "base/error.h"

/* "error: …" and "hint: …" on stderr, safe for a terminal. */
void report_error(const struct error *err);

/* {"error":{"code","message","hint"}} on stdout. */
void report_error_json(const struct error *err);

/*
 * The same, and `done` under `key`: what a command of several names had done with the others.
 * Returns the exit code.
 */
int report_partly_done_json(const struct error *err, const char *key, struct json_object *done);

#endif
