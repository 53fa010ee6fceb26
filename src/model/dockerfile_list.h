/*
 * Changing the list of packages that one command installs. Nothing is changed here: each
 * function says which bytes of the file to replace by what.
 */
#ifndef DS01_MODEL_DOCKERFILE_LIST_H
#define DS01_MODEL_DOCKERFILE_LIST_H

#include "base/strbuf.h"
#include "model/dockerfile_packages.h"

#define TEXT_CHANGES_MAX 3

/* Parts of a text to replace, in ascending order, that do not overlap. */
struct text_changes {
    struct {
        size_t start, end;
        char *text; /* what comes in their place; NULL for nothing */
    } items[TEXT_CHANGES_MAX];
    size_t count;
};

/* One more; it stands behind the ones before. Takes `text`. */
void text_changes_add(struct text_changes *changes, size_t start, size_t end, char *text);

void text_changes_apply(
    const struct text_changes *changes, const char *text, size_t length, struct strbuf *ret_text);

void text_changes_release(struct text_changes *changes);

/* ERROR_REFUSED that names the line, with the hint to edit it by hand. Returns -1. */
int dockerfile_refuse_line(unsigned line, const char *why, struct error *err);

/* Puts `requirement`, quoted as its place needs it, where the word is. */
int dockerfile_list_replace(const struct dockerfile *file, const struct package_list *list,
    const struct package_word *word, const char *requirement, struct text_changes *ret,
    struct error *err);

/*
 * Puts `requirement` behind the last package of the list: on a line of its own, indented
 * and continued like the one above, where that one has a line of its own; else on its line.
 * The list has a package.
 */
int dockerfile_list_append(const struct dockerfile *file, const struct package_list *list,
    const char *requirement, struct text_changes *ret, struct error *err);

/* Takes the word out, its line too when nothing else is on it. It is not the list's last word. */
int dockerfile_list_remove(const struct dockerfile *file, const struct package_list *list,
    const struct package_word *word, struct text_changes *ret, struct error *err);

/* Takes the whole command out of its instruction, which does more than that. */
int dockerfile_list_cut(const struct dockerfile *file, const struct package_list *list,
    struct text_changes *ret, struct error *err);

#endif
