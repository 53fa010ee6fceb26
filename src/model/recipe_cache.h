/*
 * The engine's caches in which builds keep what they download: outside all layers, and the same
 * for every user, so that the text of a step and with it its layer is the same for all.
 *
 * apt's cache is locked while a step runs, since apt gives up where another one is at work in
 * its folders. Archives lie in a folder of their own, because Debian's images empty apt's usual
 * one after each installation (/etc/apt/apt.conf.d/docker-clean).
 */
#ifndef DS01_MODEL_RECIPE_CACHE_H
#define DS01_MODEL_RECIPE_CACHE_H

#include <sys/types.h>

#include "base/strbuf.h"
#include "model/dockerfile.h"

/* Options of the commands behind, which do not depend on how the base image is set up. */
#define RECIPE_APT_OPTION "-o Dir::Cache::Archives=/var/cache/apt/ds01"
#define RECIPE_PIP_OPTION "--cache-dir /root/.cache/pip"

/* Each appends "RUN" with the mounts, up to where the command begins on a line of its own. */
void recipe_write_apt_run(char escape, struct strbuf *ret_text);
void recipe_write_pip_run(struct strbuf *ret_text);

/*
 * Appends the Dockerfile's text with the user's own caches in the place of those that all users
 * share. Caches that others named stay.
 */
void recipe_with_private_caches(const struct dockerfile *file, uid_t uid, struct strbuf *ret_text);

#endif
