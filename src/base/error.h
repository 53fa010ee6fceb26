/*
 * What went wrong, in the words a user reads.
 *
 * A function that can fail takes `struct error *err` last, returns 0 or more on
 * success and -1 on failure, and touches *err only when it fails. `err` may be
 * NULL when the caller does not care why.
 *
 * An error is one sentence that says what failed and why, and one that says what
 * to type next (the hint). Callers that know more than the callee put their
 * context in front with error_prefix(). Main prints an error, unless the command had
 * to before it went on; only main turns its code into an exit code.
 */
#ifndef DS01_BASE_ERROR_H
#define DS01_BASE_ERROR_H

#include <stdbool.h>

#include "base/cleanup.h"

/* The values are the exit codes of the commands (CLI.md). */
enum error_code {
    ERROR_NONE = 0,
    ERROR_FAILED = 1,        /* it was tried and did not work */
    ERROR_USAGE = 2,         /* what was typed cannot be meant */
    ERROR_NOT_FOUND = 3,     /* no such image or container */
    ERROR_REFUSED = 4,       /* in use, exists already, not allowed */
    ERROR_ENGINE = 125,      /* the engine is out of reach or answered nonsense */
    ERROR_CANNOT_RUN = 126,  /* a command in a container: it cannot be run */
    ERROR_NO_COMMAND = 127,  /* it is not there */
    ERROR_INTERRUPTED = 130, /* Ctrl-C, SIGTERM or SIGHUP */
    ERROR_NO_READER = 141,   /* whoever read our output has gone: there is nobody to tell */
};

struct error {
    enum error_code code;
    char *message; /* one sentence without a full stop, or NULL */
    char *hint;    /* what to type next, or NULL */
    bool told;     /* it has been printed: there is nothing more to say */
};

#define ERROR_INIT                                                                                 \
    {                                                                                              \
        ERROR_NONE, NULL, NULL, false                                                              \
    }

/* Sets code and message, dropping any earlier ones. Returns -1, to be returned on. */
int error_set(struct error *err, enum error_code code, const char *format, ...) _printf_(3, 4);

/* Like error_set() with ERROR_FAILED; ": " and the text of `errnum` are appended. */
int error_set_errno(struct error *err, int errnum, const char *format, ...) _printf_(3, 4);

/*
 * Our own output could not be written, for the reason `errnum`. EPIPE is ERROR_NO_READER (as in
 * `image-list | head -1`; shells give a program that SIGPIPE ended this code, 128 + 13).
 */
int error_set_output(struct error *err, int errnum);

/* Sets the hint of an error that is already set. Returns -1. */
int error_hint(struct error *err, const char *format, ...) _printf_(2, 3);

/* Puts "<format>: " in front of the message of an error that is already set. Returns -1. */
int error_prefix(struct error *err, const char *format, ...) _printf_(2, 3);

/* Hands `from` to `to`, which is released first; `from` is empty afterwards. Returns -1. */
int error_move(struct error *to, struct error *from);

/*
 * The -1 once more, where callers see it: compilers and analysers, which know nothing of error.c,
 * would else follow what happens after an error that returns 0.
 */
static inline int error_returned(int always)
{
    (void)always;
    return -1;
}
#define error_set(...)        error_returned(error_set(__VA_ARGS__))
#define error_set_errno(...)  error_returned(error_set_errno(__VA_ARGS__))
#define error_set_output(...) error_returned(error_set_output(__VA_ARGS__))
#define error_hint(...)       error_returned(error_hint(__VA_ARGS__))
#define error_prefix(...)     error_returned(error_prefix(__VA_ARGS__))
#define error_move(...)       error_returned(error_move(__VA_ARGS__))

/* A short stable word for machines: "usage", "not-found" … */
const char *error_code_name(enum error_code code);

/* Frees what the error holds and leaves it empty. */
void error_release(struct error *err);

#endif
