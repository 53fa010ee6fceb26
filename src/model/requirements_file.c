#include "model/requirements_file.h"

#include <ctype.h>
#include <strings.h>

#include "base/strbuf.h"
#include "base/utf8.h"
#include "base/xalloc.h"
#include "model/caret.h"
#include "model/pip_grammar.h"

#define LINES_MAX        10000
#define LINE_LENGTH_MAX  ((size_t)64 << 10) /* bytes of a line with those it is continued on */
#define ERROR_LENGTH_MAX ((size_t)1024)

#define VARIABLE_LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"

enum role {
    ROLE_PLAIN,       /* for the whole file */
    ROLE_REQUIREMENT, /* of the requirement in front of it */
    ROLE_HASH,        /* the same, with a value of its own form */
    ROLE_INCLUDE,
    ROLE_CONSTRAINT,
    ROLE_EDITABLE,
    ROLE_LINKS,
};

/* The options pip reads in such a file. */
static const struct option {
    char letter;
    const char *name;
    bool takes_value;
    enum role role;
} options[] = {
    {'i', "--index-url", true, ROLE_PLAIN},
    {0, "--pypi-url", true, ROLE_PLAIN},
    {0, "--extra-index-url", true, ROLE_PLAIN},
    {0, "--no-index", false, ROLE_PLAIN},
    {'c', "--constraint", true, ROLE_CONSTRAINT},
    {'r', "--requirement", true, ROLE_INCLUDE},
    {'e', "--editable", true, ROLE_EDITABLE},
    {'f', "--find-links", true, ROLE_LINKS},
    {0, "--no-binary", true, ROLE_PLAIN},
    {0, "--only-binary", true, ROLE_PLAIN},
    {0, "--prefer-binary", false, ROLE_PLAIN},
    {0, "--require-hashes", false, ROLE_PLAIN},
    {0, "--pre", false, ROLE_PLAIN},
    {0, "--trusted-host", true, ROLE_PLAIN},
    {0, "--use-feature", true, ROLE_PLAIN},
    {0, "--hash", true, ROLE_HASH},
    {0, "--global-option", true, ROLE_REQUIREMENT},
    {0, "--install-option", true, ROLE_REQUIREMENT},
    {'C', "--config-settings", true, ROLE_REQUIREMENT},
};

/* A line with those it is continued on, and where each piece of it was. */
struct logical_line {
    struct strbuf text;
    struct piece {
        size_t at;     /* in `text` */
        size_t source; /* in the file */
        size_t line;
    } * pieces;
    size_t piece_count;
};

struct parser {
    const char *text;
    size_t length;
    size_t position;
    size_t line; /* the one at `position`, from 1 */
    const char *folder;
    struct logical_line logical;
    struct requirements_file *file;
};

static void parser_release(struct parser *parser)
{
    strbuf_release(&parser->logical.text);
    free(parser->logical.pieces);
}

/* --- errors: the line as it is in the file, a caret under the place ------------------- */

static size_t line_end(const struct parser *parser, size_t from)
{
    size_t end = from;

    while (end < parser->length && parser->text[end] != '\n' && parser->text[end] != '\r')
        end++;
    return end;
}

/* `source` is a place in the file, on its line `line`, which begins at `begin`. */
static int refuse_source(const struct parser *parser, size_t line, size_t begin, size_t source,
    const char *wanted, struct error *err)
{
    _cleanup_(strbuf_release) struct strbuf place = STRBUF_INIT(ERROR_LENGTH_MAX);
    size_t end = line_end(parser, begin);

    caret_add(
        &place, parser->text + begin, end - begin, source < end ? source - begin : end - begin);
    return error_set(err, ERROR_USAGE, "line %zu: %s%s", line, wanted, strbuf_text(&place));
}

/* The piece that has the place `at` of the logical line; *ret_source is the place in the file. */
static const struct piece *find_piece(const struct parser *parser, size_t at, size_t *ret_source)
{
    const struct logical_line *logical = &parser->logical;
    size_t piece = 0;

    while (piece + 1 < logical->piece_count && logical->pieces[piece + 1].at <= at)
        piece++;
    const struct piece *found = &logical->pieces[piece];
    *ret_source = found->source + (at > found->at ? at - found->at : 0);
    return found;
}

