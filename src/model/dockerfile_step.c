#include "model/dockerfile_step.h"

#include <stdint.h>

#include "base/xalloc.h"
#include "model/dockerfile_line.h"
#include "model/dockerfile_quote.h"
#include "model/dockerfile_word.h"
#include "model/recipe.h"
#include "model/recipe_user.h"

/*
 * A step is put in with one blank line behind it, or before it where no blank line is; that blank
 * line goes with the step.
 */

static bool is_blank_line(const struct dockerfile *file, size_t start)
{
    struct dockerfile_line line = dockerfile_line_at(file->text, file->length, start);

    return dockerfile_line_is_blank(&line);
}

/* The beginning of the line before the one that begins at `start`, which is not the first. */
static size_t previous_line(const struct dockerfile *file, size_t start)
{
    for (start--; start > 0 && file->text[start - 1] != '\n';)
        start--;
    return start;
}

/* How the file ends its lines: as the first one does. */
static const char *newline_of(const struct dockerfile *file)
{
    const char *newline = memchr(file->text, '\n', file->length);
    const char *end = newline ? newline : file->text + file->length;

    return end > file->text && end[-1] == '\r' ? "\r\n" : "\n";
}

/* What the recipe writes, with this file's escape character and line ends, and no blank line. */
static char *adapt(const struct dockerfile *file, struct strbuf *text)
{
    struct strbuf out = STRBUF_INIT(STRBUF_TEXT_MAX);

    if (text->length > 1 && strcmp(text->text + text->length - 2, "\n\n") == 0)
        strbuf_truncate(text, text->length - 1);
    for (const char *c = strbuf_text(text); *c; c++) {
        if (*c == '\n')
            strbuf_adds(&out, newline_of(file));
        else
            strbuf_addc(&out, *c == '\\' && c[1] == '\n' ? file->escape : *c);
    }
    return strbuf_detach(&out);
}

static bool is_root(const char *user)
{
    size_t length = strcspn(user, ":");

    return (length == 4 && strncmp(user, "root", 4) == 0) || (length == 1 && user[0] == '0');
}

static bool is_keyword(const struct dockerfile_instruction *one, const char *keyword)
{
    return strcmp(one->keyword, keyword) == 0;
}

/* Instructions that say how the image is run; packages are better installed before them. */
static bool is_about_running(const struct dockerfile_instruction *one)
{
    static const char *const keywords[] = {"CMD", "ENTRYPOINT", "EXPOSE", "HEALTHCHECK", "LABEL",
        "MAINTAINER", "ONBUILD", "STOPSIGNAL", "VOLUME"};

    for (size_t i = 0; i < ELEMENTS(keywords); i++)
        if (is_keyword(one, keywords[i]))
            return true;
    return is_keyword(one, "USER") && !is_root(one->arguments);
}

static bool installs(
    const struct dockerfile *file, const struct dockerfile_packages *packages, size_t instruction)
{
    const struct dockerfile_instruction *one = &file->instructions[instruction];

    for (size_t i = 0; i < packages->count; i++)
        if (packages->lists[i].instruction == instruction)
            return true;
    return packages->prepares[instruction] || dockerfile_is_setup(file, one);
}

/* Is it a variable that says which Python is run, or what pip does? */
static bool is_pip_variable(const char *word)
{
    static const char *const names[] = {"PATH=", "VIRTUAL_ENV=", "CONDA", "PIP_", "UV_"};

    for (size_t i = 0; i < ELEMENTS(names); i++)
        if (strncmp(word, names[i], strlen(names[i])) == 0)
            return true;
    return false;
}

