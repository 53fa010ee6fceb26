#include "ops/container_list.h"

#include "base/xalloc.h"
#include "engine/image.h"
#include "model/label.h"
#include "model/name.h"
#include "model/timestamp.h"
#include "ops/container_job.h"

/* Keys that name the owner: ours and AIME's, then those of the original's later versions. */
const char *container_owner(const struct container *container)
{
    static const char *const keys[] = {LABEL_USER, "ds01.user", LABEL_MLC};

    for (size_t i = 0; i < ELEMENTS(keys); i++) {
        const char *value = strmap_get(&container->labels, keys[i]);
        if (value && *value)
            return value;
    }
    return NULL;
}

/* True for "<name>._.<uid>" with this uid. */
static bool has_suffix(const char *engine_name, uid_t uid)
{
    _cleanup_free_ char *suffix = xasprintf("._.%u", (unsigned)uid);
    size_t length = strlen(engine_name), wanted = strlen(suffix);

    return length > wanted && strcmp(engine_name + length - wanted, suffix) == 0;
}

bool container_is_callers(const struct session *session, const struct container *container)
{
    const char *owner = container_owner(container);
    _cleanup_free_ char *own = label_value(session->caller->login);
    uid_t uid;

    if (owner && strcmp(owner, own) == 0)
        return true;
    if (!has_suffix(container->name, session->caller->uid))
        return false;
    /* A login may have been renamed, or not be known just now: the uid stays. */
    return !owner || !session->caller->has_entry ||
           (label_user_id(&container->labels, &uid) && uid == session->caller->uid);
}

bool container_is_made_from(
    const struct session *session, const struct container *container, const char *reference)
{
    const char *made_from = strmap_get(&container->labels, LABEL_CUSTOM_IMAGE), *tag;
    _cleanup_free_ char *project = NULL;
    uid_t uid = session->caller->uid;

    if (!made_from || strcmp(made_from, reference) != 0)
        return false;
    if (image_name_parse(reference, &uid, &project, &tag) && uid != session->caller->uid)
        return has_suffix(container->name, uid);
    return container_is_callers(session, container);
}

/* Any container of these tools, whoever's. */
static bool is_of_ours(const struct container *container)
{
    return container_owner(container) || strstr(container->name, "._.");
}

int container_find(
    const struct session *session, const char *name, struct container *ret, struct error *err)
{
    _cleanup_free_ char *engine_name = container_engine_name(name, session->caller->uid);
    const char *const candidates[] = {engine_name, name};

    for (size_t i = 0; i < ELEMENTS(candidates); i++) {
        _cleanup_(error_release) struct error cause = ERROR_INIT;
        _cleanup_(container_release) struct container found = {0};
        if (engine_container_inspect(session->engine, candidates[i], &found, &cause) < 0) {
            if (cause.code == ERROR_NOT_FOUND)
                continue;
            return error_move(err, &cause);
        }
        /* The engine also takes parts of ids for names: what was meant is a name. */
        if (strcmp(found.name, candidates[i]) != 0 || !container_is_callers(session, &found))
            continue;
        *ret = found;
        found = (struct container){0};
        return 0;
    }
    error_set(err, ERROR_NOT_FOUND, "you have no container %s", name);
    return error_hint(err, "container-list shows those you have");
}

/* A label's value, where AIME's "-" for "none" counts as none. */
static const char *label_of(const struct container *container, const char *key)
{
    const char *value = strmap_get(&container->labels, key);

    return value && *value && strcmp(value, "-") != 0 ? value : NULL;
}

static const char *workspace_of(const struct container *container)
{
    for (size_t i = 0; i < container->mount_count; i++)
        if (strcmp(container->mounts[i].target, "/workspace") == 0)
            return container->mounts[i].source;
    return label_of(container, LABEL_WORK_MOUNT);
}

/* The engine's "Up 5 minutes (healthy)" without its first word. */
static char *uptime_of(const struct container *container)
{
    if (strcmp(container->state, "running") != 0 || !container->status ||
        strncmp(container->status, "Up ", 3) != 0)
        return NULL;
    return xstrdup(container->status + 3);
}