/* `at` is a place in the logical line. */
static int refuse(const struct parser *parser, size_t at, const char *wanted, struct error *err)
{
    size_t source;
    const struct piece *found = find_piece(parser, at, &source);

    return refuse_source(parser, found->line, found->source, source, wanted, err);
}
#define refuse(parser, at, wanted, err) error_returned(refuse(parser, at, wanted, err))

int requirements_file_refuse(const char *text, size_t length, const struct requirements_line *line,
    const char *why, struct error *err)
{
    const struct parser parser = {.text = text, .length = length};
    size_t number = 1;
    size_t begin = utf8_mark(text, length);

    for (size_t i = 0; i < line->at && i < length; i++) {
        bool ends =
            text[i] == '\n' || (text[i] == '\r' && (i + 1 == length || text[i + 1] != '\n'));
        number += ends;
        begin = ends ? i + 1 : begin;
    }
    return refuse_source(&parser, number, begin, line->at, why, err);
}

/* --- lines: what pip's join_lines and ignore_comments do ------------------------------- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_comment(const char *text, size_t length)
{
    size_t i = 0;

    while (i < length && is_blank(text[i]))
        i++;
    return i < length && text[i] == '#';
}

static int check_characters(
    const struct parser *parser, size_t begin, size_t end, struct error *err)
{
    for (size_t i = begin; i < end; i++) {
        unsigned char c = (unsigned char)parser->text[i];
        if ((c < ' ' && c != '\t') || c == 0x7f) {
            refuse_source(
                parser, parser->line, begin, i, "there is a character that is no text", err);
            return error_hint(err, "save the file as plain text in UTF-8");
        }
    }
    return 0;
}

static void add_piece(struct parser *parser, size_t source, size_t length)
{
    struct logical_line *logical = &parser->logical;

    logical->pieces = xgrow(logical->pieces, logical->piece_count, sizeof(*logical->pieces));
    logical->pieces[logical->piece_count++] =
        (struct piece){logical->text.length, source, parser->line};
    strbuf_add(&logical->text, parser->text + source, length);
}

/* Takes one line of the file; *ret_continued: the next one belongs to it. */
static int take_physical_line(struct parser *parser, bool *ret_continued, struct error *err)
{
    size_t begin = parser->position, end = line_end(parser, begin), kept = end;
    bool comment = is_comment(parser->text + begin, end - begin);

    if (check_characters(parser, begin, end, err) < 0)
        return -1;
    *ret_continued = !comment && end > begin && parser->text[end - 1] == '\\';
    while (*ret_continued && kept > begin && parser->text[kept - 1] == '\\')
        kept--;
    /* A comment behind a continued line must stay one. */
    if (comment)
        strbuf_addc(&parser->logical.text, ' ');
    add_piece(parser, begin, kept - begin);
    if (parser->logical.text.overflowed)
        return refuse_source(parser, parser->line, begin, begin, "it is too long", err);
    parser->position = end;
    if (end < parser->length) {
        bool both =
            parser->text[end] == '\r' && end + 1 < parser->length && parser->text[end + 1] == '\n';
        parser->position += both ? 2 : 1;
    }
    parser->line++;
    return 0;
}

/* The next logical line, without its comment and the blanks at its end. */
static int take_logical_line(struct parser *parser, struct error *err)
{
    struct logical_line *logical = &parser->logical;
    bool continued = true;

    strbuf_truncate(&logical->text, 0);
    logical->piece_count = 0;
    while (continued && (parser->position < parser->length || logical->piece_count == 0))
        if (take_physical_line(parser, &continued, err) < 0)
            return -1;
    const char *text = strbuf_text(&logical->text);
    size_t length = logical->text.length;
    for (size_t i = 0; i < length; i++)
        if (text[i] == '#' && (i == 0 || is_blank(text[i - 1])))
            length = i;
    while (length > 0 && is_blank(text[length - 1]))
        length--;
    strbuf_truncate(&logical->text, length);
    return 0;
}

/* --- what a line says -------------------------------------------------------------------- */

