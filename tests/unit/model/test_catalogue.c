#include "check.h"

#include <fcntl.h>

#include "base/file.h"
#include "model/catalogue.h"
#include "model/suggest.h"

static struct catalogue shipped;

/* The catalogue that is shipped: argv names the file. */
static void read_shipped(const char *path)
{
    _cleanup_(error_release) struct error err = ERROR_INIT;
    _cleanup_free_ char *text = NULL;
    size_t length;

    if (file_read_at(AT_FDCWD, path, CATALOGUE_TEXT_MAX, &text, &length, &err) < 0 ||
        catalogue_parse(text, length, &shipped, &err) < 0) {
        fprintf(stderr, "%s: %s\n", path, err.message);
        abort();
    }
}

static size_t count_entries(const char *framework, const char *architecture)
{
    size_t count = 0;

    for (size_t i = 0; i < shipped.count; i++) {
        const struct catalogue_entry *entry = &shipped.entries[i];
        if (strcmp(entry->framework, framework) == 0 &&
            (!architecture || strv_contains(&entry->architectures, architecture)))
            count++;
    }
    return count;
}

/* The table of FACTS 1.5. */
static void test_shipped_counts(void **state)
{
    static const struct {
        const char *framework;
        size_t blackwell, ada, ampere, cuda, rocm6, rocm5, lines;
    } rows[] = {
        {"Pytorch", 7, 25, 31, 8, 5, 5, 76},
        {"Tensorflow", 0, 11, 19, 10, 1, 1, 35},
        {"Mxnet", 0, 0, 1, 4, 0, 0, 5},
        {"ROCM", 0, 0, 0, 0, 0, 1, 1},
    };

    assert_int_equal(shipped.count, 117);
    for (size_t i = 0; i < ELEMENTS(rows); i++) {
        assert_int_equal(count_entries(rows[i].framework, "CUDA_BLACKWELL"), rows[i].blackwell);
        assert_int_equal(count_entries(rows[i].framework, "CUDA_ADA"), rows[i].ada);
        assert_int_equal(count_entries(rows[i].framework, "CUDA_AMPERE"), rows[i].ampere);
        assert_int_equal(count_entries(rows[i].framework, "CUDA"), rows[i].cuda);
        assert_int_equal(count_entries(rows[i].framework, "ROCM6"), rows[i].rocm6);
        assert_int_equal(count_entries(rows[i].framework, "ROCM5"), rows[i].rocm5);
        assert_int_equal(count_entries(rows[i].framework, NULL), rows[i].lines);
    }
}

/* Finds `typed` for architectures parted by blanks; NULL and an error where there is none. */
static const struct catalogue_entry *find(
    const struct catalogue *catalogue, const char *typed, const char *names, struct error *err)
{
    _cleanup_(framework_wish_release) struct framework_wish wish = {0};
    _cleanup_(strv_release) struct strv architectures = STRV_INIT;
    const struct catalogue_entry *entry = NULL;

    strv_push_words(&architectures, names);
    if (framework_wish_parse(typed, catalogue, &wish, err) < 0 ||
        catalogue_find(catalogue, &wish, &architectures, &entry, err) < 0)
        return NULL;
    return entry;
}

static void assert_found(const char *typed, const char *names, const char *image)
{
    _cleanup_(error_release) struct error err = ERROR_INIT;
    const struct catalogue_entry *entry = find(&shipped, typed, names, &err);

    assert_string_equal(entry ? entry->image : err.message, image);
}

static void test_newest_per_architecture(void **state)
{
    assert_found("pytorch", "CUDA_BLACKWELL", "aimehub/pytorch-2.9.1-cuda12.8.1");
    assert_found("Pytorch", "CUDA_ADA", "aimehub/pytorch-2.8.0-aime-cuda12.6.3");
    assert_found("torch", "cuda_ampere", "aimehub/pytorch-2.7.1-aime-cuda11.8.0");
    assert_found("PyTorch", "ROCM6", "aimehub/pytorch-2.6.0-rocm6.2");
    assert_found("tensorflow", "CUDA_ADA", "aimehub/tensorflow-2.16.1-cuda12.3");
    assert_found("tf", "CUDA_AMPERE", "aimehub/tensorflow-2.14.0-cuda11.8");
    assert_found("TF", "ROCM6", "aimehub/tensorflow-2.13.1-rocm6.0");
    assert_found("mxnet", "CUDA", "aimehub/mxnet-1.6.0-cuda");
    assert_found("rocm", "ROCM5", "rocm/dev-ubuntu-20.04:5.4.2-complete");
}

