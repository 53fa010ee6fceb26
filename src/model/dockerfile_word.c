#include "model/dockerfile_word.h"

#include <ctype.h>

#include "base/xalloc.h"

/* `${a:-${b:-…}}`: deeper than anyone writes, and shallow enough for the stack. */
#define NESTING_MAX 32
/* What one '$' stands for; a value that doubles itself ends here. */
#define EXPANDED_MAX ((size_t)64 << 10)

size_t dockerfile_space(const char *text, const char *end)
{
    /* U+0085, U+00A0, U+1680, U+2000-U+200A, U+2028, U+2029, U+202F, U+205F, U+3000 */
    static const char *const wide[] = {"\xc2\x85", "\xc2\xa0", "\xe1\x9a\x80", "\xe2\x80\x80",
        "\xe2\x80\x81", "\xe2\x80\x82", "\xe2\x80\x83", "\xe2\x80\x84", "\xe2\x80\x85",
        "\xe2\x80\x86", "\xe2\x80\x87", "\xe2\x80\x88", "\xe2\x80\x89", "\xe2\x80\x8a",
        "\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80"};

    if (text >= end)
        return 0;
    if ((unsigned char)*text < 0x80)
        return *text == ' ' || (*text >= '\t' && *text <= '\r');
    for (size_t i = 0; i < ELEMENTS(wide); i++) {
        size_t length = strlen(wide[i]);
        if ((size_t)(end - text) >= length && memcmp(text, wide[i], length) == 0)
            return length;
    }
    return 0;
}

const char *dockerfile_skip_space(const char *text, const char *end)
{
    for (size_t width = dockerfile_space(text, end); width > 0; width = dockerfile_space(text, end))
        text += width;
    return text;
}

const char *dockerfile_trim_space(const char *text, const char *end)
{
    while (end > text) {
        const char *last = end - 1;
        while (last > text && end - last < 3 && ((unsigned char)*last & 0xc0) == 0x80)
            last--;
        if (dockerfile_space(last, end) != (size_t)(end - last))
            break;
        end = last;
    }
    return end;
}

struct lexer {
    struct dockerfile_words *options;
    const char *at;
    const char *end;
    unsigned depth;
};

/* What is read goes two ways: on as it is, and into words. */
struct collector {
    struct strbuf *text;
    struct strv *words; /* or NULL */
    struct strbuf word;
};

static bool problem(struct lexer *lexer, const char *format, ...) _printf_(2, 3);

static bool problem(struct lexer *lexer, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(lexer->options->problem, sizeof(lexer->options->problem), format, args);
    va_end(args);
    return false;
}

static void end_word(struct collector *out)
{
    if (out->words && out->word.length > 0)
        strv_push(out->words, out->word.text);
    strbuf_truncate(&out->word, 0);
}

/* Adds text that belongs to the word whatever it is. */
static void add_raw(struct collector *out, const char *text, size_t length)
{
    strbuf_add(out->text, text, length);
    strbuf_add(&out->word, text, length);
}

/* Adds text that falls into words at its white space. */
static void add_split(struct collector *out, const char *text, size_t length)
{
    const char *end = text + length;

    strbuf_add(out->text, text, length);
    while (text < end) {
        size_t width = dockerfile_space(text, end);
        if (width > 0)
            end_word(out);
        else
            strbuf_addc(&out->word, *text);
        text += width ? width : 1;
    }
}

static bool read_single_quoted(struct lexer *lexer, struct collector *out)
{
    const char *close = memchr(lexer->at + 1, '\'', (size_t)(lexer->end - lexer->at - 1));
    size_t quote = lexer->options->raw ? 1 : 0;

    if (!close)
        return problem(lexer, "a single quote is never closed");
    add_raw(out, lexer->at + 1 - quote, (size_t)(close - lexer->at) - 1 + 2 * quote);
    lexer->at = close + 1;
    return true;
}

static bool read_dollar(struct lexer *lexer, struct strbuf *ret_value);

/* What stands for a '$' and what belongs to it, within its bound. */
static bool read_value(struct lexer *lexer, struct strbuf *ret_value)
{
    if (!read_dollar(lexer, ret_value))
        return false;
    return !ret_value->overflowed || problem(lexer, "the value of a variable is too long");
}

/* One escaped character within double quotes: only '"', '$' and the escape can be. */
static void read_quoted_escape(struct lexer *lexer, struct collector *out)
{
    char escape = lexer->options->escape;
    char next = lexer->at + 1 < lexer->end ? lexer->at[1] : '\0';
    bool special = next && (next == '"' || next == '$' || next == escape);

    if (lexer->options->raw || (next && !special))
        add_raw(out, lexer->at, 1);
    if (special)
        add_raw(out, lexer->at + 1, 1);
    lexer->at += special ? 2 : 1;
}

