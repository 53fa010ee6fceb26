#include "ui/wizard.h"

#include <stdio.h>
#include <strings.h>

#include "base/strbuf.h"
#include "base/xalloc.h"
#include "ui/prompt.h"
#include "ui/style.h"

#define GO_BACK "b"

#define NONE "none"

#define PROMPT_BYTES 4096

struct wizard {
    const struct wizard_step *steps;
    size_t count;
    struct wizard_manner manner;
    void *context;
    char **answers;
    const char *initial; /* of the step that is asked */
};

enum way { WAY_ON, WAY_BACK, WAY_OUT };

static const char *const *answers_of(const struct wizard *wizard)
{
    return (const char *const *)wizard->answers;
}

static void set_answer(struct wizard *wizard, size_t at, const char *answer)
{
    char *copy = xstrdup(answer);

    free(wizard->answers[at]);
    wizard->answers[at] = copy;
}

/* The first step from `at` on that applies; those on the way have no answer (any more). */
static size_t step_from(struct wizard *wizard, size_t at)
{
    for (; at < wizard->count; at++) {
        const struct wizard_step *step = &wizard->steps[at];
        if (!step->applies || step->applies(wizard->context, answers_of(wizard)))
            break;
        free(TAKE_PTR(wizard->answers[at]));
    }
    return at;
}

/* The last step before `at` that was asked; `at` itself where there is none. */
static size_t step_before(const struct wizard *wizard, size_t at)
{
    for (size_t i = at; i-- > 0;)
        if (wizard->answers[i])
            return i;
    return at;
}

/* What Enter means: the answer of before, when one went back. */
static const char *default_of(const struct wizard *wizard, size_t at)
{
    const char *answer = wizard->answers[at];

    return answer ? answer : wizard->initial;
}

static bool begins(const char *text, const char *typed)
{
    return strncasecmp(text, typed, strlen(typed)) == 0;
}

/* The index of the choice that was meant, from 0 on; -1 none, or more than one. */
static int find_choice(const struct wizard_step *step, const char *typed)
{
    int found = -1;

    for (size_t i = 0; i < step->choice_count; i++) {
        const struct wizard_choice *choice = &step->choices[i];
        char number[8];
        snprintf(number, sizeof(number), "%u", (unsigned)(i + 1) % 100);
        if (strcmp(number, typed) == 0 || strcasecmp(choice->answer, typed) == 0 ||
            strcasecmp(choice->label, typed) == 0)
            return (int)i;
    }
    for (size_t i = 0; i < step->choice_count; i++) {
        const struct wizard_choice *choice = &step->choices[i];
        if (!begins(choice->answer, typed) && !begins(choice->label, typed))
            continue;
        if (found >= 0)
            return -1;
        found = (int)i;
    }
    return found;
}

static void print_choices(const struct wizard_step *step)
{
    for (size_t i = 0; i < step->choice_count; i++) {
        fprintf(stderr, "  %zu) ", i + 1);
        style_print_lines(stderr, STYLE_PLAIN, step->choices[i].label);
    }
}

/* "Answer [1], b for back:" */
static char *prompt_of(const struct wizard *wizard, size_t at)
{
    _cleanup_(strbuf_release) struct strbuf text = STRBUF_INIT(PROMPT_BYTES);
    const struct wizard_step *step = &wizard->steps[at];
    const char *initial = default_of(wizard, at);

    strbuf_adds(&text, "Answer");
    if (step->choice_count)
        strbuf_addf(&text, " [%d]", find_choice(step, initial) + 1);
    else if (*initial || step->optional)
        strbuf_addf(&text, " [%s]", *initial ? initial : NONE);
    if (step->optional && *initial)
        strbuf_adds(&text, ", " WIZARD_NOTHING " for " NONE);
    if (step_before(wizard, at) != at)
        strbuf_adds(&text, ", " GO_BACK " for back");
    else if (wizard->manner.leaves)
        strbuf_adds(&text, ", " GO_BACK " to leave");
    strbuf_adds(&text, ":");
    return strbuf_detach(&text);
}

/* False where whatever is answered next would fail in the same way. */
static bool answers_mend(const struct error *err)
{
    return err->code != ERROR_ENGINE && err->code != ERROR_INTERRUPTED;
}

