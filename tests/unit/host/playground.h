/*
 * A folder for the tests of one program, gone with everything in it at their end:
 *
 *   cmocka_run_group_tests(tests, playground_make, playground_remove)
 */
#ifndef DS01_TESTS_PLAYGROUND_H
#define DS01_TESTS_PLAYGROUND_H

#include "host/caller.h"

extern char playground[]; /* its path */

/* Whoever runs the tests, with the playground for a home. */
extern struct caller caller;

int playground_make(void **state);
int playground_remove(void **state);

/* The absolute path of something in it, to be freed. */
char *in_playground(const char *path);

#endif
