#include "pseudo_terminal.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>

#include "base/interrupt.h"
#include "base/xalloc.h"
#include "ui/terminal.h"

/* What a child exits with when keys detached it, and when terminal_run() failed. */
#define DETACHED 10
#define FAILED   20

#define MEBIBYTE ((size_t)1 << 20)

/* A child that runs a session on a terminal; the test is the person and the container. */
struct session {
    struct pty pty;
    struct termios before;
    pid_t child;
    int peer;   /* the container's end of the connection */
    int events; /* the sizes the child was told of, as lines */
};

static int event_pipe[2];

static int crash_signals[] = {SIGSEGV, SIGABRT, SIGBUS, SIGQUIT};

static void note_size(void *context, unsigned short rows, unsigned short columns)
{
    dprintf(event_pipe[1], "%ux%u\n", rows, columns);
}

static _noreturn_ void crash(void *context, unsigned short rows, unsigned short columns)
{
    note_size(NULL, rows, columns);
    raise(*(const int *)context);
    _exit(97);
}

static void leave(void *context, unsigned short rows, unsigned short columns)
{
    exit(33);
}

static int run(struct terminal_session *terminal)
{
    _cleanup_(error_release) struct error err = ERROR_INIT;
    int result = terminal_run(terminal, &err);

    if (result >= 0)
        return result ? DETACHED : 0;
    return FAILED + (err.code == ERROR_INTERRUPTED ? 1 : 0);
}

/* Raw, with the terminal's own stdin and stdout, unless the test changes `terminal`. */
static void begin(struct session *session, struct terminal_session terminal)
{
    int sockets[2];

    pty_open(&session->pty, 24, 80);
    assert_int_equal(tcgetattr(session->pty.master, &session->before), 0);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets), 0);
    assert_int_equal(pipe2(event_pipe, O_CLOEXEC), 0);
    session->child = pty_fork(&session->pty);
    if (session->child == 0) {
        /* No core files; and crashes are not for the test framework to catch. */
        prctl(PR_SET_DUMPABLE, 0);
        for (size_t i = 0; i < ELEMENTS(crash_signals); i++)
            signal(crash_signals[i], SIG_DFL);
        close(sockets[0]);
        close(event_pipe[0]);
        interrupt_install(NULL);
        terminal.connection = sockets[1];
        terminal.raw = terminal.send_stdin = true;
        terminal.resized = terminal.resized ? terminal.resized : note_size;
        exit(run(&terminal));
    }
    close(sockets[1]);
    close(event_pipe[1]);
    session->peer = sockets[0];
    session->events = event_pipe[0];
}

static void expect_event(struct session *session, const char *expected)
{
    _cleanup_(strbuf_release) struct strbuf text = STRBUF_INIT(1000);

    pty_expect(session->events, &text, expected);
}

/* Once the size was told, the terminal is raw. */
static void begin_raw(struct session *session)
{
    struct termios now;

    begin(session, (struct terminal_session){0});
    expect_event(session, "24x80\n");
    assert_int_equal(tcgetattr(session->pty.master, &now), 0);
    assert_int_equal(now.c_lflag & (ICANON | ECHO | ISIG), 0);
}

static void check_modes(const struct session *session)
{
    struct termios now;

    assert_int_equal(tcgetattr(session->pty.master, &now), 0);
    assert_int_equal(now.c_iflag, session->before.c_iflag);
    assert_int_equal(now.c_oflag, session->before.c_oflag);
    assert_int_equal(now.c_cflag, session->before.c_cflag);
    assert_int_equal(now.c_lflag, session->before.c_lflag);
    assert_memory_equal(now.c_cc, session->before.c_cc, sizeof(now.c_cc));
}

static void end(struct session *session, int expected)
{
    assert_int_equal(pty_wait(session->child), expected);
    check_modes(session);
    close(session->peer);
    close(session->events);
    pty_close(&session->pty);
}