static bool is_nothing(const char *answer)
{
    return strcmp(answer, WIZARD_NOTHING) == 0 || strcasecmp(answer, NONE) == 0;
}

/* What is wrong, and what to do about it. */
static void print_error(const struct error *err)
{
    style_print_message(stderr, STYLE_PLAIN, "", STYLE_RED, err->message);
    if (err->hint)
        style_print_message(stderr, STYLE_PLAIN, "", STYLE_CYAN, err->hint);
}

static void print_choice_wanted(const struct wizard_step *step)
{
    fprintf(stderr, "Please answer with a number from 1 to %zu.\n", step->choice_count);
}

/*
 * Takes what was typed as the answer of a step: 1, or 0 with a line that says why, if it is none.
 * -1 where none can be.
 */
static int take_answer(struct wizard *wizard, size_t at, const char *typed, struct error *err)
{
    _cleanup_(error_release) struct error why = ERROR_INIT;
    const struct wizard_step *step = &wizard->steps[at];
    const char *answer = *typed ? typed : default_of(wizard, at);

    if (step->choice_count) {
        int chosen = find_choice(step, answer);
        if (chosen < 0) {
            print_choice_wanted(step);
            return 0;
        }
        answer = step->choices[chosen].answer;
    } else if (step->optional && is_nothing(answer)) {
        answer = "";
    } else if (!*answer && !step->optional) {
        fputs("There is no default here: please type an answer.\n", stderr);
        return 0;
    }
    if (step->check && step->check(wizard->context, answer, &why) < 0) {
        if (!answers_mend(&why))
            return error_move(err, &why);
        print_error(&why);
        return 0;
    }
    _cleanup_free_ char *settled = step->settle ? step->settle(wizard->context, answer) : NULL;
    /* Enter may have given the answer that is there already. */
    if (settled || answer != wizard->answers[at])
        set_answer(wizard, at, settled ? settled : answer);
    return 1;
}

/* Asks until there is an answer, or the wish to go back. */
static int ask(struct wizard *wizard, size_t at, struct error *err)
{
    const struct wizard_step *step = &wizard->steps[at];

    for (;;) {
        _cleanup_free_ char *prompt = prompt_of(wizard, at);
        _cleanup_free_ char *typed = NULL;
        if (prompt_text(prompt, "", &typed, err) < 0)
            return -1;
        if (strcasecmp(typed, GO_BACK) == 0) {
            if (step_before(wizard, at) != at)
                return WAY_BACK;
            if (wizard->manner.leaves)
                return WAY_OUT;
            fputs("This is the first question. Ctrl-C leaves.\n", stderr);
        } else {
            int taken = take_answer(wizard, at, typed, err);
            if (taken != 0)
                return taken < 0 ? -1 : WAY_ON;
        }
        if (step->choice_count)
            print_choices(step);
    }
}

/* A step: what it shows, the question, the answer. */
static int run_step(struct wizard *wizard, size_t at, struct error *err)
{
    const struct wizard_step *step = &wizard->steps[at];
    _cleanup_(error_release) struct error why = ERROR_INIT;

    wizard->initial =
        step->suggest ? step->suggest(wizard->context, answers_of(wizard)) : step->initial;
    fputc('\n', stderr);
    if (step->show && step->show(wizard->context, answers_of(wizard), &why) < 0) {
        if (!answers_mend(&why) || step_before(wizard, at) == at)
            return error_move(err, &why);
        print_error(&why);
        return WAY_BACK;
    }
    style_print_lines(stderr, STYLE_BOLD, step->question);
    if (wizard->manner.guided && step->explanation)
        style_print_lines(stderr, STYLE_CYAN, step->explanation);
    print_choices(step);
    return ask(wizard, at, err);
}

int wizard_run(const struct wizard_step *steps, size_t count, struct wizard_manner manner,
    void *context, char **answers, struct error *err)
{
    struct wizard wizard = {steps, count, manner, context, answers, ""};

    for (size_t at = step_from(&wizard, 0); at < count;) {
        int way = run_step(&wizard, at, err);
        if (way < 0)
            return -1;
        if (way == WAY_OUT)
            return WIZARD_LEFT;
        at = way == WAY_BACK ? step_before(&wizard, at) : step_from(&wizard, at + 1);
    }
    return 0;
}
