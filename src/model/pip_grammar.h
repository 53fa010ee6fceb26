/*
 * The grammar of one pip requirement (PEP 508, with the versions of PEP 440), read from
 * left to right. It knows nothing of messages: it says where it stopped and what it
 * would have liked to see there. requirement.c makes sentences of that.
 */
#ifndef DS01_MODEL_PIP_GRAMMAR_H
#define DS01_MODEL_PIP_GRAMMAR_H

#include <stdbool.h>

#include "base/strbuf.h"

struct pip_scan {
    const char *text;
    size_t position;    /* how far it was read; where it went wrong */
    const char *wanted; /* after a failure: "a package name was expected" */
};

/*
 * Reads one requirement at scan->position and appends it, without needless blanks, to
 * ret_canonical. Blanks behind it are left unless something of it follows them. False,
 * with position and wanted set, where the text is no requirement.
 */
bool pip_read_requirement(struct pip_scan *scan, struct strbuf *ret_canonical);

/* True for the name of a file, to pip, whether there is one or not: its ARCHIVE_EXTENSIONS. */
bool pip_is_archive(const char *text, size_t length);

/* Skips blanks and tabs. */
void pip_skip_blanks(struct pip_scan *scan);

#endif
