/*
 * Why a builder says that it failed. Builders put a layer around a cause for each of their parts.
 */
#ifndef DS01_ENGINE_BUILD_REASON_H
#define DS01_ENGINE_BUILD_REASON_H

#include <stdbool.h>
#include <stddef.h>

/* "exit code 3", or the innermost cause, printable and short; the caller frees it. */
char *build_reason(const char *message);

/*
 * The command that a builder says has failed, "make x" for `process "/bin/sh -c make x" did not
 * complete successfully: exit code: 1`, on one line; NULL where it names none that a shell ran. The
 * caller frees it.
 */
char *build_reason_command(const char *message);

/* True for the message of a step that was only stopped since another failed. */
bool build_reason_is_cancellation(const char *message);

/* True when text (a message, or output) says that the disk is full. */
bool build_reason_is_full_disk(const char *text, size_t length);

/*
 * True when text (a message, or output) says that the builder lost what it worked on, for no fault
 * of the Dockerfile's: the same build may succeed at once. It happens when another build that has
 * steps in common is interrupted, most of all with --no-cache (moby/buildkit#2303).
 */
bool build_reason_is_passing(const char *text, size_t length);

#endif