static int add_line(struct parser *parser, enum requirements_kind kind, size_t at, char *text,
    char *path, struct error *err)
{
    struct requirements_file *file = parser->file;

    if (file->count == LINES_MAX) {
        free(text);
        free(path);
        return refuse(parser, at, "there are more lines than a file can have", err);
    }
    size_t source;
    find_piece(parser, at, &source);
    file->lines = xgrow(file->lines, file->count, sizeof(*file->lines));
    file->lines[file->count++] =
        (struct requirements_line){kind, parser->logical.pieces[0].line, source, text, path};
    return 0;
}

static void note_variables(struct parser *parser)
{
    const char *at = strbuf_text(&parser->logical.text);

    while ((at = strstr(at, "${"))) {
        at += 2;
        size_t length = strspn(at, VARIABLE_LETTERS);
        if (length == 0 || at[length] != '}')
            continue;
        _cleanup_free_ char *name = xstrndup(at, length);
        if (!strv_contains(&parser->file->variables, name))
            strv_push(&parser->file->variables, name);
    }
}

/*
 * `path` from `folder`, in one form: no "." and ".." and double slashes. NULL where it leads
 * out of the top. The caller frees it.
 */
static char *resolve_path(const char *folder, const char *path)
{
    _cleanup_(strv_release) struct strv parts = STRV_INIT;
    _cleanup_free_ char *whole = xasprintf("%s/%s", folder, path);

    if (path[0] == '/')
        return NULL;
    for (const char *at = whole; *at;) {
        size_t length = strcspn(at, "/");
        bool up = length == 2 && memcmp(at, "..", 2) == 0;
        if (up && parts.count == 0)
            return NULL;
        if (up)
            free(parts.items[--parts.count]);
        else if (length > 0 && !(length == 1 && *at == '.'))
            strv_take(&parts, xstrndup(at, length));
        at += length + (at[length] == '/');
    }
    return parts.count ? strv_join(&parts, "/") : xstrdup(".");
}

static int refuse_outside(const struct parser *parser, size_t at, struct error *err)
{
    refuse(parser, at, "this lies outside the folder of the requirements file", err);
    return error_hint(err, "copy it beside the requirements file and name it as ./NAME");
}

/* Adds a line that names a file or folder, `path`, from `folder`. */
static int add_path(struct parser *parser, enum requirements_kind kind, size_t at,
    const char *folder, const char *path, struct error *err)
{
    if (!*path)
        return refuse(parser, at, "a path was expected", err);
    if (strstr(path, "${"))
        return refuse(
            parser, at, "a path cannot hold a variable: nobody sets it in the build", err);
    char *resolved = resolve_path(folder, path);
    if (!resolved)
        return refuse_outside(parser, at, err);
    return add_line(parser, kind, at, xstrdup(path), resolved, err);
}

static bool begins_with(const char *text, const char *start)
{
    return strncasecmp(text, start, strlen(start)) == 0;
}

/* The schemes by which pip takes a requirement for a URL. */
static bool is_url(const char *text)
{
    static const char *const schemes[] = {"http:", "https:", "file:", "ftp:", "git:", "ssh:",
        "git+", "hg+", "bzr+", "svn+", "sftp:", "svn:"};

    for (size_t i = 0; i < ELEMENTS(schemes); i++)
        if (begins_with(text, schemes[i]))
            return true;
    return false;
}

/* How much of "./pkg[extra]" is the path. */
static size_t without_extras(const char *text, size_t length)
{
    const char *open = memchr(text, '[', length);

    return open && open > text && text[length - 1] == ']' ? (size_t)(open - text) : length;
}

static int add_url(struct parser *parser, size_t at, const char *text, struct error *err)
{
    if (begins_with(text, "file:"))
        return refuse_outside(parser, at, err);
    size_t blank = strcspn(text, " \t");
    if (text[blank] && text[blank + 1 + strspn(text + blank + 1, " \t")] != ';')
        return refuse(
            parser, at + blank, "a URL ends at a blank; '; ' and a marker may follow", err);
    return add_line(parser, REQUIREMENTS_URL, at, xstrdup(text), NULL, err);
}

/* A path to a package, which a marker may follow. */
static int add_package_path(struct parser *parser, size_t at, const char *text, struct error *err)
{
    size_t length = strcspn(text, ";");

    while (length > 0 && is_blank(text[length - 1]))
        length--;
    _cleanup_free_ char *path = xstrndup(text, without_extras(text, length));
    return add_path(parser, REQUIREMENTS_PATH, at, "", path, err);
}

