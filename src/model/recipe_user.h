/* The parts of a recipe that a Dockerfile with another escape character needs as well. */
#ifndef DS01_MODEL_RECIPE_USER_H
#define DS01_MODEL_RECIPE_USER_H

#include "base/strbuf.h"
#include "model/recipe.h"

/* Appends the step that installs sudo and bash where the base lacks them, and a blank line. */
void recipe_write_sudo(char escape, struct strbuf *ret_text);

/*
 * Appends the user setup as a script for `sh`, to be run as root in a container: it installs
 * sudo and bash where they are missing, makes the user as an image's build does, and empties
 * lastlog and faillog, which a uid of ten digits makes gigabytes long. For a uid other than 0.
 */
void recipe_write_user_script(
    const struct recipe_user *user, const char *project, struct strbuf *ret_text);

#endif
