/*
 * .dockerignore: which paths of a build context are left out.
 *
 * The rules are those of the docker CLI (moby/patternmatcher 0.6 and its ignorefile), found
 * in its source and tests: a line is a path from the top of the context in which `*`, `?`
 * and `[a-z]` stand for characters of one name and `**` for any number of directories;
 * what lies in a directory that matches is left out with it; `!` takes paths back in; the
 * last line that matches decides. Names are UTF-8 whatever the locale.
 */
#ifndef DS01_ENGINE_DOCKERIGNORE_H
#define DS01_ENGINE_DOCKERIGNORE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

#define DOCKERIGNORE_FILE_MAX ((size_t)128 << 10) /* bytes of the file */

struct dockerignore;

/*
 * Reads the patterns of a whole file. A line that is no pattern (an open '[', a lone '!', a
 * backslash at its end, one longer than any path) is ERROR_USAGE with its number, as the
 * docker CLI refuses it too.
 */
int dockerignore_new(const char *text, size_t length, struct dockerignore **ret, struct error *err);

/* True when `path` ("a/b", from the top of the context) is left out. */
bool dockerignore_excludes(const struct dockerignore *ignore, const char *path);

/* False when nothing in the excluded directory `path` can be taken back in by a `!`. */
bool dockerignore_may_include_below(const struct dockerignore *ignore, const char *path);

/* Accepts NULL. */
void dockerignore_free(struct dockerignore *ignore);

#endif
