#include "model/python_packages.h"

#include "base/json.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/requirement.h"

#define PATH_LENGTH ((size_t)4096) /* Linux takes no longer one */

/* --- traces among the changes --------------------------------------------------- */

/* A path "FOLDER/NAME-VERSION.dist-info" or "….egg-info", in its parts. */
struct trace {
    size_t folder; /* bytes of the folder's path */
    size_t name;   /* where the name begins … */
    size_t name_end;
    size_t version; /* … and the version, equal to its end where there is none */
    size_t version_end;
};

/* The last part of a folder's path says whether Python looks for packages in it. */
static bool is_python_folder(const char *path, size_t length)
{
    return text_ends(path, length, "/site-packages") || text_ends(path, length, "/dist-packages");
}

/* "setuptools-66.1.1-py3.11.egg-info": behind the version may stand what it was built for. */
static bool parse_trace(const char *path, struct trace *ret)
{
    const char *slash = strrchr(path, '/');
    size_t length = strlen(path);

    if (!slash || slash == path || !is_python_folder(path, (size_t)(slash - path)))
        return false;
    if (!text_ends(slash + 1, strlen(slash + 1), ".dist-info") &&
        !text_ends(slash + 1, strlen(slash + 1), ".egg-info"))
        return false;
    size_t end = length - strlen(strrchr(path, '.'));
    struct trace trace = {.folder = (size_t)(slash - path), .name = (size_t)(slash - path) + 1};
    trace.name_end = trace.name + strcspn(path + trace.name, "-");
    if (trace.name_end > end)
        trace.name_end = end;
    trace.version = trace.name_end < end ? trace.name_end + 1 : end;
    trace.version_end = trace.version + strcspn(path + trace.version, "-");
    if (trace.version_end > end)
        trace.version_end = end;
    *ret = trace;
    return trace.name_end > trace.name;
}

static char *name_of(const char *path, const struct trace *trace)
{
    char *name = xstrndup(path + trace->name, trace->name_end - trace->name);

    for (char *c = name; *c; c++)
        if (*c == '_')
            *c = '-';
    return name;
}

enum { IN_IMAGE = 1, IN_CONTAINER = 2 };

/* Notes a package for `path` where it is a trace; `where` says what has it in this version. */
static void note_trace(struct traced_packages *all, const char *path, unsigned where)
{
    struct trace trace;

    if (!parse_trace(path, &trace))
        return;
    _cleanup_free_ char *version =
        xstrndup(path + trace.version, trace.version_end - trace.version);
    char *name = name_of(path, &trace);
    traced_packages_add(all, (struct traced_package){
                                 .place = xstrndup(path, trace.folder),
                                 .name = name,
                                 .key = pip_requirement_name(name),
                                 .before = where & IN_IMAGE ? xstrdup(version) : NULL,
                                 .after = where & IN_CONTAINER ? xstrdup(version) : NULL,
                                 .trace = where & IN_CONTAINER ? xstrdup(path) : NULL,
                             });
}

/* A directory is told by its content: "….dist-info/RECORD" is there anew. */
static void note_rewritten(struct traced_packages *all, const char *path)
{
    size_t length = strlen(path);

    if (!text_ends(path, length, "/RECORD"))
        return;
    _cleanup_free_ char *directory = xstrndup(path, length - strlen("/RECORD"));
    note_trace(all, directory, IN_IMAGE | IN_CONTAINER);
}

static void note_traces(const struct file_changes *changes, struct traced_packages *all)
{
    const struct strv *added = &changes->paths[FILE_ADDED];
    const struct strv *modified = &changes->paths[FILE_MODIFIED];
    const struct strv *removed = &changes->paths[FILE_REMOVED];

    for (size_t i = 0; i < changes->folders.count; i++)
        note_trace(all, changes->folders.items[i], IN_CONTAINER);
    for (size_t i = 0; i < added->count; i++)
        note_trace(all, added->items[i], IN_CONTAINER);
    for (size_t i = 0; i < modified->count; i++) {
        note_trace(all, modified->items[i], IN_IMAGE | IN_CONTAINER);
        note_rewritten(all, modified->items[i]);
    }
    for (size_t i = 0; i < removed->count; i++)
        note_trace(all, removed->items[i], IN_IMAGE);
}

/* --- what pip notes beside them --------------------------------------------------- */

static bool has_file(
    const struct file_changes *changes, const struct traced_package *package, const char *name)
{
    if (!package->trace)
        return false;
    _cleanup_free_ char *path = xasprintf("%s/%s", package->trace, name);
    return path_is_listed(&changes->paths[FILE_ADDED], path) ||
           path_is_listed(&changes->paths[FILE_MODIFIED], path);
}

/* Those from `begin` to `end` are of one folder. */
static void note_asked_for(
    const struct file_changes *changes, struct traced_packages *all, size_t begin, size_t end)
{
    bool any = false;

    for (size_t i = begin; i < end; i++) {
        struct traced_package *package = &all->packages[i];
        package->asked_for = has_file(changes, package, "REQUESTED");
        package->has_source = has_file(changes, package, "direct_url.json");
        any = any || package->asked_for;
    }
    for (size_t i = begin; i < end && !any; i++)
        all->packages[i].asked_for = true;
}

