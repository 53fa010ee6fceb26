/* The proxies through which a build reaches the outside. */
#ifndef DS01_HOST_PROXIES_H
#define DS01_HOST_PROXIES_H

#include "host/config.h"

/*
 * HTTP_PROXY, HTTPS_PROXY and NO_PROXY, in capital and in small letters as programs want them,
 * from the first of these that names a proxy, or says with "" that there is none: the settings,
 * docker's own configuration ("proxies", "default"), the caller's environment. A NO_PROXY of the
 * settings counts in any case. *ret stays empty where none names a proxy. ERROR_FAILED, saying
 * where it stands, for what is no proxy.
 */
int proxies_find(const struct config *config, const struct caller *caller, struct strmap *ret,
    struct error *err);

#endif
