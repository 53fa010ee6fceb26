#include "model/shell.h"

#include <ctype.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "base/xalloc.h"

/* "$( "$( … )" )": deeper than anyone writes, and shallow enough for the stack. */
#define NESTING_MAX 32

struct lexer {
    const char *text;
    size_t length;
    size_t at;
    unsigned nesting;
    struct shell_script *out;
    /* The command that is being read. */
    struct shell_command command;
    unsigned depth;
    bool closed; /* a group ended, and nothing stands behind it yet */
};

/* The byte `ahead` of where the lexer stands; '\0' behind the end. */
static char peek(const struct lexer *lexer, size_t ahead)
{
    return lexer->at + ahead < lexer->length ? lexer->text[lexer->at + ahead] : '\0';
}

static bool ends(const struct lexer *lexer)
{
    return lexer->at >= lexer->length;
}

static bool is_blank(char c)
{
    return c && strchr(" \t\r\v\f", c);
}

static void skip_blanks(struct lexer *lexer)
{
    for (;;) {
        if (is_blank(peek(lexer, 0)))
            lexer->at++;
        else if (peek(lexer, 0) == '\\' && peek(lexer, 1) == '\n')
            lexer->at += 2;
        else
            return;
    }
}

static bool skip_bracket(struct lexer *lexer, char close);

/* Behind '\'', up to behind the next one. */
static bool skip_single_quoted(struct lexer *lexer)
{
    const char *from = lexer->text + lexer->at;
    const char *close = memchr(from, '\'', lexer->length - lexer->at);

    if (!close)
        return false;
    lexer->at = (size_t)(close - lexer->text) + 1;
    return true;
}

static bool skip_backquoted(struct lexer *lexer)
{
    for (; !ends(lexer); lexer->at++) {
        if (peek(lexer, 0) == '`') {
            lexer->at++;
            return true;
        }
        if (peek(lexer, 0) == '\\')
            lexer->at++;
    }
    return false;
}

/* At '$' or '`': moves behind the expansion. A '$' that begins none is passed alone. */
static bool skip_expansion(struct lexer *lexer, bool *ret_is_one)
{
    char next = peek(lexer, 1);

    *ret_is_one = true;
    if (peek(lexer, 0) == '`') {
        lexer->at++;
        return skip_backquoted(lexer);
    }
    lexer->at++;
    if (next == '(' || next == '{') {
        lexer->at++;
        return skip_bracket(lexer, next == '(' ? ')' : '}');
    }
    if (next == '\'') {
        lexer->at++;
        return skip_single_quoted(lexer);
    }
    if (isdigit((unsigned char)next) || (next && strchr("@*#?-$!", next))) {
        lexer->at++;
        return true;
    }
    *ret_is_one = isalpha((unsigned char)next) || next == '_';
    while (isalnum((unsigned char)peek(lexer, 0)) || peek(lexer, 0) == '_')
        lexer->at++;
    return true;
}

/* Behind '"', up to behind the one that closes it. */
static bool skip_double_quoted(struct lexer *lexer)
{
    bool is_one;

    while (!ends(lexer)) {
        char c = peek(lexer, 0);
        if (c == '$' || c == '`') {
            if (!skip_expansion(lexer, &is_one))
                return false;
            continue;
        }
        lexer->at += c == '\\' ? 2 : 1;
        if (c == '"')
            return true;
    }
    return false;
}

/* One piece of what stands in brackets. */
static bool skip_piece(struct lexer *lexer)
{
    bool is_one;
    char c = peek(lexer, 0);

    if (c == '$' || c == '`')
        return skip_expansion(lexer, &is_one);
    lexer->at += c == '\\' ? 2 : 1;
    if (c == '\'')
        return skip_single_quoted(lexer);
    if (c == '"')
        return skip_double_quoted(lexer);
    return c != '(' || skip_bracket(lexer, ')');
}

/* Behind an opening bracket, up to behind the one that closes it. */
static bool skip_bracket(struct lexer *lexer, char close)
{
    bool fine = lexer->nesting < NESTING_MAX;

    lexer->nesting++;
    while (fine && !ends(lexer) && peek(lexer, 0) != close)
        fine = skip_piece(lexer);
    lexer->nesting--;
    if (!fine || ends(lexer))
        return false;
    lexer->at++;
    return true;
}

