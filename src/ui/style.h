/* Colours, and text made safe for a terminal. */
#ifndef DS01_UI_STYLE_H
#define DS01_UI_STYLE_H

#include <stdbool.h>
#include <stdio.h>

enum style_when { STYLE_AUTO, STYLE_ALWAYS, STYLE_NEVER };

enum style { STYLE_PLAIN, STYLE_BOLD, STYLE_DIM, STYLE_RED, STYLE_GREEN, STYLE_YELLOW, STYLE_CYAN };

/* `no_color`: the environment says NO_COLOR (any non-empty value). Call once. */
void style_setup(enum style_when when, bool no_color);

/* True when text written to `out` may be coloured. */
bool style_enabled(FILE *out);

/* Writes `text` to `out` in a style, when it may; control characters become '?'. */
void style_print(FILE *out, enum style style, const char *text);

/* A copy in which control characters (C0, DEL, C1, broken UTF-8) are '?'; the caller frees it. */
char *style_printable(const char *text, size_t length);

#endif
