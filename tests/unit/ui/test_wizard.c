#include "pseudo_terminal.h"

#include <ctype.h>

#include "base/interrupt.h"
#include "base/xalloc.h"
#include "ui/wizard.h"

/* What a child exits with beside 0: 100 and the error's code. */
#define FAILED 100

static const struct wizard_choice kinds[] = {
    {"fruit", "Fruit of a tree"},
    {"vegetable", "Vegetable"},
    {"own", "something of your own"},
    {"frugal", "nothing much"},
};

static const struct wizard_choice yes_no[] = {{"yes", "yes"}, {"no", "no"}};

static bool kind_is_fruit(void *context, const char *const *answers)
{
    return strcmp(answers[1], "fruit") == 0;
}

static int no_digits(void *context, const char *answer, struct error *err)
{
    if (strcmp(answer, "nobody") == 0)
        return error_set(err, ERROR_ENGINE, "nobody is there");
    if (!strpbrk(answer, "0123456789"))
        return 0;
    error_set(err, ERROR_USAGE, "a name has no digits\n  %s", answer);
    return error_hint(err, "spell \033 them out");
}

/* "Otto" is kept as "otto". */
static char *small(void *context, const char *answer)
{
    char *name = xstrdup(answer);

    for (char *c = name; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return name;
}

/* The summary, which cannot show a quince. */
static int show_all(void *context, const char *const *answers, struct error *err)
{
    if (answers[2] && strcmp(answers[2], "quince") == 0)
        return error_set(err, ERROR_FAILED, "a quince cannot be shown");
    if (answers[2] && strcmp(answers[2], "nobody") == 0)
        return error_set(err, ERROR_ENGINE, "nobody is there");
    for (size_t i = 0; i < 3; i++)
        fprintf(stderr, "<%s>", answers[i] ? answers[i] : "NULL");
    fputc('\n', stderr);
    return 0;
}

static const struct wizard_step steps[] = {
    {.question = "A name?",
        .explanation = "Explained one.\nExplained two.",
        .initial = "anna",
        .check = no_digits,
        .settle = small},
    {.question = "What kind?",
        .choices = kinds,
        .choice_count = ELEMENTS(kinds),
        .initial = "vegetable"},
    {.question = "Which fruit?", .initial = "", .optional = true, .applies = kind_is_fruit},
    {.question = "Do it?",
        .choices = yes_no,
        .choice_count = ELEMENTS(yes_no),
        .initial = "yes",
        .show = show_all},
};

struct asked {
    struct pty pty;
    pid_t child;
    struct strbuf shown;
};

/* In the child: all questions, then the answers in one line. */
static int ask_all(struct wizard_manner manner)
{
    _cleanup_(error_release) struct error err = ERROR_INIT;
    char *answers[ELEMENTS(steps)] = {0};

    int done = wizard_run(steps, ELEMENTS(steps), manner, NULL, answers, &err);
    if (done == WIZARD_LEFT)
        fputs("left", stderr);
    if (done == 0)
        fprintf(stderr, "\nanswers: %s|%s|%s|%s.\n", answers[0], answers[1],
            answers[2] ? answers[2] : "NULL", answers[3]);
    for (size_t i = 0; i < ELEMENTS(answers); i++)
        free(answers[i]);
    return done < 0 ? FAILED + (int)err.code : 0;
}

static void begin_as(struct asked *asked, struct wizard_manner manner)
{
    *asked = (struct asked){.shown = STRBUF_INIT(100000)};
    pty_open(&asked->pty, 24, 80);
    asked->child = pty_fork(&asked->pty);
    if (asked->child == 0) {
        interrupt_install(NULL);
        _exit(ask_all(manner));
    }
}

static void begin(struct asked *asked)
{
    begin_as(asked, (struct wizard_manner){0});
}

/* Waits for `text` to be shown and forgets what was shown until its end. */
static void sees(struct asked *asked, const char *text)
{
    pty_expect(asked->pty.master, &asked->shown, text);
    const char *shown = strbuf_text(&asked->shown);
    strbuf_consume(&asked->shown, (size_t)(strstr(shown, text) - shown) + strlen(text));
}

/* Waits for the question, then types. */
static void answer(struct asked *asked, const char *prompt, const char *typed)
{
    sees(asked, prompt);
    pty_type(asked->pty.master, typed);
}

static void end(struct asked *asked, int expected)
{
    assert_int_equal(pty_wait(asked->child), expected);
    strbuf_release(&asked->shown);
    pty_close(&asked->pty);
}

#define NAME    "A name?\r\nAnswer [anna]: "
#define KIND    "4) nothing much\r\nAnswer [2], b for back: "
#define FRUIT   "Which fruit?\r\nAnswer [none], b for back: "
#define SUMMARY "2) no\r\nAnswer [1], b for back: "

static void test_defaults(void **state)
{
    struct asked asked;

    begin(&asked);
    answer(&asked, NAME, "\n");
    answer(&asked, KIND, "\n");
    sees(&asked, "<anna><vegetable><NULL>\r\nDo it?\r\n  1) yes\r\n");
    answer(&asked, SUMMARY, "\n");
    sees(&asked, "answers: anna|vegetable|NULL|yes.");
    end(&asked, 0);
}

static void check_kind(const char *typed, const char *expected)
{
    struct asked asked;

    begin(&asked);
    answer(&asked, NAME, "\n");
    answer(&asked, KIND, typed);
    answer(&asked, SUMMARY, "no\n");
    sees(&asked, expected);
    end(&asked, 0);
}

static void test_ways_to_choose(void **state)
{
    check_kind("3\n", "answers: anna|own|NULL|no.");
    check_kind(" OWN \n", "answers: anna|own|NULL|no.");
    check_kind("veg\n", "answers: anna|vegetable|NULL|no.");
    check_kind("frug\n", "answers: anna|frugal|NULL|no.");
    check_kind("nothing much\n", "answers: anna|frugal|NULL|no.");
    check_kind("some\n", "answers: anna|own|NULL|no.");
}

static void test_bad_answers(void **state)
{
    struct asked asked;

    begin(&asked);
    answer(&asked, NAME, "r2d2\n");
    answer(&asked, "a name has no digits\r\n  r2d2\r\nspell ? them out\r\nAnswer [anna]: ", "bo\n");
    for (size_t i = 0; i < 12; i++) {
        static const char *const bad[] = {"0", "5", "1 2", "fru", "-1", "\xff"};
        _cleanup_(strbuf_release) struct strbuf line = STRBUF_INIT(100);
        strbuf_addf(&line, "%s\n", bad[i % ELEMENTS(bad)]);
        sees(&asked, KIND);
        pty_type(asked.pty.master, strbuf_text(&line));
        sees(&asked, "Please answer with a number from 1 to 4.\r\n");
    }
    answer(&asked, KIND, "2\n");
    answer(&asked, SUMMARY, "\n");
    sees(&asked, "answers: bo|vegetable|NULL|yes.");
    end(&asked, 0);
}

static void test_back(void **state)
{
    struct asked asked;

    begin(&asked);
    answer(&asked, NAME, "b\n");
    answer(&asked, "This is the first question. Ctrl-C leaves.\r\nAnswer [anna]: ", "eve\n");
    answer(&asked, KIND, "1\n");
    answer(&asked, FRUIT, "B\n");
    answer(&asked, "Answer [1], b for back: ", "\n");
    answer(&asked, FRUIT, "pear\n");
    sees(&asked, "<eve><fruit><pear>");
    answer(&asked, SUMMARY, "b\n");
    answer(&asked, "Which fruit?\r\nAnswer [pear], - for none, b for back: ", "-\n");
    sees(&asked, "<eve><fruit><>");
    answer(&asked, SUMMARY, "b\n");
    answer(&asked, FRUIT, "fig\n");
    answer(&asked, SUMMARY, "b\n");
    answer(&asked, "Answer [fig], - for none, b for back: ", "b\n");
    answer(&asked, "Answer [1], b for back: ", "b\n");
    answer(&asked, "A name?\r\nAnswer [eve]: ", "\n");
    /* What does not apply any more has no answer any more. */
    answer(&asked, "Answer [1], b for back: ", "own\n");
    sees(&asked, "<eve><own><NULL>");
    answer(&asked, SUMMARY, "\n");
    sees(&asked, "answers: eve|own|NULL|yes.");
    end(&asked, 0);
}

static void fruit(const char *typed, const char *expected)
{
    struct asked asked;

    begin(&asked);
    answer(&asked, NAME, "\n");
    answer(&asked, KIND, "1\n");
    answer(&asked, FRUIT, typed);
    answer(&asked, SUMMARY, "\n");
    sees(&asked, expected);
    end(&asked, 0);
}

static void test_ways_to_say_none(void **state)
{
    fruit("\n", "answers: anna|fruit||yes.");
    fruit("none\n", "answers: anna|fruit||yes.");
    fruit("None\n", "answers: anna|fruit||yes.");
    fruit("-\n", "answers: anna|fruit||yes.");
    fruit("none such\n", "answers: anna|fruit|none such|yes.");
}

/* The default is an optional text, and the question after it has no default. */
static int ask_optional(void)
{
    static const struct wizard_step optional[] = {
        {.question = "With what?", .initial = "milk", .optional = true},
        {.question = "For whom?", .initial = ""},
    };
    char *answers[ELEMENTS(optional)] = {0};
    int done =
        wizard_run(optional, ELEMENTS(optional), (struct wizard_manner){0}, NULL, answers, NULL);

    fprintf(stderr, "answers: %s|%s.\n", answers[0], answers[1]);
    for (size_t i = 0; i < ELEMENTS(answers); i++)
        free(answers[i]);
    return done;
}

static void test_without_a_default(void **state)
{
    struct asked asked = {.shown = STRBUF_INIT(100000)};

    pty_open(&asked.pty, 24, 80);
    asked.child = pty_fork(&asked.pty);
    if (asked.child == 0) {
        interrupt_install(NULL);
        _exit(ask_optional());
    }
    answer(&asked, "With what?\r\nAnswer [milk], - for none: ", "none\n");
    answer(&asked, "For whom?\r\nAnswer, b for back: ", "\n");
    sees(&asked, "There is no default here: please type an answer.\r\n");
    answer(&asked, "Answer, b for back: ", "b\n");
    answer(&asked, "With what?\r\nAnswer [none]: ", "\n");
    answer(&asked, "Answer, b for back: ", "none\n");
    sees(&asked, "answers: |none.");
    end(&asked, 0);
}

static void test_back_from_what_cannot_be_shown(void **state)
{
    struct asked asked;

    begin(&asked);
    answer(&asked, NAME, "\n");
    answer(&asked, KIND, "1\n");
    answer(&asked, FRUIT, "quince\n");
    sees(&asked, "a quince cannot be shown\r\n\r\nWhich fruit?\r\n");
    answer(&asked, "Answer [quince], - for none, b for back: ", "plum\n");
    sees(&asked, "<anna><fruit><plum>");
    answer(&asked, SUMMARY, "\n");
    sees(&asked, "answers: anna|fruit|plum|yes.");
    end(&asked, 0);
}

static void test_what_no_answer_mends_ends_it(void **state)
{
    struct asked asked;

    begin(&asked);
    answer(&asked, NAME, "nobody\n");
    end(&asked, FAILED + ERROR_ENGINE);
    begin(&asked);
    answer(&asked, NAME, "\n");
    answer(&asked, KIND, "1\n");
    answer(&asked, FRUIT, "nobody\n");
    end(&asked, FAILED + ERROR_ENGINE);
}

static void test_explains(void **state)
{
    struct asked asked;

    begin_as(&asked, (struct wizard_manner){.guided = true});
    answer(&asked, "A name?\r\nExplained one.\r\nExplained two.\r\nAnswer [anna]: ", "\003");
    end(&asked, FAILED + ERROR_INTERRUPTED);
}

static void test_b_leaves_where_that_is_wanted(void **state)
{
    static const struct wizard_manner leaves = {.leaves = true};
    struct asked asked;

    begin_as(&asked, leaves);
    answer(&asked, "Answer [anna], b to leave: ", "\n");
    answer(&asked, KIND, "b\n");
    answer(&asked, "Answer [anna], b to leave: ", " B\n");
    sees(&asked, "left");
    end(&asked, 0);
}

static void test_what_an_answer_becomes(void **state)
{
    struct asked asked;

    begin(&asked);
    answer(&asked, NAME, "Otto\n");
    answer(&asked, KIND, "b\n");
    answer(&asked, "A name?\r\nAnswer [otto]: ", "\n");
    answer(&asked, KIND, "\n");
    answer(&asked, SUMMARY, "\n");
    sees(&asked, "answers: otto|vegetable|NULL|yes.");
    end(&asked, 0);
}

static void test_leaves(void **state)
{
    struct asked asked;

    begin(&asked);
    answer(&asked, NAME, "half\003");
    end(&asked, FAILED + ERROR_INTERRUPTED);
    begin(&asked);
    answer(&asked, NAME, "\n");
    answer(&asked, KIND, "\003");
    end(&asked, FAILED + ERROR_INTERRUPTED);
    begin(&asked);
    answer(&asked, NAME, "\n");
    answer(&asked, KIND, "\004");
    end(&asked, FAILED + ERROR_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_ways_to_choose),
        cmocka_unit_test(test_bad_answers),
        cmocka_unit_test(test_back),
        cmocka_unit_test(test_ways_to_say_none),
        cmocka_unit_test(test_without_a_default),
        cmocka_unit_test(test_back_from_what_cannot_be_shown),
        cmocka_unit_test(test_what_no_answer_mends_ends_it),
        cmocka_unit_test(test_explains),
        cmocka_unit_test(test_b_leaves_where_that_is_wanted),
        cmocka_unit_test(test_what_an_answer_becomes),
        cmocka_unit_test(test_leaves),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
