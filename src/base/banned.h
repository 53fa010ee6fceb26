/*
 * Functions with no safe use are errors to mention. Included by base/cleanup.h,
 * which every source file includes, so no file can forget it.
 */
#ifndef DS01_BASE_BANNED_H
#define DS01_BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf gets strtok system popen
#pragma GCC poison atoi atol atoll mktemp tmpnam

#endif
