/*
 * Which words of a shell command are packages that it installs or removes.
 *
 * Understood are pip, pip3, /opt/conda/bin/pip, python -m pip, uv pip, apt-get and apt,
 * behind sudo, env and assignments, with the options that their manuals list (pip 24,
 * apt 2.6).
 */
#ifndef DS01_MODEL_PACKAGE_COMMAND_H
#define DS01_MODEL_PACKAGE_COMMAND_H

#include "model/shell.h"

enum package_kind {
    PACKAGE_PIP,
    PACKAGE_APT,
};

enum package_role {
    ROLE_NONE,    /* the program, an option, a redirection */
    ROLE_PACKAGE, /* a requirement whose name is known, to be installed or removed */
    ROLE_FILE,    /* a requirements file, or the option with the file in it */
    ROLE_OTHER,   /* installs something whose name is not known: a path, "$LIST", -e . */
};

struct package_command {
    enum package_kind kind;
    bool removes;        /* "uninstall", "purge" */
    bool elsewhere;      /* --target and its like: not to where Python looks by itself */
    const char *program; /* a word's: "/opt/conda/bin/pip" */
};

/*
 * Tells of each of `count` words its role in roles[], and what kind of packages these are.
 * False when the command installs none and removes none.
 */
bool package_command_roles(const struct shell_word *words, size_t count,
    struct package_command *ret, enum package_role roles[]);

/* What installs packages besides pip and apt. */
struct package_tool {
    const char *name;
    enum package_kind kind; /* whose packages they are most like */
    bool shares_python;     /* they go into the Python that pip installs into */
    const char *const *verbs;
};

/*
 * The tool of a command that installs with one: conda, poetry, dnf …; else NULL. *ret_first is the
 * word behind "install".
 */
const struct package_tool *package_command_tool(
    const struct shell_word *words, size_t count, size_t *ret_first);

/* Of ". /opt/venv/bin/activate" the file, a word's, whose folder has the programs from then on. */
const char *package_command_activated(const struct shell_word *words, size_t count);

/* Does the command make a Python to install into: python -m venv, virtualenv, uv venv? */
bool package_command_makes_python(const struct shell_word *words, size_t count);

/*
 * Does the command only serve an installation: apt-get update, rm -rf /var/lib/apt/lists …?
 * Within a group so do the words and the exit of "command -v apt-get || { echo …; exit 1; }".
 */
bool package_command_serves(const struct shell_word *words, size_t count, bool in_group);

/*
 * What a requirement is compared by: pip's normalised name, Debian's name with its
 * architecture. The caller frees it; NULL where it cannot be known. Of `text` only the
 * first `fixed` bytes are certain.
 */
char *package_key(enum package_kind kind, const char *text, size_t fixed);

/* Is a requirement with a key only a name, so that any version of the package will do? */
bool package_is_bare(enum package_kind kind, const char *text);

#endif
