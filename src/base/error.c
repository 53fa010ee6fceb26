#include "base/error.h"

#include <errno.h>
#include <stdarg.h>

#include "base/xalloc.h"

/* The macros of these names are for callers. */
#undef error_set
#undef error_set_errno
#undef error_set_output
#undef error_hint
#undef error_prefix
#undef error_move

static char *format_text(const char *format, va_list args)
{
    char *text = NULL;

    if (vasprintf(&text, format, args) < 0)
        return xstrdup(format);
    return text;
}

static void replace_message(struct error *err, enum error_code code, char *message)
{
    error_release(err);
    err->code = code;
    err->message = message;
}

int error_set(struct error *err, enum error_code code, const char *format, ...)
{
    va_list args;

    if (!err)
        return -1;
    va_start(args, format);
    char *message = format_text(format, args);
    va_end(args);
    replace_message(err, code, message);
    return -1;
}

int error_set_errno(struct error *err, int errnum, const char *format, ...)
{
    va_list args;

    if (!err)
        return -1;
    va_start(args, format);
    _cleanup_free_ char *what = format_text(format, args);
    va_end(args);
    replace_message(err, ERROR_FAILED, xasprintf("%s: %s", what, strerror(errnum)));
    return -1;
}

int error_set_output(struct error *err, int errnum)
{
    error_set_errno(err, errnum, "cannot write the output");
    if (err && errnum == EPIPE)
        err->code = ERROR_NO_READER;
    return -1;
}

int error_hint(struct error *err, const char *format, ...)
{
    va_list args;

    if (!err)
        return -1;
    va_start(args, format);
    char *hint = format_text(format, args);
    va_end(args);
    free(err->hint);
    err->hint = hint;
    return -1;
}

int error_prefix(struct error *err, const char *format, ...)
{
    va_list args;

    if (!err)
        return -1;
    va_start(args, format);
    _cleanup_free_ char *prefix = format_text(format, args);
    va_end(args);
    char *message = xasprintf("%s: %s", prefix, err->message ? err->message : "failed");
    free(err->message);
    err->message = message;
    return -1;
}

int error_move(struct error *to, struct error *from)
{
    if (to) {
        error_release(to);
        *to = *from;
        *from = (struct error)ERROR_INIT;
    } else {
        error_release(from);
    }
    return -1;
}

const char *error_code_name(enum error_code code)
{
    switch (code) {
    case ERROR_NONE:
        return "none";
    case ERROR_FAILED:
        return "failed";
    case ERROR_USAGE:
        return "usage";
    case ERROR_NOT_FOUND:
        return "not-found";
    case ERROR_REFUSED:
        return "refused";
    case ERROR_ENGINE:
        return "engine";
    case ERROR_CANNOT_RUN:
        return "cannot-run";
    case ERROR_NO_COMMAND:
        return "no-command";
    case ERROR_INTERRUPTED:
        return "interrupted";
    case ERROR_NO_READER:
        return "no-reader";
    }
    return "failed";
}

void error_release(struct error *err)
{
    if (!err)
        return;
    free(err->message);
    free(err->hint);
    *err = (struct error)ERROR_INIT;
}
