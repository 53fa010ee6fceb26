/*
 * Bytes move through two buffers of fixed size, one each way. A descriptor is polled for
 * reading only while its buffer has room, and for writing only while there is something
 * to write: a slow side holds back the other end and nothing else, memory does not grow,
 * and neither direction waits for the other.
 *
 * stdin and stdout are shared with the shell that started us, so their O_NONBLOCK flag is
 * not ours to set: stdin is read when poll says so, stdout gets no more at once than poll
 * promises, and a terminal is opened a second time for writing, non-blocking.
 *
 * Signals are blocked except while waiting, so none is missed between looking and waiting.
 */
#include "ui/terminal.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>

#include "base/interrupt.h"
#include "base/xalloc.h"
#include "ui/job_control.h"
#include "ui/raw_mode.h"

#define BUFFER_BYTES ((size_t)32 * 1024)

#define CTRL_P '\020'
#define CTRL_Q '\021'

/* How long Ctrl-P waits for Ctrl-Q, in milliseconds, before the shell gets it. */
#define DETACH_WAIT 500

struct buffer {
    char data[BUFFER_BYTES];
    size_t start, end;
};

struct shuttle {
    struct terminal_session *session;
    struct buffer to_connection;
    struct buffer to_output;
    int own_output;        /* the terminal at stdout, opened again; or -EBADF */
    size_t early_taken;    /* bytes of session->early */
    bool stdin_open;       /* more is to be read */
    bool connection_takes; /* it has not been half-closed */
    bool connection_gives; /* its end has not been read */
    bool ctrl_p_held;      /* typed, and not yet passed on */
    int64_t ctrl_p_time;
    bool detached;
    sigset_t waiting_mask; /* the signals blocked while waiting, when `raw` */
};

enum { POLL_STDIN, POLL_CONNECTION, POLL_OUTPUT, POLL_INTERRUPT, POLL_COUNT };

static const int watched_signals[] = {SIGWINCH, SIGTSTP, SIGCONT};
static struct sigaction old_actions[ELEMENTS(watched_signals)];
static sigset_t old_mask;
static volatile sig_atomic_t size_changed, stop_asked, was_continued;

bool terminal_size(int fd, unsigned short *ret_rows, unsigned short *ret_columns)
{
    struct winsize size;

    if (ioctl(fd, TIOCGWINSZ, &size) < 0 || !size.ws_row || !size.ws_col)
        return false;
    *ret_rows = size.ws_row;
    *ret_columns = size.ws_col;
    return true;
}

static int64_t now_milliseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static size_t buffer_used(const struct buffer *buffer)
{
    return buffer->end - buffer->start;
}

static size_t buffer_room(const struct buffer *buffer)
{
    return BUFFER_BYTES - buffer->end;
}

/* Adds bytes for which the caller has seen that there is room. */
static void buffer_add(struct buffer *buffer, const char *data, size_t length)
{
    memcpy(buffer->data + buffer->end, data, length);
    buffer->end += length;
}

static void buffer_consume(struct buffer *buffer, size_t length)
{
    buffer->start += length;
    if (buffer->start == buffer->end)
        buffer->start = buffer->end = 0;
}

static void note_signal(int number)
{
    if (number == SIGWINCH)
        size_changed = 1;
    else if (number == SIGTSTP)
        stop_asked = 1;
    else
        was_continued = 1;
}

/* Watches the signals of a terminal; they arrive only while shuttle_wait() waits. */
static void watch_signals(struct shuttle *shuttle)
{
    struct sigaction action = {.sa_handler = note_signal};
    sigset_t block;

    size_changed = stop_asked = was_continued = 0;
    sigemptyset(&block);
    for (size_t i = 0; i < ELEMENTS(watched_signals); i++)
        sigaddset(&block, watched_signals[i]);
    sigprocmask(SIG_BLOCK, &block, &old_mask);
    shuttle->waiting_mask = old_mask;
    for (size_t i = 0; i < ELEMENTS(watched_signals); i++) {
        sigdelset(&shuttle->waiting_mask, watched_signals[i]);
        sigaction(watched_signals[i], NULL, &old_actions[i]);
        /* Who started us may want no stopping. */
        if (old_actions[i].sa_handler != SIG_IGN)
            sigaction(watched_signals[i], &action, NULL);
    }
}

static void unwatch_signals(void)
{
    for (size_t i = 0; i < ELEMENTS(watched_signals); i++)
        sigaction(watched_signals[i], &old_actions[i], NULL);
    sigprocmask(SIG_SETMASK, &old_mask, NULL);
}

static void stop_here(void)
{
    raw_mode_suspend();
    job_control_stop();
    /* Where nobody could continue us, we were not stopped. */
    was_continued = 1;
}

static void heed_signals(const struct terminal_session *session)
{
    unsigned short rows, columns;

    if (stop_asked) {
        stop_asked = 0;
        stop_here();
    }
    if (was_continued) {
        was_continued = 0;
        raw_mode_resume();
        size_changed = 1;
    }
    if (size_changed) {
        size_changed = 0;
        if (session->resized && terminal_size(STDIN_FILENO, &rows, &columns))
            session->resized(session->context, rows, columns);
    }
}

