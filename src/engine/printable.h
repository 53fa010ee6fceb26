/* Text from outside, made fit for a terminal and a sentence. */
#ifndef DS01_ENGINE_PRINTABLE_H
#define DS01_ENGINE_PRINTABLE_H

#include <stddef.h>

/*
 * A copy of `text` on one line, for the caller to free: blanks, newlines and control
 * characters in a row become one space, none stays at the ends, bytes that are no UTF-8
 * become '?', characters that turn the direction of text are dropped, and what would pass
 * `max` bytes is cut off with "…" (which comes on top of `max`).
 */
char *printable_line(const char *text, size_t length, size_t max);

#endif
