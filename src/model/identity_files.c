#include "model/identity_files.h"

#include <inttypes.h>
#include <limits.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "base/xalloc.h"

/* Where an operator's own groups begin; below are the system's (login.defs GID_MIN). */
#define GID_ORDINARY 1000

/* Groups made for the system take the highest free number of these (login.defs SYS_GID_*). */
#define GID_SYSTEM_FIRST 100
#define GID_SYSTEM_LAST  999

/* Room for the lines that are added. */
#define ADDED_MAX ((size_t)64 << 10)

/* One line of a file: `name:…:id:…`. */
struct entry {
    const char *line;
    size_t length; /* with its newline, if it has one */
    const char *name;
    size_t name_length;
    bool has_id; /* passwd and group: the third field is a number */
    uint32_t id;
};

static bool parse_id(const char *text, size_t length, uint32_t *ret)
{
    uint64_t value = 0;

    if (length == 0 || length > 10)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        value = value * 10 + (uint64_t)(text[i] - '0');
    }
    *ret = (uint32_t)value;
    return value < UINT32_MAX;
}

static void read_third_field(struct entry *entry, size_t length)
{
    const char *end = entry->line + length;
    const char *second = entry->line + entry->name_length + 1;
    const char *colon = second < end ? memchr(second, ':', (size_t)(end - second)) : NULL;

    if (!colon)
        return;
    const char *third = colon + 1;
    const char *third_end = memchr(third, ':', (size_t)(end - third));
    if (!third_end)
        third_end = end;
    entry->has_id = parse_id(third, (size_t)(third_end - third), &entry->id);
}

/* Takes the line at *at apart and goes on to the next; false at the end of the text. */
static bool next_entry(const char **at, struct entry *ret)
{
    size_t length = strcspn(*at, "\n");

    if (!**at)
        return false;
    *ret = (struct entry){.line = *at, .length = length + ((*at)[length] == '\n'), .name = *at};
    *at += ret->length;
    if (length > 0 && ret->line[length - 1] == '\r')
        length--;
    const char *colon = memchr(ret->line, ':', length);
    /* Lines of NIS ("+", "-name") and comments are nobody's. */
    if (!colon || strchr("+-#:", ret->line[0]))
        return true;
    ret->name_length = (size_t)(colon - ret->line);
    read_third_field(ret, length);
    return true;
}

static bool is_named(const struct entry *entry, const char *name)
{
    return entry->name_length == strlen(name) && memcmp(entry->name, name, entry->name_length) == 0;
}

