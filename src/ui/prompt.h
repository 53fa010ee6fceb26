/*
 * Questions on a terminal. Plain lines, no redraw tricks, so that screen readers and
 * 80x24 over ssh do well. Type-ahead is discarded before each question. Questions go to
 * stderr, answers come from stdin.
 */
#ifndef DS01_UI_PROMPT_H
#define DS01_UI_PROMPT_H

#include <stdbool.h>

#include "base/error.h"

/* True when questions can be asked: stdin is a terminal and DS01_NON_INTERACTIVE is not 1. */
bool prompt_possible(bool non_interactive);

/*
 * Asks yes or no; an empty line means `default_yes`. Returns 1 for yes, 0 for no, -1 with
 * ERROR_INTERRUPTED for Ctrl-C, and ERROR_USAGE when the input ended.
 */
int prompt_yes_no(const char *question, bool default_yes, struct error *err);

struct prompt_choice {
    char key;          /* what is typed: 'o' */
    const char *label; /* "open it" */
};

/* Asks for one of `choices`; an empty line means the first. Returns its index, or -1. */
int prompt_choose(
    const char *question, const struct prompt_choice *choices, size_t count, struct error *err);

/*
 * Asks for a line of text; an empty one means `initial` (may be ""). *ret_text is the
 * caller's to free.
 */
int prompt_text(const char *question, const char *initial, char **ret_text, struct error *err);

#endif
