#include "check.h"

#include "host/builtin_data.h"
#include "host/package_sets.h"

static struct package_sets builtin(void)
{
    struct package_sets sets = {0};
    _cleanup_(error_release) struct error err = ERROR_INIT;

    if (package_sets_parse(builtin_package_sets, strlen(builtin_package_sets), &sets, &err) < 0)
        fail_msg("%s", err.message);
    return sets;
}

static void assert_pip(const struct package_sets *sets, const char *name, const char *expected)
{
    const struct package_set *set = NULL;

    assert_int_equal(package_sets_find(sets, name, &set, NULL), 0);
    _cleanup_free_ char *pip = strv_join(&set->pip, " ");
    assert_string_equal(pip, expected);
}

/* The groups of FACTS 2.5. */
static void test_shipped_sets(void **state)
{
    _cleanup_(package_sets_release) struct package_sets sets = builtin();
    const struct package_set *tools = NULL;

    assert_int_equal(sets.count, 10);
    assert_pip(&sets, "jupyter", "jupyter jupyterlab ipykernel ipywidgets notebook");
    assert_pip(&sets, "data-science", "pandas scipy scikit-learn matplotlib seaborn");
    assert_pip(&sets, "ml", "xgboost lightgbm catboost optuna shap");
    assert_pip(&sets, "cv", "timm albumentations opencv-python-headless kornia ultralytics");
    assert_pip(&sets, "nlp",
        "transformers datasets tokenizers accelerate sentencepiece peft safetensors evaluate");
    assert_pip(&sets, "rl", "gymnasium stable-baselines3");
    assert_pip(&sets, "audio", "librosa soundfile audiomentations");
    assert_pip(&sets, "ts", "statsmodels prophet darts");
    assert_pip(&sets, "TS", "statsmodels prophet darts");
    assert_pip(&sets, "llm", "vllm bitsandbytes langchain einops");
    assert_int_equal(package_sets_find(&sets, SET_SYSTEM, &tools, NULL), 0);
    _cleanup_free_ char *apt = strv_join(&tools->apt, " ");
    assert_string_equal(apt, "git curl wget vim htop");
    for (size_t i = 0; i < sets.count; i++)
        assert_true(*sets.sets[i].summary);
}

static void test_an_admin_adds_replaces_and_extends(void **state)
{
    static const char text[] = "geo:\n"
                               "  summary: maps\n"
                               "  pip: 'geopandas >= 1.0  shapely'\n"
                               "  apt: [libgdal-dev]\n"
                               "rl:\n"
                               "  pip: [ray]\n"
                               "cv:\n"
                               "  extends: cv\n"
                               "  pip: [supervision]\n";
    _cleanup_(package_sets_release) struct package_sets sets = builtin();

    assert_int_equal(package_sets_parse(text, strlen(text), &sets, NULL), 0);
    assert_int_equal(sets.count, 11);
    assert_pip(&sets, "geo", "geopandas>=1.0 shapely");
    assert_pip(&sets, "rl", "ray");
    assert_pip(
        &sets, "cv", "timm albumentations opencv-python-headless kornia ultralytics supervision");
    assert_int_equal(package_sets_parse("", 0, &sets, NULL), 0);
    assert_int_equal(package_sets_parse("# only a comment\n", 17, &sets, NULL), 0);
    assert_int_equal(sets.count, 11);
}

static void refused(const char *text, const char *part)
{
    _cleanup_(package_sets_release) struct package_sets sets = builtin();
    _cleanup_(error_release) struct error err = ERROR_INIT;

    assert_int_equal(package_sets_parse(text, strlen(text), &sets, &err), -1);
    assert_int_equal(err.code, ERROR_FAILED);
    assert_says(err.message, part);
    assert_int_equal(sets.count, 10);
}

static void test_damaged_files(void **state)
{
    refused("- a\n", "line 1: the name of a set and a colon");
    refused("a: b\n", "line 1: 'pip: [NAME, ...]'");
    refused("a:\n", "line 1: 'pip: [NAME, ...]'");
    refused("ok:\n  pip: [x]\nA b:\n  pip: [x]\n", "line 3: a set's name");
    refused("a:\n  pips: [x]\n", "line 2: summary, extends, pip or apt");
    refused("a:\n  pip: [x, '-r y']\n", "line 2: ");
    refused("a:\n  pip: [[x]]\n", "line 2: a text");
    refused("a:\n  apt: [X]\n", "line 2: ");
    refused("a:\n  extends: nothing-known\n", "line 2: there is no set");
    refused("a:\n  summary: \"\\e[31m\"\n", "line 2: printable");
    refused("a: [", "line ");
    refused("a: &x\n  pip: *x\n", "");
}

static void test_names(void **state)
{
    _cleanup_(package_sets_release) struct package_sets sets = builtin();
    _cleanup_(error_release) struct error err = ERROR_INIT;
    const struct package_set *set = NULL;

    assert_int_equal(package_sets_find(&sets, "nlpp", &set, &err), -1);
    assert_int_equal(err.code, ERROR_USAGE);
    assert_says(err.hint, "did you mean nlp?");
    error_release(&err);
    assert_int_equal(package_sets_find(&sets, "cooking", &set, &err), -1);
    assert_says(err.hint, "there are: jupyter data-science system ml");
    assert_null(set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shipped_sets),
        cmocka_unit_test(test_an_admin_adds_replaces_and_extends),
        cmocka_unit_test(test_damaged_files),
        cmocka_unit_test(test_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
