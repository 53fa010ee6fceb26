#include "cmd/options.h"

#include <getopt.h>

#include "base/xalloc.h"

/* What getopt_long returns for the row with index i: beyond every character. */
#define ROW_BASE 1000

/* All rows of a command in one array, with the struct each writes to. */
struct row_set {
    struct option_row *rows;
    void **targets;
    size_t count;
    struct option *long_options;
    char *letters;
};

static void row_set_release(struct row_set *set)
{
    free(set->rows);
    free(set->targets);
    free(set->long_options);
    free(set->letters);
}

static void row_set_add(struct row_set *set, const struct option_row *row, void *target)
{
    set->rows[set->count] = *row;
    set->targets[set->count++] = target;
}

static int argument_need(const struct option_row *row)
{
    if (row->kind == OPTION_OPTIONAL)
        return optional_argument;
    return row->argument ? required_argument : no_argument;
}

static void row_set_fill(struct row_set *set, struct invocation *invocation)
{
    const struct command *command = invocation->command;
    struct option_row common[COMMON_OPTIONS_MAX];
    size_t common_count = command_common_options(command, common);
    size_t total = command->option_count + common_count;
    /* A '-' in front hands out arguments in their order; a ':' tells missing values apart. */
    size_t used = 2;

    set->rows = xcalloc(total, sizeof(*set->rows));
    set->targets = xcalloc(total, sizeof(*set->targets));
    set->long_options = xcalloc(total + 1, sizeof(*set->long_options));
    set->letters = xcalloc(total * 2 + 3, 1);
    memcpy(set->letters, "-:", 2);
    for (size_t i = 0; i < command->option_count; i++)
        row_set_add(set, &command->options[i], invocation->options);
    for (size_t i = 0; i < common_count; i++)
        row_set_add(set, &common[i], &invocation->common);
    for (size_t i = 0; i < set->count; i++) {
        const struct option_row *row = &set->rows[i];
        int has_argument = argument_need(row);
        set->long_options[i] = (struct option){row->name, has_argument, NULL, ROW_BASE + (int)i};
        if (row->letter)
            set->letters[used++] = row->letter;
        if (row->letter && has_argument == required_argument)
            set->letters[used++] = ':';
    }
}

/* The row for a return value of getopt_long, or NULL. */
static const struct option_row *row_for(const struct row_set *set, int value, void **ret_target)
{
    for (size_t i = 0; i < set->count; i++) {
        if (value == ROW_BASE + (int)i || (set->rows[i].letter && value == set->rows[i].letter)) {
            *ret_target = (char *)set->targets[i] + set->rows[i].offset;
            return &set->rows[i];
        }
    }
    return NULL;
}

static void apply(const struct option_row *row, void *target, const char *value)
{
    switch (row->kind) {
    case OPTION_FLAG:
        *(bool *)target = true;
        break;
    case OPTION_YES:
        *(enum option_answer *)target = ANSWER_YES;
        break;
    case OPTION_NO:
        *(enum option_answer *)target = ANSWER_NO;
        break;
    case OPTION_TEXT:
        *(const char **)target = value;
        break;
    case OPTION_LIST:
    case OPTION_WORDS:
        strv_push(target, value);
        break;
    case OPTION_OPTIONAL:
        *(struct optional_text *)target = (struct optional_text){true, value};
        break;
    }
}

static int refuse_option(const struct invocation *invocation, int value, char **argv,
    const struct row_set *set, struct error *err)
{
    char letter[3] = {'-', (char)optopt, '\0'};
    void *target;
    const struct option_row *row = optopt ? row_for(set, optopt, &target) : NULL;

    if (value == ':' && row) {
        error_set(err, ERROR_USAGE, "the option --%s needs a value", row->name);
        return error_hint(err, "write --%s %s", row->name, row->argument);
    }
    if (row) {
        error_set(err, ERROR_USAGE, "the option --%s takes no value", row->name);
        return error_hint(err, "write just --%s", row->name);
    }
    error_set(err, ERROR_USAGE, "there is no option %s", optopt ? letter : argv[optind - 1]);
    return error_hint(err, "%s --help shows the options", invocation->command->name);
}

