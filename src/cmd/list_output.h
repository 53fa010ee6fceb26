/* A list's output: columns, headings, JSON, the word when it is empty. */
#ifndef DS01_CMD_LIST_OUTPUT_H
#define DS01_CMD_LIST_OUTPUT_H

#include "cmd/command.h"
#include "ui/table.h"

struct list_options {
    const char *output;
    bool noheadings;
};

#define LIST_OPTION_ROWS(type, member)                                                             \
    {0, "output", OPTION_TEXT, "COLS", "these columns, parted by commas; +COL adds one",           \
        offsetof(type, member) + offsetof(struct list_options, output)},                           \
    {                                                                                              \
        0, "noheadings", OPTION_FLAG, NULL, "no line with the names of the columns",               \
            offsetof(type, member) + offsetof(struct list_options, noheadings)                     \
    }

struct list {
    const struct column *columns;
    size_t column_count;
    const void *rows;
    size_t row_count;
    size_t row_size;
    const char *when_empty; /* on stderr, for people */
};

/* Prints the list the way the options ask for. Returns the exit code, or -1. */
int list_print(const struct invocation *invocation, const struct list_options *options,
    const struct list *list, struct error *err);

#endif
