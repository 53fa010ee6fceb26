#include "base/xalloc.h"
#include "host/directory.h"
#include "host/foreign_files.h"
#include "host/lock.h"
#include "host/package_sets.h"
#include "host/project_files.h"
#include "model/size.h"
#include "ops/build_network.h"
#include "ops/container_list.h"
#include "ops/doctor_checks.h"
#include "ops/framework.h"
#include "ops/gc.h"
#include "ops/image_list.h"

/* --- settings ------------------------------------------------------------------- */

/* A failed attempt is a finding, with its own words. */
static void find_error(struct examination *examination, const char *subject,
    const struct error *cause, const char *cure)
{
    examination_find(
        examination, subject, xstrdup(cause->message), xstrdup(cause->hint ? cause->hint : cure));
}

static void check_folder(struct examination *examination, const char *key, const char *typed)
{
    const struct caller *caller = examination->session->caller;
    _cleanup_(mount_directory_release) struct mount_directory directory = {0};
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    if (!typed)
        return;
    _cleanup_free_ char *path = directory_expand(caller, typed);
    if (directory_check(caller, path, true, false, &directory, &cause) == 0)
        return;
    error_prefix(&cause, "the setting %s", key);
    find_error(examination, key, &cause, "mend it in ~/.ds01-config/config.yaml");
}

static void check_private_cache(struct examination *examination)
{
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    bool private_cache;

    if (config_private_cache(examination->session->config, &private_cache, &cause) < 0)
        find_error(examination, "build.private_cache", &cause, NULL);
}

/* What would stop every build. */
static void check_build_settings(struct examination *examination)
{
    check_private_cache(examination);
    for (const struct build_setting *setting = build_settings; setting->name; setting++) {
        _cleanup_(error_release) struct error cause = ERROR_INIT;
        if (setting->check(examination->session, &cause) < 0)
            find_error(examination, setting->name, &cause, "mend it in ~/.ds01-config/config.yaml");
    }
}

static void check_values(struct examination *examination)
{
    const struct config *config = examination->session->config;
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    int64_t bytes;

    if (config->shm_size && size_parse(config->shm_size, &bytes, &cause) < 0) {
        error_prefix(&cause, "the setting shm_size");
        find_error(examination, "shm_size", &cause, "write a size such as 16g");
    }
    if (config->network && strcmp(config->network, "host") != 0 &&
        strcmp(config->network, "bridge") != 0 && strcmp(config->network, "none") != 0)
        examination_find(examination, "network",
            xasprintf("the setting network is '%s'", config->network),
            xstrdup("choose host, bridge or none"));
    check_build_settings(examination);
    check_folder(examination, "data", config->data);
    check_folder(examination, "models", config->models);
}

int check_config(struct examination *examination, struct error *err)
{
    const struct session *session = examination->session;
    _cleanup_(framework_list_release) struct framework_list frameworks = {0};
    _cleanup_(package_sets_release) struct package_sets sets = {0};
    _cleanup_(error_release) struct error catalogue = ERROR_INIT, packages = ERROR_INIT;

    for (size_t i = 0; i < session->config->warnings.count; i++)
        examination_find(examination, NULL, xstrdup(session->config->warnings.items[i]),
            xstrdup("mend that file, or move it away"));
    check_values(examination);
    if (framework_list(session, NULL, NULL, &frameworks, &catalogue) < 0)
        find_error(examination, "catalog", &catalogue, "mend that file, or move it away");
    if (package_sets_load(&sets, &packages) < 0)
        find_error(examination, "package_sets", &packages, "mend that file, or move it away");
    return 0;
}

/* --- images ---------------------------------------------------------------------- */

static char *cure_by_building(struct examination *examination, const char *project)
{
    bool known = project_has_dockerfile(examination->session->caller, project);

    return xasprintf("image-create %s%s --force", project, known ? "" : " --base IMAGE");
}

/* A Dockerfile alone is what image-retire and --no-build leave; one that was built had an image. */
static void check_unbuilt(struct examination *examination, const struct image_row *row)
{
    _cleanup_(project_metadata_release) struct project_metadata metadata = {0};
    const char *name = row->project;

    if (project_metadata_read(examination->session->caller, name, &metadata, NULL) < 0 ||
        !metadata.built)
        return;
    examination_find(examination, row->image,
        xasprintf(
            "the image %s is gone, though nobody has retired it; its Dockerfile is there", name),
        xasprintf("image-create %s; or, to be done with it: image-retire %s --purge", name, name));
}