/*
 * The variable within the word at `position`, or NULL. pip puts variables in before it reads the
 * line (req_file.py: ENV_VAR_RE), and in a build none is set.
 */
static const char *find_variable(const char *text, size_t position)
{
    size_t end = position + strcspn(text + position, " \t");

    while (position > 0 && !is_blank(text[position - 1]))
        position--;
    for (size_t i = position; i + 2 < end; i++) {
        size_t length =
            text[i] == '$' && text[i + 1] == '{' ? strspn(text + i + 2, VARIABLE_LETTERS) : 0;
        if (length > 0 && text[i + 2 + length] == '}')
            return text + i;
    }
    return NULL;
}

static int refuse_package(
    const struct parser *parser, size_t at, const struct pip_scan *scan, struct error *err)
{
    const char *variable = find_variable(scan->text, scan->position);

    if (variable) {
        refuse(parser, at + (size_t)(variable - scan->text),
            "a package cannot hold a variable: nobody sets it in the build", err);
        return error_hint(err, "write what it stands for; a URL without NAME @ may hold one");
    }
    refuse(parser, at + scan->position, scan->wanted, err);
    return error_hint(err, "write NAME, NAME==1.2, NAME>=1.2,<2 or NAME[EXTRA], one a line");
}

static int add_package(struct parser *parser, size_t at, const char *text, struct error *err)
{
    _cleanup_(strbuf_release) struct strbuf canonical = STRBUF_INIT(2 * LINE_LENGTH_MAX);
    struct pip_scan scan = {.text = text};

    if (!pip_read_requirement(&scan, &canonical))
        return refuse_package(parser, at, &scan, err);
    pip_skip_blanks(&scan);
    if (text[scan.position] && find_variable(text, scan.position))
        return refuse_package(parser, at, &scan, err);
    if (text[scan.position]) {
        refuse(parser, at + scan.position,
            "a version, an extra in '[]', or ';' and a marker was expected", err);
        return error_hint(err, "write one package a line");
    }
    const char *place = strchr(text, '@');
    if (place && begins_with(place + 1 + strspn(place + 1, " \t"), "file:"))
        return refuse_outside(parser, at + (size_t)(place - text), err);
    return add_line(parser, REQUIREMENTS_PACKAGE, at, xstrdup(text), NULL, err);
}

/* The requirement in front of a line's options: pip's parse_req_from_line. */
static int add_requirement(struct parser *parser, size_t at, const char *text, struct error *err)
{
    size_t length = strcspn(text, ";");

    if (is_url(text))
        return add_url(parser, at, text, err);
    while (length > 0 && is_blank(text[length - 1]))
        length--;
    size_t before_place = strcspn(text, "@");
    bool at_url = text[before_place] && text[0] != '.' && !memchr(text, '/', before_place);
    bool path = text[0] == '.' || memchr(text, '/', length) ||
                pip_is_archive(text, without_extras(text, length));
    if (path && !at_url)
        return add_package_path(parser, at, text, err);
    return add_package(parser, at, text, err);
}

/* --- options: optparse's ways ---------------------------------------------------------- */

struct word {
    char *text;
    size_t at; /* in the logical line */
};

/* The next word as a shell would part it (shlex); text NULL at the end. */
static int take_word(
    const struct parser *parser, size_t *position, struct word *ret, struct error *err)
{
    const char *text = strbuf_text(&parser->logical.text);
    _cleanup_(strbuf_release) struct strbuf word = STRBUF_INIT(LINE_LENGTH_MAX);
    size_t at = *position + strspn(text + *position, " \t");
    size_t begin = at;
    char quote = '\0';

    for (; text[at] && (quote || !is_blank(text[at])); at++) {
        char c = text[at];
        bool escapes =
            c == '\\' && quote != '\'' && (!quote || text[at + 1] == '"' || text[at + 1] == '\\');
        if (escapes && !text[at + 1])
            return refuse(parser, at, "nothing follows the backslash", err);
        if (escapes)
            strbuf_addc(&word, text[++at]);
        else if (quote ? c == quote : c == '\'' || c == '"')
            quote = quote ? '\0' : c;
        else
            strbuf_addc(&word, c);
    }
    if (quote)
        return refuse(parser, begin, "this quote is never closed", err);
    *position = at;
    *ret = (struct word){at > begin ? strbuf_detach(&word) : NULL, begin};
    return 0;
}

