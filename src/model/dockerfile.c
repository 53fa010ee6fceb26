#include "model/dockerfile.h"

#include <ctype.h>

#include "base/json.h"
#include "base/strbuf.h"
#include "base/utf8.h"
#include "base/xalloc.h"
#include "model/dockerfile_line.h"
#include "model/dockerfile_word.h"

/*
 * A line is read from the text as BuildKit's parser.go reads it; an instruction is made
 * of one line and the ones it is continued on, and of the heredocs that it begins.
 */

/* What BuildKit reads as one line (Go's bufio.MaxScanTokenSize, newline not counted). */
#define LINE_MAX_LENGTH 65535
/* ONBUILD holds an instruction, which cannot be ONBUILD again. */
#define ONBUILD_DEPTH_MAX 2

/* Blanks between keyword and arguments, and at the end of a continued line. */
#define KEYWORD_BLANKS " \t\v\f\r"

static const char *const keywords[] = {"ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE",
    "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER", "ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER",
    "VOLUME", "WORKDIR"};

static const char *const directives[] = {"syntax", "escape", "check"};

struct parser {
    struct dockerfile *file;
    size_t position;
    unsigned line; /* lines read so far, which is also the number of the last one */
    bool directives_done;
    bool seen[ELEMENTS(directives)];
};

static int problem(unsigned line, const char *what, struct error *err)
{
    return error_set(err, ERROR_USAGE, "line %u: %s", line, what);
}

/* 1 and the next line, 0 at the end, -1 for a line that is too long. */
static int next_line(struct parser *parser, struct dockerfile_line *ret, struct error *err)
{
    const struct dockerfile *file = parser->file;

    if (parser->position == file->length)
        return 0;
    parser->line++;
    struct dockerfile_line line = dockerfile_line_at(file->text, file->length, parser->position);
    if (line.next - line.start > LINE_MAX_LENGTH + (file->text[line.next - 1] == '\n' ? 1 : 0))
        return problem(parser->line, "it is longer than 65535 bytes", err);
    *ret = line;
    parser->position = line.next;
    return 1;
}

/* "# name = value": the index of a known name, and its value; -1 for anything else. */
static int match_directive(const struct dockerfile_line *line, char **ret_value)
{
    const char *text = line->text;
    const char *end = line->end;

    if (text == end || *text != '#')
        return -1;
    text = dockerfile_skip_space(text + 1, end);
    const char *name = text;
    while (text < end && isalnum((unsigned char)*text))
        text++;
    size_t length = (size_t)(text - name);
    text = dockerfile_skip_space(text, end);
    if (text == end || *text != '=')
        return -1;
    text = dockerfile_skip_space(text + 1, end);
    end = dockerfile_trim_space(text, end);
    if (text == end)
        return -1;
    for (size_t i = 0; i < ELEMENTS(directives); i++) {
        if (strlen(directives[i]) == length && strncasecmp(directives[i], name, length) == 0) {
            *ret_value = xstrndup(text, (size_t)(end - text));
            return (int)i;
        }
    }
    return -1;
}

/* Directives stand at the top: the first line that is none ends them. */
static int read_directive(
    struct parser *parser, const struct dockerfile_line *line, struct error *err)
{
    _cleanup_free_ char *value = NULL;
    int which = -1;

    if (parser->directives_done)
        return 0;
    which = match_directive(line, &value);
    if (which < 0) {
        parser->directives_done = true;
        return 0;
    }
    if (parser->seen[which])
        return error_set(
            err, ERROR_USAGE, "line %u: '# %s=' is there twice", parser->line, directives[which]);
    parser->seen[which] = true;
    if (strcmp(directives[which], "syntax") == 0) {
        parser->file->syntax = TAKE_PTR(value);
    } else if (strcmp(directives[which], "escape") == 0) {
        if (strcmp(value, "\\") != 0 && strcmp(value, "`") != 0)
            return problem(parser->line, "'# escape=' takes only \\ or `", err);
        parser->file->escape = value[0];
    }
    return 0;
}

/* BuildKit finds `# syntax=` below a "#!" line too, where no other directive counts. */
static void find_syntax_below_shebang(struct dockerfile *file, size_t start)
{
    struct parser parser = {.file = file, .position = start};
    struct dockerfile_line line;

    if (file->length < start + 2 || memcmp(file->text + start, "#!", 2) != 0)
        return;
    if (next_line(&parser, &line, NULL) <= 0)
        return;
    while (!file->syntax && next_line(&parser, &line, NULL) > 0) {
        _cleanup_free_ char *value = NULL;
        int which = match_directive(&line, &value);
        if (which < 0)
            return;
        if (strcmp(directives[which], "syntax") == 0)
            file->syntax = TAKE_PTR(value);
    }
}

/* Joins the lines an instruction is continued on; comments and empty lines between do not count. */
static int read_continued(struct parser *parser, const struct dockerfile_line *first,
    struct strbuf *joined, struct error *err)
{
    struct dockerfile_line line = *first;
    bool open = dockerfile_line_trim_continuation(&line, parser->file->escape);

