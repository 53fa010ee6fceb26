#include "ops/image_list.h"

#include "base/xalloc.h"
#include "engine/container.h"
#include "engine/image.h"
#include "host/project_files.h"
#include "model/label.h"
#include "model/name.h"
#include "ops/container_list.h"
#include "ops/leftover.h"

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
    case IMAGE_IN_USE:
        return "in-use";
    case IMAGE_ORPHAN:
        return "orphan";
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

/* True when a list of this kind shows the name; *ret_project is the caller's, or NULL. */
static bool is_asked_for(const struct session *session, const struct image_list_request *request,
    const char *reference, char **ret_project)
{
    _cleanup_free_ char *container = NULL, *project = NULL;
    const char *tag = NULL;
    uid_t uid = 0;
    bool named = image_name_parse(reference, &uid, &project, &tag);
    bool wanted = request->orphans ? committed_reference_parse(reference, &container, &uid)
                                   : named && strcmp(tag, "latest") == 0;

    if (!wanted || (!request->all_users && uid != session->caller->uid))
        return false;
    *ret_project = TAKE_PTR(project);
    return true;
}

/* Those of this build, and the caller's that run an older one. */
static void add_users(const struct session *session, struct image_row *row,
    const struct image *image, const struct container_list *containers)
{
    for (size_t i = 0; i < containers->count; i++) {
        const struct container *container = &containers->containers[i];
        bool of_build = container->image_id && strcmp(container->image_id, image->id) == 0;
        if (of_build || container_is_made_from(session, container, row->image))
            strv_take(&row->containers, container_display_name(container->name));
    }
}

static enum image_state state_of(const struct session *session, const struct image *image)
{
    struct image_ownership owner;

    image_ownership_from_labels(&image->labels, &owner);
    if (!owner.has_user_setup)
        return IMAGE_NO_SETUP;
    return owner.uid == session->caller->uid && owner.gid == session->caller->gid
               ? IMAGE_READY
               : IMAGE_OTHER_USER;
}

static void fill_row(struct image_row *row, const struct image *image, const char *reference)
{
    struct image_ownership owner;

    image_ownership_from_labels(&image->labels, &owner);
    row->image = xstrdup(reference);
    row->id = xstrdup(image->id);
    row->framework = xstrdup(owner.framework);
    row->size = image->size;
    row->unique = image->shared >= 0 ? image->size - image->shared : -1;
    row->created = image->created_unix;
}

static void add_image(const struct session *session, const struct image_list_request *request,
    const struct image *image, const struct container_list *containers, struct image_rows *rows)
{
    for (size_t i = 0; i < image->tags.count; i++) {
        const char *reference = image->tags.items[i];
        char *project = NULL;
        if (!is_asked_for(session, request, reference, &project))
            continue;
        struct image_row *row = add_row(rows);
        row->project = project;
        fill_row(row, image, reference);
        if (request->orphans) {
            committed_name_users(image, reference, containers, &row->containers);
            row->state = row->containers.count ? IMAGE_IN_USE : IMAGE_ORPHAN;
        } else {
            add_users(session, row, image, containers);
            row->state = state_of(session, image);
        }
    }
}

static int fetch(const struct session *session, const struct image_list_request *request,
    struct image_list *ret, struct error *err)
{
    _cleanup_free_ char *own = xasprintf("ds01-%u/*", (unsigned)session->caller->uid);
    const struct engine_filter of_ds01[] = {
        {"reference", request->all_users ? "ds01-*/*" : own}, {NULL, NULL}};

    if (request->unique && session->engine->api < ENGINE_API_SHARED_SIZE)
        return engine_image_list_of_usage(session->engine, ret, err);
    return engine_image_list(session->engine, request->orphans ? NULL : of_ds01, true, ret, err);
}

static int add_images(const struct session *session, const struct image_list_request *request,
    struct image_rows *rows, struct error *err)
{
    _cleanup_(image_list_release) struct image_list list = {0};
    _cleanup_(container_list_release) struct container_list containers = {0};

    /* Containers first: what the engine can do is known from this answer. */
    if (engine_container_list(session->engine, NULL, &containers, err) < 0 ||
        fetch(session, request, &list, err) < 0)
        return -1;
    for (size_t i = 0; i < list.count; i++)
        add_image(session, request, &list.images[i], &containers, rows);
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

    if (add_images(session, request, &rows, err) < 0)
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
