#include "model/requirement.h"

#include <ctype.h>

#include "base/strbuf.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/caret.h"
#include "model/pip_grammar.h"

/* Longer than any requirement, URLs included; pip itself sets no limit. */
#define REQUIREMENT_MAX 2048
/* A whole -p value. */
#define WORDS_MAX ((size_t)64 << 10)

/* How much of a text an error repeats. */
#define QUOTED_MAX 60 /* characters */
#define PLACE_MAX  ((size_t)512)

#define DIGITS        "0123456789"
#define LOWER         "abcdefghijklmnopqrstuvwxyz"
#define UPPER         "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define APT_NAME      LOWER DIGITS "+.-"
#define APT_REST      ":=/"
#define APT_VERSION   LOWER UPPER DIGITS "+.:~-*" /* apt-get takes "curl=7.*" */
#define APT_RELEASE   LOWER UPPER DIGITS "+._-"
#define PIP_SEPARATOR "-_."

/*
 * Sets the error: a sentence, the text and the caret under the place. `sort` is "a package
 * requirement".
 */
static int refuse(
    const char *text, size_t position, const char *sort, const char *wanted, struct error *err)
{
    _cleanup_(strbuf_release) struct strbuf quoted = STRBUF_INIT(PLACE_MAX);
    _cleanup_(strbuf_release) struct strbuf place = STRBUF_INIT(PLACE_MAX);
    size_t length = strlen(text);

    caret_add_text(&quoted, text, length, QUOTED_MAX);
    caret_add(&place, text, length, position);
    return error_set(err, ERROR_USAGE, "'%s' is not %s: %s%s", strbuf_text(&quoted), sort, wanted,
        strbuf_text(&place));
}

static const char no_commas[] = "put blanks between packages, not commas";
static const char a_file[] = "what a requirements.txt names is installed with -r FILE";
static const char a_package_file[] =
    "a package in a file is installed with -r: name its path, as in ./x.whl, in a requirements.txt";

/* A URL alone, which pip takes; one in its place stands behind a name and '@'. */
static bool begins_with_url(const char *text)
{
    const char *scheme = strstr(text, "://");

    return scheme && !memchr(text, '@', (size_t)(scheme - text));
}

/* True for what looks like the next package behind a comma, as in "numpy==1.26, pandas". */
static bool follows_comma(const char *text, size_t position)
{
    if (text[position] && !isalpha((unsigned char)text[position]))
        return false;
    while (position > 0 && text[position - 1] == ' ')
        position--;
    return position > 0 && text[position - 1] == ',';
}

static int refuse_pip(const struct pip_scan *scan, struct error *err)
{
    const char *at = scan->text + scan->position;

    refuse(scan->text, scan->position, "a package requirement", scan->wanted, err);
    if (*at == '-' && (scan->position == 0 || at[-1] == ' '))
        return error_hint(err, "options of pip have no place here; name packages only");
    if (begins_with_url(scan->text))
        return error_hint(err, "put the package's name in front: NAME @ URL");
    if (*at == '#')
        return error_hint(err, "%s", a_file);
    if (*at && strchr("./~", *at) && (scan->position == 0 || strchr(" \t", at[-1])))
        return error_hint(err, "%s", a_package_file);
    if ((*at == ',' && scan->position > 0 && at[-1] != ',') ||
        follows_comma(scan->text, scan->position))
        return error_hint(err, "%s", no_commas);
    return error_hint(err, "write NAME, NAME==1.2, 'NAME>=1.2,<2' or 'NAME[EXTRA]'");
}

/* "x.whl", which is a package's name as well by PEP 508: pip looks for a file. */
static int check_no_file(const struct pip_scan *scan, const char *canonical, struct error *err)
{
    size_t length = strspn(canonical, LOWER UPPER DIGITS PIP_SEPARATOR);
    const char *rest = canonical + length;

    if (*rest == '[') {
        rest += strcspn(rest, "]"); /* too long a text was cut: then there may be none */
        rest += *rest == ']';
    }
    if ((*rest && *rest != ';') || !pip_is_archive(canonical, length))
        return 0;
    refuse(scan->text, scan->position, "a package requirement", "it names a file", err);
    return error_hint(err, "%s", a_package_file);
}

/* Reads the requirement at scan->position, which cannot be a file. */
static int read_requirement(struct pip_scan *scan, struct strbuf *ret_canonical, struct error *err)
{
    struct pip_scan begin = *scan;

    if (!pip_read_requirement(scan, ret_canonical))
        return refuse_pip(scan, err);
    return check_no_file(&begin, strbuf_text(ret_canonical), err);
}