/* An empty value is most often a shell variable that is not set. */
static int empty_value(const struct option_row *row, struct error *err)
{
    error_set(err, ERROR_USAGE, "the value of --%s is empty", row->name);
    return error_hint(err, "write --%s%s%s, or leave it out", row->name,
        row->kind == OPTION_OPTIONAL ? "=" : " ", row->argument);
}

/*
 * What stands behind an option that takes several words in one value: "--add wandb pandas" is
 * how somebody writes who does not know of the quotes.
 */
struct loose_words {
    const struct option_row *row; /* NULL: none */
    struct strv words;            /* its value, and the arguments behind it */
    bool ended;
};

static void loose_words_release(struct loose_words *loose)
{
    strv_release(&loose->words);
}

/* Notes an option (`row`) or an argument (NULL). The first option with arguments behind counts. */
static void loose_words_note(
    struct loose_words *loose, const struct option_row *row, const char *text)
{
    if (!row) {
        if (loose->row && !loose->ended)
            strv_push(&loose->words, text);
        return;
    }
    loose->ended = true;
    if (row->kind != OPTION_WORDS || loose->words.count > 1)
        return;
    strv_release(&loose->words);
    *loose = (struct loose_words){.row = row};
    strv_push(&loose->words, text);
}

static int refuse_argument(
    const struct invocation *invocation, const struct loose_words *loose, struct error *err)
{
    const struct command *command = invocation->command;

    error_set(err, ERROR_USAGE, "'%s' is one argument too many",
        invocation->arguments.items[command->max_arguments]);
    if (loose->words.count < 2)
        return error_hint(err, "usage: %s %s; a name with blanks needs quotes", command->name,
            command->arguments);
    _cleanup_free_ char *words = strv_join(&loose->words, " ");
    return error_hint(
        err, "several words go into one pair of quotes: --%s \"%s\"", loose->row->name, words);
}

static int check_counts(
    const struct invocation *invocation, const struct loose_words *loose, struct error *err)
{
    const struct command *command = invocation->command;
    int count = (int)invocation->arguments.count;

    if (invocation->trailing.count && !command->takes_trailing)
        return error_set(
            err, ERROR_USAGE, "'%s' cannot follow '--' here", invocation->trailing.items[0]);
    if (count < command->min_arguments) {
        error_set(err, ERROR_USAGE, "a name is missing");
        return error_hint(err, "usage: %s %s", command->name, command->arguments);
    }
    if (command->max_arguments >= 0 && count > command->max_arguments)
        return refuse_argument(invocation, loose, err);
    return 0;
}

int options_parse(struct invocation *invocation, int argc, char **argv, struct error *err)
{
    _cleanup_(row_set_release) struct row_set set = {0};
    _cleanup_(loose_words_release) struct loose_words loose = {0};
    int value;

    row_set_fill(&set, invocation);
    optind = 0;
    opterr = 0;
    while ((value = getopt_long(argc, argv, set.letters, set.long_options, NULL)) != -1) {
        void *target = NULL;
        if (value == 1) {
            strv_push(&invocation->arguments, optarg);
            loose_words_note(&loose, NULL, optarg);
            continue;
        }
        const struct option_row *row = row_for(&set, value, &target);
        if (value == '?' || value == ':' || !row)
            return refuse_option(invocation, value, argv, &set, err);
        if (row->argument && optarg && !*optarg)
            return empty_value(row, err);
        apply(row, target, optarg);
        loose_words_note(&loose, row, optarg);
    }
    for (; optind < argc; optind++)
        strv_push(&invocation->trailing, argv[optind]);
    if (invocation->common.help || invocation->common.version)
        return 0;
    return check_counts(invocation, &loose, err);
}
