#include "model/dockerfile_edit.h"

#include <stdint.h>

#include "base/xalloc.h"
#include "model/dockerfile_step.h"
#include "model/dockerfile_word.h"
#include "model/recipe.h"
#include "model/requirement.h"

/*
 * One place after the other: read, find, say what to replace, replace, read again and
 * compare. So no change has to know of another.
 */

#define FILE_NAME_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"

/* One thing that is asked for. */
struct wish {
    bool removes;
    enum package_role role; /* ROLE_PACKAGE or ROLE_FILE */
    enum package_kind kind;
    const char *text; /* the requirement, or the file's name */
    const char *key;  /* of the package; the file's name */
    bool any_version; /* only the name is asked for: what is there already will do */
};

/* A Dockerfile and what it installs. */
struct reading {
    struct dockerfile *file;
    struct dockerfile_packages packages;
};

static int reading_open(const char *text, size_t length, struct reading *ret, struct error *err)
{
    if (dockerfile_parse(text, length, &ret->file, err) < 0)
        return -1;
    dockerfile_packages_find(ret->file, &ret->packages);
    return 0;
}

static void reading_release(struct reading *reading)
{
    dockerfile_packages_release(&reading->packages);
    dockerfile_free(reading->file);
    reading->file = NULL;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static bool is_wanted(
    const struct wish *wish, const struct package_list *list, const struct package_word *word)
{
    if (!dockerfile_package_stays(list, word) || list->kind != wish->kind ||
        word->role != wish->role)
        return false;
    return strcmp(wish->role == ROLE_FILE ? base_name(word->text) : word->key, wish->key) == 0;
}

/* Does the word say already what is wished, as the first of its name in its list? */
static bool is_fulfilled(
    const struct wish *wish, const struct package_list *list, const struct package_word *word)
{
    if (wish->any_version)
        return true;
    for (const struct package_word *one = list->words; one < word; one++)
        if (is_wanted(wish, list, one))
            return false;
    return wish->role == ROLE_FILE || (!word->version_lost && strcmp(word->text, wish->text) == 0);
}

/* The first word to change; *ret_found tells whether any of that name is there. */
static struct package_word *find_word(const struct dockerfile_packages *packages,
    const struct wish *wish, struct package_list **ret_list, bool *ret_found)
{
    *ret_found = false;
    for (size_t i = 0; i < packages->count; i++) {
        struct package_list *list = &packages->lists[i];
        for (size_t j = 0; j < list->count; j++) {
            if (!is_wanted(wish, list, &list->words[j]))
                continue;
            *ret_found = true;
            *ret_list = list;
            if (wish->removes || !is_fulfilled(wish, list, &list->words[j]))
                return &list->words[j];
        }
    }
    return NULL;
}

static bool has_package(const struct package_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->words[i].role == ROLE_PACKAGE)
            return true;
    return false;
}

static bool stands_below(
    const struct reading *reading, const struct package_list *list, const char *comment)
{
    const struct dockerfile_instruction *one = &reading->file->instructions[list->instruction];

    return dockerfile_comment_above(reading->file, one, comment) != SIZE_MAX;
}

/* In a step that ds01 wrote for packages one by one? */
static bool is_own(const struct reading *reading, const struct package_list *list)
{
    return !list->is_exec && has_package(list) &&
           stands_below(reading, list,
               list->kind == PACKAGE_APT ? RECIPE_SYSTEM_COMMENT : RECIPE_PYTHON_COMMENT);
}

/* How many packages are installed anew with the instruction; SIZE_MAX: who knows what is done. */
static size_t packages_in_step(const struct reading *reading, size_t instruction)
{
    const struct dockerfile *file = reading->file;
    size_t count = dockerfile_is_setup(file, &file->instructions[instruction]) ? 0 : SIZE_MAX;

    for (size_t i = 0; i < reading->packages.count; i++) {
        const struct package_list *list = &reading->packages.lists[i];
        if (list->instruction != instruction)
            continue;
        if (!is_own(reading, list))
            return SIZE_MAX;
        count = list->count;
    }
    return count;
}

/* A step that changes is done anew, and all behind it: is there room for one package more? */
static bool has_room(const struct reading *reading, const struct package_list *list)
{
    size_t total = 0;

    for (size_t i = list->instruction; i < reading->packages.stage_end; i++) {
        if (strcmp(reading->file->instructions[i].keyword, "RUN") != 0)
            continue;
        size_t count = packages_in_step(reading, i);
        if (count >= RECIPE_STEP_PACKAGES)
            return false;
        total += count;
    }
    return total < RECIPE_STEP_PACKAGES;
}