/* Fails for what is too long, or holds what no requirement can. `also` is allowed besides. */
static int check_characters(
    const char *text, size_t max, const char *also, const char *sort, struct error *err)
{
    if (strlen(text) > max)
        return refuse(text, max, sort, "it is too long", err);
    for (size_t i = 0; text[i]; i++) {
        if (strchr(also, text[i]) || (text[i] >= ' ' && text[i] <= '~'))
            continue;
        refuse(text, i, sort, "only printable ASCII can be in it", err);
        return error_hint(err, "type it by hand: a pasted dash, quote or blank may only look like "
                               "the one on the keyboard");
    }
    return 0;
}

int pip_requirement_check(const char *text, struct error *err)
{
    _cleanup_(strbuf_release) struct strbuf canonical = STRBUF_INIT(2 * REQUIREMENT_MAX);
    struct pip_scan scan = {.text = text};

    if (check_characters(text, REQUIREMENT_MAX, "\t", "a package requirement", err) < 0)
        return -1;
    pip_skip_blanks(&scan);
    if (read_requirement(&scan, &canonical, err) < 0)
        return -1;
    pip_skip_blanks(&scan);
    if (!text[scan.position])
        return 0;
    scan.wanted = "a version, an extra in '[]', or ';' and a marker was expected";
    return refuse_pip(&scan, err);
}

/* "pip install numpy", of which the first two words would be taken for packages. */
static int check_no_command(const char *text, const char *sort, struct error *err)
{
    static const char *const tools[] = {
        "pip", "pip3", "conda", "mamba", "apt", "apt-get", "aptitude", NULL};
    _cleanup_(strv_release) struct strv words = STRV_INIT;

    strv_push_words(&words, text);
    for (size_t i = 1; i < words.count; i++) {
        for (const char *const *tool = tools; *tool; tool++) {
            if (strcmp(words.items[i], "install") != 0 || strcmp(words.items[i - 1], *tool) != 0)
                continue;
            error_set(err, ERROR_USAGE, "'%s install' is a command, not %s", *tool, sort);
            return error_hint(err, "type only the names of the packages");
        }
    }
    return 0;
}

/* Reads the packages of one line. */
static int take_line(const char *text, struct strv *ret, struct error *err)
{
    struct pip_scan scan = {.text = text};

    for (pip_skip_blanks(&scan); text[scan.position]; pip_skip_blanks(&scan)) {
        _cleanup_(strbuf_release) struct strbuf canonical = STRBUF_INIT(2 * REQUIREMENT_MAX);
        if (read_requirement(&scan, &canonical, err) < 0)
            return -1;
        if (text[scan.position] && !strchr(" \t", text[scan.position])) {
            scan.wanted = "a version, an extra in '[]', or a blank and the next package "
                          "was expected";
            return refuse_pip(&scan, err);
        }
        if (canonical.overflowed || canonical.length > REQUIREMENT_MAX)
            return refuse(text, 0, "a package requirement", "it is too long", err);
        strv_take(ret, strbuf_detach(&canonical));
    }
    return 0;
}

int pip_requirements_from_words(const char *text, struct strv *ret, struct error *err)
{
    static const char sort[] = "a list of package requirements";
    _cleanup_(strv_release) struct strv found = STRV_INIT;

    if (check_characters(text, WORDS_MAX, "\t\r\n", sort, err) < 0 ||
        check_no_command(text, sort, err) < 0)
        return -1;
    for (const char *at = text; *(at += strspn(at, "\r\n")); at += strcspn(at, "\r\n")) {
        _cleanup_free_ char *line = xstrndup(at, strcspn(at, "\r\n"));
        if (take_line(line, &found, err) < 0)
            return -1;
    }
    for (size_t i = 0; i < found.count; i++)
        strv_push(ret, found.items[i]);
    return 0;
}

char *pip_requirement_name(const char *text)
{
    _cleanup_(strbuf_release) struct strbuf name = STRBUF_INIT(REQUIREMENT_MAX);

    text += strspn(text, " \t");
    size_t end = strspn(text, LOWER UPPER DIGITS PIP_SEPARATOR);
    for (size_t i = 0; i < end; i++) {
        if (!strchr(PIP_SEPARATOR, text[i]))
            strbuf_addc(&name, (char)tolower((unsigned char)text[i]));
        else if (i == 0 || !strchr(PIP_SEPARATOR, text[i - 1]))
            strbuf_addc(&name, '-');
    }
    return strbuf_detach(&name);
}

