#include "check.h"

#include "model/label.h"

static void test_values(void **state)
{
    assert_true(label_value_ok(""));
    assert_true(label_value_ok("h.baker@hertie-school.lan"));
    assert_true(label_value_ok("a b;c=d"));
    assert_false(label_value_ok("a,b"));
    assert_false(label_value_ok("a\nb"));
    assert_false(label_value_ok("\033[1m"));
}

static void fill(struct strmap *labels, const char *setup, const char *uid, const char *gid)
{
    strmap_release(labels);
    strmap_set(labels, "aime.mlc.DS01_HAS_USER_SETUP", setup);
    strmap_set(labels, "aime.mlc.DS01_USER_ID", uid);
    strmap_set(labels, "aime.mlc.DS01_GROUP_ID", gid);
}

static void test_ownership(void **state)
{
    _cleanup_(strmap_release) struct strmap labels = STRMAP_INIT;
    struct image_ownership owner;

    fill(&labels, "true", "1722830498", "100");
    strmap_set(&labels, "aime.mlc.DS01_USERNAME", "h-baker");
    strmap_set(&labels, "aime.mlc.DS01_PROJECT", "p");
    strmap_set(&labels, "aime.mlc.DS01_FRAMEWORK", "Pytorch-2.6.0");
    strmap_set(&labels, "aime.mlc.DS01_MANAGED", "true");
    image_ownership_from_labels(&labels, &owner);
    assert_true(owner.has_user_setup);
    assert_int_equal(owner.uid, 1722830498);
    assert_int_equal(owner.gid, 100);
    assert_string_equal(owner.username, "h-baker");
    assert_string_equal(owner.project, "p");
    assert_string_equal(owner.framework, "Pytorch-2.6.0");
    assert_true(owner.managed);
}

static void test_no_labels(void **state)
{
    struct strmap labels = STRMAP_INIT;
    struct image_ownership owner;

    image_ownership_from_labels(&labels, &owner);
    assert_false(owner.has_user_setup);
    assert_false(owner.managed);
    assert_null(owner.username);
    assert_null(owner.project);
    assert_null(owner.framework);
}

static void test_later_keys(void **state)
{
    _cleanup_(strmap_release) struct strmap labels = STRMAP_INIT;
    struct image_ownership owner;

    strmap_set(&labels, "ds01.has_user_setup", "true");
    strmap_set(&labels, "ds01.user_id", "0");
    strmap_set(&labels, "ds01.group_id", "4294967294");
    strmap_set(&labels, "ds01.username", "h_baker");
    strmap_set(&labels, "ds01.project", "q");
    strmap_set(&labels, "ds01.framework", "jax");
    strmap_set(&labels, "ds01.managed", "true");
    image_ownership_from_labels(&labels, &owner);
    assert_true(owner.has_user_setup);
    assert_int_equal(owner.uid, 0);
    assert_true(owner.gid == 4294967294);
    assert_string_equal(owner.username, "h_baker");
    assert_string_equal(owner.project, "q");
    assert_string_equal(owner.framework, "jax");
    assert_true(owner.managed);
    /* The document's key comes first. */
    strmap_set(&labels, "aime.mlc.DS01_USER_ID", "7");
    image_ownership_from_labels(&labels, &owner);
    assert_int_equal(owner.uid, 7);
}

static void test_ids_are_strict(void **state)
{
    static const char *const wrong[] = {"", "-1", "+1", " 1", "1 ", "01", "0x1", "1a", "4294967295",
        "4294967296", "99999999999999999999999999"};
    _cleanup_(strmap_release) struct strmap labels = STRMAP_INIT;
    struct image_ownership owner;

    for (size_t i = 0; i < ELEMENTS(wrong); i++) {
        fill(&labels, "true", wrong[i], "1");
        image_ownership_from_labels(&labels, &owner);
        assert_false(owner.has_user_setup);
        fill(&labels, "true", "1", wrong[i]);
        image_ownership_from_labels(&labels, &owner);
        assert_false(owner.has_user_setup);
    }
    fill(&labels, "True", "1", "1");
    image_ownership_from_labels(&labels, &owner);
    assert_false(owner.has_user_setup);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_ownership),
        cmocka_unit_test(test_no_labels),
        cmocka_unit_test(test_later_keys),
        cmocka_unit_test(test_ids_are_strict),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
