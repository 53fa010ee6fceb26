/* What an engine says went wrong, made the sentence of an error. */
#ifndef DS01_ENGINE_SENTENCE_H
#define DS01_ENGINE_SENTENCE_H

#include <stddef.h>

#define SENTENCE_MAX ((size_t)500) /* bytes of an engine's message that reach the user */

/*
 * `text` on one line of printable characters and at most SENTENCE_MAX bytes, without the
 * names of the layers that an engine piles up in front of the cause ("OCI runtime create
 * failed: runc create failed: …") and without a full stop. The caller frees it. Never NULL.
 */
char *sentence_from(const char *text, size_t length);

#endif
