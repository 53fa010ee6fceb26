#include "model/mount_target.h"

#include "base/text.h"
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

static const struct {
    const char *path;
    enum mount_place place;
} places[] = {
    {"/", MOUNT_PLACE_SYSTEM},
    {"/bin", MOUNT_PLACE_SYSTEM},
    {"/etc", MOUNT_PLACE_SYSTEM},
    {"/lib", MOUNT_PLACE_SYSTEM},
    {"/lib32", MOUNT_PLACE_SYSTEM},
    {"/lib64", MOUNT_PLACE_SYSTEM},
    {"/sbin", MOUNT_PLACE_SYSTEM},
    {"/usr", MOUNT_PLACE_SYSTEM},
    {"/usr/bin", MOUNT_PLACE_SYSTEM},
    {"/usr/lib", MOUNT_PLACE_SYSTEM},
    {"/usr/lib64", MOUNT_PLACE_SYSTEM},
    {"/usr/sbin", MOUNT_PLACE_SYSTEM},
    {"/dev", MOUNT_PLACE_SYSTEM},
    {"/home", MOUNT_PLACE_HOME},
    {"/opt", MOUNT_PLACE_IMAGE},
    {"/opt/conda", MOUNT_PLACE_IMAGE},
    {"/usr/local", MOUNT_PLACE_IMAGE},
    {"/usr/local/bin", MOUNT_PLACE_IMAGE},
    {"/usr/local/lib", MOUNT_PLACE_IMAGE},
    {"/usr/share", MOUNT_PLACE_IMAGE},
    {"/var", MOUNT_PLACE_IMAGE},
    {"/var/lib", MOUNT_PLACE_IMAGE},
};

enum mount_place mount_place(const char *target, const char *home)
{
    if (target[0] != '/' || leads_up(target) || text_has_control(target))
        return MOUNT_PLACE_NONE;
    if (is_in(target, "/proc") || is_in(target, "/sys"))
        return MOUNT_PLACE_SYSTEM;
    if (strcmp(target, home) == 0)
        return MOUNT_PLACE_HOME;
    for (size_t i = 0; i < ELEMENTS(places); i++)
        if (strcmp(target, places[i].path) == 0)
            return places[i].place;
    return MOUNT_PLACE_FREE;
}