static void word_release(struct word *word)
{
    free(word->text);
}

/* By its letter, its name, or the beginning of one name only; NULL otherwise. */
static const struct option *find_option(const char *word, size_t length)
{
    const struct option *found = NULL;

    for (size_t i = 0; i < ELEMENTS(options); i++) {
        const struct option *option = &options[i];
        if (length == 2 && option->letter == word[1])
            return option;
        if (length <= 2 || strncmp(option->name, word, length) != 0)
            continue;
        if (strlen(option->name) == length)
            return option;
        if (found)
            return NULL;
        found = option;
    }
    return found;
}

static int check_hash(const struct parser *parser, size_t at, const char *value, struct error *err)
{
    static const char *const algorithms[] = {"sha256:", "sha384:", "sha512:"};

    for (size_t i = 0; i < ELEMENTS(algorithms); i++) {
        size_t length = strlen(algorithms[i]);
        if (strncmp(value, algorithms[i], length) == 0 && value[length] &&
            !value[length + strspn(value + length, "0123456789abcdefABCDEF")])
            return 0;
    }
    return refuse(parser, at, "a hash is written --hash=sha256:DIGITS (or sha384, sha512)", err);
}

static int add_editable(struct parser *parser, size_t at, const char *value, struct error *err)
{
    if (begins_with(value, "file:"))
        return refuse_outside(parser, at, err);
    if (is_url(value) && !strchr(value, '+'))
        return refuse(
            parser, at, "-e takes a folder, or version control such as git+https://HOST/REPO", err);
    if (is_url(value))
        return add_url(parser, at, value, err);
    _cleanup_free_ char *path = xstrndup(value, without_extras(value, strlen(value)));
    return add_path(parser, REQUIREMENTS_PATH, at, "", path, err);
}

/* An option of the whole file, with its value. */
static int apply_option(struct parser *parser, const struct option *option, size_t at,
    const char *value, struct error *err)
{
    static const enum requirements_kind kinds[] = {
        [ROLE_INCLUDE] = REQUIREMENTS_INCLUDE,
        [ROLE_CONSTRAINT] = REQUIREMENTS_CONSTRAINT,
        [ROLE_LINKS] = REQUIREMENTS_LINKS,
    };

    switch (option->role) {
    case ROLE_INCLUDE:
    case ROLE_CONSTRAINT:
    case ROLE_LINKS:
        if (begins_with(value, "http:") || begins_with(value, "https:") ||
            begins_with(value, "file:"))
            return add_url(parser, at, value, err);
        return add_path(parser, kinds[option->role], at, parser->folder, value, err);
    case ROLE_EDITABLE:
        return add_editable(parser, at, value, err);
    case ROLE_PLAIN:
        return add_line(parser, REQUIREMENTS_OPTION, at, xstrdup(option->name), NULL, err);
    case ROLE_REQUIREMENT:
    case ROLE_HASH:
        break;
    }
    return refuse(parser, at, "this belongs behind a package, on its line", err);
}

/* Reads the value of `option` from the rest of its word or the next one. */
static int take_value(const struct parser *parser, const struct option *option,
    const struct word *word, size_t used, size_t *position, struct word *ret, struct error *err)
{
    bool equals = word->text[1] == '-' && word->text[used] == '=';
    const char *rest = word->text + used + equals;

    if (!option->takes_value) {
        if (equals || *rest)
            return refuse(parser, word->at, "this option takes no value", err);
        *ret = (struct word){xstrdup(""), word->at};
        return 0;
    }
    if (equals || *rest) {
        *ret = (struct word){xstrdup(rest), word->at + used + equals};
        return 0;
    }
    if (take_word(parser, position, ret, err) < 0)
        return -1;
    return ret->text ? 0 : refuse(parser, word->at, "this option needs a value", err);
}

/* pip follows only the first -r, -c or -e of a line, and reads nothing beside it. */
static bool stands_alone(const struct option *option)
{
    return option->role == ROLE_INCLUDE || option->role == ROLE_CONSTRAINT ||
           option->role == ROLE_EDITABLE;
}

