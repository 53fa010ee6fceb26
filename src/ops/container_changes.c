#include "ops/container_changes.h"

#include "base/xalloc.h"
#include "engine/container_diff.h"
#include "engine/container_files.h"
#include "model/conda_packages.h"
#include "model/debian_packages.h"
#include "model/name.h"
#include "model/python_packages.h"
#include "model/user_files.h"
#include "model/username.h"
#include "ops/volume_changes.h"

/* On Docker 20.10 each costs 50 ms. Files of packages beyond are told as files. */
#define RECORDS_MAX 300

/* A comparison on its way. */
struct comparison {
    const struct session *session;
    const struct container *container;
    struct strv known; /* paths that belong to packages */
    unsigned records;
    struct container_changes changes;
};

static void comparison_release(struct comparison *comparison)
{
    strv_release(&comparison->known);
    container_changes_release(&comparison->changes);
}

/* After these nothing can be asked any more. */
static bool is_final(const struct error *cause)
{
    return cause->code == ERROR_INTERRUPTED || cause->code == ERROR_ENGINE;
}

/*
 * Reads a file of the container; 0 when it cannot be read, since what it would explain is then
 * told.
 */
static int read_text(const struct comparison *comparison, const char *path,
    struct container_file *ret, struct error *err)
{
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    if (engine_container_read_file(
            comparison->session->engine, comparison->container->id, path, ret, &cause) == 0)
        return 1;
    return is_final(&cause) ? error_move(err, &cause) : 0;
}

/* What an older version of a package had and nothing tells of any more: removed in its folder. */
static void know_removed(
    struct comparison *comparison, const struct file_changes *files, const char *folder)
{
    const struct strv *removed = &files->paths[FILE_REMOVED];

    for (size_t i = 0; i < removed->count; i++)
        if (path_is_within(removed->items[i], folder))
            strv_push(&comparison->known, removed->items[i]);
}

/* --- Debian packages --------------------------------------------------------------- */

/* What dpkg and apt say in the container. */
struct debian_state {
    struct debian_packages installed;
    struct strv automatic;
};

static void debian_state_release(struct debian_state *state)
{
    debian_packages_release(&state->installed);
    strv_release(&state->automatic);
}

static int read_debian_state(
    const struct comparison *comparison, struct debian_state *ret, struct error *err)
{
    _cleanup_(container_file_release) struct container_file status = {0};
    _cleanup_(container_file_release) struct container_file states = {0};
    int found = read_text(comparison, DPKG_STATUS, &status, err);

    if (found < 0 || read_text(comparison, APT_STATES, &states, err) < 0)
        return -1;
    if (status.text)
        debian_packages_parse(status.text, status.length, &ret->installed);
    if (states.text)
        debian_automatic_parse(states.text, states.length, &ret->automatic);
    return found;
}

/* The names of the lists of files that were changed, by how. */
struct debian_lists {
    struct strv names[FILE_CHANGES];
};

static void debian_lists_release(struct debian_lists *lists)
{
    for (size_t i = 0; i < FILE_CHANGES; i++)
        strv_release(&lists->names[i]);
}

/* The files of the packages: all lists come in one request, however many are wanted. */
static int read_debian_lists(
    struct comparison *comparison, const struct debian_lists *lists, struct error *err)
{
    static const enum file_change present[] = {FILE_ADDED, FILE_MODIFIED};
    _cleanup_(container_files_release) struct container_files files = {0};
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    _cleanup_(strv_release) struct strv paths = STRV_INIT;

    for (size_t i = 0; i < ELEMENTS(present); i++)
        for (size_t p = 0; p < lists->names[present[i]].count; p++)
            strv_take(
                &paths, xasprintf("%s/%s.list", DPKG_INFO, lists->names[present[i]].items[p]));
    if (!paths.count)
        return 0;
    if (engine_container_read_files(comparison->session->engine, comparison->container->id,
            DPKG_INFO, &paths, &files, &cause) < 0)
        return is_final(&cause) ? error_move(err, &cause) : 0;
    for (size_t i = 0; i < files.count; i++)
        if (files.files[i].text)
            debian_list_paths(files.files[i].text, files.files[i].length, &comparison->known);
    return 0;
}

