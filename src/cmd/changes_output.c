#include "cmd/changes_output.h"

#include "base/json.h"
#include "base/strbuf.h"
#include "base/xalloc.h"
#include "ui/style.h"

/* So many packages of a kind, and so many files and folders, are named without --verbose. */
#define PACKAGES_SHOWN 12
#define FILES_SHOWN    15

#define WIDTH  79
#define INDENT 4

/* --- packages --------------------------------------------------------------------- */

static char *package_text(const struct changed_package *package)
{
    if (!package->after)
        return xasprintf("%s (removed)", package->name);
    if (package->editable)
        return xasprintf("%s %s%s(editable, in %s)", package->name, package->after,
            *package->after ? " " : "", package->source);
    if (package->source)
        return xasprintf("%s %s from %s", package->name, package->after, package->source);
    if (package->before)
        return xasprintf("%s %s (was %s)", package->name, package->after, package->before);
    return xasprintf(
        "%s %s%s", package->name, package->after, package->in_image ? " (another version)" : "");
}

/* Names those that somebody asked for; `all` names the others too. */
static void list_packages(const struct container_changes *changes, enum changed_by by, bool all,
    struct strv *ret_texts, size_t *ret_dependencies)
{
    for (size_t i = 0; i < changes->count; i++) {
        const struct changed_package *package = &changes->packages[i];
        if (package->by != by)
            continue;
        if (package->asked_for || !package->after || all)
            strv_take(ret_texts, package_text(package));
        else
            (*ret_dependencies)++;
    }
}

static char *cut_list(struct strv *texts, size_t dependencies, bool all)
{
    struct strbuf text = STRBUF_INIT(STRBUF_TEXT_MAX);
    size_t shown = all || texts->count <= PACKAGES_SHOWN ? texts->count : PACKAGES_SHOWN;

    for (size_t i = 0; i < shown; i++)
        strbuf_addf(&text, "%s%s", i ? ", " : "", texts->items[i]);
    if (shown < texts->count)
        strbuf_addf(&text, ", and %zu more", texts->count - shown);
    if (dependencies)
        strbuf_addf(&text, "%s%zu dependenc%s", text.length ? ", with " : "", dependencies,
            dependencies == 1 ? "y" : "ies");
    return strbuf_detach(&text);
}

/* Breaks lines at blanks and indents them. */
static void print_indented(FILE *out, const char *text)
{
    _cleanup_free_ char *printable = style_printable(text, strlen(text));
    int column = fprintf(out, "%*s", INDENT, "");

    for (const char *at = printable; *at; at += strspn(at, " ")) {
        int length = (int)strcspn(at, " ");
        if (column > INDENT && column + 1 + length > WIDTH)
            column = fprintf(out, "\n%*s", INDENT, "") - 1;
        column += fprintf(out, "%s%.*s", column > INDENT ? " " : "", length, at);
        at += length;
    }
    fputc('\n', out);
}

static void print_packages(
    FILE *out, const struct container_changes *changes, enum changed_by by, bool all)
{
    static const char *const titles[] = {
        "  Python packages:\n", "  system packages:\n", "  conda packages:\n"};
    _cleanup_(strv_release) struct strv texts = STRV_INIT;
    size_t dependencies = 0;

    list_packages(changes, by, all, &texts, &dependencies);
    if (!texts.count && !dependencies)
        return;
    _cleanup_free_ char *list = cut_list(&texts, dependencies, all);
    fputs(titles[by], out);
    print_indented(out, list);
}

/* --- files ------------------------------------------------------------------------ */

static const char *change_name(enum file_change change)
{
    static const char *const names[] = {"changed", "new", "removed"};

    return names[change];
}

static void print_path(FILE *out, const char *path, const char *home, const char *end)
{
    bool at_home = path_is_within(path, home) && path[strlen(home)];
    _cleanup_free_ char *text =
        xasprintf("%s%s%s", at_home ? "~" : "", at_home ? path + strlen(home) : path, end);

    style_print(out, STYLE_PLAIN, text);
}

static void print_group(FILE *out, const struct file_group *group, const char *home)
{
    fprintf(out, "%*s%-8s ", INDENT, "", change_name(group->change));
    if (group->count == 1) {
        print_path(out, group->path, home, "");
        fputc('\n', out);
        return;
    }
    print_path(out, group->path, home, "/");
    fprintf(out, " (%zu files)\n", group->count);
}

