/* Why an image could not be pulled, and what to do about it. */
#ifndef DS01_MODEL_PULL_FAILURE_H
#define DS01_MODEL_PULL_FAILURE_H

#include <stdbool.h>

#include "model/reference.h"

/*
 * Sets the error of a pull of `image` that failed with the engine's `message`; `logged_in`:
 * credentials for its registry were sent along. ERROR_NOT_FOUND where there is no such image,
 * else ERROR_FAILED. Registries answer alike to who may not see an image and to who asks for
 * one that is not there. Returns -1.
 */
int pull_failure_set(
    struct error *err, const struct reference *image, bool logged_in, const char *message);

#endif