/* "ENV A=b PATH=…", "ENV PATH …" or "ARG PIP_…": does it set what pip goes by? */
static bool sets_pip(const struct dockerfile *file, const struct dockerfile_instruction *one)
{
    _cleanup_(strv_release) struct strv words = STRV_INIT;

    if (!is_keyword(one, "ENV") && !is_keyword(one, "ARG"))
        return false;
    dockerfile_split_quoted(one->arguments, file->escape, &words);
    for (size_t i = 0; i < words.count; i++) {
        bool is_pair = strchr(words.items[i], '=');
        _cleanup_free_ char *name = xasprintf("%s%s", words.items[i], is_pair ? "" : "=");
        if (is_pip_variable(name))
            return true;
        if (!is_pair && i == 0 && is_keyword(one, "ENV"))
            return false;
    }
    return false;
}

/*
 * The last instruction of the stage that installs, or says for pip where it does; for apt, as root.
 * SIZE_MAX where none installs.
 */
static size_t last_that_installs(const struct dockerfile *file,
    const struct dockerfile_packages *packages, enum package_kind kind)
{
    size_t last = SIZE_MAX;
    bool root = true;
    bool changed = false;

    for (size_t i = packages->stage_start; i < packages->stage_end; i++) {
        const struct dockerfile_instruction *one = &file->instructions[i];
        if (is_keyword(one, "USER")) {
            root = is_root(one->arguments);
            changed |= !root;
            continue;
        }
        /* pip's setup for another user: root is that only for it. */
        if (kind == PACKAGE_APT && (!root || (changed && dockerfile_is_setup(file, one))))
            continue;
        bool counts = installs(file, packages, i);
        if (counts || (kind == PACKAGE_PIP && last != SIZE_MAX && sets_pip(file, one)))
            last = i;
    }
    return last;
}

/*
 * Does something come behind `at`, in the last stage, that a Python package has to come behind: a
 * step that installs system packages or makes a Python, or a setting of PATH or for pip?
 */
static bool is_overtaken(
    const struct dockerfile *file, const struct dockerfile_packages *packages, size_t at)
{
    for (size_t i = 0; i < packages->count; i++) {
        const struct package_list *list = &packages->lists[i];
        if (list->kind == PACKAGE_APT && list->instruction < packages->stage_end &&
            file->instructions[list->instruction].start > at)
            return true;
    }
    for (size_t i = packages->stage_start; i < packages->stage_end; i++) {
        const struct dockerfile_instruction *one = &file->instructions[i];
        if (one->start > at && (packages->prepares[i] || sets_pip(file, one)))
            return true;
    }
    return false;
}

/* The first instruction of those that only say how the image is run; for apt, while root. */
static size_t first_about_running(const struct dockerfile *file,
    const struct dockerfile_packages *packages, enum package_kind kind)
{
    size_t at = packages->stage_end;

    while (at > packages->stage_start && is_about_running(&file->instructions[at - 1]))
        at--;
    for (size_t i = at; kind == PACKAGE_APT && i > packages->stage_start; i--) {
        const struct dockerfile_instruction *one = &file->instructions[i - 1];
        if (!is_keyword(one, "USER"))
            continue;
        if (is_root(one->arguments))
            break;
        at = i - 1;
    }
    return at;
}

/* Where a new step begins. */
static size_t find_place(const struct dockerfile *file, const struct dockerfile_packages *packages,
    enum package_kind kind)
{
    size_t last = last_that_installs(file, packages, kind);

    if (last != SIZE_MAX) {
        size_t at = file->instructions[last].end;
        if (at < packages->block_start && is_blank_line(file, at))
            at = dockerfile_line_at(file->text, file->length, at).next;
        return at;
    }
    size_t next = first_about_running(file, packages, kind);
    size_t at = next < packages->stage_end ? file->instructions[next].start : packages->block_start;
    size_t end = next > 0 ? file->instructions[next - 1].end : 0;
    while (at > end && at < file->length) {
        size_t above = previous_line(file, at);
        struct dockerfile_line line = dockerfile_line_at(file->text, file->length, above);
        if (above < end || !dockerfile_line_is_comment(&line))
            break;
        at = above;
    }
    return at;
}

