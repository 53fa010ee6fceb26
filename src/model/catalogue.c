#include "model/catalogue.h"

#include <ctype.h>
#include <strings.h>

#include "base/xalloc.h"
#include "model/reference.h"

#define LINE_LENGTH_MAX   1024
#define ENTRIES_MAX       10000
#define ARCHITECTURES_MAX 16
#define COLUMNS           4

struct span {
    const char *text;
    size_t length;
};

static struct span trimmed(const char *text, size_t length)
{
    while (length > 0 && isspace((unsigned char)text[0])) {
        text++;
        length--;
    }
    while (length > 0 && isspace((unsigned char)text[length - 1]))
        length--;
    return (struct span){text, length};
}

/* The piece up to `separator`, which is passed; *rest is what is left, text NULL at the end. */
static struct span take_piece(struct span *rest, char separator)
{
    const char *end = memchr(rest->text, separator, rest->length);
    size_t length = end ? (size_t)(end - rest->text) : rest->length;
    struct span piece = trimmed(rest->text, length);

    rest->text = end ? end + 1 : NULL;
    rest->length -= end ? length + 1 : length;
    return piece;
}

/* A letter or digit first, then those and the characters of `more`. */
static bool is_word(struct span word, const char *more)
{
    if (word.length == 0 || !isalnum((unsigned char)word.text[0]))
        return false;
    for (size_t i = 0; i < word.length; i++) {
        char c = word.text[i];
        if (!isalnum((unsigned char)c) && (!c || !strchr(more, c)))
            return false;
    }
    return true;
}

static int read_architectures(struct span column, struct strv *ret, struct error *err)
{
    bool opened = column.length > 0 && column.text[0] == '[';
    bool closed = column.length > 0 && column.text[column.length - 1] == ']';

    if (opened != closed || (opened && column.length < 2))
        return error_set(err, ERROR_FAILED, "the architectures must stand in '[' and ']'");
    struct span rest = opened ? (struct span){column.text + 1, column.length - 2} : column;
    while (rest.text) {
        struct span name = take_piece(&rest, ';');
        if (!is_word(name, "_"))
            return error_set(err, ERROR_FAILED,
                "an architecture such as CUDA_ADA was expected, parted from the next by ';'");
        if (ret->count == ARCHITECTURES_MAX)
            return error_set(
                err, ERROR_FAILED, "there are more than %d architectures", ARCHITECTURES_MAX);
        strv_take(ret, xstrndup(name.text, name.length));
    }
    return 0;
}

static void entry_release(struct catalogue_entry *entry)
{
    free(entry->framework);
    free(entry->version);
    strv_release(&entry->architectures);
    free(entry->image);
}

static int fill_entry(
    const struct span columns[COLUMNS], struct catalogue_entry *entry, struct error *err)
{
    _cleanup_(reference_release) struct reference reference = REFERENCE_INIT;

    if (!is_word(columns[0], "_-."))
        return error_set(
            err, ERROR_FAILED, "the first column must be a framework, such as Pytorch");
    if (!is_word(columns[1], "_-.+"))
        return error_set(err, ERROR_FAILED, "the second column must be a version, such as 2.8.0");
    if (read_architectures(columns[2], &entry->architectures, err) < 0)
        return -1;
    entry->framework = xstrndup(columns[0].text, columns[0].length);
    entry->version = xstrndup(columns[1].text, columns[1].length);
    entry->image = xstrndup(columns[3].text, columns[3].length);
    if (strlen(entry->image) != columns[3].length ||
        reference_parse(entry->image, &reference, NULL) < 0)
        return error_set(err, ERROR_FAILED, "the fourth column must be the name of an image");
    return 0;
}

static int read_line(struct span line, struct catalogue *catalogue, struct error *err)
{
    _cleanup_(entry_release) struct catalogue_entry entry = {0};
    struct span columns[COLUMNS];
    size_t count = 0;

    for (struct span rest = line; rest.text; count++) {
        struct span column = take_piece(&rest, ',');
        if (count < COLUMNS)
            columns[count] = column;
    }
    if (count != COLUMNS)
        return error_set(err, ERROR_FAILED,
            "four columns were expected (framework, version, [architectures], image), not %zu",
            count);
    if (catalogue->count == ENTRIES_MAX)
        return error_set(err, ERROR_FAILED, "there are more than %d entries", ENTRIES_MAX);
    if (fill_entry(columns, &entry, err) < 0)
        return -1;
    catalogue->entries = xgrow(catalogue->entries, catalogue->count, sizeof(*catalogue->entries));
    catalogue->entries[catalogue->count++] = entry;
    entry = (struct catalogue_entry){0};
    return 0;
}

/* Drops the entries from `count` on. */
static void forget_from(struct catalogue *catalogue, size_t count)
{
    while (catalogue->count > count)
        entry_release(&catalogue->entries[--catalogue->count]);
}

int catalogue_parse(const char *text, size_t length, struct catalogue *ret, struct error *err)
{
    size_t before = ret->count, number = 1;

    if (length > CATALOGUE_TEXT_MAX)
        return error_set(err, ERROR_FAILED, "it is larger than a catalogue can be");
    for (size_t at = 0; at < length; number++) {
        const char *end = memchr(text + at, '\n', length - at);
        size_t line_length = end ? (size_t)(end - (text + at)) : length - at;
        struct span line = trimmed(text + at, line_length);
        at += line_length + 1;
        if (line.length == 0 || line.text[0] == '#')
            continue;
        int result = line.length > LINE_LENGTH_MAX ? error_set(err, ERROR_FAILED, "it is too long")
                                                   : read_line(line, ret, err);
        if (result < 0) {
            forget_from(ret, before);
            return error_prefix(err, "line %zu", number);
        }
    }
    return 0;
}

void catalogue_release(struct catalogue *catalogue)
{
    forget_from(catalogue, 0);
    free(catalogue->entries);
    *catalogue = (struct catalogue){0};
}
