#include "model/name.h"

#include <ctype.h>
#include <inttypes.h>

#include "base/strbuf.h"
#include "base/xalloc.h"

#define SEPARATORS   "._-"
#define NAME_LETTERS "abcdefghijklmnopqrstuvwxyz0123456789"
/* Tags of a project's images. */
#define TAG_CURRENT  "latest"
#define TAG_PREVIOUS "previous"
#define TAG_KEEP     "keep"

#define MLC_SUFFIX "._."

/* What a typed character becomes, or '\0' where it is dropped. */
static char clean_character(enum name_kind kind, char c)
{
    if (c == ' ')
        return '-';
    if (c == '.' && kind == NAME_CONTAINER)
        return '-';
    if ((unsigned char)c >= 0x80)
        return '\0';
    c = (char)tolower((unsigned char)c);
    return strchr(NAME_LETTERS SEPARATORS, c) ? c : '\0';
}

/* What an image reference allows between two letters: ".", "_", "__" or any number of '-'. */
static bool is_reference_separator(const char *run, size_t length)
{
    if (strspn(run, "-") >= length)
        return true;
    if (length == 1)
        return true;
    return length == 2 && run[0] == '_' && run[1] == '_';
}

/* Appends `clean` to `name` with the separators a reference allows; a run it does not is '-'. */
static void add_with_reference_separators(struct strbuf *name, const char *clean)
{
    while (*clean) {
        size_t letters = strcspn(clean, SEPARATORS);
        strbuf_add(name, clean, letters);
        clean += letters;
        size_t run = strspn(clean, SEPARATORS);
        if (is_reference_separator(clean, run))
            strbuf_add(name, clean, run);
        else
            strbuf_addc(name, '-');
        clean += run;
    }
}

static int refuse_name(const char *what, struct error *err)
{
    error_set(err, ERROR_USAGE, "%s", what);
    return error_hint(
        err, "use letters, digits, '-' and '_', and begin with a letter or digit: my-project");
}

static int check_typed(const char *typed, struct error *err)
{
    for (const char *c = typed; *c; c++) {
        if (iscntrl((unsigned char)*c))
            return refuse_name("a name cannot hold a newline or another control character", err);
        if (*c == '/')
            return refuse_name("a name cannot hold '/'", err);
    }
    return 0;
}

int name_from_typed(enum name_kind kind, const char *typed, char ret_name[NAME_MAX_LENGTH + 1],
    bool *ret_changed, struct error *err)
{
    _cleanup_(strbuf_release) struct strbuf clean = STRBUF_INIT(STRBUF_TEXT_MAX);
    _cleanup_(strbuf_release) struct strbuf name = STRBUF_INIT(STRBUF_TEXT_MAX);

    if (check_typed(typed, err) < 0)
        return -1;
    for (const char *c = typed; *c; c++) {
        char kept = clean_character(kind, *c);
        if (kept)
            strbuf_addc(&clean, kept);
    }
    const char *start = strbuf_text(&clean);
    start += strspn(start, SEPARATORS);
    if (kind == NAME_PROJECT)
        add_with_reference_separators(&name, start);
    else
        strbuf_adds(&name, start);

    strbuf_truncate(&name, NAME_MAX_LENGTH);
    while (name.length > 0 && strchr(SEPARATORS, name.text[name.length - 1]))
        strbuf_truncate(&name, name.length - 1);
    if (name.length == 0)
        return refuse_name(*typed ? "nothing of that name can be kept" : "the name is empty", err);
    memcpy(ret_name, name.text, name.length + 1);
    if (ret_changed)
        *ret_changed = strcmp(ret_name, typed) != 0;
    return 0;
}

char *image_previous_name(uid_t uid, const char *project)
{
    return xasprintf("ds01-%u/%s:" TAG_PREVIOUS, (unsigned)uid, project);
}

char *image_keep_name(uid_t uid, const char *project, const char *tag)
{
    if (strcmp(tag, TAG_CURRENT) == 0)
        return xasprintf("ds01-%u/%s:" TAG_KEEP, (unsigned)uid, project);
    return xasprintf("ds01-%u/%s:" TAG_KEEP "-%s", (unsigned)uid, project, tag);
}

char *image_name(uid_t uid, const char *project)
{
    return xasprintf("ds01-%" PRIu32 "/%s:" TAG_CURRENT, (uint32_t)uid, project);
}

/* `text` without `prefix`, or NULL when it does not begin with it. */
static const char *after(const char *text, const char *prefix)
{
    size_t length = strlen(prefix);

    return strncmp(text, prefix, length) == 0 ? text + length : NULL;
}

char *project_from_image(uid_t uid, const char *reference)
{
    _cleanup_free_ char *owner = xasprintf("ds01-%" PRIu32 "/", (uint32_t)uid);
    /* Podman shows a local image under "localhost/". */
    const char *local = after(reference, "localhost/");
    const char *project = after(local ? local : reference, owner);

    if (!project)
        return NULL;
    size_t length = strspn(project, NAME_LETTERS SEPARATORS);
    if (length == 0 || (project[length] != '\0' && project[length] != ':'))
        return NULL;
    return xstrndup(project, length);
}

char *container_engine_name(const char *name, uid_t uid)
{
    return xasprintf("%s" MLC_SUFFIX "%" PRIu32, name, (uint32_t)uid);
}

/* True for one or more of [A-Za-z0-9_] up to the end. */
static bool is_word(const char *text)
{
    const char *c = text;

    while ((unsigned char)*c < 0x80 && (isalnum((unsigned char)*c) || *c == '_'))
        c++;
    return c > text && !*c;
}

