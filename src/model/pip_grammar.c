#include "model/pip_grammar.h"

#include <ctype.h>
#include <strings.h>

/* Parentheses within parentheses in a marker; more is no marker that anyone means. */
#define MARKER_DEPTH_MAX 16

#define DIGITS       "0123456789"
#define LETTERS      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define ALPHANUMERIC LETTERS DIGITS

static const char *here(const struct pip_scan *scan)
{
    return scan->text + scan->position;
}

static bool fail(struct pip_scan *scan, const char *wanted)
{
    scan->wanted = wanted;
    return false;
}

static bool accept(struct pip_scan *scan, const char *token)
{
    size_t length = strlen(token);

    if (strncmp(here(scan), token, length) != 0)
        return false;
    scan->position += length;
    return true;
}

/* The same whatever the case; `token` is lower case. */
static bool accept_folded(struct pip_scan *scan, const char *token)
{
    size_t length = strlen(token);

    if (strncasecmp(here(scan), token, length) != 0)
        return false;
    scan->position += length;
    return true;
}

/* Reads characters of `set`; how many. */
static size_t accept_span(struct pip_scan *scan, const char *set)
{
    size_t length = strspn(here(scan), set);

    scan->position += length;
    return length;
}

/* Reads `token` where it is a word of its own. */
static bool accept_word(struct pip_scan *scan, const char *token)
{
    size_t start = scan->position;

    if (!accept(scan, token))
        return false;
    if (*here(scan) && strchr(ALPHANUMERIC "_", *here(scan))) {
        scan->position = start;
        return false;
    }
    return true;
}

void pip_skip_blanks(struct pip_scan *scan)
{
    accept_span(scan, " \t");
}

/* Moves past blanks when one of `set` follows them, else stays; true when it follows. */
static bool skip_blanks_before(struct pip_scan *scan, const char *set)
{
    size_t start = scan->position;

    pip_skip_blanks(scan);
    if (*here(scan) && strchr(set, *here(scan)))
        return true;
    scan->position = start;
    return false;
}

/* The name of a package or an extra: letters, digits and "._-" within. */
static bool read_name(struct pip_scan *scan, const char *wanted, struct strbuf *out)
{
    const char *start = here(scan);
    size_t length = strspn(start, ALPHANUMERIC "._-");

    if (length == 0 || strchr("._-", start[0]))
        return fail(scan, wanted);
    scan->position += length;
    if (strchr("._-", start[length - 1])) {
        scan->position--;
        return fail(scan, "a name ends in a letter or a digit");
    }
    strbuf_add(out, start, length);
    return true;
}

static bool read_extras(struct pip_scan *scan, struct strbuf *out)
{
    if (!accept(scan, "["))
        return true;
    strbuf_addc(out, '[');
    pip_skip_blanks(scan);
    bool more = *here(scan) != ']';
    while (more) {
        if (!read_name(scan, "the name of an extra was expected", out))
            return false;
        pip_skip_blanks(scan);
        more = accept(scan, ",");
        if (more) {
            strbuf_addc(out, ',');
            pip_skip_blanks(scan);
        }
    }
    if (!accept(scan, "]"))
        return fail(scan, "',' or ']' was expected");
    strbuf_addc(out, ']');
    return true;
}

/* [-_.]? one of `words` [-_.]? digits?; false, and nothing read, where none is there. */
static bool accept_release_part(struct pip_scan *scan, const char *const words[], size_t count)
{
    size_t start = scan->position;

    if (*here(scan) && strchr("-_.", *here(scan)))
        scan->position++;
    for (size_t i = 0; i < count; i++) {
        if (!accept_folded(scan, words[i]))
            continue;
        size_t end = scan->position;
        if (*here(scan) && strchr("-_.", *here(scan)))
            scan->position++;
        if (accept_span(scan, DIGITS) == 0)
            scan->position = end;
        return true;
    }
    scan->position = start;
    return false;
}

/* Pre-, post- and development release, each where it is there. */
static void accept_suffixes(struct pip_scan *scan)
{
    static const char *const pre[] = {"alpha", "beta", "preview", "pre", "a", "b", "c", "rc"};
    static const char *const post[] = {"post", "rev", "r"};
    static const char *const dev[] = {"dev"};

    accept_release_part(scan, pre, ELEMENTS(pre));
    if (*here(scan) == '-' && isdigit((unsigned char)here(scan)[1])) {
        scan->position++;
        accept_span(scan, DIGITS);
    } else {
        accept_release_part(scan, post, ELEMENTS(post));
    }
    accept_release_part(scan, dev, ELEMENTS(dev));
}

