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
#include "model/container_changes.h"

enum note_kind { NOTE_INFO, NOTE_WARNING };

/* One answer to a question. */
struct observer_choice {
    char key;          /* what is typed: 's' */
    const char *label; /* "save them in the image" */
    const char *flag;  /* that would have chosen it: "--save"; NULL: none does */
    bool yes;          /* --yes chooses it */
};

struct observer {
    void *context;

    /* A sentence for people. */
    void (*note)(void *context, enum note_kind kind, const char *text);

    /* A NULL `progress`: all of it has arrived. */
    void (*pull)(void *context, const char *reference, const struct pull_progress *progress);
    void (*build)(void *context, const struct build_event *event);

    /* What is about to change in a file, as a unified diff. */
    void (*diff)(void *context, const char *diff);

    /* What a container has that its image has not. */
    void (*changes)(void *context, const char *container, const struct container_changes *changes);

    /*
     * A question with several answers, of which the first is the one that changes nothing.
     * Returns its index, or -1 with *err set: nobody can be asked, these flags would have
     * answered it.
     */
    int (*choose)(void *context, const char *question, const struct observer_choice *choices,
        size_t count, struct error *err);

    /*
     * A yes or no question: its last line. Those before it say what it is about, to whoever is
     * asked. 1 yes, 0 no, -1 with *err set: nobody can be asked, `flag` is what
     * would have answered it ("--force").
     */
    int (*confirm)(
        void *context, const char *question, bool default_yes, const char *flag, struct error *err);
};

void observer_note(const struct observer *observer, enum note_kind kind, const char *format, ...)
    _printf_(3, 4);

/* Tells of a diff that is not empty. */
void observer_diff(const struct observer *observer, const char *diff);

/* Tells of changes, if there are any. */
void observer_changes(const struct observer *observer, const char *container,
    const struct container_changes *changes);

/* Without a choose callback the answer is the first one. */
int observer_choose(const struct observer *observer, const char *question,
    const struct observer_choice *choices, size_t count, struct error *err);

/* Without a confirm callback the answer is no. */
int observer_confirm(const struct observer *observer, const char *question, bool default_yes,
    const char *flag, struct error *err);

#endif
