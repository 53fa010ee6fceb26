#include "ops/leftover.h"

#include <time.h>

#include "base/xalloc.h"
#include "host/process.h"
#include "model/label.h"
#include "model/name.h"
#include "ops/committed_image.h"
#include "ops/named_container.h"

/*
 * As long as AIME's tools and the original take, with time to spare, from a commit to the
 * container that is made from it. Their processes leave no sign that could be asked.
 */
#define OLDER_TOOLS_SECONDS (10 * 60)
#define TOO_NEW             "it is less than ten minutes old: its container may be about to be made"

struct search {
    const struct session *session;
    enum leftover_scope scope;
    struct container_list containers; /* those that are no leftovers, once they are looked at */
    struct image_list images;
    struct leftovers found;
};

static void search_release(struct search *search)
{
    container_list_release(&search->containers);
    image_list_release(&search->images);
    leftovers_release(&search->found);
}

static void add(struct search *search, struct leftover item)
{
    struct leftovers *found = &search->found;

    found->items = xgrow(found->items, found->count, sizeof(*found->items));
    found->items[found->count++] = item;
}

static bool is_in_scope(const struct search *search, uid_t uid)
{
    return search->scope == LEFTOVERS_ALL_USERS || uid == search->session->caller->uid;
}

/* --- containers --------------------------------------------------------------- */

/* 1 and *ret_kind for a leftover, 0 for a container of some use. */
static int judge(const struct session *session, const struct container *container,
    enum leftover_kind *ret_kind, struct error *err)
{
    if (committed_image_is_leftover_setup(container)) {
        *ret_kind = LEFTOVER_SETUP;
        return 1;
    }
    if (named_container_is_leftover(container)) {
        *ret_kind = LEFTOVER_DEPLOY;
        return 1;
    }
    *ret_kind = LEFTOVER_HALF_MADE;
    return named_container_is_half_made(session, container, err);
}

/* Afterwards the list of containers holds only those of some use. */
static int find_containers(struct search *search, struct error *err)
{
    struct container_list *list = &search->containers;
    size_t kept = 0;

    for (size_t i = 0; i < list->count; i++) {
        struct container *container = &list->containers[i];
        enum leftover_kind kind;
        uid_t uid = 0;
        bool ours = label_user_id(&container->labels, &uid) && is_in_scope(search, uid);
        int judged = ours ? judge(search->session, container, &kind, err) : 0;
        if (judged < 0)
            return -1;
        if (judged) {
            add(search, (struct leftover){
                            .kind = kind,
                            .handle = xstrdup(container->id),
                            .name = container_display_name(container->name),
                            .uid = uid,
                            .bytes = -1,
                        });
            continue;
        }
        struct container swap = list->containers[kept];
        list->containers[kept++] = *container;
        *container = swap;
    }
    for (size_t i = kept; i < list->count; i++)
        container_release(&list->containers[i]);
    list->count = kept;
    return 0;
}

/* --- images ------------------------------------------------------------------- */

static bool is_made_of(const struct container *container, const struct image *image)
{
    return container->image_id && strcmp(container->image_id, image->id) == 0;
}

static bool is_used(const struct search *search, const struct image *image)
{
    for (size_t i = 0; i < search->containers.count; i++)
        if (is_made_of(&search->containers.containers[i], image))
            return true;
    return false;
}

/* The process that made it still works on it. An empty stamp is that of a saved image: none. */
static bool is_being_made(const struct image *image)
{
    const char *stamp = strmap_get(&image->labels, LABEL_CREATED_BY);

    return stamp && *stamp && process_stamp_alive(stamp);
}

void committed_name_users(const struct image *image, const char *reference,
    const struct container_list *containers, struct strv *ret_names)
{
    for (size_t i = 0; i < containers->count; i++) {
        const struct container *container = &containers->containers[i];
        bool named = container->image && strcmp(container->image, reference) == 0;
        if (named || (image->tags.count == 1 && is_made_of(container, image)))
            strv_take(ret_names, container_display_name(container->name));
    }
}

/* An untagged one that ds01 built, or committed for someone. */
static void look_at_untagged(struct search *search, const struct image *image)
{
    struct image_ownership owner;

    image_ownership_from_labels(&image->labels, &owner);
    if (!owner.has_user_setup || !owner.project || !is_in_scope(search, owner.uid) ||
        is_used(search, image) || is_being_made(image))
        return;
    add(search, (struct leftover){
                    .kind = LEFTOVER_BUILD,
                    .handle = xstrdup(image->id),
                    .name = xstrdup(owner.project),
                    .image = xstrdup(image->id),
                    .uid = owner.uid,
                    .lock_kind = LOCK_IMAGE,
                    .lock = xstrdup(owner.project),
                    .bytes = -1,
                });
}

