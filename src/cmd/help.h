/* Help and manual pages, both written from the command's tables. */
#ifndef DS01_CMD_HELP_H
#define DS01_CMD_HELP_H

#include <stdio.h>

#include "cmd/command.h"

/* The help of one command; fits 80 columns. */
void help_print(FILE *out, const struct command *command);

/* The overview of all commands. */
void help_print_overview(FILE *out);

/* The manual page of one command, or of ds01 itself (NULL), as man(7) source. */
void help_print_manual(FILE *out, const struct command *command);

/* A completion script for bash. */
void help_print_completion(FILE *out);

#endif
