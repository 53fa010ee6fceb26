#include "model/dockerfile_list.h"

#include "base/xalloc.h"
#include "model/dockerfile_line.h"
#include "model/dockerfile_quote.h"

#define BLANKS " \t"

void text_changes_add(struct text_changes *changes, size_t start, size_t end, char *text)
{
    changes->items[changes->count].start = start;
    changes->items[changes->count].end = end;
    changes->items[changes->count].text = text;
    changes->count++;
}

void text_changes_apply(
    const struct text_changes *changes, const char *text, size_t length, struct strbuf *ret_text)
{
    size_t copied = 0;

    for (size_t i = 0; i < changes->count; i++) {
        strbuf_add(ret_text, text + copied, changes->items[i].start - copied);
        if (changes->items[i].text)
            strbuf_adds(ret_text, changes->items[i].text);
        copied = changes->items[i].end;
    }
    strbuf_add(ret_text, text + copied, length - copied);
}

void text_changes_release(struct text_changes *changes)
{
    for (size_t i = 0; i < changes->count; i++)
        free(changes->items[i].text);
    *changes = (struct text_changes){0};
}

int dockerfile_refuse_line(unsigned line, const char *why, struct error *err)
{
    error_set(err, ERROR_REFUSED, "line %u: %s", line, why);
    return error_hint(err, "change that line yourself, with --edit");
}

/* A word on its physical line. */
struct place {
    struct dockerfile_line line; /* its end: before blanks, continuation and newline */
    bool is_first;               /* only blanks before it, and lines of the instruction above */
    bool is_last;                /* only blanks behind it */
    bool continues;
};

static bool only_blanks(const char *text, const char *end)
{
    while (text < end && strchr(BLANKS, *text))
        text++;
    return text == end;
}

static struct dockerfile_line line_around(const struct dockerfile *file, size_t offset)
{
    while (offset > 0 && file->text[offset - 1] != '\n')
        offset--;
    return dockerfile_line_at(file->text, file->length, offset);
}

/* In a heredoc the shell continues lines: by a '\\' that is the very last byte. */
static bool trim_continuation(
    const struct dockerfile *file, const struct package_list *list, struct dockerfile_line *line)
{
    if (!list->is_heredoc)
        return dockerfile_line_trim_continuation(line, file->escape);
    if (line->end == line->text || line->end[-1] != '\\')
        return false;
    line->end--;
    return true;
}

static struct place find_place(
    const struct dockerfile *file, const struct package_list *list, size_t start, size_t end)
{
    struct place place = {.line = line_around(file, start)};
    const struct dockerfile_instruction *one = &file->instructions[list->instruction];

    place.continues = trim_continuation(file, list, &place.line);
    place.is_first =
        place.line.start > one->start && only_blanks(place.line.text, file->text + start);
    place.is_last = only_blanks(file->text + end, place.line.end);
    while (place.line.end > place.line.text && strchr(BLANKS, place.line.end[-1]))
        place.line.end--;
    return place;
}

/*
 * The line above that is continued on this one, comments and blank lines passed over;
 * *ret_adjacent tells whether none were. Its end is before blanks and continuation.
 */
static struct dockerfile_line line_above(const struct dockerfile *file,
    const struct package_list *list, size_t start, bool *ret_adjacent)
{
    struct dockerfile_line line = line_around(file, start - 1);

    *ret_adjacent = true;
    while (line.start > file->instructions[list->instruction].start && !list->is_heredoc &&
           (dockerfile_line_is_comment(&line) || dockerfile_line_is_blank(&line))) {
        *ret_adjacent = false;
        line = line_around(file, line.start - 1);
    }
    trim_continuation(file, list, &line);
    while (line.end > line.text && strchr(BLANKS, line.end[-1]))
        line.end--;
    return line;
}

/* Words that a continuation goes through, and lists that swallowed an instruction, stay. */
static int check_word(const struct dockerfile *file, const struct package_list *list, size_t start,
    size_t end, struct error *err)
{
    if (list->swallowed)
        return dockerfile_refuse_line(
            list->swallowed, "the '\\' before it makes it a part of the line above", err);
    if (memchr(file->text + start, '\n', end - start))
        return dockerfile_refuse_line(
            dockerfile_line_number(file, start), "a word there goes over the end of the line", err);
    return 0;
}

static char *quote(const struct package_list *list, const char *before, const char *requirement)
{
    struct strbuf out = STRBUF_INIT(STRBUF_TEXT_MAX);

    strbuf_adds(&out, before);
    if (!list->is_exec) {
        dockerfile_add_shell_word(&out, requirement);
        return strbuf_detach(&out);
    }
    strbuf_addc(&out, '"');
    for (const char *c = requirement; *c; c++) {
        if (*c == '"' || *c == '\\')
            strbuf_addc(&out, '\\');
        strbuf_addc(&out, *c);
    }
    strbuf_addc(&out, '"');
    return strbuf_detach(&out);
}

int dockerfile_list_replace(const struct dockerfile *file, const struct package_list *list,
    const struct package_word *word, const char *requirement, struct text_changes *ret,
    struct error *err)
{
    if (check_word(file, list, word->start, word->end, err) < 0)
        return -1;
    text_changes_add(ret, word->start, word->end, quote(list, "", requirement));
    return 0;
}

