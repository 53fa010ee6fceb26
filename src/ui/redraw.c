#include "ui/redraw.h"

#include <string.h>

#include "base/xalloc.h"
#include "ui/cells.h"
#include "ui/terminal.h"

/* Where the terminal does not tell its size. */
#define ROWS    24
#define COLUMNS 80

void redraw_text(struct redraw *redraw, FILE *out, const char *text)
{
    _cleanup_(strbuf_release) struct strbuf frame = STRBUF_INIT(STRBUF_TEXT_MAX);
    unsigned short rows = ROWS, columns = COLUMNS;
    size_t lines = 0;

    terminal_size(fileno(out), &rows, &columns);
    if (redraw->lines)
        strbuf_addf(&frame, "\r\033[%zuA", redraw->lines);
    while (*text && lines + 1 < rows) {
        size_t length = strcspn(text, "\n");
        _cleanup_free_ char *line = xstrndup(text, length);
        /* Cleared first: behind the last column the terminal would clear that. */
        strbuf_adds(&frame, "\033[K");
        cells_fit(&frame, line, columns);
        strbuf_addc(&frame, '\n');
        text += length + (text[length] == '\n');
        lines++;
    }
    strbuf_adds(&frame, "\033[J");
    redraw->lines = lines;
    fwrite(strbuf_text(&frame), 1, frame.length, out);
    fflush(out);
}
