#include "model/asked_packages.h"

#include "base/xalloc.h"

/* The next item from `from` on that is of this package, or the list's count. */
static size_t find_item(
    enum package_kind kind, const struct strv *items, size_t from, const char *key)
{
    for (; from < items->count; from++) {
        const char *item = items->items[from];
        _cleanup_free_ char *other = package_key(kind, item, strlen(item));
        if (other && strcmp(key, other) == 0)
            return from;
    }
    return items->count;
}

int asked_packages_check(
    enum package_kind kind, const struct strv *added, const struct strv *removed, struct error *err)
{
    for (size_t i = 0; i < added->count; i++) {
        const char *item = added->items[i];
        _cleanup_free_ char *key = package_key(kind, item, strlen(item));
        size_t again = key ? find_item(kind, added, i + 1, key) : added->count;
        if (key && removed && find_item(kind, removed, 0, key) < removed->count)
            return error_set(
                err, ERROR_USAGE, "'%.100s' is both to be added and to be removed", key);
        if (again == added->count || strcmp(item, added->items[again]) == 0)
            continue;
        error_set(err, ERROR_USAGE, "'%.100s' is asked for twice, as '%.100s' and as '%.100s'", key,
            item, added->items[again]);
        return error_hint(err, "name it once, as it is to be");
    }
    return 0;
}

/* Is the package at `end` of the list in it further up, too? */
static bool is_named_before(enum package_kind kind, const struct strv *packages, size_t end)
{
    const char *item = packages->items[end];
    _cleanup_free_ char *key = package_key(kind, item, strlen(item));

    return key && find_item(kind, packages, 0, key) < end;
}

void asked_packages_once(enum package_kind kind, struct strv *packages)
{
    _cleanup_(strv_release) struct strv all = *packages;

    *packages = (struct strv)STRV_INIT;
    for (size_t i = 0; i < all.count; i++)
        if (!is_named_before(kind, &all, i))
            strv_push(packages, all.items[i]);
}
