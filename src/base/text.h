/* What is asked of texts in more than one place. */
#ifndef DS01_BASE_TEXT_H
#define DS01_BASE_TEXT_H

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

static inline bool text_begins(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* Does the text that ends at `end` go on with `with` at `at`? */
static inline bool text_goes_on(const char *at, const char *end, const char *with)
{
    size_t length = strlen(with);

    return (size_t)(end - at) >= length && memcmp(at, with, length) == 0;
}

static inline bool text_is_web_address(const char *text)
{
    return text_begins(text, "http://") || text_begins(text, "https://");
}

/* Of the first `length` bytes, which are more than the suffix alone. */
static inline bool text_ends(const char *text, size_t length, const char *suffix)
{
    size_t end = strlen(suffix);

    return length > end && memcmp(text + length - end, suffix, end) == 0;
}

/* True where a control character of ASCII is in it: a newline, a tab, an escape. */
static inline bool text_has_control(const char *text)
{
    for (; *text; text++)
        if (iscntrl((unsigned char)*text))
            return true;
    return false;
}

#endif
