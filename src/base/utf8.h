/* UTF-8, RFC 3629. */
#ifndef DS01_BASE_UTF8_H
#define DS01_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Decodes the character at `text`. Returns its bytes, or 0 where there is none: broken,
 * overlong, a surrogate, or cut off (section 3).
 */
size_t utf8_decode(const char *text, size_t length, uint32_t *ret_character);

/* How many bytes of printable ASCII, one cell of a terminal each, the text begins with. */
size_t utf8_plain(const char *text, size_t length);

/* True when all of it is UTF-8. */
bool utf8_valid(const char *text, size_t length);

/* The bytes of the mark that editors of Windows begin a file with: 3, or 0 where there is none. */
size_t utf8_mark(const char *text, size_t length);

/*
 * Characters that steer a terminal (C0, DEL, C1, line separators) or turn the direction of
 * the text beside them (Unicode: bidirectional controls).
 */
bool utf8_is_control(uint32_t character);

#endif
