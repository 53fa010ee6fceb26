/*
 * Allocation that cannot fail: a process that is out of memory stops with one
 * sentence on stderr and exit code 1. Nothing ds01 does is better served by
 * limping on, and no caller then needs a path that no test can reach.
 */
#ifndef DS01_BASE_XALLOC_H
#define DS01_BASE_XALLOC_H

#include <stddef.h>

#include "base/cleanup.h"

/* Zeroed memory for `count` objects of `size` bytes; the product is checked. */
void *xcalloc(size_t count, size_t size);

/* Grows `memory` to `count` objects of `size` bytes; the product is checked. */
void *xreallocarray(void *memory, size_t count, size_t size);

/*
 * Room for one more object behind the `count` that are there, for arrays that are grown by this
 * alone, from NULL on. It doubles where `count` is a power of two, so that nobody keeps a capacity.
 */
void *xgrow(void *memory, size_t count, size_t size);

/* A copy of `text`; NULL stays NULL. */
char *xstrdup(const char *text);

/* A copy of the first `length` bytes of `text`, with a NUL behind. */
char *xstrndup(const char *text, size_t length);

/* A new string from a printf format. */
char *xasprintf(const char *format, ...) _printf_(1, 2);

#endif
