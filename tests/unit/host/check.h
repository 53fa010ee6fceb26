/* What every test of this room needs: cmocka in front, and errors to look at. */
#ifndef DS01_TESTS_HOST_CHECK_H
#define DS01_TESTS_HOST_CHECK_H

/* cmocka.h expects these in front of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/xalloc.h"

static inline void assert_says(const char *text, const char *part)
{
    if (!text || !strstr(text, part))
        fail_msg("'%s' does not say '%s'", text ? text : "(nothing)", part);
}

#endif
