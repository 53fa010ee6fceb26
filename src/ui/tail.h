/*
 * The last lines of what a process writes for a terminal: escape sequences are dropped, a
 * carriage return begins the line anew (so that a progress bar is one line), and memory
 * is bounded whatever comes.
 */
#ifndef DS01_UI_TAIL_H
#define DS01_UI_TAIL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"

#define TAIL_LINES      40
#define TAIL_LINE_BYTES 500

enum tail_escape { TAIL_TEXT, TAIL_ESCAPE, TAIL_SEQUENCE, TAIL_STRING };

struct tail {
    char *lines[TAIL_LINES]; /* a ring of printable lines, the oldest at `first` */
    size_t first, count;
    struct strbuf partial; /* raw bytes of the line that has not ended yet */
    bool returned;         /* a carriage return came: what follows replaces the line */
    enum tail_escape escape;
};

#define TAIL_INIT                                                                                  \
    {                                                                                              \
        .partial = STRBUF_INIT(TAIL_LINE_BYTES)                                                    \
    }

/* Told of each line once it has ended, without newline and trailing blanks. */
typedef void tail_line_fn(void *context, const char *line);

/* Takes output, cut anywhere. A line's bytes beyond TAIL_LINE_BYTES are dropped. */
void tail_add(
    struct tail *tail, const char *data, size_t length, tail_line_fn *ended, void *context);

/* No more comes: ends the line that has no newline. */
void tail_end(struct tail *tail, tail_line_fn *ended, void *context);

/* How many lines there are, the unended one included. */
size_t tail_count(const struct tail *tail);

/*
 * The last `lines` lines or fewer (the unended one included), each with a newline
 * behind; the caller frees it. Never NULL.
 */
char *tail_text(const struct tail *tail, size_t lines);

void tail_release(struct tail *tail);

#endif
