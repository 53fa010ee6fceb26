#include "model/build_place.h"

#include <ctype.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "model/dockerfile_line.h"
#include "model/dockerfile_packages.h"
#include "model/dockerfile_word.h"
#include "model/recipe_user.h"

#define STAGE_NAME_MAX ((size_t)200) /* bytes that are compared */
#define COMPARED_MAX   ((size_t)30)  /* of an instruction, blanks not counted */

/* "[base 2/4] RUN x" in its parts. */
struct place {
    char stage[STAGE_NAME_MAX + 1]; /* "" where there is one stage only */
    unsigned number, total;
    const char *instruction; /* "RUN x" */
};

static bool read_number(const char **text, unsigned *ret)
{
    unsigned value = 0;
    size_t digits = strspn(*text, "0123456789");

    if (digits == 0 || digits > 5)
        return false;
    for (size_t i = 0; i < digits; i++)
        value = value * 10 + (unsigned)((*text)[i] - '0');
    *text += digits;
    *ret = value;
    return true;
}

static bool read_place(const char *name, struct place *ret)
{
    const char *end = *name == '[' ? strchr(name, ']') : NULL;
    const char *at = end;

    if (!end)
        return false;
    while (at > name + 1 && strchr("0123456789/", at[-1]))
        at--;
    size_t length = (size_t)(at - name) - 1;
    if (length > STAGE_NAME_MAX || (length > 0 && at[-1] != ' '))
        return false;
    *ret = (struct place){.instruction = end + 1 + strspn(end + 1, " ")};
    /* Numbers of one digit are padded where there are steps of two. */
    while (length > 0 && name[length] == ' ')
        length--;
    memcpy(ret->stage, name + 1, length);
    return read_number(&at, &ret->number) && *at++ == '/' && read_number(&at, &ret->total) &&
           at == end;
}

static bool is_keyword(const struct dockerfile_instruction *one, const char *keyword)
{
    return strcmp(one->keyword, keyword) == 0;
}

static bool makes_layer(const struct dockerfile_instruction *one)
{
    return is_keyword(one, "RUN") || is_keyword(one, "COPY") || is_keyword(one, "ADD") ||
           is_keyword(one, "WORKDIR");
}

/*
 * Is it the stage's FROM: "… AS name", or "stage-2" for the third, if that has no name? Podman says
 * "3/4" for the third of four.
 */
static bool begins_stage(
    const struct dockerfile_instruction *from, unsigned index, const char *stage)
{
    const char *last = strrchr(from->arguments, ' ');
    _cleanup_free_ char *number = xasprintf("stage-%u", index);
    unsigned ordinal = 0;

    if (!*stage || strcmp(stage, number) == 0)
        return true;
    if (strspn(stage, "0123456789/") == strlen(stage) && read_number(&stage, &ordinal))
        return *stage == '/' && ordinal == index + 1;
    return last && strncasecmp(last + 1, stage, STAGE_NAME_MAX) == 0;
}

/* The instructions of the stage, its FROM included; false where it is not found for certain. */
static bool find_stage(
    const struct dockerfile *file, const char *stage, size_t *ret_first, size_t *ret_end)
{
    unsigned froms = 0;
    bool found = false;

    for (size_t i = 0; i < file->count; i++) {
        if (!is_keyword(&file->instructions[i], "FROM"))
            continue;
        if (found && *ret_end == file->count)
            *ret_end = i;
        if (begins_stage(&file->instructions[i], froms++, stage)) {
            if (found)
                return false;
            found = true;
            *ret_first = i;
            *ret_end = file->count;
        }
    }
    return found;
}

/* Counted as BuildKit does; a stage that is based on another one has no step for its base. */
static const struct dockerfile_instruction *find_layer(
    const struct dockerfile *file, const struct place *place)
{
    size_t first = 0, end = 0;
    unsigned layers = 0, number = 0;

    if (!find_stage(file, place->stage, &first, &end))
        return NULL;
    for (size_t i = first; i < end; i++)
        layers += makes_layer(&file->instructions[i]);
    if (place->total != layers && place->total != layers + 1)
        return NULL;
    number = place->total - layers;
    for (size_t i = first; i < end; i++)
        if (makes_layer(&file->instructions[i]) && ++number == place->number)
            return &file->instructions[i];
    return NULL;
}

