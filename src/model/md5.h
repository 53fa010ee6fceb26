/*
 * MD5 (RFC 1321), for one purpose: the four hex digits that end a user name too long
 * for Linux, as the original tool made them. Nothing here relies on its strength.
 * Ours, because a crypto library would cost every start of ds01 its loading time.
 */
#ifndef DS01_MODEL_MD5_H
#define DS01_MODEL_MD5_H

#include <stddef.h>
#include <stdint.h>

#define MD5_SIZE 16

/* The digest of `length` bytes at `data`. */
void md5(const void *data, size_t length, uint8_t ret_digest[MD5_SIZE]);

#endif
