#include "base/strv.h"

#include "base/strbuf.h"
#include "base/xalloc.h"

void strv_take(struct strv *list, char *text)
{
    /* The NULL at the end counts, from the first text on. */
    list->items = xgrow(list->items, list->count + 1, sizeof(*list->items));
    list->items[list->count++] = text;
    list->items[list->count] = NULL;
}

void strv_push(struct strv *list, const char *text)
{
    strv_take(list, xstrdup(text));
}

void strv_push_words(struct strv *list, const char *text)
{
    static const char blanks[] = " \t\n\r\f\v";

    for (text += strspn(text, blanks); *text; text += strspn(text, blanks)) {
        size_t length = strcspn(text, blanks);
        strv_take(list, xstrndup(text, length));
        text += length;
    }
}

bool strv_contains(const struct strv *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i], text) == 0)
            return true;
    return false;
}

void strv_push_once(struct strv *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcasecmp(list->items[i], text) == 0)
            return;
    strv_push(list, text);
}

char *strv_join(const struct strv *list, const char *separator)
{
    struct strbuf joined = STRBUF_INIT(STRBUF_TEXT_MAX);

    for (size_t i = 0; i < list->count; i++) {
        if (i)
            strbuf_adds(&joined, separator);
        strbuf_adds(&joined, list->items[i]);
    }
    return strbuf_detach(&joined);
}

void strv_release(struct strv *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i]);
    free(list->items);
    *list = (struct strv)STRV_INIT;
}

void strmap_set(struct strmap *map, const char *key, const char *value)
{
    for (size_t i = 0; i < map->count; i++) {
        if (strcmp(map->entries[i].key, key) == 0) {
            char *copy = xstrdup(value);
            free(map->entries[i].value);
            map->entries[i].value = copy;
            return;
        }
    }
    map->entries = xgrow(map->entries, map->count, sizeof(*map->entries));
    map->entries[map->count++] = (struct strmap_entry){xstrdup(key), xstrdup(value)};
}

const char *strmap_get(const struct strmap *map, const char *key)
{
    for (size_t i = 0; i < map->count; i++)
        if (strcmp(map->entries[i].key, key) == 0)
            return map->entries[i].value;
    return NULL;
}

void strmap_release(struct strmap *map)
{
    for (size_t i = 0; i < map->count; i++) {
        free(map->entries[i].key);
        free(map->entries[i].value);
    }
    free(map->entries);
    *map = (struct strmap)STRMAP_INIT;
}
