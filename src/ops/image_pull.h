/* An image fetched from its registry, with the caller's own credentials. */
#ifndef DS01_OPS_IMAGE_PULL_H
#define DS01_OPS_IMAGE_PULL_H

#include "ops/session.h"

/* Progress goes to the observer. ERROR_NOT_FOUND where the registry has no such image. */
int image_pull(const struct session *session, const char *image, struct error *err);

#endif