void python_packages_find(const struct file_changes *changes, struct traced_packages *ret)
{
    struct traced_packages all = {0};

    note_traces(changes, &all);
    traced_packages_merge(&all);
    for (size_t begin = 0, end; begin < all.count; begin = end) {
        for (end = begin; end < all.count; end++)
            if (strcmp(all.packages[end].place, all.packages[begin].place) != 0)
                break;
        note_asked_for(changes, &all, begin, end);
    }
    *ret = all;
}

/* --- what the traces say ---------------------------------------------------------- */

/* Appends `part` to an absolute path; ".." takes the last part away. */
static void add_part(struct strbuf *path, const char *part, size_t length)
{
    if (!length || (length == 1 && part[0] == '.'))
        return;
    if (length == 2 && memcmp(part, "..", 2) == 0) {
        while (path->length && path->text[path->length - 1] != '/')
            strbuf_truncate(path, path->length - 1);
        if (path->length)
            strbuf_truncate(path, path->length - 1);
        return;
    }
    strbuf_addc(path, '/');
    strbuf_add(path, part, length);
}

static void add_parts(struct strbuf *path, const char *text)
{
    while (*text) {
        size_t length = strcspn(text, "/");
        add_part(path, text, length);
        text += length + (text[length] == '/');
    }
}

/* The first of a line's comma-separated values; quoted, '"' is doubled in it (RFC 4180). */
static void first_value(const char *line, size_t length, struct strbuf *ret)
{
    bool quoted = length && line[0] == '"';

    for (size_t i = quoted; i < length; i++) {
        if (quoted && line[i] == '"' && (i + 1 >= length || line[++i] != '"'))
            return;
        if (!quoted && (line[i] == ',' || line[i] == '\r'))
            return;
        strbuf_addc(ret, line[i]);
    }
}

void python_record_paths(const char *text, size_t length, const char *folder, struct strv *ret)
{
    while (length) {
        _cleanup_(strbuf_release) struct strbuf value = STRBUF_INIT(PATH_LENGTH);
        _cleanup_(strbuf_release) struct strbuf path = STRBUF_INIT(PATH_LENGTH);
        const char *newline = memchr(text, '\n', length);
        size_t line = newline ? (size_t)(newline - text) : length;
        first_value(text, line, &value);
        if (strbuf_text(&value)[0] != '/')
            add_parts(&path, folder);
        add_parts(&path, strbuf_text(&value));
        if (value.length && path.length && !value.overflowed && !path.overflowed &&
            strlen(value.text) == value.length)
            strv_take(ret, strbuf_detach(&path));
        text += line + (newline != NULL);
        length -= line + (newline != NULL);
    }
}

static bool is_text(struct json_object *value)
{
    return json_object_is_type(value, json_type_string) && json_object_get_string_len(value) > 0;
}

/* "git+URL@COMMIT", as `pip freeze` writes it. */
static char *repository_source(struct json_object *object, const char *url)
{
    struct json_object *tool = json_at(object, "vcs_info/vcs");
    struct json_object *commit = json_at(object, "vcs_info/commit_id");

    if (!is_text(tool) || !is_text(commit))
        return NULL;
    return xasprintf("%s+%s@%s", json_object_get_string(tool), url, json_object_get_string(commit));
}

void python_source_parse(const char *text, size_t length, struct python_source *ret)
{
    static const char file[] = "file://";
    _cleanup_(json_put) struct json_object *object = NULL;

    if (json_parse(text, length, &object, NULL) < 0)
        return;
    struct json_object *value = json_at(object, "url");
    if (!is_text(value))
        return;
    const char *url = json_object_get_string(value);
    ret->local = strncmp(url, file, sizeof(file) - 1) == 0;
    ret->editable = ret->local && json_object_get_boolean(json_at(object, "dir_info/editable"));
    if (ret->local)
        ret->text = xstrdup(url + sizeof(file) - 1);
    else
        ret->text = json_at(object, "vcs_info") ? repository_source(object, url) : xstrdup(url);
}

void python_source_release(struct python_source *source)
{
    free(source->text);
    *source = (struct python_source){0};
}

/* --- links in place of packages ------------------------------------------------------ */

static bool is_link(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash && slash != path && is_python_folder(path, (size_t)(slash - path)) &&
           text_ends(slash + 1, strlen(slash + 1), PYTHON_LINK);
}

void python_links_find(const struct file_changes *changes, struct strv *ret)
{
    static const enum file_change present[] = {FILE_ADDED, FILE_MODIFIED};

    for (size_t i = 0; i < ELEMENTS(present); i++)
        for (size_t p = 0; p < changes->paths[present[i]].count; p++)
            if (is_link(changes->paths[present[i]].items[p]))
                strv_push(ret, changes->paths[present[i]].items[p]);
}

char *python_link_target(const char *text, size_t length)
{
    const char *newline = length ? memchr(text, '\n', length) : NULL;
    size_t end = newline ? (size_t)(newline - text) : length;

    if (!end || text[0] != '/' || end > PATH_LENGTH || memchr(text, '\0', end))
        return NULL;
    return xstrndup(text, end);
}

char *python_version(const char *text, size_t length)
{
    static const char header[] = "Version: ";
    const size_t name = sizeof(header) - 1;

    while (length) {
        const char *newline = memchr(text, '\n', length);
        size_t line = newline ? (size_t)(newline - text) : length;
        if (line > name && strncmp(text, header, name) == 0)
            return xstrndup(text + name, line - name);
        text += line + (newline != NULL);
        length -= line + (newline != NULL);
    }
    return NULL;
}
