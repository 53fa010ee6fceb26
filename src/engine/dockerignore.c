#include "engine/dockerignore.h"

#include <limits.h>

#include "base/strbuf.h"
#include "base/utf8.h"
#include "base/xalloc.h"

/*
 * A pattern is a row of tokens, matched by stepping through the path once while keeping the
 * set of places in the row that it can have reached: time is tokens × characters whatever
 * the pattern, where backtracking over several `**` would take for ever.
 */
enum token_kind {
    TOKEN_CHARACTER,
    TOKEN_ANY_CHARACTER, /* ?  */
    TOKEN_CLASS,         /* [a-z] */
    TOKEN_NAME_PART,     /* *  : any characters but '/' */
    TOKEN_DIRECTORIES,   /* ** : nothing, or what TOKEN_WITHIN takes; always before one */
    TOKEN_WITHIN,        /* any characters up to and with a '/' */
    TOKEN_EVERYTHING,    /* ** at the end: any characters at all */
};

struct range {
    unsigned first, last;
};

struct token {
    enum token_kind kind;
    unsigned character;
    bool negated;         /* of a class */
    struct range *ranges; /* of a class */
    size_t range_count;
};

struct pattern {
    bool include; /* a `!` line */
    struct token *tokens;
    size_t count;
};

struct dockerignore {
    struct pattern *patterns;
    size_t count;
};

static struct token *add_token(struct pattern *pattern, enum token_kind kind)
{
    pattern->tokens = xgrow(pattern->tokens, pattern->count, sizeof(struct token));
    struct token *token = &pattern->tokens[pattern->count++];
    *token = (struct token){.kind = kind};
    return token;
}

static void pattern_release(struct pattern *pattern)
{
    for (size_t i = 0; i < pattern->count; i++)
        free(pattern->tokens[i].ranges);
    free(pattern->tokens);
    *pattern = (struct pattern){0};
}

/*
 * Takes the character at `*at`: its UTF-8 bytes as one number. Such numbers sort like the
 * characters they stand for, and bytes that are no UTF-8 are numbers too.
 */
static unsigned next_character(const char **at)
{
    unsigned character = (unsigned char)*(*at)++;

    if (character >= 0xC0)
        for (int i = 0; i < 3 && ((unsigned char)**at & 0xC0) == 0x80; i++)
            character = character << 8 | (unsigned char)*(*at)++;
    return character;
}

/* One end of a range in a class; false where a class cannot have it. */
static bool parse_range_end(const char **at, unsigned *ret)
{
    if (**at == '\0' || **at == '-' || **at == ']')
        return false;
    if (**at == '\\' && *++*at == '\0')
        return false;
    *ret = next_character(at);
    return true;
}

/* The class whose '[' is behind us; false when it is not well-formed. */
static bool parse_class(struct pattern *pattern, const char **at)
{
    struct token *token = add_token(pattern, TOKEN_CLASS);

    token->negated = **at == '^';
    if (token->negated)
        ++*at;
    while (**at != ']' || token->range_count == 0) {
        struct range range;
        if (!parse_range_end(at, &range.first))
            return false;
        range.last = range.first;
        if (**at == '-') {
            ++*at;
            if (!parse_range_end(at, &range.last) || range.last < range.first)
                return false;
        }
        token->ranges = xgrow(token->ranges, token->range_count, sizeof(*token->ranges));
        token->ranges[token->range_count++] = range;
    }
    ++*at;
    return true;
}

/*
 * What a `**` stands for. At the end of a pattern it takes everything. At the start of
 * "**name" with no other special character it does so too ("**.pyc" leaves out a.pyc);
 * anywhere else it takes whole directories, and a '/' behind it is part of it.
 */
static void parse_double_star(struct pattern *pattern, const char **at, bool at_start)
{
    bool slash = **at == '/';

    if (slash)
        ++*at;
    bool plain_rest = !slash && (*at)[strcspn(*at, "*?[]\\")] == '\0';
    if (**at == '\0' || (at_start && plain_rest)) {
        add_token(pattern, TOKEN_EVERYTHING);
    } else {
        add_token(pattern, TOKEN_DIRECTORIES);
        add_token(pattern, TOKEN_WITHIN);
    }
}

