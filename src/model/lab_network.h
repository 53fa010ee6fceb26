/*
 * What the network of a lab asks of a build: proxies in the environment of its steps, and
 * nothing of it in the image.
 */
#ifndef DS01_MODEL_LAB_NETWORK_H
#define DS01_MODEL_LAB_NETWORK_H

#include <stdbool.h>

#include "model/dockerfile.h"

/*
 * True for a server on this very machine ("http://127.0.0.1:3128", "user:word@localhost"):
 * what is built reaches it with the host's network only.
 */
bool lab_network_is_local(const char *url);

/*
 * The first ARG of the file that declares a proxy, or NULL. Builders keep the predefined proxy
 * arguments out of the image's history until a Dockerfile declares them itself (docs: Dockerfile
 * reference, "Predefined ARGs").
 */
const struct dockerfile_instruction *lab_network_find_declared_proxy(const struct dockerfile *file);

#endif
