/* An image fetched from its registry, with the caller's own credentials. */
#ifndef DS01_OPS_IMAGE_PULL_H
#define DS01_OPS_IMAGE_PULL_H

#include "ops/session.h"

/* False for the names of users' images: one that a registry has by such a name is a stranger's. */
bool image_may_be_pulled(const char *reference);

/* Progress goes to the observer. ERROR_NOT_FOUND where the registry has no such image, or
 * must not be asked for it. */
int image_pull(const struct session *session, const char *image, struct error *err);

#endif
