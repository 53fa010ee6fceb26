#include "cmd/help.h"

#include "base/strbuf.h"
#include "base/xalloc.h"
#include "ui/table.h"
#include "version.h"

#define WIDTH 79

/* Prints words of `text` wrapped at WIDTH, `indent` blanks in front of each further line. */
static void print_wrapped(FILE *out, const char *text, int indent, int column)
{
    while (*text) {
        size_t length = strcspn(text, " \n");
        if (column > indent && column + (int)length + 1 > WIDTH) {
            fprintf(out, "\n%*s", indent, "");
            column = indent;
        }
        column += fprintf(out, "%s%.*s", column > indent ? " " : "", (int)length, text);
        text += length;
        if (*text == '\n') {
            fprintf(out, "\n%*s", indent, "");
            column = indent;
        }
        text += *text != '\0';
    }
    fputc('\n', out);
}

/* How a value follows its option: "--name VALUE", "--name[=VALUE]". */
static const char *before_value(const struct option_row *row)
{
    return row->kind == OPTION_OPTIONAL ? "[=" : " ";
}

static const char *behind_value(const struct option_row *row)
{
    return row->kind == OPTION_OPTIONAL ? "]" : "";
}

/* A line of a list: what is meant, `used` columns of it printed, and behind them what it means. */
static void print_meaning(FILE *out, int used, const char *text)
{
    const int indent = 28;

    if (used > indent - 2)
        fprintf(out, "\n%*s", indent, "");
    else
        fprintf(out, "%*s", indent - used, "");
    print_wrapped(out, text, indent, indent);
}

static void print_option(FILE *out, const struct option_row *row)
{
    char names[64];
    char letter[5] = "    ";

    if (row->letter)
        snprintf(letter, sizeof(letter), "-%c, ", row->letter);
    int used = snprintf(names, sizeof(names), "  %s--%s", letter, row->name);
    if (row->argument)
        used += snprintf(names + used, sizeof(names) - (size_t)used, "%s%s%s", before_value(row),
            row->argument, behind_value(row));
    fputs(names, out);
    print_meaning(out, used, row->help);
}

/* Those that are always shown, or those that are not. */
static void print_columns(FILE *out, const char *title, const struct command *command, bool extra)
{
    fprintf(out, "\n%s:\n", title);
    for (size_t i = 0; i < command->column_count; i++)
        if (command->columns[i].extra == extra)
            print_meaning(
                out, fprintf(out, "  %s", command->columns[i].name), command->columns[i].help);
}

/* "image-delete, image-rm"; the caller frees it. NULL: it has no other names. */
static char *other_names(const struct command *command)
{
    _cleanup_(strv_release) struct strv names = STRV_INIT;

    for (const char *const *alias = command->aliases; alias && *alias; alias++)
        strv_push(&names, *alias);
    return names.count ? strv_join(&names, ", ") : NULL;
}

void help_print(FILE *out, const struct command *command)
{
    struct option_row common[COMMON_OPTIONS_MAX];
    size_t common_count = command_common_options(command, common);

    fprintf(out, "Usage: ");
    _cleanup_free_ char *usage = xasprintf("%s %s", command->name, command->arguments);
    print_wrapped(out, usage, 9, 7);
    fprintf(out, "\n%s.\n\n", command->summary);
    print_wrapped(out, command->description, 0, 0);
    _cleanup_free_ char *others = other_names(command);
    if (others)
        fprintf(out, "\nAlso called: %s\n", others);
    if (command->option_count)
        fprintf(out, "\nOptions:\n");
    for (size_t i = 0; i < command->option_count; i++)
        print_option(out, &command->options[i]);
    if (command->columns) {
        print_columns(out, "Columns", command, false);
        print_columns(out, "Columns for --output, and under --json", command, true);
    }
    fprintf(out, "\nOptions of every command:\n");
    for (size_t i = 0; i < common_count; i++)
        print_option(out, &common[i]);
    if (command->examples)
        fprintf(out, "\nExamples:\n");
    for (const char *const *example = command->examples; example && *example; example += 2) {
        fprintf(out, "  %s\n      ", example[0]);
        print_wrapped(out, example[1], 6, 6);
    }
}

void help_print_overview(FILE *out)
{
    fprintf(out, "Usage: ds01 COMMAND …    or the command's own name, such as image-create\n\n"
                 "Images are permanent, containers are ephemeral: make an image once, make\n"
                 "containers from it at once. Your files live in /workspace, on the server.\n\n"
                 "Commands:\n");
    for (const struct command *const *command = commands; *command; command++)
        fprintf(out, "  %-18s %s\n", (*command)->name, (*command)->summary);
    fprintf(out, "\nCOMMAND --help tells more of each. Start with:\n"
                 "  image-create my-project --base debian:bookworm\n"
                 "  container-deploy my-project --open\n");
}

