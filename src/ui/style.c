#include "ui/style.h"

#include "base/utf8.h"
#include "base/xalloc.h"
#include "ui/cells.h"
#include "ui/terminal.h"

static enum style_when style_when = STYLE_NEVER;

void style_setup(enum style_when when, bool no_color)
{
    style_when = when == STYLE_AUTO && no_color ? STYLE_NEVER : when;
}

bool style_terminal_capable(void)
{
    const char *term = getenv("TERM");

    return term && *term && strcmp(term, "dumb") != 0;
}

bool style_enabled(FILE *out)
{
    if (style_when != STYLE_AUTO)
        return style_when == STYLE_ALWAYS;
    return isatty(fileno(out)) && style_terminal_capable();
}

const char *style_begin(FILE *out, enum style style)
{
    static const char *const codes[] = {
        [STYLE_PLAIN] = "",
        [STYLE_BOLD] = "\033[1m",
        [STYLE_DIM] = "\033[2m",
        [STYLE_RED] = "\033[31m",
        [STYLE_GREEN] = "\033[32m",
        [STYLE_YELLOW] = "\033[33m",
        [STYLE_CYAN] = "\033[36m",
    };

    return style_enabled(out) ? codes[style] : "";
}

const char *style_end(FILE *out, enum style style)
{
    return style != STYLE_PLAIN && style_enabled(out) ? "\033[0m" : "";
}

void style_print(FILE *out, enum style style, const char *text)
{
    _cleanup_free_ char *printable = style_printable(text, strlen(text));

    fprintf(out, "%s%s%s", style_begin(out, style), printable, style_end(out, style));
}

void style_print_lines(FILE *out, enum style style, const char *text)
{
    while (*text) {
        size_t length = strcspn(text, "\n");
        _cleanup_free_ char *line = xstrndup(text, length);
        style_print(out, style, line);
        fputc('\n', out);
        text += length + (text[length] == '\n');
    }
}

char *style_wrapped(FILE *out, size_t column, const char *text, size_t length)
{
    _cleanup_free_ char *printable = style_printable(text, length);
    unsigned short rows, columns;

    if (*printable == ' ' || !style_terminal_capable() ||
        !terminal_size(fileno(out), &rows, &columns))
        return TAKE_PTR(printable);
    return cells_wrap(printable, column, columns);
}

void style_print_message(
    FILE *out, enum style label_style, const char *label, enum style text_style, const char *text)
{
    size_t column = strlen(label);

    if (*label)
        style_print(out, label_style, label);
    while (*text) {
        size_t length = strcspn(text, "\n");
        _cleanup_free_ char *line = style_wrapped(out, column, text, length);
        fprintf(out, "%s%s%s\n", style_begin(out, text_style), line, style_end(out, text_style));
        text += length + (text[length] == '\n');
        column = 0;
    }
}

char *style_printable(const char *text, size_t length)
{
    char *printable = xcalloc(length + 1, 1);
    size_t end = utf8_plain(text, length);
    size_t bytes;

    memcpy(printable, text, end);
    for (size_t i = end; i < length; i += bytes) {
        uint32_t character = 0;
        bytes = utf8_decode(text + i, length - i, &character);
        if (!bytes || utf8_is_control(character)) {
            printable[end++] = character == '\t' ? ' ' : '?';
            bytes = bytes ? bytes : 1;
        } else {
            memcpy(printable + end, text + i, bytes);
            end += bytes;
        }
    }
    return printable;
}
