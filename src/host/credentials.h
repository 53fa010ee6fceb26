/*
 * Registry credentials from docker's configuration (host/docker_config.h), where `docker login`
 * puts them: "auths", and the credential helpers named by "credHelpers" and "credsStore"
 * (docs: docker login, "Credential stores").
 */
#ifndef DS01_HOST_CREDENTIALS_H
#define DS01_HOST_CREDENTIALS_H

#include "base/error.h"
#include "host/caller.h"

/*
 * The value of X-Registry-Auth (base64url of a JSON object) for the registry `domain`
 * ("docker.io", "registry.lab:5000"), to be freed; NULL where nothing is known.
 * A helper that fails, or a damaged file, is ERROR_FAILED.
 */
int credentials_for(
    const struct caller *caller, const char *domain, char **ret_header, struct error *err);

#endif