static void add_debian_package(struct comparison *comparison, const struct debian_state *state,
    const char *list, enum file_change change)
{
    const struct debian_package *package = debian_packages_find(&state->installed, list);
    bool in_image = change != FILE_ADDED;

    /* Unpacked and removed again: as in the image, but for its settings. */
    if (!package && !in_image)
        return;
    container_changes_add(&comparison->changes,
        (struct changed_package){
            .by = CHANGED_BY_APT,
            .name = package ? xstrdup(package->name) : xstrndup(list, strcspn(list, ":")),
            .after = package ? xstrdup(package->version) : NULL,
            .in_image = in_image,
            .asked_for = package && !strv_contains(&state->automatic, package->name),
        });
}

/* Where packages of the system put their files; /usr/local is left to the user. */
static const char *const system_folders[] = {"/bin", "/etc", "/lib", "/sbin", "/usr/bin",
    "/usr/include", "/usr/lib", "/usr/libexec", "/usr/sbin", "/usr/share"};

static int compare_debian(
    struct comparison *comparison, const struct file_changes *files, struct error *err)
{
    _cleanup_(debian_state_release) struct debian_state state = {0};
    _cleanup_(debian_lists_release) struct debian_lists lists = {0};
    size_t count = 0;

    for (size_t i = 0; i < FILE_CHANGES; i++) {
        debian_lists_find(files, (enum file_change)i, &lists.names[i]);
        count += lists.names[i].count;
    }
    if (!count)
        return 0;
    int found = read_debian_state(comparison, &state, err);
    if (found <= 0)
        return found;
    for (size_t i = 0; i < FILE_CHANGES; i++)
        for (size_t p = 0; p < lists.names[i].count; p++)
            add_debian_package(comparison, &state, lists.names[i].items[p], (enum file_change)i);
    debian_byproducts_find(files, &comparison->known);
    if (lists.names[FILE_MODIFIED].count || lists.names[FILE_REMOVED].count)
        for (size_t i = 0; i < ELEMENTS(system_folders); i++)
            know_removed(comparison, files, system_folders[i]);
    return read_debian_lists(comparison, &lists, err);
}

/* --- conda packages ------------------------------------------------------------------ */

/* -1, or whether somebody asked for the package; what its files are is known afterwards. */
static int read_conda_record(
    struct comparison *comparison, const struct traced_package *package, struct error *err)
{
    _cleanup_(container_file_release) struct container_file record = {0};

    strv_push(&comparison->known, package->trace);
    if (++comparison->records > RECORDS_MAX)
        return 0;
    int found = read_text(comparison, package->trace, &record, err);
    if (found <= 0)
        return found;
    return conda_record_parse(record.text, record.length, package->place, &comparison->known);
}

static int compare_conda(
    struct comparison *comparison, const struct file_changes *files, struct error *err)
{
    _cleanup_(traced_packages_release) struct traced_packages packages = {0};

    conda_packages_find(files, &packages);
    for (size_t i = 0; i < packages.count; i++) {
        const struct traced_package *package = &packages.packages[i];
        int asked_for = package->trace ? read_conda_record(comparison, package, err) : 0;
        if (asked_for < 0)
            return -1;
        if (package->before)
            know_removed(comparison, files, package->place);
        _cleanup_free_ char *history = xasprintf("%s/conda-meta/history", package->place);
        strv_push(&comparison->known, history);
        container_changes_add(&comparison->changes, (struct changed_package){
                                                        .by = CHANGED_BY_CONDA,
                                                        .name = xstrdup(package->name),
                                                        .before = xstrdup(package->before),
                                                        .after = xstrdup(package->after),
                                                        .in_image = package->before != NULL,
                                                        .asked_for = asked_for,
                                                    });
    }
    return 0;
}

/* --- Python packages ---------------------------------------------------------------- */

/* Which files are the package's own. */
static int read_record(
    struct comparison *comparison, const struct traced_package *package, struct error *err)
{
    _cleanup_(container_file_release) struct container_file record = {0};
    _cleanup_free_ char *path = xasprintf("%s/RECORD", package->trace);

    if (++comparison->records > RECORDS_MAX)
        return 0;
    int found = read_text(comparison, path, &record, err);
    if (found > 0)
        python_record_paths(record.text, record.length, package->place, &comparison->known);
    return found;
}

static int read_source(const struct comparison *comparison, const struct traced_package *package,
    struct changed_package *changed, struct error *err)
{
    _cleanup_(container_file_release) struct container_file file = {0};
    _cleanup_free_ char *path = xasprintf("%s/direct_url.json", package->trace);
    int found = read_text(comparison, path, &file, err);

