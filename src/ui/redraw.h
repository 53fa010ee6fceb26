/*
 * Text on a terminal that is drawn anew in place: what stood above it stays in the scrollback,
 * and the cursor is never hidden, so that it may end at any moment.
 */
#ifndef DS01_UI_REDRAW_H
#define DS01_UI_REDRAW_H

#include <stdio.h>

struct redraw {
    size_t lines; /* that stand on the terminal and are ours */
};

/*
 * Draws `text` (printable lines) over what was drawn before, cut to the terminal's width and
 * height, and leaves the cursor below it.
 */
void redraw_text(struct redraw *redraw, FILE *out, const char *text);

#endif
