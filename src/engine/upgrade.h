/*
 * The one thing libcurl does not do for us: a request that turns its connection into a
 * raw stream. Sent and read by hand, with bounds and a time limit on every step.
 */
#ifndef DS01_ENGINE_UPGRADE_H
#define DS01_ENGINE_UPGRADE_H

#include "engine/transport_message.h"

/*
 * Sends `request` with `Upgrade: tcp` over the connected, non-blocking `fd` and reads the
 * answer's header into *ret. After a 101 or 200 what came behind the header is in
 * *ret_early; after any other status the answer's body is in ret->body. Fails as
 * transport_perform() does; *ret and *ret_early may then hold parts.
 */
int upgrade_exchange(int fd, const char *socket_path, const struct transport_request *request,
    struct strbuf *ret_early, struct transport_answer *ret, struct error *err);

#endif
