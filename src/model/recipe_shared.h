/*
 * A Dockerfile as it is sent with a context that its COPY instructions may take whole. The
 * builder reads it from the context, so a COPY of everything has it in its layer: with the user's
 * values in it no two people would share that layer, or any above.
 */
#ifndef DS01_MODEL_RECIPE_SHARED_H
#define DS01_MODEL_RECIPE_SHARED_H

#include <stdbool.h>

#include "base/strbuf.h"
#include "model/dockerfile.h"
#include "model/recipe.h"

/*
 * The text of the file, every line where it was, with build arguments in place of what its user
 * block says of `user` and `project`; *ret_arguments gets their values. False, and nothing is
 * set, where there is no such block or somebody has changed it.
 */
bool recipe_share(const struct dockerfile *file, const struct recipe_user *user,
    const char *project, struct strbuf *ret_text, struct strmap *ret_arguments);

#endif
