/* An error as its user reads it. */
#ifndef DS01_CMD_REPORT_H
#define DS01_CMD_REPORT_H

#include "base/error.h"

/* "error: …" and "hint: …" on stderr, safe for a terminal. */
void report_error(const struct error *err);

/* {"error":{"code","message","hint"}} on stdout. */
void report_error_json(const struct error *err);

#endif
