#include "ops/observer.h"

#include <stdarg.h>

#include "base/strbuf.h"

#define NOTE_MAX 8192 /* bytes of a sentence */

void observer_note(const struct observer *observer, enum note_kind kind, const char *format, ...)
{
    _cleanup_(strbuf_release) struct strbuf text = STRBUF_INIT(NOTE_MAX);
    va_list args;

    if (!observer->note)
        return;
    va_start(args, format);
    strbuf_addv(&text, format, args);
    va_end(args);
    observer->note(observer->context, kind, strbuf_text(&text));
}

void observer_diff(const struct observer *observer, const char *diff)
{
    if (observer->diff && *diff)
        observer->diff(observer->context, diff);
}

int observer_confirm(const struct observer *observer, const char *question, bool default_yes,
    const char *flag, struct error *err)
{
    if (!observer->confirm)
        return 0;
    return observer->confirm(observer->context, question, default_yes, flag, err);
}
