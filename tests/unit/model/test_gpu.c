#include "check.h"

#include "model/gpu.h"

static void check_label(const char *typed, enum gpu_choice choice, const char *label)
{
    _cleanup_(gpu_request_release) struct gpu_request request = {0};

    assert_int_equal(gpu_request_parse(typed, &request, NULL), 0);
    assert_int_equal(request.choice, choice);
    _cleanup_free_ char *text = gpu_request_label(&request);
    assert_string_equal(text, label);
    assert_null(strchr(text, ','));
}

static void test_parse(void **state)
{
    check_label("all", GPU_ALL, "all");
    check_label("none", GPU_NONE, "none");
    check_label("0", GPU_NONE, "none");
    check_label("2", GPU_COUNT, "2");
    check_label("GPU-1a,GPU-2b", GPU_DEVICES, "device=GPU-1a;GPU-2b");
    check_label("device=0,1", GPU_DEVICES, "device=0;1");
    check_label("device=0", GPU_DEVICES, "device=0");
    check_label("MIG-GPU-1a/3/0", GPU_DEVICES, "device=MIG-GPU-1a/3/0");
}

static void test_refused(void **state)
{
    static const char *const wrong[] = {"", "-1", "1.5", "99999", "GPU-", "GPU-a,", ",GPU-a",
        "GPU-a,GPU-a", "GPU-a b", "GPU-a\"", "device=", "device=all", "some"};

    for (size_t i = 0; i < ELEMENTS(wrong); i++) {
        _cleanup_(error_release) struct error err = ERROR_INIT;
        struct gpu_request request = {0};
        assert_int_equal(gpu_request_parse(wrong[i], &request, &err), -1);
        assert_int_equal(err.code, ERROR_USAGE);
    }
}

static void test_engine_knows(void **state)
{
    char *plain[] = {"io.containerd.runc.v2", "runc", NULL};
    char *with_nvidia[] = {"runc", "nvidia", NULL};
    char *devices[] = {"example.com/card=0", "nvidia.com/gpu=all", NULL};
    const struct strv none = STRV_INIT, runc = {plain, 2}, nvidia = {with_nvidia, 2};
    const struct strv other = {devices, 1}, cdi = {devices, 2};

    assert_false(gpu_engine_knows(&runc, &none, false));
    assert_false(gpu_engine_knows(&runc, &other, false));
    assert_true(gpu_engine_knows(&nvidia, &none, false));
    assert_true(gpu_engine_knows(&runc, &cdi, false));
    assert_false(gpu_engine_knows(&nvidia, &none, true));
    assert_true(gpu_engine_knows(&none, &cdi, true));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_engine_knows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
