/* argv by the option tables of a command. */
#ifndef DS01_CMD_OPTIONS_H
#define DS01_CMD_OPTIONS_H

#include "cmd/command.h"

/*
 * Fills common, options, arguments and trailing of `invocation`, whose command is set and
 * whose options are zeroed. Texts point into argv. ERROR_USAGE names what is wrong.
 * The number of arguments is not checked when --help or --version is there.
 */
int options_parse(struct invocation *invocation, int argc, char **argv, struct error *err);

#endif
