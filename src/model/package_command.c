#include "model/package_command.h"

#include "base/strbuf.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/pip_grammar.h"
#include "model/requirement.h"

#define DIGITS       "0123456789"
#define LOWER        "abcdefghijklmnopqrstuvwxyz"
#define ALPHANUMERIC LOWER "ABCDEFGHIJKLMNOPQRSTUVWXYZ" DIGITS

/* Options whose value is the next word. */
static const char *const pip_valued[] = {"--abi", "--build-option", "--cache-dir", "--cert",
    "--client-cert", "--config-setting", "--config-settings", "--constraint", "--editable",
    "--exists-action", "--extra-index-url", "--find-links", "--global-option", "--group",
    "--implementation", "--index-url", "--install-option", "--keyring-provider", "--log",
    "--no-binary", "--only-binary", "--platform", "--prefix", "--progress-bar", "--proxy",
    "--pypi-url", "--python", "--python-version", "--report", "--requirement", "--resume-retries",
    "--retries", "--root", "--root-user-action", "--src", "--target", "--timeout", "--trusted-host",
    "--upgrade-strategy", "--use-deprecated", "--use-feature",
    /* uv's */
    "--default-index", "--index", "--index-strategy", "--link-mode", "--override", "--prerelease",
    "--resolution", "--torch-backend"};
static const char *const apt_valued[] = {
    "--config-file", "--default-release", "--host-architecture", "--option", "--target-release"};

struct installer {
    const char *const *valued;
    size_t valued_count;
    const char *valued_letters;
};

static const struct installer installers[] = {
    [PACKAGE_PIP] = {pip_valued, ELEMENTS(pip_valued), "rceiftbCd"},
    [PACKAGE_APT] = {apt_valued, ELEMENTS(apt_valued), "otca"},
};

/* The words of a command without its redirections. */
struct reader {
    const struct shell_word *words;
    size_t count;
    size_t at;
};

/* The value of the word the reader stands at, as far as it is certain to be that; or "". */
static const char *current(struct reader *reader)
{
    while (reader->at < reader->count && reader->words[reader->at].redirection)
        reader->at++;
    if (reader->at >= reader->count)
        return "";
    const struct shell_word *word = &reader->words[reader->at];
    return word->fixed == strlen(word->value) ? word->value : "";
}

static bool is_at(struct reader *reader, const char *word)
{
    return strcmp(current(reader), word) == 0;
}

static bool skip_word(struct reader *reader, const char *word)
{
    if (!is_at(reader, word))
        return false;
    reader->at++;
    return true;
}

static bool is_assignment(const char *word)
{
    size_t name = strspn(word, ALPHANUMERIC "_");

    return name > 0 && !strchr(DIGITS, word[0]) && word[name] == '=';
}

/* "A=b sudo -E env C=d": moves to the program itself. */
static void skip_prefix(struct reader *reader)
{
    static const char *const prefixes[] = {
        "sudo", "env", "exec", "command", "nice", "time", "nohup", "eatmydata"};

    for (;;) {
        current(reader);
        if (reader->at < reader->count && is_assignment(reader->words[reader->at].value)) {
            reader->at++;
            continue;
        }
        size_t i = 0;
        while (i < ELEMENTS(prefixes) && !is_at(reader, prefixes[i]))
            i++;
        if (i == ELEMENTS(prefixes))
            return;
        reader->at++;
        while (current(reader)[0] == '-')
            reader->at += is_at(reader, "-u") || is_at(reader, "-n") ? 2 : 1;
    }
}

/* Is the program `name`, perhaps with a path before and a version behind it? */
static bool is_program(struct reader *reader, const char *name, bool versions)
{
    const char *word = current(reader);
    const char *slash = strrchr(word, '/');
    size_t length = strlen(name);

    word = slash ? slash + 1 : word;
    if (strncmp(word, name, length) != 0)
        return false;
    return !word[length] || (versions && !word[length + strspn(word + length, DIGITS ".")]);
}

