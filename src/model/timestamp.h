/* Points in time as engines write them: RFC 3339, such as "2026-11-23T20:46:12.123456789Z". */
#ifndef DS01_MODEL_TIMESTAMP_H
#define DS01_MODEL_TIMESTAMP_H

#include <stdint.h>

/*
 * Seconds since 1970, without fractions; 0 for what is none, and for year 1, which engines say
 * for never.
 */
int64_t timestamp_parse(const char *text);

#endif
