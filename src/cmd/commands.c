#include "cmd/command_list.h"

const struct command *const commands[] = {
    &command_image_create,
    &command_image_update,
    &command_image_list,
    &command_image_retire,
    &command_container_deploy,
    &command_container_create,
    &command_container_start,
    &command_container_stop,
    &command_container_open,
    &command_container_exec,
    &command_container_list,
    &command_container_logs,
    &command_container_stats,
    &command_container_retire,
    &command_doctor,
    &command_gc,
    NULL,
};

#define PROGRAM "ds01"

bool command_is_word_only(const struct command *command)
{
    return strncmp(command->name, PROGRAM " ", strlen(PROGRAM " ")) == 0;
}

const char *command_word(const struct command *command)
{
    return command_is_word_only(command) ? command->name + strlen(PROGRAM " ") : command->name;
}

/* "gc", and "ds01-gc" as the manual page is called. */
static bool is_called(const struct command *command, const char *name)
{
    if (strcmp(command_word(command), name) == 0)
        return true;
    return command_is_word_only(command) && strncmp(name, PROGRAM "-", strlen(PROGRAM "-")) == 0 &&
           strcmp(command_word(command), name + strlen(PROGRAM "-")) == 0;
}

const struct command *command_find(const char *name)
{
    for (const struct command *const *command = commands; *command; command++) {
        if (is_called(*command, name))
            return *command;
        for (const char *const *alias = (*command)->aliases; alias && *alias; alias++)
            if (strcmp(*alias, name) == 0)
                return *command;
    }
    return NULL;
}

static const struct option_row common_rows[] = {
    {'y', "yes", OPTION_FLAG, NULL, "answer yes to every question",
        offsetof(struct common_options, yes)},
    {0, "dry-run", OPTION_FLAG, NULL, "show what would be done, and do nothing",
        offsetof(struct common_options, dry_run)},
    {0, "guided", OPTION_FLAG, NULL, "explain each step", offsetof(struct common_options, guided)},
    {'q', "quiet", OPTION_FLAG, NULL, "only what was asked for, warnings and errors",
        offsetof(struct common_options, quiet)},
    {'v', "verbose", OPTION_FLAG, NULL, "show each request to the engine",
        offsetof(struct common_options, verbose)},
    {0, "json", OPTION_FLAG, NULL, "the result as JSON", offsetof(struct common_options, json)},
    {'H', "host", OPTION_TEXT, "SOCKET", "the engine: unix:///path/to/docker.sock",
        offsetof(struct common_options, host)},
    {0, "color", OPTION_TEXT, "WHEN", "auto, always or never",
        offsetof(struct common_options, color)},
    {'h', "help", OPTION_FLAG, NULL, "show this help", offsetof(struct common_options, help)},
    {0, "version", OPTION_FLAG, NULL, "show the version", offsetof(struct common_options, version)},
};

size_t command_common_options(
    const struct command *command, struct option_row ret[COMMON_OPTIONS_MAX])
{
    size_t count = 0;

    for (size_t i = 0; i < ELEMENTS(common_rows); i++) {
        size_t offset = common_rows[i].offset;
        if ((offset == offsetof(struct common_options, dry_run) && !command->changes) ||
            (offset == offsetof(struct common_options, guided) && !command->guided))
            continue;
        ret[count++] = common_rows[i];
    }
    return count;
}