static void test_versions_and_fallbacks(void **state)
{
    assert_found("pytorch=2.8.0", "CUDA_ADA", "aimehub/pytorch-2.8.0-cuda12.6.3");
    assert_found("pytorch=2.8", "CUDA_ADA", "aimehub/pytorch-2.8.0-aime-cuda12.6.3");
    assert_found("pytorch==2.7", "CUDA_AMPERE", "aimehub/pytorch-2.7.1-aime-cuda11.8.0");
    assert_found("pytorch=1.14.0a-nvidia", "CUDA_ADA", "aimehub/pytorch-1.14.0a-nvidia-cuda12.0");
    assert_found("tf=2.1", "CUDA", "aimehub/tensorflow-2.1.0-cuda");
    /* The first of the two lines with this key. */
    assert_found("tf=1.15.4-nvidia", "CUDA_AMPERE", "aimehub/tensorflow-1.15.4-nvidia");
    /* Several architectures: the first that has something. */
    assert_found("tf", "CUDA_BLACKWELL CUDA_ADA CUDA_AMPERE", "aimehub/tensorflow-2.16.1-cuda12.3");
    assert_found("pytorch=1.13.1", "CUDA_BLACKWELL CUDA_AMPERE", "aimehub/pytorch-1.13.1-cuda11.7");
}

static void assert_not_found(
    const char *typed, const char *names, const char *message, const char *hint)
{
    struct error err = ERROR_INIT;

    assert_null(find(&shipped, typed, names, &err));
    assert_int_equal(err.code, ERROR_USAGE);
    if (!strstr(err.message, message) || !strstr(err.hint, hint))
        fail_msg("'%s' (%s) does not say '%s' (%s)", err.message, err.hint, message, hint);
    error_release(&err);
}

static void test_what_is_not_there(void **state)
{
    assert_not_found("pytroch", "CUDA_ADA", "no framework 'pytroch'", "did you mean Pytorch?");
    assert_not_found("caffe", "CUDA_ADA", "no framework 'caffe'", "there are: Pytorch, Tensorflow");
    assert_not_found("pytorch=2.9.1", "CUDA_ADA",
        "no Pytorch 2.9.1 for CUDA_ADA, only for "
        "CUDA_BLACKWELL",
        "the newest Pytorch for CUDA_ADA is 2.8.0-aime");
    assert_not_found("tf", "CUDA_BLACKWELL", "no Tensorflow for CUDA_BLACKWELL, only for CUDA_ADA",
        "--list-frameworks");
    assert_not_found("pytorch=3.0", "CUDA_ADA", "no Pytorch 3.0; its newest is 2.9.1", "--list");
    assert_not_found("pytorch=", "CUDA_ADA", "like pytorch or pytorch=2.8.0", "--list");
    assert_not_found("=2.8", "CUDA_ADA", "like pytorch", "--list");
    assert_not_found("py torch", "CUDA_ADA", "like pytorch", "did you mean py-torch?");
    assert_not_found("pytorch===2", "CUDA_ADA", "like pytorch", "--list");
    assert_not_found("", "CUDA_ADA", "like pytorch", "--list");
    assert_not_found("Tensor Flow", "CUDA_ADA", "like pytorch", "did you mean Tensor-Flow?");
    assert_not_found(" pytorch  2.8 ", "CUDA_ADA", "like pytorch", "did you mean pytorch=2.8?");
    assert_not_found("pytorch = 2.8", "CUDA_ADA", "like pytorch", "did you mean pytorch=2.8?");
    assert_not_found("pytorch\t==2.8.0", "CUDA_ADA", "like pytorch", "mean pytorch==2.8.0?");
    assert_not_found("pytorch 9.9", "CUDA_ADA", "like pytorch", "--list");
    assert_not_found("pytorch 2.8 cpu", "CUDA_ADA", "like pytorch", "--list");
    assert_not_found("frob nicate", "CUDA_ADA", "like pytorch", "--list");
}

