/*
 * What the network of a lab asks of a build, and how its steps get it without a trace in the
 * image: proxies in their environment (the builder's predefined arguments), and files that are
 * mounted while a step runs. The files lie in a small image of their own, for what is in the
 * build context a COPY may take along.
 *
 *   /dev/ds01/                        all of them; /dev is no part of an image
 *   /etc/xdg/pip/pip.conf             which the image's own /etc/pip.conf goes before
 *   /etc/apt/apt.conf.d/99ds01
 *
 * BuildKit makes missing mount points and takes the files away again; /etc/xdg/pip may stay, empty.
 */
#ifndef DS01_MODEL_LAB_NETWORK_H
#define DS01_MODEL_LAB_NETWORK_H

#include <stdbool.h>

#include "base/strbuf.h"
#include "model/dockerfile.h"

struct lab_network {
    const char *pip_index_url;       /* or NULL, as all of them */
    const char *pip_extra_index_url; /* one, or several with blanks between */
    const char *apt_mirror;          /* "http://mirror.lab/pub": below it debian/, ubuntu/ … */
    const char *certificates;        /* PEM: the authorities that pip and apt are to trust */
};

/* A file that steps see. */
struct lab_file {
    const char *name;
    char *text;
    bool program;
};

#define LAB_FILES_MAX 5

/* ERROR_FAILED, naming the setting, for what is no URL, or holds no whole certificate. */
int lab_network_check(const struct lab_network *network, struct error *err);

/*
 * ERROR_FAILED, beginning with `what`, where `value` is no proxy as curl and pip take them:
 * SERVER:PORT, or SERVER[:PORT] behind http://, https:// or one of socks. NULL and "" are none.
 * No message shows the value, in which a password may be.
 */
int lab_network_check_proxy(const char *what, const char *value, struct error *err);

/* The files for the image, how many; their texts are the caller's. 0: nothing is asked for. */
size_t lab_network_files(const struct lab_network *network, struct lab_file ret[LAB_FILES_MAX]);

/*
 * The Dockerfile with flags behind each RUN that mount the files of `image` there, every line
 * where it was. An instruction that speaks of a mount point itself goes without that mount.
 * What was put in is added to *ret_flags, once each.
 */
void lab_network_mount(const struct dockerfile *file, const struct lab_network *network,
    const char *image, struct strbuf *ret_text, struct strv *ret_flags);

/*
 * True for a server on this very machine ("http://127.0.0.1:3128", "user:word@localhost"):
 * what is built reaches it with the host's network only.
 */
bool lab_network_is_local(const char *url);

/* The same for any of its servers. */
bool lab_network_has_local(const struct lab_network *network);

/*
 * The first ARG of the file that declares a proxy, or NULL. Builders keep the predefined proxy
 * arguments out of the image's history until a Dockerfile declares them itself (docs: Dockerfile
 * reference, "Predefined ARGs").
 */
const struct dockerfile_instruction *lab_network_find_declared_proxy(const struct dockerfile *file);

#endif
