/* Lists as column tables; and the same rows as JSON. */
#ifndef DS01_UI_TABLE_H
#define DS01_UI_TABLE_H

#include <json-c/json_object.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/error.h"

/* What is kept of a text that is cut: the part that tells the rows apart. */
enum column_keep { KEEP_BEGINNING, KEEP_BOTH_ENDS, KEEP_END };

/* One column of a list: a row here is all it takes to add one. */
struct column {
    const char *name; /* header and --output name: "PROJECT" */
    const char *json; /* key under --json: "project" */
    const char *help; /* for --help */
    bool right;       /* numbers stand right */
    bool extra;       /* only shown with --output */
    /* On a terminal without room for all: 1 is cut first, then 2 …; 0 never. */
    unsigned cut;
    enum column_keep keep;
    bool spare; /* left out there before any is cut, and wherever it is all "-" */
    /* The cell of a row as text for people; the caller frees it. NULL prints "-". */
    char *(*text)(const void *row);
    /* The same for machines; the caller puts it. NULL is JSON's null. */
    struct json_object *(*value)(const void *row);
    /* Where there is no function: the text's place in the row, a char *. */
    size_t member;
};

/*
 * Chooses the columns: `output` is "A,B", "+A,B" (added to the default ones; "+A,+B" is the same)
 * or NULL for the default ones. ret_chosen has room for `count` pointers. ERROR_USAGE names the
 * column that does not exist and those that do.
 */
int table_choose(const struct column *columns, size_t count, const char *output,
    const struct column **ret_chosen, size_t *ret_count, struct error *err);

/*
 * Prints rows (`row_size` bytes apart from `rows` on). No rows print nothing but the header. Only
 * on a terminal they are made to fit (ui/grid.h).
 */
int table_print(FILE *out, const struct column *const *chosen, size_t chosen_count,
    const void *rows, size_t row_count, size_t row_size, bool headings, struct error *err);

/* The rows as a JSON array of objects, by the columns' keys; the caller puts it. */
struct json_object *table_json(const struct column *columns, size_t count, const void *rows,
    size_t row_count, size_t row_size);

#endif
