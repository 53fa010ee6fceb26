#include "ui/job_control.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <sys/types.h>
#include <unistd.h>

/* Signal handlers know of nothing but what is static. */
static struct {
    void (*suspend)(void);
    struct sigaction before_stop, before_go_on;
    volatile sig_atomic_t resumed;
} watch;

static void on_go_on(int number)
{
    (void)number;
    watch.resumed = 1;
}

void job_control_stop(void)
{
    struct sigaction stop = {.sa_handler = SIG_DFL}, ours;
    sigset_t only, mask;

    sigemptyset(&only);
    sigaddset(&only, SIGTSTP);
    sigaction(SIGTSTP, &stop, &ours);
    raise(SIGTSTP);
    sigprocmask(SIG_UNBLOCK, &only, &mask);
    sigprocmask(SIG_SETMASK, &mask, NULL);
    sigaction(SIGTSTP, &ours, NULL);
}

static void on_stop(int number)
{
    int saved = errno;

    (void)number;
    if (watch.suspend)
        watch.suspend();
    job_control_stop();
    /* Where nobody could continue us, we were not stopped. */
    watch.resumed = 1;
    errno = saved;
}

void job_control_watch(void (*suspend)(void))
{
    struct sigaction stop = {.sa_handler = on_stop, .sa_flags = SA_RESTART};
    struct sigaction go_on = {.sa_handler = on_go_on, .sa_flags = SA_RESTART};

    watch.suspend = suspend;
    watch.resumed = 0;
    sigaction(SIGTSTP, NULL, &watch.before_stop);
    if (watch.before_stop.sa_handler != SIG_IGN)
        sigaction(SIGTSTP, &stop, NULL);
    sigaction(SIGCONT, &go_on, &watch.before_go_on);
}

void job_control_unwatch(void)
{
    sigaction(SIGTSTP, &watch.before_stop, NULL);
    sigaction(SIGCONT, &watch.before_go_on, NULL);
}

bool job_control_resumed(void)
{
    bool resumed = watch.resumed;

    watch.resumed = 0;
    return resumed;
}

bool job_control_in_background(int fd)
{
    pid_t foreground = tcgetpgrp(fd);

    return foreground >= 0 && foreground != getpgrp();
}