/* Does another word of the command follow on the same line? */
static bool word_follows(const struct package_list *list, const struct place *place,
    const struct dockerfile *file, size_t end)
{
    size_t line_end = (size_t)(place->line.end - file->text);

    return list->tail > end && file->text[end] && strchr(BLANKS, file->text[end]) &&
           !strchr(";&|<>)#", file->text[end + strspn(file->text + end, BLANKS)]) &&
           end + strspn(file->text + end, BLANKS) < line_end;
}

/* What stands between a word on a line of its own and the next such line: " \\\n    ". */
static char *line_break(const struct dockerfile *file, const struct package_list *list,
    const struct place *place, size_t end)
{
    struct strbuf out = STRBUF_INIT(STRBUF_TEXT_MAX);
    size_t indent = strspn(place->line.text, BLANKS);

    if (place->continues && place->is_last) {
        strbuf_add(&out, file->text + end, place->line.next - end);
    } else {
        bool adjacent;
        struct dockerfile_line above = line_above(file, list, place->line.start, &adjacent);
        strbuf_add(&out, above.end, (size_t)(file->text + above.next - above.end));
    }
    strbuf_add(&out, place->line.text, indent);
    return strbuf_detach(&out);
}

int dockerfile_list_append(const struct dockerfile *file, const struct package_list *list,
    const char *requirement, struct text_changes *ret, struct error *err)
{
    const struct package_word *last = list->words;

    for (size_t i = 0; i < list->count; i++)
        if (list->words[i].role == ROLE_PACKAGE)
            last = &list->words[i];
    size_t end = last->end;
    if (check_word(file, list, last->start, end, err) < 0)
        return -1;
    struct place place = find_place(file, list, last->start, end);
    bool own_line = place.is_first && !word_follows(list, &place, file, end);
    _cleanup_free_ char *before = own_line ? line_break(file, list, &place, end) : xstrdup(" ");
    if (own_line && !strchr(before, '\n'))
        return dockerfile_refuse_line(dockerfile_line_number(file, end),
            "it is continued, and nothing stands behind it", err);
    text_changes_add(ret, end, end, quote(list, before, requirement));
    return 0;
}

/* The last line of a list goes: the one above it that now comes last must not be continued. */
static int remove_last_line(const struct dockerfile *file, const struct package_list *list,
    const struct package_word *word, const struct place *place, struct text_changes *ret)
{
    bool adjacent;
    struct dockerfile_line above = line_above(file, list, place->line.start, &adjacent);
    size_t above_end = (size_t)(above.end - file->text);
    struct dockerfile_line whole = line_around(file, above.start);

    if (adjacent) {
        text_changes_add(ret, above_end, word->end, NULL);
        return 0;
    }
    if (!place->is_last) {
        size_t blanks = strspn(file->text + word->end, BLANKS);
        text_changes_add(ret, word->start, word->end + blanks, NULL);
        return 0;
    }
    size_t start = place->line.start;
    if (file->text[place->line.next - 1] != '\n')
        start = (size_t)(line_around(file, start - 1).end - file->text);
    text_changes_add(ret, above_end, (size_t)(whole.end - file->text), NULL);
    text_changes_add(ret, start, place->line.next, NULL);
    return 0;
}

int dockerfile_list_remove(const struct dockerfile *file, const struct package_list *list,
    const struct package_word *word, struct text_changes *ret, struct error *err)
{
    size_t from = list->is_exec ? word->before : word->start;

    if (check_word(file, list, from, word->end, err) < 0)
        return -1;
    if (list->is_exec) {
        text_changes_add(ret, word->before, word->end, NULL);
        return 0;
    }
    struct place place = find_place(file, list, word->start, word->end);
    if (place.is_first && place.is_last && place.continues) {
        text_changes_add(ret, place.line.start, place.line.next, NULL);
        return 0;
    }
    if (place.is_first && !word_follows(list, &place, file, word->end))
        return remove_last_line(file, list, word, &place, ret);
    size_t start = word->start;
    size_t end = word->end;
    if (place.is_first)
        end += strspn(file->text + end, BLANKS);
    while (!place.is_first && start > 0 && strchr(BLANKS, file->text[start - 1]))
        start--;
    text_changes_add(ret, start, end, NULL);
    return 0;
}

int dockerfile_list_cut(const struct dockerfile *file, const struct package_list *list,
    struct text_changes *ret, struct error *err)
{
    unsigned line = dockerfile_line_number(file, list->words[0].start);

    if (list->swallowed)
        return check_word(file, list, 0, 0, err);
    if (list->cut_start >= list->cut_end)
        return dockerfile_refuse_line(
            line, "its only package cannot be taken out without changing what else it does", err);
    struct dockerfile_line at = line_around(file, list->cut_start);
    for (; at.next < list->cut_end; at = dockerfile_line_at(file->text, file->length, at.next))
        if (at.start > list->cut_start && dockerfile_line_is_comment(&at))
            return dockerfile_refuse_line(dockerfile_line_number(file, at.start),
                "a comment stands within what would have to go", err);
    text_changes_add(ret, list->cut_start, list->cut_end, NULL);
    return 0;
}
