#include "base/interrupt.h"

#include <fcntl.h>
#include <signal.h>

static int pipe_fds[2] = {-1, -1};
static volatile sig_atomic_t signal_seen;
static bool told;
static int held;

static void note_signal(int number)
{
    int saved = errno;
    _unused_ ssize_t written = write(pipe_fds[1], "!", 1);

    signal_seen = number;
    errno = saved;
}

int interrupt_install(struct error *err)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction note = {.sa_handler = note_signal};
    struct sigaction ignore = {.sa_handler = SIG_IGN};

    if (pipe2(pipe_fds, O_CLOEXEC | O_NONBLOCK) < 0)
        return error_set_errno(err, errno, "cannot prepare for signals");
    for (size_t i = 0; i < ELEMENTS(signals); i++) {
        struct sigaction old;
        /* nohup set SIGHUP to be ignored: that stays. */
        if (sigaction(signals[i], NULL, &old) == 0 && old.sa_handler == SIG_IGN)
            continue;
        sigaction(signals[i], &note, NULL);
    }
    sigaction(SIGPIPE, &ignore, NULL);
    return 0;
}

bool interrupt_pending(void)
{
    return signal_seen && !held;
}

int interrupt_fd(void)
{
    return held ? -1 : pipe_fds[0];
}

#undef interrupt_error /* a macro for callers, as in base/error.h */
int interrupt_error(struct error *err)
{
    return error_set(err, ERROR_INTERRUPTED, "interrupted");
}

void interrupt_hold(bool hold)
{
    held += hold ? 1 : -1;
}

int interrupt_take(void)
{
    char bytes[16];

    /* In this order a signal that comes meanwhile is reported now, or makes it readable again. */
    while (read(pipe_fds[0], bytes, sizeof(bytes)) > 0)
        continue;
    int number = signal_seen;
    signal_seen = 0;
    told = false;
    return number;
}

int interrupt_signal(void)
{
    return signal_seen;
}

bool interrupt_is_news(void)
{
    bool news = signal_seen && !told;

    told |= news;
    return news;
}
