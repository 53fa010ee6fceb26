/*
 * What images share: layers, lowest first. Two images share the layers up to the first that
 * differs, since an engine knows a layer by all that lie below it too.
 */
#ifndef DS01_MODEL_IMAGE_LAYERS_H
#define DS01_MODEL_IMAGE_LAYERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strv.h"

struct image_layers {
    char *id;           /* the image's */
    struct strv layers; /* their diff ids, or as much of each as tells them apart */
    int64_t *sizes;     /* bytes of each layer; NULL where not known */
};

/*
 * The bytes that go with the images whose ids are in `going`: of layers that no other of
 * `images` has. -1 where the sizes of one that goes are not known; one that is not in `images`
 * counts nothing.
 */
int64_t image_layers_freed(
    const struct image_layers *images, size_t count, const struct strv *going);

/*
 * Takes the sizes of an image's layers from its history, newest first as engines give it:
 * `sizes[i]` bytes by the step `steps.items[i]`. Steps that only say something about the image
 * (ENV, LABEL …) have no layer, and the engine does not mark them. False where the history
 * does not fit the layers there are.
 */
bool image_layers_set_sizes(
    struct image_layers *image, const struct strv *steps, const int64_t *sizes);

void image_layers_release(struct image_layers *image);

#endif