static int refuse_apt(const char *text, size_t position, const char *wanted, struct error *err)
{
    refuse(text, position, "a Debian package", wanted, err);
    if (text[position] == ',')
        return error_hint(err, "%s", no_commas);
    return error_hint(err, "write NAME, NAME=VERSION or NAME/RELEASE, like git or libgl1");
}

/* What may follow the name: ":arch", then "=version" or "/release". */
static int check_apt_rest(const char *text, size_t position, struct error *err)
{
    if (text[position] == ':') {
        size_t arch = strspn(text + position + 1, LOWER DIGITS "-");
        position += 1 + arch;
        if (arch == 0)
            return refuse_apt(text, position, "an architecture was expected after ':'", err);
    }
    if (text[position] == '=') {
        size_t version = strspn(text + position + 1, APT_VERSION);
        position += 1 + version;
        if (version == 0)
            return refuse_apt(text, position, "a version was expected after '='", err);
    } else if (text[position] == '/') {
        size_t release = strspn(text + position + 1, APT_RELEASE);
        position += 1 + release;
        if (release == 0)
            return refuse_apt(text, position, "a release was expected after '/'", err);
    }
    if (text[position])
        return refuse_apt(text, position, "this cannot be in a package's name", err);
    return 0;
}

int apt_package_check(const char *text, struct error *err)
{
    size_t length = strspn(text, APT_NAME);

    if (check_characters(text, REQUIREMENT_MAX, "\t", "a Debian package", err) < 0)
        return -1;
    /* To apt-get it is one where a '/' is in it; without, no package has such a name. */
    if (text_ends(text, strlen(text), ".deb")) {
        refuse(text, 0, "a Debian package", "it names a file", err);
        return error_hint(err, "install a file of your own with a step in the Dockerfile, COPY and "
                               "RUN apt-get install ./x.deb: image-update --edit");
    }
    if (length == 0 || strchr("+.-", text[0]))
        return refuse_apt(text, 0, "a name begins with a lower-case letter or a digit", err);
    if (text[length] && !strchr(APT_REST, text[length]))
        return refuse_apt(text, length, "this cannot be in a package's name", err);
    if (length == 1)
        return refuse_apt(text, 1, "a name has at least two characters", err);
    /* To apt-get, "git-" means: remove git. */
    if (text[length - 1] == '-')
        return refuse_apt(text, length - 1, "a name does not end in '-'", err);
    return check_apt_rest(text, length, err);
}

int apt_packages_from_words(const char *text, struct strv *ret, struct error *err)
{
    static const char sort[] = "a list of Debian packages";
    _cleanup_(strv_release) struct strv words = STRV_INIT;

    if (check_characters(text, WORDS_MAX, "\t\r\n", sort, err) < 0 ||
        check_no_command(text, sort, err) < 0)
        return -1;
    strv_push_words(&words, text);
    for (size_t i = 0; i < words.count; i++)
        if (apt_package_check(words.items[i], err) < 0)
            return -1;
    for (size_t i = 0; i < words.count; i++)
        strv_push(ret, words.items[i]);
    return 0;
}

/* "ray [tune, serve] ==2" in its parts: extras are what stands in the brackets. */
struct parts {
    size_t name_length;
    const char *extras;
    size_t extras_length;
    const char *rest;
};

static struct parts part(const char *requirement)
{
    size_t name = strcspn(requirement, "[<>=!~;@( \t");
    const char *at = requirement + name;
    const char *bracket = at + strspn(at, " \t");
    const char *end = *bracket == '[' ? strchr(bracket, ']') : NULL;

    if (!end)
        return (struct parts){name, at, 0, at};
    return (struct parts){name, bracket + 1, (size_t)(end - bracket) - 1, end + 1};
}

static void add_extras(struct strv *extras, const struct parts *parts)
{
    _cleanup_free_ char *text = xstrndup(parts->extras, parts->extras_length);

    for (char *rest = text, *extra; (extra = strtok_r(rest, ", \t", &rest));)
        strv_push_once(extras, extra);
}

char *pip_requirement_add_extras(const char *there, const char *asked)
{
    _cleanup_(strv_release) struct strv extras = STRV_INIT;
    struct parts known = part(there), wanted = part(asked);

    if (wanted.extras_length == 0 || *wanted.rest)
        return NULL;
    add_extras(&extras, &known);
    size_t count = extras.count;
    add_extras(&extras, &wanted);
    if (extras.count == count)
        return xstrdup(there);
    _cleanup_free_ char *joined = strv_join(&extras, ",");
    return xasprintf("%.*s[%s]%s", (int)known.name_length, there, joined, known.rest);
}
