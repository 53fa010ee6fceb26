#include "ops/container_stats.h"

#include "base/xalloc.h"
#include "ops/container_list.h"

static const struct container_sample nothing = {-1, -1, -1, -1, -1, -1};

static void add(struct container_usages *usages, const char *name, const char *owner,
    const char *id, const char *state)
{
    usages->items = xgrow(usages->items, usages->count, sizeof(*usages->items));
    usages->items[usages->count++] = (struct container_usage){
        .name = xstrdup(name),
        .owner = xstrdup(owner),
        .id = xstrdup(id),
        .running = strcmp(state, "running") == 0,
        .cpu = -1,
        .sample = nothing,
    };
}

static int find_named(const struct session *session, const struct strv *names,
    struct container_usages *usages, struct error *err)
{
    for (size_t i = 0; i < names->count; i++) {
        _cleanup_(container_release) struct container container = {0};
        if (container_find(session, names->items[i], &container, err) < 0)
            return -1;
        add(usages, names->items[i], session->caller->login, container.id, container.state);
    }
    return 0;
}

static int find_running(const struct session *session, bool all_users,
    struct container_usages *usages, struct error *err)
{
    _cleanup_(container_rows_release) struct container_rows list = {0};

    if (container_list(session, all_users, &list, err) < 0)
        return -1;
    for (size_t i = 0; i < list.count; i++) {
        const struct container_row *row = &list.rows[i];
        if (strcmp(row->state, "running") == 0)
            add(usages, row->name, row->owner, row->id, row->state);
    }
    return 0;
}

static int take_samples(
    const struct session *session, struct container_usages *usages, struct error *err)
{
    _cleanup_free_ const char **ids = xcalloc(usages->count, sizeof(*ids));
    _cleanup_free_ struct container_sample *samples = xcalloc(usages->count, sizeof(*samples));
    size_t count = 0;

    for (size_t i = 0; i < usages->count; i++)
        if (usages->items[i].running)
            ids[count++] = usages->items[i].id;
    if (!count)
        return 0;
    if (engine_container_samples(session->engine, ids, count, samples, err) < 0)
        return -1;
    for (size_t i = usages->count; i-- > 0;)
        if (usages->items[i].running)
            usages->items[i].sample = samples[--count];
    return 0;
}

static void compare_with(struct container_usages *usages, const struct container_usages *before)
{
    for (size_t i = 0; i < usages->count; i++)
        for (size_t k = 0; k < before->count; k++)
            if (strcmp(usages->items[i].id, before->items[k].id) == 0)
                usages->items[i].cpu =
                    container_cpu_percent(&before->items[k].sample, &usages->items[i].sample);
}

int container_stats(const struct session *session, const struct container_stats_request *request,
    const struct container_usages *before, struct container_usages *ret, struct error *err)
{
    _cleanup_(container_usages_release) struct container_usages usages = {0};
    int found = request->names && request->names->count
                    ? find_named(session, request->names, &usages, err)
                    : find_running(session, request->all_users, &usages, err);

    if (found < 0 || take_samples(session, &usages, err) < 0)
        return -1;
    if (before)
        compare_with(&usages, before);
    *ret = usages;
    usages = (struct container_usages){0};
    return 0;
}

void container_usages_release(struct container_usages *usages)
{
    for (size_t i = 0; i < usages->count; i++) {
        free(usages->items[i].name);
        free(usages->items[i].owner);
        free(usages->items[i].id);
    }
    free(usages->items);
    *usages = (struct container_usages){0};
}
