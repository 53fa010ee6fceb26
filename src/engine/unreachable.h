/* What a user reads when the engine cannot be spoken to: all ERROR_ENGINE, all with a cure. */
#ifndef DS01_ENGINE_UNREACHABLE_H
#define DS01_ENGINE_UNREACHABLE_H

#include <stddef.h>

#include "base/error.h"

/* Connecting failed with `errnum`. */
int engine_unreachable(const char *socket_path, int errnum, struct error *err);

/* Nothing came for `ms` milliseconds. */
int engine_silent(const char *socket_path, long ms, struct error *err);

/* The connection ended before the answer did. */
int engine_closed(const char *socket_path, struct error *err);

/* What came is not what an engine says; `what` tells how, as "it sent …". */
int engine_nonsense(const char *socket_path, const char *what, struct error *err);

#endif
