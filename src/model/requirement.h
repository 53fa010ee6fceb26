/*
 * Package names as people type them, checked before they reach a Dockerfile.
 *
 * pip: PEP 508 (name, extras, specifiers, `@ URL`, markers). apt: Debian package
 * names with `:arch`, `=version` or `/release`. Nothing that passes here can end a
 * shell word once it is quoted by the recipe.
 */
#ifndef DS01_MODEL_REQUIREMENT_H
#define DS01_MODEL_REQUIREMENT_H

#include "base/error.h"
#include "base/strv.h"

/*
 * Fails with ERROR_USAGE: the sentence names what is wrong, and below it come the text
 * and a caret under the place, on lines of their own.
 */
int pip_requirement_check(const char *text, struct error *err);
int apt_package_check(const char *text, struct error *err);

/*
 * Splits a "-p" value into requirements and checks each. Blanks part requirements,
 * except inside brackets, around version operators ("numpy >= 1.24"), after '@' and
 * ';' (a marker runs to the end of its line); ends of lines always do. A whole command,
 * "pip install numpy", is refused. Appends to ret, without needless blanks:
 * "numpy >= 1.24" as "numpy>=1.24". Nothing is appended when one is wrong.
 */
int pip_requirements_from_words(const char *text, struct strv *ret, struct error *err);
int apt_packages_from_words(const char *text, struct strv *ret, struct error *err);

/* The name in normalised form (PEP 503: lower case, runs of [-_.] to '-'); the caller frees it. */
char *pip_requirement_name(const char *text);

/*
 * "ray[default,tune]==2" for "ray[default]==2", which is there, and "ray[tune]", which is asked
 * for: more extras are no other version. NULL where anything but extras is asked for. The caller
 * frees it.
 */
char *pip_requirement_add_extras(const char *there, const char *asked);

#endif
