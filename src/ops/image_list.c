#include "ops/image_list.h"

#include "base/xalloc.h"
#include "engine/container.h"
#include "engine/image.h"
#include "host/project_files.h"
#include "model/label.h"
#include "model/name.h"

const char *image_state_name(enum image_state state)
{
    switch (state) {
    case IMAGE_READY:
        return "ready";
    case IMAGE_OTHER_USER:
        return "other-user";
    case IMAGE_NO_SETUP:
        return "no-setup";
    case IMAGE_NOT_BUILT:
        return "not-built";
    }
    return "unknown";
}

static struct image_row *add_row(struct image_rows *rows)
{
    rows->rows = xreallocarray(rows->rows, rows->count + 1, sizeof(*rows->rows));
    struct image_row *row = &rows->rows[rows->count++];
    *row = (struct image_row){.size = -1, .unique = -1};
    return row;
}

/* The part of "ds01-<any uid>/<project>:<tag>" between slash and colon, or NULL. */
static char *project_of_any_user(const char *reference)
{
    const char *slash = strchr(reference, '/');

    if (strncmp(reference, "ds01-", 5) != 0 || !slash)
        return NULL;
    return xstrndup(slash + 1, strcspn(slash + 1, ":"));
}

static bool ends_with_own_uid(const struct session *session, const char *tag)
{
    _cleanup_free_ char *suffix = xasprintf("._.%u", (unsigned)session->caller->uid);
    size_t length = strlen(tag), wanted = strlen(suffix);

    return length >= wanted && strcmp(tag + length - wanted, suffix) == 0;
}

/* True when a list of this kind shows the tag. */
static bool is_asked_for(
    const struct session *session, const struct image_list_request *request, const char *reference)
{
    const char *colon = strrchr(reference, ':');

    if (!request->orphans)
        return colon && strcmp(colon, ":latest") == 0;
    return colon && is_committed_tag(colon + 1) &&
           (request->all_users || ends_with_own_uid(session, reference));
}

static void fill_row(const struct session *session, struct image_row *row,
    const struct image *image, const char *reference)
{
    struct image_ownership owner;

    image_ownership_from_labels(&image->labels, &owner);
    row->project = project_of_any_user(reference);
    row->image = xstrdup(reference);
    row->id = xstrdup(image->id);
    row->framework = xstrdup(owner.framework);
    row->size = image->size;
    row->unique = image->shared >= 0 ? image->size - image->shared : -1;
    row->created = image->created_unix;
    if (!owner.has_user_setup)
        row->state = IMAGE_NO_SETUP;
    else if (owner.uid != session->caller->uid || owner.gid != session->caller->gid)
        row->state = IMAGE_OTHER_USER;
    else
        row->state = IMAGE_READY;
}

static int add_images(const struct session *session, const struct image_list_request *request,
    struct image_rows *rows, struct error *err)
{
    _cleanup_(image_list_release) struct image_list list = {0};
    _cleanup_free_ char *own = xasprintf("ds01-%u/*", (unsigned)session->caller->uid);
    const struct engine_filter of_ds01[] = {
        {"reference", request->all_users ? "ds01-*/*" : own}, {NULL, NULL}};

    if (engine_image_list(session->engine, request->orphans ? NULL : of_ds01, true, &list, err) < 0)
        return -1;
    if (request->unique && list.count && session->engine->api < ENGINE_API_SHARED_SIZE &&
        engine_image_list_fill_shared(session->engine, &list, err) < 0)
        return -1;
    for (size_t i = 0; i < list.count; i++)
        for (size_t t = 0; t < list.images[i].tags.count; t++)
            if (is_asked_for(session, request, list.images[i].tags.items[t]))
                fill_row(session, add_row(rows), &list.images[i], list.images[i].tags.items[t]);
    return 0;
}

static int add_users(const struct session *session, struct image_rows *rows, struct error *err)
{
    _cleanup_(container_list_release) struct container_list list = {0};

    if (rows->count == 0)
        return 0;
    if (engine_container_list(session->engine, NULL, &list, err) < 0)
        return -1;
    for (size_t c = 0; c < list.count; c++)
        for (size_t r = 0; r < rows->count; r++)
            if (strcmp(list.containers[c].image_id, rows->rows[r].id) == 0)
                strv_take(
                    &rows->rows[r].containers, container_display_name(list.containers[c].name));
    return 0;
}

static bool has_image(const struct image_rows *rows, size_t count, const char *reference)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(rows->rows[i].image, reference) == 0)
            return true;
    return false;
}

static int add_unbuilt(const struct session *session, struct image_rows *rows, struct error *err)
{
    _cleanup_(strv_release) struct strv projects = STRV_INIT;
    size_t built = rows->count;

    if (project_list(session->caller, &projects, err) < 0)
        return -1;
    for (size_t i = 0; i < projects.count; i++) {
        _cleanup_free_ char *reference = image_name(session->caller->uid, projects.items[i]);
        if (has_image(rows, built, reference))
            continue;
        struct image_row *row = add_row(rows);
        row->project = xstrdup(projects.items[i]);
        row->image = TAKE_PTR(reference);
        row->state = IMAGE_NOT_BUILT;
    }
    return 0;
}

static int compare_rows(const void *a, const void *b)
{
    return strcmp(((const struct image_row *)a)->image, ((const struct image_row *)b)->image);
}

int image_list(const struct session *session, const struct image_list_request *request,
    struct image_rows *ret, struct error *err)
{
    _cleanup_(image_rows_release) struct image_rows rows = {0};

    if (add_images(session, request, &rows, err) < 0 || add_users(session, &rows, err) < 0)
        return -1;
    if (!request->orphans && add_unbuilt(session, &rows, err) < 0)
        return -1;
    if (rows.count)
        qsort(rows.rows, rows.count, sizeof(*rows.rows), compare_rows);
    *ret = rows;
    rows = (struct image_rows){0};
    return 0;
}

void image_rows_release(struct image_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        struct image_row *row = &rows->rows[i];
        free(row->project);
        free(row->image);
        free(row->id);
        free(row->framework);
        strv_release(&row->containers);
    }
    free(rows->rows);
    *rows = (struct image_rows){0};
}
