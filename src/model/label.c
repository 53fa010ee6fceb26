#include "model/label.h"

#include "base/xalloc.h"

#include <ctype.h>
#include <stdint.h>

char *label_value(const char *text)
{
    char *value = xstrdup(text);

    for (char *c = value; *c; c++)
        if (*c == ',' || (unsigned char)*c < ' ' || *c == 0x7F)
            *c = ';';
    return value;
}

bool label_value_ok(const char *value)
{
    for (const char *c = value; *c; c++)
        if (*c == ',' || iscntrl((unsigned char)*c))
            return false;
    return true;
}

/* The value of `key`, or of the key that the original's later versions used for it. */
static const char *get_either(const struct strmap *labels, const char *key, const char *later_key)
{
    const char *value = strmap_get(labels, key);

    return value ? value : strmap_get(labels, later_key);
}

static bool is_true(const char *value)
{
    return value && strcmp(value, "true") == 0;
}

/* An id as `id -u` prints it: decimal, no sign, no leading zero, not the reserved (uid_t)-1. */
static bool parse_id(const char *text, uint32_t *ret)
{
    uint64_t value = 0;

    if (!text || !*text || (text[0] == '0' && text[1]))
        return false;
    for (const char *c = text; *c; c++) {
        if (*c < '0' || *c > '9')
            return false;
        value = value * 10 + (uint64_t)(*c - '0');
        if (value >= UINT32_MAX)
            return false;
    }
    *ret = (uint32_t)value;
    return true;
}

bool label_user_id(const struct strmap *labels, uid_t *ret)
{
    return parse_id(strmap_get(labels, LABEL_USER_ID), ret);
}

void image_ownership_from_labels(const struct strmap *labels, struct image_ownership *ret)
{
    uint32_t uid = 0;
    uint32_t gid = 0;
    bool has_uid = parse_id(get_either(labels, LABEL_USER_ID, "ds01.user_id"), &uid);
    bool has_gid = parse_id(get_either(labels, LABEL_GROUP_ID, "ds01.group_id"), &gid);
    bool claimed = is_true(get_either(labels, LABEL_HAS_USER_SETUP, "ds01.has_user_setup"));

    *ret = (struct image_ownership){
        .has_user_setup = claimed && has_uid && has_gid,
        .uid = uid,
        .gid = gid,
        .username = get_either(labels, LABEL_USERNAME, "ds01.username"),
        .project = get_either(labels, LABEL_PROJECT, "ds01.project"),
        .framework = get_either(labels, LABEL_DS01_FRAMEWORK, "ds01.framework"),
        .managed = is_true(get_either(labels, LABEL_MANAGED, "ds01.managed")),
    };
}
