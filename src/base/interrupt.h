/*
 * Ctrl-C, SIGTERM and SIGHUP as a fact that can be waited for.
 *
 * The handlers only note the signal and make interrupt_fd() readable; whoever
 * waits for something else (the engine, a prompt) polls that descriptor too and
 * fails with ERROR_INTERRUPTED, so that the operation's undo runs in ordinary
 * code. While undoing, interrupts are held back.
 */
#ifndef DS01_BASE_INTERRUPT_H
#define DS01_BASE_INTERRUPT_H

#include <stdbool.h>

#include "base/error.h"

/* Installs the handlers, and ignores SIGPIPE. Call once, from main. */
int interrupt_install(struct error *err);

/* True when a signal came and interrupts are not held back. */
bool interrupt_pending(void);

/* Readable once a signal came; -1 before interrupt_install(), and while held back. */
int interrupt_fd(void);

/* Sets ERROR_INTERRUPTED with its sentence. Returns -1. */
int interrupt_error(struct error *err);
#define interrupt_error(err) error_returned(interrupt_error(err))

/* Holds interrupts back, or no longer; calls nest. */
void interrupt_hold(bool hold);

/*
 * Returns the signal that came, or 0, and forgets it: for whoever passes it on to another
 * process and goes on.
 */
int interrupt_take(void);

/* The signal that came, or 0. */
int interrupt_signal(void);

/* True the first time that it is asked for after a signal came: who tells of it does so once. */
bool interrupt_is_news(void);

#endif
