#include "ops/image_list.h"

#include "base/xalloc.h"
#include "engine/container.h"
#include "engine/image.h"
#include "host/project_files.h"
#include "model/label.h"
#include "model/name.h"
#include "ops/container_list.h"
#include "ops/image_share.h"
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

char *image_row_name(const struct image_row *row)
{
    return row->tag ? xasprintf("%s:%s", row->project, row->tag) : xstrdup(row->project);
}

static struct image_row *add_row(struct image_rows *rows)
{
    rows->rows = xgrow(rows->rows, rows->count, sizeof(*rows->rows));
    struct image_row *row = &rows->rows[rows->count++];
    *row = (struct image_row){.size = -1, .unique = -1};
    return row;
}

/* True when a list of this kind shows the name; then *ret_project and *ret_tag are the caller's. */
static bool is_asked_for(const struct session *session, const struct image_list_request *request,
    const char *reference, char **ret_project, char **ret_tag)
{
    _cleanup_free_ char *container = NULL, *project = NULL;
    const char *tag = NULL;
    uid_t uid = 0;
    bool named = image_name_parse(reference, &uid, &project, &tag);
    bool wanted = request->orphans ? committed_reference_parse(reference, &container, &uid)
                                   : named && !is_companion_tag(tag) && !is_committed_tag(tag);

    if (!wanted || (!request->all_users && uid != session->caller->uid))
        return false;
    *ret_tag = named && !request->orphans && strcmp(tag, "latest") != 0 ? xstrdup(tag) : NULL;
    *ret_project = TAKE_PTR(project);
    return true;
}

/* What the builds before are called, which image-retire removes too, and their ids. */
static void find_previous(const struct image_list *list, struct strmap *ret)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct strv *tags = &list->images[i].tags;
        for (size_t j = 0; j < tags->count; j++) {
            const char *colon = strrchr(tags->items[j], ':');
            if (colon && strcmp(colon + 1, "previous") == 0)
                strmap_set(ret, tags->items[j], list->images[i].id);
        }
    }
}

/* The id of the build before `reference`, or NULL. */
static const char *previous_id(const struct strmap *previous, const char *reference)
{
    const char *colon = strrchr(reference, ':');

    if (!previous->count || !colon || strcmp(colon, ":latest") != 0)
        return NULL;
    _cleanup_free_ char *name = xasprintf("%.*s:previous", (int)(colon - reference), reference);
    return strmap_get(previous, name);
}

static bool runs(const struct container *container, const char *id)
{
    return id && container->image_id && strcmp(container->image_id, id) == 0;
}

/* Those of this build and of the one before, and the owner's that run an older one. */
static void add_users(const struct session *session, struct image_row *row,
    const struct image *image, const struct strmap *all_previous,
    const struct container_list *containers)
{
    const char *previous = previous_id(all_previous, row->image);

    for (size_t i = 0; i < containers->count; i++) {
        const struct container *container = &containers->containers[i];
        if (runs(container, image->id) || runs(container, previous) ||
            container_is_made_from(session, container, row->image))
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
    row->created = image->created_unix;
}

static void add_image(const struct session *session, const struct image_list_request *request,
    const struct image *image, const struct strmap *previous,
    const struct container_list *containers, struct image_rows *rows)
{
    for (size_t i = 0; i < image->tags.count; i++) {
        const char *reference = image->tags.items[i];
        char *project = NULL, *tag = NULL;
        if (!is_asked_for(session, request, reference, &project, &tag))
            continue;
        struct image_row *row = add_row(rows);
        row->project = project;
        row->tag = tag;
        fill_row(row, image, reference);
        if (request->orphans) {
            committed_name_users(image, reference, containers, &row->containers);
            row->state = row->containers.count ? IMAGE_IN_USE : IMAGE_ORPHAN;
        } else {
            add_users(session, row, image, previous, containers);
            row->state = state_of(session, image);
        }
    }
}

static const struct image *find_image(const struct image_list *list, const char *id)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->images[i].id, id) == 0)
            return &list->images[i];
    return NULL;
}

/*
 * From what each image shares with any other, as the engine tells it in the list from API 1.42
 * on; -1 where that is not enough. Of two that go together it is, where they share different
 * amounts: then another image has all that they have in common, and more of one of them.
 */
static int64_t unique_from_list(const struct image_row *row, const struct image_list *list)
{
    int64_t sum = 0, shared[2] = {0, 0};

    if (row->builds.count > ELEMENTS(shared))
        return -1;
    for (size_t i = 0; i < row->builds.count; i++) {
        const struct image *image = find_image(list, row->builds.items[i]);
        if (!image || image->shared < 0)
            return -1;
        shared[i] = image->shared;
        sum += image->size - image->shared;
    }
    return row->builds.count < 2 || !shared[0] || shared[0] != shared[1] ? sum : -1;
}

/* `list` has all images where `is_all`. */
static int load_share(const struct session *session, const struct image_list *list, bool is_all,
    struct image_share *ret, struct error *err)
{
    _cleanup_(image_list_release) struct image_list all = {0};

    if (is_all)
        return image_share_load(session, list, ret, err);
    if (engine_image_list(session->engine, NULL, false, &all, err) < 0)
        return -1;
    return image_share_load(session, &all, ret, err);
}

static int find_unique(const struct session *session, const struct image_list *list, bool is_all,
    const struct container_list *containers, struct image_rows *rows, struct error *err)
{
    _cleanup_(image_share_release) struct image_share share = {0};

    for (size_t i = 0; i < rows->count; i++) {
        struct image_row *row = &rows->rows[i];
        image_share_going(session, row->image, list, containers, &row->builds);
        row->unique = unique_from_list(row, list);
        if (row->unique >= 0)
            continue;
        if (!share.images && load_share(session, list, is_all, &share, err) < 0)
            return -1;
        if (image_share_freed(session, &share, &row->builds, &row->unique, err) < 0)
            return -1;
    }
    image_share_remember(session, &share);
    return 0;
}

static int add_images(const struct session *session, const struct image_list_request *request,
    struct image_rows *rows, struct error *err)
{
    _cleanup_(image_list_release) struct image_list list = {0};
    _cleanup_(container_list_release) struct container_list containers = {0};
    _cleanup_(strmap_release) struct strmap previous = STRMAP_INIT;
    _cleanup_free_ char *own = xasprintf("ds01-%u/*", (unsigned)session->caller->uid);
    const struct engine_filter of_ds01[] = {
        {"reference", request->all_users ? "ds01-*/*" : own}, {NULL, NULL}};

    /* What the engine can do is known from this answer. */
    if (engine_container_list(session->engine, NULL, &containers, err) < 0)
        return -1;
    bool unique = request->unique || session->engine->api >= ENGINE_API_SHARED_SIZE;
    /* Where all images were needed before, they are asked for at once. */
    bool is_all = request->orphans || (unique && image_share_is_known(session));
    if (engine_image_list(session->engine, is_all ? NULL : of_ds01, true, &list, err) < 0)
        return -1;
    find_previous(&list, &previous);
    for (size_t i = 0; i < list.count; i++)
        add_image(session, request, &list.images[i], &previous, &containers, rows);
    return unique ? find_unique(session, &list, is_all, &containers, rows, err) : 0;
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
    const struct image_row *left = a, *right = b;

    return image_name_compare(left->image, right->image);
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
        free(row->tag);
        free(row->image);
        free(row->id);
        free(row->framework);
        strv_release(&row->containers);
        strv_release(&row->builds);
    }
    free(rows->rows);
    *rows = (struct image_rows){0};
}