/*
 * Does a RUN begin as the builder says, as far as that is what the file says? A builder puts values
 * in for variables, and some take quotes away. Steps that the base brings (ONBUILD) shift the
 * numbers, so that a number alone may be another's.
 */
static bool begins_alike(
    const struct dockerfile *file, const struct dockerfile_instruction *one, const char *said)
{
    static const char blanks[] = " \t\n";

    if (!is_keyword(one, "RUN"))
        return true;
    /* Not all builders name the flags. */
    const char *written = dockerfile_split_flags(one->arguments, file->escape, NULL);
    said = dockerfile_split_flags(said + strspn(said, blanks), file->escape, NULL);
    for (size_t compared = 0; compared < COMPARED_MAX; compared++) {
        written += strspn(written, blanks);
        said += strspn(said, blanks);
        if (!*written || !*said || strchr("$'\"\\<", *written) || strchr("$'\"\\<", *said))
            return true;
        if (*written++ != *said++)
            return false;
    }
    return true;
}

/* Counted as Podman and Docker's old builder do. */
static const struct dockerfile_instruction *find_counted(
    const struct dockerfile *file, const struct place *place)
{
    size_t first = 0, end = 0;

    if (!*place->stage && place->total == file->count)
        return &file->instructions[place->number - 1];
    /* BuildKit names stages, and does not count so. */
    if (!isdigit((unsigned char)*place->stage) || !find_stage(file, place->stage, &first, &end) ||
        place->total != end - first)
        return NULL;
    return &file->instructions[first + place->number - 1];
}

static const struct dockerfile_instruction *find_numbered(
    const struct dockerfile *file, const struct place *place)
{
    if (place->number == 0 || place->number > place->total)
        return NULL;
    const struct dockerfile_instruction *found = find_layer(file, place);
    if (!found)
        found = find_counted(file, place);
    size_t length = found ? strlen(found->keyword) : 0;
    if (!found || strncasecmp(place->instruction, found->keyword, length) != 0 ||
        !strchr(" <", place->instruction[length]) ||
        !begins_alike(file, found, place->instruction + length))
        return NULL;
    return found;
}

/* But for how many blanks part the words. */
static bool is_same_text(const char *one, const char *other)
{
    static const char blanks[] = " \t\n";

    one += strspn(one, blanks);
    other += strspn(other, blanks);
    while (*one && *one == *other) {
        size_t length = strcspn(one, blanks);
        if (strncmp(one, other, length) != 0 || strcspn(other, blanks) != length)
            return false;
        one += length + strspn(one + length, blanks);
        other += length + strspn(other + length, blanks);
    }
    return *one == *other;
}

/* The only one of the very text: steps that the base brings shift all numbers. */
static const struct dockerfile_instruction *find_said(
    const struct dockerfile *file, const struct place *place)
{
    const struct dockerfile_instruction *found = NULL;
    size_t first = 0, end = 0;

    if (!find_stage(file, place->stage, &first, &end)) {
        first = 0;
        end = file->count;
    }
    for (size_t i = first; i < end; i++) {
        const struct dockerfile_instruction *one = &file->instructions[i];
        size_t length = strlen(one->keyword);
        if (strncasecmp(place->instruction, one->keyword, length) != 0 ||
            place->instruction[length] != ' ' ||
            !is_same_text(place->instruction + length, one->arguments))
            continue;
        if (found)
            return NULL;
        found = one;
    }
    return found;
}

const struct dockerfile_instruction *build_place_find(
    const struct dockerfile *file, const char *name)
{
    struct place place;

    if (!read_place(name, &place))
        return NULL;
    const struct dockerfile_instruction *found = find_numbered(file, &place);
    return found ? found : find_said(file, &place);
}

