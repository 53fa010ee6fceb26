#include "model/debian_packages.h"

#include "base/xalloc.h"

#define LIST_SUFFIX ".list"

/* A piece of a text. */
struct piece {
    const char *text;
    size_t length;
};

static bool piece_is(struct piece piece, const char *word)
{
    return piece.length == strlen(word) && memcmp(piece.text, word, piece.length) == 0;
}

/* Printable ASCII without blanks: all that a name or a version can be. */
static bool is_word(struct piece piece)
{
    for (size_t i = 0; i < piece.length; i++)
        if (piece.text[i] <= ' ' || piece.text[i] > '~')
            return false;
    return piece.length > 0;
}

static char *piece_copy(struct piece piece)
{
    return xstrndup(piece.text, piece.length);
}

/* The next line, without its newline; false at the end. */
static bool next_line(struct piece *rest, struct piece *ret_line)
{
    if (!rest->length)
        return false;
    const char *newline = memchr(rest->text, '\n', rest->length);
    size_t length = newline ? (size_t)(newline - rest->text) : rest->length;
    *ret_line = (struct piece){rest->text, length};
    rest->text += length + (newline != NULL);
    rest->length -= length + (newline != NULL);
    return true;
}

/* "Name: value" into its two; false for a line that continues the one before. */
static bool split_field(struct piece line, struct piece *ret_name, struct piece *ret_value)
{
    const char *colon = line.length ? memchr(line.text, ':', line.length) : NULL;

    if (!colon || line.text[0] == ' ' || line.text[0] == '\t')
        return false;
    *ret_name = (struct piece){line.text, (size_t)(colon - line.text)};
    const char *value = colon + 1;
    const char *end = line.text + line.length;
    while (value < end && (*value == ' ' || *value == '\t'))
        value++;
    while (end > value && strchr(" \t\r", end[-1]))
        end--;
    *ret_value = (struct piece){value, (size_t)(end - value)};
    return true;
}

/* The fields of a paragraph that are of interest; those it has not are empty. */
struct paragraph {
    struct piece package;
    struct piece architecture;
    struct piece version;
    struct piece status;
    struct piece automatic;
};

static void note_field(struct paragraph *paragraph, struct piece name, struct piece value)
{
    const struct {
        const char *name;
        struct piece *target;
    } fields[] = {
        {"Package", &paragraph->package},
        {"Architecture", &paragraph->architecture},
        {"Version", &paragraph->version},
        {"Status", &paragraph->status},
        {"Auto-Installed", &paragraph->automatic},
    };

    for (size_t i = 0; i < ELEMENTS(fields); i++)
        if (piece_is(name, fields[i].name))
            *fields[i].target = value;
}

/* Paragraphs are parted by empty lines. False at the end. */
static bool next_paragraph(struct piece *rest, struct paragraph *ret)
{
    struct piece line, name, value;
    bool any = false;

    *ret = (struct paragraph){0};
    while (next_line(rest, &line)) {
        if (line.length == 0 && any)
            return true;
        any = any || line.length > 0;
        if (split_field(line, &name, &value))
            note_field(ret, name, value);
    }
    return any;
}

/* The last word of "install ok installed" is what there is; the first what is wished for. */
static bool is_installed(struct piece status)
{
    static const char installed[] = " installed";
    size_t length = sizeof(installed) - 1;

    return status.length > length &&
           memcmp(status.text + status.length - length, installed, length) == 0;
}

void debian_packages_parse(const char *text, size_t length, struct debian_packages *ret)
{
    struct piece rest = {text, length};
    struct debian_packages all = {0};
    struct paragraph paragraph;

    while (next_paragraph(&rest, &paragraph)) {
        if (!is_word(paragraph.package) || !is_word(paragraph.version) ||
            !is_installed(paragraph.status))
            continue;
        all.packages = xgrow(all.packages, all.count, sizeof(*all.packages));
        all.packages[all.count++] = (struct debian_package){piece_copy(paragraph.package),
            piece_copy(paragraph.architecture), piece_copy(paragraph.version)};
    }
    *ret = all;
}

void debian_automatic_parse(const char *text, size_t length, struct strv *ret_names)
{
    struct piece rest = {text, length};
    struct paragraph paragraph;

    while (next_paragraph(&rest, &paragraph))
        if (is_word(paragraph.package) && piece_is(paragraph.automatic, "1"))
            strv_take(ret_names, piece_copy(paragraph.package));
}

const struct debian_package *debian_packages_find(
    const struct debian_packages *packages, const char *list)
{
    size_t length = strcspn(list, ":");
    const char *architecture = list[length] ? list + length + 1 : NULL;

    for (size_t i = 0; i < packages->count; i++) {
        const struct debian_package *package = &packages->packages[i];
        if (strlen(package->name) == length && memcmp(package->name, list, length) == 0 &&
            (!architecture || strcmp(package->architecture, architecture) == 0))
            return package;
    }
    return NULL;
}

