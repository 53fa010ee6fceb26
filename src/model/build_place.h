/* Which line of a Dockerfile a builder speaks of, and what people call that step. */
#ifndef DS01_MODEL_BUILD_PLACE_H
#define DS01_MODEL_BUILD_PLACE_H

#include "model/dockerfile.h"

/*
 * The instruction that a builder calls "[4/5] RUN x" or "[base 2/4] RUN x", or NULL. BuildKit
 * counts, per stage, the base image and what makes layers (source: dockerfile2llb/convert.go,
 * 0.8 to 0.20); the classic builders count every instruction of the file. A count that fits
 * neither, or another keyword, as ONBUILD makes it, is no match.
 */
const struct dockerfile_instruction *build_place_find(
    const struct dockerfile *file, const char *name);

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
