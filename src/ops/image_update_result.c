#include "ops/image_update_result.h"

#include "base/xalloc.h"
#include "engine/container.h"
#include "host/build_sources.h"
#include "host/original_notes.h"
#include "model/dockerfile_edit.h"
#include "model/label.h"
#include "model/name.h"
#include "ops/container_list.h"

/* The file name of the copy of what the last build was made from, or NULL; the caller frees it. */
static char *find_kept(const struct session *session, const char *project)
{
    _cleanup_(project_metadata_release) struct project_metadata metadata = {0};
    _cleanup_(build_sources_release) struct build_sources kept = {0};

    if (project_metadata_read(session->caller, project, &metadata, NULL) < 0 || !metadata.built ||
        build_sources_kept(session->caller, metadata.built, &kept, NULL) < 0)
        return NULL;
    return TAKE_PTR(metadata.built);
}

int image_no_dockerfile(const struct session *session, const char *project, struct error *err)
{
    _cleanup_free_ char *original = original_notes_dockerfile(session->caller, project);
    _cleanup_free_ char *kept = find_kept(session, project);

    error_set(err, ERROR_NOT_FOUND, "you have no Dockerfile for %s", project);
    if (kept)
        return error_hint(err,
            "the one that it was built from is kept; take it back with: "
            "cp ~/%s/%s ~/%s/%s.Dockerfile",
            USER_BACKUP, kept, USER_DOCKERFILES, project);
    if (original)
        return error_hint(err,
            "the original scripts built it from %s, which ds01 takes with: "
            "image-create %s --force --dockerfile %s",
            original, project, original);
    return error_hint(
        err, "image-list shows your images; image-create %s --base IMAGE makes one", project);
}

void image_note_packages(struct project_metadata *metadata, const char *text, size_t length)
{
    _cleanup_(installed_packages_release) struct installed_packages packages = {0};

    if (dockerfile_installed(text, length, &packages, NULL) < 0)
        return;
    strv_release(&metadata->pip);
    strv_release(&metadata->apt);
    for (size_t i = 0; i < packages.count; i++)
        strv_push(packages.items[i].kind == PACKAGE_PIP ? &metadata->pip : &metadata->apt,
            packages.items[i].text);
}

/* The caller's containers that were made from this name and not from this build. */
static int find_outdated(const struct session *session, const char *tag, const char *id,
    struct strv *ret_names, struct error *err)
{
    _cleanup_(container_list_release) struct container_list list = {0};
    _cleanup_free_ char *label = xasprintf("%s=%s", LABEL_CUSTOM_IMAGE, tag);
    const struct engine_filter made_from[] = {{"label", label}, {NULL, NULL}};

    if (engine_container_list(session->engine, made_from, &list, err) < 0)
        return -1;
    for (size_t i = 0; i < list.count; i++) {
        const struct container *container = &list.containers[i];
        bool is_of_it = id && container->image_id && strcmp(container->image_id, id) == 0;
        if (!is_of_it && container_is_made_from(session, container, tag))
            strv_take(ret_names, container_display_name(container->name));
    }
    return 0;
}

/* The image is there: that its older containers could not be listed is no failure of it. */
void image_note_outdated(
    const struct session *session, const char *id, struct image_update_result *result)
{
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    if (find_outdated(session, result->image, id, &result->outdated, &cause) < 0)
        observer_note(&session->observer, NOTE_WARNING, "%s", cause.message);
}

void image_update_result_release(struct image_update_result *result)
{
    free(result->image);
    free(result->id);
    free(result->diff);
    free(result->backup_path);
    free(result->requirements_backup_path);
    strv_release(&result->outdated);
    *result = (struct image_update_result){0};
}
