/* Base64, RFC 4648: the plain alphabet and the one for URLs. */
#ifndef DS01_BASE_BASE64_H
#define DS01_BASE_BASE64_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* Encodes with padding; `url` takes '-' and '_' for '+' and '/'. The caller frees it. */
char *base64_encode(const void *data, size_t length, bool url);

/*
 * Decodes the plain alphabet strictly: no blanks, right padding. *ret_data has a NUL
 * behind it and is the caller's. ERROR_FAILED otherwise.
 */
int base64_decode(
    const char *text, size_t length, char **ret_data, size_t *ret_length, struct error *err);

#endif