static bool parse_pattern(const char *text, struct pattern *pattern)
{
    for (const char *at = text; *at;) {
        unsigned character = next_character(&at);
        if (character == '*' && *at == '*') {
            bool at_start = --at == text;
            at += 2;
            parse_double_star(pattern, &at, at_start);
        } else if (character == '*') {
            add_token(pattern, TOKEN_NAME_PART);
        } else if (character == '?') {
            add_token(pattern, TOKEN_ANY_CHARACTER);
        } else if (character == '[') {
            if (!parse_class(pattern, &at))
                return false;
        } else {
            if (character == '\\' && *at == '\0')
                return false;
            if (character == '\\')
                character = next_character(&at);
            add_token(pattern, TOKEN_CHARACTER)->character = character;
        }
    }
    return true;
}

/*
 * A path without ".", ".." (as far as there is something before it) and doubled slashes;
 * "." when nothing is left. Slashes at the start are dropped: a pattern always starts at the
 * top of the context.
 */
static char *clean_path(const char *path)
{
    struct strbuf clean = STRBUF_INIT(PATH_MAX);
    size_t kept = 0; /* bytes of leading "../", which nothing takes away */
    bool rooted = path[0] == '/';

    for (path += strspn(path, "/"); *path; path += strspn(path, "/")) {
        size_t length = strcspn(path, "/");
        bool parent = length == 2 && memcmp(path, "..", 2) == 0;
        if (parent && clean.length > kept) {
            const char *slash = memrchr(clean.text, '/', clean.length);
            strbuf_truncate(&clean, slash ? (size_t)(slash - clean.text) : 0);
        } else if (!(length == 1 && path[0] == '.') && !(parent && rooted)) {
            if (clean.length)
                strbuf_addc(&clean, '/');
            strbuf_add(&clean, path, length);
            if (parent)
                kept = clean.length;
        }
        path += length;
    }
    if (clean.length == 0)
        strbuf_adds(&clean, ".");
    return strbuf_detach(&clean);
}

/* The line without blanks at its ends. */
static char *trim(const char *line, size_t length)
{
    static const char blanks[] = " \t\v\f\r";

    while (length > 0 && strchr(blanks, line[length - 1]))
        length--;
    while (length > 0 && strchr(blanks, *line)) {
        line++;
        length--;
    }
    return xstrndup(line, length);
}

static int parse_line(struct dockerignore *ignore, const char *line, size_t length)
{
    /* Only a '#' in the first column makes a comment. */
    if (length > 0 && line[0] == '#')
        return 0;
    if (length >= PATH_MAX || memchr(line, '\0', length))
        return -1;
    _cleanup_free_ char *text = trim(line, length);
    if (!*text)
        return 0;
    bool include = text[0] == '!';
    _cleanup_free_ char *path = trim(text + include, strlen(text + include));
    if (!*path)
        return -1;
    _cleanup_free_ char *clean = clean_path(path);
    _cleanup_(pattern_release) struct pattern pattern = {.include = include};
    if (!parse_pattern(clean, &pattern))
        return -1;
    ignore->patterns = xgrow(ignore->patterns, ignore->count, sizeof(*ignore->patterns));
    ignore->patterns[ignore->count++] = pattern;
    pattern = (struct pattern){0};
    return 0;
}

static void dockerignore_freep(struct dockerignore **ignore)
{
    dockerignore_free(*ignore);
}

int dockerignore_new(const char *text, size_t length, struct dockerignore **ret, struct error *err)
{
    _cleanup_(dockerignore_freep) struct dockerignore *ignore = xcalloc(1, sizeof(*ignore));
    const char *end = text + length;
    unsigned number = 1;

    text += utf8_mark(text, length);
    for (const char *line = text; line < end; number++) {
        const char *newline = memchr(line, '\n', (size_t)(end - line));
        const char *line_end = newline ? newline : end;
        if (parse_line(ignore, line, (size_t)(line_end - line)) < 0)
            return error_set(err, ERROR_USAGE, "line %u is not a pattern", number);
        line = newline ? newline + 1 : end;
    }
    *ret = TAKE_PTR(ignore);
    return 0;
}