/*
 * The list that new packages join: the last one that ds01 wrote, or the original did. A guard
 * cannot come with a line, so where none stands above the list a new step is to bring it; but not
 * in a file that does not build, with a list that has swallowed an instruction.
 */
static struct package_list *find_own_list(const struct reading *reading, enum package_kind kind)
{
    struct package_list *found = NULL;
    bool is_original = false;

    for (size_t i = 0; i < reading->packages.count; i++) {
        struct package_list *list = &reading->packages.lists[i];
        if (list->kind != kind || !list->is_final || list->is_elsewhere || list->is_exec ||
            !has_package(list) || list->instruction < reading->packages.stage_start ||
            list->instruction >= reading->packages.stage_end)
            continue;
        bool original = kind == PACKAGE_PIP && stands_below(reading, list, ORIGINAL_MARKER);
        if (!original && !is_own(reading, list))
            continue;
        if (kind == PACKAGE_PIP && !list->swallowed &&
            !dockerfile_step_is_guarded(reading->file, &reading->packages, list->instruction))
            continue;
        found = list;
        is_original = original;
    }
    if (!found || (kind == PACKAGE_PIP && !dockerfile_step_may_grow(reading->file,
                                              &reading->packages, found->instruction)))
        return NULL;
    return is_original || has_room(reading, found) ? found : NULL;
}

static int refuse_suspect(const struct reading *reading, const struct wish *wish, struct error *err)
{
    unsigned line = dockerfile_packages_suspect(
        reading->file, &reading->packages, wish->kind, wish->key, wish->removes);
    _cleanup_free_ char *why =
        xasprintf("it names '%.100s' in a way that ds01 does not dare to change", wish->key);

    return line ? dockerfile_refuse_line(line, why, err) : 0;
}

/* Of a package that does not stay in the image. */
static const char *why_absent(const struct package_list *list)
{
    if (!list->is_final)
        return "the package is installed there, in a stage that the last one does not begin with";
    if (list->is_elsewhere)
        return "the package is installed there, in a folder of its own";
    return "the package is installed there, and removed again behind it";
}

/* The command of another tool that names the package, or else the first that might install it. */
static const struct package_other *find_other(
    const struct dockerfile_packages *packages, const struct wish *wish)
{
    const struct package_other *found = NULL;

    for (size_t i = packages->other_count; i > 0; i--) {
        const struct package_other *other = &packages->others[i - 1];
        if (strv_contains(&other->keys, wish->key))
            return other;
        if (wish->role == ROLE_PACKAGE && other->tool->kind == wish->kind)
            found = other;
    }
    return found;
}

static int blame_other(
    const struct package_other *other, const struct wish *wish, struct error *err)
{
    const char *own = wish->kind == PACKAGE_PIP ? "pip" : "apt";
    const char *tool = other->tool->name;

    if (strv_contains(&other->keys, wish->key)) {
        error_set(err, ERROR_NOT_FOUND, "line %u: '%.100s' is installed there with %s, not with %s",
            other->line, wish->key, tool, own);
        return error_hint(err, "change that line yourself, with --edit");
    }
    error_set(err, ERROR_NOT_FOUND, "the Dockerfile installs no '%.100s' with %s", wish->key, own);
    return error_hint(
        err, "line %u installs with %s, which only --edit can change", other->line, tool);
}

/* Says why what is to be removed is not found, as well as that can be said. */
static int refuse_absent(const struct reading *reading, const struct wish *wish, struct error *err)
{
    unsigned line = 0;

    if (wish->role == ROLE_PACKAGE && refuse_suspect(reading, wish, err) < 0)
        return -1;
    for (size_t i = 0; i < reading->packages.count; i++) {
        const struct package_list *list = &reading->packages.lists[i];
        for (size_t j = 0; j < list->count; j++) {
            const struct package_word *word = &list->words[j];
            if (list->kind == wish->kind && word->key && strcmp(word->key, wish->key) == 0)
                return dockerfile_refuse_line(word->line, why_absent(list), err);
            if (list->kind == wish->kind && word->role == ROLE_OTHER && strchr(word->text, '$'))
                line = word->line;
        }
    }
    const struct package_other *other = find_other(&reading->packages, wish);
    if (other)
        return blame_other(other, wish, err);
    error_set(err, ERROR_NOT_FOUND, "the Dockerfile installs no '%.100s'", wish->key);
    if (line)
        return error_hint(
            err, "line %u installs what a variable holds; look there, with --edit", line);
    return error_hint(err, "look what it installs with --edit");
}