static void look_at_committed(struct search *search, const struct image *image,
    const char *reference, const char *container, uid_t uid)
{
    _cleanup_(strv_release) struct strv users = STRV_INIT;
    bool shared = image->tags.count > 1;
    bool older_tools = !shared && !strmap_get(&image->labels, LABEL_CREATED_BY);

    committed_name_users(image, reference, &search->containers, &users);
    if (users.count || !is_in_scope(search, uid) || is_being_made(image))
        return;
    bool new = older_tools && image->created_unix + OLDER_TOOLS_SECONDS > time(NULL);
    add(search, (struct leftover){
                    .kind = shared ? LEFTOVER_NAME : LEFTOVER_COMMITTED,
                    .handle = xstrdup(reference),
                    .name = xstrdup(reference),
                    .image = xstrdup(image->id),
                    .uid = uid,
                    .lock_kind = LOCK_CONTAINER,
                    .lock = xstrdup(container),
                    .bytes = shared ? 0 : -1,
                    .busy = new ? TOO_NEW : NULL,
                });
}

static bool exists(const struct search *search, const char *reference)
{
    for (size_t i = 0; i < search->images.count; i++)
        if (strv_contains(&search->images.images[i].tags, reference))
            return true;
    return false;
}

/*
 * "ds01-<uid>/<project>:previous" without "…:latest", or a second name that is not on the same
 * image as the first: a command got no further, or somebody took the first away by hand.
 */
static void look_at_companion(struct search *search, const struct image *image,
    const char *reference, const char *tag, const char *project, uid_t uid)
{
    const char *kept = kept_tag(tag);
    _cleanup_free_ char *first =
        xasprintf("%.*s%s", (int)(tag - reference), reference, kept ? kept : "latest");
    bool has_first = kept ? strv_contains(&image->tags, first) : exists(search, first);

    if (!is_in_scope(search, uid) || has_first ||
        (image->tags.count == 1 && is_used(search, image)))
        return;
    add(search, (struct leftover){
                    .kind = kept ? LEFTOVER_KEEP : LEFTOVER_PREVIOUS,
                    .handle = xstrdup(reference),
                    .name = xstrdup(reference),
                    .image = xstrdup(image->id),
                    .uid = uid,
                    .lock_kind = LOCK_IMAGE,
                    .lock = xstrdup(project),
                    .bytes = image->tags.count > 1 ? 0 : -1,
                });
}

static bool is_network_of_live_build(const struct image *image, const char *content)
{
    const char *of = strmap_get(&image->labels, LABEL_NETWORK);
    const char *stamp = strmap_get(&image->labels, LABEL_TEMPORARY);

    return of && strcmp(of, content) == 0 && (!stamp || process_stamp_alive(stamp));
}

/* It is nobody's own: whoever builds next would take it away too. */
static void look_at_network(struct search *search, const struct image *image, const char *content)
{
    /* A build that runs with the same files may have lost the name to this one. */
    for (size_t i = 0; i < search->images.count; i++)
        if (is_network_of_live_build(&search->images.images[i], content))
            return;
    if (image->created_unix + OLDER_TOOLS_SECONDS > time(NULL))
        return;
    add(search, (struct leftover){
                    .kind = LEFTOVER_NETWORK,
                    .handle = xstrdup(image->id),
                    .name = xstrdup(image->tags.count ? image->tags.items[0] : image->id),
                    .image = xstrdup(image->id),
                    .uid = search->session->caller->uid,
                    .bytes = -1,
                });
}

static void look_at_image(struct search *search, const struct image *image)
{
    const char *network = strmap_get(&image->labels, LABEL_NETWORK);

    if (network) {
        look_at_network(search, image, network);
        return;
    }
    if (!image->tags.count)
        look_at_untagged(search, image);
    for (size_t i = 0; i < image->tags.count; i++) {
        const char *reference = image->tags.items[i], *tag;
        _cleanup_free_ char *container = NULL, *project = NULL;
        uid_t uid;
        if (committed_reference_parse(reference, &container, &uid))
            look_at_committed(search, image, reference, container, uid);
        else if (image_name_parse(reference, &uid, &project, &tag) && is_companion_tag(tag))
            look_at_companion(search, image, reference, tag, project, uid);
    }
}

/* That they cannot be told keeps nobody from finding what is left, and removing it. */
static int ask_for_bytes(struct search *search, struct error *err)
{
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    if (engine_image_list_fill_shared(search->session->engine, &search->images, &cause) == 0)
        return 0;
    if (cause.code != ERROR_FAILED)
        return error_move(err, &cause);
    observer_note(&search->session->observer, NOTE_WARNING,
        "How many bytes they have cannot be told: %s.", cause.message);
    return 0;
}

