/*
 * A shell script cut into commands and words, each with its place in the text.
 *
 * It follows POSIX.1-2017, Shell Command Language 2.2 to 2.10, as far as is needed to say
 * which words a simple command has and what stands between two commands. Nothing is
 * expanded: an expansion stays in a word as it is written, and the word tells where the
 * first one begins.
 */
#ifndef DS01_MODEL_SHELL_H
#define DS01_MODEL_SHELL_H

#include <stdbool.h>
#include <stddef.h>

struct shell_word {
    size_t start, end; /* bytes of the text, quotes included */
    char *value;       /* without quotes; a redirection as it is written */
    size_t fixed;      /* so many bytes of the value come before any expansion */
    bool redirection;  /* operator and target: ">/dev/null", "2>&1" */
};

enum shell_separator {
    SHELL_EDGE, /* where the script begins or ends */
    SHELL_AND,  /* && */
    SHELL_NEXT, /* ; or a newline */
    SHELL_OTHER /* || | & ( ) ;; and what only words like "then" stand between */
};

struct shell_command {
    size_t first, count; /* its words; "then", "{" and their like are none */
    enum shell_separator before, after;
    size_t before_start; /* where the separator before it begins */
    size_t after_end;    /* where the separator behind it ends */
    unsigned depth;      /* within how many (), {}, if, for, while, case */
};

struct shell_script {
    struct shell_word *words;
    size_t word_count;
    struct shell_command *commands;
    size_t command_count;
};

/* False where a quote or a bracket is never closed, or they are nested too deeply. */
bool shell_parse(const char *text, size_t length, struct shell_script *ret);

/* Frees what the script holds and leaves it empty. */
void shell_script_release(struct shell_script *script);

#endif