/* Local version label: '+' and words parted by [-_.]. */
static bool read_local(struct pip_scan *scan)
{
    do {
        scan->position++;
        if (accept_span(scan, ALPHANUMERIC) == 0)
            return fail(scan, "a letter or digit was expected");
    } while (*here(scan) && strchr("-_.", *here(scan)));
    return true;
}

/* Epoch and the numbers between dots; *ret_numbers is how many of those there are. */
static bool read_release(struct pip_scan *scan, unsigned *ret_numbers)
{
    unsigned numbers = 1;

    accept_folded(scan, "v");
    if (accept_span(scan, DIGITS) == 0)
        return fail(scan, "a version was expected");
    if (accept(scan, "!") && accept_span(scan, DIGITS) == 0)
        return fail(scan, "a version was expected");
    while (*here(scan) == '.' && isdigit((unsigned char)here(scan)[1])) {
        scan->position++;
        accept_span(scan, DIGITS);
        numbers++;
    }
    *ret_numbers = numbers;
    return true;
}

/* A version as PEP 440 allows it behind `operator`. */
static bool read_version(struct pip_scan *scan, const char *operator)
{
    bool exact = strcmp(operator, "==") == 0 || strcmp(operator, "!=") == 0;
    unsigned numbers = 0;

    if (strcmp(operator, "===") == 0)
        return accept_span(scan, ALPHANUMERIC "._+!*-") > 0 || fail(scan, "a version was expected");
    if (!read_release(scan, &numbers))
        return false;
    if (strcmp(operator, "~=") == 0 && numbers < 2)
        return fail(scan, "'~=' takes at least two numbers, like ~=2.1");
    if (strncmp(here(scan), ".*", 2) == 0) {
        if (!exact)
            return fail(scan, "'.*' goes only with '==' and '!='");
        scan->position += 2;
        return true;
    }
    accept_suffixes(scan);
    if (*here(scan) != '+')
        return true;
    return exact ? read_local(scan) : fail(scan, "'+' goes only with '==' and '!='");
}

static const char *accept_operator(struct pip_scan *scan)
{
    static const char *const operators[] = {"===", "==", "~=", "!=", "<=", ">=", "<", ">"};

    for (size_t i = 0; i < ELEMENTS(operators); i++)
        if (accept(scan, operators[i]))
            return operators[i];
    return NULL;
}

static bool read_specifier(struct pip_scan *scan, struct strbuf *out)
{
    const char *operator= accept_operator(scan);

    if (!operator)
        return fail(scan, "a comparison such as '==' or '>=' was expected");
    pip_skip_blanks(scan);
    size_t start = scan->position;
    if (!read_version(scan, operator))
        return false;
    strbuf_adds(out, operator);
    strbuf_add(out, scan->text + start, scan->position - start);
    return true;
}

/* Specifiers parted by commas, in parentheses or not; perhaps none. */
static bool read_specifiers(struct pip_scan *scan, struct strbuf *out)
{
    if (!skip_blanks_before(scan, "(<>=!~"))
        return true;
    bool enclosed = accept(scan, "(");
    do {
        pip_skip_blanks(scan);
        if (!read_specifier(scan, out))
            return false;
        if (skip_blanks_before(scan, ","))
            strbuf_addc(out, ',');
    } while (accept(scan, ","));
    if (!enclosed)
        return true;
    pip_skip_blanks(scan);
    return accept(scan, ")") || fail(scan, "')' was expected");
}

/* What follows '@': a scheme and characters that a URL may hold (RFC 3986), no quotes. */
static bool read_url(struct pip_scan *scan, struct strbuf *out)
{
    const char *start = here(scan);
    size_t scheme = strspn(start, ALPHANUMERIC "+.-");
    size_t length = strspn(start, ALPHANUMERIC "-._~:/?#[]@!$&()*+,;=%");

    if (scheme == 0 || !strchr(LETTERS, start[0]) || strncmp(start + scheme, "://", 3) != 0 ||
        length == scheme + 3)
        return fail(scan, "a URL was expected after '@'");
    scan->position += length;
    if (*here(scan) && !strchr(" \t", *here(scan)))
        return fail(scan, "this cannot be in a URL");
    strbuf_add(out, start, length);
    return true;
}

static bool accept_marker_variable(struct pip_scan *scan)
{
    static const char *const variables[] = {"python_version", "python_full_version", "os_name",
        "os.name", "sys_platform", "sys.platform", "platform_release", "platform_system",
        "platform_version", "platform.version", "platform_machine", "platform.machine",
        "platform_python_implementation", "platform.python_implementation", "python_implementation",
        "implementation_name", "implementation_version", "extra", "extras", "dependency_groups"};

    for (size_t i = 0; i < ELEMENTS(variables); i++)
        if (accept_word(scan, variables[i]))
            return true;
    return false;
}