static void check_image(struct examination *examination, const struct image_row *row)
{
    const char *name = row->project;

    switch (row->state) {
    case IMAGE_NO_SETUP:
        examination_find(examination, row->image,
            xasprintf(
                "the image %s lacks the labels of a user setup, so yours is written into each "
                "of its containers",
                name),
            cure_by_building(examination, name));
        break;
    case IMAGE_OTHER_USER:
        examination_find(examination, row->image,
            xasprintf("the image %s has a UID/GID mismatch: it was built for another user", name),
            cure_by_building(examination, name));
        break;
    case IMAGE_NOT_BUILT:
        check_unbuilt(examination, row);
        break;
    default:
        break;
    }
}

int check_images(struct examination *examination, struct error *err)
{
    const struct image_list_request request = {0};
    _cleanup_(image_rows_release) struct image_rows images = {0};

    if (image_list(examination->session, &request, &images, err) < 0)
        return -1;
    for (size_t i = 0; i < images.count; i++)
        check_image(examination, &images.rows[i]);
    return 0;
}

/* --- what is left over ------------------------------------------------------------ */

/* What gc would keep for now is none yet. */
static int find_leftovers(
    struct examination *examination, bool orphans, const char *cure, struct error *err)
{
    _cleanup_(leftovers_release) struct leftovers found = {0};

    if (leftovers_find(examination->session, LEFTOVERS_OWN, false, &found, err) < 0)
        return -1;
    for (size_t i = 0; i < found.count; i++)
        if (leftover_is_orphan(&found.items[i]) == orphans && !found.items[i].busy)
            examination_find(examination, found.items[i].handle, leftover_describe(&found.items[i]),
                xstrdup(cure));
    return 0;
}

int check_leftovers(struct examination *examination, struct error *err)
{
    return find_leftovers(examination, false, "ds01 gc", err);
}

int check_orphans(struct examination *examination, struct error *err)
{
    return find_leftovers(examination, true, "image-retire --orphans", err);
}

static void mark_mended(struct examination *examination, const char *subject)
{
    struct diagnosis *diagnosis = examination->diagnosis;

    for (size_t i = 0; i < diagnosis->count; i++) {
        struct finding *finding = &diagnosis->findings[i];
        bool same = !subject || (finding->subject && strcmp(finding->subject, subject) == 0);
        if (strcmp(finding->check, examination->check) == 0 && same)
            finding->mended = true;
    }
}

static int collect(struct examination *examination, enum gc_kinds kinds, struct error *err)
{
    const struct gc_request request = {.scope = LEFTOVERS_OWN, .kinds = kinds};
    _cleanup_(gc_result_release) struct gc_result result = {0};

    if (gc(examination->session, &request, &result, err) < 0)
        return -1;
    for (size_t i = 0; i < result.count; i++)
        if (result.items[i].outcome == GC_REMOVED)
            mark_mended(examination, result.items[i].leftover.handle);
    return 0;
}

int mend_leftovers(struct examination *examination, struct error *err)
{
    return collect(examination, GC_NO_ORPHANS, err);
}

int mend_orphans(struct examination *examination, struct error *err)
{
    return collect(examination, GC_ORPHANS, err);
}

/* --- files ------------------------------------------------------------------------- */

int check_metadata(struct examination *examination, struct error *err)
{
    const struct caller *caller = examination->session->caller;
    _cleanup_(strv_release) struct strv projects = STRV_INIT;

    if (project_metadata_list(caller, &projects, err) < 0)
        return -1;
    for (size_t i = 0; i < projects.count; i++) {
        _cleanup_(project_metadata_release) struct project_metadata metadata = {0};
        _cleanup_(error_release) struct error cause = ERROR_INIT;
        const char *project = projects.items[i];
        if (project_metadata_read(caller, project, &metadata, &cause) < 0 &&
            cause.code != ERROR_NOT_FOUND)
            examination_find(examination, project, xasprintf("damaged: %s", cause.message),
                xstrdup("ds01 doctor --fix"));
    }
    return 0;
}

