#include "ops/user_setup.h"

#include <sys/stat.h>

#include "base/xalloc.h"
#include "model/identity_files.h"
#include "model/user_files.h"

#define PERMISSIONS ((mode_t)0777)

/* In the home; nothing is written behind it. */
#define LAST_FILE "/.bashrc"

const char *const user_setup_groups[2] = {"video", "sudo"};

/* --- where the files would go ----------------------------------------------- */

/* True when `path` in the image is a link; what is not there is none. */
static int is_link(
    const struct session *session, const char *container, const char *path, struct error *err)
{
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    struct container_stat stat;

    if (engine_container_stat(session->engine, container, path, &stat, &cause) == 0)
        return S_ISLNK(stat.mode);
    return cause.code == ERROR_NOT_FOUND ? 0 : error_move(err, &cause);
}

static int check_target(
    const struct session *session, const char *container, const char *target, struct error *err)
{
    for (const char *end = target; *end;) {
        end += strspn(end, "/");
        end += strcspn(end, "/");
        _cleanup_free_ char *path = xstrndup(target, (size_t)(end - target));
        int found = is_link(session, container, path, err);
        if (found < 0)
            return -1;
        if (found) {
            error_set(err, ERROR_REFUSED,
                "%s is a link in the image, so nothing can be mounted at %s while your user is "
                "written into the container",
                path, target);
            return error_hint(err, "make an image of your own from it: image-create NAME --base "
                                   "IMAGE");
        }
    }
    return 0;
}

/*
 * Since Docker 25 the engine looks at a container with its mounts in place, and cannot where one
 * leads through a link. It does not say why, nor which.
 */
static int refuse_mounts(const struct container_spec *spec, struct error *err)
{
    _cleanup_(strv_release) struct strv targets = STRV_INIT;

    for (size_t i = 0; i < spec->mount_count; i++)
        strv_push(&targets, spec->mounts[i].target);
    _cleanup_free_ char *list = strv_join(&targets, ", ");
    error_set(err, ERROR_REFUSED,
        "the engine cannot mount all of %s: a part of one of these paths may be a link in the "
        "image",
        list);
    return error_hint(err, "mount at another place in the container");
}

int user_setup_check_mounts(const struct session *session, const char *container,
    const struct container_spec *spec, struct error *err)
{
    for (size_t i = 0; i < spec->mount_count; i++) {
        _cleanup_(error_release) struct error cause = ERROR_INIT;
        if (check_target(session, container, spec->mounts[i].target, &cause) == 0)
            continue;
        return cause.code == ERROR_FAILED ? refuse_mounts(spec, err) : error_move(err, &cause);
    }
    return 0;
}

/* --- the files -------------------------------------------------------------- */

struct setup {
    const struct session *session;
    const struct image_identity *identity;
    const struct container_spec *spec;
    char *home;
    struct container_files upload;
};

static void setup_release(struct setup *setup)
{
    free(setup->home);
    container_files_release(&setup->upload);
}

static const char *text_in_image(const struct setup *setup, const char *path)
{
    const struct container_file *file = container_files_find(&setup->identity->files, path);

    return file ? file->text : NULL;
}

static void add(
    struct setup *setup, const char *path, mode_t mode, uid_t uid, gid_t gid, const char *text)
{
    if (!mounts_cover(setup->spec->mounts, setup->spec->mount_count, path))
        container_files_add(&setup->upload, path, mode, uid, gid, text);
}

/* A directory on the way: as the image has it, or root's. Its header makes it a real one. */
static void add_directory(struct setup *setup, const char *path)
{
    const struct container_file *known = container_files_find(&setup->identity->files, path);

    if (known && S_ISDIR(known->mode))
        add(setup, path, S_IFDIR | (known->mode & PERMISSIONS), known->uid, known->gid, NULL);
    else
        add(setup, path, S_IFDIR | 0755, 0, 0, NULL);
}

/* A file of root's with a new text, mode and owner as in the image; a NULL text is none. */
static void add_system_file(
    struct setup *setup, const char *path, const char *text, mode_t default_mode)
{
    const struct container_file *known = container_files_find(&setup->identity->files, path);

    if (!text)
        return;
    if (known && known->text)
        add(setup, path, S_IFREG | (known->mode & PERMISSIONS), known->uid, known->gid, text);
    else
        add(setup, path, S_IFREG | default_mode, 0, 0, text);
}

