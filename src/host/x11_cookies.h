/* What lets programs in a container draw on the caller's X display: cookies, written for them. */
#ifndef DS01_HOST_X11_COOKIES_H
#define DS01_HOST_X11_COOKIES_H

#include "host/caller.h"

/* Below the caller's home; one for all containers, so that each sees new displays. */
#define X11_COOKIES_FOLDER ".ds01-config/x11"
#define X11_COOKIES_FILE   "Xauthority"

/* Its path, whether it is there or not; the caller frees it. */
char *x11_cookies_folder(const struct caller *caller);

/*
 * Writes the cookies of this machine's displays into the folder, readable by the caller alone.
 * They are taken from `authority`, or ~/.Xauthority where that is NULL; no such file is none.
 */
int x11_cookies_write(const struct caller *caller, const char *authority, struct error *err);

#endif
