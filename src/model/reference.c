#include "model/reference.h"

#include <ctype.h>

#include "base/strbuf.h"
#include "base/xalloc.h"

#define DEFAULT_DOMAIN  "docker.io"
#define LEGACY_DOMAIN   "index.docker.io"
#define OFFICIAL_PREFIX "library/"

#define REPOSITORY_MAX 255
#define TAG_MAX        128
#define TEXT_MAX       1024

#define LOWER_ALPHANUMERIC "abcdefghijklmnopqrstuvwxyz0123456789"
#define ALPHANUMERIC       LOWER_ALPHANUMERIC "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define HEX_DIGITS         "0123456789abcdef"

/* The digests that engines know, and their length in hex digits. */
static const struct {
    const char *name;
    size_t length;
} digests[] = {{"sha256:", 64}, {"sha384:", 96}, {"sha512:", 128}};

static bool consists_of(const char *text, const char *set)
{
    return *text && !text[strspn(text, set)];
}

/* One part of a host name: letters and digits, '-' within. */
static bool is_host_label(const char *text, size_t length)
{
    return length > 0 && strspn(text, ALPHANUMERIC "-") >= length && text[0] != '-' &&
           text[length - 1] != '-';
}

/* Host, and optionally ':' and a port; the host may be an IPv6 address in brackets. */
static bool is_domain(const char *text)
{
    const char *port = NULL;

    if (text[0] == '[') {
        size_t length = strspn(text + 1, "0123456789abcdefABCDEF:");
        if (length == 0 || text[1 + length] != ']')
            return false;
        port = text + length + 2;
    } else {
        for (;;) {
            size_t length = strcspn(text, ".:");
            if (!is_host_label(text, length))
                return false;
            text += length;
            if (*text != '.')
                break;
            text++;
        }
        port = text;
    }
    return !*port || (*port == ':' && consists_of(port + 1, "0123456789"));
}

/* Letters and digits, parted by ".", "_", "__" or any number of '-'. */
static bool is_path_component(const char *text, size_t length)
{
    const char *end = text + length;

    for (;;) {
        size_t letters = strspn(text, LOWER_ALPHANUMERIC);
        if (letters == 0)
            return false;
        text += letters;
        if (text >= end)
            return true;
        if (*text == '-')
            text += strspn(text, "-");
        else if (text[0] == '_' && text[1] == '_')
            text += 2;
        else if (*text == '.' || *text == '_')
            text++;
        else
            return false;
    }
}

static bool is_path(const char *text)
{
    for (;;) {
        size_t length = strcspn(text, "/");
        if (!is_path_component(text, length))
            return false;
        text += length;
        if (!*text)
            return true;
        text++;
    }
}

static bool is_tag(const char *text)
{
    return consists_of(text, ALPHANUMERIC "_.-") && text[0] != '.' && text[0] != '-' &&
           strlen(text) <= TAG_MAX;
}

static bool is_digest(const char *text)
{
    for (size_t i = 0; i < ELEMENTS(digests); i++) {
        size_t prefix = strlen(digests[i].name);
        if (strncmp(text, digests[i].name, prefix) == 0)
            return consists_of(text + prefix, HEX_DIGITS) &&
                   strlen(text + prefix) == digests[i].length;
    }
    return false;
}

/*
 * Whether what stands before the first '/' is a registry rather than a part of the path.
 * Docker also takes a word with capitals for one; here it is what it looks like, a name
 * written wrong.
 */
static bool names_registry(const char *first)
{
    return strcmp(first, "localhost") == 0 || strpbrk(first, ".:");
}

static int bad_reference(const char *text, const char *why, struct error *err)
{
    _cleanup_(strbuf_release) struct strbuf shown = STRBUF_INIT(80);

    for (const char *c = text; *c && c < text + 80; c++)
        strbuf_addc(&shown, isprint((unsigned char)*c) ? *c : '?');
    error_set(err, ERROR_USAGE, "'%s' is not an image name: %s", strbuf_text(&shown), why);
    return error_hint(err, "write NAME, NAME:TAG or REGISTRY/NAME:TAG, like python:3.12");
}

