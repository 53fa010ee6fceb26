/*
 * Words within a Dockerfile instruction: quotes, escapes, `$` expansions and flags, as
 * BuildKit's frontend/dockerfile/shell/lex.go and parser/split_command.go read them.
 */
#ifndef DS01_MODEL_DOCKERFILE_WORD_H
#define DS01_MODEL_DOCKERFILE_WORD_H

#include <stdbool.h>

#include "base/strbuf.h"
#include "base/strv.h"

/* Bytes of the white space character at `text` (Unicode's, in UTF-8), or 0. */
size_t dockerfile_space(const char *text, const char *end);

/* The pointer behind leading white space, and the one before trailing white space. */
const char *dockerfile_skip_space(const char *text, const char *end);
const char *dockerfile_trim_space(const char *text, const char *end);

/* A place where a word was read wrong or could not be. */
#define DOCKERFILE_WORD_PROBLEM_MAX 160

struct dockerfile_words {
    char escape;
    bool raw; /* keep quotes and escapes in the words */
    /* Values for `$NAME`; NULL keeps every expansion as it is written. */
    const struct strmap *variables;
    char problem[DOCKERFILE_WORD_PROBLEM_MAX]; /* after a failure: a part of a sentence */
};

/*
 * Reads `text` and appends it expanded to ret_text, and the words it falls into to
 * ret_words; either may be NULL. False with `problem` set for what BuildKit refuses, for a
 * variable that is not set, and for expansions of a kind that ds01 does not compute.
 */
bool dockerfile_read_words(struct dockerfile_words *options, const char *text,
    struct strbuf *ret_text, struct strv *ret_words);

/*
 * The words of an ENV, LABEL or ARG line: parted by white space outside quotes, quotes
 * and escapes kept.
 */
void dockerfile_split_quoted(const char *text, char escape, struct strv *ret_words);

/*
 * The flags ("--mount=…", quotes removed) that `arguments` begins with are appended to
 * ret_flags unless that is NULL; returns the rest of `arguments`.
 */
const char *dockerfile_split_flags(const char *arguments, char escape, struct strv *ret_flags);

/*
 * The words of a FROM, "[flags] image [AS name]", without its flags: one, or three. False, with
 * whatever there is, for another number of them.
 */
bool dockerfile_split_from(const char *arguments, char escape, struct strv *ret_words);

#endif
