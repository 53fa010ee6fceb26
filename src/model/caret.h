/* Pointing at a place in what someone typed. */
#ifndef DS01_MODEL_CARET_H
#define DS01_MODEL_CARET_H

#include "base/strbuf.h"

/*
 * Appends two lines, each after a newline and two blanks: as much of `text` around `position`
 * as fits on a terminal's line, everything but printable ASCII as '?', and a caret under it.
 */
void caret_add(struct strbuf *out, const char *text, size_t length, size_t position);

#endif
