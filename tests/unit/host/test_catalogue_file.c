#include "check.h"

#include <fcntl.h>

#include "base/file.h"
#include "host/catalogue_file.h"
#include "playground.h"

#define ENTRY "Labtorch, 1.0, [CUDA_ADA], lab.example.org/labtorch:1\n"

/* The catalogue with a lab's own file of this text. */
static int load(const char *text, struct catalogue *ret, struct error *err)
{
    _cleanup_free_ char *path = in_playground("lab.repo");
    const struct config config = {.catalog = path};

    assert_int_equal(file_write_at(AT_FDCWD, path, text, strlen(text), 0644, NULL), 0);
    return catalogue_load(&caller, &config, ret, err);
}

static void assert_loads(const char *text)
{
    _cleanup_(catalogue_release) struct catalogue catalogue = {0};
    _cleanup_(error_release) struct error err = ERROR_INIT;

    if (load(text, &catalogue, &err) < 0)
        fail_msg("%s", err.message);
    assert_true(catalogue.count > 0);
    assert_string_equal(catalogue.entries[0].framework, "Labtorch");
    assert_string_equal(catalogue.entries[0].image, "lab.example.org/labtorch:1");
}

static void test_a_file_of_the_labs_own(void **state)
{
    assert_loads(ENTRY);
    assert_loads("# ours\n" ENTRY);
}

/* As an editor of Windows writes it. */
static void test_byte_order_mark(void **state)
{
    assert_loads("\xef\xbb\xbf" ENTRY);
    assert_loads("\xef\xbb\xbf# ours\r\n" ENTRY);
}

/* Lines count from the first one all the same, and only one mark at the very start is skipped. */
static void test_refused(void **state)
{
    static const char *const texts[] = {"\xef\xbb\xbf, 1.0\n", "\xef\xbb\xbf\xef\xbb\xbf" ENTRY};

    for (size_t i = 0; i < ELEMENTS(texts); i++) {
        _cleanup_(error_release) struct error err = ERROR_INIT;
        struct catalogue catalogue = {0};
        assert_int_equal(load(texts[i], &catalogue, &err), -1);
        assert_says(err.message, "lab.repo: line 1: ");
        assert_string_equal(err.hint, "mend that file, or move it away");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_file_of_the_labs_own),
        cmocka_unit_test(test_byte_order_mark),
        cmocka_unit_test(test_refused),
    };

    return cmocka_run_group_tests(tests, playground_make, playground_remove);
}
