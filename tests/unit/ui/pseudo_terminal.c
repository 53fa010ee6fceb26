#include "pseudo_terminal.h"

#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <utmp.h>

void pty_open(struct pty *pty, unsigned short rows, unsigned short columns)
{
    struct winsize size = {.ws_row = rows, .ws_col = columns};

    assert_int_equal(openpty(&pty->master, &pty->slave, NULL, NULL, &size), 0);
}

void pty_close(struct pty *pty)
{
    close(pty->master);
    close(pty->slave);
}

pid_t pty_fork(struct pty *pty)
{
    fflush(NULL);
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        close(pty->master);
        if (login_tty(pty->slave) < 0)
            _exit(99);
    }
    return child;
}

size_t pty_read(int fd, void *data, size_t size)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};

    assert_int_equal(poll(&ready, 1, PTY_PATIENCE), 1);
    ssize_t count = read(fd, data, size);
    return count > 0 ? (size_t)count : 0;
}

void pty_expect(int fd, struct strbuf *ret, const char *needle)
{
    char chunk[4096];

    while (!strstr(strbuf_text(ret), needle)) {
        size_t count = pty_read(fd, chunk, sizeof(chunk));
        if (!count)
            fail_msg("the end came before '%s', after '%s'", needle, strbuf_text(ret));
        strbuf_add(ret, chunk, count);
    }
}

void pty_type(int fd, const char *text)
{
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
}

int pty_wait(pid_t child)
{
    int status;

    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? 1000 + WTERMSIG(status) : WEXITSTATUS(status);
}
