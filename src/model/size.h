/* Sizes of memory as Docker's command line writes them: "16g", "512m", "1.5g", "1073741824". */
#ifndef DS01_MODEL_SIZE_H
#define DS01_MODEL_SIZE_H

#include <stdint.h>

#include "base/error.h"

/* Binary units b k m g t, also "gb" and "gib"; ERROR_USAGE for anything else, 0 or an overflow. */
int size_parse(const char *text, int64_t *ret_bytes, struct error *err);

/*
 * "1.24 GB": three digits in decimal units, as `docker images` has them; "-" for a negative
 * size, which the engine gives for one it does not know. The caller frees it.
 */
char *size_format(int64_t bytes);

#endif
