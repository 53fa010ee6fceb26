#include "model/mount_target.h"

#include <ctype.h>

#include "base/xalloc.h"

char *mount_target(const char *typed)
{
    char *target = xstrdup(typed);
    size_t used = 0;

    for (const char *at = typed; *at; at++) {
        bool empty_part = at[0] == '/' && (at[1] == '/' || at[1] == '\0');
        bool same_place = at[0] == '/' && at[1] == '.' && (at[2] == '/' || at[2] == '\0');
        if (same_place)
            at++;
        else if (!empty_part || (used == 0 && at[1] == '\0'))
            target[used++] = *at;
    }
    if (used == 0 && *typed == '/')
        target[used++] = '/';
    target[used] = '\0';
    return target;
}

char *mount_source(const char *typed, bool *ret_read_only)
{
    size_t length = strlen(typed);
    const char *end = length > 3 ? typed + length - 3 : "";

    *ret_read_only = strcmp(end, ":ro") == 0;
    return xstrndup(typed, *ret_read_only || strcmp(end, ":rw") == 0 ? length - 3 : length);
}

/* True for `place` and all below it. */
static bool is_in(const char *target, const char *place)
{
    size_t length = strlen(place);

    return strncmp(target, place, length) == 0 && (target[length] == '/' || !target[length]);
}

static bool leads_up(const char *target)
{
    for (const char *at = target; (at = strstr(at, "/..")); at += 3)
        if (at[3] == '/' || at[3] == '\0')
            return true;
    return false;
}

bool mount_target_ok(const char *target)
{
    if (target[0] != '/' || !target[1] || leads_up(target))
        return false;
    for (const char *at = target; *at; at++)
        if (iscntrl((unsigned char)*at))
            return false;
    return !is_in(target, "/proc") && !is_in(target, "/sys") && strcmp(target, "/dev") != 0;
}
