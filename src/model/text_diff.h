/* What differs between two texts, line by line, as people read it in reviews. */
#ifndef DS01_MODEL_TEXT_DIFF_H
#define DS01_MODEL_TEXT_DIFF_H

#include <stddef.h>

#include "base/strbuf.h"

/*
 * Appends a unified diff (GNU diffutils manual, "Unified Format") with three lines around each
 * change; nothing when the texts are equal. Only lines between the first and the last that
 * differ are compared with each other, up to 4,000 on a side; where there are more, all of
 * them count as changed. A last line without newline is marked as such.
 */
void text_diff(const char *old_text, size_t old_length, const char *new_text, size_t new_length,
    const char *name, struct strbuf *ret_diff);

#endif
