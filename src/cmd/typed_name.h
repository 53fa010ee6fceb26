/* Names as typed, made valid, and said so when they changed. */
#ifndef DS01_CMD_TYPED_NAME_H
#define DS01_CMD_TYPED_NAME_H

#include "cmd/command.h"
#include "model/name.h"

/*
 * The name for what was typed, also as lists show it (name_within_typed()); a note says when it
 * is another. ERROR_USAGE when nothing is left.
 */
int typed_name(const struct invocation *invocation, enum name_kind kind, const char *typed,
    char ret_name[NAME_MAX_LENGTH + 1], struct error *err);

#endif
