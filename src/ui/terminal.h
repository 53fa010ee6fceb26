/*
 * A shell's terminal: raw mode, window size, and bytes to and from a connection. The
 * terminal is restored whatever happens: return, error, signal, crash (atexit and fatal
 * signal handlers), Ctrl-Z and back. Only _exit() and SIGKILL go round it.
 */
#ifndef DS01_UI_TERMINAL_H
#define DS01_UI_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/*
 * Rows and columns of the terminal at `fd`, at least 1 each; false when it is none or
 * does not know.
 */
bool terminal_size(int fd, unsigned short *ret_rows, unsigned short *ret_columns);

struct terminal_session {
    int connection;    /* a stream socket, raw bytes both ways; borrowed, flags untouched */
    bool raw;          /* stdin is a terminal that shall be raw */
    bool send_stdin;   /* forward stdin; its end half-closes the connection */
    const char *early; /* output that came before, written first */
    size_t early_length;
    /*
     * Takes output instead of stdout when set (for framed streams); -1 ends with *err set.
     * It may block; nothing else moves meanwhile. It may set itself to NULL.
     */
    int (*output)(void *context, const char *data, size_t length, struct error *err);
    /* Told of the window size at the start and of each new one, when `raw`. May be NULL. */
    void (*resized)(void *context, unsigned short rows, unsigned short columns);
    /*
     * Told of a signal that came from outside (SIGINT, SIGTERM, SIGHUP). True: it was passed on,
     * the session goes on. NULL, or false: it ends with ERROR_INTERRUPTED.
     */
    bool (*interrupted)(void *context, int number);
    void *context;
};

/*
 * Shuttles until the connection ends. 0 then. In raw mode Ctrl-C and Ctrl-Z are bytes for
 * the shell; the keys Ctrl-P Ctrl-Q leave the shell running and return 1. A terminal that
 * goes away (SIGHUP) and SIGTERM end it with ERROR_INTERRUPTED. One session at a time.
 */
int terminal_run(struct terminal_session *session, struct error *err);

#endif
