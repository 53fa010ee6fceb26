/*
 * Settings: /etc/ds01/config.yaml < ~/.ds01-config/config.yaml < DS01_* < flags.
 *
 * A key that is no setting is a mistake worth a warning, not a failure.
 */
#ifndef DS01_HOST_CONFIG_H
#define DS01_HOST_CONFIG_H

#include "base/error.h"
#include "base/strv.h"
#include "host/caller.h"

/* As programs take them from their environment; NULL where there is none. */
struct proxies {
    char *http;
    char *https;
    char *none; /* hosts that are reached without one */
};

void proxies_release(struct proxies *proxies);

struct config {
    char *host;             /* engine: "unix:///path"; NULL: look for one */
    char *network;          /* containers': "host", "bridge" or "none" */
    char *shm_size;         /* containers' /dev/shm: "16g"; NULL: the host's own (ipc host) */
    char *workspace;        /* folder of the projects' workspaces: "~/workspace" */
    char *data;             /* directory to mount at /data, or NULL */
    char *models;           /* directory to mount at /models, or NULL */
    char *color;            /* "auto", "always", "never" */
    char *catalog;          /* file of framework images; NULL: /etc/ds01's, else the one built in */
    char *architecture;     /* "CUDA_ADA"; NULL: found out */
    struct proxies proxies; /* of builds; "": none, whatever else names one */
    char *pip_index_url;    /* of builds too, like the next three: model/lab_network.h */
    char *pip_extra_index_url;
    char *apt_mirror;
    char *ca_certificate;               /* path of the file */
    struct proxies environment_proxies; /* HTTP_PROXY and so on, no setting of ours */
    char *private_cache;                /* config_private_cache() */
    struct strv warnings;
};

/* What can be set: a row each, which the manual page prints too. */
struct setting {
    const char *key;      /* in the files */
    const char *variable; /* of the environment */
    const char *initial;  /* NULL: not set */
    const char *help;     /* one sentence without a full stop */
    size_t offset;        /* of its text in struct config */
};

/* All of them, a row without a key behind the last. */
extern const struct setting config_settings[];

/*
 * Files that are not there are fine; one that is no YAML mapping of texts is ERROR_FAILED. A key
 * "a.b" may also be written as "b" in a mapping of its own under "a".
 */
int config_load(const struct caller *caller, struct config *ret, struct error *err);

/*
 * The settings without any file, with `why` as a warning: for commands that tell what is wrong
 * with the files.
 */
void config_without_files(const char *why, struct config *ret);

/*
 * The socket to use: config->host (a flag or DS01_HOST), else DOCKER_HOST, else the first
 * that exists of /var/run/docker.sock, the rootless Docker and the Podman sockets of the
 * caller; when none does, /var/run/docker.sock. The caller frees it.
 */
char *config_engine_host(const struct config *config, const struct caller *caller);

/*
 * *ret is true when builds shall keep what they download in caches of the user's own. A value
 * that is neither true nor false is ERROR_FAILED, lest a misspelt one share what is private.
 */
int config_private_cache(const struct config *config, bool *ret, struct error *err);

/* True when DS01_NON_INTERACTIVE is 1. */
bool config_non_interactive(void);

void config_release(struct config *config);

#endif
