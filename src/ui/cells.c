#include "ui/cells.h"

#include <langinfo.h>
#include <locale.h>
#include <wchar.h>

#include "base/utf8.h"

static bool waits_for_locale;

void cells_setup(void)
{
    waits_for_locale = true;
}

bool cells_utf8(void)
{
    if (waits_for_locale)
        setlocale(LC_CTYPE, "");
    waits_for_locale = false;
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

/* The columns of a character; -1 when it cannot be shown in this locale. */
static int character_cells(uint32_t character, bool utf8)
{
    if (character < 0x80)
        return character < 0x20 || character == 0x7F ? -1 : 1;
    return utf8 ? wcwidth((wchar_t)character) : -1;
}

size_t cells_fit(struct strbuf *buf, const char *text, size_t cells)
{
    bool utf8 = cells_utf8();
    size_t dots = utf8 ? 1 : 3;
    size_t used = 0;
    /* How far back to go when dots are needed. */
    size_t cut_used = 0, cut_length = buf->length;
    size_t bytes;

    for (size_t left = strlen(text); left; text += bytes, left -= bytes) {
        uint32_t character = 0;
        bytes = utf8_decode(text, left, &character);
        int width = bytes ? character_cells(character, utf8) : -1;
        bytes = bytes ? bytes : 1;
        if (used + (width < 0 ? 1 : (size_t)width) > cells) {
            strbuf_truncate(buf, cut_length);
            if (cut_used + dots > cells)
                return cut_used;
            strbuf_adds(buf, utf8 ? "\u2026" : "...");
            return cut_used + dots;
        }
        strbuf_add(buf, width < 0 ? "?" : text, width < 0 ? 1 : bytes);
        used += width < 0 ? 1 : (size_t)width;
        if (used + dots <= cells) {
            cut_used = used;
            cut_length = buf->length;
        }
    }
    return used;
}

/* The columns of the first character; *ret_bytes is its length. */
static size_t first_cells(const char *text, size_t length, bool utf8, size_t *ret_bytes)
{
    uint32_t character = 0;
    size_t bytes = utf8_decode(text, length, &character);
    int cells = bytes ? character_cells(character, utf8) : -1;

    *ret_bytes = bytes ? bytes : 1;
    return cells < 0 ? 1 : (size_t)cells;
}

size_t cells_width(const char *text, size_t length)
{
    size_t width = utf8_plain(text, length), bytes;

    if (width == length)
        return width;
    bool utf8 = cells_utf8();
    text += width;
    length -= width;
    for (; length; text += bytes, length -= bytes)
        width += first_cells(text, length, utf8, &bytes);
    return width;
}

/* As much of the end of `text` as fits. An accent goes with its letter. */
static const char *end_of(const char *text, size_t cells, bool utf8)
{
    size_t left = strlen(text), bytes;

    for (size_t width = cells_width(text, left); left; text += bytes, left -= bytes) {
        size_t first = first_cells(text, left, utf8, &bytes);
        if (first && width <= cells)
            break;
        width -= first;
    }
    return text;
}

size_t cells_fit_end(struct strbuf *buf, const char *text, size_t cells)
{
    bool utf8 = cells_utf8();
    size_t dots = utf8 ? 1 : 3;

    if (cells_width(text, strlen(text)) <= cells)
        return cells_fit(buf, text, cells);
    if (dots > cells)
        return 0;
    strbuf_adds(buf, utf8 ? "\u2026" : "...");
    return dots + cells_fit(buf, end_of(text, cells - dots, utf8), cells - dots);
}

size_t cells_fit_both(struct strbuf *buf, const char *text, size_t cells)
{
    bool utf8 = cells_utf8();
    size_t dots = utf8 ? 1 : 3;

    if (cells_width(text, strlen(text)) <= cells || cells < dots + 2)
        return cells_fit(buf, text, cells);
    size_t end = (cells - dots) / 2;
    size_t used = cells_fit(buf, text, cells - end);
    return used + cells_fit(buf, end_of(text, end, utf8), end);
}

char *cells_wrap(const char *text, size_t column, size_t columns)
{
    /* What fills a row is no wider than the word that goes to the next one. */
    _cleanup_(strbuf_release) struct strbuf wrapped = STRBUF_INIT(2 * strlen(text) + 1);

    column = columns ? column % columns : 0;
    for (size_t blanks = 0, length = 0; *text; text += blanks + length) {
        blanks = strspn(text, " ");
        length = strcspn(text + blanks, " ");
        size_t width = cells_width(text + blanks, length);
        size_t gap = blanks;
        /* The last column is for the blank that follows. */
        if (blanks && width < columns && column + blanks + width >= columns)
            gap = columns - column;
        for (size_t i = 0; i < gap; i++)
            strbuf_adds(&wrapped, " ");
        strbuf_add(&wrapped, text + blanks, length);
        column = columns ? (column + gap + width) % columns : 0;
    }
    return strbuf_detach(&wrapped);
}
