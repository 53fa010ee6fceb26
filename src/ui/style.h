/* Colours, and text made safe for a terminal. */
#ifndef DS01_UI_STYLE_H
#define DS01_UI_STYLE_H

#include <stdbool.h>
#include <stdio.h>

enum style_when { STYLE_AUTO, STYLE_ALWAYS, STYLE_NEVER };

enum style { STYLE_PLAIN, STYLE_BOLD, STYLE_DIM, STYLE_RED, STYLE_GREEN, STYLE_YELLOW, STYLE_CYAN };

/*
 * `no_color`: the environment says NO_COLOR (any non-empty value); it counts with
 * STYLE_AUTO only, what is typed wins (no-color.org). Call once; until then nothing is
 * coloured.
 */
void style_setup(enum style_when when, bool no_color);

/*
 * True when text written to `out` may be coloured: always, never, or (STYLE_AUTO) when it
 * is a terminal that TERM does not call dumb.
 */
bool style_enabled(FILE *out);

/* False where TERM is missing or "dumb": the terminal cannot move its cursor. */
bool style_terminal_capable(void);

/* The bytes that switch a style on and off on `out`; "" when it may not be coloured. */
const char *style_begin(FILE *out, enum style style);
const char *style_end(FILE *out, enum style style);

/* Writes `text` to `out` in a style, when it may, and as style_printable() has it. */
void style_print(FILE *out, enum style style, const char *text);

/* The same line by line, each with its newline: only the newlines of `text` stay what they are. */
void style_print_lines(FILE *out, enum style style, const char *text);

/*
 * A message: `label` in its style, then `text` in lines as style_print_lines() has them. On a
 * terminal they break between words (ui/cells.h), but for lines that begin with a blank: a caret
 * below a place keeps its column.
 */
void style_print_message(
    FILE *out, enum style label_style, const char *label, enum style text_style, const char *text);

/* style_printable() of one line, broken like a message that begins in `column` of `out`. */
char *style_wrapped(FILE *out, size_t column, const char *text, size_t length);

/*
 * A copy in which a tab is a blank, and each other control character (C0, DEL, C1, line and
 * paragraph separators, and those that turn the direction of text) and each byte of broken UTF-8
 * is '?'; never longer than `text`. The caller frees it.
 */
char *style_printable(const char *text, size_t length);

#endif