static bool read_double_quoted(struct lexer *lexer, struct collector *out)
{
    if (lexer->options->raw)
        add_raw(out, "\"", 1);
    for (lexer->at++; lexer->at < lexer->end && *lexer->at != '"';) {
        if (*lexer->at == '$') {
            _cleanup_(strbuf_release) struct strbuf value = STRBUF_INIT(EXPANDED_MAX);
            if (!read_value(lexer, &value))
                return false;
            add_raw(out, strbuf_text(&value), value.length);
        } else if (*lexer->at == lexer->options->escape) {
            read_quoted_escape(lexer, out);
        } else {
            add_raw(out, lexer->at++, 1);
        }
    }
    if (lexer->at >= lexer->end)
        return problem(lexer, "a double quote is never closed");
    lexer->at++;
    if (lexer->options->raw)
        add_raw(out, "\"", 1);
    return true;
}

/* An escaped character outside quotes belongs to the word whatever it is. */
static void read_escape(struct lexer *lexer, struct collector *out)
{
    if (lexer->options->raw)
        add_raw(out, lexer->at, 1);
    lexer->at++;
    if (lexer->at < lexer->end)
        add_raw(out, lexer->at++, 1);
}

/* Reads up to `stop` and over it, or up to the end where stop is '\0'. */
static bool read_until(struct lexer *lexer, char stop, struct collector *out)
{
    while (lexer->at < lexer->end) {
        char c = *lexer->at;
        if (stop && c == stop) {
            lexer->at++;
            return true;
        }
        bool fine = true;
        if (c == '\'') {
            fine = read_single_quoted(lexer, out);
        } else if (c == '"') {
            fine = read_double_quoted(lexer, out);
        } else if (c == '$') {
            _cleanup_(strbuf_release) struct strbuf value = STRBUF_INIT(EXPANDED_MAX);
            fine = read_value(lexer, &value);
            add_split(out, strbuf_text(&value), value.length);
        } else if (c == lexer->options->escape) {
            read_escape(lexer, out);
        } else {
            size_t width = dockerfile_space(lexer->at, lexer->end);
            add_split(out, lexer->at, width ? width : 1);
            lexer->at += width ? width : 1;
        }
        if (!fine)
            return false;
    }
    return !stop || problem(lexer, "'${' is never closed");
}

/* A variable's name: letters, digits and '_', or a number, or one special character. */
static char *read_variable_name(struct lexer *lexer)
{
    const char *start = lexer->at;

    if (lexer->at < lexer->end && isdigit((unsigned char)*lexer->at)) {
        while (lexer->at < lexer->end && isdigit((unsigned char)*lexer->at))
            lexer->at++;
    } else if (lexer->at < lexer->end && strchr("@*#?-$!", *lexer->at)) {
        lexer->at++;
    } else {
        while (lexer->at < lexer->end && (isalnum((unsigned char)*lexer->at) || *lexer->at == '_'))
            lexer->at++;
    }
    return xstrndup(start, (size_t)(lexer->at - start));
}

/* The word of "${name:-word}", expanded itself. */
static bool read_alternative(struct lexer *lexer, struct strbuf *ret_word)
{
    struct collector inner = {.text = ret_word, .word = STRBUF_INIT(EXPANDED_MAX)};

    if (lexer->depth >= NESTING_MAX)
        return problem(lexer, "'${' is nested too deeply");
    lexer->depth++;
    bool fine = read_until(lexer, '}', &inner);
    lexer->depth--;
    strbuf_release(&inner.word);
    return fine;
}

static bool unset(struct lexer *lexer, const char *name)
{
    return problem(lexer, "the variable '%.60s' has no value", name);
}

/* Behind the modifier of "${name:-word}": `modifier` is one of "-+?". */
static bool expand_modified(struct lexer *lexer, const char *name, bool empty_is_unset,
    char modifier, struct strbuf *ret_value)
{
    _cleanup_(strbuf_release) struct strbuf word = STRBUF_INIT(EXPANDED_MAX);

    if (!read_alternative(lexer, &word))
        return false;
    if (!lexer->options->variables) {
        strbuf_addf(ret_value, "${%s%s%c%s}", name, empty_is_unset ? ":" : "", modifier,
            strbuf_text(&word));
        return true;
    }
    const char *value = strmap_get(lexer->options->variables, name);
    bool is_set = value && (*value || !empty_is_unset);
    if (modifier == '?' && !is_set)
        return unset(lexer, name);
    if (modifier == '+')
        value = is_set ? strbuf_text(&word) : "";
    else if (!is_set)
        value = strbuf_text(&word);
    strbuf_adds(ret_value, value);
    return true;
}

/* "${name#pattern}" and its like: read past, kept as text, never computed. */
static bool keep_pattern(
    struct lexer *lexer, const char *name, char modifier, struct strbuf *ret_value)
{
    _cleanup_(strbuf_release) struct strbuf word = STRBUF_INIT(EXPANDED_MAX);

    if (!read_alternative(lexer, &word))
        return false;
    if (lexer->options->variables)
        return problem(lexer, "'${%.60s%c…}' cannot be computed by ds01", name, modifier);
    strbuf_addf(ret_value, "${%s%c%s}", name, modifier, strbuf_text(&word));
    return true;
}

