/*
 * Finds the command, runs it, and turns an error into a message and an exit code. One
 * program, three ways to each command: image-create, ds01 image create, ds01 image-create.
 */
#include <errno.h>
#include <libgen.h>

#include "base/interrupt.h"
#include "base/xalloc.h"
#include "cmd/command.h"
#include "cmd/help.h"
#include "cmd/options.h"
#include "cmd/report.h"
#include "cmd/terminal_observer.h"
#include "ui/cells.h"
#include "ui/style.h"
#include "version.h"

static int print_version(void)
{
    puts("ds01 " DS01_VERSION);
    return 0;
}

static int list_commands(void)
{
    for (const struct command *const *command = commands; *command; command++) {
        if (command_is_word_only(*command))
            continue;
        puts((*command)->name);
        for (const char *const *alias = (*command)->aliases; alias && *alias; alias++)
            puts(*alias);
    }
    return 0;
}

static int print_manual(const char *name)
{
    const struct command *command = name ? command_find(name) : NULL;

    if (name && strcmp(name, "ds01") != 0 && !command)
        return -1;
    help_print_manual(stdout, command);
    return 0;
}

static int unknown_command(const char *name, struct error *err)
{
    error_set(err, ERROR_USAGE, "there is no command '%s'", name);
    return error_hint(err, "ds01 --help lists the commands");
}

/* https://no-color.org: any value but an empty one. */
static bool no_color(void)
{
    const char *value = secure_getenv("NO_COLOR");

    return value && *value;
}

/* `typed`: by --color, or else in a file or the environment. */
static int set_color(const char *when, bool typed, struct error *err)
{
    static const struct {
        const char *name;
        enum style_when when;
    } choices[] = {{"auto", STYLE_AUTO}, {"always", STYLE_ALWAYS}, {"never", STYLE_NEVER}};

    for (size_t i = 0; i < ELEMENTS(choices); i++) {
        if (strcmp(choices[i].name, when) == 0) {
            style_setup(choices[i].when, no_color());
            return 0;
        }
    }
    if (typed) {
        error_set(err, ERROR_USAGE, "'%s' is no way to colour", when);
        return error_hint(err, "choose --color auto, always or never");
    }
    error_set(err, ERROR_USAGE, "the setting color is '%s', which is no way to colour", when);
    return error_hint(err, "set it to auto, always or never: in ~/.ds01-config/config.yaml, "
                           "/etc/ds01/config.yaml or DS01_COLOR");
}

static void free_text(char **text)
{
    free(*text);
}

/* Settings that are wrong stop a command, unless it is the one that tells of them. */
static int load_config(const struct invocation *invocation, const struct caller *caller,
    struct config *config, struct error *err)
{
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    const char *color = invocation->common.color;
    bool diagnoses = invocation->command->diagnoses;

    if (config_load(caller, config, &cause) < 0) {
        if (!diagnoses)
            return error_move(err, &cause);
        config_without_files(cause.message, config);
    }
    if (set_color(color ? color : config->color, color, &cause) < 0) {
        if (!diagnoses || color)
            return error_move(err, &cause);
        strv_push(&config->warnings, cause.message);
    }
    for (size_t i = 0; !diagnoses && i < config->warnings.count; i++)
        observer_note(&invocation->session.observer, NOTE_WARNING, "%s", config->warnings.items[i]);
    return 0;
}

/* Runs a command whose options are parsed: the session around it is made and released here. */
static int run_command(struct invocation *invocation, struct error *err)
{
    _cleanup_(caller_release) struct caller caller = {0};
    _cleanup_(config_release) struct config config = {0};
    _cleanup_(engine_freep) struct engine *engine = NULL;
    const struct common_options *common = &invocation->common;

    terminal_observer_begin(invocation->observer);
    if (interrupt_install(err) < 0 || caller_find(&caller, err) < 0 ||
        load_config(invocation, &caller, &config, err) < 0)
        return -1;
    if (caller.lookup_errno)
        observer_note(&invocation->session.observer, NOTE_WARNING,
            "The database of users does not answer (%s), so you are called %s for now.",
            strerror(caller.lookup_errno), caller.login);
    _cleanup_(free_text) char *host =
        common->host ? xstrdup(common->host) : config_engine_host(&config, &caller);
    if (engine_new(host, &engine, err) < 0)
        return -1;
    if (common->verbose)
        transport_set_trace(engine->transport, terminal_observer_trace, invocation->observer);
    if (terminal_observer_is_live(invocation->observer))
        transport_set_pulse(engine->transport, terminal_observer_pulse, invocation->observer);
    invocation->non_interactive = config_non_interactive();
    invocation->session.caller = &caller;
    invocation->session.config = &config;
    invocation->session.engine = engine;
    int code = invocation->command->run(invocation, err);
    terminal_observer_finish(invocation->observer, code < 0);
    return code;
}