    _cleanup_(python_source_release) struct python_source source = {0};

    if (found > 0)
        python_source_parse(file.text, file.length, &source);
    changed->local = source.local;
    changed->editable = source.editable;
    changed->source = TAKE_PTR(source.text);
    return found;
}

static int compare_python_package(
    struct comparison *comparison, const struct traced_package *package, struct error *err)
{
    struct changed_package changed = {.by = CHANGED_BY_PIP};

    if (package->trace && read_record(comparison, package, err) < 0)
        return -1;
    if (package->has_source && read_source(comparison, package, &changed, err) < 0)
        return -1;
    changed.name = xstrdup(package->name);
    changed.before = xstrdup(package->before);
    changed.after = xstrdup(package->after);
    changed.in_image = package->before != NULL;
    changed.asked_for = package->asked_for;
    container_changes_add(&comparison->changes, changed);
    return 0;
}

/* The version stands beside the code, which may be in /workspace. */
static int read_link_version(const struct comparison *comparison, const char *name,
    const char *folder, char **ret, struct error *err)
{
    _cleanup_(container_file_release) struct container_file file = {0};
    _cleanup_free_ char *stem = xstrdup(name);

    for (char *c = stem; *c; c++)
        if (*c == '-')
            *c = '_';
    _cleanup_free_ char *path = xasprintf("%s/%s.egg-info/PKG-INFO", folder, stem);
    int found = read_text(comparison, path, &file, err);
    *ret = found > 0 ? python_version(file.text, file.length) : NULL;
    return found;
}

/* A link says where its package is; easy-install.pth says it again, of all of them. */
static int compare_link(struct comparison *comparison, const char *link, struct error *err)
{
    _cleanup_(container_file_release) struct container_file file = {0};
    const char *base = strrchr(link, '/') + 1;
    _cleanup_free_ char *name = xstrndup(base, strlen(base) - strlen(PYTHON_LINK));
    char *version = NULL;
    int found = read_text(comparison, link, &file, err);

    if (found <= 0)
        return found;
    _cleanup_free_ char *folder = python_link_target(file.text, file.length);
    if (!folder)
        return 0;
    if (read_link_version(comparison, name, folder, &version, err) < 0)
        return -1;
    strv_push(&comparison->known, link);
    strv_take(&comparison->known, xasprintf("%.*seasy-install.pth", (int)(base - link), link));
    container_changes_add(&comparison->changes, (struct changed_package){
                                                    .by = CHANGED_BY_PIP,
                                                    .name = TAKE_PTR(name),
                                                    .after = version ? version : xstrdup(""),
                                                    .source = TAKE_PTR(folder),
                                                    .local = true,
                                                    .editable = true,
                                                    .asked_for = true,
                                                });
    return 0;
}

static int compare_links(
    struct comparison *comparison, const struct file_changes *files, struct error *err)
{
    _cleanup_(strv_release) struct strv links = STRV_INIT;

    python_links_find(files, &links);
    for (size_t i = 0; i < links.count && i < RECORDS_MAX; i++)
        if (compare_link(comparison, links.items[i], err) < 0)
            return -1;
    return 0;
}

/* Python packages of Debian's and of conda's leave the same traces, which are known by now. */
static int compare_python(
    struct comparison *comparison, const struct file_changes *files, struct error *err)
{
    _cleanup_(traced_packages_release) struct traced_packages packages = {0};
    _cleanup_(strv_release) struct strv others = STRV_INIT;

    python_packages_find(files, &packages);
    others = comparison->known;
    comparison->known = (struct strv)STRV_INIT;
    paths_sort(&others);
    for (size_t i = 0; i < packages.count; i++) {
        const struct traced_package *package = &packages.packages[i];
        if (package->trace && path_is_listed(&others, package->trace))
            continue;
        if (compare_python_package(comparison, package, err) < 0)
            return -1;
        if (package->before)
            know_removed(comparison, files, package->place);
    }
    for (size_t i = 0; i < others.count; i++)
        strv_push(&comparison->known, others.items[i]);
    return 0;
}

/* --- files ---------------------------------------------------------------------------- */

