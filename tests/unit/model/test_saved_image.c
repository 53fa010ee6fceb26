#include "check.h"

#include "model/label.h"
#include "model/saved_image.h"

static const struct saved_image saved = {
    .container = "exp",
    .project = "proj",
    .login = "doe,j@x",
    .username = "doe",
    .uid = 1722830498,
    .gid = 100,
};

static void assert_label(const struct strmap *labels, const char *key, const char *expected)
{
    const char *value = strmap_get(labels, key);

    if (expected)
        assert_string_equal(value, expected);
    else
        assert_null(value);
}

static void test_labels_of_a_container_of_ours(void **state)
{
    struct strmap container = STRMAP_INIT, image = STRMAP_INIT, labels = STRMAP_INIT;

    strmap_set(&container, LABEL_MANAGED, "true");
    strmap_set(&container, LABEL_NAME, "exp");
    strmap_set(&container, LABEL_JOB, "true");
    strmap_set(&container, LABEL_FRAMEWORK, "Pytorch-2.5.1");
    strmap_set(&container, LABEL_COMMITTED_FROM, "sha256:1");
    strmap_set(&container, LABEL_USER_ID, "7");
    strmap_set(&container, "vendor", "x");
    strmap_set(&image, "vendor", "x");
    strmap_set(&image, LABEL_COMMITTED_FROM, "sha256:1");
    strmap_set(&image, LABEL_USER_ID, "7");
    saved_image_labels(&saved, &container, &image, &labels);
    assert_label(&labels, LABEL_HAS_USER_SETUP, "true");
    assert_label(&labels, LABEL_USER_ID, "1722830498");
    assert_label(&labels, LABEL_GROUP_ID, "100");
    assert_label(&labels, LABEL_USERNAME, "doe");
    assert_label(&labels, LABEL_PROJECT, "proj");
    assert_label(&labels, LABEL_DS01_FRAMEWORK, "Pytorch-2.5.1");
    assert_label(&labels, LABEL_MAINTAINER, "doe;j@x");
    assert_label(&labels, LABEL_SAVED_FROM, "exp");
    assert_label(&labels, LABEL_NAME, "");
    assert_label(&labels, LABEL_JOB, "");
    assert_label(&labels, LABEL_COMMITTED_FROM, "");
    assert_label(&labels, LABEL_TEMPORARY, NULL);
    assert_label(&labels, "vendor", "x");
    strmap_release(&container);
    strmap_release(&image);
    strmap_release(&labels);
}

static void test_a_container_of_other_tools_has_no_user_of_ours(void **state)
{
    struct strmap container = STRMAP_INIT, image = STRMAP_INIT, labels = STRMAP_INIT;

    strmap_set(&container, LABEL_USER, "doe");
    saved_image_labels(&saved, &container, &image, &labels);
    assert_label(&labels, LABEL_HAS_USER_SETUP, "");
    assert_label(&labels, LABEL_USER, "");
    assert_label(&labels, LABEL_DS01_FRAMEWORK, "custom");
    strmap_release(&container);
    strmap_release(&labels);
}

static void test_what_was_given_with_e_stays_out(void **state)
{
    struct strv container = STRV_INIT, image = STRV_INIT, variables = STRV_INIT;

    strv_push_words(&container,
        "HOME=/home/doe USER=doe PATH=/home/doe/.local/bin:/bin CUDA=12 TOKEN=secret "
        "NVIDIA_VISIBLE_DEVICES=void PIP_BREAK_SYSTEM_PACKAGES=1 BARE");
    strv_push_words(&image, "HOME=/home/other PATH=/bin CUDA=12 NVIDIA_VISIBLE_DEVICES=all");
    saved_image_environment(&saved, &container, &image, &variables);
    _cleanup_free_ char *joined = strv_join(&variables, " ");
    assert_string_equal(joined,
        "HOME=/home/doe USER=doe PATH=/home/doe/.local/bin:/bin CUDA=12 TOKEN= "
        "NVIDIA_VISIBLE_DEVICES=all PIP_BREAK_SYSTEM_PACKAGES=1 BARE=");
    strv_release(&container);
    strv_release(&image);
    strv_release(&variables);
}

static void test_a_home_left_to_passwd_is_said_by_the_image(void **state)
{
    struct strv container = STRV_INIT, image = STRV_INIT, variables = STRV_INIT;

    strv_push_words(&container, "HOME USER=doe");
    strv_push_words(&image, "HOME=/root");
    saved_image_environment(&saved, &container, &image, &variables);
    _cleanup_free_ char *joined = strv_join(&variables, " ");
    assert_string_equal(joined, "HOME=/home/doe USER=doe");
    strv_release(&container);
    strv_release(&image);
    strv_release(&variables);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_home_left_to_passwd_is_said_by_the_image),
        cmocka_unit_test(test_labels_of_a_container_of_ours),
        cmocka_unit_test(test_a_container_of_other_tools_has_no_user_of_ours),
        cmocka_unit_test(test_what_was_given_with_e_stays_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