/* The line behind the original's marker, or SIZE_MAX. */
static size_t find_marker(const struct dockerfile *file, const struct dockerfile_packages *packages)
{
    size_t from = packages->stage_start > 0 ? file->instructions[packages->stage_start - 1].end : 0;

    for (size_t i = packages->stage_start; i <= packages->stage_end; i++) {
        size_t to = i < packages->stage_end ? file->instructions[i].start : packages->block_start;
        while (from < to) {
            struct dockerfile_line line = dockerfile_line_at(file->text, file->length, from);
            size_t length = (size_t)(line.end - line.text);
            from = line.next;
            if (length == strlen(ORIGINAL_MARKER) &&
                memcmp(line.text, ORIGINAL_MARKER, length) == 0 && file->text[from - 1] == '\n')
                return from;
        }
        if (i < packages->stage_end)
            from = file->instructions[i].end;
    }
    return SIZE_MAX;
}

/* Would a new instruction at the end be read as a part of the last one? */
static int check_end(const struct dockerfile *file, size_t at, struct error *err)
{
    const struct dockerfile_instruction *last = &file->instructions[file->count - 1];
    size_t start = at;
    struct dockerfile_line line;

    if (at < file->length)
        return 0;
    do {
        start = previous_line(file, start);
        line = dockerfile_line_at(file->text, file->length, start);
    } while (start > last->start &&
             (dockerfile_line_is_blank(&line) || dockerfile_line_is_comment(&line)));
    if (start < last->end && dockerfile_line_trim_continuation(&line, file->escape))
        return dockerfile_refuse_line(dockerfile_line_number(file, start),
            "it is continued, and nothing stands behind it", err);
    return 0;
}

/* Puts the step at `at`; its text ends with a newline. */
static int insert(const struct dockerfile *file, size_t at, const char *step,
    struct text_changes *ret, struct error *err)
{
    const char *newline = newline_of(file);

    if (check_end(file, at, err) < 0)
        return -1;
    bool ends_line = file->text[at - 1] == '\n';
    if (ends_line && is_blank_line(file, previous_line(file, at))) {
        text_changes_add(ret, at, at, xasprintf("%s%s", step, newline));
        return 0;
    }
    if (ends_line) {
        text_changes_add(ret, at, at, xasprintf("%s%s", newline, step));
        return 0;
    }
    size_t length = strlen(step) - strlen(newline);
    text_changes_add(ret, at, at, xasprintf("%s%s%.*s", newline, newline, (int)length, step));
    return 0;
}

static int check_stage(
    const struct dockerfile *file, const struct dockerfile_packages *packages, struct error *err)
{
    if (packages->stage_start == 0)
        return dockerfile_refuse_line(file->instructions[0].first_line,
            "no FROM stands above it, so there is no image to add to", err);
    if (!packages->is_posix)
        return dockerfile_refuse_line(file->instructions[packages->stage_start - 1].first_line,
            "the stage begun there has set a shell with SHELL that ds01 does not know", err);
    return 0;
}

static bool stands_below(const struct dockerfile *file, size_t instruction, const char *comment)
{
    return dockerfile_comment_above(file, &file->instructions[instruction], comment) != SIZE_MAX;
}

/* Does an ENV of the Dockerfile that is about PATH hold this? */
static bool path_holds(const struct dockerfile *file, const char *text)
{
    for (size_t i = 0; i < file->count; i++) {
        const struct dockerfile_instruction *one = &file->instructions[i];
        if (is_keyword(one, "ENV") && strstr(one->arguments, "PATH") &&
            strstr(one->arguments, text))
            return true;
    }
    return false;
}

