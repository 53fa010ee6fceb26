#include "model/dockerfile_packages.h"

#include <ctype.h>
#include <stdint.h>

#include "base/json.h"
#include "base/strbuf.h"
#include "base/xalloc.h"
#include "model/dockerfile_line.h"
#include "model/dockerfile_word.h"
#include "model/recipe.h"
#include "model/recipe_user.h"
#include "model/requirement.h"

/* What is known while the instructions are read one after the other. */
struct finder {
    const struct dockerfile *file;
    struct dockerfile_packages *out;
    size_t block_start, block_end;
    bool is_final;
    bool is_posix;   /* SHELL names a shell that is understood */
    char *activated; /* the folder of a virtual environment that a command has set, or NULL */
    /* A place and its line: places are asked for in their order, so each counts on from there. */
    size_t place;
    unsigned line;
};

bool dockerfile_package_stays(const struct package_list *list, const struct package_word *word)
{
    return list->is_final && !list->is_elsewhere && !word->is_removed;
}

unsigned dockerfile_line_number(const struct dockerfile *file, size_t offset)
{
    unsigned line = 1;

    for (size_t i = 0; i < offset && i < file->length; i++)
        line += file->text[i] == '\n';
    return line;
}

static unsigned line_of(struct finder *finder, size_t place)
{
    if (place < finder->place) {
        finder->place = 0;
        finder->line = 1;
    }
    for (; finder->place < place; finder->place++)
        finder->line += finder->file->text[finder->place] == '\n';
    return finder->line;
}

size_t dockerfile_comment_above(
    const struct dockerfile *file, const struct dockerfile_instruction *one, const char *comment)
{
    size_t start = one->start;
    size_t length = strlen(comment);

    if (start == 0)
        return SIZE_MAX;
    for (start--; start > 0 && file->text[start - 1] != '\n';)
        start--;
    struct dockerfile_line line = dockerfile_line_at(file->text, file->length, start);
    if ((size_t)(line.end - line.text) != length || memcmp(line.text, comment, length) != 0)
        return SIZE_MAX;
    return start;
}

static void add_suspect(struct finder *finder, enum package_kind kind, size_t start, size_t end)
{
    struct dockerfile_packages *out = finder->out;

    out->suspects = xgrow(out->suspects, out->suspect_count, sizeof(*out->suspects));
    out->suspects[out->suspect_count++] =
        (struct package_suspect){kind, start, end, finder->is_final};
}

/* Is the letter before `at` an option's, as in "-mpip"? */
static bool follows_option(const char *text, size_t at)
{
    return at >= 3 && strchr(" \t", text[at - 3]) && text[at - 2] == '-';
}

/* Does `text` hold `word`, not as a part of a longer one? */
static bool holds_word(const char *text, size_t length, const char *word)
{
    size_t size = strlen(word);

    for (size_t at = 0; at + size <= length; at++) {
        if (memcmp(text + at, word, size) != 0)
            continue;
        bool begins = at == 0 || !isalnum((unsigned char)text[at - 1]) || follows_option(text, at);
        if (begins && (at + size == length || !isalpha((unsigned char)text[at + size])))
            return true;
    }
    return false;
}

/* Notes a part of the file as suspect where it speaks of installing. */
static void suspect(struct finder *finder, size_t start, size_t end)
{
    const char *text = finder->file->text + start;

    if (end <= start || !holds_word(text, end - start, "install"))
        return;
    if (holds_word(text, end - start, "pip"))
        add_suspect(finder, PACKAGE_PIP, start, end);
    if (holds_word(text, end - start, "apt"))
        add_suspect(finder, PACKAGE_APT, start, end);
}

/* Is this what the shell would write a file of: "numpy" before, ">=1.24" behind? */
static bool continues_version(const struct shell_word *word, const struct shell_word *next)
{
    const char *value = next->value;

    if (!next->redirection || next->start != word->end || (value[0] != '<' && value[0] != '>'))
        return false;
    return value[1] == '=' || isdigit((unsigned char)value[1]);
}

static struct package_word *append_word(struct package_list *list)
{
    list->words = xgrow(list->words, list->count, sizeof(*list->words));
    list->words[list->count] = (struct package_word){0};
    return &list->words[list->count++];
}

