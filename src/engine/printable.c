#include "engine/printable.h"

#include <stdbool.h>

#include "base/strbuf.h"
#include "base/utf8.h"

/* Blanks, C0 and C1 controls, line separators: nothing of a terminal's language gets through. */
static bool is_blank(uint32_t character)
{
    return character <= ' ' || (character >= 0x7F && character <= 0xA0) || character == 0x2028 ||
           character == 0x2029;
}

/* Marks of no width that are no controls: zero-width space, joiners, the byte order mark. */
static bool is_mark(uint32_t character)
{
    return (character >= 0x200B && character <= 0x200D) ||
           (character >= 0x2060 && character <= 0x206F) || character == 0xFEFF;
}

char *printable_line(const char *text, size_t length, size_t max)
{
    static const char cut_mark[] = "…";
    struct strbuf line = STRBUF_INIT(max + sizeof(cut_mark));
    bool blank = false;

    for (size_t at = 0; at < length;) {
        uint32_t character = '?';
        size_t bytes = utf8_decode(text + at, length - at, &character);
        const char *shown = bytes ? text + at : "?";
        if (bytes == 0)
            bytes = 1;
        at += bytes;
        if (is_blank(character) || is_mark(character) || utf8_is_control(character)) {
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