const struct dockerfile_instruction *build_place_find_address(
    const struct dockerfile *file, const char *name)
{
    const struct dockerfile_instruction *found = NULL;
    size_t addresses = 0;

    if (!text_is_web_address(name) && !text_begins(name, "git://"))
        return NULL;
    for (size_t i = 0; i < file->count; i++) {
        const struct dockerfile_instruction *one = &file->instructions[i];
        if (!is_keyword(one, "ADD") || !strstr(one->arguments, "://"))
            continue;
        if (strstr(one->arguments, name))
            return one;
        addresses++;
        found = one;
    }
    /* One that is written with variables. */
    return addresses == 1 ? found : NULL;
}

static const struct dockerfile_instruction *find_line(const struct dockerfile *file, unsigned line)
{
    for (size_t i = 0; i < file->count; i++)
        if (line >= file->instructions[i].first_line && line <= file->instructions[i].last_line)
            return &file->instructions[i];
    return NULL;
}

/*
 * Does it stand in `text` between two of the `edges`? strchr() finds the end of the text as well,
 * which ends a word, too.
 */
static bool has_word(const char *text, const char *word, const char *edges)
{
    size_t length = strlen(word);

    for (const char *at = text; (at = strstr(at, word)); at += length)
        if ((at == text || strchr(edges, at[-1])) && strchr(edges, at[length]))
            return true;
    return false;
}

static const struct dockerfile_instruction *find_word(
    const struct dockerfile *file, const char *word)
{
    const struct dockerfile_instruction *found = NULL;

    if (!*word || strchr(word, ' '))
        return NULL;
    for (size_t i = 0; i < file->count; i++) {
        if (!has_word(file->instructions[i].arguments, word, " \t"))
            continue;
        if (found)
            return NULL;
        found = &file->instructions[i];
    }
    return found;
}

/* The COPY --from= of a stage by its number. */
static const struct dockerfile_instruction *find_stage_index(
    const struct dockerfile *file, const char *index)
{
    _cleanup_free_ char *flag = xasprintf("--from=%.10s", index);

    return find_word(file, flag);
}

const struct dockerfile_instruction *build_place_find_refused(
    const struct dockerfile *file, const char *message, const char **ret_reason)
{
    static const char sign[] = "dockerfile parse error ", stage[] = "invalid stage index ";
    const char *at = strstr(message, sign);
    const char *colon = strrchr(message, ':');
    unsigned line = 0;

    if (!at) {
        *ret_reason = message;
        if (strncmp(message, stage, strlen(stage)) == 0)
            return find_stage_index(file, message + strlen(stage));
        return colon && colon[1] == ' ' ? find_word(file, colon + 2) : NULL;
    }
    at += strlen(sign);
    at += strncmp(at, "on ", 3) == 0 ? 3 : 0;
    at += strncmp(at, "line ", 5) == 0 ? 5 : 0;
    if (!read_number(&at, &line) || strncmp(at, ": ", 2) != 0)
        return NULL;
    *ret_reason = at + 2;
    return find_line(file, line);
}

static bool may_name_image(const struct dockerfile_instruction *one)
{
    return is_keyword(one, "FROM") || is_keyword(one, "ARG") || is_keyword(one, "COPY") ||
           is_keyword(one, "RUN");
}

const struct dockerfile_instruction *build_place_find_image(
    const struct dockerfile *file, const char *image)
{
    const struct dockerfile_instruction *from = NULL;
    size_t froms = 0;

    if (!*image)
        return NULL;
    for (size_t i = 0; i < file->count; i++) {
        const struct dockerfile_instruction *one = &file->instructions[i];
        if (may_name_image(one) && has_word(one->arguments, image, " \t\n\\=,\"'"))
            return one;
        if (is_keyword(one, "FROM") && froms++ == 0)
            from = one;
    }
    return froms == 1 ? from : NULL;
}