static bool is_for_requirement(const struct option *option)
{
    return option->role == ROLE_HASH || option->role == ROLE_REQUIREMENT;
}

static const struct option *option_of(
    const struct parser *parser, const struct word *word, size_t *ret_used, struct error *err)
{
    const struct option *option = NULL;

    if (word->text[0] == '-' && word->text[1]) {
        *ret_used = word->text[1] == '-' ? strcspn(word->text, "=") : 2;
        option = find_option(word->text, *ret_used);
    }
    if (!option) {
        refuse(parser, word->at,
            word->text[0] == '-' ? "pip knows no such option in this file"
                                 : "pip would not read this",
            err);
        error_hint(err, "write one package or option a line");
    }
    return option;
}

static int read_option(struct parser *parser, const struct word *word, bool of_requirement,
    size_t *position, const struct option **ret_option, struct error *err)
{
    _cleanup_(word_release) struct word value = {0};
    size_t used = 0;
    const struct option *option = option_of(parser, word, &used, err);

    if (!option || take_value(parser, option, word, used, position, &value, err) < 0)
        return -1;
    if (option->role == ROLE_HASH && check_hash(parser, value.at, value.text, err) < 0)
        return -1;
    if (of_requirement && !is_for_requirement(option))
        return refuse(parser, word->at, "this option needs a line of its own", err);
    *ret_option = option;
    return of_requirement ? 0 : apply_option(parser, option, value.at, value.text, err);
}

static int read_options(
    struct parser *parser, size_t position, bool of_requirement, struct error *err)
{
    const struct option *before = NULL, *option = NULL;

    for (;; before = option) {
        _cleanup_(word_release) struct word word = {0};
        if (take_word(parser, &position, &word, err) < 0)
            return -1;
        if (!word.text)
            return 0;
        if (read_option(parser, &word, of_requirement, &position, &option, err) < 0)
            return -1;
        if (before && (stands_alone(before) || stands_alone(option)))
            return refuse(parser, word.at, "pip reads nothing beside -r, -c or -e on a line", err);
    }
}

/* Where the options of a line begin: at the first word that begins with '-'. */
static size_t options_begin(const char *text)
{
    size_t at = 0;

    while (text[at] && !(text[at] == '-' && (at == 0 || text[at - 1] == ' ')))
        at++;
    return at;
}

static int read_line(struct parser *parser, struct error *err)
{
    const char *text = strbuf_text(&parser->logical.text);
    size_t blanks = strspn(text, " \t");

    note_variables(parser);
    size_t begin = blanks + options_begin(text + blanks);
    size_t end = begin;
    while (end > blanks && is_blank(text[end - 1]))
        end--;
    if (end > blanks) {
        _cleanup_free_ char *requirement = xstrndup(text + blanks, end - blanks);
        if (add_requirement(parser, blanks, requirement, err) < 0)
            return -1;
    }
    return text[begin] ? read_options(parser, begin, end > blanks, err) : 0;
}

int requirements_file_parse(const char *text, size_t length, const char *folder,
    struct requirements_file *ret, struct error *err)
{
    _cleanup_(requirements_file_release) struct requirements_file file = {0};
    _cleanup_(parser_release) struct parser parser = {
        .text = text,
        .length = length,
        .line = 1,
        .folder = folder,
        .logical = {.text = STRBUF_INIT(LINE_LENGTH_MAX)},
        .file = &file,
    };

    if (length > REQUIREMENTS_TEXT_MAX)
        return error_set(err, ERROR_USAGE, "it is larger than a requirements file can be");
    parser.position = utf8_mark(text, length);
    while (parser.position < length) {
        if (take_logical_line(&parser, err) < 0)
            return -1;
        if (parser.logical.text.length && read_line(&parser, err) < 0)
            return -1;
    }
    *ret = file;
    file = (struct requirements_file){0};
    return 0;
}

void requirements_file_release(struct requirements_file *file)
{
    for (size_t i = 0; i < file->count; i++) {
        free(file->lines[i].text);
        free(file->lines[i].path);
    }
    free(file->lines);
    strv_release(&file->variables);
    *file = (struct requirements_file){0};
}