/* Is this the name of the file, or of the folder as "NAME/"? */
static bool names_it(const char *path, const char *name)
{
    size_t length = strlen(path);

    if (length > 0 && path[length - 1] == '/')
        length--;
    _cleanup_free_ char *trimmed = xstrndup(path, length);
    return strcmp(base_name(trimmed), name) == 0;
}

/*
 * "COPY <file or folder> <directory>" of the last stage, before the instruction that installs.
 * *ret_place, if asked for, is the directory, to be freed.
 */
static size_t find_copy(
    const struct reading *reading, const char *name, size_t before, char **ret_place)
{
    for (size_t i = before; i > reading->packages.stage_start; i--) {
        const struct dockerfile_instruction *one = &reading->file->instructions[i - 1];
        _cleanup_(strv_release) struct strv words = STRV_INIT;
        if (strcmp(one->keyword, "COPY") != 0)
            continue;
        strv_push_words(&words, one->arguments);
        if (words.count != 2 || !names_it(words.items[0], name))
            continue;
        if (ret_place)
            *ret_place = xstrdup(words.items[1]);
        return i - 1;
    }
    return SIZE_MAX;
}

static int remove_word(const struct reading *reading, const struct wish *wish,
    const struct package_list *list, const struct package_word *word, struct text_changes *changes,
    struct error *err)
{
    const struct dockerfile *file = reading->file;
    size_t first = list->instruction;
    size_t copy = wish->removes && wish->role == ROLE_FILE
                      ? find_copy(reading, wish->key, list->instruction, NULL)
                      : SIZE_MAX;
    bool is_step = list->count == 1 && list->is_whole && !list->swallowed;

    if (is_step && copy != SIZE_MAX && copy + 1 == first &&
        file->instructions[copy].end == file->instructions[first].start)
        first = copy;
    else if (copy != SIZE_MAX)
        text_changes_add(
            changes, file->instructions[copy].start, file->instructions[copy].end, NULL);
    if (list->count > 1)
        return dockerfile_list_remove(file, list, word, changes, err);
    if (!is_step)
        return dockerfile_list_cut(file, list, changes, err);
    dockerfile_step_remove(file, &reading->packages, list, first, changes);
    return 0;
}

/* Something that is not there yet. */
static int add_new(const struct reading *reading, const struct wish *wish,
    struct text_changes *changes, struct error *err)
{
    if (wish->role == ROLE_FILE)
        return dockerfile_step_add_requirements(
            reading->file, &reading->packages, wish->text, changes, err);
    if (refuse_suspect(reading, wish, err) < 0)
        return -1;
    const struct package_list *own = find_own_list(reading, wish->kind);
    if (own)
        return dockerfile_list_append(reading->file, own, wish->text, changes, err);
    return dockerfile_step_add_package(
        reading->file, &reading->packages, wish->kind, wish->text, changes, err);
}

/* Says the next thing to change; nothing, when the wish is fulfilled. */
static int next_change(const struct reading *reading, const struct wish *wish, bool again,
    struct text_changes *changes, struct error *err)
{
    struct package_list *list = NULL;
    bool found = false;
    struct package_word *word = find_word(&reading->packages, wish, &list, &found);

    if (!word) {
        if (found || (wish->removes && again))
            return 0;
        return wish->removes ? refuse_absent(reading, wish, err)
                             : add_new(reading, wish, changes, err);
    }
    if (wish->removes)
        return remove_word(reading, wish, list, word, changes, err);
    for (const struct package_word *one = list->words; one < word; one++)
        if (is_wanted(wish, list, one))
            return remove_word(reading, wish, list, word, changes, err);
    return dockerfile_list_replace(reading->file, list, word, wish->text, changes, err);
}

/* All words but the wanted ones, a line each, and how many wanted ones there are. */
static char *describe_others(const struct reading *reading, const struct wish *wish,
    size_t *ret_wanted, size_t *ret_fulfilled)
{
    struct strbuf out = STRBUF_INIT(STRBUF_TEXT_MAX);

    *ret_wanted = *ret_fulfilled = 0;
    for (size_t i = 0; i < reading->packages.count; i++) {
        const struct package_list *list = &reading->packages.lists[i];
        for (size_t j = 0; j < list->count; j++) {
            const struct package_word *word = &list->words[j];
            bool wanted = is_wanted(wish, list, word);
            *ret_wanted += wanted;
            *ret_fulfilled += wanted && is_fulfilled(wish, list, word);
            if (!wanted)
                strbuf_addf(&out, "%d %d %d %d %s\n", (int)list->kind, list->is_final,
                    (int)word->role, word->version_lost, word->text);
        }
    }
    return strbuf_detach(&out);
}

