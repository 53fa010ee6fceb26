#include "model/dockerfile_quote.h"

#include <ctype.h>

#define SAFE "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-"

static char without_control(char c)
{
    return iscntrl((unsigned char)c) ? '?' : c;
}

void dockerfile_add_shell_word(struct strbuf *out, const char *text)
{
    if (*text && !text[strspn(text, SAFE)]) {
        strbuf_adds(out, text);
        return;
    }
    strbuf_addc(out, '\'');
    for (const char *c = text; *c; c++) {
        if (*c == '\'')
            strbuf_adds(out, "'\\''");
        else
            strbuf_addc(out, without_control(*c));
    }
    strbuf_addc(out, '\'');
}

void dockerfile_add_value(struct strbuf *out, const char *text, char escape)
{
    if (*text && !text[strspn(text, SAFE)]) {
        strbuf_adds(out, text);
        return;
    }
    dockerfile_add_quoted_value(out, text, escape);
}

void dockerfile_add_quoted_value(struct strbuf *out, const char *text, char escape)
{
    strbuf_addc(out, '"');
    for (const char *c = text; *c; c++) {
        if (*c == '"' || *c == '$' || *c == escape)
            strbuf_addc(out, escape);
        strbuf_addc(out, without_control(*c));
    }
    strbuf_addc(out, '"');
}

void dockerfile_add_comment_text(struct strbuf *out, const char *text)
{
    for (const char *c = text; *c; c++)
        strbuf_addc(out, *c >= ' ' && *c <= '~' ? *c : '?');
}
