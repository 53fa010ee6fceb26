#include "ops/image_packages.h"

#include "base/xalloc.h"
#include "host/project_files.h"
#include "host/required_package.h"
#include "model/dockerfile_quote.h"

int image_packages_open(const char *project, const char *text, size_t length,
    const struct requirements_bundle *requirements, struct image_packages *ret, struct error *err)
{
    struct image_packages packages = {.project = project, .requirements = requirements};

    if (dockerfile_installed(text, length, &packages.installed, err) < 0)
        return error_hint(err, "mend the Dockerfile with --edit");
    *ret = packages;
    return 0;
}

/* The first of a name that the Dockerfile installs, or NULL. */
static const struct installed_package *find_installed(
    const struct installed_packages *installed, enum package_kind kind, const char *key)
{
    for (size_t i = 0; i < installed->count; i++)
        if (installed->items[i].kind == kind && strcmp(installed->items[i].key, key) == 0)
            return &installed->items[i];
    return NULL;
}

static bool find_required(
    const struct image_packages *packages, const char *key, struct required_package *ret)
{
    return key && required_package_find(packages->requirements, key, ret);
}

/* "line 3 of p.requirements.txt", or of a file in the folder beside that. The caller frees it. */
static char *place_of(const struct image_packages *packages, const struct required_package *place)
{
    if (!place->file)
        return xasprintf("line %zu of %s" REQUIREMENTS_FILE_SUFFIX, place->line, packages->project);
    return xasprintf("line %zu of %s" REQUIREMENTS_FOLDER_SUFFIX "/%s", place->line,
        packages->project, place->file);
}

/* --- before: what is there already ---------------------------------------------- */

static void tell_installed(const struct session *session, const struct image_packages *packages,
    const char *asked, const struct installed_package *there)
{
    const struct observer *observer = &session->observer;
    _cleanup_free_ char *merged =
        there->kind == PACKAGE_PIP ? installed_packages_merge(&packages->installed, asked) : NULL;

    if (merged)
        asked = merged;
    if (package_is_bare(there->kind, asked) ||
        (!there->version_lost && strcmp(asked, there->text) == 0))
        observer_note(observer, NOTE_INFO, "%s has it already: %s (line %u of %s.Dockerfile)%s.",
            packages->project, there->text, there->line, packages->project,
            strcmp(asked, there->text) != 0 ? "; name a version to change it" : "");
    else
        observer_note(observer, NOTE_INFO, "Line %u of %s.Dockerfile: %s%s becomes %s.",
            there->line, packages->project, there->text,
            there->version_lost ? " without quotes" : "", asked);
}

/* pip leaves it alone where it is asked for the name only. */
static void warn_of_other(const struct session *session, const struct image_packages *packages,
    const char *asked, const char *key)
{
    if (package_is_bare(PACKAGE_PIP, asked))
        return;
    for (size_t i = 0; i < packages->installed.other_count; i++) {
        const struct other_package *other = &packages->installed.others[i];
        if (strcmp(other->key, key) != 0)
            continue;
        observer_note(&session->observer, NOTE_WARNING,
            "Line %u of %s.Dockerfile installs %s with %s; pip puts %s over it.", other->line,
            packages->project, key, other->tool, asked);
        return;
    }
}

static void tell_add(const struct session *session, const struct image_packages *packages,
    enum package_kind kind, const char *asked, struct strv *ret_add)
{
    _cleanup_(required_package_release) struct required_package required = {0};
    _cleanup_free_ char *key = package_key(kind, asked, strlen(asked));
    const struct installed_package *there =
        key ? find_installed(&packages->installed, kind, key) : NULL;

    if (there)
        tell_installed(session, packages, asked, there);
    if (kind == PACKAGE_APT)
        return;
    if (!there && key)
        warn_of_other(session, packages, asked, key);
    if (!there && find_required(packages, key, &required) &&
        (package_is_bare(kind, asked) || strcmp(asked, required.text) == 0)) {
        _cleanup_free_ char *place = place_of(packages, &required);
        observer_note(&session->observer, NOTE_INFO, "%s has it already: %s (%s).",
            packages->project, required.text, place);
        return;
    }
    strv_push(ret_add, asked);
}

void image_packages_tell_added(const struct session *session, const struct image_packages *packages,
    const struct dockerfile_edit *edit, struct strv *ret_add)
{
    for (size_t i = 0; i < edit->add_apt.count; i++)
        tell_add(session, packages, PACKAGE_APT, edit->add_apt.items[i], NULL);
    for (size_t i = 0; i < edit->add_pip.count; i++)
        tell_add(session, packages, PACKAGE_PIP, edit->add_pip.items[i], ret_add);
}

int image_packages_check_removed(
    const struct image_packages *packages, const struct strv *removed, struct error *err)
{
    for (size_t i = 0; i < removed->count; i++) {
        const char *item = removed->items[i];
        _cleanup_(required_package_release) struct required_package required = {0};
        _cleanup_free_ char *key = package_key(PACKAGE_PIP, item, strlen(item));
        if (!key || find_installed(&packages->installed, PACKAGE_PIP, key) ||
            !find_required(packages, key, &required))
            continue;
        _cleanup_free_ char *place = place_of(packages, &required);
        error_set(err, ERROR_NOT_FOUND, "%s has %s from its requirements file: %s",
            packages->project, required.text, place);
        return error_hint(err,
            "take the line out of your requirements file, then: image-update %s -r FILE",
            packages->project);
    }
    return 0;
}