static bool skip_program(struct reader *reader, const char *name, bool versions)
{
    if (!is_program(reader, name, versions))
        return false;
    reader->at++;
    return true;
}

/* "python3 -I -W ignore -m NAME", of which the last two may be one word. */
static bool skip_module(struct reader *reader, const char *name)
{
    if (!skip_program(reader, "python", true))
        return false;
    while (current(reader)[0] == '-') {
        const char *option = current(reader);
        const char *valued = option[1] == '-' ? "" : option + strcspn(option, "mcWX");
        if (*valued == 'c')
            return false;
        reader->at += *valued && *valued != 'm' && !valued[1] ? 2 : 1;
        if (*valued == 'm')
            return valued[1] ? strcmp(valued + 1, name) == 0 : skip_word(reader, name);
    }
    return false;
}

static bool skip_pip(struct reader *reader)
{
    if (skip_program(reader, "pip", true))
        return true;
    if (skip_program(reader, "uv", false))
        return skip_word(reader, "pip");
    return skip_module(reader, "pip");
}

/* What takes the value of the next word: a long option, or the last letter of short ones. */
static bool takes_next(const struct installer *installer, const char *option)
{
    if (option[1] != '-') {
        size_t letter = 1 + strcspn(option + 1, installer->valued_letters);
        return option[letter] && !option[letter + 1];
    }
    for (size_t i = 0; i < installer->valued_count; i++)
        if (strcmp(option, installer->valued[i]) == 0)
            return true;
    return false;
}

static bool skip_one_of(struct reader *reader, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (skip_word(reader, words[i]))
            return true;
    return false;
}

/* Moves behind the program, its options and "install", or what removes. */
static bool skip_verb(struct reader *reader, struct package_command *ret)
{
    static const char *const pip_removes[] = {"uninstall"};
    static const char *const apt_removes[] = {"remove", "purge", "autoremove", "autopurge"};

    skip_prefix(reader);
    *ret = (struct package_command){.program = current(reader)};
    if (skip_pip(reader))
        ret->kind = PACKAGE_PIP;
    else if (skip_program(reader, "apt-get", false) || skip_program(reader, "apt", false))
        ret->kind = PACKAGE_APT;
    else
        return false;
    while (current(reader)[0] == '-')
        reader->at += takes_next(&installers[ret->kind], current(reader)) ? 2 : 1;
    ret->removes = ret->kind == PACKAGE_PIP
                       ? skip_one_of(reader, pip_removes, ELEMENTS(pip_removes))
                       : skip_one_of(reader, apt_removes, ELEMENTS(apt_removes));
    return ret->removes || skip_word(reader, "install");
}

/* "--target", "--target=FOLDER", "-t", "-tFOLDER" and their like. */
static bool leads_elsewhere(enum package_kind kind, const char *option)
{
    static const char *const options[] = {"--target", "--prefix", "--root"};

    if (kind != PACKAGE_PIP)
        return false;
    for (size_t i = 0; i < ELEMENTS(options); i++)
        if (strcspn(option, "=") == strlen(options[i]) &&
            strncmp(option, options[i], strlen(options[i])) == 0)
            return true;
    return option[1] != '-' &&
           option[1 + strcspn(option + 1, installers[kind].valued_letters)] == 't';
}

/* The role of an option's value: only those of -r and -e are installed. */
static enum package_role option_role(enum package_kind kind, const char *option)
{
    if (kind != PACKAGE_PIP)
        return ROLE_NONE;
    if (strncmp(option, "--", 2) == 0) {
        size_t length = strcspn(option, "=");
        if (length == strlen("--requirement") && strncmp(option, "--requirement", length) == 0)
            return ROLE_FILE;
        bool installs = (length == strlen("--editable") && strncmp(option, "--edit", 6) == 0) ||
                        (length == strlen("--group") && strncmp(option, "--group", length) == 0);
        return installs ? ROLE_OTHER : ROLE_NONE;
    }
    size_t letter = 1 + strcspn(option + 1, installers[kind].valued_letters);
    if (option[letter] == 'r')
        return ROLE_FILE;
    return option[letter] == 'e' ? ROLE_OTHER : ROLE_NONE;
}

