/* Lines of a Dockerfile, as BuildKit's parser.go reads them. */
#ifndef DS01_MODEL_DOCKERFILE_LINE_H
#define DS01_MODEL_DOCKERFILE_LINE_H

#include <stdbool.h>
#include <stddef.h>

/* A line without its newline. */
struct dockerfile_line {
    const char *text;
    const char *end;
    size_t start; /* offset of its first byte */
    size_t next;  /* offset of the line behind it */
};

/* The line that begins at `start`, which is less than `length`. */
struct dockerfile_line dockerfile_line_at(const char *text, size_t length, size_t start);

/* Those two count for nothing within an instruction. */
bool dockerfile_line_is_comment(const struct dockerfile_line *line);
bool dockerfile_line_is_blank(const struct dockerfile_line *line);

/*
 * Cuts a continuation off the line's end: an escape behind which only blanks stand. False,
 * and nothing is cut, where the line has none.
 */
bool dockerfile_line_trim_continuation(struct dockerfile_line *line, char escape);

#endif