/*
 * A home is made by the user setup; what stands in it as it was made is as old as the sudo rule.
 * The rule itself need not be among the changes: an image of another person brings one, and
 * Docker 20.10 does not always see that ours replaced it.
 */
static int add_untouched(const struct comparison *comparison, const struct file_changes *files,
    const char *path, struct strv *written, struct error *err)
{
    struct engine *engine = comparison->session->engine;
    struct container_stat rule, stat;
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    if (!path_is_listed(&files->paths[FILE_ADDED], path) &&
        !path_is_listed(&files->paths[FILE_MODIFIED], path))
        return 0;
    const char *id = comparison->container->id;
    if (engine_container_stat(engine, id, SUDOERS_RULE, &rule, &cause) < 0 ||
        engine_container_stat(engine, id, path, &stat, &cause) < 0)
        return cause.code == ERROR_NOT_FOUND ? 0 : error_move(err, &cause);
    if (*stat.modified && strcmp(stat.modified, rule.modified) == 0)
        strv_push(written, path);
    return 0;
}

static int find_written(const struct comparison *comparison, const struct file_changes *files,
    const char *home, struct strv *written, struct error *err)
{
    static const char *const folders[] = {"/.local", "/.local/bin"};
    static const char *const shell_files[] = {"/.bashrc", "/.profile"};

    strv_push(written, home);
    for (size_t i = 0; i < ELEMENTS(folders); i++)
        strv_take(written, xasprintf("%s%s", home, folders[i]));
    for (size_t i = 0; i < ELEMENTS(shell_files); i++) {
        _cleanup_free_ char *path = xasprintf("%s%s", home, shell_files[i]);
        if (add_untouched(comparison, files, path, written, err) < 0)
            return -1;
    }
    return 0;
}

/* HOME as the container has it; where that is left to passwd, that of its USER, or the caller. */
static char *find_home(const struct session *session, const struct container *container)
{
    const char *name = session->caller->name;

    for (size_t i = 0; i < container->environment.count; i++) {
        const char *variable = container->environment.items[i];
        if (strncmp(variable, "HOME=/", 6) == 0 && variable[6])
            return xstrdup(variable + 5);
        if (strncmp(variable, "USER=", 5) == 0 && variable[5])
            name = variable + 5;
    }
    return home_in_container(name, session->caller->uid);
}

static int compare_files(
    struct comparison *comparison, struct file_changes *files, struct error *err)
{
    const struct container *container = comparison->container;
    _cleanup_(strv_release) struct strv written = STRV_INIT;
    _cleanup_(strv_release) struct strv mounts = STRV_INIT;
    char *home = find_home(comparison->session, container);

    comparison->changes.home = home;
    if (find_written(comparison, files, home, &written, err) < 0)
        return -1;
    for (size_t i = 0; i < container->mount_count; i++)
        strv_push(&mounts, container->mounts[i].target);
    for (size_t i = 0; i < container->named_volumes.count; i++)
        strv_push(&mounts, container->named_volumes.items[i]);
    const struct file_places places = {home, &mounts, &container->volumes, &written};
    comparison->changes.temporary = file_changes_count_temporary(files);
    file_changes_drop_unimportant(files, &places);
    paths_sort(&comparison->known);
    file_changes_drop_known(files, &comparison->known);
    container_changes_note_volumes(&comparison->changes, &container->volumes);
    return 0;
}

int container_changes_find(const struct session *session, const struct container *container,
    struct container_changes *ret, struct error *err)
{
    _cleanup_(comparison_release) struct comparison comparison = {
        .session = session, .container = container};
    _cleanup_(container_diff_release) struct container_diff diff = {0};
    struct file_changes *files = &comparison.changes.files;
    bool complete;

    if (engine_container_diff(session->engine, container->id, &diff, err) < 0 ||
        volume_changes_add(session, container, &diff, &complete, err) < 0)
        return -1;
    comparison.changes.incomplete = !complete;
    file_changes_take(&diff.modified, &diff.added, &diff.removed, files);
    if (compare_debian(&comparison, files, err) < 0 || compare_conda(&comparison, files, err) < 0 ||
        compare_python(&comparison, files, err) < 0 || compare_links(&comparison, files, err) < 0 ||
        compare_files(&comparison, files, err) < 0)
        return -1;
    container_changes_sort(&comparison.changes);
    *ret = comparison.changes;
    comparison.changes = (struct container_changes){0};
    return 0;
}
