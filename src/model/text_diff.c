#include "model/text_diff.h"

#include <stdint.h>

#include "base/xalloc.h"

#define CONTEXT   3
#define LINES_MAX 4000

struct line {
    const char *text;
    size_t length; /* with its newline, if it has one */
};

struct lines {
    struct line *items;
    size_t count;
};

/* One line of the result: kept, taken away or added. */
struct edit {
    char kind; /* ' ', '-' or '+' */
    struct line line;
};

struct edits {
    struct edit *items;
    size_t count;
};

static struct lines split(const char *text, size_t length)
{
    struct lines lines = {NULL, 0};
    const char *end = text + length;

    while (text < end) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        size_t here = newline ? (size_t)(newline - text) + 1 : (size_t)(end - text);
        lines.items = xgrow(lines.items, lines.count, sizeof(*lines.items));
        lines.items[lines.count++] = (struct line){text, here};
        text += here;
    }
    return lines;
}

static bool same(const struct line *a, const struct line *b)
{
    return a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
}

static void add_edit(struct edits *edits, char kind, const struct line *line)
{
    edits->items[edits->count++] = (struct edit){kind, *line};
}

/*
 * The longest common subsequence of the lines in the middle, by the table of its lengths: at
 * most LINES_MAX squared cells of two bytes, 32 MB where a whole file was replaced.
 */
static void compare(const struct line *old, size_t old_count, const struct line *new,
    size_t new_count, struct edits *edits)
{
    size_t width = new_count + 1, i = 0, k = 0;
    bool comparable = old_count <= LINES_MAX && new_count <= LINES_MAX;
    uint16_t *length = comparable ? xcalloc((old_count + 1) * width, sizeof(*length)) : NULL;

    for (size_t a = old_count; comparable && a-- > 0;) {
        for (size_t b = new_count; b-- > 0;) {
            uint16_t down = length[(a + 1) * width + b], right = length[a * width + b + 1];
            length[a * width + b] = same(&old[a], &new[b])
                                        ? (uint16_t)(length[(a + 1) * width + b + 1] + 1)
                                        : (down >= right ? down : right);
        }
    }
    while (comparable && i < old_count && k < new_count) {
        if (same(&old[i], &new[k])) {
            add_edit(edits, ' ', &old[i++]);
            k++;
        } else if (length[(i + 1) * width + k] >= length[i * width + k + 1]) {
            add_edit(edits, '-', &old[i++]);
        } else {
            add_edit(edits, '+', &new[k++]);
        }
    }
    while (i < old_count)
        add_edit(edits, '-', &old[i++]);
    while (k < new_count)
        add_edit(edits, '+', &new[k++]);
    free(length);
}

static struct edits find_edits(const struct lines *old, const struct lines *new)
{
    struct edits edits = {xcalloc(old->count + new->count, sizeof(*edits.items)), 0};
    size_t start = 0, end = 0;

    while (start < old->count && start < new->count &&same(&old->items[start], &new->items[start]))
        start++;
    while (end < old->count - start &&
           end < new->count - start &&same(&old->items[old->count - 1 - end],
                                  &new->items[new->count - 1 - end]))
        end++;
    for (size_t i = 0; i < start; i++)
        add_edit(&edits, ' ', &old->items[i]);
    compare(old->items + start, old->count - start - end, new->items + start,
        new->count - start - end, &edits);
    for (size_t i = old->count - end; i < old->count; i++)
        add_edit(&edits, ' ', &old->items[i]);
    return edits;
}

/* The end of the hunk that begins at `start`: changes less than two contexts apart stay in one. */
static size_t hunk_end(const struct edits *edits, size_t start)
{
    size_t end = start, kept = 0;

    for (size_t i = start; i < edits->count && kept <= (size_t)2 * CONTEXT; i++) {
        kept = edits->items[i].kind == ' ' ? kept + 1 : 0;
        if (!kept)
            end = i + 1;
    }
    return end + CONTEXT < edits->count ? end + CONTEXT : edits->count;
}

static void write_hunk(const struct edits *edits, size_t start, size_t end, size_t old_line,
    size_t new_line, struct strbuf *diff)
{
    size_t old_count = 0, new_count = 0;

    for (size_t i = start; i < end; i++) {
        old_count += edits->items[i].kind != '+';
        new_count += edits->items[i].kind != '-';
    }
    /* A side without lines is numbered by the line before. */
    strbuf_addf(diff, "@@ -%zu,%zu +%zu,%zu @@\n", old_count ? old_line + 1 : old_line, old_count,
        new_count ? new_line + 1 : new_line, new_count);
    for (size_t i = start; i < end; i++) {
        const struct line *line = &edits->items[i].line;
        strbuf_addc(diff, edits->items[i].kind);
        strbuf_add(diff, line->text, line->length);
        if (line->text[line->length - 1] != '\n')
            strbuf_adds(diff, "\n\\ No newline at end of file\n");
    }
}

static void write_hunks(const struct edits *edits, struct strbuf *diff)
{
    size_t old_line = 0, new_line = 0, at = 0;

    for (size_t i = 0; i < edits->count; i++) {
        if (edits->items[i].kind == ' ')
            continue;
        size_t start = i >= at + CONTEXT ? i - CONTEXT : at;
        for (; at < start; at++) {
            old_line++;
            new_line++;
        }
        size_t end = hunk_end(edits, i);
        write_hunk(edits, start, end, old_line, new_line, diff);
        for (; at < end; at++) {
            old_line += edits->items[at].kind != '+';
            new_line += edits->items[at].kind != '-';
        }
        i = end - 1;
    }
}

void text_diff(const char *old_text, size_t old_length, const char *new_text, size_t new_length,
    const char *name, struct strbuf *ret_diff)
{
    struct lines old = split(old_text, old_length);
    struct lines new = split(new_text, new_length);
    struct edits edits = find_edits(&old, &new);
    bool differs = false;

    for (size_t i = 0; i < edits.count; i++)
        differs = differs || edits.items[i].kind != ' ';
    if (differs) {
        strbuf_addf(ret_diff, "--- %s\n+++ %s\n", name, name);
        write_hunks(&edits, ret_diff);
    }
    free(old.items);
    free(new.items);
    free(edits.items);
}