/* Text for man(7): backslashes and dashes escaped, no line that begins like a request. */
static void manual_text(FILE *out, const char *text)
{
    bool line_start = true;

    for (; *text; text++) {
        if (line_start && (*text == '.' || *text == '\''))
            fputs("\\&", out);
        if (*text == '\\')
            fputs("\\e", out);
        else if (*text == '-')
            fputs("\\-", out);
        else
            fputc(*text, out);
        line_start = *text == '\n';
    }
}

static void manual_options(FILE *out, const struct option_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        fputs(".TP\n\\fB", out);
        if (rows[i].letter)
            fprintf(out, "\\-%c\\fR, \\fB", rows[i].letter);
        fputs("\\-\\-", out);
        manual_text(out, rows[i].name);
        fputs("\\fR", out);
        if (rows[i].argument)
            fprintf(out, "%s\\fI%s\\fR%s", before_value(&rows[i]), rows[i].argument,
                behind_value(&rows[i]));
        fputc('\n', out);
        manual_text(out, rows[i].help);
        fputs(".\n", out);
    }
}

static void manual_columns(FILE *out, const struct command *command)
{
    if (!command->columns)
        return;
    fputs(".SH COLUMNS\n", out);
    for (size_t i = 0; i < command->column_count; i++) {
        fputs(".TP\n\\fB", out);
        manual_text(out, command->columns[i].name);
        fputs("\\fR\n", out);
        manual_text(out, command->columns[i].help);
        fputs(
            command->columns[i].extra ? "; for \\-\\-output, and under \\-\\-json.\n" : ".\n", out);
    }
}

/* Of the manual: no blank in it. The caller frees it. */
static char *page_name(const struct command *command)
{
    return xasprintf("%s%s", command_is_word_only(command) ? "ds01-" : "", command_word(command));
}

static void manual_exit_status(FILE *out)
{
    fputs(".SH EXIT STATUS\n"
          "0 done; 1 failed; 2 usage; 3 no such image or container; 4 refused; 125 the engine\n"
          "cannot be reached; 130 interrupted. A command that is run in a container passes its\n"
          "own; 126 where it cannot be run, 127 where it is not there.\n",
        out);
}

/* The other pages. */
static void manual_see_also(FILE *out, const struct command *of)
{
    const char *comma = "";

    fputs(".SH SEE ALSO\n", out);
    if (of) {
        fputs("\\fBds01\\fR(1)", out);
        comma = ", ";
    }
    for (const struct command *const *command = commands; *command; command++) {
        if (*command == of)
            continue;
        _cleanup_free_ char *page = page_name(*command);
        fprintf(out, "%s\\fB", comma);
        manual_text(out, page);
        fputs("\\fR(1)", out);
        comma = ", ";
    }
    fputc('\n', out);
}

static void manual_settings(FILE *out)
{
    fputs(
        ".SH SETTINGS\n"
        "Lines \\(lqkey: value\\(rq in /etc/ds01/config.yaml. The user's\n"
        "~/.ds01\\-config/config.yaml goes before it, the variable before that, an option of the\n"
        "command before all.\n",
        out);
    for (const struct setting *setting = config_settings; setting->key; setting++) {
        fprintf(out, ".TP\n\\fB%s\\fR (%s)\n", setting->key, setting->variable);
        manual_text(out, setting->help);
        if (setting->initial)
            fprintf(out, " (default: %s)", setting->initial);
        fputs(".\n", out);
    }
}

static void manual_environment(FILE *out)
{
    static const char *const rows[][2] = {
        {"DS01_NON_INTERACTIVE",
            "1: nothing is asked; what needs an answer fails and names the flag"},
        {"DOCKER_HOST", "the engine, where no setting and no option names one"},
        {"NO_COLOR", "anything: no colours, unless \\-\\-color says otherwise"},
        {"VISUAL, EDITOR", "the editor of image\\-update \\-\\-edit"},
    };

    fputs(".SH ENVIRONMENT\n", out);
    for (size_t i = 0; i < ELEMENTS(rows); i++)
        fprintf(out, ".TP\n\\fB%s\\fR\n%s.\n", rows[i][0], rows[i][1]);
}

