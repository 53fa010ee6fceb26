/* What every test of this room needs: cmocka in front, and errors to look at. */
#ifndef DS01_TESTS_ENGINE_CHECK_H
#define DS01_TESTS_ENGINE_CHECK_H

/* cmocka.h expects these in front of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/xalloc.h"

#define assert_contains(text, part) assert_non_null(strstr((text), (part)))

#endif