int mend_metadata(struct examination *examination, struct error *err)
{
    struct diagnosis *diagnosis = examination->diagnosis;

    for (size_t i = 0; i < diagnosis->count; i++) {
        struct finding *finding = &diagnosis->findings[i];
        if (strcmp(finding->check, examination->check) != 0 || !finding->subject)
            continue;
        if (project_metadata_retire(examination->session->caller, finding->subject, err) < 0)
            return -1;
        finding->mended = true;
    }
    return 0;
}

int check_locks(struct examination *examination, struct error *err)
{
    int count = locks_sweep(examination->session->caller, true, err);

    if (count > 0)
        examination_find(examination, NULL,
            xasprintf("%d lock file%s of commands that were killed, in ~/%s", count,
                count > 1 ? "s" : "", USER_LOCKS),
            xstrdup("ds01 gc"));
    return count < 0 ? -1 : 0;
}

int mend_locks(struct examination *examination, struct error *err)
{
    if (locks_sweep(examination->session->caller, false, err) < 0)
        return -1;
    mark_mended(examination, NULL);
    return 0;
}

/* Root inside a container of the user's may change them; on the server they may not. */
static char *cure_of_foreign_files(
    const struct caller *caller, const char *folder, const struct container_rows *containers)
{
    unsigned uid = (unsigned)caller->uid, gid = (unsigned)caller->gid;

    for (size_t i = 0; i < containers->count; i++) {
        const struct container_row *row = &containers->rows[i];
        if (row->workspace && strcmp(row->workspace, folder) == 0)
            return xasprintf(
                "container-open %s -- sudo chown -R %u:%u /workspace", row->name, uid, gid);
    }
    return xasprintf("as root: chown -R %u:%u '%s'; or in a container that has it at /workspace: "
                     "sudo chown -R %u:%u /workspace",
        uid, gid, folder, uid, gid);
}

static int check_one_workspace(struct examination *examination, const char *folder,
    const struct container_rows *containers, struct error *err)
{
    const struct caller *caller = examination->session->caller;
    _cleanup_(foreign_files_release) struct foreign_files files = {0};
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    if (foreign_files_find(caller, folder, &files, &cause) < 0)
        return cause.code == ERROR_NOT_FOUND ? 0 : error_move(err, &cause);
    if (files.count)
        examination_find(examination, folder,
            xasprintf("%s%zu file%s in %s belong%s to root, such as %s",
                files.incomplete ? "at least " : "", files.count, files.count > 1 ? "s" : "",
                folder, files.count > 1 ? "" : "s", files.first),
            cure_of_foreign_files(caller, folder, containers));
    return 0;
}

/* Those in the folder of workspaces, and those elsewhere that containers have. */
static int list_workspaces(const struct session *session, const struct container_rows *containers,
    struct strv *ret, struct error *err)
{
    _cleanup_(strv_release) struct strv projects = STRV_INIT;
    /* As mounts have it, which are resolved too. */
    _cleanup_free_ char *typed = directory_expand(session->caller, session->config->workspace);
    _cleanup_free_ char *resolved = realpath(typed, NULL);
    const char *root = resolved ? resolved : typed;

    if (directory_list(session->caller, root, &projects, err) < 0)
        return -1;
    for (size_t i = 0; i < projects.count; i++)
        strv_take(ret, xasprintf("%s/%s", root, projects.items[i]));
    for (size_t i = 0; i < containers->count; i++)
        if (containers->rows[i].workspace && !strv_contains(ret, containers->rows[i].workspace))
            strv_push(ret, containers->rows[i].workspace);
    return 0;
}

int check_workspace(struct examination *examination, struct error *err)
{
    const struct session *session = examination->session;
    _cleanup_(container_rows_release) struct container_rows containers = {0};
    _cleanup_(strv_release) struct strv folders = STRV_INIT;

    if (session->caller->uid == 0)
        return 0;
    if (examination->engine_answers && container_list(session, false, &containers, err) < 0)
        return -1;
    if (list_workspaces(session, &containers, &folders, err) < 0)
        return -1;
    for (size_t i = 0; i < folders.count; i++)
        if (check_one_workspace(examination, folders.items[i], &containers, err) < 0)
            return -1;
    return 0;
}