void debian_lists_find(
    const struct file_changes *changes, enum file_change change, struct strv *ret_names)
{
    const struct strv *paths = &changes->paths[change];

    for (size_t i = 0; i < paths->count; i++) {
        const char *path = paths->items[i];
        size_t length = strlen(path), begin = strlen(DPKG_INFO "/"), end = strlen(LIST_SUFFIX);
        if (length > begin + end && path_is_within(path, DPKG_INFO) &&
            strcmp(path + length - end, LIST_SUFFIX) == 0)
            strv_take(ret_names, xstrndup(path + begin, length - begin - end));
    }
}

void debian_list_paths(const char *text, size_t length, struct strv *ret_paths)
{
    static const char *const links[] = {"/bin", "/lib", "/lib32", "/lib64", "/libx32", "/sbin"};
    struct piece rest = {text, length};
    struct piece line;

    while (next_line(&rest, &line)) {
        if (!line.length || line.text[0] != '/' || memchr(line.text, '\0', line.length))
            continue;
        char *path = piece_copy(line);
        strv_take(ret_paths, path);
        for (size_t i = 0; i < ELEMENTS(links); i++)
            if (path_is_within(path, links[i]))
                strv_take(ret_paths, xasprintf("/usr%s", path));
    }
}

/* --- what no list names ----------------------------------------------------------- */

#define ALTERNATIVES "/etc/alternatives"

static bool is_index(const char *path)
{
    static const char *const folders[] = {ALTERNATIVES, "/etc/rc0.d", "/etc/rc1.d", "/etc/rc2.d",
        "/etc/rc3.d", "/etc/rc4.d", "/etc/rc5.d", "/etc/rc6.d", "/etc/rcS.d", "/etc/ssl/certs",
        "/etc/systemd/system", "/usr/share/mime"};
    static const char *const endings[] = {".cache", "/gschemas.compiled", "/info/dir"};
    size_t length = strlen(path);

    for (size_t i = 0; i < ELEMENTS(folders); i++)
        if (path_is_within(path, folders[i]))
            return true;
    for (size_t i = 0; i < ELEMENTS(endings); i++) {
        size_t ending = strlen(endings[i]);
        if (path_is_within(path, "/usr") && length > ending &&
            strcmp(path + length - ending, endings[i]) == 0)
            return true;
    }
    return false;
}

/* Where "vi.1.gz" has its section, ".1.gz"; NULL: nowhere. */
static const char *section_of(const char *name)
{
    const char *dot = strrchr(name, '.');

    if (dot && dot > name && strcmp(dot, ".gz") == 0)
        dot = memrchr(name, '.', (size_t)(dot - name));
    return dot;
}

/* The link for a manual in another language, "vi.de.1.gz" for man/de/man1/vi.1.gz, or NULL. */
static char *translated_link(const char *path)
{
    static const char manuals[] = "/usr/share/man/";
    const char *name = strrchr(path, '/') + 1;
    const char *section = section_of(name);

    if (strncmp(path, manuals, sizeof(manuals) - 1) != 0 || !section)
        return NULL;
    const char *language = path + sizeof(manuals) - 1;
    return xasprintf("%s/%.*s.%.*s%s", ALTERNATIVES, (int)(section - name), name,
        (int)strcspn(language, "/"), language, section);
}

/* /usr/bin/vi where /etc/alternatives/vi has changed the same way. */
static bool is_alternative(const struct strv *paths, const char *path)
{
    if (!path_is_within(path, "/usr") || path_is_within(path, "/usr/local"))
        return false;
    _cleanup_free_ char *link = xasprintf("%s%s", ALTERNATIVES, strrchr(path, '/'));
    _cleanup_free_ char *translated = translated_link(path);
    return path_is_listed(paths, link) || (translated && path_is_listed(paths, translated));
}

void debian_byproducts_find(const struct file_changes *changes, struct strv *ret_paths)
{
    for (size_t i = 0; i < FILE_CHANGES; i++) {
        const struct strv *paths = &changes->paths[i];
        for (size_t p = 0; p < paths->count; p++)
            if (is_index(paths->items[p]) || is_alternative(paths, paths->items[p]))
                strv_push(ret_paths, paths->items[p]);
    }
}

void debian_packages_release(struct debian_packages *packages)
{
    for (size_t i = 0; i < packages->count; i++) {
        free(packages->packages[i].name);
        free(packages->packages[i].architecture);
        free(packages->packages[i].version);
    }
    free(packages->packages);
    *packages = (struct debian_packages){0};
}