    strbuf_add(joined, line.text, (size_t)(line.end - line.text));
    while (open) {
        int got = next_line(parser, &line, err);
        if (got <= 0)
            return got;
        if (dockerfile_line_is_comment(&line) || dockerfile_line_is_blank(&line))
            continue;
        open = dockerfile_line_trim_continuation(&line, parser->file->escape);
        strbuf_add(joined, line.text, (size_t)(line.end - line.text));
    }
    return 0;
}

/* Parts "keyword arguments"; the keyword in upper case. */
static void split_keyword(const char *text, char **ret_keyword, char **ret_arguments)
{
    const char *end = text + strlen(text);

    text = dockerfile_skip_space(text, end);
    end = dockerfile_trim_space(text, end);
    size_t length = strcspn(text, KEYWORD_BLANKS);
    if (length > (size_t)(end - text))
        length = (size_t)(end - text);
    char *keyword = xstrndup(text, length);
    for (char *c = keyword; *c; c++)
        *c = (char)toupper((unsigned char)*c);
    text = dockerfile_skip_space(text + length, end);
    *ret_keyword = keyword;
    *ret_arguments = xstrndup(text, (size_t)(end - text));
}

static bool is_keyword(const char *keyword, size_t count, const char *const list[])
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(keyword, list[i]) == 0)
            return true;
    return false;
}

/* 1 for a JSON array of strings, 0 for what is no JSON array, -1 for one of other things. */
static int json_form(const char *arguments)
{
    _cleanup_(json_put) struct json_object *value = NULL;

    if (arguments[0] != '[' || json_parse(arguments, strlen(arguments), &value, NULL) < 0 ||
        !json_object_is_type(value, json_type_array))
        return 0;
    for (size_t i = 0; i < json_object_array_length(value); i++)
        if (!json_object_is_type(json_object_array_get_idx(value, i), json_type_string))
            return -1;
    return 1;
}

/* ENV and LABEL: "name value", or name=value for each word. */
static const char *check_pairs(const char *arguments, char escape)
{
    _cleanup_(strv_release) struct strv words = STRV_INIT;

    dockerfile_split_quoted(arguments, escape, &words);
    if (words.count == 0)
        return "it needs a name and a value";
    if (!strchr(words.items[0], '='))
        return arguments[strcspn(arguments, KEYWORD_BLANKS)] ? NULL : "it needs a name and a value";
    for (size_t i = 1; i < words.count; i++)
        if (!strchr(words.items[i], '='))
            return "each word must have the form name=value";
    return NULL;
}

/* What is wrong with an instruction, or NULL. *ret_heredocs tells whether it may begin heredocs. */
static const char *check_instruction(
    const char *keyword, const char *arguments, char escape, unsigned depth, bool *ret_heredocs)
{
    static const char *const with_pairs[] = {"ENV", "LABEL"};
    static const char *const with_json[] = {
        "ADD", "CMD", "COPY", "ENTRYPOINT", "RUN", "SHELL", "VOLUME"};
    static const char *const with_heredocs[] = {"ADD", "COPY", "RUN"};
    const char *rest = dockerfile_split_flags(arguments, escape, NULL);

    *ret_heredocs = false;
    if (!is_keyword(keyword, ELEMENTS(keywords), keywords))
        return "it begins with what is no Dockerfile instruction";
    if (strcmp(keyword, "ONBUILD") == 0 && *rest) {
        _cleanup_free_ char *inner = NULL;
        _cleanup_free_ char *inner_arguments = NULL;
        if (depth >= ONBUILD_DEPTH_MAX)
            return "ONBUILD within ONBUILD is not allowed";
        split_keyword(rest, &inner, &inner_arguments);
        return check_instruction(inner, inner_arguments, escape, depth + 1, ret_heredocs);
    }
    if (is_keyword(keyword, ELEMENTS(with_pairs), with_pairs))
        return check_pairs(rest, escape);
    int json = is_keyword(keyword, ELEMENTS(with_json), with_json) ? json_form(rest) : 0;
    if (json < 0)
        return "a JSON array here must hold only strings";
    *ret_heredocs = json == 0 && is_keyword(keyword, ELEMENTS(with_heredocs), with_heredocs);
    return NULL;
}

/*
 * The name that ends the heredoc begun by `word` ("<<EOF", "3<<-'EOF'"), or NULL when it
 * begins none. *ret_chomp tells of "<<-".
 */
static char *heredoc_name(const char *word, bool *ret_chomp)
{
    struct dockerfile_words options = {.escape = '\\'};
    _cleanup_(strv_release) struct strv names = STRV_INIT;

    word += strspn(word, "0123456789");
    if (strncmp(word, "<<", 2) != 0)
        return NULL;
    word += 2;
    *ret_chomp = *word == '-';
    word += *ret_chomp;
    if (!*word || strchr(word, '<'))
        return NULL;
    if (!dockerfile_read_words(&options, word, NULL, &names) || names.count != 1)
        return NULL;
    return xstrdup(names.items[0]);
}

