/*
 * A list of strings, and a list of key and value pairs. Both own their strings,
 * keep the order in which things were added, and are released with one call.
 */
#ifndef DS01_BASE_STRV_H
#define DS01_BASE_STRV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/cleanup.h"

struct strv {
    char **items; /* NULL-terminated as soon as something was added */
    size_t count;
};

#define STRV_INIT                                                                                  \
    {                                                                                              \
        NULL, 0                                                                                    \
    }

/* Appends a copy of `text`. */
void strv_push(struct strv *list, const char *text);

/* Appends `text` itself, which the list owns from now on. */
void strv_take(struct strv *list, char *text);

/* Appends a copy of each word of `text`; words are parted by blanks, tabs and newlines. */
void strv_push_words(struct strv *list, const char *text);

bool strv_contains(const struct strv *list, const char *text);

/* Unless it is there already, in whatever case. */
void strv_push_once(struct strv *list, const char *text);

/* The items with `separator` between them; the caller frees it. Never NULL. */
char *strv_join(const struct strv *list, const char *separator);

void strv_release(struct strv *list);

struct strmap_entry {
    char *key;
    char *value;
};

struct strmap {
    struct strmap_entry *entries;
    size_t count;
};

#define STRMAP_INIT                                                                                \
    {                                                                                              \
        NULL, 0                                                                                    \
    }

/* Sets `key` to a copy of `value`; an existing key keeps its place. */
void strmap_set(struct strmap *map, const char *key, const char *value);

/* The value of `key`, or NULL; owned by the map. */
const char *strmap_get(const struct strmap *map, const char *key);

void strmap_release(struct strmap *map);

#endif