static void expect_at_peer(struct session *session, const char *expected)
{
    _cleanup_(strbuf_release) struct strbuf text = STRBUF_INIT(1000);

    while (text.length < strlen(expected)) {
        char chunk[100];
        size_t count = pty_read(session->peer, chunk, sizeof(chunk));
        assert_true(count > 0);
        strbuf_add(&text, chunk, count);
    }
    assert_string_equal(strbuf_text(&text), expected);
}

static void test_ends_with_the_connection(void **state)
{
    _cleanup_(strbuf_release) struct strbuf shown = STRBUF_INIT(1000);
    struct session session;

    begin_raw(&session);
    pty_type(session.peer, "bye\n");
    shutdown(session.peer, SHUT_WR);
    pty_expect(session.pty.master, &shown, "bye\n");
    end(&session, 0);
}

/* A shell that dies with input unread resets the connection; that is no error. */
static void test_ends_with_a_reset(void **state)
{
    struct pollfd typed;
    struct session session;

    begin_raw(&session);
    pty_type(session.pty.master, "unread");
    typed = (struct pollfd){.fd = session.peer, .events = POLLIN};
    assert_int_equal(poll(&typed, 1, PTY_PATIENCE), 1);
    close(session.peer);
    session.peer = -1;
    end(&session, 0);
}

static void test_keys_are_bytes(void **state)
{
    struct session session;

    begin_raw(&session);
    pty_type(session.pty.master, "\003\032\034\023\021\004\r");
    expect_at_peer(&session, "\003\032\034\023\021\004\r");
    close(session.peer);
    session.peer = -1;
    end(&session, 0);
}

static void test_signals(void **state)
{
    static const int signals[] = {SIGTERM, SIGHUP, SIGINT};

    for (size_t i = 0; i < ELEMENTS(signals); i++) {
        struct session session;
        begin_raw(&session);
        kill(session.child, signals[i]);
        end(&session, FAILED + 1);
    }
}

static void test_crashes(void **state)
{
    for (size_t i = 0; i < ELEMENTS(crash_signals); i++) {
        struct session session;
        begin(&session, (struct terminal_session){.resized = crash, .context = &crash_signals[i]});
        expect_event(&session, "24x80\n");
        end(&session, 1000 + crash_signals[i]);
    }
}

static void test_exit(void **state)
{
    struct session session;

    begin(&session, (struct terminal_session){.resized = leave});
    end(&session, 33);
}

static void test_hangup(void **state)
{
    struct session session;

    begin_raw(&session);
    close(session.pty.master);
    assert_int_equal(pty_wait(session.child), FAILED + 1);
    close(session.pty.slave);
    close(session.peer);
    close(session.events);
}

static void test_resize(void **state)
{
    struct winsize size = {.ws_row = 50, .ws_col = 132};
    struct session session;

    begin_raw(&session);
    assert_int_equal(ioctl(session.pty.master, TIOCSWINSZ, &size), 0);
    expect_event(&session, "50x132\n");
    shutdown(session.peer, SHUT_WR);
    end(&session, 0);
}

static void test_detach(void **state)
{
    struct session session;

    begin_raw(&session);
    pty_type(session.pty.master, "ab\020\021cd");
    expect_at_peer(&session, "ab");
    end(&session, DETACHED);

    begin_raw(&session);
    pty_type(session.pty.master, "\020");
    pty_type(session.pty.master, "\021");
    end(&session, DETACHED);
}

static void test_ctrl_p_is_passed_on(void **state)
{
    struct session session;

    begin_raw(&session);
    pty_type(session.pty.master, "\020x\020\020\021");
    /* The second one is passed on by the third, which detaches. */
    expect_at_peer(&session, "\020x\020");
    end(&session, DETACHED);

    begin_raw(&session);
    pty_type(session.pty.master, "\020");
    expect_at_peer(&session, "\020");
    shutdown(session.peer, SHUT_WR);
    end(&session, 0);
}

static char *pattern(size_t length)
{
    char *data = xcalloc(length, 1);
    unsigned long value = 1;

    for (size_t i = 0; i < length; i++) {
        value = value * 6364136223846793005UL + 1442695040888963407UL;
        data[i] = (char)(value >> 56);
    }
    return data;
}

