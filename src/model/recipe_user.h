/* The parts of a recipe that are needed elsewhere: in other Dockerfiles, and without one. */
#ifndef DS01_MODEL_RECIPE_USER_H
#define DS01_MODEL_RECIPE_USER_H

#include <stdbool.h>

#include "base/strbuf.h"
#include "model/dockerfile.h"
#include "model/recipe.h"

#define RECIPE_BEGIN_MARKER                                                                        \
    RECIPE_USER_COMMENT " the same uid, gid and name as on the server; keep this last ---"
#define RECIPE_SUDO_COMMENT "# sudo and bash, where the base lacks them"

/* Appends the step that installs sudo and bash where the base lacks them, and a blank line. */
void recipe_write_sudo(char escape, struct strbuf *ret_text);

/* Appends the user block, marker lines included; `with_sudo`: and in it the step for sudo. */
void recipe_write_block(const struct recipe_user *user, const char *project, const char *framework,
    char escape, bool with_sudo, struct strbuf *out);

/*
 * The bytes of the first user block, marker lines included; one without its end marker runs
 * to the end of the file. False, and nothing set, where there is none.
 */
bool recipe_find_user_block(const struct dockerfile *file, size_t *ret_start, size_t *ret_end);

/* Is the byte at `offset` within the first user block? */
bool recipe_in_user_block(const struct dockerfile *file, size_t offset);

/*
 * Do the user blocks of two Dockerfiles differ in what ds01 has written there? What a person wrote
 * between its lines, and how they end, does not count; none is like no other. False where one
 * is no Dockerfile: of that the build tells.
 */
bool recipe_user_block_differs(const char *a, size_t a_length, const char *b, size_t b_length);

/*
 * Appends the user setup as a script for `sh`, to be run as root in a container: it installs
 * sudo and bash where they are missing, makes the user as an image's build does, and empties
 * lastlog and faillog, which a uid of ten digits makes gigabytes long. For a uid other than 0.
 */
void recipe_write_user_script(
    const struct recipe_user *user, const char *project, struct strbuf *ret_text);

#endif
