#include "ui/tail.h"

#include "ui/style.h"

static char *printable_line(const struct tail *tail)
{
    size_t length = tail->partial.length;

    while (length && tail->partial.text[length - 1] == ' ')
        length--;
    return style_printable(strbuf_text(&tail->partial), length);
}

static void end_line(struct tail *tail, tail_line_fn *ended, void *context)
{
    size_t slot = (tail->first + tail->count) % TAIL_LINES;

    if (tail->count == TAIL_LINES) {
        free(tail->lines[slot]);
        tail->first = (tail->first + 1) % TAIL_LINES;
    } else {
        tail->count++;
    }
    tail->lines[slot] = printable_line(tail);
    strbuf_truncate(&tail->partial, 0);
    tail->returned = false;
    if (ended)
        ended(context, tail->lines[slot]);
}

static void add_visible(struct tail *tail, char c)
{
    if (tail->returned)
        strbuf_truncate(&tail->partial, 0);
    tail->returned = false;
    if (tail->partial.length < TAIL_LINE_BYTES)
        strbuf_addc(&tail->partial, c);
}

static void add_text(struct tail *tail, char c, tail_line_fn *ended, void *context)
{
    unsigned char byte = (unsigned char)c;

    if (c == '\n')
        end_line(tail, ended, context);
    else if (c == '\r')
        tail->returned = true;
    else if (c == '\033')
        tail->escape = TAIL_ESCAPE;
    else if (c == '\b' && tail->partial.length)
        strbuf_truncate(&tail->partial, tail->partial.length - 1);
    else if (c == '\t')
        add_visible(tail, ' ');
    else if (byte >= 0x20 && byte != 0x7F)
        add_visible(tail, c);
}

/*
 * Where in an escape sequence the byte leaves us (ECMA-48, 5.3 to 5.6). A newline ends
 * any: a sequence that was cut off must not swallow what follows.
 */
static enum tail_escape after_escape_byte(enum tail_escape escape, char c)
{
    unsigned char byte = (unsigned char)c;

    switch (escape) {
    case TAIL_ESCAPE:
        if (c == '[')
            return TAIL_SEQUENCE;
        if (c && strchr("]PX^_", c))
            return TAIL_STRING;
        return byte >= 0x20 && byte < 0x30 ? TAIL_ESCAPE : TAIL_TEXT;
    case TAIL_SEQUENCE:
        return byte >= 0x40 && byte < 0x7F ? TAIL_TEXT : TAIL_SEQUENCE;
    case TAIL_STRING:
        if (c == '\033')
            return TAIL_ESCAPE;
        return c == '\a' ? TAIL_TEXT : TAIL_STRING;
    case TAIL_TEXT:
        break;
    }
    return TAIL_TEXT;
}

void tail_add(
    struct tail *tail, const char *data, size_t length, tail_line_fn *ended, void *context)
{
    for (size_t i = 0; i < length; i++) {
        if (data[i] == '\n')
            tail->escape = TAIL_TEXT;
        if (tail->escape == TAIL_TEXT)
            add_text(tail, data[i], ended, context);
        else
            tail->escape = after_escape_byte(tail->escape, data[i]);
    }
}

void tail_end(struct tail *tail, tail_line_fn *ended, void *context)
{
    tail->escape = TAIL_TEXT;
    if (tail->partial.length)
        end_line(tail, ended, context);
}

size_t tail_count(const struct tail *tail)
{
    return tail->count + (tail->partial.length ? 1 : 0);
}

char *tail_text(const struct tail *tail, size_t lines)
{
    struct strbuf text = STRBUF_INIT((TAIL_LINES + 1) * (TAIL_LINE_BYTES + 1));
    size_t skipped = tail_count(tail) > lines ? tail_count(tail) - lines : 0;

    for (size_t i = skipped; i < tail->count; i++)
        strbuf_addf(&text, "%s\n", tail->lines[(tail->first + i) % TAIL_LINES]);
    if (tail->partial.length && lines) {
        _cleanup_free_ char *line = printable_line(tail);
        strbuf_addf(&text, "%s\n", line);
    }
    return strbuf_detach(&text);
}

void tail_release(struct tail *tail)
{
    for (size_t i = 0; i < TAIL_LINES; i++)
        free(tail->lines[i]);
    strbuf_release(&tail->partial);
    *tail = (struct tail)TAIL_INIT;
}