char *container_display_name(const char *engine_name)
{
    const char *name = engine_name + (engine_name[0] == '/');

    for (const char *suffix = strstr(name, MLC_SUFFIX); suffix;
         suffix = strstr(suffix + 1, MLC_SUFFIX))
        if (is_word(suffix + strlen(MLC_SUFFIX)))
            return xstrndup(name, (size_t)(suffix - name));
    return xstrdup(name);
}

const char *kept_tag(const char *tag)
{
    const char *behind = after(tag, TAG_KEEP);

    if (!behind || (*behind && *behind != '-'))
        return NULL;
    return *behind ? behind + 1 : TAG_CURRENT;
}

bool is_companion_tag(const char *tag)
{
    return strcmp(tag, TAG_PREVIOUS) == 0 || kept_tag(tag);
}

bool image_names_go_with(const struct strv *names, const char *reference)
{
    _cleanup_free_ char *project = NULL;
    const char *tag = NULL;
    uid_t uid;
    size_t stem = image_name_parse(reference, &uid, &project, &tag) ? (size_t)(tag - reference) : 0;

    for (size_t i = 0; i < names->count; i++) {
        const char *name = names->items[i];
        if (strcmp(name, reference) == 0)
            continue;
        if (!stem || strncmp(name, reference, stem) != 0)
            return false;
        const char *kept = kept_tag(name + stem);
        bool previous = strcmp(name + stem, TAG_PREVIOUS) == 0 && strcmp(tag, TAG_CURRENT) == 0;
        if (!previous && (!kept || strcmp(kept, tag) != 0))
            return false;
    }
    return true;
}

bool is_committed_tag(const char *tag)
{
    for (const char *suffix = strstr(tag, MLC_SUFFIX); suffix;
         suffix = strstr(suffix + 1, MLC_SUFFIX)) {
        const char *digits = suffix + strlen(MLC_SUFFIX);
        if (suffix > tag && *digits && !digits[strspn(digits, "0123456789")])
            return true;
    }
    return false;
}

/* Decimal digits up to `end`, as `id -u` prints them; false for what is no uid. */
static bool parse_uid(const char *text, const char *end, uid_t *ret)
{
    uint64_t value = 0;

    if (text == end || (text[0] == '0' && text + 1 < end))
        return false;
    for (; text < end; text++) {
        if (*text < '0' || *text > '9')
            return false;
        value = value * 10 + (uint64_t)(*text - '0');
        if (value >= UINT32_MAX)
            return false;
    }
    *ret = (uid_t)value;
    return true;
}

bool committed_reference_parse(const char *reference, char **ret_container, uid_t *ret_uid)
{
    const char *colon = strrchr(reference, ':');
    const char *suffix = NULL;

    if (!colon || strchr(colon, '/') || !is_committed_tag(colon + 1))
        return false;
    for (const char *at = strstr(colon, MLC_SUFFIX); at; at = strstr(at + 1, MLC_SUFFIX))
        suffix = at;
    const char *digits = suffix ? suffix + strlen(MLC_SUFFIX) : NULL;
    if (!digits || !parse_uid(digits, digits + strlen(digits), ret_uid))
        return false;
    *ret_container = xstrndup(colon + 1, (size_t)(suffix - colon - 1));
    return true;
}

/* What stands behind "ds01-<uid>/", or NULL. */
static const char *behind_owner(const char *reference, uid_t *ret_uid)
{
    const char *local = after(reference, "localhost/");
    const char *digits = after(local ? local : reference, "ds01-");
    const char *slash = digits ? strchr(digits, '/') : NULL;

    return slash && parse_uid(digits, slash, ret_uid) ? slash + 1 : NULL;
}

bool image_name_parse(
    const char *reference, uid_t *ret_uid, char **ret_project, const char **ret_tag)
{
    uid_t uid;
    const char *name = behind_owner(reference, &uid);
    size_t length = name ? strspn(name, NAME_LETTERS SEPARATORS) : 0;

    if (!length || name[length] != ':' || !name[length + 1])
        return false;
    *ret_uid = uid;
    *ret_project = xstrndup(name, length);
    *ret_tag = name + length + 1;
    return true;
}

int image_name_compare(const char *left, const char *right)
{
    static const char latest[] = ":latest";
    size_t left_stem = strcspn(left, ":"), right_stem = strcspn(right, ":");
    size_t common = left_stem < right_stem ? left_stem : right_stem;
    int order = strncmp(left, right, common);

    /* "ag" is before "ag2", though ':' is behind '2'. */
    if (order == 0 && left_stem != right_stem)
        order = left_stem < right_stem ? -1 : 1;
    if (order != 0)
        return order;
    bool left_latest = strcmp(left + left_stem, latest) == 0;
    bool right_latest = strcmp(right + right_stem, latest) == 0;
    if (left_latest != right_latest)
        return left_latest ? -1 : 1;
    return strcmp(left + left_stem, right + right_stem);
}

int name_within_typed(
    enum name_kind kind, uid_t uid, const char *typed, char **ret, struct error *err)
{
    _cleanup_free_ char *container_end = xasprintf(MLC_SUFFIX "%" PRIu32, (uint32_t)uid);
    const char *end = kind == NAME_PROJECT ? ":" TAG_CURRENT : container_end;
    uid_t owner;
    const char *behind = kind == NAME_PROJECT ? behind_owner(typed, &owner) : NULL;

    if (behind && owner != uid) {
        error_set(err, ERROR_USAGE, "'%s' is an image of another user", typed);
        return error_hint(err,
            "name a project of your own; a container can be made of that "
            "image: container-deploy NAME --image %s",
            typed);
    }
    const char *name = behind ? behind : typed;
    size_t length = strlen(name), cut = strlen(end);
    bool ends = length > cut && strcmp(name + length - cut, end) == 0;
    *ret = xstrndup(name, ends ? length - cut : length);
    return 0;
}