/* Reads on until the line that ends the heredoc. */
static int skip_heredoc(struct parser *parser, const char *name, bool chomp, struct error *err)
{
    unsigned begun = parser->line;
    size_t length = strlen(name);
    struct dockerfile_line line;

    for (;;) {
        int got = next_line(parser, &line, err);
        if (got < 0)
            return -1;
        if (got == 0)
            return error_set(err, ERROR_USAGE,
                "line %u: the heredoc begun there has no end; "
                "a line '%.60s' is missing",
                begun, name);
        while (chomp && line.text < line.end && *line.text == '\t')
            line.text++;
        if ((size_t)(line.end - line.text) == length && memcmp(line.text, name, length) == 0)
            return 0;
    }
}

static int skip_heredocs(struct parser *parser, const char *joined, struct error *err)
{
    struct dockerfile_words options = {.escape = '\\', .raw = true};
    _cleanup_(strv_release) struct strv words = STRV_INIT;

    /* A line whose quotes do not close begins no heredoc, in BuildKit too. */
    if (!strstr(joined, "<<") || !dockerfile_read_words(&options, joined, NULL, &words))
        return 0;
    for (size_t i = 0; i < words.count; i++) {
        bool chomp = false;
        _cleanup_free_ char *name = heredoc_name(words.items[i], &chomp);
        if (name && skip_heredoc(parser, name, chomp, err) < 0)
            return -1;
    }
    return 0;
}

static struct dockerfile_instruction *append_instruction(struct dockerfile *file)
{
    file->instructions = xgrow(file->instructions, file->count, sizeof(*file->instructions));
    struct dockerfile_instruction *instruction = &file->instructions[file->count++];
    *instruction = (struct dockerfile_instruction){0};
    return instruction;
}

static int read_instruction(
    struct parser *parser, const struct dockerfile_line *first, struct error *err)
{
    _cleanup_(strbuf_release) struct strbuf joined = STRBUF_INIT(DOCKERFILE_MAX);
    struct dockerfile_instruction *instruction = append_instruction(parser->file);
    bool heredocs = false;

    instruction->start = first->start;
    instruction->first_line = parser->line;
    if (read_continued(parser, first, &joined, err) < 0)
        return -1;
    split_keyword(strbuf_text(&joined), &instruction->keyword, &instruction->arguments);
    const char *wrong = check_instruction(
        instruction->keyword, instruction->arguments, parser->file->escape, 0, &heredocs);
    if (wrong)
        return problem(instruction->first_line, wrong, err);
    unsigned line = parser->line;
    if (heredocs && skip_heredocs(parser, strbuf_text(&joined), err) < 0)
        return -1;
    instruction->has_heredoc = parser->line > line;
    instruction->end = parser->position;
    instruction->last_line = parser->line;
    return 0;
}

static int parse_lines(struct parser *parser, struct error *err)
{
    struct dockerfile_line line;
    int got;

    while ((got = next_line(parser, &line, err)) > 0) {
        struct dockerfile_line trimmed = line;
        trimmed.text = dockerfile_skip_space(line.text, line.end);
        if (read_directive(parser, &trimmed, err) < 0)
            return -1;
        if (trimmed.text == trimmed.end || *trimmed.text == '#')
            continue;
        if (read_instruction(parser, &trimmed, err) < 0)
            return -1;
    }
    return got;
}

int dockerfile_parse(const char *text, size_t length, struct dockerfile **ret, struct error *err)
{
    _cleanup_(dockerfile_freep) struct dockerfile *file = NULL;

    if (length > DOCKERFILE_MAX)
        return error_set(
            err, ERROR_USAGE, "the Dockerfile is larger than %zu MiB", DOCKERFILE_MAX >> 20);
    if (length > 0 && memchr(text, '\0', length))
        return error_set(err, ERROR_USAGE, "the Dockerfile is not text: it holds a zero byte");
    file = xcalloc(1, sizeof(*file));
    file->text = xcalloc(length + 1, 1);
    if (length > 0)
        memcpy(file->text, text, length);
    file->length = length;
    file->escape = '\\';

    struct parser parser = {.file = file, .position = utf8_mark(text, length)};
    find_syntax_below_shebang(file, parser.position);
    if (parse_lines(&parser, err) < 0)
        return -1;
    if (file->count == 0)
        return error_set(err, ERROR_USAGE, "the Dockerfile holds no instruction");
    *ret = TAKE_PTR(file);
    return 0;
}

void dockerfile_free(struct dockerfile *file)
{
    if (!file)
        return;
    for (size_t i = 0; i < file->count; i++) {
        free(file->instructions[i].keyword);
        free(file->instructions[i].arguments);
    }
    free(file->instructions);
    free(file->text);
    free(file->syntax);
    free(file);
}

void dockerfile_freep(struct dockerfile **file)
{
    dockerfile_free(*file);
}
