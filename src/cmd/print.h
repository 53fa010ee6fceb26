/* Results on stdout, for people or, under --json, for machines. */
#ifndef DS01_CMD_PRINT_H
#define DS01_CMD_PRINT_H

#include <json-c/json_object.h>
#include <stdint.h>

#include "cmd/command.h"

/* One document and a newline on stdout; puts it. Returns 0, or -1 when stdout cannot take it. */
int print_json(struct json_object *document, struct error *err);

/*
 * What a process wrote to its stdout (stream 1) or stderr (2), to ours, at once; a frame_sink.
 * `context` is not looked at.
 */
int print_output(void *context, int stream, const char *data, size_t length, struct error *err);

/*
 * True unless --quiet, and with it too for what was asked for: the plan of --dry-run, and what a
 * diagnosis has found.
 */
bool print_is_wanted(const struct invocation *invocation);

/* A sentence on stdout, where it is wanted. */
void print_line(const struct invocation *invocation, const char *format, ...) _printf_(2, 3);

/* A table's cells: text, number, time and bytes as people read them; the caller frees it. */
char *cell_text(const char *text);
char *cell_bytes(int64_t bytes);    /* NULL below 0 */
char *cell_age(int64_t created_at); /* "3 days ago"; NULL for 0 */

/* The same for machines. */
struct json_object *value_text(const char *text);
struct json_object *value_bytes(int64_t bytes);     /* null below 0 */
struct json_object *value_time(int64_t created_at); /* RFC 3339, UTC; null for 0 */

#endif
