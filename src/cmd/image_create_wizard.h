/*
 * image-create's questions, for a terminal on which something was left out: the name, or what
 * to make the image from. Each answer says what an option says; what options have said is
 * not asked.
 */
#ifndef DS01_CMD_IMAGE_CREATE_WIZARD_H
#define DS01_CMD_IMAGE_CREATE_WIZARD_H

#include "cmd/command.h"
#include "model/name.h"
#include "ops/image_create.h"

#define IMAGE_CREATE_QUESTIONS 11

/* Holds what the request points to; zeroed at first, but for the first two, which stay. */
struct image_create_answers {
    bool said_jupyter; /* options have said yes or no */
    bool said_data_science;
    char project[NAME_MAX_LENGTH + 1];
    char *requirements; /* the file that was suggested, or NULL */
    char *typed[IMAGE_CREATE_QUESTIONS];
    struct strv sets;
    struct strv pip;
    struct strv apt;
};

/* True where something is missing and can be asked for. */
bool image_create_wizard_wanted(
    const struct invocation *invocation, const struct image_create_request *request);

/*
 * Asks, and fills what is missing in `request`; first it fails where what options have said
 * cannot be made. Answers of a time before are the defaults. Before the last question it shows the
 * Dockerfile; nothing is made. ERROR_INTERRUPTED for Ctrl-C.
 */
int image_create_wizard(const struct invocation *invocation, struct image_create_request *request,
    struct image_create_answers *answers, struct error *err);

void image_create_answers_release(struct image_create_answers *answers);

#endif
