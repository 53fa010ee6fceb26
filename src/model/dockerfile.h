/*
 * A Dockerfile, read without losing a byte.
 *
 * The text is kept; instructions are ranges of it. Parsing follows BuildKit's
 * rules (docs: Dockerfile reference; source: frontend/dockerfile/parser): parser
 * directives `# syntax=`, `# escape=`, `# check=` at the top, comments, lines
 * continued with the escape character, comment and blank lines inside a
 * continuation, heredocs.
 */
#ifndef DS01_MODEL_DOCKERFILE_H
#define DS01_MODEL_DOCKERFILE_H

#include <stdbool.h>

#include "base/error.h"
#include "base/strv.h"

#define DOCKERFILE_MAX ((size_t)4 << 20) /* bytes */

struct dockerfile_instruction {
    size_t start, end;   /* byte range in the text, the last newline included */
    unsigned first_line; /* counted from 1 */
    unsigned last_line;
    bool has_heredoc; /* it begins one, whose lines are its own */
    char *keyword;    /* upper case: "FROM", "RUN" … */
    char *arguments; /* continuation lines joined, comments within dropped; heredoc bodies not in it
                      */
};

struct dockerfile {
    char *text;
    size_t length;
    char escape;  /* '\\' or '`' */
    char *syntax; /* value of `# syntax=`, or NULL */
    struct dockerfile_instruction *instructions;
    size_t count;
};

/*
 * Fails with ERROR_USAGE, naming the line, where BuildKit's parser would, and for what no
 * builder takes: an unknown instruction, a zero byte, more than DOCKERFILE_MAX bytes.
 */
int dockerfile_parse(const char *text, size_t length, struct dockerfile **ret, struct error *err);

/*
 * The images that must be on the engine before a build: each FROM that names no earlier
 * stage, COPY --from= and RUN --mount=…from= that name no stage at all, "scratch" left
 * out, without doubles, as they are written, with ARGs from before the first FROM put in
 * (defaults only). ERROR_USAGE, naming the line, for a variable that has no value, an
 * expansion other than those with - + ?, and a file without FROM. *ret_images is replaced.
 */
int dockerfile_base_images(
    const struct dockerfile *file, struct strv *ret_images, struct error *err);

void dockerfile_free(struct dockerfile *file);

/* For _cleanup_. */
void dockerfile_freep(struct dockerfile **file);

#endif