static enum package_role operand_role(enum package_kind kind, const struct shell_word *word)
{
    _cleanup_free_ char *key = package_key(kind, word->value, word->fixed);

    return key ? ROLE_PACKAGE : ROLE_OTHER;
}

bool package_command_roles(const struct shell_word *words, size_t count,
    struct package_command *ret, enum package_role roles[])
{
    struct reader reader = {words, count, 0};
    enum package_role next = ROLE_NONE;
    bool waits = false;
    bool options = true;

    if (!skip_verb(&reader, ret))
        return false;
    for (size_t i = 0; i < count; i++)
        roles[i] = ROLE_NONE;
    for (size_t i = reader.at; i < count; i++) {
        const char *value = words[i].value;
        if (words[i].redirection)
            continue;
        if (waits) {
            /* A file's name that looks like an option is nobody's. */
            roles[i] = next == ROLE_FILE && value[0] == '-' ? ROLE_OTHER : next;
            waits = false;
        } else if (options && strcmp(value, "--") == 0) {
            options = false;
        } else if (options && value[0] == '-' && value[1]) {
            next = option_role(ret->kind, value);
            waits = takes_next(&installers[ret->kind], value);
            roles[i] = waits ? ROLE_NONE : next;
            ret->elsewhere |= leads_elsewhere(ret->kind, value);
        } else {
            roles[i] = operand_role(ret->kind, &words[i]);
        }
    }
    return true;
}

static const char *const conda_verbs[] = {"install", "create", "update", "env", NULL};
static const char *const system_verbs[] = {"install", "add", NULL};
static const char *const project_verbs[] = {"install", "add", "sync", "tool", NULL};

static const struct package_tool tools[] = {
    {"conda", PACKAGE_PIP, true, conda_verbs},
    {"mamba", PACKAGE_PIP, true, conda_verbs},
    {"micromamba", PACKAGE_PIP, true, conda_verbs},
    {"pipx", PACKAGE_PIP, false, project_verbs},
    {"poetry", PACKAGE_PIP, false, project_verbs},
    {"uv", PACKAGE_PIP, false, project_verbs},
    {"dnf", PACKAGE_APT, false, system_verbs},
    {"microdnf", PACKAGE_APT, false, system_verbs},
    {"yum", PACKAGE_APT, false, system_verbs},
    {"zypper", PACKAGE_APT, false, system_verbs},
    {"apk", PACKAGE_APT, false, system_verbs},
};

const struct package_tool *package_command_tool(
    const struct shell_word *words, size_t count, size_t *ret_first)
{
    struct reader reader = {words, count, 0};
    const struct package_tool *tool = NULL;

    skip_prefix(&reader);
    for (size_t i = 0; i < ELEMENTS(tools) && !tool; i++)
        if (skip_program(&reader, tools[i].name, false))
            tool = &tools[i];
    while (tool && current(&reader)[0] == '-')
        reader.at++;
    for (size_t i = 0; tool && tool->verbs[i]; i++) {
        if (!skip_word(&reader, tool->verbs[i]))
            continue;
        *ret_first = reader.at;
        return tool;
    }
    return NULL;
}

const char *package_command_activated(const struct shell_word *words, size_t count)
{
    struct reader reader = {words, count, 0};

    if (!skip_word(&reader, ".") && !skip_word(&reader, "source"))
        return NULL;
    return is_program(&reader, "activate", false) ? current(&reader) : NULL;
}

bool package_command_makes_python(const struct shell_word *words, size_t count)
{
    struct reader reader = {words, count, 0};

    skip_prefix(&reader);
    if (is_program(&reader, "virtualenv", false))
        return true;
    if (skip_program(&reader, "uv", false))
        return is_at(&reader, "venv");
    struct reader again = reader;
    return skip_module(&reader, "venv") || skip_module(&again, "virtualenv");
}

