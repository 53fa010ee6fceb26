/* The parts of a recipe that a Dockerfile with another escape character needs as well. */
#ifndef DS01_MODEL_RECIPE_USER_H
#define DS01_MODEL_RECIPE_USER_H

#include "base/strbuf.h"

/* Appends the step that installs sudo and bash where the base lacks them, and a blank line. */
void recipe_write_sudo(char escape, struct strbuf *ret_text);

#endif