static void invocation_release(struct invocation *invocation)
{
    terminal_observer_free(invocation->observer);
    if (invocation->options && invocation->command->options_release)
        invocation->command->options_release(invocation->options);
    free(invocation->options);
    strv_release(&invocation->arguments);
    strv_release(&invocation->trailing);
}

/* Parses and runs; what went wrong is in *err, and --json asks for it as JSON. */
static int invoke(
    const struct command *command, int argc, char **argv, bool *ret_json, struct error *err)
{
    _cleanup_(invocation_release) struct invocation invocation = {
        .command = command,
        .options = xcalloc(1, command->options_size),
    };

    invocation.observer = terminal_observer_new(&invocation);
    int parsed = options_parse(&invocation, argc, argv, err);
    *ret_json = invocation.common.json;
    if (parsed < 0)
        return -1;
    if (invocation.common.help) {
        help_print(stdout, command);
        return 0;
    }
    if (invocation.common.version)
        return print_version();
    int code = run_command(&invocation, err);
    /* Whoever typed it wrong has something to type next, whatever went wrong. */
    if (code < 0 && err->code == ERROR_USAGE && !err->hint)
        error_hint(err, "%s --help shows what can be typed", command->name);
    return code;
}

/* Options of ds01 itself. -2 when `word` is none of them. */
static int run_own_option(const char *word, const char *argument)
{
    if (strcmp(word, "--version") == 0)
        return print_version();
    if (strcmp(word, "--list-commands") == 0)
        return list_commands();
    if (strcmp(word, "--completion") == 0) {
        help_print_completion(stdout);
        return 0;
    }
    if (strcmp(word, "--manual") == 0)
        return print_manual(argument);
    return -2;
}

/* All of ds01, or the command that the words name: "image-create", "image create". */
static int print_help(int count, char **words, struct error *err)
{
    if (count < 1) {
        help_print_overview(stdout);
        return 0;
    }
    _cleanup_free_ char *joined =
        count > 1 ? xasprintf("%s-%s", words[0], words[1]) : xstrdup(words[0]);
    const struct command *command = command_find(words[0]);
    if (!command && !(command = command_find(joined)))
        return unknown_command(joined, err);
    help_print(stdout, command);
    return 0;
}

/* Where there is no command whose options could be parsed. */
static bool asks_for_json(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--json") == 0)
            return true;
    return false;
}

/* `ds01 …`: a command in one word or two, or an option of ds01 itself. */
static int dispatch(int argc, char **argv, bool *ret_json, struct error *err)
{
    if (argc < 2) {
        help_print_overview(stdout);
        return 0;
    }
    const struct command *command = command_find(argv[1]);
    if (command)
        return invoke(command, argc - 1, argv + 1, ret_json, err);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0)
        return print_help(argc - 2, argv + 2, err);
    int code = run_own_option(argv[1], argc > 2 ? argv[2] : NULL);
    if (code >= 0)
        return code;
    *ret_json = asks_for_json(argc, argv);
    if (argc < 3 || argv[2][0] == '-')
        return unknown_command(argv[1], err);
    _cleanup_free_ char *joined = xasprintf("%s-%s", argv[1], argv[2]);
    command = command_find(joined);
    return command ? invoke(command, argc - 2, argv + 2, ret_json, err)
                   : unknown_command(joined, err);
}

static int exit_code(int code, bool json, struct error *err)
{
    if (code >= 0 && fflush(stdout) == 0)
        return code;
    if (code >= 0)
        error_set_output(err, errno);
    if (err->code == ERROR_NO_READER)
        return ERROR_NO_READER;
    if (json && !ferror(stdout))
        report_error_json(err);
    else
        report_error(err);
    return err->code ? (int)err->code : ERROR_FAILED;
}

/*
 * Everything of ours is released by now. Taking down the thirty libraries behind libcurl, one
 * by one, would take a fifth of a short command's time for nothing; only the leak detector
 * needs it, since it looks at exit.
 */
static int leave(int code)
{
#ifndef __SANITIZE_ADDRESS__
    fflush(NULL);
    _exit(code);
#endif
    return code;
}

static int run(int argc, char **argv)
{
    _cleanup_(error_release) struct error err = ERROR_INIT;
    bool json = false;

    cells_setup();
    style_setup(STYLE_AUTO, no_color());
    const char *slash = strrchr(argv[0], '/');
    const struct command *command = command_find(slash ? slash + 1 : argv[0]);
    int code =
        command ? invoke(command, argc, argv, &json, &err) : dispatch(argc, argv, &json, &err);
    return exit_code(code, json, &err);
}

int main(int argc, char **argv)
{
    return argc < 1 ? ERROR_USAGE : leave(run(argc, argv));
}
