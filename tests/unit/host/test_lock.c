#include "check.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/file.h"
#include "host/lock.h"
#include "playground.h"

static bool has_file(const char *name)
{
    _cleanup_free_ char *path = xasprintf("%s/.ds01-config/locks/%s", playground, name);

    return access(path, F_OK) == 0;
}

static void put_file(const char *name)
{
    _cleanup_free_ char *path = xasprintf("%s/.ds01-config/locks/%s", playground, name);
    _cleanup_close_ int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

    assert_true(fd >= 0);
}

static void test_one_holder(void **state)
{
    _cleanup_(lock_release) struct lock first = LOCK_INIT;
    _cleanup_(lock_release) struct lock second = LOCK_INIT;
    _cleanup_(lock_release) struct lock other = LOCK_INIT;
    _cleanup_(error_release) struct error err = ERROR_INIT;

    assert_int_equal(lock_take(&caller, LOCK_IMAGE, "p", &first, &err), 0);
    assert_int_equal(lock_take(&caller, LOCK_IMAGE, "p", &second, &err), -1);
    assert_int_equal(err.code, ERROR_REFUSED);
    assert_says(err.message, "working on p");
    assert_int_equal(lock_take(&caller, LOCK_CONTAINER, "p", &other, &err), 0);
    lock_release(&first);
    assert_int_equal(lock_take(&caller, LOCK_IMAGE, "p", &second, &err), 0);
}

/* A lookup that fails, and one that does not, leave no file behind. */
static void test_leaves_nothing(void **state)
{
    struct lock lock = LOCK_INIT;

    assert_int_equal(lock_take(&caller, LOCK_IMAGE, "q", &lock, NULL), 0);
    assert_true(has_file("image-q"));
    lock_release(&lock);
    assert_false(has_file("image-q"));
    lock_release(&lock);
}

/* What a killed process left is taken over, and swept; what somebody holds is not. */
static void test_killed(void **state)
{
    _cleanup_(lock_release) struct lock held = LOCK_INIT;

    put_file("container-killed");
    assert_int_equal(lock_take(&caller, LOCK_CONTAINER, "killed", &held, NULL), 0);
    put_file("image-left");
    assert_int_equal(locks_sweep(&caller, true, NULL), 1);
    assert_true(has_file("image-left"));
    assert_int_equal(locks_sweep(&caller, false, NULL), 1);
    assert_false(has_file("image-left"));
    assert_true(has_file("container-killed"));
    assert_int_equal(locks_sweep(&caller, false, NULL), 0);
}

/* Takes the lock over and over; a byte in a pipe is there while it is held. */
static void contend(const int pipe[2])
{
    for (int i = 0; i < 300; i++) {
        _cleanup_(lock_release) struct lock lock = LOCK_INIT;
        char token;
        if (lock_take(&caller, LOCK_IMAGE, "race", &lock, NULL) < 0)
            continue;
        if (read(pipe[0], &token, 1) != 1)
            _exit(1);
        sched_yield();
        if (write(pipe[1], &token, 1) != 1)
            _exit(2);
    }
    _exit(0);
}

/* Files come and go while several processes want them: never do two hold the lock at once. */
static void test_contended(void **state)
{
    int pipes[2], status;

    assert_int_equal(pipe2(pipes, O_CLOEXEC | O_NONBLOCK), 0);
    assert_int_equal(write(pipes[1], "x", 1), 1);
    for (int i = 0; i < 4; i++)
        if (fork() == 0)
            contend(pipes);
    while (wait(&status) > 0)
        assert_int_equal(status, 0);
    assert_false(has_file("image-race"));
    close(pipes[0]);
    close(pipes[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_holder),
        cmocka_unit_test(test_leaves_nothing),
        cmocka_unit_test(test_killed),
        cmocka_unit_test(test_contended),
    };

    return cmocka_run_group_tests(tests, playground_make, playground_remove);
}