static bool same_instruction(
    const struct dockerfile_instruction *one, const struct dockerfile_instruction *other)
{
    return strcmp(one->keyword, other->keyword) == 0 &&
           strcmp(one->arguments, other->arguments) == 0;
}

/* Is all but one instruction as it was, or did some come or go with all others as they were? */
static bool only_one_place_differs(const struct dockerfile *before, const struct dockerfile *after)
{
    size_t least = before->count < after->count ? before->count : after->count;
    size_t head = 0;
    size_t tail = 0;

    while (
        head < least && same_instruction(&before->instructions[head], &after->instructions[head]))
        head++;
    while (tail < least && same_instruction(&before->instructions[before->count - 1 - tail],
                               &after->instructions[after->count - 1 - tail]))
        tail++;
    return head + tail + (before->count == after->count ? 1 : 0) >= least;
}

/* Did the change do what was wished, and nothing else? */
static bool is_right(
    const struct reading *before, const struct reading *after, const struct wish *wish)
{
    size_t wanted_before, wanted_after, fulfilled_before, fulfilled;
    _cleanup_free_ char *others = describe_others(before, wish, &wanted_before, &fulfilled_before);
    _cleanup_free_ char *others_after = describe_others(after, wish, &wanted_after, &fulfilled);

    if (strcmp(others, others_after) != 0)
        return false;
    if (wish->role == ROLE_PACKAGE && !only_one_place_differs(before->file, after->file))
        return false;
    if (wish->removes)
        return wanted_after + 1 == wanted_before;
    return fulfilled > 0 && wanted_after <= (wanted_before > 0 ? wanted_before : 1) &&
           (fulfilled > fulfilled_before || wanted_after < wanted_before);
}

/* One change to `text`. 1 when there was something to change, 0 when not. */
static int change_once(struct strbuf *text, const struct wish *wish, bool again, struct error *err)
{
    _cleanup_(reading_release) struct reading before = {0};
    _cleanup_(reading_release) struct reading after = {0};
    _cleanup_(text_changes_release) struct text_changes changes = {0};
    struct strbuf changed = STRBUF_INIT(DOCKERFILE_MAX);

    if (reading_open(strbuf_text(text), text->length, &before, err) < 0 ||
        next_change(&before, wish, again, &changes, err) < 0)
        return -1;
    if (changes.count == 0)
        return 0;
    text_changes_apply(&changes, strbuf_text(text), text->length, &changed);
    bool fine = !changed.overflowed &&
                reading_open(strbuf_text(&changed), changed.length, &after, NULL) == 0 &&
                is_right(&before, &after, wish);
    if (!fine) {
        strbuf_release(&changed);
        return dockerfile_refuse_line(
            dockerfile_line_number(before.file, changes.items[changes.count - 1].start),
            "changing it would change more than was asked for", err);
    }
    strbuf_release(text);
    *text = changed;
    return 1;
}

static int fulfil(struct strbuf *text, const struct wish *wish, struct error *err)
{
    int changed = 0;

    for (bool again = false;; again = true) {
        changed = change_once(text, wish, again, err);
        if (changed <= 0)
            return changed;
    }
}

char *installed_packages_merge(const struct installed_packages *installed, const char *asked)
{
    _cleanup_free_ char *key = package_key(PACKAGE_PIP, asked, strlen(asked));
    const struct installed_package *there = NULL;

    for (size_t i = 0; key && i < installed->count; i++) {
        const struct installed_package *one = &installed->items[i];
        if (one->kind != PACKAGE_PIP || strcmp(one->key, key) != 0)
            continue;
        if (there)
            return NULL;
        there = one;
    }
    if (!there || there->version_lost || strpbrk(there->text, "$`\\"))
        return NULL;
    return pip_requirement_add_extras(there->text, asked);
}

static char *merge(const struct strbuf *text, const struct wish *wish)
{
    struct installed_packages installed = {0};
    char *merged = NULL;

    /* What asks for no extras becomes what it says. */
    if (!wish->removes && wish->kind == PACKAGE_PIP && strchr(wish->text, '[') &&
        dockerfile_installed(strbuf_text(text), text->length, &installed, NULL) == 0)
        merged = installed_packages_merge(&installed, wish->text);
    installed_packages_release(&installed);
    return merged;
}