/* Moves as much as goes without waiting; returns what it was. */
static size_t some(ssize_t count)
{
    if (count < 0)
        assert_true(errno == EAGAIN);
    return count < 0 ? 0 : (size_t)count;
}

static void nonblocking(int fd)
{
    assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
}

/* The container echoes what comes, as a program that never stops for either side. */
static void echo(int peer)
{
    char buffer[65536];
    ssize_t count;

    while ((count = read(peer, buffer, sizeof(buffer))) > 0)
        for (ssize_t sent = 0; sent < count;) {
            ssize_t now = write(peer, buffer + sent, (size_t)(count - sent));
            if (now < 0)
                _exit(1);
            sent += now;
        }
    _exit(0);
}

static void test_paste_is_echoed(void **state)
{
    _cleanup_free_ char *paste = pattern(MEBIBYTE);
    _cleanup_free_ char *back = xcalloc(MEBIBYTE, 1);
    size_t typed = 0, shown = 0;
    struct session session;

    /* The keys that detach are no part of this paste. */
    for (size_t i = 0; i < MEBIBYTE; i++)
        paste[i] = paste[i] == 020 ? 'p' : paste[i];
    begin_raw(&session);
    pid_t echoing = fork();
    if (echoing == 0)
        echo(session.peer);
    nonblocking(session.pty.master);
    while (shown < MEBIBYTE) {
        struct pollfd ready = {
            .fd = session.pty.master,
            .events = (short)(POLLIN | (typed < MEBIBYTE ? POLLOUT : 0)),
        };
        assert_int_equal(poll(&ready, 1, PTY_PATIENCE), 1);
        if (ready.revents & POLLOUT)
            typed += some(write(session.pty.master, paste + typed, MEBIBYTE - typed));
        if (ready.revents & POLLIN)
            shown += some(read(session.pty.master, back + shown, MEBIBYTE - shown));
    }
    assert_memory_equal(paste, back, MEBIBYTE);
    kill(echoing, SIGTERM);
    assert_int_equal(pty_wait(echoing), 1000 + SIGTERM);
    shutdown(session.peer, SHUT_RDWR);
    end(&session, 0);
}

/* While nobody reads the terminal, what is typed still arrives. */
static void test_a_stuck_screen_does_not_hold_keys(void **state)
{
    _cleanup_free_ char *noise = pattern(MEBIBYTE);
    struct pollfd peer;
    struct session session;

    begin_raw(&session);
    nonblocking(session.peer);
    peer = (struct pollfd){.fd = session.peer, .events = POLLOUT};
    /* Until nothing has moved for a moment, everything between is full. */
    while (poll(&peer, 1, 300) == 1)
        some(write(session.peer, noise, MEBIBYTE));
    pty_type(session.pty.master, "key");
    expect_at_peer(&session, "key");
    kill(session.child, SIGTERM);
    end(&session, FAILED + 1);
}

/*
 * The shell of the next test: it gives its job the terminal as shells do, tells when the
 * job has stopped, and ends as it ends.
 */
static _noreturn_ void act_as_shell(pid_t job, int tell)
{
    int status;

    signal(SIGTTOU, SIG_IGN);
    setpgid(job, job);
    tcsetpgrp(STDIN_FILENO, job);
    dprintf(tell, "job %d\n", job);
    while (waitpid(job, &status, WUNTRACED) == job && WIFSTOPPED(status))
        dprintf(tell, "stopped\n");
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 96);
}

static void job_of_shell(int connection)
{
    struct terminal_session terminal = {
        .connection = connection, .raw = true, .send_stdin = true, .resized = note_size};
    pid_t job = fork();

    if (job)
        act_as_shell(job, event_pipe[1]);
    signal(SIGTTOU, SIG_IGN);
    setpgid(0, 0);
    tcsetpgrp(STDIN_FILENO, getpid());
    signal(SIGTTOU, SIG_DFL);
    interrupt_install(NULL);
    exit(run(&terminal));
}

