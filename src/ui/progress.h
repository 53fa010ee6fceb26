/*
 * What is going on, while it goes on: a list of tasks with state, time, bytes and their
 * last lines of output. On a terminal one live display, redrawn in place; otherwise
 * plain lines, each printed once; nothing when quiet. Always on stderr.
 *
 * Between progress_new() and progress_free() nobody else writes to the terminal. At most
 * 500 tasks are kept: a new one then takes the place of the oldest that is over (which
 * stays counted), else of the oldest that waits; while 500 run, it is not shown.
 */
#ifndef DS01_UI_PROGRESS_H
#define DS01_UI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct progress;

enum progress_state {
    PROGRESS_WAITING,
    PROGRESS_RUNNING,
    PROGRESS_CACHED,
    PROGRESS_DONE,
    PROGRESS_FAILED
};

/*
 * `live`: redraw in place (the caller has found stderr to be a terminal; one that cannot
 * move its cursor gets plain lines all the same). A NULL `out` shows nothing (quiet) and
 * still keeps what progress_tail() gives.
 */
struct progress *progress_new(FILE *out, bool live);

/*
 * A task by its id; a new id adds a task at the end. `seconds` counts when it is over; a
 * negative one means as long as it was seen to run. The output of a task that is done is
 * forgotten, that of a failed one kept.
 */
void progress_task(struct progress *progress, const char *id, const char *title,
    enum progress_state state, double seconds);

/* Bytes of a task done and to do; -1 unknown. */
void progress_bytes(struct progress *progress, const char *id, int64_t current, int64_t total);

/* Output of a task, any bytes; shown as its last lines (live) or as plain lines. */
void progress_output(struct progress *progress, const char *id, const char *text, size_t length);

/* Takes the tasks whose ids begin with `prefix` off the list, and counts them nowhere. */
void progress_forget(struct progress *progress, const char *prefix);

/* Redraws when due (elapsed times run on); call as often as you like, at least every 0.1 s. */
void progress_tick(struct progress *progress);

/*
 * The last `lines` lines (at most 40) of output of a task, for the report of its failure;
 * printable, a newline behind each. The caller frees it. Never NULL.
 */
char *progress_tail(const struct progress *progress, const char *id, unsigned lines);

/* Leaves the display as it stands (finished tasks stay visible) and frees all. */
void progress_free(struct progress *progress);

#endif