static bool class_holds(const struct token *token, unsigned character)
{
    for (size_t i = 0; i < token->range_count; i++)
        if (character >= token->ranges[i].first && character <= token->ranges[i].last)
            return !token->negated;
    return token->negated;
}

/* Places that are reached without a character: behind what may stand for nothing. */
static void skip_empty(const struct pattern *pattern, bool *reached)
{
    for (size_t i = 0; i < pattern->count; i++) {
        if (!reached[i])
            continue;
        switch (pattern->tokens[i].kind) {
        case TOKEN_NAME_PART:
        case TOKEN_EVERYTHING:
            reached[i + 1] = true;
            break;
        case TOKEN_DIRECTORIES:
            reached[i + 1] = reached[i + 2] = true;
            break;
        default:
            break;
        }
    }
}

/* Notes in `next` where token `i` leads when it takes `character`. */
static void step(const struct pattern *pattern, size_t i, unsigned character, bool *next)
{
    const struct token *token = &pattern->tokens[i];

    switch (token->kind) {
    case TOKEN_CHARACTER:
        next[i + 1] |= character == token->character;
        break;
    case TOKEN_ANY_CHARACTER:
        next[i + 1] |= character != '/';
        break;
    case TOKEN_CLASS:
        next[i + 1] |= class_holds(token, character);
        break;
    case TOKEN_NAME_PART:
        next[i] |= character != '/';
        break;
    case TOKEN_WITHIN:
        next[i] = true;
        next[i + 1] |= character == '/';
        break;
    case TOKEN_EVERYTHING:
        next[i] = true;
        break;
    case TOKEN_DIRECTORIES:
        break;
    }
}

/*
 * Steps through `path`. True when the pattern matches the whole path or one of the
 * directories above it; with `below`, when it could match something in the directory
 * `path`.
 */
static bool pattern_matches(const struct pattern *pattern, const char *path, bool below)
{
    size_t places = pattern->count + 1;
    _cleanup_free_ bool *sets = xcalloc(places * 2, sizeof(bool));
    bool *reached = sets, *next = sets + places;

    reached[0] = true;
    skip_empty(pattern, reached);
    while (*path) {
        unsigned character = next_character(&path);
        if (character == '/' && reached[pattern->count])
            return true;
        memset(next, 0, places);
        for (size_t i = 0; i < pattern->count; i++)
            if (reached[i])
                step(pattern, i, character, next);
        skip_empty(pattern, next);
        bool *swap = reached;
        reached = next;
        next = swap;
    }
    if (!below || reached[pattern->count])
        return reached[pattern->count];
    memset(next, 0, places);
    for (size_t i = 0; i < pattern->count; i++)
        if (reached[i])
            step(pattern, i, '/', next);
    return memchr(next, true, places) != NULL;
}

bool dockerignore_excludes(const struct dockerignore *ignore, const char *path)
{
    bool excluded = false;

    for (size_t i = 0; i < ignore->count; i++) {
        const struct pattern *pattern = &ignore->patterns[i];
        /* A line that would change nothing need not match. */
        if (pattern->include == excluded && pattern_matches(pattern, path, false))
            excluded = !pattern->include;
    }
    return excluded;
}

bool dockerignore_may_include_below(const struct dockerignore *ignore, const char *path)
{
    for (size_t i = 0; i < ignore->count; i++)
        if (ignore->patterns[i].include && pattern_matches(&ignore->patterns[i], path, true))
            return true;
    return false;
}

void dockerignore_free(struct dockerignore *ignore)
{
    if (!ignore)
        return;
    for (size_t i = 0; i < ignore->count; i++)
        pattern_release(&ignore->patterns[i]);
    free(ignore->patterns);
    free(ignore);
}
