#include "model/caret.h"

#include "base/utf8.h"

#define SHOWN_MAX 72 /* characters */

/* The bytes of the character at `text`, or 1 for what is none; *ret_shown: is it shown itself? */
static size_t read_character(const char *text, size_t length, bool *ret_shown)
{
    uint32_t character;
    size_t bytes = utf8_decode(text, length, &character);

    *ret_shown = bytes && !utf8_is_control(character);
    return bytes ? bytes : 1;
}

/* Appends no more than `count` characters. */
static void add_characters(struct strbuf *out, const char *text, size_t length, size_t count)
{
    bool shown;

    for (size_t at = 0; at < length && count; count--) {
        size_t bytes = read_character(text + at, length - at, &shown);
        strbuf_add(out, shown ? text + at : "?", shown ? bytes : 1);
        at += bytes;
    }
}

/* Where the character `count` behind the first begins, or the end. */
static size_t skip_characters(const char *text, size_t length, size_t count)
{
    bool shown;
    size_t at = 0;

    for (; at < length && count; count--)
        at += read_character(text + at, length - at, &shown);
    return at;
}

/* The characters that begin before `end`. */
static size_t count_characters(const char *text, size_t length, size_t end)
{
    bool shown;
    size_t count = 0;

    for (size_t at = 0; at < end; count++)
        at += read_character(text + at, length - at, &shown);
    return count;
}

void caret_add_text(struct strbuf *out, const char *text, size_t length, size_t max)
{
    add_characters(out, text, length, max);
    if (skip_characters(text, length, max) < length)
        strbuf_adds(out, "...");
}

void caret_add(struct strbuf *out, const char *text, size_t length, size_t position)
{
    size_t before = count_characters(text, length, position);
    bool fits = skip_characters(text, length, SHOWN_MAX) == length;
    size_t skipped = fits || before <= SHOWN_MAX / 2 ? 0 : before - SHOWN_MAX / 2;
    size_t from = skip_characters(text, length, skipped);

    strbuf_adds(out, "\n  ");
    add_characters(out, text + from, length - from, SHOWN_MAX);
    strbuf_addf(out, "\n  %*s", (int)(before - skipped) + 1, "^");
}
