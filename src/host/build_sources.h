/*
 * What an image is built from: the project's Dockerfile and, where that speaks of it, its
 * requirements file with what that names. Files may be edited by hand at any time, so what a
 * build was made from is kept in the backup folder under one name:
 *
 *   ~/.ds01-config/backup/<name>.Dockerfile, <name>.requirements.txt, <name>.requirements/
 */
#ifndef DS01_HOST_BUILD_SOURCES_H
#define DS01_HOST_BUILD_SOURCES_H

#include "host/requirements_bundle.h"

struct build_sources {
    char *dockerfile; /* NULL: there is none */
    size_t length;
    struct requirements_bundle requirements;
};

/* Does a Dockerfile speak of the requirements file that is kept for its project? */
bool build_sources_has_requirements(const char *project, const char *text, size_t length);

/* As they are now. A project without Dockerfile has empty ones. */
int build_sources_read(
    const struct caller *caller, const char *project, struct build_sources *ret, struct error *err);

/* Keeps a copy; *ret_name is the file name of its Dockerfile, to be freed. */
int build_sources_keep(const struct caller *caller, const char *project,
    const struct build_sources *sources, char **ret_name, struct error *err);

/* The copy whose Dockerfile has this file name. ERROR_NOT_FOUND when that is gone. */
int build_sources_kept(
    const struct caller *caller, const char *name, struct build_sources *ret, struct error *err);

/* Only texts and files count. */
bool build_sources_equal(const struct build_sources *a, const struct build_sources *b);

void build_sources_release(struct build_sources *sources);

#endif
