#include "model/dockerfile_script.h"

#include "base/json.h"
#include "base/strbuf.h"
#include "base/xalloc.h"
#include "model/dockerfile_line.h"
#include "model/dockerfile_word.h"

/* Text and places grow together; `file` bounds both. */
static void add_bytes(
    struct dockerfile_script *script, const char *text, size_t place, size_t count)
{
    memcpy(script->text + script->length, text, count);
    for (size_t i = 0; i < count; i++)
        script->places[script->length++] = place + i;
}

/* The lines of the instruction joined; returns where its heredocs begin, or its end. */
static size_t join_lines(const struct dockerfile *file, const struct dockerfile_instruction *run,
    struct dockerfile_script *script)
{
    bool open = true;
    size_t at = run->start;

    for (bool first = true; open && at < run->end; first = false) {
        struct dockerfile_line line = dockerfile_line_at(file->text, file->length, at);
        at = line.next;
        if (!first && (dockerfile_line_is_comment(&line) || dockerfile_line_is_blank(&line)))
            continue;
        open = dockerfile_line_trim_continuation(&line, file->escape);
        add_bytes(script, line.text, line.start, (size_t)(line.end - line.text));
    }
    return at;
}

/* Drops the first bytes: keyword and flags. */
static void drop_head(struct dockerfile_script *script, size_t count)
{
    script->length -= count;
    memmove(script->text, script->text + count, script->length);
    memmove(script->places, script->places + count, script->length * sizeof(*script->places));
    script->text[script->length] = '\0';
}

static void drop_keyword_and_flags(struct dockerfile_script *script, char escape)
{
    const char *end = script->text + script->length;
    const char *text = dockerfile_skip_space(script->text, end);

    script->length = (size_t)(dockerfile_trim_space(text, end) - script->text);
    script->text[script->length] = '\0';
    text += strcspn(text, " \t\v\f\r");
    text = dockerfile_split_flags(text, escape, NULL);
    drop_head(script, (size_t)(text - script->text));
}

bool dockerfile_is_shell(const char *program)
{
    static const char *const shells[] = {"sh", "bash", "dash", "ash", "zsh", "ksh", "busybox"};
    const char *slash = strrchr(program, '/');

    program = slash ? slash + 1 : program;
    for (size_t i = 0; i < ELEMENTS(shells); i++)
        if (strcmp(program, shells[i]) == 0)
            return true;
    return false;
}

/* "#!/bin/bash -e" at the top of a heredoc decides who reads it. */
static bool is_read_by_shell(const char *body)
{
    if (strncmp(body, "#!", 2) != 0)
        return true;
    body += 2 + strspn(body + 2, " \t");
    _cleanup_free_ char *program = xstrndup(body, strcspn(body, " \t\n"));
    return dockerfile_is_shell(program);
}

/* "<<EOF" alone: the script is what stands between that line and the last one. */
static bool take_heredoc(const struct dockerfile *file, const struct dockerfile_instruction *run,
    size_t body, struct dockerfile_script *script)
{
    if (strncmp(script->text, "<<", 2) != 0 || strpbrk(script->text, " \t;&|"))
        return false;
    bool chomp = script->text[2] == '-';
    script->length = 0;
    for (size_t at = body; at < run->end;) {
        struct dockerfile_line line = dockerfile_line_at(file->text, file->length, at);
        if (line.next >= run->end)
            break;
        while (chomp && line.text < line.end && *line.text == '\t')
            line.text++;
        size_t start = (size_t)(line.text - file->text);
        add_bytes(script, line.text, start, line.next - start);
        at = line.next;
    }
    script->text[script->length] = '\0';
    script->is_heredoc = true;
    return !strchr(script->text, '\r') && !strstr(script->text, "<<") &&
           is_read_by_shell(script->text);
}

/* One string of a JSON array; `at` is behind its opening quote. Returns what is behind it. */
static size_t skip_json_string(const struct dockerfile_script *script, size_t at)
{
    while (at < script->length && script->text[at] != '"')
        at += script->text[at] == '\\' ? 2 : 1;
    return at + 1;
}

/* Makes one command of a JSON array of strings. False when it is none. */
static bool read_exec(struct dockerfile_script *script)
{
    _cleanup_(json_put) struct json_object *array = NULL;

    if (script->text[0] != '[' || json_parse(script->text, script->length, &array, NULL) < 0 ||
        !json_object_is_type(array, json_type_array))
        return false;
    size_t count = json_object_array_length(array);
    struct shell_script *shell = &script->shell;
    shell->words = xcalloc(count + 1, sizeof(*shell->words));
    shell->commands = xcalloc(1, sizeof(*shell->commands));
    shell->commands[0] = (struct shell_command){.count = count, .after_end = script->length};
    shell->command_count = 1;
    for (size_t at = 0; shell->word_count < count; shell->word_count++) {
        const char *quote = memchr(script->text + at, '"', script->length - at);
        if (!quote)
            return false;
        size_t start = (size_t)(quote - script->text);
        struct shell_word *word = &shell->words[shell->word_count];
        at = skip_json_string(script, start + 1);
        word->start = start;
        word->end = at;
        word->value =
            xstrdup(json_object_get_string(json_object_array_get_idx(array, shell->word_count)));
        word->fixed = strlen(word->value);
        if (at > script->length)
            return false;
    }
    script->is_exec = true;
    return true;
}

bool dockerfile_script_read(const struct dockerfile *file, const struct dockerfile_instruction *run,
    struct dockerfile_script *ret)
{
    size_t size = run->end - run->start + 1;
    struct dockerfile_script script = {
        .text = xcalloc(size, 1), .places = xcalloc(size, sizeof(*script.places))};

    size_t body = join_lines(file, run, &script);
    drop_keyword_and_flags(&script, file->escape);
    bool fine = true;
    if (body < run->end && strncmp(script.text, "<<", 2) == 0)
        fine = take_heredoc(file, run, body, &script);
    script.bodies = script.is_heredoc ? run->end : body;
    if (fine && (script.is_heredoc || !read_exec(&script))) {
        shell_script_release(&script.shell);
        fine = shell_parse(script.text, script.length, &script.shell);
    }
    if (!fine) {
        dockerfile_script_release(&script);
        return false;
    }
    *ret = script;
    return true;
}

size_t dockerfile_script_start(const struct dockerfile_script *script, size_t offset)
{
    return script->places[offset];
}

size_t dockerfile_script_end(const struct dockerfile_script *script, size_t offset)
{
    return script->places[offset - 1] + 1;
}

void dockerfile_script_release(struct dockerfile_script *script)
{
    free(script->text);
    free(script->places);
    shell_script_release(&script->shell);
    *script = (struct dockerfile_script){0};
}
