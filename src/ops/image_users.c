#include "ops/image_users.h"

#include "base/xalloc.h"
#include "model/name.h"
#include "ops/container_list.h"

static bool is_root(const struct session *session)
{
    return session->caller->uid == 0;
}

static void add_own(struct image_users *users, const struct container *container)
{
    users->own = xgrow(users->own, users->own_count, sizeof(struct container *));
    users->own[users->own_count++] = container;
}

void image_users_add(
    const struct session *session, const struct container *container, struct image_users *users)
{
    bool own = container_is_callers(session, container);
    const char *owner = container_owner(container);
    _cleanup_free_ char *name = container_display_name(container->name);

    if (own || is_root(session))
        add_own(users, container);
    else if (owner)
        strv_take(&users->cures, xasprintf("%s to retire %s", owner, name));
    else
        strv_take(&users->cures, xasprintf("whoever made %s to remove it (docker rm)", name));
    strv_take(&users->told,
        own ? xstrdup(name) : xasprintf("%s of %s", name, owner ? owner : "somebody else"));
    strv_push(&users->names, name);
}

int image_users_refuse(const struct session *session, const struct image_users *users,
    const char *image, bool force, struct error *err)
{
    if (!users->names.count || (force && !users->cures.count))
        return 0;
    _cleanup_free_ char *told = strv_join(&users->told, ", ");
    _cleanup_free_ char *cures = strv_join(&users->cures, ", ");
    const char *them = users->names.count > 1 ? "them" : "it";
    error_set(err, ERROR_REFUSED, "the image %s is in use by the container%s %s", image,
        users->names.count > 1 ? "s" : "", told);
    if (users->cures.count)
        return error_hint(err, "ask %s, or keep the image", cures);
    if (is_root(session))
        return error_hint(err, "add --force to retire %s with it, whoever's", them);
    return error_hint(err, "container-retire %s first, or add --force to retire %s with it",
        users->names.items[0], them);
}

void image_users_release(struct image_users *users)
{
    free(users->own);
    strv_release(&users->names);
    strv_release(&users->told);
    strv_release(&users->cures);
}
