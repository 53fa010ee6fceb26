#include "model/saved_image.h"

#include "base/xalloc.h"
#include "model/label.h"
#include "model/username.h"

static bool is_true(const char *value)
{
    return value && strcmp(value, "true") == 0;
}

static const char *framework_of(const struct strmap *container, const struct strmap *image)
{
    const char *of_image = strmap_get(image, LABEL_DS01_FRAMEWORK);
    const char *of_container = strmap_get(container, LABEL_FRAMEWORK);

    if (of_image && *of_image)
        return of_image;
    return of_container && *of_container ? of_container : "custom";
}

/* Labels that an image has only while or because it is no project's. */
static const char *const passing[] = {
    LABEL_COMMITTED_FROM, LABEL_CREATED_BY, LABEL_DEPLOY, LABEL_LAST_SETUP_FILE, LABEL_TEMPORARY};

static void copy_labels(
    const struct strmap *container, const struct strmap *image, struct strmap *ret)
{
    for (size_t i = 0; i < container->count; i++) {
        const char *value = strmap_get(image, container->entries[i].key);
        strmap_set(ret, container->entries[i].key, value ? value : "");
    }
    for (size_t i = 0; i < ELEMENTS(passing); i++)
        if (strmap_get(ret, passing[i]))
            strmap_set(ret, passing[i], "");
}

void saved_image_labels(const struct saved_image *saved, const struct strmap *container,
    const struct strmap *image, struct strmap *ret)
{
    _cleanup_free_ char *uid = xasprintf("%u", (unsigned)saved->uid);
    _cleanup_free_ char *gid = xasprintf("%u", (unsigned)saved->gid);
    _cleanup_free_ char *login = label_value(saved->login);
    /* AIME's own tools set the user up under another name and home. */
    bool has_user = is_true(strmap_get(container, LABEL_MANAGED));

    copy_labels(container, image, ret);
    strmap_set(ret, LABEL_HAS_USER_SETUP, has_user ? "true" : "");
    strmap_set(ret, LABEL_USER_ID, uid);
    strmap_set(ret, LABEL_GROUP_ID, gid);
    strmap_set(ret, LABEL_USERNAME, saved->username);
    strmap_set(ret, LABEL_MANAGED, "true");
    strmap_set(ret, LABEL_PROJECT, saved->project);
    strmap_set(ret, LABEL_DS01_FRAMEWORK, framework_of(container, image));
    strmap_set(ret, LABEL_MAINTAINER, login);
    strmap_set(ret, LABEL_SAVED_FROM, saved->container);
}

/* --- variables ---------------------------------------------------------------- */

static size_t key_length(const char *variable)
{
    return strcspn(variable, "=");
}

static bool same_key(const char *one, const char *other)
{
    size_t length = key_length(one);

    return length == key_length(other) && memcmp(one, other, length) == 0;
}

static const char *find_variable(const struct strv *list, const char *variable)
{
    for (size_t i = 0; i < list->count; i++)
        if (same_key(list->items[i], variable))
            return list->items[i];
    return NULL;
}

static bool is_of_the_user(const char *variable)
{
    static const char *const keys[] = {"HOME=", "USER=", "PATH=", "PIP_BREAK_SYSTEM_PACKAGES="};

    for (size_t i = 0; i < ELEMENTS(keys); i++)
        if (same_key(variable, keys[i]))
            return true;
    return false;
}

void saved_image_environment(const struct saved_image *saved, const struct strv *container,
    const struct strv *image, struct strv *ret)
{
    _cleanup_free_ char *home = home_in_container(saved->username, saved->uid);

    for (size_t i = 0; i < container->count; i++) {
        const char *variable = container->items[i];
        const char *before = find_variable(image, variable);
        if (strcmp(variable, "HOME") == 0)
            strv_take(ret, xasprintf("HOME=%s", home));
        else if (is_of_the_user(variable))
            strv_push(ret, variable);
        else if (before)
            strv_push(ret, before);
        else
            strv_take(ret, xasprintf("%.*s=", (int)key_length(variable), variable));
    }
}