static int add_identity(struct setup *setup, struct error *err)
{
    const struct caller *caller = setup->session->caller;
    const struct identity_files files = {
        .passwd = (char *)text_in_image(setup, "/etc/passwd"),
        .group = (char *)text_in_image(setup, "/etc/group"),
        .shadow = (char *)text_in_image(setup, "/etc/shadow"),
        .gshadow = (char *)text_in_image(setup, "/etc/gshadow"),
    };
    const struct strv groups = {(char **)user_setup_groups, ELEMENTS(user_setup_groups)};
    const struct identity_user user = {
        .name = caller->name,
        .home = setup->home,
        .shell = setup->identity->bash ? setup->identity->bash : "/bin/sh",
        .uid = caller->uid,
        .gid = caller->gid,
        .groups = &groups,
    };
    _cleanup_(identity_files_release) struct identity_files added = {0};

    if (identity_files_add_user(&files, &user, &added, err) < 0)
        return -1;
    add_system_file(setup, "/etc/passwd", added.passwd, 0644);
    add_system_file(setup, "/etc/group", added.group, 0644);
    add_system_file(setup, "/etc/shadow", added.shadow, 0640);
    add_system_file(setup, "/etc/gshadow", added.gshadow, 0640);
    return 0;
}

/* PATH without what is the user's own: root shall not run that. NULL where it is not set. */
static const char *path_of_root(const struct setup *setup)
{
    _cleanup_free_ char *own = xasprintf("%s/.local/bin:", setup->home);
    const struct strv *environment = &setup->spec->environment;

    for (size_t i = 0; i < environment->count; i++) {
        if (strncmp(environment->items[i], "PATH=", 5) != 0)
            continue;
        const char *path = environment->items[i] + 5;
        return strncmp(path, own, strlen(own)) == 0 ? path + strlen(own) : path;
    }
    return NULL;
}

static void add_sudo(struct setup *setup)
{
    const char *sudoers = text_in_image(setup, "/etc/sudoers");
    _cleanup_free_ char *rule = sudoers_rule(setup->session->caller->name, path_of_root(setup));
    _cleanup_free_ char *reading = sudoers ? sudoers_with_folder(sudoers) : NULL;

    if (setup->identity->has_sudo)
        add_system_file(setup, "/etc/sudoers", reading, 0440);
    add_directory(setup, SUDOERS_FOLDER);
    add(setup, SUDOERS_RULE, S_IFREG | 0440, 0, 0, rule);
}

static void add_home(struct setup *setup, const char *project)
{
    const struct caller *caller = setup->session->caller;
    const char *profile = text_in_image(setup, "/etc/skel/.profile");
    _cleanup_free_ char *bashrc = bashrc_for(text_in_image(setup, "/etc/skel/.bashrc"), project);
    static const char *const folders[] = {"", "/.local", "/.local/bin"};

    add_directory(setup, "/home");
    for (size_t i = 0; i < ELEMENTS(folders); i++) {
        _cleanup_free_ char *path = xasprintf("%s%s", setup->home, folders[i]);
        add(setup, path, S_IFDIR | 0755, caller->uid, caller->gid, NULL);
    }
    _cleanup_free_ char *profile_path = xasprintf("%s/.profile", setup->home);
    if (profile)
        add(setup, profile_path, S_IFREG | 0644, caller->uid, caller->gid, profile);
    _cleanup_free_ char *last_path = xasprintf("%s%s", setup->home, LAST_FILE);
    add(setup, last_path, S_IFREG | 0644, caller->uid, caller->gid, bashrc);
}

int user_setup_inject(const struct session *session, const struct image_identity *identity,
    const char *container, const struct container_spec *spec, const char *project,
    struct error *err)
{
    _cleanup_(setup_release) struct setup setup = {
        .session = session,
        .identity = identity,
        .spec = spec,
        .home = home_in_container(session->caller->name, session->caller->uid),
    };

    add_directory(&setup, "/etc");
    if (add_identity(&setup, err) < 0)
        return -1;
    add_sudo(&setup);
    add_home(&setup, project);
    if (engine_container_write_files(
            session->engine, container, &setup.upload, spec->mounts, spec->mount_count, err) < 0)
        return error_prefix(err, "your user could not be written into the container");
    return 0;
}

char *user_setup_last_file(const struct session *session, const struct container_spec *spec)
{
    _cleanup_free_ char *home = home_in_container(session->caller->name, session->caller->uid);
    _cleanup_free_ char *path = xasprintf("%s%s", home, LAST_FILE);

    return mounts_cover(spec->mounts, spec->mount_count, path) ? NULL : TAKE_PTR(path);
}