static void print_groups(FILE *out, const struct container_changes *changes)
{
    _cleanup_(file_groups_release) struct file_groups groups = {0};
    size_t files_left = 0;

    file_changes_group(&changes->files, changes->home, &groups);
    size_t shown = groups.count <= FILES_SHOWN + 1 ? groups.count : FILES_SHOWN;
    for (size_t i = 0; i < shown; i++)
        print_group(out, &groups.groups[i], changes->home);
    for (size_t i = shown; i < groups.count; i++)
        files_left += groups.groups[i].count;
    if (files_left)
        fprintf(out, "%*sand %zu more files; --verbose names all\n", INDENT, "", files_left);
}

static void print_all_files(FILE *out, const struct container_changes *changes)
{
    static const enum file_change order[] = {FILE_ADDED, FILE_MODIFIED, FILE_REMOVED};

    for (size_t i = 0; i < ELEMENTS(order); i++) {
        const struct strv *paths = &changes->files.paths[order[i]];
        for (size_t p = 0; p < paths->count; p++) {
            const struct file_group one = {order[i], paths->items[p], 1};
            print_group(out, &one, changes->home);
        }
    }
}

static void print_files(FILE *out, const struct container_changes *changes, bool all)
{
    if (!file_changes_count(&changes->files))
        return;
    fputs("  files:\n", out);
    if (all)
        print_all_files(out, changes);
    else
        print_groups(out, changes);
}

/* --- what is to be known about it ---------------------------------------------------- */

static void print_volumes(FILE *out, const struct container_changes *changes)
{
    const struct strv *volumes = &changes->volumes;
    _cleanup_free_ char *list = strv_join(volumes, ", ");

    if (changes->incomplete)
        fprintf(out, "%*sand more, in volumes too large to be looked through\n", INDENT, "");
    if (!volumes->count)
        return;
    _cleanup_free_ char *text =
        xasprintf("%s %s of its image: what was put there is in no image, and --save leaves "
                  "it out.",
            list, volumes->count == 1 ? "is a volume" : "are volumes");
    fputs("  volumes:\n", out);
    print_indented(out, text);
}

void changes_print(
    FILE *out, const char *container, const struct container_changes *changes, bool all)
{
    _cleanup_free_ char *temporary = container_changes_temporary_text(changes);

    if (container_changes_empty(changes)) {
        fprintf(out, "%s has nothing that its image or /workspace has not%s%s.\n", container,
            temporary ? ", but " : "", temporary ? temporary : "");
        return;
    }
    fprintf(out, "Only in the container %s:\n", container);
    print_packages(out, changes, CHANGED_BY_PIP, all);
    print_packages(out, changes, CHANGED_BY_CONDA, all);
    print_packages(out, changes, CHANGED_BY_APT, all);
    print_files(out, changes, all);
    print_volumes(out, changes);
    if (temporary)
        fprintf(out, "  not listed: %s\n", temporary);
}

/* --- for machines ------------------------------------------------------------------ */

static struct json_object *package_json(const struct changed_package *package)
{
    struct json_object *object = json_object_new_object();

    json_add_string(object, "by", changed_by_name(package->by));
    json_add_string(object, "name", package->name);
    json_object_object_add(
        object, "before", package->before ? json_object_new_string(package->before) : NULL);
    json_object_object_add(
        object, "after", package->after ? json_object_new_string(package->after) : NULL);
    json_object_object_add(object, "in_image", json_object_new_boolean(package->in_image));
    json_object_object_add(object, "asked_for", json_object_new_boolean(package->asked_for));
    json_add_string(object, "source", package->source);
    json_object_object_add(object, "editable", json_object_new_boolean(package->editable));
    return object;
}

struct json_object *changes_json(const struct container_changes *changes)
{
    struct json_object *document = json_object_new_object();
    struct json_object *packages = json_object_new_array();
    struct json_object *files = json_object_new_object();

    for (size_t i = 0; i < changes->count; i++)
        json_object_array_add(packages, package_json(&changes->packages[i]));
    for (size_t i = 0; i < FILE_CHANGES; i++)
        json_object_object_add(
            files, change_name((enum file_change)i), json_from_strv(&changes->files.paths[i]));
    json_object_object_add(document, "packages", packages);
    json_object_object_add(document, "files", files);
    json_object_object_add(document, "volumes", json_from_strv(&changes->volumes));
    json_object_object_add(document, "complete", json_object_new_boolean(!changes->incomplete));
    json_object_object_add(
        document, "temporary", json_object_new_int64((int64_t)changes->temporary));
    return document;
}
