#include "check.h"

#include <sys/wait.h>

/* The address sanitizer is asked to answer as malloc does, not to end the process itself. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

static void test_copies(void **state)
{
    _cleanup_free_ char *text = xstrdup("text");
    _cleanup_free_ char *part = xstrndup("text", 2);
    _cleanup_free_ char *whole = xstrndup("te", 5);
    _cleanup_free_ char *printed = xasprintf("%s-%d", "a", 1);

    assert_string_equal(text, "text");
    assert_string_equal(part, "te");
    assert_string_equal(whole, "te");
    assert_string_equal(printed, "a-1");
    assert_null(xstrdup(NULL));
}

static void test_arrays(void **state)
{
    _cleanup_free_ int *zeroed = xcalloc(3, sizeof(int));
    _cleanup_free_ void *empty = xcalloc(0, 0);

    assert_int_equal(zeroed[2], 0);
    zeroed = xreallocarray(zeroed, 1000, sizeof(int));
    zeroed[999] = 1;
    assert_int_equal(zeroed[0], 0);
    assert_non_null(empty);
}

/* Whoever adds one by one always has the room for it, and keeps what was there. */
static void test_grow(void **state)
{
    _cleanup_free_ int *numbers = NULL;

    for (int i = 0; i < 1000; i++) {
        numbers = xgrow(numbers, (size_t)i, sizeof(*numbers));
        numbers[i] = i;
    }
    for (int i = 0; i < 1000; i++)
        assert_int_equal(numbers[i], i);
}

/* A product that wraps around is memory that there is not: one sentence, exit code 1. */
static void test_out_of_memory(void **state)
{
    volatile size_t count = SIZE_MAX / 2;
    char said[8192] = "";
    int fds[2];

    assert_int_equal(pipe(fds), 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(fds[1], STDERR_FILENO);
        free(xreallocarray(NULL, count, 3));
        _exit(0);
    }
    int status = 0;
    close(fds[1]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 1);
    assert_true(read(fds[0], said, sizeof(said) - 1) > 0);
    assert_non_null(strstr(said, "ds01: out of memory\n"));
    close(fds[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_copies),
        cmocka_unit_test(test_arrays),
        cmocka_unit_test(test_grow),
        cmocka_unit_test(test_out_of_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
