/*
 * A growing string with a bound.
 *
 * `text` is NUL-terminated as soon as something was added and may hold NUL bytes
 * inside; `length` never counts the last NUL. Every buffer states its maximum:
 * an addition that would pass it adds nothing and sets `overflowed`, which
 * stays set, so that a writer of many pieces asks once at the end.
 */
#ifndef DS01_BASE_STRBUF_H
#define DS01_BASE_STRBUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/cleanup.h"

struct strbuf {
    char *text;
    size_t length;
    size_t allocated;
    size_t max; /* bytes, without the last NUL */
    bool overflowed;
};

#define STRBUF_INIT(maximum)                                                                       \
    {                                                                                              \
        .max = (maximum)                                                                           \
    }

/* For text we write ourselves: large enough for any file ds01 makes. */
#define STRBUF_TEXT_MAX ((size_t)16 << 20)

void strbuf_add(struct strbuf *buf, const void *data, size_t length);
void strbuf_adds(struct strbuf *buf, const char *text);
void strbuf_addc(struct strbuf *buf, char c);
void strbuf_addf(struct strbuf *buf, const char *format, ...) _printf_(2, 3);
void strbuf_addv(struct strbuf *buf, const char *format, va_list args);

/* Keeps the first `length` bytes; a longer length than there is changes nothing. */
void strbuf_truncate(struct strbuf *buf, size_t length);

/* Drops the first `length` bytes, as far as there are that many. */
void strbuf_consume(struct strbuf *buf, size_t length);

/* The text, never NULL; owned by the buffer. */
const char *strbuf_text(const struct strbuf *buf);

/* Hands the text to the caller, who frees it; the buffer is empty afterwards. Never NULL. */
char *strbuf_detach(struct strbuf *buf);

/* Frees the text; the buffer can be used again. */
void strbuf_release(struct strbuf *buf);

#endif
