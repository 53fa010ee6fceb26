/*
 * Questions one after the other, as a table of steps. Each has a default that Enter takes,
 * `b` goes back one step, where the answer of before is the default now; at the first one it
 * leaves, where that is wanted. A wizard knows nothing of what its answers are for.
 *
 * Like all questions (ui/prompt.h): plain lines on stderr, answers from stdin, what was
 * typed before a question was asked is discarded.
 */
#ifndef DS01_UI_WIZARD_H
#define DS01_UI_WIZARD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* What is typed for "no text", beside "none", where a step is optional. */
#define WIZARD_NOTHING "-"

struct wizard_choice {
    const char *answer; /* one word, which is the step's answer: "pytorch" */
    const char *label;  /* what is said of it, of at most 70 columns: "PyTorch" */
};

struct wizard_step {
    const char *question;
    const char *explanation; /* for --guided: sentences in lines of at most 79 columns */

    /* What there is to choose from, or none: any text is an answer. */
    const struct wizard_choice *choices;
    size_t choice_count; /* at most 99 */

    /* What Enter means: the `answer` of a choice, or a text. */
    const char *initial;
    bool optional; /* no text is an answer too; else "" is no default, and something is typed */

    /* `initial` where it hangs on the answers before, instead; borrowed until the next question. */
    const char *(*suggest)(void *context, const char *const *answers);

    /* False: the step is passed over and its answer is NULL. NULL: it is always asked. */
    bool (*applies)(void *context, const char *const *answers);

    /* Prints to stderr what stands above the question. -1 with *err set: see wizard_run(). */
    int (*show)(void *context, const char *const *answers, struct error *err);

    /* -1 with *err set where the answer cannot be: that is said, and asked again if that helps. */
    int (*check)(void *context, const char *answer, struct error *err);

    /* What an answer that was checked becomes; the caller frees it. NULL: it stays as it is. */
    char *(*settle)(void *context, const char *answer);
};

struct wizard_manner {
    bool guided; /* each step is explained */
    bool leaves; /* `b` at the first question leaves; else only Ctrl-C does */
};

enum { WIZARD_LEFT = 1 };

/*
 * Asks all steps, of which there is at least one. answers[i] is the answer of steps[i], or
 * NULL where that did not apply; at first it is NULL, or the answer of a time before, which is the
 * default then. They are the caller's to free, also on failure. Chosen are the `answer` of a
 * choice, its number, its label, or the beginning of one of these that no other has. Where a step's
 * `show` fails, what it said is shown and the step before is asked again (the first one's ends the
 * wizard). 0, or WIZARD_LEFT with `leaves` for a `b` at the first question. ERROR_INTERRUPTED for
 * Ctrl-C, ERROR_USAGE when the input ended, ERROR_ENGINE from a step's `show` or `check`: no answer
 * mends that.
 */
int wizard_run(const struct wizard_step *steps, size_t count, struct wizard_manner manner,
    void *context, char **answers, struct error *err);

#endif