static void test_stop_and_continue(void **state)
{
    _cleanup_(strbuf_release) struct strbuf told = STRBUF_INIT(10000);
    int sockets[2];
    struct session session;

    pty_open(&session.pty, 24, 80);
    assert_int_equal(tcgetattr(session.pty.master, &session.before), 0);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets), 0);
    assert_int_equal(pipe(event_pipe), 0);
    session.child = pty_fork(&session.pty);
    if (session.child == 0) {
        close(sockets[0]);
        job_of_shell(sockets[1]);
    }
    session.peer = sockets[0];
    session.events = event_pipe[0];
    close(sockets[1]);
    pty_expect(session.events, &told, "24x80\n");
    pty_expect(session.events, &told, "job ");
    pid_t job = (pid_t)strtol(strstr(strbuf_text(&told), "job ") + 4, NULL, 10);

    kill(job, SIGTSTP);
    pty_expect(session.events, &told, "stopped\n");
    check_modes(&session);
    strbuf_truncate(&told, 0);
    kill(job, SIGCONT);
    pty_expect(session.events, &told, "24x80\n");
    pty_type(session.pty.master, "\003");
    expect_at_peer(&session, "\003");
    shutdown(session.peer, SHUT_WR);
    close(event_pipe[1]);
    end(&session, 0);
}

/* Runs a session without a terminal; `input` and `output` become stdin and stdout. */
static pid_t begin_plain(struct terminal_session terminal, int input, int output, int *ret_peer)
{
    int sockets[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets), 0);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        dup2(input, STDIN_FILENO);
        dup2(output, STDOUT_FILENO);
        terminal.connection = dup2(sockets[1], STDERR_FILENO + 1);
        /* The test's ends of the pipes, or there would be no end of input. */
        closefrom(terminal.connection + 1);
        interrupt_install(NULL);
        _exit(run(&terminal));
    }
    close(sockets[1]);
    *ret_peer = sockets[0];
    return child;
}

static void test_binary_through_a_pipe(void **state)
{
    size_t length = 10 * MEBIBYTE;
    _cleanup_free_ char *sent = pattern(length);
    _cleanup_free_ char *back = xcalloc(length + 10, 1);
    int peer, output[2];
    size_t written = 0, received = 0;

    assert_int_equal(pipe2(output, O_CLOEXEC), 0);
    pid_t child = begin_plain((struct terminal_session){.early = "early", .early_length = 5},
        STDIN_FILENO, output[1], &peer);
    close(output[1]);
    nonblocking(peer);
    for (;;) {
        struct pollfd ready[] = {
            {.fd = written < length ? peer : -1, .events = POLLOUT},
            {.fd = output[0], .events = POLLIN},
        };
        assert_true(poll(ready, 2, PTY_PATIENCE) > 0);
        if (ready[0].revents)
            written += some(write(peer, sent + written, length - written));
        if (written == length)
            shutdown(peer, SHUT_WR);
        if (!ready[1].revents)
            continue;
        size_t count = some(read(output[0], back + received, length + 10 - received));
        if (!count)
            break;
        received += count;
    }
    assert_int_equal(received, length + 5);
    assert_memory_equal(back, "early", 5);
    assert_memory_equal(back + 5, sent, length);
    assert_int_equal(pty_wait(child), 0);
    close(output[0]);
    close(peer);
}

static void test_input_ends_and_output_goes_on(void **state)
{
    char chunk[100];
    int peer, input[2], output[2];

    assert_int_equal(pipe2(input, O_CLOEXEC), 0);
    assert_int_equal(pipe2(output, O_CLOEXEC), 0);
    pid_t child =
        begin_plain((struct terminal_session){.send_stdin = true}, input[0], output[1], &peer);
    int flags = fcntl(output[1], F_GETFL);
    pty_type(input[1], "a\020\021\003b");
    close(input[1]);
    assert_int_equal(pty_read(peer, chunk, sizeof(chunk)), 5);
    assert_memory_equal(chunk, "a\020\021\003b", 5);
    /* The end of stdin arrives as the end of one direction only. */
    assert_int_equal(pty_read(peer, chunk, sizeof(chunk)), 0);
    pty_type(peer, "answer");
    close(peer);
    assert_int_equal(pty_read(output[0], chunk, sizeof(chunk)), 6);
    assert_int_equal(pty_wait(child), 0);
    assert_int_equal(fcntl(output[1], F_GETFL), flags);
    close(input[0]);
    close(output[0]);
    close(output[1]);
}

