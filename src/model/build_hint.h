/* What to do about a step of a build, as far as its output tells what is wrong. */
#ifndef DS01_MODEL_BUILD_HINT_H
#define DS01_MODEL_BUILD_HINT_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes of the end of an output that are worth keeping. */
#define BUILD_HINT_OUTPUT_MAX ((size_t)16 << 10)

/*
 * A sentence for error_hint(), naming the package where the output does, or NULL where the
 * cause is none of the common ones. `output` is the end of what pip, apt, a compiler or a
 * shell wrote: any bytes. `own_file`: the step stands in a Dockerfile of the
 * user's own, which no option of a command adds system packages to. The caller frees it.
 */
char *build_hint(const char *output, size_t length, bool own_file);

/* The same for what a builder itself says of a step, or of a Dockerfile that it refuses. */
char *build_refusal_hint(const char *reason);

/*
 * pip's first line about packages of earlier steps that it has broken, any bytes: "a 1 requires
 * b<2, but you have b 3 which is incompatible." NULL where it tells of none. The caller frees it.
 */
char *build_conflict(const char *output, size_t length);

/*
 * The framework that pip says it has taken out to put another version in its place: "torch==2.6.0".
 * NULL where it tells of none. The caller frees it.
 */
char *build_replaced_framework(const char *output, size_t length);

#endif