static void manual_overview(FILE *out)
{
    fputs(".TH DS01 1 \"\" \"ds01 " DS01_VERSION "\" \"User commands\"\n.SH NAME\n"
          "ds01 \\- own machine\\-learning images and containers on a shared server\n"
          ".SH SYNOPSIS\n\\fBds01\\fR \\fICOMMAND\\fR …\n.SH DESCRIPTION\n"
          "Images are permanent, containers are ephemeral: an image is built once from a\n"
          "Dockerfile, with its user baked in; containers are made from it at once.\n"
          ".SH COMMANDS\n",
        out);
    for (const struct command *const *command = commands; *command; command++) {
        fputs(".TP\n\\fB", out);
        manual_text(out, (*command)->name);
        fputs("\\fR\n", out);
        manual_text(out, (*command)->summary);
        fputs(".\n", out);
    }
}

void help_print_manual(FILE *out, const struct command *command)
{
    struct option_row common[COMMON_OPTIONS_MAX];

    if (!command) {
        manual_overview(out);
        manual_settings(out);
        manual_environment(out);
        manual_exit_status(out);
        manual_see_also(out, NULL);
        return;
    }
    _cleanup_free_ char *page = page_name(command);
    fprintf(out, ".TH %s 1 \"\" \"ds01 " DS01_VERSION "\" \"User commands\"\n.SH NAME\n", page);
    manual_text(out, page);
    fputs(" \\- ", out);
    manual_text(out, command->summary);
    fputs("\n.SH SYNOPSIS\n\\fB", out);
    manual_text(out, command->name);
    fputs("\\fR ", out);
    manual_text(out, command->arguments);
    fputs("\n.SH DESCRIPTION\n", out);
    manual_text(out, command->description);
    _cleanup_free_ char *others = other_names(command);
    if (others) {
        fputs("\n.PP\nAlso called: ", out);
        manual_text(out, others);
    }
    fputs("\n.SH OPTIONS\n", out);
    manual_options(out, command->options, command->option_count);
    manual_options(out, common, command_common_options(command, common));
    manual_columns(out, command);
    if (command->examples)
        fputs(".SH EXAMPLES\n", out);
    for (const char *const *example = command->examples; example && *example; example += 2) {
        fputs(".TP\n\\fB", out);
        manual_text(out, example[0]);
        fputs("\\fR\n", out);
        manual_text(out, example[1]);
        fputc('\n', out);
    }
    manual_exit_status(out);
    manual_see_also(out, command);
}

static void completion_words(FILE *out, const struct command *command)
{
    struct option_row common[COMMON_OPTIONS_MAX];
    size_t common_count = command_common_options(command, common);

    for (size_t i = 0; i < command->option_count; i++)
        fprintf(out, " --%s", command->options[i].name);
    for (size_t i = 0; i < common_count; i++)
        fprintf(out, " --%s", common[i].name);
}

void help_print_completion(FILE *out)
{
    fputs("_ds01_words() {\n    echo \"", out);
    for (const struct command *const *command = commands; *command; command++)
        fprintf(out, "%s%s", command == commands ? "" : " ", command_word(*command));
    fputs("\"\n}\n_ds01_options() {\n    case $1 in\n", out);
    for (const struct command *const *command = commands; *command; command++) {
        fprintf(out, "    %s", command_word(*command));
        for (const char *const *alias = (*command)->aliases; alias && *alias; alias++)
            fprintf(out, "|%s", *alias);
        fputs(") echo \"", out);
        completion_words(out, *command);
        fputs("\" ;;\n", out);
    }
    fputs(
        "    esac\n}\n"
        "_ds01() {\n"
        "    local word=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[0]##*/}\n"
        "    if [ \"$command\" = ds01 ]; then\n"
        "        if [ \"$COMP_CWORD\" = 1 ]; then\n"
        "            mapfile -t COMPREPLY < <(compgen -W \"$(_ds01_words)\" -- \"$word\")\n"
        "            return\n"
        "        fi\n"
        "        command=${COMP_WORDS[1]}\n"
        "    fi\n"
        "    mapfile -t COMPREPLY < <(compgen -W \"$(_ds01_options \"$command\")\" -- \"$word\")\n"
        "}\n"
        "complete -o default -F _ds01 ds01",
        out);
    for (const struct command *const *command = commands; *command; command++) {
        if (command_is_word_only(*command))
            continue;
        fprintf(out, " %s", (*command)->name);
        for (const char *const *alias = (*command)->aliases; alias && *alias; alias++)
            fprintf(out, " %s", *alias);
    }
    fputc('\n', out);
}
