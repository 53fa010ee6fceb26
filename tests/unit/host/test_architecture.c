#include "check.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "base/file.h"
#include "host/architecture.h"
#include "playground.h"

static int cards[4];
static size_t card_count;
static bool asked;

static size_t injected_cards(int *ret, size_t max)
{
    asked = true;
    assert_true(card_count <= max);
    memcpy(ret, cards, card_count * sizeof(*ret));
    return card_count;
}

static void put(const char *name, const char *text)
{
    _cleanup_free_ char *path = in_playground(name);

    if (text)
        assert_int_equal(file_write_at(AT_FDCWD, path, text, strlen(text), 0644, NULL), 0);
    else
        unlink(path);
}

/* What is found on the machine that the files and cards describe: "CUDA_ADA CUDA_AMPERE". */
static char *detect(char **ret_finding)
{
    _cleanup_(strv_release) struct strv names = STRV_INIT;
    _cleanup_free_ char *nvidia = in_playground("nvidia");
    _cleanup_free_ char *amdgpu = in_playground("amdgpu");
    _cleanup_free_ char *rocm = in_playground("rocm");
    const struct architecture_probe probe = {nvidia, injected_cards, amdgpu, rocm};

    asked = false;
    architecture_detect(&probe, &names, ret_finding);
    return strv_join(&names, " ");
}

static void assert_detected(const char *expected, const char *finding)
{
    _cleanup_free_ char *said = NULL;
    _cleanup_free_ char *names = detect(&said);

    assert_string_equal(names, expected);
    assert_says(said, finding);
}

static void driver(const char *version)
{
    _cleanup_free_ char *text = xasprintf("NVRM version: NVIDIA UNIX x86_64 Kernel Module  %s  Sun "
                                          "May 12 19:39:15 UTC 2024\nGCC version:  gcc 12.2.0\n",
        version);

    put("nvidia", text);
}

static void test_driver_decides_what_can_run(void **state)
{
    static const struct {
        const char *version, *names;
    } rows[] = {
        {"580.65.06", "CUDA_BLACKWELL CUDA_ADA CUDA_AMPERE CUDA"},
        {"570.86.15", "CUDA_BLACKWELL CUDA_ADA CUDA_AMPERE CUDA"},
        {"565.57.01", "CUDA_ADA CUDA_AMPERE CUDA"},
        {"535.183.01", "CUDA_ADA CUDA_AMPERE CUDA"},
        {"525.60.13", "CUDA_ADA CUDA_AMPERE CUDA"},
        {"520.61.05", "CUDA_AMPERE CUDA"},
        {"450.80.02", "CUDA_AMPERE CUDA"},
        {"418.39", "CUDA"},
        {"390.157", ""},
    };

    card_count = 0;
    for (size_t i = 0; i < ELEMENTS(rows); i++) {
        driver(rows[i].version);
        assert_detected(rows[i].names, rows[i].version);
    }
}

static void test_open_kernel_module(void **state)
{
    card_count = 0;
    put("nvidia", "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  570.86.15  Release "
                  "Build  (dvs-builder@U16)\n");
    assert_detected("CUDA_BLACKWELL CUDA_ADA CUDA_AMPERE CUDA", "570.86.15");
    put("nvidia", "nothing to read here\n");
    assert_detected("", "cannot be read");
    put("nvidia", "");
    assert_detected("", "cannot be read");
}

static void test_cards_decide_what_must(void **state)
{
    static const struct {
        const char *version;
        int first, second;
        const char *names;
    } rows[] = {
        {"570.86.15", 120, 0, "CUDA_BLACKWELL"},
        {"570.86.15", 90, 0, "CUDA_BLACKWELL CUDA_ADA"},
        {"550.54.15", 90, 0, "CUDA_ADA"},
        {"570.86.15", 80, 89, "CUDA_BLACKWELL CUDA_ADA"},
        {"535.183.01", 80, 86, "CUDA_ADA CUDA_AMPERE"},
        {"570.86.15", 75, 0, "CUDA_BLACKWELL CUDA_ADA CUDA_AMPERE CUDA"},
        {"570.86.15", 70, 0, "CUDA_ADA CUDA_AMPERE CUDA"},
        {"535.183.01", 100, 80, ""},
        {"470.57.02", 89, 0, ""},
    };

    for (size_t i = 0; i < ELEMENTS(rows); i++) {
        cards[0] = rows[i].first;
        cards[1] = rows[i].second;
        card_count = rows[i].second ? 2 : 1;
        driver(rows[i].version);
        assert_detected(rows[i].names, rows[i].version);
        assert_true(asked);
    }
    cards[0] = 120;
    card_count = 1;
    driver("535.183.01");
    assert_detected("", "compute capability 12.0) needs images for CUDA_BLACKWELL, and the NVIDIA "
                        "driver 535.183.01 runs only those up to CUDA_ADA");
}

static void test_rocm(void **state)
{
    put("nvidia", NULL);
    put("amdgpu", "");
    put("rocm", "6.2.0-66\n");
    assert_detected("ROCM6", "ROCm 6.2.0");
    assert_false(asked);
    put("rocm", "5.4.2\n");
    assert_detected("ROCM5", "ROCm 5.4.2");
    put("rocm", "unknown\n");
    assert_detected("", "nothing says which ROCm");
    put("rocm", NULL);
    assert_detected("", "nothing says which ROCm");
    put("amdgpu", NULL);
    put("rocm", "6.2.0\n");
    assert_detected("", "no GPU was found here");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_driver_decides_what_can_run),
        cmocka_unit_test(test_open_kernel_module),
        cmocka_unit_test(test_cards_decide_what_must),
        cmocka_unit_test(test_rocm),
    };

    return cmocka_run_group_tests(tests, playground_make, playground_remove);
}