static int compare_names(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

/* The names that go, sorted, so that a file of many lines is one pass. */
static void sort_names(struct strv *names)
{
    if (names->count)
        qsort(names->items, names->count, sizeof(*names->items), compare_names);
}

/* In sorted names. bsearch() takes no null pointer, which an empty list has. */
static bool is_among(const struct strv *names, const char *name)
{
    return names->count &&
           bsearch(&name, names->items, names->count, sizeof(*names->items), compare_names);
}

static bool is_dropped(const struct strv *names, const struct entry *entry)
{
    if (!names->count || !entry->name_length)
        return false;
    _cleanup_free_ char *name = xstrndup(entry->name, entry->name_length);
    return is_among(names, name);
}

/*
 * The text without the lines of `dropped`, and with `added` at its end, but in front of the
 * first line of NIS: what stands behind "+" is not read. The caller frees it; NULL stays NULL.
 */
static char *rewrite(const char *text, const struct strv *dropped, const char *added, bool with_id)
{
    _cleanup_(strbuf_release) struct strbuf out =
        STRBUF_INIT(IDENTITY_FILE_MAX + ADDED_MAX + strlen(added));
    struct entry entry;
    bool placed = false;

    if (!text)
        return NULL;
    for (const char *at = text; next_entry(&at, &entry);) {
        if ((!with_id || entry.has_id) && is_dropped(dropped, &entry))
            continue;
        if (!placed && entry.line[0] == '+') {
            strbuf_adds(&out, added);
            placed = true;
        }
        strbuf_add(&out, entry.line, entry.length);
    }
    if (out.length && out.text[out.length - 1] != '\n')
        strbuf_addc(&out, '\n');
    if (!placed)
        strbuf_adds(&out, added);
    return strbuf_detach(&out);
}

static void add_user(const struct identity_files *files, const struct identity_user *user,
    struct identity_files *out)
{
    _cleanup_(strv_release) struct strv dropped = STRV_INIT;
    _cleanup_free_ char *line =
        xasprintf("%s:%s:%" PRIu32 ":%" PRIu32 "::%s:%s\n", user->name, files->shadow ? "x" : "*",
            (uint32_t)user->uid, (uint32_t)user->gid, user->home, user->shell);
    _cleanup_free_ char *shadow_line = xasprintf("%s:*:::::::\n", user->name);
    struct entry entry;

    strv_push(&dropped, user->name);
    for (const char *at = files->passwd; next_entry(&at, &entry);)
        if (entry.has_id && entry.id == user->uid)
            strv_take(&dropped, xstrndup(entry.name, entry.name_length));
    sort_names(&dropped);
    out->passwd = rewrite(files->passwd, &dropped, line, true);
    out->shadow = rewrite(files->shadow, &dropped, shadow_line, false);
}

/* What of the groups is in the way, and what is there. */
struct group_survey {
    struct strv dropped; /* sorted */
    struct strv present; /* sorted; without the dropped */
    bool has_own;        /* a group with the user's gid stays */
    bool taken[GID_SYSTEM_LAST + 1];
};

static void group_survey_release(struct group_survey *survey)
{
    strv_release(&survey->dropped);
    strv_release(&survey->present);
}

static void survey_groups(
    const char *text, const struct identity_user *user, struct group_survey *survey)
{
    bool own_name_stays = false;
    struct entry entry;

    for (const char *at = text; next_entry(&at, &entry);) {
        if (!entry.has_id || entry.id != user->gid)
            continue;
        if (user->gid >= GID_ORDINARY) {
            strv_take(&survey->dropped, xstrndup(entry.name, entry.name_length));
        } else if (!survey->has_own) {
            survey->has_own = true;
            own_name_stays = is_named(&entry, user->name);
        }
    }
    if (!own_name_stays)
        strv_push(&survey->dropped, user->name);
    sort_names(&survey->dropped);
    for (const char *at = text; next_entry(&at, &entry);) {
        if (!entry.has_id || is_dropped(&survey->dropped, &entry))
            continue;
        strv_take(&survey->present, xstrndup(entry.name, entry.name_length));
        if (entry.id <= GID_SYSTEM_LAST)
            survey->taken[entry.id] = true;
    }
    if (user->gid <= GID_SYSTEM_LAST)
        survey->taken[user->gid] = true;
    sort_names(&survey->present);
}

/* The next number for a group of the system, or 0 when all are taken. */
static gid_t take_system_gid(struct group_survey *survey)
{
    for (gid_t gid = GID_SYSTEM_LAST; gid >= GID_SYSTEM_FIRST; gid--) {
        if (!survey->taken[gid]) {
            survey->taken[gid] = true;
            return gid;
        }
    }
    return 0;
}

static void add_group_lines(
    const char *name, gid_t gid, struct strbuf *lines, struct strbuf *shadow_lines)
{
    strbuf_addf(lines, "%s:x:%" PRIu32 ":\n", name, (uint32_t)gid);
    strbuf_addf(shadow_lines, "%s:!::\n", name);
}

static void add_groups(const struct identity_files *files, const struct identity_user *user,
    struct identity_files *out)
{
    _cleanup_(group_survey_release) struct group_survey survey = {0};
    _cleanup_(strbuf_release) struct strbuf lines = STRBUF_INIT(ADDED_MAX);
    _cleanup_(strbuf_release) struct strbuf shadow_lines = STRBUF_INIT(ADDED_MAX);

    survey_groups(files->group, user, &survey);
    if (!survey.has_own)
        add_group_lines(user->name, user->gid, &lines, &shadow_lines);
    for (size_t i = 0; user->groups && i < user->groups->count; i++) {
        const char *name = user->groups->items[i];
        if (is_among(&survey.present, name) || (!survey.has_own && strcmp(name, user->name) == 0))
            continue;
        gid_t gid = take_system_gid(&survey);
        if (gid)
            add_group_lines(name, gid, &lines, &shadow_lines);
    }
    out->group = rewrite(files->group, &survey.dropped, strbuf_text(&lines), true);
    out->gshadow = rewrite(files->gshadow, &survey.dropped, strbuf_text(&shadow_lines), false);
}

static int check_size(const char *name, const char *text, struct error *err)
{
    if (text && strlen(text) > IDENTITY_FILE_MAX)
        return error_set(err, ERROR_FAILED, "%s in the image is larger than %zu MiB", name,
            IDENTITY_FILE_MAX >> 20);
    return 0;
}

int identity_files_add_user(const struct identity_files *files, const struct identity_user *user,
    struct identity_files *ret, struct error *err)
{
    /* An image from scratch has neither; root is then as nameless as the user. */
    const struct identity_files known = {
        .passwd = files->passwd ? files->passwd : (char *)"root:*:0:0:root:/root:/bin/sh\n",
        .group = files->group ? files->group : (char *)"root:x:0:\n",
        .shadow = files->shadow,
        .gshadow = files->gshadow,
    };
    struct identity_files out = {0};

    if (check_size("/etc/passwd", files->passwd, err) < 0 ||
        check_size("/etc/group", files->group, err) < 0 ||
        check_size("/etc/shadow", files->shadow, err) < 0 ||
        check_size("/etc/gshadow", files->gshadow, err) < 0)
        return -1;
    add_user(&known, user, &out);
    add_groups(&known, user, &out);
    *ret = out;
    return 0;
}

void identity_files_release(struct identity_files *files)
{
    free(files->passwd);
    free(files->group);
    free(files->shadow);
    free(files->gshadow);
    *files = (struct identity_files){0};
}
