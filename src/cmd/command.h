/*
 * A command: one file, one const entry, one table of options that drives parsing, help,
 * completion and the manual page.
 */
#ifndef DS01_CMD_COMMAND_H
#define DS01_CMD_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/strv.h"
#include "ops/session.h"

enum option_kind {
    OPTION_FLAG, /* bool */
    OPTION_YES,  /* enum option_answer: the last one given, as of the next */
    OPTION_NO,
    OPTION_TEXT,     /* const char *: the last one given */
    OPTION_LIST,     /* struct strv: each one given */
    OPTION_WORDS,    /* the same; each may hold several words, in quotes */
    OPTION_OPTIONAL, /* struct optional_text: its value may be left out, "--save[=TAG]" */
};

struct optional_text {
    bool given;
    const char *value; /* NULL: given without one */
};

/* What --thing or --no-thing has said; open: neither. */
enum option_answer { ANSWER_OPEN, ANSWER_YES, ANSWER_NO };

struct option_row {
    char letter;      /* 0: none */
    const char *name; /* without the two dashes */
    enum option_kind kind;
    const char *argument; /* what its value is called in help; NULL for flags */
    const char *help;     /* one sentence without a full stop */
    size_t offset;        /* of the target within the command's options */
};

/* The options that every command has. */
struct common_options {
    bool help;
    bool version;
    bool yes;
    bool quiet;
    bool verbose;
    bool json;
    bool dry_run; /* only where the command changes something */
    bool guided;  /* only where the command explains its steps */
    const char *host;
    const char *color;
};

struct column;
struct terminal_observer;

/* One run of a command. */
struct invocation {
    const struct command *command;
    struct common_options common;
    void *options;         /* the command's own struct */
    struct strv arguments; /* positional */
    struct strv trailing;  /* behind "--" */
    bool non_interactive;  /* nothing may be asked */
    struct session session;
    struct terminal_observer *observer;
};

struct command {
    const char *name;            /* as it is typed: "image-create", "ds01 gc" */
    const char *const *aliases;  /* NULL-terminated, or NULL */
    const char *summary;         /* one line */
    const char *arguments;       /* "NAME [IMAGE]" */
    const char *description;     /* paragraphs for help and manual */
    const char *const *examples; /* pairs of command and meaning, NULL-terminated */
    const struct option_row *options;
    size_t option_count;
    const struct column *columns; /* of a list (ui/table.h), or NULL */
    size_t column_count;
    size_t options_size;                    /* of the struct the rows write to */
    void (*options_release)(void *options); /* or NULL */
    int min_arguments;
    int max_arguments; /* -1: any number */
    bool takes_trailing;
    bool changes;   /* has --dry-run */
    bool guided;    /* has --guided */
    bool diagnoses; /* tells what is wrong with the settings, rather than stop at them */
    /* The exit code, or -1 with *err set. */
    int (*run)(struct invocation *invocation, struct error *err);
};

/* All commands, NULL-terminated, in the order of the overview. */
extern const struct command *const commands[];

/* By name or alias, also "gc" and "ds01-gc" for "ds01 gc"; NULL when there is none. */
const struct command *command_find(const char *name);

/* What stands behind "ds01": "image-create", "gc". */
const char *command_word(const struct command *command);

/* True for a command that has no program name of its own: "ds01 gc". */
bool command_is_word_only(const struct command *command);

/* Rows of the common options that `command` has; ret has room for COMMON_OPTIONS_MAX. */
#define COMMON_OPTIONS_MAX 10
size_t command_common_options(
    const struct command *command, struct option_row ret[COMMON_OPTIONS_MAX]);

#endif
