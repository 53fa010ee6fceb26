/* The catalogue of frameworks as a table, for image-create --list-frameworks. */
#ifndef DS01_CMD_FRAMEWORK_TABLE_H
#define DS01_CMD_FRAMEWORK_TABLE_H

#include "cmd/command.h"

/* Prints framework_list(). Returns the exit code, or -1. */
int framework_table_print(const struct invocation *invocation, const char *framework,
    const char *architecture, struct error *err);

#endif