static int fulfil_packages(struct strbuf *text, enum package_kind kind, bool removes,
    const struct strv *packages, struct error *err)
{
    for (size_t i = 0; i < packages->count; i++) {
        const char *item = packages->items[i];
        _cleanup_free_ char *key = package_key(kind, item, strlen(item));
        struct wish wish = {
            removes, ROLE_PACKAGE, kind, item, key, !removes && package_is_bare(kind, item)};
        if (!key)
            return error_set(err, ERROR_USAGE, "'%.100s' names no package", item);
        _cleanup_free_ char *merged = merge(text, &wish);
        if (merged)
            wish.text = merged;
        if (fulfil(text, &wish, err) < 0)
            return -1;
    }
    return 0;
}

static int fulfil_file(struct strbuf *text, bool removes, const char *name, struct error *err)
{
    struct wish wish = {removes, ROLE_FILE, PACKAGE_PIP, name, name, false};

    if (!name)
        return 0;
    if (!*name || name[0] == '-' || name[strspn(name, FILE_NAME_CHARACTERS)])
        return error_set(err, ERROR_USAGE,
            "'%.100s' cannot be the name of a requirements file beside a Dockerfile", name);
    return fulfil(text, &wish, err);
}

/* The folder's COPY goes before the file's, to the same place. Says what to change, if anything. */
static void change_folder(
    const struct reading *reading, const char *file_name, bool wanted, struct text_changes *changes)
{
    size_t length = strlen(file_name);
    bool has_suffix = length > 4 && strcmp(file_name + length - 4, ".txt") == 0;
    _cleanup_free_ char *folder = xstrndup(file_name, has_suffix ? length - 4 : length);
    const struct wish wish = {true, ROLE_FILE, PACKAGE_PIP, file_name, file_name, false};
    struct package_list *list = NULL;
    _cleanup_free_ char *place = NULL;
    bool found;

    if (!find_word(&reading->packages, &wish, &list, &found))
        return;
    size_t copy = find_copy(reading, folder, list->instruction, NULL);
    if (wanted == (copy != SIZE_MAX))
        return;
    if (!wanted) {
        dockerfile_step_remove_folder(reading->file, copy, changes);
        return;
    }
    size_t before = find_copy(reading, file_name, list->instruction, &place);
    bool known = place && place[strlen(place) - 1] == '/';
    dockerfile_step_add_folder(reading->file, before == SIZE_MAX ? list->instruction : before,
        folder, known ? place : RECIPE_REQUIREMENTS_PLACE, changes);
}

/* The folder beside the requirements file is copied, or not, as the file needs it. */
static int fulfil_folder(struct strbuf *text, const char *file_name, bool wanted, struct error *err)
{
    _cleanup_(reading_release) struct reading before = {0};
    _cleanup_(reading_release) struct reading after = {0};
    _cleanup_(text_changes_release) struct text_changes changes = {0};
    struct strbuf changed = STRBUF_INIT(DOCKERFILE_MAX);

    if (!file_name)
        return 0;
    if (reading_open(strbuf_text(text), text->length, &before, err) < 0)
        return -1;
    change_folder(&before, file_name, wanted, &changes);
    text_changes_apply(&changes, strbuf_text(text), text->length, &changed);
    if (changed.overflowed ||
        reading_open(strbuf_text(&changed), changed.length, &after, NULL) < 0) {
        strbuf_release(&changed);
        return dockerfile_refuse_line(dockerfile_line_number(before.file, changes.items[0].start),
            "the folder of the requirements file cannot be copied there", err);
    }
    strbuf_release(text);
    *text = changed;
    return 0;
}

/* Additions come first, so that a step whose last package goes stays for the new ones. */
static int fulfil_all(struct strbuf *text, const struct dockerfile_edit *edit, struct error *err)
{
    if (fulfil_packages(text, PACKAGE_APT, false, &edit->add_apt, err) < 0 ||
        fulfil_packages(text, PACKAGE_PIP, false, &edit->add_pip, err) < 0 ||
        fulfil_file(text, false, edit->add_requirements, err) < 0 ||
        fulfil_folder(text, edit->add_requirements, edit->requirements_folder, err) < 0 ||
        fulfil_folder(text, edit->remove_requirements, false, err) < 0 ||
        fulfil_file(text, true, edit->remove_requirements, err) < 0 ||
        fulfil_packages(text, PACKAGE_PIP, true, &edit->remove_pip, err) < 0)
        return -1;
    return fulfil_packages(text, PACKAGE_APT, true, &edit->remove_apt, err);
}

