/* What the fuzzers share. */
#ifndef DS01_TESTS_FUZZ_H
#define DS01_TESTS_FUZZ_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/utf8.h"
#include "base/xalloc.h"

/* Each fuzzer defines it; libFuzzer calls it with what it makes up, replay.c with the corpus. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What holds for any input. */
static inline void require(bool condition)
{
    if (!condition)
        abort();
}

/*
 * What was typed is refused in a sentence, perhaps the text and a caret: less than 500 characters,
 * all printable.
 */
static inline void require_refused(const struct error *err)
{
    size_t left = strlen(err->message), count = 0, bytes;
    uint32_t character = 0;

    require(err->code == ERROR_USAGE);
    for (const char *c = err->message; left; c += bytes, left -= bytes, count++) {
        bytes = utf8_decode(c, left, &character);
        require(bytes && (*c == '\n' || !utf8_is_control(character)));
    }
    require(count < 500);
}

/* Takes the next line from the *size bytes at *text, without its end; behind the last, "". */
static inline char *take_line(const char **text, size_t *size)
{
    const char *line = *text;
    const char *newline = *size ? memchr(line, '\n', *size) : NULL;
    size_t length = newline ? (size_t)(newline - line) : *size;

    *text += length + (newline != NULL);
    *size -= length + (newline != NULL);
    return xstrndup(line, length);
}

#endif