/* "Exited (3) 5 minutes ago"; how an idle shell ended says nothing. */
static int exit_code_of(const struct container *container)
{
    static const char before[] = "Exited (";
    const char *status = container->status;
    char *end;

    if (!container_is_job(container) || !status || strncmp(status, before, strlen(before)) != 0)
        return -1;
    long code = strtol(status + strlen(before), &end, 10);
    return *end == ')' && code >= 0 && code <= 255 ? (int)code : -1;
}

static void fill_row(
    struct container_row *row, const struct container *container, const struct image_list *images)
{
    const char *made_from = label_of(container, LABEL_CUSTOM_IMAGE);
    const char *image = made_from ? made_from : container->image;

    *row = (struct container_row){
        .name = container_display_name(container->name),
        .engine_name = xstrdup(container->name),
        .id = xstrdup(container->id),
        .owner = xstrdup(container_owner(container)),
        .project = xstrdup(label_of(container, LABEL_PROJECT)),
        .state = xstrdup(container->state),
        .uptime = uptime_of(container),
        .image = xstrdup(image),
        .gpus = xstrdup(label_of(container, LABEL_GPUS)),
        .workspace = xstrdup(workspace_of(container)),
        .exit_code = exit_code_of(container),
        .created = container->created_unix,
    };
    for (size_t i = 0; i < images->count; i++)
        if (strv_contains(&images->images[i].tags, image))
            row->outdated = strcmp(images->images[i].id, container->image_id) != 0;
}

static int compare_rows(const void *a, const void *b)
{
    const struct container_row *left = a, *right = b;
    int left_runs = strcmp(left->state, "running") == 0;
    int right_runs = strcmp(right->state, "running") == 0;

    if (left_runs != right_runs)
        return right_runs - left_runs;
    return strcmp(left->engine_name, right->engine_name);
}

int container_list(
    const struct session *session, bool all_users, struct container_rows *ret, struct error *err)
{
    _cleanup_(container_list_release) struct container_list list = {0};
    _cleanup_(image_list_release) struct image_list images = {0};
    _cleanup_free_ char *own = xasprintf("ds01-%u/*", (unsigned)session->caller->uid);
    const struct engine_filter of_ds01[] = {
        {"reference", all_users ? "ds01-*/*" : own}, {NULL, NULL}};
    struct container_rows rows = {0};

    if (engine_container_list(session->engine, NULL, &list, err) < 0)
        return -1;
    if (list.count && engine_image_list(session->engine, of_ds01, false, &images, err) < 0)
        return -1;
    rows.rows = xcalloc(list.count, sizeof(*rows.rows));
    for (size_t i = 0; i < list.count; i++) {
        const struct container *container = &list.containers[i];
        if (container_is_callers(session, container) || (all_users && is_of_ours(container)))
            fill_row(&rows.rows[rows.count++], container, &images);
    }
    qsort(rows.rows, rows.count, sizeof(*rows.rows), compare_rows);
    *ret = rows;
    return 0;
}

int container_rows_find_started(
    const struct session *session, struct container_rows *rows, struct error *err)
{
    for (size_t i = 0; i < rows->count; i++) {
        struct container_row *row = &rows->rows[i];
        _cleanup_(container_release) struct container container = {0};
        _cleanup_(error_release) struct error cause = ERROR_INIT;
        if (strcmp(row->state, "running") != 0)
            continue;
        /* One that has gone since the list was made has no start any more. */
        if (engine_container_inspect(session->engine, row->id, &container, &cause) == 0)
            row->started = container.started ? timestamp_parse(container.started) : 0;
        else if (cause.code != ERROR_NOT_FOUND)
            return error_move(err, &cause);
    }
    return 0;
}

void container_rows_release(struct container_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        struct container_row *row = &rows->rows[i];
        free(row->name);
        free(row->engine_name);
        free(row->id);
        free(row->owner);
        free(row->project);
        free(row->state);
        free(row->uptime);
        free(row->image);
        free(row->gpus);
        free(row->workspace);
    }
    free(rows->rows);
    *rows = (struct container_rows){0};
}
