/*
 * The live display: tasks as lines that are redrawn in place. It is composed as one frame
 * and written at once, the cursor ends at the start of the line below, and is never
 * hidden: whatever interrupts us, the terminal is in order.
 */
#ifndef DS01_UI_DISPLAY_H
#define DS01_UI_DISPLAY_H

#include "ui/progress.h"
#include "ui/tail.h"

struct task {
    char *id;
    char *title;     /* printable */
    unsigned number; /* from 1 on, in the order of coming */
    enum progress_state state;
    int64_t started; /* milliseconds of display_clock(), when it began to run */
    double seconds;  /* it took, when over */
    int64_t current, total;
    bool announced; /* plain lines have named it */
    struct tail tail;
};

struct display {
    char *frame;    /* what stands on the terminal, as it was written */
    size_t *widths; /* of its lines, in columns */
    size_t count;   /* of its lines */
};

/* The tasks to draw, in order, and how many more were over and are not among them. */
struct display_tasks {
    struct task *const *items;
    size_t count;
    size_t forgotten_done, forgotten_cached;
};

/* Milliseconds that only go forward. */
int64_t display_clock(void);

/* "3.2 s", "2 min 5 s"; the caller frees it. */
char *display_seconds(double seconds);

/*
 * Draws over what was drawn before. The frame fits the terminal as it is now: finished
 * and waiting tasks are folded into counts first, then output, then what runs. `last`:
 * for good, so with every finished task and as many lines as that takes.
 */
void display_draw(struct display *display, FILE *out, const struct display_tasks *tasks, bool last);

void display_release(struct display *display);

#endif
