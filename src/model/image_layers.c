#include "model/image_layers.h"

#include "base/text.h"
#include "base/xalloc.h"

static size_t shared_count(const struct image_layers *one, const struct image_layers *other)
{
    size_t count = 0;

    while (count < one->layers.count && count < other->layers.count &&
           strcmp(one->layers.items[count], other->layers.items[count]) == 0)
        count++;
    return count;
}

/*
 * How many layers of images[at] stay when it goes, or were counted with an image before it
 * that goes too.
 */
static size_t settled_count(
    const struct image_layers *images, size_t count, const bool *goes, size_t at)
{
    size_t settled = 0;

    for (size_t i = 0; i < count; i++) {
        if (i == at || (goes[i] && i > at))
            continue;
        size_t shared = shared_count(&images[at], &images[i]);
        settled = shared > settled ? shared : settled;
    }
    return settled;
}

int64_t image_layers_freed(
    const struct image_layers *images, size_t count, const struct strv *going)
{
    _cleanup_free_ bool *goes = xcalloc(count + 1, sizeof(*goes));
    int64_t freed = 0;

    for (size_t i = 0; i < count; i++)
        goes[i] = strv_contains(going, images[i].id);
    for (size_t i = 0; i < count; i++) {
        if (!goes[i])
            continue;
        if (!images[i].sizes)
            return -1;
        size_t layer = settled_count(images, count, goes, i);
        for (; layer < images[i].layers.count; layer++)
            if (__builtin_add_overflow(freed, images[i].sizes[layer], &freed))
                return -1;
    }
    return freed;
}

/* --- history ---------------------------------------------------------------------- */

/* True for a step that may have a layer even where that holds no bytes. */
static bool may_have_layer(const char *step)
{
    static const char *const words[] = {"RUN ", "COPY ", "ADD ", "WORKDIR "};
    /* The classic builder's way of saying that it ran nothing. */
    static const char nothing[] = "/bin/sh -c #(nop) ";

    bool ran_nothing = text_begins(step, nothing);
    if (ran_nothing)
        step += strlen(nothing) + strspn(step + strlen(nothing), " ");
    else if (text_begins(step, "/bin/sh -c "))
        return true;
    for (size_t i = 0; i < ELEMENTS(words); i++)
        if (text_begins(step, words[i]))
            return true;
    return false;
}

/*
 * Engines leave out layers in which nothing is, builders by their own rules. Where there are
 * too many steps without bytes the oldest count as left out: what is above, which matters here,
 * was built by the engine's newer builder, which keeps them.
 */
bool image_layers_set_sizes(
    struct image_layers *image, const struct strv *steps, const int64_t *sizes)
{
    size_t left = image->layers.count, filled = 0;
    _cleanup_free_ int64_t *found = xcalloc(left + 1, sizeof(*found));

    for (size_t i = 0; i < steps->count; i++) {
        if (sizes[i] < 0)
            return false;
        filled += sizes[i] > 0;
    }
    for (size_t i = 0; i < steps->count; i++) {
        if (sizes[i] == 0 && (left <= filled || !may_have_layer(steps->items[i])))
            continue;
        if (!left)
            return false;
        found[--left] = sizes[i];
        filled -= sizes[i] > 0;
    }
    if (left)
        return false;
    free(image->sizes);
    image->sizes = TAKE_PTR(found);
    return true;
}

void image_layers_release(struct image_layers *image)
{
    free(image->id);
    strv_release(&image->layers);
    free(image->sizes);
    *image = (struct image_layers){0};
}