static void hold_or_pass(struct shuttle *shuttle, char c)
{
    static const char held = CTRL_P;

    if (shuttle->ctrl_p_held)
        buffer_add(&shuttle->to_connection, &held, 1);
    shuttle->ctrl_p_held = c == CTRL_P;
    if (shuttle->ctrl_p_held)
        shuttle->ctrl_p_time = now_milliseconds();
    else
        buffer_add(&shuttle->to_connection, &c, 1);
}

/* Takes what was typed, up to the keys that detach. */
static void take_keys(struct shuttle *shuttle, const char *keys, size_t count)
{
    for (size_t i = 0; i < count && !shuttle->detached; i++) {
        if (shuttle->ctrl_p_held && keys[i] == CTRL_Q)
            shuttle->detached = true;
        else
            hold_or_pass(shuttle, keys[i]);
    }
}

/* A Ctrl-P that no Ctrl-Q followed is the shell's (the last line of its history). */
static void pass_late_key(struct shuttle *shuttle)
{
    static const char held = CTRL_P;

    if (!shuttle->ctrl_p_held || now_milliseconds() - shuttle->ctrl_p_time < DETACH_WAIT)
        return;
    shuttle->ctrl_p_held = false;
    buffer_add(&shuttle->to_connection, &held, 1);
}

static int read_stdin(struct shuttle *shuttle, struct error *err)
{
    char chunk[4096];
    /* One byte stays free for a Ctrl-P that is held. */
    size_t most = buffer_room(&shuttle->to_connection) - 1;
    ssize_t count = read(STDIN_FILENO, chunk, most < sizeof(chunk) ? most : sizeof(chunk));

    if (count < 0 && (errno == EINTR || errno == EAGAIN))
        return 0;
    if (count < 0 && errno != EIO && errno != EBADF)
        return error_set_errno(err, errno, "cannot read the input");
    if (count <= 0) {
        shuttle->stdin_open = false;
        /* A raw terminal has no end but its own. */
        return shuttle->session->raw ? interrupt_error(err) : 0;
    }
    if (shuttle->session->raw)
        take_keys(shuttle, chunk, (size_t)count);
    else
        buffer_add(&shuttle->to_connection, chunk, (size_t)count);
    return 0;
}

/*
 * Sends what there is, and after the last of it the end. A connection that takes no more
 * may still give: that is not an error.
 */
