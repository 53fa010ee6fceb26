/*
 * requirements.txt, by pip's own grammar (pip, "Requirements File Format", and its
 * req_file.py): comments, continued lines, requirements with options of their own, options
 * for the whole file, other files, URLs and paths. The text itself is never rewritten: it
 * travels to the build as it is; this only says what is in it, and which files it needs.
 */
#ifndef DS01_MODEL_REQUIREMENTS_FILE_H
#define DS01_MODEL_REQUIREMENTS_FILE_H

#include <stdbool.h>

#include "base/error.h"
#include "base/strv.h"

#define REQUIREMENTS_TEXT_MAX ((size_t)1 << 20) /* bytes of one file */

enum requirements_kind {
    REQUIREMENTS_PACKAGE,    /* PEP 508: "numpy>=1.24", "name @ https://…" */
    REQUIREMENTS_URL,        /* what pip fetches: a URL, version control, -r https://… */
    REQUIREMENTS_PATH,       /* a package in a file or folder, also with -e */
    REQUIREMENTS_INCLUDE,    /* -r: another file of this grammar */
    REQUIREMENTS_CONSTRAINT, /* -c: the same */
    REQUIREMENTS_LINKS,      /* --find-links: a folder of packages, or a page */
    REQUIREMENTS_OPTION,     /* anything else: "--index-url" */
};

struct requirements_line {
    enum requirements_kind kind;
    size_t line; /* where it begins, from 1 */
    size_t at;   /* the byte of the file where the requirement, or the value, begins */
    char *text;  /* the requirement, the URL, the path as written, or the option's name */
    /*
     * Of PATH, INCLUDE, CONSTRAINT and LINKS: the file or folder, from the folder of the first
     * file ("." is that folder itself), without "..", "." and double slashes. Else NULL.
     */
    char *path;
};

struct requirements_file {
    struct requirements_line *lines;
    size_t count;
    struct strv variables; /* names of the environment variables it uses as ${NAME} */
};

/*
 * Reads the text of a file that lies in `folder`, seen from the folder of the first file: ""
 * for that one, "sub" for one that it names as "-r sub/base.txt". pip finds -r, -c and
 * --find-links from the file they stand in, and packages from where it was started, which is
 * the folder of the first file. ERROR_USAGE: "line 3: …", the line and a caret under the
 * place; also for a path that leaves the folder of the first file.
 */
int requirements_file_parse(const char *text, size_t length, const char *folder,
    struct requirements_file *ret, struct error *err);

/*
 * Refuses one of the lines of that text for what only its reader can know: ERROR_USAGE with
 * "line 3: WHY", the line and a caret under the place, as requirements_file_parse() does. Returns
 * -1.
 */
int requirements_file_refuse(const char *text, size_t length, const struct requirements_line *line,
    const char *why, struct error *err);

void requirements_file_release(struct requirements_file *file);

#endif