/* --- after: two places that name one package ---------------------------------------- */

/* The one that is installed last. */
static const struct installed_package *find_last(
    const struct installed_packages *installed, const char *key)
{
    for (size_t i = installed->count; i > 0; i--) {
        const struct installed_package *package = &installed->items[i - 1];
        if (package->kind == PACKAGE_PIP && strcmp(package->key, key) == 0)
            return package;
    }
    return NULL;
}

static void tell_which_decides(const struct session *session, const struct image_packages *packages,
    const struct installed_packages *after, const char *asked)
{
    _cleanup_(required_package_release) struct required_package required = {0};
    _cleanup_free_ char *key = package_key(PACKAGE_PIP, asked, strlen(asked));
    const struct installed_package *added = key ? find_last(after, key) : NULL;

    if (!added || !find_required(packages, key, &required))
        return;
    bool is_last = added->line > after->requirements_line;
    const char *first = is_last ? required.text : added->text;
    const char *last = is_last ? added->text : required.text;
    /* What is there satisfies a name alone. */
    if (package_is_bare(PACKAGE_PIP, last) || strcmp(first, last) == 0)
        return;
    _cleanup_free_ char *place = place_of(packages, &required);
    observer_note(&session->observer, NOTE_WARNING,
        "%s stands in the requirements file too (%s, %s), which is installed %s: %s decides.", key,
        required.text, place, is_last ? "before" : "afterwards", last);
}

static void tell_what_stays(
    const struct session *session, const struct image_packages *packages, const char *removed)
{
    _cleanup_(required_package_release) struct required_package required = {0};
    _cleanup_free_ char *key = package_key(PACKAGE_PIP, removed, strlen(removed));

    if (!find_required(packages, key, &required))
        return;
    _cleanup_free_ char *place = place_of(packages, &required);
    observer_note(&session->observer, NOTE_WARNING,
        "%s stays in the image: the requirements file names it too (%s, %s).", key, required.text,
        place);
}

void image_packages_tell_required(const struct session *session,
    const struct image_packages *packages, const struct dockerfile_edit *edit, const char *text,
    size_t length)
{
    struct installed_packages after = {0};

    if (dockerfile_installed(text, length, &after, NULL) < 0)
        return;
    for (size_t i = 0; i < edit->add_pip.count; i++)
        tell_which_decides(session, packages, &after, edit->add_pip.items[i]);
    for (size_t i = 0; i < edit->remove_pip.count; i++)
        tell_what_stays(session, packages, edit->remove_pip.items[i]);
    installed_packages_release(&after);
}

/* --- what the shell does to versions -------------------------------------------------- */

void image_packages_warn_of_lost(
    const struct session *session, const char *project, const char *text, size_t length)
{
    struct installed_packages installed = {0};
    _cleanup_(strv_release) struct strv lost = STRV_INIT;
    _cleanup_(strv_release) struct strv names = STRV_INIT; /* theirs, each once */
    _cleanup_(strbuf_release) struct strbuf quoted = STRBUF_INIT(STRBUF_TEXT_MAX);
    unsigned line = 0;

    if (dockerfile_installed(text, length, &installed, NULL) < 0)
        return;
    for (size_t i = 0; i < installed.count; i++) {
        const struct installed_package *package = &installed.items[i];
        if (!package->version_lost || strv_contains(&names, package->key))
            continue;
        line = line ? line : package->line;
        strv_push(&names, package->key);
        strv_push(&lost, package->text);
    }
    installed_packages_release(&installed);
    if (!lost.count)
        return;
    _cleanup_free_ char *words = strv_join(&lost, " ");
    dockerfile_add_shell_word(&quoted, words);
    observer_note(&session->observer, NOTE_WARNING,
        "%s.Dockerfile, line %u: without quotes the shell takes versions for files, and pip sees "
        "none; image-update %s --add %s mends it.",
        project, line, project, strbuf_text(&quoted));
}

/* --- for whoever is to choose ---------------------------------------------------------- */

int image_packages_list(const struct session *session, const char *project, enum package_kind kind,
    struct strv *ret, struct error *err)
{
    struct installed_packages installed = {0};
    _cleanup_free_ char *text = NULL;
    size_t length = 0;

    if (project_dockerfile_read(session->caller, project, &text, &length, err) < 0 ||
        dockerfile_installed(text, length, &installed, err) < 0)
        return -1;
    for (size_t i = 0; i < installed.count; i++)
        if (installed.items[i].kind == kind)
            strv_push(ret, installed.items[i].text);
    installed_packages_release(&installed);
    return 0;
}

void image_packages_release(struct image_packages *packages)
{
    installed_packages_release(&packages->installed);
    packages->requirements = NULL;
}
