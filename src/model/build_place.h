/* Which line of a Dockerfile a builder speaks of, and what people call that step. */
#ifndef DS01_MODEL_BUILD_PLACE_H
#define DS01_MODEL_BUILD_PLACE_H

#include "model/dockerfile.h"

/*
 * The instruction that a builder calls "[4/5] RUN x" or "[base 2/4] RUN x", or NULL. BuildKit
 * counts, per stage, the base image and what makes layers (source: dockerfile2llb/convert.go,
 * 0.8 to 0.20); the classic builders count every instruction of the file, Podman of the stage,
 * "[1/2 2/4]". Where a count fits none, or another keyword or a RUN of another text, as ONBUILD
 * makes them, it is the only instruction of that very text, of the stage where that is known.
 */
const struct dockerfile_instruction *build_place_find(
    const struct dockerfile *file, const char *name);

/* The ADD of the address that a builder calls a step of its own, "https://x/y"; or NULL. */
const struct dockerfile_instruction *build_place_find_address(
    const struct dockerfile *file, const char *name);

/*
 * The first instruction that names the image, or gives a variable that value; else, for it may be
 * put together of several, the FROM where there is only one. NULL where neither is found.
 */
const struct dockerfile_instruction *build_place_find_image(
    const struct dockerfile *file, const char *image);

/*
 * The instruction for which a builder refuses the whole file before any step: the one at the line
 * of "dockerfile parse error line 2: x" ("on line 2" from Docker 23 on), whose *ret_reason is "x",
 * else the only one that has the last word of "Invalid containerPort: abc" among its own, or the
 * COPY of "invalid stage index 5". NULL where none is found for certain.
 */
const struct dockerfile_instruction *build_place_find_refused(
    const struct dockerfile *file, const char *message, const char **ret_reason);

/*
 * "[4/5] System packages": the step's name with the first line of the comment right above its
 * instruction in place of the text, "Your user" for the user setup, "Python packages from FILE" for
 * what does nothing but install one. A comment that is only for
 * programs, or an instruction that was commented out, does not count. The stage goes where there
 * is only one: BuildKit 0.8 counts each cache that is mounted as another and says "stage-0".
 * NULL where nothing is better than the name itself. The caller frees it.
 */
char *build_place_title(const struct dockerfile *file, const char *name);

#endif
