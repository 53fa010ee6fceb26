/* cmocka, with what it expects in front of it. */
#ifndef DS01_TESTS_BASE_CHECK_H
#define DS01_TESTS_BASE_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/xalloc.h"

#endif
