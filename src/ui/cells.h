/* How much room text takes on a terminal, counted in its columns ("cells"). */
#ifndef DS01_UI_CELLS_H
#define DS01_UI_CELLS_H

#include <stdbool.h>

#include "base/strbuf.h"

/* True when the locale's encoding is UTF-8; main has called setlocale(). */
bool cells_utf8(void);

/*
 * Adds as much of `text` (printable UTF-8) as fits into `cells` columns; what is cut ends
 * in dots. Characters the terminal may not show as one expects become '?'. Returns the
 * columns taken.
 */
size_t cells_fit(struct strbuf *buf, const char *text, size_t cells);

#endif