static void test_cpu(void **state)
{
    static const char text[] = "Pytorch, 2.5.1, [CPU], pytorch/pytorch:2.5.1-cpu\n";
    _cleanup_(catalogue_release) struct catalogue catalogue = {0};
    _cleanup_(framework_wish_release) struct framework_wish wish = {0};

    assert_int_equal(catalogue_parse(text, strlen(text), &catalogue, NULL), 0);
    assert_int_equal(framework_wish_parse("PyTorch-CPU=2.5", &catalogue, &wish, NULL), 0);
    assert_true(wish.cpu);
    assert_string_equal(wish.framework, "Pytorch");
    assert_string_equal(wish.version, "2.5");
    _cleanup_free_ char *label = catalogue_label(&catalogue.entries[0]);
    assert_string_equal(label, "Pytorch-2.5.1");
    struct error err = ERROR_INIT;
    struct framework_wish none = {0};
    assert_int_equal(framework_wish_parse("PyTorch CPU", &catalogue, &none, &err), -1);
    assert_string_equal(err.hint, "did you mean PyTorch-CPU?");
    error_release(&err);
}

/* `wanted` is below, above or 0, as catalogue_version_compare() has it. */
static void check_order(const char *one, const char *other, int wanted)
{
    int result = catalogue_version_compare(one, other);

    if ((result > 0) - (result < 0) != wanted)
        fail_msg("%s against %s is %d", one, other, result);
}

static void test_version_order(void **state)
{
    /* Each is older than the next. */
    static const char *const order[] = {"1", "1.2", "1.10", "1.14.0a", "1.14.0a-nvidia", "1.14.0b1",
        "1.14.0rc1", "1.14", "1.14.0-nvidia", "1.14.1", "2.8.0", "2.8.0-aime", "2.9.1", "2.10",
        "10.0", "99999999999999999999.1"};

    for (size_t i = 0; i < ELEMENTS(order); i++)
        for (size_t j = 0; j < ELEMENTS(order); j++)
            check_order(order[i], order[j], (i > j) - (i < j));
    check_order("2.10.0-rc1", "2.10.0", -1);
    check_order("2.10.0-rc10", "2.10.0rc9", 1);
    check_order("2.10.0-rc1", "2.10.0-beta.2", 1);
    check_order("2.10.0.dev20260101", "2.10.0a", -1);
    check_order("2.10.0-rc1", "2.9.1", 1);
    check_order("2.10.0-RC1", "2.10.0-rc1", 0);
    check_order("2.10.0-rc1-nvidia", "2.10.0-rc1", 1);
    check_order("2.10.0-rc1-nvidia", "2.10.0", -1);
    check_order("2.10.0.post1", "2.10.0", 1);
    check_order("2.10.0odd", "2.10.0a1", -1);
    check_order("2.8.0-aime", "2.8-nvidia", 0);
    assert_int_equal(catalogue_version_compare("1.0", "1.0.0"), 0);
}

static void test_sorted(void **state)
{
    const struct catalogue_entry **sorted = NULL;
    size_t count;

    catalogue_sorted(&shipped, NULL, &sorted, &count);
    assert_int_equal(count, 116); /* the second 1.15.4-nvidia never counts */
    assert_string_equal(sorted[0]->version, "2.9.1");
    assert_string_equal(sorted[76]->framework, "Tensorflow");
    assert_string_equal(sorted[76]->version, "2.16.1");
    for (size_t i = 1; i < count; i++)
        if (strcmp(sorted[i - 1]->framework, sorted[i]->framework) == 0)
            assert_true(catalogue_version_compare(sorted[i - 1]->version, sorted[i]->version) >= 0);
    free(sorted);
    catalogue_sorted(&shipped, "rocm6", &sorted, &count);
    assert_int_equal(count, 6);
    free(sorted);
    catalogue_sorted(&shipped, "NONE", &sorted, &count);
    assert_int_equal(count, 0);
    free(sorted);
}

static void test_architectures(void **state)
{
    struct error err = ERROR_INIT;
    const char *name;

    assert_int_equal(catalogue_architecture(&shipped, "cuda_ada", &name, NULL), 0);
    assert_string_equal(name, "CUDA_ADA");
    assert_int_equal(catalogue_architecture(&shipped, "CUDA_AAD", &name, &err), -1);
    assert_non_null(strstr(err.hint, "did you mean CUDA_ADA?"));
    error_release(&err);
    assert_int_equal(catalogue_architecture(&shipped, "zen", &name, &err), -1);
    assert_non_null(strstr(err.hint, "there are: CUDA_BLACKWELL, CUDA_ADA"));
    error_release(&err);
}

