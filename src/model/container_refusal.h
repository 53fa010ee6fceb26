/* Why an engine would not create or start a container, told to who asked for it. */
#ifndef DS01_MODEL_CONTAINER_REFUSAL_H
#define DS01_MODEL_CONTAINER_REFUSAL_H

#include "base/error.h"

/*
 * Where *err holds an engine's words that are known (Docker 20.10 to 28, Podman 5, runc, NVIDIA's
 * toolkit), they become a sentence about what was asked for, and a hint is added. A command
 * that is not in the image is ERROR_NO_COMMAND, one that cannot be run ERROR_CANNOT_RUN, a limit
 * that cannot be ERROR_USAGE. Other words stay. Returns -1, to be returned on.
 */
int container_refusal_explain(struct error *err);

#endif
