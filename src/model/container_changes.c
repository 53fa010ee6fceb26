#include "model/container_changes.h"

#include "base/strbuf.h"
#include "base/xalloc.h"
#include "model/dockerfile_quote.h"
#include "model/package_command.h"
#include "model/requirement.h"

static void package_release(struct changed_package *package)
{
    free(package->name);
    free(package->before);
    free(package->after);
    free(package->source);
}

static bool is_changed(const struct changed_package *package)
{
    return !package->before || !package->after || strcmp(package->before, package->after) != 0;
}

void container_changes_add(struct container_changes *changes, struct changed_package package)
{
    if (!is_changed(&package)) {
        package_release(&package);
        return;
    }
    changes->packages = xgrow(changes->packages, changes->count, sizeof(*changes->packages));
    changes->packages[changes->count++] = package;
}

static int compare_packages(const void *a, const void *b)
{
    const struct changed_package *one = a, *other = b;

    if (one->by != other->by)
        return one->by < other->by ? -1 : 1;
    return strcmp(one->name, other->name);
}

void container_changes_sort(struct container_changes *changes)
{
    if (changes->count)
        qsort(changes->packages, changes->count, sizeof(*changes->packages), compare_packages);
}

static bool holds_files(const struct file_changes *files, const char *folder)
{
    for (size_t i = 0; i < FILE_CHANGES; i++)
        for (size_t p = 0; p < files->paths[i].count; p++)
            if (i != FILE_REMOVED && path_is_within(files->paths[i].items[p], folder))
                return true;
    return false;
}

void container_changes_note_volumes(struct container_changes *changes, const struct strv *volumes)
{
    for (size_t i = 0; i < volumes->count; i++)
        if (holds_files(&changes->files, volumes->items[i]))
            strv_push(&changes->volumes, volumes->items[i]);
    paths_sort(&changes->volumes);
}

bool container_changes_empty(const struct container_changes *changes)
{
    return !changes->count && !file_changes_count(&changes->files) && !changes->incomplete;
}

char *container_changes_temporary_text(const struct container_changes *changes)
{
    if (!changes->temporary)
        return NULL;
    return xasprintf("%zu file%s below /tmp and /var/tmp", changes->temporary,
        changes->temporary == 1 ? "" : "s");
}

/* "1.0+cu124" is a build of 1.0 that no index has under this name (PEP 440). */
static char *pip_requirement(const struct changed_package *package)
{
    if (package->source)
        return xasprintf("%s @ %s", package->name, package->source);
    int public_version = (int)strcspn(package->after, "+");
    if (!public_version)
        return xstrdup(package->name);
    return xasprintf("%s==%.*s", package->name, public_version, package->after);
}

/* What brings the package, or NULL; system packages by name, since mirrors keep one version. */
static char *requirement(const struct changed_package *package)
{
    char *text = NULL;

    if (!package->after || !package->asked_for || package->local)
        return NULL;
    if (package->by == CHANGED_BY_PIP)
        text = pip_requirement(package);
    if (package->by == CHANGED_BY_APT)
        text = xstrdup(package->name);
    int checked = !text                           ? -1
                  : package->by == CHANGED_BY_APT ? apt_package_check(text, NULL)
                                                  : pip_requirement_check(text, NULL);
    if (checked < 0) {
        free(text);
        return NULL;
    }
    return text;
}

static struct strv *list_of(struct changes_offer *offer, const struct changed_package *package)
{
    return package->by == CHANGED_BY_APT ? &offer->apt : &offer->pip;
}

/* A package that two Pythons have in two versions can be asked for once only. */
static bool has_package(const struct strv *list, enum package_kind kind, const char *text)
{
    _cleanup_free_ char *key = package_key(kind, text, strlen(text));

    for (size_t i = 0; key && i < list->count; i++) {
        _cleanup_free_ char *other = package_key(kind, list->items[i], strlen(list->items[i]));
        if (other && strcmp(key, other) == 0)
            return true;
    }
    return false;
}

