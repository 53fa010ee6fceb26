/* The observer that is a person: notes, progress and questions on the terminal (or in a log). */
#ifndef DS01_CMD_TERMINAL_OBSERVER_H
#define DS01_CMD_TERMINAL_OBSERVER_H

#include <stdio.h>

#include "cmd/command.h"

/* Fills invocation->session.observer. */
struct terminal_observer *terminal_observer_new(struct invocation *invocation);

/* Once the options are parsed: decides how progress is shown. */
void terminal_observer_begin(struct terminal_observer *observer);

/* From here on the terminal belongs to a shell: nothing is shown any more. */
void terminal_observer_silence(struct terminal_observer *observer);

/*
 * Ends the live display, so that other text can follow. With `failed`, the last lines of
 * the step that failed are printed where they have not been seen. Another build may follow.
 */
void terminal_observer_finish(struct terminal_observer *observer, bool failed);

/*
 * Where something was built that the user can change, on a terminal: shows what failed and asks
 * whether they want to. True if so; then *err is empty. False at once for an error that no change
 * helps (Ctrl-C, the engine, what has changed meanwhile), and with --yes.
 */
bool terminal_observer_try_again(
    struct invocation *invocation, const char *question, struct error *err);

void terminal_observer_free(struct terminal_observer *observer);

/* Whether somebody watches a display whose clocks run: then terminal_observer_pulse is wanted. */
bool terminal_observer_is_live(const struct terminal_observer *observer);

/* A transport_pulse: redraws the live display when it is due. */
void terminal_observer_pulse(void *context);

/* Told of each request under --verbose: a transport_trace. */
void terminal_observer_trace(
    void *context, const char *method, const char *path, long status, double seconds);

/* Explains a step under --guided, else says nothing; in lines of at most 79 columns. */
void terminal_observer_explain(const struct invocation *invocation, const char *text);

#endif