/* A variable, or a quoted word of printable ASCII without what quotes mean something to. */
static bool read_marker_value(struct pip_scan *scan)
{
    char quote = *here(scan);

    if (quote != '\'' && quote != '"')
        return accept_marker_variable(scan) ||
               fail(scan,
                   "a marker variable such as python_version, or a quoted word, was expected");
    size_t start = scan->position++;
    while (*here(scan) != quote) {
        char c = *here(scan);
        if (!c) {
            scan->position = start;
            return fail(scan, "this quote is never closed");
        }
        if (c < ' ' || c > '~' || strchr("\\`$", c))
            return fail(scan, "this cannot be in a quoted word");
        scan->position++;
    }
    scan->position++;
    return true;
}

static bool read_marker_operator(struct pip_scan *scan)
{
    if (accept_operator(scan) || accept_word(scan, "in"))
        return true;
    if (!accept_word(scan, "not"))
        return fail(scan, "a comparison such as '==', '<' or 'in' was expected");
    pip_skip_blanks(scan);
    return accept_word(scan, "in") || fail(scan, "'in' was expected after 'not'");
}

static bool read_marker(struct pip_scan *scan, unsigned depth);

/* A comparison, or a whole marker in parentheses. */
static bool read_marker_term(struct pip_scan *scan, unsigned depth)
{
    pip_skip_blanks(scan);
    if (accept(scan, "(")) {
        if (depth >= MARKER_DEPTH_MAX)
            return fail(scan, "there are too many parentheses");
        if (!read_marker(scan, depth + 1))
            return false;
        return accept(scan, ")") || fail(scan, "'and', 'or' or ')' was expected");
    }
    if (!read_marker_value(scan))
        return false;
    pip_skip_blanks(scan);
    if (!read_marker_operator(scan))
        return false;
    pip_skip_blanks(scan);
    return read_marker_value(scan);
}

/* Terms with "and" or "or" between them, and the blanks behind. */
static bool read_marker(struct pip_scan *scan, unsigned depth)
{
    do {
        if (!read_marker_term(scan, depth))
            return false;
        pip_skip_blanks(scan);
    } while (accept_word(scan, "and") || accept_word(scan, "or"));
    return true;
}

/* The marker behind ';', up to the end of the text. */
static bool read_whole_marker(struct pip_scan *scan, struct strbuf *out)
{
    pip_skip_blanks(scan);
    size_t start = scan->position;

    if (!read_marker(scan, 0)) {
        /* Where not even its first word was one, say what was looked for. */
        if (scan->position == start && *here(scan) != '\'' && *here(scan) != '"')
            scan->wanted = "a marker was expected after ';'";
        return false;
    }
    if (*here(scan))
        return fail(scan, "'and', 'or' or the end was expected");
    size_t length = scan->position - start;
    while (length > 0 && strchr(" \t", scan->text[start + length - 1]))
        length--;
    strbuf_adds(out, "; ");
    strbuf_add(out, scan->text + start, length);
    return true;
}

bool pip_is_archive(const char *text, size_t length)
{
    static const char *const endings[] = {".whl", ".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2",
        ".tbz", ".tar.xz", ".txz", ".tlz", ".tar.lz", ".tar.lzma"};

    for (size_t i = 0; i < ELEMENTS(endings); i++) {
        size_t ending = strlen(endings[i]);
        if (length > ending && strncasecmp(text + length - ending, endings[i], ending) == 0)
            return true;
    }
    return false;
}

bool pip_read_requirement(struct pip_scan *scan, struct strbuf *ret_canonical)
{
    if (!read_name(scan, "a package name was expected", ret_canonical))
        return false;
    if (skip_blanks_before(scan, "[") && !read_extras(scan, ret_canonical))
        return false;
    if (skip_blanks_before(scan, "@")) {
        scan->position++;
        strbuf_adds(ret_canonical, " @ ");
        pip_skip_blanks(scan);
        if (!read_url(scan, ret_canonical))
            return false;
        if (skip_blanks_before(scan, ";"))
            strbuf_addc(ret_canonical, ' '); /* or the ';' would be taken for the URL's */
    } else if (!read_specifiers(scan, ret_canonical)) {
        return false;
    }
    if (!skip_blanks_before(scan, ";"))
        return true;
    scan->position++;
    return read_whole_marker(scan, ret_canonical);
}
