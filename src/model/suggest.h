/* "Did you mean": the known word nearest to one that was typed. */
#ifndef DS01_MODEL_SUGGEST_H
#define DS01_MODEL_SUGGEST_H

#include "base/strv.h"

/*
 * The item of `known` that is one or two slips away (a letter too many, too few, another or
 * swapped with its neighbour; case does not count), or that `typed` begins; NULL when none
 * is. Words of more than 64 bytes are like nothing. Borrowed from `known`.
 */
const char *suggest_nearest(const char *typed, const struct strv *known);

#endif