/* "A=/opt/venv" and "PATH=$A/bin:…", for the directory and "/bin". */
static bool path_holds_variable(
    const struct dockerfile *file, const char *directory, const char *end)
{
    for (size_t i = 0; i < file->count; i++) {
        const struct dockerfile_instruction *one = &file->instructions[i];
        _cleanup_(strv_release) struct strv words = STRV_INIT;
        if (is_keyword(one, "ENV") || is_keyword(one, "ARG"))
            dockerfile_split_quoted(one->arguments, file->escape, &words);
        for (size_t j = 0; j < words.count; j++) {
            char *value = strchr(words.items[j], '=');
            if (!value ||
                strncmp(value + 1 + strspn(value + 1, "\"'"), directory, strlen(directory)) != 0)
                continue;
            *value = '\0';
            _cleanup_free_ char *plain = xasprintf("$%s%s", words.items[j], end);
            _cleanup_free_ char *braced = xasprintf("${%s}%s", words.items[j], end);
            if (path_holds(file, plain) || path_holds(file, braced))
                return true;
        }
    }
    return false;
}

/* Are programs of the folder found by their names? As far as a Dockerfile and images usual tell. */
static bool is_on_path(const struct dockerfile *file, const char *folder)
{
    static const char *const usual[] = {"/usr/bin", "/usr/local/bin", "/bin", "/opt/conda/bin"};
    const char *slash = strrchr(folder, '/');
    const char *end = slash ? slash : folder + strlen(folder);
    _cleanup_free_ char *directory = xstrndup(folder, (size_t)(end - folder));

    for (size_t i = 0; i < ELEMENTS(usual); i++)
        if (strcmp(folder, usual[i]) == 0)
            return true;
    return path_holds(file, folder) || (*directory && path_holds_variable(file, directory, end));
}

/*
 * A step of ds01's runs the python3 of PATH. Where the Dockerfile last installs with a pip of
 * another place, the packages of such a step would not be found by what runs with that.
 */
static int check_python(
    const struct dockerfile *file, const struct dockerfile_packages *packages, struct error *err)
{
    const struct package_list *last = NULL;

    for (size_t i = 0; i < packages->count; i++) {
        const struct package_list *list = &packages->lists[i];
        if (list->kind != PACKAGE_PIP || list->instruction < packages->stage_start ||
            list->is_elsewhere)
            continue;
        if (stands_below(file, list->instruction, RECIPE_PYTHON_COMMENT))
            return 0;
        last = list;
    }
    if (!last || !last->folder || is_on_path(file, last->folder))
        return 0;
    error_set(err, ERROR_REFUSED,
        "line %u: pip installs into a Python of its own there, that of %.200s, which is not in "
        "PATH",
        file->instructions[last->instruction].first_line, last->folder);
    return error_hint(err,
        "with --edit, add it to that line, or below it the line: ENV PATH=%.200s:$PATH",
        last->folder);
}

/* Does pip install behind the instruction, by another one than `except`? */
static bool is_pip_behind(
    const struct dockerfile_packages *packages, size_t instruction, size_t except)
{
    for (size_t i = 0; i < packages->count; i++) {
        const struct package_list *list = &packages->lists[i];
        if (list->kind == PACKAGE_PIP && list->instruction > instruction &&
            list->instruction < packages->stage_end && list->instruction != except)
            return true;
    }
    return false;
}

static bool is_guard(const struct dockerfile *file, size_t instruction)
{
    return stands_below(file, instruction, RECIPE_GUARD_COMMENT) ||
           stands_below(file, instruction, RECIPE_LASTING_GUARD_COMMENT);
}

/* Does the stage have the guard of a framework, which stays whatever comes and goes? */
static bool has_lasting_guard(
    const struct dockerfile *file, const struct dockerfile_packages *packages)
{
    for (size_t i = packages->stage_start; i < packages->stage_end; i++)
        if (stands_below(file, i, RECIPE_LASTING_GUARD_COMMENT))
            return true;
    return false;
}

bool dockerfile_step_is_guarded(
    const struct dockerfile *file, const struct dockerfile_packages *packages, size_t instruction)
{
    for (size_t i = packages->stage_start; i < instruction; i++)
        if (is_guard(file, i))
            return true;
    return false;
}

