#include "host/caller.h"

#include <grp.h>
#include <inttypes.h>
#include <limits.h>
#include <pwd.h>
#include <sys/fsuid.h>

#include "base/xalloc.h"

#define GROUPS_MAX 1024

/* The number in the environment variable `name`: 1, or 0 where it is not set. */
static int id_from_environment(const char *name, uint32_t *ret, struct error *err)
{
    const char *text = secure_getenv(name);
    char *end;

    if (!text)
        return 0;
    errno = 0;
    unsigned long value = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || errno || *end || value >= UINT32_MAX) {
        error_set(err, ERROR_REFUSED, "%s is no number, so it is not known whom to act for", name);
        return error_hint(err, "type it through sudo itself, or without sudo as that user");
    }
    *ret = (uint32_t)value;
    return 1;
}

/* Root acts for whoever typed sudo. */
static int follow_sudo(struct caller *caller, struct error *err)
{
    uint32_t uid = 0, gid = 0;
    int has_uid = id_from_environment("SUDO_UID", &uid, err);
    int has_gid = has_uid > 0 ? id_from_environment("SUDO_GID", &gid, err) : 0;

    if (has_uid < 0 || has_gid < 0)
        return -1;
    if (has_uid == 0 || uid == 0)
        return 0;
    caller->uid = (uid_t)uid;
    caller->gid = has_gid ? (gid_t)gid : (gid_t)uid;
    caller->acts_for_other = true;
    return 0;
}

/*
 * The caller's entry, or NULL; caller->lookup_errno tells a database that does not answer from
 * one that has none (getpwnam(3), "RETURN VALUE", lists what stands for that).
 */
static const struct passwd *find_entry(struct caller *caller)
{
    static const int absent[] = {0, ENOENT, ESRCH, EBADF, EPERM};

    errno = 0;
    const struct passwd *entry = getpwuid(caller->uid);
    int cause = errno;
    caller->has_entry = entry != NULL;
    for (size_t i = 0; i < ELEMENTS(absent); i++)
        if (entry || cause == absent[i])
            return entry;
    caller->lookup_errno = cause;
    return NULL;
}

/* A home from the environment counts when it is the caller's own environment. */
static char *home_of(const struct caller *caller, const struct passwd *entry)
{
    const char *home = caller->acts_for_other ? NULL : secure_getenv("HOME");

    if (home && home[0] == '/')
        return xstrdup(home);
    if (entry && entry->pw_dir && entry->pw_dir[0] == '/')
        return xstrdup(entry->pw_dir);
    return NULL;
}

int caller_find(struct caller *ret, struct error *err)
{
    struct caller caller = {.uid = getuid(), .gid = getgid()};

    if (geteuid() == 0 && follow_sudo(&caller, err) < 0)
        return -1;
    const struct passwd *entry = find_entry(&caller);
    if (entry && caller.acts_for_other)
        caller.gid = entry->pw_gid;
    caller.home = home_of(&caller, entry);
    if (!caller.home) {
        error_set(err, ERROR_FAILED, "no home directory is known for the user with uid %u",
            (unsigned)caller.uid);
        return error_hint(err, "set HOME to a directory of yours");
    }
    caller.login = entry ? xstrdup(entry->pw_name) : xasprintf("u%u", (unsigned)caller.uid);
    username_in_container(caller.login, caller.uid, caller.name);
    *ret = caller;
    return 0;
}

int caller_of(uid_t uid, struct caller *ret, struct error *err)
{
    const struct passwd *entry = getpwuid(uid);

    if (!entry || !entry->pw_dir || entry->pw_dir[0] != '/' ||
        (access(entry->pw_dir, F_OK) < 0 && errno == ENOENT))
        return error_set(err, ERROR_NOT_FOUND, "there is no user with uid %u", (unsigned)uid);
    struct caller caller = {
        .uid = uid,
        .gid = entry->pw_gid,
        .login = xstrdup(entry->pw_name),
        .home = xstrdup(entry->pw_dir),
        .acts_for_other = uid != geteuid(),
        .has_entry = true,
    };
    username_in_container(caller.login, uid, caller.name);
    *ret = caller;
    return 0;
}

size_t caller_groups(const struct caller *caller, gid_t **ret_groups)
{
    int count = GROUPS_MAX;
    _cleanup_free_ gid_t *groups = xcalloc(GROUPS_MAX, sizeof(*groups));

    /* Our own are known without asking a directory service. */
    if (!caller->acts_for_other)
        count = getgroups(GROUPS_MAX, groups);
    else if (getgrouplist(caller->login, caller->gid, groups, &count) < 0)
        count = 0;
    if (count <= 0)
        return 0;
    *ret_groups = TAKE_PTR(groups);
    return (size_t)count;
}

void caller_release(struct caller *caller)
{
    free(caller->login);
    free(caller->home);
    *caller = (struct caller){0};
}

/* How many scopes are open: rights change with the first and come back with the last. */
static int open_scopes;

struct caller_scope caller_scope_begin(const struct caller *caller)
{
    if (!caller->acts_for_other)
        return (struct caller_scope){false};
    if (open_scopes++ > 0)
        return (struct caller_scope){true};
    /* Supplementary groups first: changing them needs the rights that setfsuid gives away. */
    if (initgroups(caller->login, caller->gid) < 0)
        setgroups(0, NULL);
    setfsgid(caller->gid);
    setfsuid(caller->uid);
    return (struct caller_scope){true};
}

void caller_scope_end(struct caller_scope *scope)
{
    if (!scope->active)
        return;
    scope->active = false;
    if (--open_scopes > 0)
        return;
    setfsuid(geteuid());
    setfsgid(getegid());
    gid_t own = getegid();
    if (setgroups(1, &own) < 0)
        abort(); /* root can always do this; going on with the wrong groups would not be safe */
}
