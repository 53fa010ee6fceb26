/* How much room text takes on a terminal, counted in its columns ("cells"). */
#ifndef DS01_UI_CELLS_H
#define DS01_UI_CELLS_H

#include <stdbool.h>

#include "base/strbuf.h"

/*
 * Texts are for the user's locale from now on (LC_CTYPE), and no longer for that of the process. It
 * is loaded for the first text that needs it: most are ASCII.
 */
void cells_setup(void);

/* True when the locale's encoding is UTF-8. */
bool cells_utf8(void);

/*
 * Adds as much of `text` (printable UTF-8) as fits into `cells` columns; what is cut ends
 * in dots. Characters the terminal may not show as one expects become '?'. Returns the
 * columns taken.
 */
size_t cells_fit(struct strbuf *buf, const char *text, size_t cells);

/* The same with the end of `text`: what is cut is its beginning, and the dots stand in front. */
size_t cells_fit_end(struct strbuf *buf, const char *text, size_t cells);

/* The same with both ends of `text`: the dots stand for what is between them. */
size_t cells_fit_both(struct strbuf *buf, const char *text, size_t cells);

/* The columns that so many bytes of printable UTF-8 take, with a '?' for what cannot be shown. */
size_t cells_width(const char *text, size_t length);

/*
 * A copy of `text` (one line of printable UTF-8) for a terminal of so many columns (0: any), on
 * which it begins in `column`: where a word would be broken at the edge, blanks before it fill the
 * row. It stays one line for whoever copies it; a word longer than a row stays as it is. The caller
 * frees.
 */
char *cells_wrap(const char *text, size_t column, size_t columns);

#endif
