/* A pseudo-terminal with a child on it, for tests that need a real one. */
#ifndef DS01_TESTS_UI_PSEUDO_TERMINAL_H
#define DS01_TESTS_UI_PSEUDO_TERMINAL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <cmocka.h>

#include "base/strbuf.h"

/* Longer than anything here takes: who waits so long has failed. */
#define PTY_PATIENCE 20000

struct pty {
    int master;
    int slave; /* stays open, so that the terminal outlives its child */
};

void pty_open(struct pty *pty, unsigned short rows, unsigned short columns);
void pty_close(struct pty *pty);

/* Forks; the child leads a session of its own with the terminal as stdin, stdout, stderr. */
pid_t pty_fork(struct pty *pty);

/* Waits for `fd` to be readable and reads once; 0 at the end. */
size_t pty_read(int fd, void *data, size_t size);

/* Reads until what was read contains `needle`; *ret is the test's to release. */
void pty_expect(int fd, struct strbuf *ret, const char *needle);

void pty_type(int fd, const char *text);

/* The exit code of a child, or 1000 + the signal that ended it. */
int pty_wait(pid_t child);

#endif
