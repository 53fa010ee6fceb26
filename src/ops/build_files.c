#include "ops/build_files.h"

#include <fcntl.h>

#include "base/file.h"
#include "base/xalloc.h"
#include "engine/image.h"
#include "host/build_sources.h"
#include "host/project_files.h"
#include "model/context_files.h"

static int open_directory(
    const struct session *session, const char *project, const char *path, struct error *err)
{
    _cleanup_(caller_scope_end) struct caller_scope scope = caller_scope_begin(session->caller);
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0) {
        error_set_errno(err, errno, "cannot open the build context %s", path);
        return error_hint(err,
            "its COPY lines read from there; if it has moved, type: image-create %s --force "
            "--context DIR",
            project);
    }
    return fd;
}

/* The project's requirements files lie among those of others. */
static int open_requirements(const struct session *session,
    const struct image_build_request *request, struct build_files *files, struct error *err)
{
    const char *project = request->project;
    _cleanup_free_ char *path = xasprintf("%s/%s", session->caller->home, USER_DOCKERFILES);

    if (!build_sources_has_requirements(project, request->dockerfile, request->dockerfile_length))
        return 0;
    strv_take(&files->only, xasprintf("%s%s", project, REQUIREMENTS_FILE_SUFFIX));
    strv_take(&files->only, xasprintf("%s%s", project, REQUIREMENTS_FOLDER_SUFFIX));
    files->some = files->own = true;
    files->directory = open_directory(session, project, path, err);
    return files->directory < 0 ? -1 : 0;
}

/* May a base image's own instructions take files? One that cannot be looked at may. */
static bool has_triggers(const struct session *session, const struct dockerfile *file)
{
    _cleanup_(strv_release) struct strv bases = STRV_INIT;

    if (dockerfile_base_images(file, &bases, NULL) < 0)
        return true;
    for (size_t i = 0; i < bases.count; i++) {
        _cleanup_(image_release) struct image image = {0};
        if (engine_image_inspect(session->engine, bases.items[i], &image, NULL) < 0 ||
            image.triggers.count)
            return true;
    }
    return false;
}

int build_files_check(const struct session *session, const struct image_build_request *request,
    const struct dockerfile *file, struct error *err)
{
    if (!request->context || !context_files_taken(file))
        return 0;
    _cleanup_close_ int directory =
        open_directory(session, request->project, request->context, err);
    return directory < 0 ? -1 : 0;
}

int build_files_open(const struct session *session, const struct image_build_request *request,
    const struct dockerfile *file, struct build_files *ret, struct error *err)
{
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    *ret = (struct build_files){.directory = -EBADF, .only = STRV_INIT};
    if (!request->context)
        return open_requirements(session, request, ret, err);
    /* Podman tells of no ONBUILD, and reads files of its own in what it is sent. */
    ret->some = session->engine->kind == ENGINE_DOCKER && context_files_find(file, &ret->only) &&
                !has_triggers(session, file);
    if (ret->some && ret->only.count == 0)
        return 0;
    ret->directory = open_directory(session, request->project, request->context, &cause);
    /* Where the file itself takes nothing from there, it may be gone. */
    return ret->directory < 0 && context_files_taken(file) ? error_move(err, &cause) : 0;
}

void build_files_release(struct build_files *files)
{
    close_fd(&files->directory);
    strv_release(&files->only);
}
