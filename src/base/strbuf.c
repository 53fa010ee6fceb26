#include "base/strbuf.h"

#include "base/xalloc.h"

/* Makes room for `extra` bytes and a NUL; false (and overflowed) past the maximum. */
static bool strbuf_grow(struct strbuf *buf, size_t extra)
{
    if (buf->overflowed || extra > buf->max || buf->length > buf->max - extra) {
        buf->overflowed = true;
        return false;
    }
    size_t needed = buf->length + extra + 1;
    if (needed > buf->allocated) {
        size_t bigger = buf->allocated < 64 ? 64 : buf->allocated + buf->allocated / 2;
        if (bigger < needed)
            bigger = needed;
        buf->text = xreallocarray(buf->text, bigger, 1);
        buf->allocated = bigger;
    }
    return true;
}

void strbuf_add(struct strbuf *buf, const void *data, size_t length)
{
    if (!strbuf_grow(buf, length))
        return;
    if (length)
        memcpy(buf->text + buf->length, data, length);
    buf->length += length;
    buf->text[buf->length] = '\0';
}

void strbuf_adds(struct strbuf *buf, const char *text)
{
    strbuf_add(buf, text, strlen(text));
}

void strbuf_addc(struct strbuf *buf, char c)
{
    strbuf_add(buf, &c, 1);
}

void strbuf_addv(struct strbuf *buf, const char *format, va_list args)
{
    char *text = NULL;
    int length = vasprintf(&text, format, args);

    if (length < 0) {
        buf->overflowed = true;
        return;
    }
    strbuf_add(buf, text, (size_t)length);
    free(text);
}

void strbuf_addf(struct strbuf *buf, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    strbuf_addv(buf, format, args);
    va_end(args);
}

void strbuf_truncate(struct strbuf *buf, size_t length)
{
    if (length < buf->length) {
        buf->length = length;
        buf->text[length] = '\0';
    }
}

void strbuf_consume(struct strbuf *buf, size_t length)
{
    if (length > buf->length)
        length = buf->length;
    if (!length)
        return;
    memmove(buf->text, buf->text + length, buf->length - length);
    buf->length -= length;
    buf->text[buf->length] = '\0';
}

const char *strbuf_text(const struct strbuf *buf)
{
    return buf->text ? buf->text : "";
}

char *strbuf_detach(struct strbuf *buf)
{
    char *text = buf->text ? buf->text : xstrdup("");
    *buf = (struct strbuf)STRBUF_INIT(buf->max);
    return text;
}

void strbuf_release(struct strbuf *buf)
{
    free(buf->text);
    *buf = (struct strbuf)STRBUF_INIT(buf->max);
}
