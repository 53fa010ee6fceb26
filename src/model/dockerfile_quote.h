/*
 * Writing words into a Dockerfile so that they mean themselves: to the shell of RUN, to
 * the builder's own words in ENV, LABEL and FROM, and in comments. Control characters,
 * a newline first of all, have no form in any of them and become '?'.
 */
#ifndef DS01_MODEL_DOCKERFILE_QUOTE_H
#define DS01_MODEL_DOCKERFILE_QUOTE_H

#include "base/strbuf.h"

/* A word of RUN's shell: as it is where that is safe, else in single quotes. */
void dockerfile_add_shell_word(struct strbuf *out, const char *text);

/*
 * A value for ENV and LABEL, in double quotes where it needs them, or always; `escape` is
 * the file's escape character.
 */
void dockerfile_add_value(struct strbuf *out, const char *text, char escape);
void dockerfile_add_quoted_value(struct strbuf *out, const char *text, char escape);

/* Text of a comment: printable ASCII, all else as '?'. */
void dockerfile_add_comment_text(struct strbuf *out, const char *text);

#endif
