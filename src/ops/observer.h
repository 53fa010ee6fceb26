/*
 * What happens, told while it happens; and questions, which go up to whoever can answer:
 * a terminal, --yes, a test. Every callback may be NULL.
 */
#ifndef DS01_OPS_OBSERVER_H
#define DS01_OPS_OBSERVER_H

#include <stdbool.h>

#include "base/error.h"
#include "engine/build.h"
#include "engine/image.h"

enum note_kind { NOTE_INFO, NOTE_WARNING };

struct observer {
    void *context;

    /* A sentence for people. */
    void (*note)(void *context, enum note_kind kind, const char *text);

    void (*pull)(void *context, const char *reference, const struct pull_progress *progress);
    void (*build)(void *context, const struct build_event *event);

    /* What is about to change in a file, as a unified diff. */
    void (*diff)(void *context, const char *diff);

    /*
     * A yes or no question. 1 yes, 0 no, -1 with *err set: nobody can be asked, `flag` is what
     * would have answered it ("--force").
     */
    int (*confirm)(
        void *context, const char *question, bool default_yes, const char *flag, struct error *err);
};

void observer_note(const struct observer *observer, enum note_kind kind, const char *format, ...)
    _printf_(3, 4);

/* Tells of a diff that is not empty. */
void observer_diff(const struct observer *observer, const char *diff);

/* Without a confirm callback the answer is no. */
int observer_confirm(const struct observer *observer, const char *question, bool default_yes,
    const char *flag, struct error *err);

#endif
