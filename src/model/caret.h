/* Pointing at a place in what someone typed. */
#ifndef DS01_MODEL_CARET_H
#define DS01_MODEL_CARET_H

#include "base/strbuf.h"

/*
 * Appends the text, of more than `max` characters the first of them and dots. Of what is no
 * character (UTF-8), or steers a terminal, '?' instead.
 */
void caret_add_text(struct strbuf *out, const char *text, size_t length, size_t max);

/*
 * Appends two lines, each after a newline and two blanks: as much of `text` around `position`
 * as fits on a terminal's line, as caret_add_text() shows it, and a caret under it; a
 * character is taken for one cell. `position` is at most `length`.
 */
void caret_add(struct strbuf *out, const char *text, size_t length, size_t position);

#endif