static bool read_braced(struct lexer *lexer, struct strbuf *ret_value)
{
    if (lexer->at >= lexer->end)
        return problem(lexer, "'${' is never closed");
    if (strchr("{}:", *lexer->at))
        return problem(lexer, "'${' has no name");
    _cleanup_free_ char *name = read_variable_name(lexer);
    char next = lexer->at < lexer->end ? *lexer->at++ : '\0';

    if (next == '}') {
        const struct strmap *variables = lexer->options->variables;
        const char *value = variables ? strmap_get(variables, name) : NULL;
        if (variables && !value)
            return unset(lexer, name);
        if (value)
            strbuf_adds(ret_value, value);
        else
            strbuf_addf(ret_value, "${%s}", name);
        return true;
    }
    bool colon = next == ':';
    if (colon)
        next = lexer->at < lexer->end ? *lexer->at++ : '\0';
    if (next && strchr("-+?", next))
        return expand_modified(lexer, name, colon, next, ret_value);
    if (next && strchr("#%/", next) && !colon)
        return keep_pattern(lexer, name, next, ret_value);
    return problem(lexer, "'${%.60s' is followed by what is no expansion", name);
}

static bool read_dollar(struct lexer *lexer, struct strbuf *ret_value)
{
    lexer->at++;
    if (lexer->at < lexer->end && *lexer->at == '{') {
        lexer->at++;
        return read_braced(lexer, ret_value);
    }
    _cleanup_free_ char *name = read_variable_name(lexer);
    const struct strmap *variables = lexer->options->variables;
    const char *value = variables && *name ? strmap_get(variables, name) : NULL;
    if (variables && *name && !value)
        return unset(lexer, name);
    if (value)
        strbuf_adds(ret_value, value);
    else
        strbuf_addf(ret_value, "$%s", name);
    return true;
}

bool dockerfile_read_words(struct dockerfile_words *options, const char *text,
    struct strbuf *ret_text, struct strv *ret_words)
{
    _cleanup_(strbuf_release) struct strbuf expanded = STRBUF_INIT(STRBUF_TEXT_MAX);
    struct lexer lexer = {.options = options, .at = text, .end = text + strlen(text)};
    struct collector out = {
        .text = &expanded, .words = ret_words, .word = STRBUF_INIT(STRBUF_TEXT_MAX)};

    bool fine = read_until(&lexer, '\0', &out);
    if (fine)
        end_word(&out);
    strbuf_release(&out.word);
    if (fine && ret_text)
        strbuf_add(ret_text, strbuf_text(&expanded), expanded.length);
    return fine;
}

/*
 * Copies the word at `*at`, up to white space outside quotes. Quotes, and escapes but
 * in single quotes, are kept or dropped as `keep` says.
 */
static char *copy_word(const char **at, const char *end, char escape, bool keep)
{
    _cleanup_(strbuf_release) struct strbuf word = STRBUF_INIT(STRBUF_TEXT_MAX);
    const char *c = *at;
    char quote = '\0';

    while (c < end && (quote || dockerfile_space(c, end) == 0)) {
        if (*c == escape && (quote != '\'' || !keep)) {
            if (keep && c + 1 < end)
                strbuf_addc(&word, *c);
            if (++c < end)
                strbuf_addc(&word, *c++);
            continue;
        }
        bool is_quote = quote ? *c == quote : *c == '\'' || *c == '"';
        if (is_quote)
            quote = quote ? '\0' : *c;
        if (!is_quote || keep)
            strbuf_addc(&word, *c);
        c++;
    }
    *at = c;
    return strbuf_detach(&word);
}

void dockerfile_split_quoted(const char *text, char escape, struct strv *ret_words)
{
    const char *end = text + strlen(text);

    for (text = dockerfile_skip_space(text, end); text < end;
         text = dockerfile_skip_space(text, end)) {
        _cleanup_free_ char *word = copy_word(&text, end, escape, true);
        if (*word)
            strv_take(ret_words, TAKE_PTR(word));
    }
}

const char *dockerfile_split_flags(const char *arguments, char escape, struct strv *ret_flags)
{
    const char *end = arguments + strlen(arguments);

    for (;;) {
        arguments = dockerfile_skip_space(arguments, end);
        if (strncmp(arguments, "--", 2) != 0)
            return arguments;
        _cleanup_free_ char *flag = copy_word(&arguments, end, escape, false);
        if (strcmp(flag, "--") == 0)
            return dockerfile_skip_space(arguments, end);
        if (ret_flags)
            strv_take(ret_flags, TAKE_PTR(flag));
    }
}

bool dockerfile_split_from(const char *arguments, char escape, struct strv *ret_words)
{
    /* Go's `[\t\v\f\r ]+`, at which BuildKit parts these words. */
    static const char blanks[] = "\t\v\f\r ";
    const char *rest = dockerfile_split_flags(arguments, escape, NULL);

    for (rest += strspn(rest, blanks); *rest; rest += strspn(rest, blanks)) {
        size_t length = strcspn(rest, blanks);
        strv_take(ret_words, xstrndup(rest, length));
        rest += length;
    }
    return ret_words->count == 1 ||
           (ret_words->count == 3 && strcasecmp(ret_words->items[1], "AS") == 0);
}