void container_changes_offer(const struct container_changes *changes, struct changes_offer *ret)
{
    for (size_t i = 0; i < changes->count; i++) {
        const struct changed_package *package = &changes->packages[i];
        struct strv *list = list_of(ret, package);
        char *text = requirement(package);
        enum package_kind kind = package->by == CHANGED_BY_APT ? PACKAGE_APT : PACKAGE_PIP;
        if (text && !has_package(list, kind, text))
            strv_take(list, text);
        else
            free(text);
    }
}

/* It is there, somebody wanted it, and no offer brings it. */
static bool is_left_out(const struct changed_package *package)
{
    _cleanup_free_ char *text = requirement(package);

    return !text && package->asked_for && package->after;
}

bool container_changes_exceed_offer(const struct container_changes *changes)
{
    if (file_changes_count(&changes->files) || changes->incomplete)
        return true;
    _cleanup_(changes_offer_release) struct changes_offer offer = {0};
    container_changes_offer(changes, &offer);
    for (size_t i = 0; i < changes->count; i++) {
        const struct changed_package *package = &changes->packages[i];
        _cleanup_free_ char *text = requirement(package);
        if (is_left_out(package) || !package->after ||
            (text && !strv_contains(list_of(&offer, package), text)))
            return true;
    }
    return false;
}

/* A URL takes all words behind it, so a requirement with one has an option of its own. */
static void add_option(struct strbuf *command, const char *option, const struct strv *list)
{
    _cleanup_(strv_release) struct strv plain = STRV_INIT;

    for (size_t i = 0; i < list->count; i++) {
        if (!strchr(list->items[i], '@')) {
            strv_push(&plain, list->items[i]);
            continue;
        }
        strbuf_addf(command, " %s ", option);
        dockerfile_add_shell_word(command, list->items[i]);
    }
    if (!plain.count)
        return;
    _cleanup_free_ char *words = strv_join(&plain, " ");
    strbuf_addf(command, " %s ", option);
    dockerfile_add_shell_word(command, words);
}

char *changes_offer_command(const struct changes_offer *offer, const char *project)
{
    struct strbuf command = STRBUF_INIT(STRBUF_TEXT_MAX);

    if (!offer->pip.count && !offer->apt.count)
        return NULL;
    strbuf_addf(&command, "image-update %s", project);
    add_option(&command, "--add", &offer->pip);
    add_option(&command, "--add-system", &offer->apt);
    return strbuf_detach(&command);
}

char *changes_left_out_text(const struct container_changes *changes, const char *project)
{
    _cleanup_(strv_release) struct strv names = STRV_INIT;
    bool copied = false;

    for (size_t i = 0; i < changes->count; i++) {
        const struct changed_package *package = &changes->packages[i];
        if (!is_left_out(package))
            continue;
        strv_push(&names, package->name);
        copied = copied || (package->local && !package->editable);
    }
    if (!names.count)
        return NULL;
    _cleanup_free_ char *list = strv_join(&names, ", ");
    _cleanup_free_ char *bundle =
        xasprintf(", and so does a requirements file that names the wheel: image-update %s -r FILE",
            project ? project : "");
    return xasprintf("No image-update --add brings %s into the image; --save does%s", list,
        copied && project ? bundle : ".");
}

const char *changed_by_name(enum changed_by by)
{
    static const char *const names[] = {"pip", "apt", "conda"};

    return names[by];
}

void container_changes_release(struct container_changes *changes)
{
    for (size_t i = 0; i < changes->count; i++)
        package_release(&changes->packages[i]);
    free(changes->packages);
    free(changes->home);
    file_changes_release(&changes->files);
    strv_release(&changes->volumes);
    *changes = (struct container_changes){0};
}

void changes_offer_release(struct changes_offer *offer)
{
    strv_release(&offer->pip);
    strv_release(&offer->apt);
}