/* An expansion goes into the value as it is written. */
static bool add_expansion(struct lexer *lexer, struct strbuf *value, size_t *fixed)
{
    size_t start = lexer->at;
    bool is_one;

    if (!skip_expansion(lexer, &is_one))
        return false;
    if (is_one && *fixed == SIZE_MAX)
        *fixed = value->length;
    strbuf_add(value, lexer->text + start, lexer->at - start);
    return true;
}

static bool add_single_quoted(struct lexer *lexer, struct strbuf *value)
{
    size_t start = ++lexer->at;

    if (!skip_single_quoted(lexer))
        return false;
    strbuf_add(value, lexer->text + start, lexer->at - 1 - start);
    return true;
}

/* An escaped newline is none, and nothing stands for it (2.2.1). */
static void add_escaped(struct lexer *lexer, struct strbuf *value)
{
    char next = peek(lexer, 1);

    if (next && next != '\n')
        strbuf_addc(value, next);
    lexer->at += next ? 2 : 1;
}

/* Within double quotes '\' escapes only '$', '`', '"' and itself (2.2.3). */
static bool add_double_quoted(struct lexer *lexer, struct strbuf *value, size_t *fixed)
{
    for (lexer->at++; !ends(lexer);) {
        char c = peek(lexer, 0);
        char next = peek(lexer, 1);
        if (c == '"') {
            lexer->at++;
            return true;
        }
        if (c == '$' || c == '`') {
            if (!add_expansion(lexer, value, fixed))
                return false;
            continue;
        }
        if (c == '\\' && next && strchr("$`\"\\\n", next)) {
            add_escaped(lexer, value);
            continue;
        }
        strbuf_addc(value, c);
        lexer->at++;
    }
    return false;
}

/* Does a word end here? "<(" and ">(" belong to words. */
static bool ends_word(const struct lexer *lexer, bool at_start)
{
    char c = peek(lexer, 0);

    if (ends(lexer) || is_blank(c) || strchr("\n;&|()", c))
        return true;
    return (c == '<' || c == '>') && (!at_start || peek(lexer, 1) != '(');
}

static bool read_word(struct lexer *lexer, struct strbuf *value, size_t *ret_fixed)
{
    size_t fixed = SIZE_MAX;
    bool fine = true;
    bool at_start = true;

    for (; fine && !ends_word(lexer, at_start); at_start = false) {
        char c = peek(lexer, 0);
        if (c == '\'') {
            fine = add_single_quoted(lexer, value);
        } else if (c == '"') {
            fine = add_double_quoted(lexer, value, &fixed);
        } else if (c == '$' || c == '`') {
            fine = add_expansion(lexer, value, &fixed);
        } else if (c == '\\') {
            add_escaped(lexer, value);
        } else if (c == '<' || c == '>') {
            fixed = fixed < value->length ? fixed : value->length;
            lexer->at += 2;
            fine = skip_bracket(lexer, ')');
        } else {
            strbuf_addc(value, c);
            lexer->at++;
        }
    }
    *ret_fixed = fixed < value->length ? fixed : value->length;
    return fine;
}

static void add_word(
    struct lexer *lexer, size_t start, struct strbuf *value, size_t fixed, bool redirection)
{
    struct shell_script *out = lexer->out;

    out->words = xgrow(out->words, out->word_count, sizeof(*out->words));
    out->words[out->word_count++] =
        (struct shell_word){start, lexer->at, strbuf_detach(value), fixed, redirection};
    lexer->command.count++;
}

/* Ends the command; what separates it from the next stands from `start` up to here. */
static void end_command(struct lexer *lexer, enum shell_separator separator, size_t start)
{
    struct shell_script *out = lexer->out;
    struct shell_command *command = &lexer->command;
    /* A newline behind "&&" or "then", or an empty line, separates nothing anew. */
    bool separates = separator != SHELL_NEXT || command->count > 0 || lexer->closed;

    if (command->count > 0) {
        command->after = separator;
        command->after_end = lexer->at;
        out->commands = xgrow(out->commands, out->command_count, sizeof(*out->commands));
        out->commands[out->command_count++] = *command;
    }
    if (separates)
        command->before = separator;
    if (separates || command->before == SHELL_NEXT)
        command->before_start = start;
    lexer->closed = false;
    command->first = out->word_count;
    command->count = 0;
}

