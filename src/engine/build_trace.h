/* BuildKit's progress: protobuf in base64, decoded into the table of steps. */
#ifndef DS01_ENGINE_BUILD_TRACE_H
#define DS01_ENGINE_BUILD_TRACE_H

#include "engine/build_steps.h"

/*
 * Takes the "aux" of one "moby.buildkit.trace" message. ERROR_ENGINE when it is no base64
 * or no trace, or needs more memory than any honest one (16 MiB).
 */
int build_trace_take(struct build_steps *steps, const char *text, size_t length, struct error *err);

#endif