static bool removes_only_caches(struct reader *reader)
{
    static const char *const caches[] = {
        "/var/lib/apt/lists", "/var/cache/apt", "/root/.cache", "~/.cache", "/tmp/*"};
    bool any = false;

    for (current(reader); reader->at < reader->count; reader->at++, current(reader)) {
        const char *word = reader->words[reader->at].value;
        size_t i = 0;
        while (i < ELEMENTS(caches) && strncmp(word, caches[i], strlen(caches[i])) != 0)
            i++;
        if (i == ELEMENTS(caches) && word[0] != '-')
            return false;
        any = any || i < ELEMENTS(caches);
    }
    return any;
}

/* Does it write to nothing but the error output? */
static bool speaks_only(const struct shell_word *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (words[i].redirection && strcmp(words[i].value, ">&2") != 0)
            return false;
    return true;
}

bool package_command_serves(const struct shell_word *words, size_t count, bool in_group)
{
    static const char *const apt_steps[] = {"update", "clean", "autoclean", "autoremove"};
    struct reader reader = {words, count, 0};

    if (skip_word(&reader, "command") && is_at(&reader, "-v"))
        return true;
    reader.at = 0;
    if (in_group)
        return is_at(&reader, "exit") || (is_at(&reader, "echo") && speaks_only(words, count));
    skip_prefix(&reader);
    if (skip_word(&reader, "set") || skip_word(&reader, "cd"))
        return true;
    if (skip_word(&reader, "rm"))
        return removes_only_caches(&reader);
    if (skip_pip(&reader))
        return skip_word(&reader, "cache") && skip_word(&reader, "purge");
    if (!skip_program(&reader, "apt-get", false) && !skip_program(&reader, "apt", false))
        return false;
    while (current(&reader)[0] == '-')
        reader.at += takes_next(&installers[PACKAGE_APT], current(&reader)) ? 2 : 1;
    for (size_t i = 0; i < ELEMENTS(apt_steps); i++)
        if (is_at(&reader, apt_steps[i]))
            return true;
    return false;
}

/* "git+https://…#egg=NAME" */
static char *egg_name(const char *text, size_t fixed)
{
    const char *egg = strstr(text, "#egg=");

    if (!egg || fixed < strlen(text) || !strstr(text, "://") || !egg[5])
        return NULL;
    return pip_requirement_name(egg + 5);
}

static char *pip_key(const char *text, size_t fixed)
{
    size_t length = strspn(text, ALPHANUMERIC "._-");
    bool ends_here = !text[length];

    if (length == 0 || !strchr(ALPHANUMERIC, text[0]) || !strchr(ALPHANUMERIC, text[length - 1]) ||
        (!ends_here && !strchr("[<>=!~;@( ", text[length])))
        return egg_name(text, fixed);
    if (fixed < length + (ends_here ? 0 : 1))
        return NULL;
    if (ends_here && pip_is_archive(text, length))
        return NULL;
    return pip_requirement_name(text);
}

static char *apt_key(const char *text, size_t fixed)
{
    size_t length = strspn(text, LOWER DIGITS "+.-");

    if (length == 0 || strchr("+.-", text[0]) || text[length - 1] == '-')
        return NULL;
    if (text[length] == ':')
        length += 1 + strspn(text + length + 1, LOWER DIGITS "-");
    bool ends_here = !text[length];
    if ((!ends_here && !strchr("=/", text[length])) || fixed < length + (ends_here ? 0 : 1) ||
        text_ends(text, strlen(text), ".deb"))
        return NULL;
    return xstrndup(text, length);
}

char *package_key(enum package_kind kind, const char *text, size_t fixed)
{
    return kind == PACKAGE_PIP ? pip_key(text, fixed) : apt_key(text, fixed);
}

bool package_is_bare(enum package_kind kind, const char *text)
{
    return !strpbrk(text, kind == PACKAGE_PIP ? "[<>=!~;@( :" : "=/");
}
