/*
 * The file of secrets (cookies) by which X servers know who may draw on them: ~/.Xauthority,
 * XSecurity(7). Its entries have no lengths but those of their fields, all numbers big-endian.
 */
#ifndef DS01_MODEL_XAUTHORITY_H
#define DS01_MODEL_XAUTHORITY_H

#include "base/error.h"
#include "base/strbuf.h"

#define XAUTHORITY_MAX ((size_t)1 << 20) /* bytes of a file that is read */

/*
 * Adds to `ret` what a container on the machine `hostname` needs of the file: entries for
 * this machine's own displays (ssh -X makes such) hold for any name, since the container may
 * have another one; those of other machines' own displays are left out; entries by network
 * address stay. ERROR_FAILED, with nothing added, for bytes that are no such file.
 */
int xauthority_for_container(
    const char *bytes, size_t length, const char *hostname, struct strbuf *ret, struct error *err);

#endif
