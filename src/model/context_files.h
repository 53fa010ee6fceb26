/* Which of the files that lie around a Dockerfile a build of it needs. */
#ifndef DS01_MODEL_CONTEXT_FILES_H
#define DS01_MODEL_CONTEXT_FILES_H

#include "model/dockerfile.h"

/*
 * Does an instruction take files from the build context: a COPY without --from=, an ADD, a RUN that
 * mounts some, or one of these behind ONBUILD? What comes from an address or stands in the
 * Dockerfile itself is none; where it cannot be known, it does. What the base image brings with its
 * own ONBUILD is not seen.
 */
bool context_files_taken(const struct dockerfile *file);

/* The same of one instruction of the file. */
bool context_files_taken_by(
    const struct dockerfile *file, const struct dockerfile_instruction *instruction);

/*
 * Adds to `paths` which they are: paths from the top of the context, "a/b", each once, that name a
 * file or a folder with all in it. False where it may be any file: for a pattern, a variable,
 * quotes, or the context itself; `paths` then has some of them.
 */
bool context_files_find(const struct dockerfile *file, struct strv *paths);

#endif
