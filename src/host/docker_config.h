/*
 * What the docker command keeps for its user: ~/.docker/config.json, or config.json in the folder
 * that DOCKER_CONFIG names.
 */
#ifndef DS01_HOST_DOCKER_CONFIG_H
#define DS01_HOST_DOCKER_CONFIG_H

#include <json-c/json_object.h>

#include "base/error.h"
#include "host/caller.h"

/*
 * Where it is. The environment of a caller for whom root acts is not known, so that it is in the
 * home then. The caller frees it.
 */
char *docker_config_path(const struct caller *caller);

/* The file parsed, for the caller to put; *ret is left alone where there is none. */
int docker_config_read(const struct caller *caller, struct json_object **ret, struct error *err);

#endif
