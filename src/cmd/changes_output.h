/* What a container has that its image has not, for people and for machines. */
#ifndef DS01_CMD_CHANGES_OUTPUT_H
#define DS01_CMD_CHANGES_OUTPUT_H

#include <json-c/json_object.h>
#include <stdio.h>

#include "model/container_changes.h"

/*
 * A few lines: packages with their versions, then files by folder, the likeliest of the user's
 * own first. With `all` every dependency and file is named.
 */
void changes_print(
    FILE *out, const char *container, const struct container_changes *changes, bool all);

/* All of it; the caller puts it. */
struct json_object *changes_json(const struct container_changes *changes);

#endif
