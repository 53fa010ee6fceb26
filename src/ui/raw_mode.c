#include "ui/raw_mode.h"

#include <signal.h>
#include <stdbool.h>
#include <termios.h>

#include "base/interrupt.h"

static const int fatal_signals[] = {
    SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGSYS, SIGTRAP, SIGQUIT};

/* Signal handlers know of nothing but what is static. */
static struct {
    int fd;
    struct termios before;
    volatile sig_atomic_t raw; /* or without echo */
    bool silent;
    struct sigaction old_actions[ELEMENTS(fatal_signals)];
    stack_t old_stack;
    bool watching;
} mode;

/* Where the handlers run when the stack itself is what overflowed. */
static char crash_stack[64 * 1024];

/*
 * Called from signal handlers too, so only what signal-safety(7) allows. Blocking SIGTTOU
 * lets a process in the background restore what it changed.
 */
static void restore(void)
{
    sigset_t block, old;

    if (!mode.raw)
        return;
    mode.raw = 0;
    sigemptyset(&block);
    sigaddset(&block, SIGTTOU);
    sigprocmask(SIG_BLOCK, &block, &old);
    while (tcsetattr(mode.fd, TCSANOW, &mode.before) < 0 && errno == EINTR)
        continue;
    sigprocmask(SIG_SETMASK, &old, NULL);
}

static void on_fatal_signal(int number)
{
    restore();
    for (size_t i = 0; i < ELEMENTS(fatal_signals); i++)
        if (fatal_signals[i] == number)
            sigaction(number, &mode.old_actions[i], NULL);
    raise(number);
}

static void watch_crashes(void)
{
    struct sigaction action = {
        .sa_handler = on_fatal_signal,
        .sa_flags = SA_NODEFER | SA_ONSTACK,
    };
    stack_t stack = {.ss_sp = crash_stack, .ss_size = sizeof(crash_stack)};

    mode.watching = true;
    sigaltstack(&stack, &mode.old_stack);
    for (size_t i = 0; i < ELEMENTS(fatal_signals); i++) {
        sigaction(fatal_signals[i], NULL, &mode.old_actions[i]);
        if (mode.old_actions[i].sa_handler != SIG_IGN)
            sigaction(fatal_signals[i], &action, NULL);
    }
}

static void unwatch_crashes(void)
{
    if (!mode.watching)
        return;
    mode.watching = false;
    for (size_t i = 0; i < ELEMENTS(fatal_signals); i++)
        sigaction(fatal_signals[i], &mode.old_actions[i], NULL);
    sigaltstack(&mode.old_stack, NULL);
}

/*
 * In the background this stops us (SIGTTOU) until we are in the foreground; a signal that
 * ends the session meanwhile gets us out of that.
 */
static int set_raw(void)
{
    struct termios raw = mode.before;
    int result;

    cfmakeraw(&raw);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    /* First the note, then the deed: a crash in between restores what is as it was. */
    mode.raw = 1;
    do
        result = tcsetattr(mode.fd, TCSANOW, &raw);
    while (result < 0 && errno == EINTR && !interrupt_pending());
    if (result < 0)
        mode.raw = 0;
    return result;
}

static bool restores_at_exit(void)
{
    static bool registered;

    registered = registered || atexit(restore) == 0;
    return registered;
}

int raw_mode_enter(int fd, struct error *err)
{
    if (tcgetattr(fd, &mode.before) < 0)
        return error_set_errno(err, errno, "cannot read the terminal's settings");
    if (!restores_at_exit())
        return error_set(err, ERROR_FAILED, "cannot prepare to restore the terminal");
    mode.fd = fd;
    mode.silent = false;
    watch_crashes();
    if (set_raw() == 0)
        return 0;
    int cause = errno;
    unwatch_crashes();
    if (interrupt_pending())
        return interrupt_error(err);
    return error_set_errno(err, cause, "cannot change the terminal's settings");
}

static bool is_in_foreground(int fd)
{
    return tcgetpgrp(fd) == getpgrp();
}

void raw_mode_silence(int fd)
{
    bool again = mode.raw && mode.silent;

    if ((mode.raw && !again) || !is_in_foreground(fd) || !restores_at_exit() ||
        (!again && tcgetattr(fd, &mode.before) < 0))
        return;
    struct termios quiet = mode.before;
    quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
    mode.fd = fd;
    mode.silent = true;
    if (!mode.watching)
        watch_crashes();
    mode.raw = 1;
    if (tcsetattr(fd, TCSANOW, &quiet) < 0)
        raw_mode_leave();
}

void raw_mode_suspend(void)
{
    restore();
}

void raw_mode_resume(void)
{
    /* A terminal that cannot be raw any more is gone; reading from it will say so. */
    (void)set_raw();
}

void raw_mode_leave(void)
{
    if (mode.silent && !is_in_foreground(mode.fd))
        mode.raw = 0;
    restore();
    unwatch_crashes();
}
