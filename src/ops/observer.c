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

void observer_changes(
    const struct observer *observer, const char *container, const struct container_changes *changes)
{
    if (observer->changes && !container_changes_empty(changes))
        observer->changes(observer->context, container, changes);
}

int observer_choose(const struct observer *observer, const char *question,
    const struct observer_choice *choices, size_t count, struct error *err)
{
    if (!observer->choose)
        return 0;
    return observer->choose(observer->context, question, choices, count, err);
}

int observer_confirm(const struct observer *observer, const char *question, bool default_yes,
    const char *flag, struct error *err)
{
    if (!observer->confirm)
        return 0;
    return observer->confirm(observer->context, question, default_yes, flag, err);
}