/* Is there no guard yet that serves another step than the one of the instruction `except`? */
static bool needs_guard(
    const struct dockerfile *file, const struct dockerfile_packages *packages, size_t except)
{
    for (size_t i = packages->stage_start; i < packages->stage_end; i++)
        if (is_guard(file, i) && is_pip_behind(packages, i, except))
            return false;
    return true;
}

/* Is there a step of the last stage that uses pip, besides that of the instruction `except`? */
static bool uses_pip(const struct dockerfile_packages *packages, size_t except)
{
    for (size_t i = 0; i < packages->count; i++) {
        const struct package_list *list = &packages->lists[i];
        if (list->kind == PACKAGE_PIP && list->instruction >= packages->stage_start &&
            list->instruction != except)
            return true;
    }
    return false;
}

/* Whom the stage's commands run as at `at`, as USER has it; NULL for root. */
static const char *user_at(
    const struct dockerfile *file, const struct dockerfile_packages *packages, size_t at)
{
    const char *user = NULL;

    for (size_t i = packages->stage_start; i < packages->stage_end; i++) {
        const struct dockerfile_instruction *one = &file->instructions[i];
        if (one->start < at && is_keyword(one, "USER"))
            user = is_root(one->arguments) ? NULL : one->arguments;
    }
    return user;
}

bool dockerfile_step_may_grow(
    const struct dockerfile *file, const struct dockerfile_packages *packages, size_t instruction)
{
    size_t start = file->instructions[instruction].start;

    return !is_overtaken(file, packages, start) && !user_at(file, packages, start);
}

/* pip's own setup; of it only the guard, where the stage shows that pip is there. */
static void write_setup_if_needed(
    const struct dockerfile *file, const struct dockerfile_packages *packages, struct strbuf *out)
{
    if (has_lasting_guard(file, packages))
        return;
    if (!uses_pip(packages, SIZE_MAX))
        recipe_write_pip_setup(out);
    else if (needs_guard(file, packages, SIZE_MAX))
        recipe_write_pip_guard(out);
}

/* For another user than root, who is NULL: only root can write what all see, the guard too. */
static void begin_as_root(const char *user, struct strbuf *out)
{
    if (user)
        strbuf_adds(out, "USER root\n");
}

/* Behind what ends with a blank line. */
static void end_as_root(const char *user, struct strbuf *out)
{
    if (!user)
        return;
    strbuf_truncate(out, out->length - 1);
    strbuf_addf(out, "USER %s\n\n", user);
}

/* The marker, where a guard stands above it and a package may join there; else SIZE_MAX. */
static size_t find_guarded_marker(
    const struct dockerfile *file, const struct dockerfile_packages *packages)
{
    size_t marker = find_marker(file, packages);
    size_t i = packages->stage_start;

    if (marker == SIZE_MAX || is_overtaken(file, packages, marker) ||
        user_at(file, packages, marker))
        return SIZE_MAX;
    while (i < packages->stage_end && file->instructions[i].start < marker)
        i++;
    return dockerfile_step_is_guarded(file, packages, i) ? marker : SIZE_MAX;
}

/* A Dockerfile by hand, or the original's, need not set what ds01's own ones do. */
static enum pip_leave find_leave(
    const struct dockerfile *file, const struct dockerfile_packages *packages)
{
    for (size_t i = packages->stage_start; i < packages->stage_end; i++)
        if (is_keyword(&file->instructions[i], "ENV") &&
            strstr(file->instructions[i].arguments, PIP_LEAVE))
            return PIP_LEAVE_IN_ENV;
    return PIP_LEAVE_IN_STEP;
}