static int feed_connection(struct shuttle *shuttle, struct error *err)
{
    struct buffer *buffer = &shuttle->to_connection;
    int fd = shuttle->session->connection;

    if (buffer_used(buffer)) {
        ssize_t count = send(
            fd, buffer->data + buffer->start, buffer_used(buffer), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (count >= 0) {
            buffer_consume(buffer, (size_t)count);
        } else if (errno == EPIPE || errno == ECONNRESET) {
            shuttle->stdin_open = shuttle->connection_takes = false;
            buffer_consume(buffer, buffer_used(buffer));
        } else if (errno != EAGAIN && errno != EINTR) {
            return error_set_errno(err, errno, "cannot send to the container");
        }
    }
    if (shuttle->session->send_stdin && !shuttle->stdin_open && shuttle->connection_takes &&
        !buffer_used(buffer)) {
        shuttle->connection_takes = false;
        shutdown(fd, SHUT_WR);
    }
    return 0;
}

static int drain_connection(struct shuttle *shuttle, struct error *err)
{
    const struct terminal_session *session = shuttle->session;
    struct buffer *buffer = &shuttle->to_output;
    ssize_t count =
        recv(session->connection, buffer->data + buffer->end, buffer_room(buffer), MSG_DONTWAIT);

    if (count < 0 && (errno == EINTR || errno == EAGAIN))
        return 0;
    /* A shell that ended with input unread resets the connection. */
    if (count < 0 && errno != ECONNRESET)
        return error_set_errno(err, errno, "cannot receive from the container");
    if (count <= 0) {
        shuttle->connection_gives = false;
        return 0;
    }
    if (session->output)
        return session->output(session->context, buffer->data, (size_t)count, err);
    buffer->end += (size_t)count;
    return 0;
}

/* What came before the session goes through the same buffer, ahead of all else. */
static int take_early(struct shuttle *shuttle, struct error *err)
{
    const struct terminal_session *session = shuttle->session;
    size_t left = session->early_length - shuttle->early_taken;
    size_t room = buffer_room(&shuttle->to_output);
    size_t taken = left < room ? left : room;

    if (!left)
        return 0;
    shuttle->early_taken += session->output ? left : taken;
    if (session->output)
        return session->output(session->context, session->early, left, err);
    buffer_add(&shuttle->to_output, session->early + shuttle->early_taken - taken, taken);
    return 0;
}

static int output_fd(const struct shuttle *shuttle)
{
    return shuttle->own_output >= 0 ? shuttle->own_output : STDOUT_FILENO;
}

static int write_output(struct shuttle *shuttle, struct error *err)
{
    struct buffer *buffer = &shuttle->to_output;
    size_t length = buffer_used(buffer);

    /* As much as a pipe that is ready takes without blocking (pipe(7)). */
    if (shuttle->own_output < 0 && length > PIPE_BUF)
        length = PIPE_BUF;
    ssize_t count = write(output_fd(shuttle), buffer->data + buffer->start, length);
    if (count < 0 && (errno == EINTR || errno == EAGAIN))
        return 0;
    if (count < 0)
        return error_set_output(err, errno);
    buffer_consume(buffer, (size_t)count);
    return 0;
}

/* Whether the connection's next bytes have their turn and room. */
static bool wants_output(const struct shuttle *shuttle)
{
    return shuttle->connection_gives && shuttle->early_taken == shuttle->session->early_length &&
           buffer_room(&shuttle->to_output);
}

/* Says what to wait for; a descriptor nothing is wanted of is left out of it. */
static void fill_pollfds(const struct shuttle *shuttle, struct pollfd fds[POLL_COUNT])
{
    short wanted = 0;

    if (wants_output(shuttle))
        wanted |= POLLIN;
    if (buffer_used(&shuttle->to_connection))
        wanted |= POLLOUT;
    fds[POLL_CONNECTION] = (struct pollfd){wanted ? shuttle->session->connection : -1, wanted, 0};

    bool room = shuttle->stdin_open && buffer_room(&shuttle->to_connection) > 1;
    fds[POLL_STDIN] = (struct pollfd){room ? STDIN_FILENO : -1, POLLIN, 0};

    bool any = buffer_used(&shuttle->to_output) > 0;
    fds[POLL_OUTPUT] = (struct pollfd){any ? output_fd(shuttle) : -1, POLLOUT, 0};
    fds[POLL_INTERRUPT] = (struct pollfd){interrupt_fd(), POLLIN, 0};
}

/* 0 when the session goes on. */
static int heed_interrupt(const struct terminal_session *session, struct error *err)
{
    if (!session->interrupted)
        return interrupt_error(err);
    int number = interrupt_take();
    if (!number || session->interrupted(session->context, number))
        return 0;
    return interrupt_error(err);
}

static int shuttle_wait(struct shuttle *shuttle, struct pollfd fds[POLL_COUNT], struct error *err)
{
    const struct timespec while_held = {0, DETACH_WAIT * 1000000L};

    fill_pollfds(shuttle, fds);
    int ready = ppoll(fds, POLL_COUNT, shuttle->ctrl_p_held ? &while_held : NULL,
        shuttle->session->raw ? &shuttle->waiting_mask : NULL);
    if (ready < 0 && errno != EINTR)
        return error_set_errno(err, errno, "cannot wait for the container");
    for (size_t i = 0; ready < 0 && i < POLL_COUNT; i++)
        fds[i].revents = 0;
    if (interrupt_pending() || fds[POLL_INTERRUPT].revents)
        return heed_interrupt(shuttle->session, err);
    return 0;
}

static int shuttle_step(struct shuttle *shuttle, struct error *err)
{
    struct pollfd fds[POLL_COUNT];

    if (shuttle_wait(shuttle, fds, err) < 0)
        return -1;
    if (shuttle->session->raw)
        heed_signals(shuttle->session);
    if (fds[POLL_STDIN].revents && read_stdin(shuttle, err) < 0)
        return -1;
    pass_late_key(shuttle);
    if (feed_connection(shuttle, err) < 0)
        return -1;
    if (fds[POLL_OUTPUT].revents && write_output(shuttle, err) < 0)
        return -1;
    if ((fds[POLL_CONNECTION].revents & ~POLLOUT) && wants_output(shuttle) &&
        drain_connection(shuttle, err) < 0)
        return -1;
    return take_early(shuttle, err);
}

static int shuttle_loop(struct shuttle *shuttle, struct error *err)
{
    if (take_early(shuttle, err) < 0)
        return -1;
    while (shuttle->connection_gives || buffer_used(&shuttle->to_output)) {
        if (shuttle_step(shuttle, err) < 0)
            return -1;
        if (shuttle->detached)
            return 1;
    }
    return 0;
}

static int run_raw(struct shuttle *shuttle, struct error *err)
{
    int result;

    watch_signals(shuttle);
    result = raw_mode_enter(STDIN_FILENO, err);
    if (result == 0) {
        size_changed = 1;
        heed_signals(shuttle->session);
        result = shuttle_loop(shuttle, err);
        raw_mode_leave();
    }
    unwatch_signals();
    return result;
}

int terminal_run(struct terminal_session *session, struct error *err)
{
    _cleanup_free_ struct shuttle *shuttle = xcalloc(1, sizeof(*shuttle));
    _cleanup_close_ int own_output = -EBADF;

    if (interrupt_pending() && !session->interrupted)
        return interrupt_error(err);
    if ((session->raw || !session->output) && isatty(STDOUT_FILENO))
        own_output = open("/proc/self/fd/1", O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    shuttle->session = session;
    shuttle->own_output = own_output;
    shuttle->stdin_open = session->send_stdin;
    shuttle->connection_takes = shuttle->connection_gives = true;
    return session->raw ? run_raw(shuttle, err) : shuttle_loop(shuttle, err);
}
