#include "engine/printable.h"

#include <stdbool.h>

#include "base/strbuf.h"

/* Decodes the character at the start of `text`; 0 where there is no well-formed one. */
static size_t decode(const char *text, size_t length, unsigned *ret_character)
{
    static const unsigned smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char first = (unsigned char)text[0];
    size_t bytes = first < 0x80             ? 1
                   : (first & 0xE0) == 0xC0 ? 2
                   : (first & 0xF0) == 0xE0 ? 3
                   : (first & 0xF8) == 0xF0 ? 4
                                            : 0;

    if (bytes == 0 || bytes > length)
        return 0;
    unsigned character = bytes == 1 ? first : first & (0x7Fu >> bytes);
    for (size_t i = 1; i < bytes; i++) {
        if (((unsigned char)text[i] & 0xC0) != 0x80)
            return 0;
        character = character << 6 | ((unsigned char)text[i] & 0x3F);
    }
    bool surrogate = character >= 0xD800 && character <= 0xDFFF;
    if (character < smallest[bytes] || character > 0x10FFFF || surrogate)
        return 0;
    *ret_character = character;
    return bytes;
}

/* Blanks, C0 and C1 controls, line separators: nothing of a terminal's language gets through. */
static bool is_blank(unsigned character)
{
    return character <= ' ' || (character >= 0x7F && character <= 0xA0) || character == 0x2028 ||
           character == 0x2029;
}

/* Marks of no width, those that turn the direction of the text around them among them. */
static bool is_mark(unsigned character)
{
    return (character >= 0x200B && character <= 0x200F) ||
           (character >= 0x202A && character <= 0x202E) ||
           (character >= 0x2060 && character <= 0x206F) || character == 0xFEFF;
}

char *printable_line(const char *text, size_t length, size_t max)
{
    static const char cut_mark[] = "…";
    struct strbuf line = STRBUF_INIT(max + sizeof(cut_mark));
    bool blank = false;

    for (size_t at = 0; at < length;) {
        unsigned character = '?';
        size_t bytes = decode(text + at, length - at, &character);
        const char *shown = bytes ? text + at : "?";
        if (bytes == 0)
            bytes = 1;
        at += bytes;
        if (is_blank(character) || is_mark(character)) {
            blank = blank || (is_blank(character) && line.length > 0);
            continue;
        }
        if (line.length + blank + bytes > max) {
            strbuf_adds(&line, cut_mark);
            break;
        }
        if (blank)
            strbuf_addc(&line, ' ');
        blank = false;
        strbuf_add(&line, shown, bytes);
    }
    return strbuf_detach(&line);
}