static void test_output_that_nobody_takes(void **state)
{
    int peer, output[2];

    assert_int_equal(pipe2(output, O_CLOEXEC), 0);
    close(output[0]);
    pid_t child = begin_plain((struct terminal_session){0}, STDIN_FILENO, output[1], &peer);
    pty_type(peer, "text");
    assert_int_equal(pty_wait(child), FAILED);
    close(output[1]);
    close(peer);
}

static int collect(void *context, const char *data, size_t length, struct error *err)
{
    strbuf_add(context, data, length);
    return length && data[length - 1] == '!' ? error_set(err, ERROR_ENGINE, "no frame") : 0;
}

static void test_output_callback(void **state)
{
    _cleanup_(strbuf_release) struct strbuf taken = STRBUF_INIT(1000);
    _cleanup_(error_release) struct error err = ERROR_INIT;
    int sockets[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets), 0);
    struct terminal_session terminal = {
        .connection = sockets[0],
        .early = "early ",
        .early_length = 6,
        .output = collect,
        .context = &taken,
    };
    pty_type(sockets[1], "late");
    shutdown(sockets[1], SHUT_WR);
    assert_int_equal(terminal_run(&terminal, &err), 0);
    assert_string_equal(strbuf_text(&taken), "early late");
    terminal.early = "no!";
    terminal.early_length = 3;
    assert_int_equal(terminal_run(&terminal, &err), -1);
    assert_int_equal(err.code, ERROR_ENGINE);
    close(sockets[0]);
    close(sockets[1]);
}

static void test_raw_needs_a_terminal(void **state)
{
    int peer, null = open("/dev/null", O_RDWR | O_CLOEXEC);

    pid_t child = begin_plain((struct terminal_session){.raw = true}, null, null, &peer);
    assert_int_equal(pty_wait(child), FAILED);
    close(peer);
    close(null);
}

static void test_size(void **state)
{
    unsigned short rows = 7, columns = 8;
    struct pty pty;

    pty_open(&pty, 0, 0);
    assert_false(terminal_size(pty.slave, &rows, &columns));
    assert_false(terminal_size(-1, &rows, &columns));
    assert_int_equal(rows, 7);
    pty_close(&pty);
    pty_open(&pty, 24, 80);
    assert_true(terminal_size(pty.slave, &rows, &columns));
    assert_int_equal(rows, 24);
    assert_int_equal(columns, 80);
    pty_close(&pty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ends_with_the_connection),
        cmocka_unit_test(test_ends_with_a_reset),
        cmocka_unit_test(test_keys_are_bytes),
        cmocka_unit_test(test_signals),
        cmocka_unit_test(test_crashes),
        cmocka_unit_test(test_exit),
        cmocka_unit_test(test_hangup),
        cmocka_unit_test(test_resize),
        cmocka_unit_test(test_detach),
        cmocka_unit_test(test_ctrl_p_is_passed_on),
        cmocka_unit_test(test_paste_is_echoed),
        cmocka_unit_test(test_a_stuck_screen_does_not_hold_keys),
        cmocka_unit_test(test_stop_and_continue),
        cmocka_unit_test(test_binary_through_a_pipe),
        cmocka_unit_test(test_input_ends_and_output_goes_on),
        cmocka_unit_test(test_output_that_nobody_takes),
        cmocka_unit_test(test_output_callback),
        cmocka_unit_test(test_raw_needs_a_terminal),
        cmocka_unit_test(test_size),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