/* Where the line before the one at `start` begins; there is one. */
static size_t line_before(const struct dockerfile *file, size_t start)
{
    for (start--; start > 0 && file->text[start - 1] != '\n';)
        start--;
    return start;
}

/* For linters, or an instruction that was commented out: an upper-case word and more. */
static bool is_for_people(const char *comment)
{
    static const char *const programs[] = {"hadolint ", "shellcheck ", "check=", "syntax=", "!"};
    size_t upper = strspn(comment, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    static const char *const keywords[] = {"RUN", "COPY", "ADD", "WORKDIR", "ENV", "FROM", "USER"};

    if (!*comment || ispunct((unsigned char)*comment))
        return false;
    for (size_t i = 0; i < ELEMENTS(programs); i++)
        if (strncmp(comment, programs[i], strlen(programs[i])) == 0)
            return false;
    for (size_t i = 0; i < ELEMENTS(keywords); i++)
        if (strlen(keywords[i]) == upper && strncmp(comment, keywords[i], upper) == 0)
            return false;
    return true;
}

static char *comment_of(const struct dockerfile_line *line)
{
    const char *text = memchr(line->text, '#', (size_t)(line->end - line->text));
    const char *end = line->end;

    while (text < end && strchr("# \t", *text))
        text++;
    while (end > text && isspace((unsigned char)end[-1]))
        end--;
    return xstrndup(text, (size_t)(end - text));
}

/* The first line for people of the comment that ends right above; NULL where there is none. */
static char *comment_above(const struct dockerfile *file, size_t start)
{
    char *found = NULL;

    while (start > 0) {
        start = line_before(file, start);
        struct dockerfile_line line = dockerfile_line_at(file->text, file->length, start);
        if (!dockerfile_line_is_comment(&line))
            break;
        _cleanup_free_ char *comment = comment_of(&line);
        if (!is_for_people(comment))
            continue;
        free(found);
        found = TAKE_PTR(comment);
    }
    return found;
}

/* Of a step that does nothing but install a requirements file; else NULL. */
static char *requirements_title(
    const struct dockerfile *file, const struct dockerfile_instruction *one)
{
    _cleanup_(dockerfile_packages_release) struct dockerfile_packages packages = {0};

    if (!is_keyword(one, "RUN") || !strstr(one->arguments, "-r"))
        return NULL;
    dockerfile_packages_find(file, &packages);
    for (size_t i = 0; i < packages.count; i++) {
        const struct package_list *list = &packages.lists[i];
        if (&file->instructions[list->instruction] != one || !list->is_whole)
            continue;
        for (size_t k = 0; k < list->count; k++) {
            const char *path = list->words[k].text, *slash = strrchr(path, '/');
            if (list->words[k].role == ROLE_FILE)
                return xasprintf("Python packages from %s", slash ? slash + 1 : path);
        }
    }
    return NULL;
}

static char *title_of(const struct dockerfile *file, const struct dockerfile_instruction *one)
{
    if (is_keyword(one, "FROM"))
        return NULL;
    char *comment = comment_above(file, one->start);
    if (!comment && is_keyword(one, "RUN") && recipe_in_user_block(file, one->start))
        return xstrdup("Your user");
    return comment ? comment : requirements_title(file, one);
}

static bool has_one_stage(const struct dockerfile *file)
{
    size_t stages = 0;

    for (size_t i = 0; i < file->count; i++)
        stages += is_keyword(&file->instructions[i], "FROM");
    return stages == 1;
}

char *build_place_title(const struct dockerfile *file, const char *name)
{
    const struct dockerfile_instruction *one = build_place_find(file, name);
    _cleanup_free_ char *title = one ? title_of(file, one) : NULL;
    struct place place;

    if (!read_place(name, &place))
        return NULL;
    bool tells_stage = *place.stage && !has_one_stage(file);
    if (!title && (tells_stage || !*place.stage))
        return NULL;
    return xasprintf("[%s%s%u/%u] %s", tells_stage ? place.stage : "", tells_stage ? " " : "",
        place.number, place.total, title ? title : place.instruction);
}
