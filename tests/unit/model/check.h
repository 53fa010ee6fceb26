/* What every test of this room needs: cmocka, and errors to look at. */
#ifndef DS01_TESTS_MODEL_CHECK_H
#define DS01_TESTS_MODEL_CHECK_H

/* cmocka.h expects these in front of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/xalloc.h"

/* The call failed as something that was typed wrong, and says `part`. */
#define assert_refused(result, err, part)                                                          \
    do {                                                                                           \
        assert_int_equal((result), -1);                                                            \
        assert_int_equal((err).code, ERROR_USAGE);                                                 \
        if (!strstr((err).message, (part)))                                                        \
            fail_msg("'%s' does not say '%s'", (err).message, (part));                             \
        error_release(&(err));                                                                     \
    } while (0)

#endif
