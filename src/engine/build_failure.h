/*
 * Why a build failed, in one sentence. Builders put a layer around a cause for each of
 * their parts; what a user needs is the step, its instruction and the cause.
 */
#ifndef DS01_ENGINE_BUILD_FAILURE_H
#define DS01_ENGINE_BUILD_FAILURE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct build_steps;

/* "exit code 3", or the innermost cause, printable and short; the caller frees it. */
char *build_failure_reason(const char *message);

/* True for the message of a step that was only stopped since another failed. */
bool build_failure_is_cancellation(const char *message);

/* True when text (a message, or output) says that the disk is full. */
bool build_failure_is_full_disk(const char *text, size_t length);

/*
 * True when text (a message, or output) says that the builder lost what it worked on, for no fault
 * of the Dockerfile's: the same build may succeed at once. It happens when another build that has
 * steps in common is interrupted, most of all with --no-cache (moby/buildkit#2303).
 */
bool build_failure_is_passing(const char *text, size_t length);

/*
 * Sets the error of a build whose stream said `message`: ERROR_FAILED, with the step that
 * failed and its instruction where one is known. Returns -1.
 */
int build_failure_set(struct error *err, const struct build_steps *steps, const char *message);

#endif
