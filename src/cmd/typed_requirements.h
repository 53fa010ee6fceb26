/* The requirements file of -r, as it was typed. */
#ifndef DS01_CMD_TYPED_REQUIREMENTS_H
#define DS01_CMD_TYPED_REQUIREMENTS_H

#include "base/error.h"
#include "base/strv.h"

/*
 * The one file that `typed` names, *ret is borrowed from it; NULL where it names none. Two are
 * ERROR_USAGE: pip would read both, an image keeps one.
 */
int typed_requirements(const struct strv *typed, const char **ret, struct error *err);

#endif
