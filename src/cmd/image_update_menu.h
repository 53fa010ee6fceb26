/*
 * image-update's questions, for a terminal on which the image's name or what shall change was
 * left out. `b` at the first one leaves, and nothing has changed.
 */
#ifndef DS01_CMD_IMAGE_UPDATE_MENU_H
#define DS01_CMD_IMAGE_UPDATE_MENU_H

#include "cmd/command.h"
#include "model/name.h"

#define IMAGE_UPDATE_QUESTIONS 6

enum image_update_change {
    CHANGE_NONE, /* it was not asked for */
    CHANGE_ADD,
    CHANGE_REMOVE,
    CHANGE_ADD_SYSTEM,
    CHANGE_REMOVE_SYSTEM,
    CHANGE_REQUIREMENTS,
    CHANGE_EDIT,
    CHANGE_REBUILD,
    CHANGE_ROLLBACK,
};

/* Zeroed at first, but for a name that was given. */
struct image_update_answers {
    char project[NAME_MAX_LENGTH + 1];
    enum image_update_change change;
    const char *packages; /* to be added or removed, or NULL */
    const char *file;     /* the requirements file, or NULL */
    char *requirements;   /* the file that was suggested, or NULL */
    char *typed[IMAGE_UPDATE_QUESTIONS];
};

/*
 * Asks for the project where answers->project is "", and for the change where `ask_change`.
 * Returns 0, or 1 for whoever leaves. ERROR_NOT_FOUND where there is nothing to choose from,
 * and for a project without a Dockerfile; ERROR_INTERRUPTED for Ctrl-C.
 */
int image_update_menu(const struct invocation *invocation, bool ask_change,
    struct image_update_answers *answers, struct error *err);

void image_update_answers_release(struct image_update_answers *answers);

#endif
