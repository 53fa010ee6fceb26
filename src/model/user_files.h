/*
 * The files of a user in a container besides passwd and group: what lets sudo ask nothing,
 * and what a shell reads. They say the same as the user setup of an image (recipe_user.c).
 */
#ifndef DS01_MODEL_USER_FILES_H
#define DS01_MODEL_USER_FILES_H

#include "base/error.h"

#define SUDOERS_FOLDER "/etc/sudoers.d"
#define SUDOERS_RULE   "/etc/sudoers.d/ds01-user"

/* Goes before; what is installed with sudo then goes where it goes without (sudoers(5)). */
#define SUDOERS_PIP "Defaults env_keep += \"PIP_*\""

/* Where sudo looks besides the image's own PATH, and all that may be in that. */
#define SUDOERS_SYSTEM_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
#define SUDOERS_PATH_CHARACTERS                                                                    \
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/:._+-"

/*
 * The content of SUDOERS_RULE for the user; the caller frees it. `path` is the image's PATH,
 * where the Python of conda's or a virtual environment's images is; NULL, or one that holds what
 * would need quotes, leaves sudo with its own.
 */
char *sudoers_rule(const char *user, const char *path);

/*
 * /etc/sudoers with the line that reads SUDOERS_FOLDER behind it, or NULL when it reads it
 * already; the caller frees it.
 */
char *sudoers_with_folder(const char *text);

/*
 * A .bashrc that begins as `skeleton` (may be NULL), has ~/.local/bin on PATH and shows the
 * container's name in the prompt; `project` where the container does not say its own. The
 * caller frees it.
 */
char *bashrc_for(const char *skeleton, const char *project);

#endif