/* Parts `rest` (which is cut up) into path, tag and digest; says what is wrong, or NULL. */
static const char *split_rest(char *rest, struct reference *ref)
{
    char *at = strchr(rest, '@');
    if (at) {
        *at = '\0';
        if (!is_digest(at + 1))
            return "what follows '@' is not a digest";
        ref->digest = xstrdup(at + 1);
    }
    char *colon = strchr(rest, ':');
    if (colon) {
        *colon = '\0';
        if (!is_tag(colon + 1))
            return "what follows ':' is not a tag";
        ref->tag = xstrdup(colon + 1);
    }
    for (const char *c = rest; *c; c++)
        if (isupper((unsigned char)*c))
            return "it must be in lower case";
    if (!is_path(rest))
        return "only lower-case letters, digits and single separators '.', '_', '-', '/' between "
               "them can be in it";
    bool official = strcmp(ref->domain, DEFAULT_DOMAIN) == 0 && !strchr(rest, '/');
    ref->path = xasprintf("%s%s", official ? OFFICIAL_PREFIX : "", rest);
    return NULL;
}

/* Fills `ref`; says what is wrong, or NULL. */
static const char *parse(const char *text, struct reference *ref)
{
    _cleanup_free_ char *copy = xstrdup(text);
    char *rest = copy;
    char *slash = strchr(copy, '/');

    if (slash) {
        *slash = '\0';
        if (names_registry(copy)) {
            if (!is_domain(copy))
                return "what stands before the first '/' is not a registry";
            ref->domain = xstrdup(strcmp(copy, LEGACY_DOMAIN) == 0 ? DEFAULT_DOMAIN : copy);
            rest = slash + 1;
        } else {
            *slash = '/';
        }
    }
    if (!ref->domain)
        ref->domain = xstrdup(DEFAULT_DOMAIN);
    const char *wrong = split_rest(rest, ref);
    if (wrong)
        return wrong;
    if (strlen(ref->domain) + 1 + strlen(ref->path) > REPOSITORY_MAX)
        return "it is longer than 255 characters";
    return NULL;
}

int reference_parse(const char *text, struct reference *ret, struct error *err)
{
    _cleanup_(reference_release) struct reference ref = REFERENCE_INIT;

    if (!*text)
        return bad_reference(text, "it is empty", err);
    if (strlen(text) > TEXT_MAX)
        return bad_reference(text, "it is too long", err);
    if (strlen(text) == 64 && consists_of(text, HEX_DIGITS))
        return bad_reference(text, "64 hex digits are an image's id", err);
    const char *wrong = parse(text, &ref);
    if (wrong)
        return bad_reference(text, wrong, err);
    *ret = ref;
    ref = (struct reference)REFERENCE_INIT;
    return 0;
}

char *reference_repository(const struct reference *ref)
{
    const char *path = ref->path;
    size_t prefix = strlen(OFFICIAL_PREFIX);
    _cleanup_free_ char *first = xstrndup(path, strcspn(path, "/"));

    /* A path that begins like a registry would be taken for one without its domain. */
    if (strcmp(ref->domain, DEFAULT_DOMAIN) != 0 || names_registry(first))
        return xasprintf("%s/%s", ref->domain, path);
    if (strncmp(path, OFFICIAL_PREFIX, prefix) == 0 && !strchr(path + prefix, '/'))
        path += prefix;
    return xstrdup(path);
}

char *reference_familiar(const struct reference *ref)
{
    _cleanup_(strbuf_release) struct strbuf text = STRBUF_INIT(2 * TEXT_MAX);
    _cleanup_free_ char *repository = reference_repository(ref);

    strbuf_adds(&text, repository);
    if (ref->tag)
        strbuf_addf(&text, ":%s", ref->tag);
    if (ref->digest)
        strbuf_addf(&text, "@%s", ref->digest);
    if (!ref->tag && !ref->digest)
        strbuf_adds(&text, ":latest");
    return strbuf_detach(&text);
}

void reference_release(struct reference *ref)
{
    free(ref->domain);
    free(ref->path);
    free(ref->tag);
    free(ref->digest);
    *ref = (struct reference)REFERENCE_INIT;
}