int dockerfile_step_add_package(const struct dockerfile *file,
    const struct dockerfile_packages *packages, enum package_kind kind, const char *requirement,
    struct text_changes *ret, struct error *err)
{
    _cleanup_(strbuf_release) struct strbuf text = STRBUF_INIT(STRBUF_TEXT_MAX);
    _cleanup_(strv_release) struct strv list = STRV_INIT;
    size_t marker = kind == PACKAGE_PIP ? find_guarded_marker(file, packages) : SIZE_MAX;
    size_t at = marker != SIZE_MAX ? marker : find_place(file, packages, kind);
    const char *user = user_at(file, packages, at);

    if (check_stage(file, packages, err) < 0 ||
        (kind == PACKAGE_PIP && check_python(file, packages, err) < 0))
        return -1;
    strv_push(&list, requirement);
    begin_as_root(user, &text);
    if (kind == PACKAGE_APT) {
        recipe_write_system_packages(&list, &text);
    } else {
        if (marker == SIZE_MAX)
            write_setup_if_needed(file, packages, &text);
        recipe_write_python_packages(&list, find_leave(file, packages), &text);
    }
    end_as_root(user, &text);
    _cleanup_free_ char *step = adapt(file, &text);
    if (marker == SIZE_MAX)
        return insert(file, at, step, ret, err);
    /* The marker stands in for the comment, and stays. */
    text_changes_add(ret, marker, marker, xstrdup(strchr(step, '\n') + 1));
    return 0;
}

int dockerfile_step_add_requirements(const struct dockerfile *file,
    const struct dockerfile_packages *packages, const char *requirements, struct text_changes *ret,
    struct error *err)
{
    _cleanup_(strbuf_release) struct strbuf text = STRBUF_INIT(STRBUF_TEXT_MAX);

    if (check_stage(file, packages, err) < 0 || check_python(file, packages, err) < 0)
        return -1;
    size_t at = find_place(file, packages, PACKAGE_PIP);
    const char *user = user_at(file, packages, at);
    begin_as_root(user, &text);
    write_setup_if_needed(file, packages, &text);
    recipe_write_requirements(requirements, find_leave(file, packages), &text);
    end_as_root(user, &text);
    _cleanup_free_ char *step = adapt(file, &text);
    return insert(file, at, step, ret, err);
}

/* Without its newline a file stays, when what came last goes: the line before gives its own up. */
static size_t give_up_newline(const struct dockerfile *file, size_t start, size_t end)
{
    if (end < file->length || start == 0 || file->text[end - 1] == '\n')
        return start;
    start--;
    bool two = newline_of(file)[0] == '\r' && start > 0 && file->text[start - 1] == '\r';
    return two ? start - 1 : start;
}

void dockerfile_step_add_folder(const struct dockerfile *file, size_t before, const char *folder,
    const char *place, struct text_changes *ret)
{
    const struct dockerfile_instruction *one = &file->instructions[before];
    size_t at = dockerfile_comment_above(file, one, RECIPE_REQUIREMENTS_COMMENT);
    _cleanup_(strbuf_release) struct strbuf text = STRBUF_INIT(STRBUF_TEXT_MAX);

    recipe_write_requirements_folder(folder, place, &text);
    _cleanup_free_ char *step = adapt(file, &text);
    if (at == SIZE_MAX)
        at = one->start;
    text_changes_add(ret, at, at, xasprintf("%s%s", step, newline_of(file)));
}

void dockerfile_step_remove_folder(
    const struct dockerfile *file, size_t copy, struct text_changes *ret)
{
    const struct dockerfile_instruction *one = &file->instructions[copy];
    size_t start = dockerfile_comment_above(file, one, RECIPE_FOLDER_COMMENT);
    size_t end = one->end;

    if (start == SIZE_MAX)
        start = one->start;
    else if (end < file->length && is_blank_line(file, end))
        end = dockerfile_line_at(file->text, file->length, end).next;
    text_changes_add(ret, give_up_newline(file, start, end), end, NULL);
}

