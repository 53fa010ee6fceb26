#include "check.h"

#include <poll.h>
#include <signal.h>

#include "base/interrupt.h"

static bool readable(void)
{
    struct pollfd poller = {.fd = interrupt_fd(), .events = POLLIN};

    return poll(&poller, 1, 0) == 1 && (poller.revents & POLLIN);
}

/* One story, told in order: the state is the process's. */
static void test_interrupts(void **state)
{
    _cleanup_(error_release) struct error err = ERROR_INIT;
    struct sigaction seen;

    assert_int_equal(interrupt_fd(), -1);
    assert_false(interrupt_pending());

    /* nohup's choice is kept. */
    signal(SIGHUP, SIG_IGN);
    assert_int_equal(interrupt_install(NULL), 0);
    assert_int_equal(sigaction(SIGHUP, NULL, &seen), 0);
    assert_true(seen.sa_handler == SIG_IGN);
    assert_int_equal(sigaction(SIGPIPE, NULL, &seen), 0);
    assert_true(seen.sa_handler == SIG_IGN);
    assert_false(readable());

    raise(SIGTERM);
    assert_true(interrupt_pending());
    assert_true(readable());
    assert_int_equal(interrupt_signal(), SIGTERM);

    interrupt_hold(true);
    interrupt_hold(true);
    assert_false(interrupt_pending());
    assert_int_equal(interrupt_fd(), -1);
    interrupt_hold(false);
    assert_false(interrupt_pending());
    interrupt_hold(false);
    assert_true(interrupt_pending());

    assert_int_equal(interrupt_error(&err), -1);
    assert_int_equal(err.code, ERROR_INTERRUPTED);
}

static void test_a_flood_of_signals_does_not_block(void **state)
{
    for (int i = 0; i < 100000; i++)
        raise(SIGINT);
    assert_int_equal(interrupt_signal(), SIGINT);
    assert_true(readable());
}

static void test_a_signal_that_was_taken_is_forgotten(void **state)
{
    raise(SIGTERM);
    assert_true(interrupt_is_news());
    assert_false(interrupt_is_news());
    assert_int_equal(interrupt_take(), SIGTERM);
    assert_false(interrupt_is_news());
    assert_false(interrupt_pending());
    assert_false(readable());
    assert_int_equal(interrupt_take(), 0);
    raise(SIGINT);
    assert_true(interrupt_is_news());
    assert_true(interrupt_pending());
    assert_true(readable());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_interrupts),
        cmocka_unit_test(test_a_flood_of_signals_does_not_block),
        cmocka_unit_test(test_a_signal_that_was_taken_is_forgotten),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
