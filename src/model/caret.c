#include "model/caret.h"

#define SHOWN_MAX 72

void caret_add(struct strbuf *out, const char *text, size_t length, size_t position)
{
    size_t from = position > SHOWN_MAX / 2 ? position - SHOWN_MAX / 2 : 0;

    if (length <= SHOWN_MAX)
        from = 0;
    strbuf_adds(out, "\n  ");
    for (size_t i = from; i < length && i < from + SHOWN_MAX; i++)
        strbuf_addc(out, text[i] >= ' ' && text[i] <= '~' ? text[i] : '?');
    strbuf_addf(out, "\n  %*s", (int)(position - from) + 1, "^");
}
