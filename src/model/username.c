#include "model/username.h"

#include <ctype.h>
#include <inttypes.h>

#include "base/xalloc.h"
#include "model/md5.h"

/* A name that is cut keeps this many characters in front of "-" and four hex digits. */
#define KEPT_LENGTH 27

/* Letters and digits of ASCII, whatever the locale. */
static bool is_alphanumeric(char c)
{
    return (unsigned char)c < 0x80 && isalnum((unsigned char)c);
}

/* Adds `c` unless that would begin the name with '-' or double one. */
static void add_once(struct strbuf *name, size_t start, char c)
{
    if (c == '-' && (name->length == start || name->text[name->length - 1] == '-'))
        return;
    strbuf_addc(name, c);
}

static void sanitize(const char *login, bool keep_colon, struct strbuf *ret_name)
{
    size_t start = ret_name->length;

    for (const char *c = login; *c; c++) {
        if (*c == '@') {
            add_once(ret_name, start, '-');
            strbuf_adds(ret_name, "at-");
        } else if (is_alphanumeric(*c) || *c == '_' || (*c == ':' && keep_colon)) {
            strbuf_addc(ret_name, *c);
        } else {
            add_once(ret_name, start, '-');
        }
    }
    if (ret_name->length > start && ret_name->text[ret_name->length - 1] == '-')
        strbuf_truncate(ret_name, ret_name->length - 1);
}

void username_sanitize(const char *login, struct strbuf *ret_name)
{
    sanitize(login, true, ret_name);
}

/* Cuts the name to 27 characters, and adds what keeps it apart from its like. */
static void shorten(const char *login, struct strbuf *name)
{
    uint8_t digest[MD5_SIZE];

    strbuf_truncate(name, KEPT_LENGTH);
    while (name->length > 0 && name->text[name->length - 1] == '-')
        strbuf_truncate(name, name->length - 1);
    md5(login, strlen(login), digest);
    strbuf_addf(name, "-%02x%02x", digest[0], digest[1]);
}

void username_in_container(const char *login, uid_t uid, char ret_name[USERNAME_MAX + 1])
{
    _cleanup_(strbuf_release) struct strbuf clean = STRBUF_INIT(STRBUF_TEXT_MAX);
    _cleanup_(strbuf_release) struct strbuf name = STRBUF_INIT(STRBUF_TEXT_MAX);

    sanitize(login, false, &clean);
    const char *text = strbuf_text(&clean);
    if (uid == 0)
        strbuf_adds(&name, "root");
    else if (!*text || strcmp(text, "root") == 0)
        strbuf_addf(&name, "u%" PRIu32, (uint32_t)uid);
    else if (text[strspn(text, "0123456789")] == '\0')
        strbuf_addf(&name, "u%s", text);
    else
        strbuf_adds(&name, text);
    if (name.length > USERNAME_MAX)
        shorten(login, &name);
    memcpy(ret_name, name.text, name.length + 1);
}

char *home_in_container(const char *name, uid_t uid)
{
    return uid == 0 ? xstrdup("/root") : xasprintf("/home/%s", name);
}
