#include "host/build_sources.h"

#include <ctype.h>

#include "base/xalloc.h"
#include "host/project_files.h"

#define EXTENSION ".Dockerfile"

/* One that may stand in front of a project's name as a part of another's: "app" ends in "p". */
static bool is_name_character(char c)
{
    return isalnum((unsigned char)c) || (c && strchr("_.-", c));
}

bool build_sources_has_requirements(const char *project, const char *text, size_t length)
{
    _cleanup_free_ char *name = xasprintf("%s%s", project, REQUIREMENTS_FOLDER_SUFFIX);
    const char *end = text + length;

    for (const char *at = text; (at = memmem(at, (size_t)(end - at), name, strlen(name))); at++)
        if (at == text || !is_name_character(at[-1]))
            return true;
    return false;
}

int build_sources_read(
    const struct caller *caller, const char *project, struct build_sources *ret, struct error *err)
{
    _cleanup_(build_sources_release) struct build_sources sources = {0};
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    if (project_dockerfile_read(caller, project, &sources.dockerfile, &sources.length, &cause) <
            0 &&
        cause.code != ERROR_NOT_FOUND)
        return error_move(err, &cause);
    if (sources.dockerfile &&
        build_sources_has_requirements(project, sources.dockerfile, sources.length) &&
        requirements_bundle_kept(caller, USER_DOCKERFILES, project, &sources.requirements, err) < 0)
        return -1;
    *ret = sources;
    sources = (struct build_sources){0};
    return 0;
}

int build_sources_keep(const struct caller *caller, const char *project,
    const struct build_sources *sources, char **ret_name, struct error *err)
{
    _cleanup_free_ char *stem = project_backup_name(project);
    const struct requirements_bundle *requirements = &sources->requirements;

    if ((requirements->text || requirements->count) &&
        requirements_bundle_keep(caller, USER_BACKUP, stem, requirements, err) < 0)
        return -1;
    _cleanup_free_ char *name = xasprintf("%s%s", stem, EXTENSION);
    if (project_backup_write(caller, project, name, sources->dockerfile, sources->length, err) < 0)
        return -1;
    *ret_name = TAKE_PTR(name);
    return 0;
}

int build_sources_kept(
    const struct caller *caller, const char *name, struct build_sources *ret, struct error *err)
{
    _cleanup_(build_sources_release) struct build_sources sources = {0};
    size_t length = strlen(name);
    size_t extension = strlen(EXTENSION);

    if (length <= extension || strcmp(name + length - extension, EXTENSION) != 0)
        return error_set(err, ERROR_FAILED, "'%s' is not the name of a kept Dockerfile", name);
    _cleanup_free_ char *stem = xstrndup(name, length - extension);
    if (project_backup_read(caller, name, &sources.dockerfile, &sources.length, err) < 0 ||
        requirements_bundle_kept(caller, USER_BACKUP, stem, &sources.requirements, err) < 0)
        return -1;
    *ret = sources;
    sources = (struct build_sources){0};
    return 0;
}

bool build_sources_equal(const struct build_sources *a, const struct build_sources *b)
{
    return !a->dockerfile == !b->dockerfile && a->length == b->length &&
           (!a->dockerfile || memcmp(a->dockerfile, b->dockerfile, a->length) == 0) &&
           requirements_bundle_equal(&a->requirements, &b->requirements);
}

void build_sources_release(struct build_sources *sources)
{
    free(sources->dockerfile);
    requirements_bundle_release(&sources->requirements);
    *sources = (struct build_sources){0};
}
