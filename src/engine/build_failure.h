/*
 * The error of a build that failed: what a user needs is the step, its instruction and the cause.
 */
#ifndef DS01_ENGINE_BUILD_FAILURE_H
#define DS01_ENGINE_BUILD_FAILURE_H

#include "base/error.h"

struct build_steps;

/*
 * Sets the error of a build whose stream said `message`: ERROR_FAILED, with the step that
 * failed and its instruction where one is known. Returns -1.
 */
int build_failure_set(struct error *err, const struct build_steps *steps, const char *message);

#endif