/* Where that step of the recipe begins, when it ends right at `end`; otherwise `end`. */
static size_t start_of_own(const struct dockerfile *file, size_t end, struct strbuf *step)
{
    _cleanup_free_ char *text = adapt(file, step);
    _cleanup_free_ char *above = xasprintf("%s%s", text, newline_of(file));
    size_t length = strlen(above);

    if (end < length || memcmp(file->text + end - length, above, length) != 0)
        return end;
    return end - length;
}

/* Where pip's own setup right above the step begins, as far as nothing else needs it. */
static size_t start_of_setup(const struct dockerfile *file,
    const struct dockerfile_packages *packages, const struct package_list *list, size_t start)
{
    _cleanup_(strbuf_release) struct strbuf setup = STRBUF_INIT(STRBUF_TEXT_MAX);
    _cleanup_(strbuf_release) struct strbuf guard = STRBUF_INIT(STRBUF_TEXT_MAX);

    if (list->kind != PACKAGE_PIP || has_lasting_guard(file, packages))
        return start;
    recipe_write_pip_setup(&setup);
    bool is_used = uses_pip(packages, list->instruction);
    size_t whole = is_used ? start : start_of_own(file, start, &setup);
    if (whole != start || !needs_guard(file, packages, list->instruction))
        return whole;
    recipe_write_pip_guard(&guard);
    return start_of_own(file, start, &guard);
}

static bool stands_at(const struct dockerfile *file, size_t at, const char *text)
{
    size_t length = strlen(text);

    return length <= file->length - at && memcmp(file->text + at, text, length) == 0;
}

/* Takes in the two USER lines right around a step that make it root's, where ds01 wrote such. */
static void take_in_user(const struct dockerfile *file, const struct dockerfile_packages *packages,
    size_t *start, size_t *end)
{
    size_t above = *start > 0 ? previous_line(file, *start) : 0;
    const char *user = user_at(file, packages, above);
    _cleanup_free_ char *root_line = xasprintf("USER root%s", newline_of(file));
    _cleanup_free_ char *user_line = xasprintf("USER %s", user ? user : "");
    size_t behind = *end + strlen(user_line);

    if (!user || !stands_at(file, above, root_line) || !stands_at(file, *end, user_line))
        return;
    if (behind < file->length) {
        if (!stands_at(file, behind, newline_of(file)))
            return;
        behind += strlen(newline_of(file));
    }
    *start = above;
    *end = behind;
}

/* Where what ds01 wrote above the instruction begins; SIZE_MAX where it did not write it. */
static size_t start_of_step(const struct dockerfile *file,
    const struct dockerfile_packages *packages, const struct package_list *list,
    const struct dockerfile_instruction *first)
{
    static const char *const comments[] = {
        RECIPE_PYTHON_COMMENT, RECIPE_SYSTEM_COMMENT, RECIPE_REQUIREMENTS_COMMENT};
    size_t start = SIZE_MAX;

    for (size_t i = 0; i < ELEMENTS(comments) && start == SIZE_MAX; i++)
        start = dockerfile_comment_above(file, first, comments[i]);
    return start == SIZE_MAX ? start : start_of_setup(file, packages, list, start);
}

void dockerfile_step_remove(const struct dockerfile *file,
    const struct dockerfile_packages *packages, const struct package_list *list, size_t first,
    struct text_changes *ret)
{
    const struct dockerfile_instruction *one = &file->instructions[first];
    size_t start = start_of_step(file, packages, list, one);
    size_t end = file->instructions[list->instruction].end;

    if (start != SIZE_MAX)
        take_in_user(file, packages, &start, &end);
    if (start == SIZE_MAX)
        start = one->start;
    else if (end < file->length && is_blank_line(file, end))
        end = dockerfile_line_at(file->text, file->length, end).next;
    else if (start > 0 && is_blank_line(file, previous_line(file, start)))
        start = previous_line(file, start);
    text_changes_add(ret, give_up_newline(file, start, end), end, NULL);
}
