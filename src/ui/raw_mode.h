/*
 * One terminal in raw mode, or without echo, and back as it was on every way out of the process but
 * _exit() and SIGKILL: an atexit handler, and handlers for the signals of a crash that
 * restore the terminal and then let the signal do what it did before.
 */
#ifndef DS01_UI_RAW_MODE_H
#define DS01_UI_RAW_MODE_H

#include "base/error.h"

/* Makes the terminal at `fd` raw; it stays open until raw_mode_leave(). */
int raw_mode_enter(int fd, struct error *err);

/*
 * Keys are not shown while a live display draws over its own lines, which a newline would shift;
 * they stay to be read. Nothing is done where `fd` is no terminal, or that of another job in the
 * foreground. Until raw_mode_leave(), where a shell that has the terminal again by then keeps it
 * as it is. May be called again when the process was stopped and goes on.
 */
void raw_mode_silence(int fd);

/*
 * The terminal as it was, for as long as the process is stopped, also from a signal handler; and
 * raw again.
 */
void raw_mode_suspend(void);
void raw_mode_resume(void);

/* The terminal as it was, for good. */
void raw_mode_leave(void);

#endif