static void parse_refused(const char *text, const char *part)
{
    static const char good[] = "A, 1, [X], a/b\n";
    _cleanup_(catalogue_release) struct catalogue catalogue = {0};
    _cleanup_(error_release) struct error err = ERROR_INIT;

    assert_int_equal(catalogue_parse(good, strlen(good), &catalogue, NULL), 0);
    assert_int_equal(catalogue_parse(text, strlen(text), &catalogue, &err), -1);
    assert_int_equal(err.code, ERROR_FAILED);
    if (!strstr(err.message, part))
        fail_msg("'%s' does not say '%s'", err.message, part);
    assert_int_equal(catalogue.count, 1);
}

static void test_strict_about_columns(void **state)
{
    parse_refused("A, 1, [X], a/b\nA, 1, [X]\n", "line 2: four columns were expected");
    parse_refused("A, 1, [X], a/b, c\n", "line 1: four columns were expected (framework, version, "
                                         "[architectures], image), not 5");
    parse_refused("\n\n, 1, [X], a\n", "line 3: the first column");
    parse_refused("A, , [X], a\n", "the second column");
    parse_refused("A, 1, [], a\n", "an architecture such as CUDA_ADA");
    parse_refused("A, 1, [, a\n", "'[' and ']'");
    parse_refused("A, 1, X], a\n", "'[' and ']'");
    parse_refused("A, 1, [X;], a\n", "an architecture such as CUDA_ADA");
    parse_refused("A, 1, [X,Y], a\n", "four columns");
    parse_refused("A, 1, [X], UPPER\n", "the fourth column");
    parse_refused("A, 1, [X], a b\n", "the fourth column");
    parse_refused("A b, 1, [X], a\n", "the first column");
}

static void test_tolerant_of_blanks(void **state)
{
    static const char text[] = "# of ours\r\n\n  A ,\t1 , [ X ; Y ] , a/b:2  \r\nB,2,Z,c";
    _cleanup_(catalogue_release) struct catalogue catalogue = {0};

    assert_int_equal(catalogue_parse(text, strlen(text), &catalogue, NULL), 0);
    assert_int_equal(catalogue.count, 2);
    assert_string_equal(catalogue.entries[0].framework, "A");
    assert_string_equal(catalogue.entries[0].version, "1");
    assert_int_equal(catalogue.entries[0].architectures.count, 2);
    assert_string_equal(catalogue.entries[0].architectures.items[1], "Y");
    assert_string_equal(catalogue.entries[0].image, "a/b:2");
    assert_string_equal(catalogue.entries[1].architectures.items[0], "Z");
}

static void test_bounds(void **state)
{
    _cleanup_free_ char *large = xcalloc(CATALOGUE_TEXT_MAX + 2, 1);
    _cleanup_free_ char *line = xasprintf("A, 1, [X], %01100d\n", 1);

    memset(large, '\n', CATALOGUE_TEXT_MAX + 1);
    parse_refused(large, "larger than a catalogue can be");
    parse_refused(line, "line 1: it is too long");
    parse_refused("A, 1, [A;B;C;D;E;F;G;H;I;J;K;L;M;N;O;P;Q], a\n", "more than 16");
}

static void test_suggestions(void **state)
{
    _cleanup_(strv_release) struct strv known = STRV_INIT;

    strv_push_words(&known, "Pytorch Tensorflow JAX cv nlp audio");
    assert_string_equal(suggest_nearest("pytroch", &known), "Pytorch");
    assert_string_equal(suggest_nearest("tensor", &known), "Tensorflow");
    assert_string_equal(suggest_nearest("jxa", &known), "JAX");
    assert_string_equal(suggest_nearest("nlpp", &known), "nlp");
    assert_null(suggest_nearest("", &known));
    assert_null(suggest_nearest("x", &known));
    assert_null(suggest_nearest("caffe", &known));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shipped_counts),
        cmocka_unit_test(test_newest_per_architecture),
        cmocka_unit_test(test_versions_and_fallbacks),
        cmocka_unit_test(test_what_is_not_there),
        cmocka_unit_test(test_cpu),
        cmocka_unit_test(test_version_order),
        cmocka_unit_test(test_sorted),
        cmocka_unit_test(test_architectures),
        cmocka_unit_test(test_strict_about_columns),
        cmocka_unit_test(test_tolerant_of_blanks),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_suggestions),
    };

    if (argc != 2)
        return 2;
    read_shipped(argv[1]);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    catalogue_release(&shipped);
    return failed;
}
