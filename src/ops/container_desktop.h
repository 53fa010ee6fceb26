/*
 * A container's windows and sound. AIME's tools gave every container the server's sound, video
 * and X11 sockets and stopped where one was missing; here they are given where asked for.
 */
#ifndef DS01_OPS_CONTAINER_DESKTOP_H
#define DS01_OPS_CONTAINER_DESKTOP_H

#include "engine/container.h"
#include "ops/session.h"

/* The caller's display, as the environment names it; either may be NULL. */
struct x11_display {
    const char *name;      /* DISPLAY */
    const char *authority; /* XAUTHORITY; NULL: ~/.Xauthority */
};

/*
 * Lets programs in the container draw: the sockets of displays of this server, where there are
 * any, and the caller's cookies, in a folder of theirs that is renewed by
 * container_display_renew(). With `dry_run` nothing is written.
 */
int container_display_add(const struct session *session, const struct x11_display *display,
    bool dry_run, struct container_spec *spec, struct error *err);

/*
 * For a shell in a container that may draw: renews the cookies, which ssh makes anew at each
 * login, and adds DISPLAY to `environment`. Cookies that cannot be renewed are a warning.
 */
void container_display_renew(const struct session *session, const struct container *container,
    const struct x11_display *display, struct strv *environment);

/* The server's sound devices, with their groups. ERROR_REFUSED where there are none. */
int container_sound_add(struct container_spec *spec, struct error *err);

#endif