/* Behind "-r", "-rFILE" or "--requirement=FILE": the file. */
static const char *file_of_option(const char *value)
{
    if (strncmp(value, "--", 2) == 0)
        return value + strlen("--requirement") + (strchr(value, '=') ? 1 : 0);
    if (value[0] != '-')
        return value;
    value += strcspn(value, "r");
    return *value ? value + 1 : value;
}

static void add_package_word(struct finder *finder, const struct dockerfile_script *script,
    const struct shell_word *words, size_t count, size_t at, enum package_role role,
    struct package_list *list)
{
    _cleanup_(strbuf_release) struct strbuf text = STRBUF_INIT(STRBUF_TEXT_MAX);
    struct package_word *word = append_word(list);
    size_t last = at;

    while (role == ROLE_PACKAGE && last + 1 < count &&
           continues_version(&words[last], &words[last + 1]))
        last++;
    size_t first = at;
    if (role == ROLE_FILE && words[at].value[0] != '-')
        do
            first--;
        while (words[first].redirection);
    strbuf_adds(&text, role == ROLE_FILE ? file_of_option(words[at].value) : words[at].value);
    for (size_t i = at + 1; i <= last; i++)
        strbuf_adds(&text, words[i].value);
    word->role = role;
    word->text = strbuf_detach(&text);
    word->version_lost = last > at;
    if (role == ROLE_PACKAGE)
        word->key = package_key(list->kind, words[at].value, words[at].fixed);
    word->before = dockerfile_script_end(script, words[first - 1].end);
    word->start = dockerfile_script_start(script, words[first].start);
    word->end = dockerfile_script_end(script, words[last].end);
    word->line = line_of(finder, word->start);
}