/* "then", "{", "fi" where a command could begin: no words of it. True when it was one. */
static bool take_reserved(struct lexer *lexer, size_t start, const char *word)
{
    static const char *const opening[] = {"{", "if", "while", "until", "for", "case", "select"};
    static const char *const closing[] = {"}", "fi", "done", "esac"};
    static const char *const between[] = {"then", "else", "elif", "do", "!", "time"};
    bool opens = false;
    bool closes = false;
    bool other = false;

    for (size_t i = 0; i < ELEMENTS(opening); i++)
        opens = opens || strcmp(word, opening[i]) == 0;
    for (size_t i = 0; i < ELEMENTS(closing); i++)
        closes = closes || strcmp(word, closing[i]) == 0;
    for (size_t i = 0; i < ELEMENTS(between); i++)
        other = other || strcmp(word, between[i]) == 0;
    if (!opens && !closes && !other)
        return false;
    if (opens)
        lexer->depth++;
    if (closes && lexer->depth > 0)
        lexer->depth--;
    lexer->closed = closes;
    lexer->command.before = SHELL_OTHER;
    lexer->command.before_start = start;
    return true;
}

/* "<", ">>", "2>&" …: false where there is none. */
static bool take_redirect_operator(struct lexer *lexer)
{
    size_t at = 0;

    while (isdigit((unsigned char)peek(lexer, at)))
        at++;
    if (at == 0 && peek(lexer, 0) == '&' && peek(lexer, 1) == '>')
        at = 1;
    char c = peek(lexer, at);
    if ((c != '<' && c != '>') || (peek(lexer, at + 1) == '(' && at == 0))
        return false;
    at++;
    while (at < 8 && peek(lexer, at) && strchr(c == '<' ? "<>&-" : ">&|", peek(lexer, at)))
        at++;
    lexer->at += at;
    return true;
}

static bool read_redirection(struct lexer *lexer, size_t start)
{
    _cleanup_(strbuf_release) struct strbuf value = STRBUF_INIT(STRBUF_TEXT_MAX);
    size_t fixed;

    skip_blanks(lexer);
    if (!read_word(lexer, &value, &fixed))
        return false;
    strbuf_truncate(&value, 0);
    strbuf_add(&value, lexer->text + start, lexer->at - start);
    add_word(lexer, start, &value, 0, true);
    return true;
}

/* The separator that the lexer stands at, and moves behind. */
static enum shell_separator take_separator(struct lexer *lexer)
{
    char c = peek(lexer, 0);
    char next = peek(lexer, 1);
    bool is_pair = next == c && strchr("&|;", c);

    lexer->at += is_pair ? 2 : 1;
    if (c == '(')
        lexer->depth++;
    if (c == ')' && lexer->depth > 0)
        lexer->depth--;
    if (c == '&' && is_pair)
        return SHELL_AND;
    return c == '\n' || (c == ';' && !is_pair) ? SHELL_NEXT : SHELL_OTHER;
}

/* One word, redirection, separator or comment. */
static bool read_token(struct lexer *lexer)
{
    _cleanup_(strbuf_release) struct strbuf value = STRBUF_INIT(STRBUF_TEXT_MAX);
    size_t start = lexer->at;
    size_t fixed = 0;
    char c = peek(lexer, 0);

    if (c == '#') {
        while (!ends(lexer) && peek(lexer, 0) != '\n')
            lexer->at++;
        return true;
    }
    if (take_redirect_operator(lexer))
        return read_redirection(lexer, start);
    if (strchr("\n;&|()", c)) {
        enum shell_separator separator = take_separator(lexer);
        end_command(lexer, separator, start);
        lexer->command.depth = lexer->depth;
        lexer->closed = c == ')';
        return true;
    }
    if (!read_word(lexer, &value, &fixed))
        return false;
    bool quoted = value.length != lexer->at - start;
    if (lexer->command.count == 0 && !quoted && take_reserved(lexer, start, strbuf_text(&value))) {
        lexer->command.depth = lexer->depth;
        return true;
    }
    add_word(lexer, start, &value, fixed, false);
    return true;
}

bool shell_parse(const char *text, size_t length, struct shell_script *ret)
{
    struct shell_script script = {0};
    struct lexer lexer = {.text = text, .length = length, .out = &script};
    bool fine = true;

    while (fine) {
        skip_blanks(&lexer);
        if (ends(&lexer))
            break;
        fine = read_token(&lexer);
    }
    if (!fine || lexer.nesting > 0) {
        shell_script_release(&script);
        return false;
    }
    end_command(&lexer, SHELL_EDGE, length);
    *ret = script;
    return true;
}

void shell_script_release(struct shell_script *script)
{
    for (size_t i = 0; i < script->word_count; i++)
        free(script->words[i].value);
    free(script->words);
    free(script->commands);
    *script = (struct shell_script){0};
}
