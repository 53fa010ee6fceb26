/* container-deploy of a name that a container of the caller's has: what is wanted then? */
#ifndef DS01_CMD_TAKEN_NAME_H
#define DS01_CMD_TAKEN_NAME_H

#include "cmd/command.h"
#include "model/name.h"

enum taken_choice {
    TAKEN_OPEN,
    TAKEN_REPLACE,
    TAKEN_ANOTHER,
    TAKEN_NOT, /* nobody was asked */
};

struct taken_name {
    const char *name;
    enum taken_choice choice;
    char other[NAME_MAX_LENGTH + 1]; /* with TAKEN_ANOTHER */
};

/* True where the name is taken by a container of the caller's, and somebody can be asked. */
bool taken_name_is_ours(const struct invocation *invocation, const char *name);

/* Asks, and with TAKEN_ANOTHER for the name; nothing is done yet. */
int taken_name_ask(struct invocation *invocation, struct taken_name *taken, struct error *err);

/* Retires the container that has the name, which asks on its own about what would be lost. */
int taken_name_replace(struct invocation *invocation, const char *name, struct error *err);

#endif
