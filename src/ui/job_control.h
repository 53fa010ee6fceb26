/*
 * Ctrl-Z, fg and bg, for what is drawn in place: a shell writes below it meanwhile, so that it has
 * to be drawn anew behind that.
 */
#ifndef DS01_UI_JOB_CONTROL_H
#define DS01_UI_JOB_CONTROL_H

#include <stdbool.h>

/*
 * Until job_control_unwatch(), which restores what signals did before. `suspend`, which may be
 * NULL, is called within a signal handler before Ctrl-Z stops the process; where SIGTSTP is
 * ignored, it stays so. One at a time.
 */
void job_control_watch(void (*suspend)(void));
void job_control_unwatch(void);

/*
 * Stops the process as SIGTSTP does where nobody watches it, and returns when it goes on, or at
 * once where nobody could continue it (an orphaned process group). Also from a signal handler.
 */
void job_control_stop(void);

/* True the first time that it is asked for after the process was stopped and goes on. */
bool job_control_resumed(void);

/* True where another job has the terminal at `fd`; false where it is not the session's own. */
bool job_control_in_background(int fd);

#endif
