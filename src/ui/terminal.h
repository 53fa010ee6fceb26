/*
 * A shell's terminal: raw mode, window size, and bytes to and from a connection. The
 * terminal is restored whatever happens: return, error, signal, crash (atexit and fatal
 * signal handlers), Ctrl-Z and back.
 */
#ifndef DS01_UI_TERMINAL_H
#define DS01_UI_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* Rows and columns of the terminal at `fd`; false when it is none. */
bool terminal_size(int fd, unsigned short *ret_rows, unsigned short *ret_columns);

struct terminal_session {
    int connection;    /* raw bytes both ways; borrowed */
    bool raw;          /* stdin is a terminal that shall be raw */
    bool send_stdin;   /* forward stdin; its end half-closes the connection */
    const char *early; /* output that came before, written first */
    size_t early_length;
    /* Takes output instead of stdout when set (for framed streams); -1 ends with *err set. */
    int (*output)(void *context, const char *data, size_t length, struct error *err);
    /* Told of each new window size, when `raw`. */
    void (*resized)(void *context, unsigned short rows, unsigned short columns);
    void *context;
};

/*
 * Shuttles until the connection ends. 0 then. In raw mode Ctrl-C and Ctrl-Z are bytes for
 * the shell; the keys Ctrl-P Ctrl-Q leave the shell running and return 1. A terminal that
 * goes away (SIGHUP) and SIGTERM end it with ERROR_INTERRUPTED.
 */
int terminal_run(struct terminal_session *session, struct error *err);

#endif