static int find_bytes(struct search *search, struct error *err)
{
    const struct leftovers *found = &search->found;
    bool asked = search->session->engine->api >= ENGINE_API_SHARED_SIZE;

    for (size_t i = 0; i < found->count; i++) {
        struct leftover *item = &found->items[i];
        if (!item->image || item->bytes >= 0)
            continue;
        if (!asked && ask_for_bytes(search, err) < 0)
            return -1;
        asked = true;
        for (size_t k = 0; k < search->images.count; k++) {
            const struct image *image = &search->images.images[k];
            if (image->shared >= 0 && strcmp(image->id, item->image) == 0)
                item->bytes = image->size - image->shared;
        }
    }
    return 0;
}

/* --- all ---------------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
    const struct leftover *left = a, *right = b;

    if (left->kind != right->kind)
        return left->kind < right->kind ? -1 : 1;
    int names = strcmp(left->name, right->name);
    return names ? names : strcmp(left->handle, right->handle);
}

int leftovers_find(const struct session *session, enum leftover_scope scope, bool bytes,
    struct leftovers *ret, struct error *err)
{
    _cleanup_(search_release) struct search search = {.session = session, .scope = scope};

    /* Images first: one that gets a container in between is then seen to have it. */
    if (engine_image_list(session->engine, NULL, bytes, &search.images, err) < 0 ||
        engine_container_list(session->engine, NULL, &search.containers, err) < 0 ||
        find_containers(&search, err) < 0)
        return -1;
    for (size_t i = 0; i < search.images.count; i++)
        look_at_image(&search, &search.images.images[i]);
    if (bytes && find_bytes(&search, err) < 0)
        return -1;
    if (search.found.count)
        qsort(search.found.items, search.found.count, sizeof(*search.found.items), compare);
    *ret = search.found;
    search.found = (struct leftovers){0};
    return 0;
}

static const struct {
    const char *name;
    const char *before; /* the name of it */
    const char *after;
} kinds[] = {
    [LEFTOVER_DEPLOY] = {"deploy", "the container ", ", which an interrupted deploy left"},
    [LEFTOVER_HALF_MADE] = {"half-made", "the container ",
        ", which an interrupted container-create left without your user"},
    [LEFTOVER_SETUP] = {"setup", "the temporary container ",
        ", which an interrupted user setup left"},
    [LEFTOVER_BUILD] = {"build", "an old build of ", ", which no container uses"},
    [LEFTOVER_PREVIOUS] = {"previous", "", ", the build before of an image that is gone"},
    [LEFTOVER_KEEP] = {"keep", "", ", the second tag of an image that has lost its first"},
    [LEFTOVER_COMMITTED] = {"committed", "the committed image ", ", which no container uses"},
    [LEFTOVER_NAME] = {"name", "the name ", " of an image that stays; its container is gone"},
    [LEFTOVER_NETWORK] = {"network", "", ", the lab's files for a build that was killed"},
};

char *leftover_describe(const struct leftover *leftover)
{
    return xasprintf(
        "%s%s%s", kinds[leftover->kind].before, leftover->name, kinds[leftover->kind].after);
}

const char *leftover_kind_name(enum leftover_kind kind)
{
    return kinds[kind].name;
}

bool leftover_is_orphan(const struct leftover *leftover)
{
    return leftover->kind == LEFTOVER_COMMITTED || leftover->kind == LEFTOVER_NAME;
}

int leftover_remove(
    const struct session *session, const struct leftover *leftover, struct error *err)
{
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    int removed;

    /* Only a setup may run; whoever has started another container wants it. */
    if (leftover->image)
        removed = engine_image_remove(
            session->engine, leftover->handle, leftover->kind != LEFTOVER_BUILD, &cause);
    else
        removed = engine_container_remove(
            session->engine, leftover->handle, leftover->kind == LEFTOVER_SETUP, &cause);
    if (removed < 0 && cause.code != ERROR_NOT_FOUND)
        return error_move(err, &cause);
    return 0;
}

void leftover_release(struct leftover *leftover)
{
    free(leftover->handle);
    free(leftover->name);
    free(leftover->image);
    free(leftover->lock);
    *leftover = (struct leftover){0};
}

void leftovers_release(struct leftovers *leftovers)
{
    for (size_t i = 0; i < leftovers->count; i++)
        leftover_release(&leftovers->items[i]);
    free(leftovers->items);
    *leftovers = (struct leftovers){0};
}