/* Is the word the keyword of an instruction, on a line of its own: `RUN` behind a stray '\\'? */
static bool is_swallowed_instruction(
    const struct dockerfile *file, const struct shell_word *word, size_t start)
{
    static const char *const keywords[] = {"ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV",
        "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "RUN", "SHELL", "USER", "VOLUME", "WORKDIR"};

    while (start > 0 && strchr(" \t", file->text[start - 1]))
        start--;
    if (start > 0 && file->text[start - 1] != '\n')
        return false;
    for (size_t i = 0; i < ELEMENTS(keywords); i++)
        if (strcmp(word->value, keywords[i]) == 0)
            return true;
    return false;
}

/* Do all other commands of the instruction only serve the installation? */
static bool is_whole(const struct shell_script *shell, const struct shell_command *command)
{
    for (size_t i = 0; i < shell->command_count; i++) {
        const struct shell_command *other = &shell->commands[i];
        if (other == command)
            continue;
        if (!package_command_serves(shell->words + other->first, other->count, other->depth > 0))
            return false;
    }
    return command->depth == 0;
}

/* What stands before the blanks, and escaped newlines, that end at `at`; never 0. */
static size_t end_of_blanks_before(const struct dockerfile_script *script, size_t at)
{
    while (at > 1) {
        if (strchr(" \t", script->text[at - 1]))
            at--;
        else if (script->text[at - 1] == '\n' && script->text[at - 2] == '\\')
            at -= 2;
        else
            break;
    }
    return at > 0 ? at : 1;
}

/*
 * The command goes with the separator before it, or with the one behind it where it comes
 * first or hangs on the next by "&&": in "a; install && b" the "a;" stays.
 */
static void find_cut(const struct dockerfile_script *script, const struct shell_command *command,
    struct package_list *list)
{
    const struct shell_script *shell = &script->shell;
    size_t first = shell->words[command->first].start;
    size_t last = shell->words[command->first + command->count - 1].end;
    size_t after = command->after_end;

    if (command->before == SHELL_OTHER || command->after == SHELL_OTHER)
        return;
    bool drop_before = command->before == SHELL_AND ||
                       (command->before == SHELL_NEXT && command->after != SHELL_AND);
    if (drop_before) {
        list->cut_start =
            dockerfile_script_end(script, end_of_blanks_before(script, command->before_start));
        list->cut_end = dockerfile_script_end(script, last);
        return;
    }
    while (after < script->length && strchr(" \t\n", script->text[after]))
        after++;
    if (after >= script->length)
        return;
    list->cut_start = dockerfile_script_start(script, first);
    list->cut_end = dockerfile_script_start(script, after);
}

/* "/opt/venv/bin" of a program there; NULL for a name alone. */
static char *folder_of(const char *program)
{
    const char *slash = strrchr(program, '/');

    return slash && slash > program ? xstrndup(program, (size_t)(slash - program)) : NULL;
}

static void add_list(struct finder *finder, size_t instruction,
    const struct dockerfile_script *script, const struct shell_command *command,
    const struct package_command *found, const enum package_role roles[])
{
    struct dockerfile_packages *out = finder->out;
    const struct shell_word *words = script->shell.words + command->first;
    struct package_list list = {.kind = found->kind, .is_elsewhere = found->elsewhere};

    list.folder = folder_of(found->program);
    if (!list.folder && finder->activated)
        list.folder = xstrdup(finder->activated);
    list.instruction = instruction;
    list.is_final = finder->is_final;
    list.is_exec = script->is_exec;
    list.is_heredoc = script->is_heredoc;
    list.is_whole = is_whole(&script->shell, command);
    for (size_t i = 0; i < command->count; i++) {
        size_t start = dockerfile_script_start(script, words[i].start);
        if (is_swallowed_instruction(finder->file, &words[i], start)) {
            list.swallowed = line_of(finder, start);
            break;
        }
        if (roles[i] != ROLE_NONE)
            add_package_word(finder, script, words, command->count, i, roles[i], &list);
        if (!words[i].redirection)
            list.tail = dockerfile_script_end(script, words[i].end);
    }
    if (!script->is_exec)
        find_cut(script, command, &list);
    out->lists = xgrow(out->lists, out->count, sizeof(*out->lists));
    out->lists[out->count++] = list;
}

/* What the command removes is no more installed by what comes before it. */
static void note_removal(struct finder *finder, enum package_kind kind, const char *key)
{
    for (size_t i = 0; i < finder->out->count; i++) {
        struct package_list *list = &finder->out->lists[i];
        for (size_t j = 0; list->kind == kind && list->is_final && j < list->count; j++)
            if (list->words[j].key && strcmp(list->words[j].key, key) == 0)
                list->words[j].is_removed = true;
    }
}

static void note_removals(struct finder *finder, size_t instruction, const struct shell_word *words,
    size_t count, enum package_kind kind, const enum package_role roles[])
{
    for (size_t i = 0; i < count && finder->is_final; i++) {
        if (roles[i] != ROLE_PACKAGE)
            continue;
        _cleanup_free_ char *key = package_key(kind, words[i].value, words[i].fixed);
        note_removal(finder, kind, key);
        finder->out->prepares[instruction] = true;
    }
}

/* "conda-forge::numpy=1.26" is numpy. */
static void note_other(struct finder *finder, const struct package_tool *tool,
    const struct shell_word *words, size_t count, unsigned line)
{
    struct dockerfile_packages *out = finder->out;
    struct package_other other = {.tool = tool, .line = line};

    for (size_t i = 0; i < count; i++) {
        const char *channel = strstr(words[i].value, "::");
        const char *name = channel ? channel + 2 : words[i].value;
        _cleanup_free_ char *key = package_key(PACKAGE_PIP, name, strlen(name));
        if (key && !words[i].redirection)
            strv_push(&other.keys, key);
    }
    out->others = xgrow(out->others, out->other_count, sizeof(*out->others));
    out->others[out->other_count++] = other;
}

/* What is neither pip's nor apt's: another tool, or what makes or sets a Python for pip. */
static void read_other_command(struct finder *finder, size_t instruction,
    const struct dockerfile_script *script, const struct shell_command *command)
{
    const struct shell_word *words = script->shell.words + command->first;
    size_t start = dockerfile_script_start(script, words[0].start);
    size_t first;
    const struct package_tool *tool = package_command_tool(words, command->count, &first);
    const char *activated = package_command_activated(words, command->count);

    if (tool || package_command_makes_python(words, command->count))
        finder->out->prepares[instruction] = true;
    if (tool) {
        if (finder->is_final)
            note_other(finder, tool, words + first, command->count - first, line_of(finder, start));
        return;
    }
    if (activated) {
        free(finder->activated);
        finder->activated = folder_of(activated);
    }
    suspect(finder, start, dockerfile_script_end(script, words[command->count - 1].end));
}

static void read_command(struct finder *finder, size_t instruction,
    const struct dockerfile_script *script, const struct shell_command *command)
{
    const struct shell_word *words = script->shell.words + command->first;
    _cleanup_free_ enum package_role *roles = xcalloc(command->count + 1, sizeof(*roles));
    struct package_command found;

    if (command->count == 0)
        return;
    if (!package_command_roles(words, command->count, &found, roles))
        read_other_command(finder, instruction, script, command);
    else if (found.removes)
        note_removals(finder, instruction, words, command->count, found.kind, roles);
    else
        add_list(finder, instruction, script, command, &found, roles);
}

bool dockerfile_is_setup(const struct dockerfile *file, const struct dockerfile_instruction *one)
{
    static const char *const comments[] = {RECIPE_SUDO_COMMENT, RECIPE_PIP_COMMENT,
        RECIPE_GUARD_COMMENT, RECIPE_LASTING_GUARD_COMMENT};

    for (size_t i = 0; i < ELEMENTS(comments); i++)
        if (dockerfile_comment_above(file, one, comments[i]) != SIZE_MAX)
            return true;
    return false;
}

/* Steps that ds01 writes for itself, those of the user block among them. */
static bool is_own_step(struct finder *finder, const struct dockerfile_instruction *one)
{
    return (one->start >= finder->block_start && one->start < finder->block_end) ||
           dockerfile_is_setup(finder->file, one);
}

static void read_run(struct finder *finder, size_t instruction)
{
    const struct dockerfile_instruction *one = &finder->file->instructions[instruction];
    struct dockerfile_script script = {0};

    if (is_own_step(finder, one))
        return;
    if (!finder->is_posix || !dockerfile_script_read(finder->file, one, &script)) {
        suspect(finder, one->start, one->end);
        return;
    }
    suspect(finder, script.bodies, one->end);
    for (size_t i = 0; i < script.shell.command_count; i++)
        read_command(finder, instruction, &script, &script.shell.commands[i]);
    free(finder->activated);
    finder->activated = NULL;
    dockerfile_script_release(&script);
}

/* SHELL ["program", …] */
static bool names_posix_shell(const char *arguments)
{
    _cleanup_(json_put) struct json_object *array = NULL;

    if (json_parse(arguments, strlen(arguments), &array, NULL) < 0 ||
        !json_object_is_type(array, json_type_array) || json_object_array_length(array) == 0)
        return false;
    return dockerfile_is_shell(json_object_get_string(json_object_array_get_idx(array, 0)));
}

static bool is_from(const struct dockerfile *file, size_t instruction)
{
    return strcmp(file->instructions[instruction].keyword, "FROM") == 0;
}

/* Does the FROM at `instruction` give its stage this name? */
static bool names_stage(const struct dockerfile *file, size_t instruction, const char *name)
{
    _cleanup_(strv_release) struct strv words = STRV_INIT;

    return is_from(file, instruction) &&
           dockerfile_split_from(file->instructions[instruction].arguments, file->escape, &words) &&
           words.count == 3 && strcasecmp(words.items[2], name) == 0;
}

/* The FROM, before the one at `from`, of the stage that this one begins with; SIZE_MAX: of none. */
static size_t find_base_stage(const struct dockerfile *file, size_t from)
{
    _cleanup_(strv_release) struct strv words = STRV_INIT;

    if (!dockerfile_split_from(file->instructions[from].arguments, file->escape, &words))
        return SIZE_MAX;
    for (size_t i = from; i-- > 0;)
        if (names_stage(file, i, words.items[0]))
            return i;
    return SIZE_MAX;
}

/* Of each instruction: does it stand in the last stage, or in one that this begins with? */
static bool *find_final(const struct dockerfile *file, size_t stage_start)
{
    bool *final = xcalloc(file->count + 1, sizeof(*final));
    size_t from = stage_start ? stage_start - 1 : SIZE_MAX;

    for (size_t i = stage_start; i < file->count; i++)
        final[i] = true;
    while (from != SIZE_MAX && (from = find_base_stage(file, from)) != SIZE_MAX)
        for (size_t i = from + 1; i < file->count && !is_from(file, i); i++)
            final[i] = true;
    return final;
}

static void find_last_stage(const struct dockerfile *file, struct dockerfile_packages *out)
{
    for (size_t i = 0; i < file->count; i++)
        if (strcmp(file->instructions[i].keyword, "FROM") == 0)
            out->stage_start = i + 1;
    out->stage_end = file->count;
    while (out->stage_end > out->stage_start &&
           file->instructions[out->stage_end - 1].start >= out->block_start)
        out->stage_end--;
}

void dockerfile_packages_find(const struct dockerfile *file, struct dockerfile_packages *ret)
{
    struct dockerfile_packages packages = {.block_start = file->length,
        .prepares = xcalloc(file->count + 1, sizeof(*packages.prepares))};
    struct finder finder = {.file = file,
        .out = &packages,
        .block_start = file->length,
        .block_end = file->length,
        .is_posix = true,
        .line = 1};

    if (recipe_find_user_block(file, &finder.block_start, &finder.block_end))
        packages.block_start = finder.block_start;
    find_last_stage(file, &packages);
    _cleanup_free_ bool *final = find_final(file, packages.stage_start);
    for (size_t i = 0; i < file->count; i++) {
        const struct dockerfile_instruction *one = &file->instructions[i];
        finder.is_final = final[i];
        if (strcmp(one->keyword, "FROM") == 0)
            finder.is_posix = true;
        else if (strcmp(one->keyword, "SHELL") == 0 && i < packages.stage_end)
            finder.is_posix = names_posix_shell(one->arguments);
        else if (strcmp(one->keyword, "RUN") == 0)
            read_run(&finder, i);
        finder.is_final = false;
        if (strcmp(one->keyword, "ONBUILD") == 0)
            suspect(&finder, one->start, one->end);
    }
    packages.is_posix = finder.is_posix;
    *ret = packages;
}

/* Reads the word at `at` and compares it, in its normalised form, to `key`. */
static bool word_is(const char *text, size_t length, enum package_kind kind, const char *key)
{
    _cleanup_free_ char *word = xstrndup(text, length);
    _cleanup_free_ char *name = kind == PACKAGE_PIP ? pip_requirement_name(word) : xstrdup(word);

    return strcmp(name, key) == 0;
}

static bool names_package(
    const struct dockerfile *file, const struct package_suspect *one, const char *key)
{
    const char *set = one->kind == PACKAGE_PIP ? "._-" : "+.-:";

    for (size_t at = one->start; at < one->end; at++) {
        size_t start = at;
        while (at < one->end && (isalnum((unsigned char)file->text[at]) ||
                                    (file->text[at] && strchr(set, file->text[at]))))
            at++;
        if (at > start && word_is(file->text + start, at - start, one->kind, key))
            return true;
    }
    return false;
}

unsigned dockerfile_packages_suspect(const struct dockerfile *file,
    const struct dockerfile_packages *packages, enum package_kind kind, const char *key,
    bool elsewhere)
{
    for (size_t i = 0; i < packages->suspect_count; i++) {
        const struct package_suspect *one = &packages->suspects[i];
        if (one->kind == kind && (one->is_final || elsewhere) && names_package(file, one, key))
            return dockerfile_line_number(file, one->start);
    }
    return 0;
}

void dockerfile_packages_release(struct dockerfile_packages *packages)
{
    for (size_t i = 0; i < packages->count; i++) {
        struct package_list *list = &packages->lists[i];
        for (size_t j = 0; j < list->count; j++) {
            free(list->words[j].text);
            free(list->words[j].key);
        }
        free(list->words);
        free(list->folder);
    }
    free(packages->lists);
    for (size_t i = 0; i < packages->other_count; i++)
        strv_release(&packages->others[i].keys);
    free(packages->others);
    free(packages->suspects);
    free(packages->prepares);
    *packages = (struct dockerfile_packages){0};
}