/* The error of the first of the packages that is refused for itself. Returns whether one is. */
static bool refuses_alone(const char *text, size_t length, enum package_kind kind, bool removes,
    const struct strv *packages, struct error *err)
{
    for (size_t i = 0; i < packages->count; i++) {
        _cleanup_(strbuf_release) struct strbuf changed = STRBUF_INIT(DOCKERFILE_MAX);
        const struct strv one = {.items = &packages->items[i], .count = 1};
        strbuf_add(&changed, text, length);
        if (fulfil_packages(&changed, kind, removes, &one, err) < 0)
            return true;
    }
    return false;
}

/* Lines are those of the file as it is, where the one change can be told that is refused. */
static int refuse_as_written(const char *text, size_t length, const struct dockerfile_edit *edit,
    struct error *cause, struct error *err)
{
    _cleanup_(error_release) struct error alone = ERROR_INIT;

    if (refuses_alone(text, length, PACKAGE_APT, false, &edit->add_apt, &alone) ||
        refuses_alone(text, length, PACKAGE_PIP, false, &edit->add_pip, &alone) ||
        refuses_alone(text, length, PACKAGE_PIP, true, &edit->remove_pip, &alone) ||
        refuses_alone(text, length, PACKAGE_APT, true, &edit->remove_apt, &alone))
        return error_move(err, &alone);
    return error_move(err, cause);
}

int dockerfile_edit(const char *text, size_t length, const struct dockerfile_edit *edit,
    struct strbuf *ret_text, struct error *err)
{
    _cleanup_(reading_release) struct reading whole = {0};
    _cleanup_(strbuf_release) struct strbuf changed = STRBUF_INIT(DOCKERFILE_MAX);
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    if (reading_open(text, length, &whole, err) < 0)
        return error_hint(err, "mend the Dockerfile with --edit");
    strbuf_add(&changed, text, length);
    if (fulfil_all(&changed, edit, &cause) < 0)
        return refuse_as_written(text, length, edit, &cause, err);
    strbuf_add(ret_text, strbuf_text(&changed), changed.length);
    return 0;
}

static void add_installed(const struct package_list *list, const struct package_word *word,
    struct installed_packages *ret)
{
    if (word->role == ROLE_FILE) {
        strv_push(&ret->requirements, word->text);
        ret->requirements_line = word->line;
    }
    if (word->role != ROLE_PACKAGE)
        return;
    ret->items = xgrow(ret->items, ret->count, sizeof(*ret->items));
    ret->items[ret->count++] = (struct installed_package){
        list->kind, xstrdup(word->text), xstrdup(word->key), word->line, word->version_lost};
}

static void add_other(const struct package_other *other, struct installed_packages *ret)
{
    for (size_t i = 0; other->tool->shares_python && i < other->keys.count; i++) {
        ret->others = xgrow(ret->others, ret->other_count, sizeof(*ret->others));
        ret->others[ret->other_count++] =
            (struct other_package){xstrdup(other->keys.items[i]), other->tool->name, other->line};
    }
}

int dockerfile_installed(
    const char *text, size_t length, struct installed_packages *ret, struct error *err)
{
    _cleanup_(reading_release) struct reading reading = {0};
    struct installed_packages found = {0};

    if (reading_open(text, length, &reading, err) < 0)
        return -1;
    for (size_t i = 0; i < reading.packages.count; i++) {
        const struct package_list *list = &reading.packages.lists[i];
        for (size_t j = 0; j < list->count; j++)
            if (dockerfile_package_stays(list, &list->words[j]))
                add_installed(list, &list->words[j], &found);
    }
    for (size_t i = 0; i < reading.packages.other_count; i++)
        add_other(&reading.packages.others[i], &found);
    *ret = found;
    return 0;
}

void installed_packages_release(struct installed_packages *packages)
{
    for (size_t i = 0; i < packages->count; i++) {
        free(packages->items[i].text);
        free(packages->items[i].key);
    }
    free(packages->items);
    for (size_t i = 0; i < packages->other_count; i++)
        free(packages->others[i].key);
    free(packages->others);
    strv_release(&packages->requirements);
    *packages = (struct installed_packages){0};
}
