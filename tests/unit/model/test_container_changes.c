#include "check.h"

#include "model/container_changes.h"

static void add(struct container_changes *changes, enum changed_by by, const char *name,
    const char *before, const char *after, bool asked_for, const char *source)
{
    container_changes_add(changes, (struct changed_package){.by = by,
                                       .name = xstrdup(name),
                                       .before = xstrdup(before),
                                       .after = xstrdup(after),
                                       .in_image = before != NULL,
                                       .asked_for = asked_for,
                                       .source = xstrdup(source),
                                       .local = source && source[0] == '/'});
}

static char *offer_of(const struct container_changes *changes)
{
    _cleanup_(changes_offer_release) struct changes_offer offer = {0};

    container_changes_offer(changes, &offer);
    return changes_offer_command(&offer, "proj");
}

static void test_the_offer_is_ready_to_run(void **state)
{
    struct container_changes changes = {0};

    add(&changes, CHANGED_BY_PIP, "torch", "2.4", "2.5.1+cu124", true, NULL);
    add(&changes, CHANGED_BY_PIP, "dependency", NULL, "1", false, NULL);
    add(&changes, CHANGED_BY_PIP, "same", "1", "1", true, NULL);
    add(&changes, CHANGED_BY_PIP, "mine", NULL, "0.1", true, "git+https://x.example/m.git@ab");
    add(&changes, CHANGED_BY_APT, "jq", NULL, "1.6-2", true, NULL);
    add(&changes, CHANGED_BY_APT, "libjq1", NULL, "1.6-2", false, NULL);
    container_changes_sort(&changes);
    assert_int_equal(changes.count, 5);
    assert_string_equal(changes.packages[0].name, "dependency");
    assert_false(container_changes_empty(&changes));
    assert_false(container_changes_exceed_offer(&changes));
    _cleanup_free_ char *command = offer_of(&changes);
    assert_string_equal(command, "image-update proj --add 'mine @ git+https://x.example/m.git@ab' "
                                 "--add torch==2.5.1 --add-system jq");
    container_changes_release(&changes);
}

/* Two Pythons of one container may have two versions; one command takes only one. */
static void test_one_version_of_a_package(void **state)
{
    struct container_changes changes = {0};

    add(&changes, CHANGED_BY_PIP, "rich", NULL, "13", true, NULL);
    assert_false(container_changes_exceed_offer(&changes));
    add(&changes, CHANGED_BY_PIP, "rich", NULL, "14", true, NULL);
    _cleanup_free_ char *command = offer_of(&changes);
    assert_string_equal(command, "image-update proj --add rich==13");
    assert_true(container_changes_exceed_offer(&changes));
    container_changes_release(&changes);
}

static void check_alone(
    enum changed_by by, const char *name, const char *before, const char *after, const char *source)
{
    struct container_changes changes = {0};

    add(&changes, by, name, before, after, true, source);
    _cleanup_free_ char *command = offer_of(&changes);
    assert_null(command);
    assert_true(container_changes_exceed_offer(&changes));
    container_changes_release(&changes);
}

static void test_what_no_command_brings(void **state)
{
    check_alone(CHANGED_BY_PIP, "mine", NULL, "1", "/workspace/mine");
    check_alone(CHANGED_BY_PIP, "gone", "1", NULL, NULL);
    check_alone(CHANGED_BY_CONDA, "mkl", NULL, "1", NULL);
    check_alone(CHANGED_BY_PIP, "x'; rm -rf", NULL, "1", NULL);
    check_alone(CHANGED_BY_PIP, "x", NULL, "1 --index-url=http://evil", NULL);
    check_alone(CHANGED_BY_APT, "-o", NULL, "1", NULL);
    check_alone(CHANGED_BY_PIP, "x", NULL, "1", "https://x.example/\nRUN evil");
}

static void test_what_is_left_out_of_the_offer_is_said(void **state)
{
    struct container_changes changes = {0};

    add(&changes, CHANGED_BY_PIP, "torch", NULL, "2.5", true, NULL);
    assert_null(changes_left_out_text(&changes, "proj"));
    add(&changes, CHANGED_BY_PIP, "linked", NULL, "1", true, "/workspace/linked");
    changes.packages[1].editable = true;
    _cleanup_free_ char *linked = changes_left_out_text(&changes, "proj");
    assert_string_equal(linked, "No image-update --add brings linked into the image; --save does.");
    add(&changes, CHANGED_BY_PIP, "mine", NULL, "1", true, "/workspace/mine-1.whl");
    add(&changes, CHANGED_BY_PIP, "dependency", NULL, "1", false, "/workspace/d.whl");
    _cleanup_free_ char *both = changes_left_out_text(&changes, "proj");
    assert_string_equal(both,
        "No image-update --add brings linked, mine into the image; --save does, and so "
        "does a requirements file that names the wheel: image-update proj -r "
        "FILE");
    _cleanup_free_ char *alone = changes_left_out_text(&changes, NULL);
    assert_string_equal(
        alone, "No image-update --add brings linked, mine into the image; --save does.");
    container_changes_release(&changes);
}

static void test_a_volume_is_noted_where_it_holds_something(void **state)
{
    struct container_changes changes = {.temporary = 1};
    struct strv volumes = STRV_INIT;

    strv_push_words(&volumes, "/data /cache /gone");
    strv_push(&changes.files.paths[FILE_ADDED], "/data/own");
    strv_push(&changes.files.paths[FILE_ADDED], "/cached");
    strv_push(&changes.files.paths[FILE_REMOVED], "/gone/seed");
    container_changes_note_volumes(&changes, &volumes);
    assert_int_equal(changes.volumes.count, 1);
    assert_string_equal(changes.volumes.items[0], "/data");
    _cleanup_free_ char *temporary = container_changes_temporary_text(&changes);
    assert_string_equal(temporary, "1 file below /tmp and /var/tmp");
    strv_release(&volumes);
    container_changes_release(&changes);
}

static void test_files_alone(void **state)
{
    struct container_changes changes = {0};

    assert_true(container_changes_empty(&changes));
    assert_false(container_changes_exceed_offer(&changes));
    strv_push(&changes.files.paths[FILE_REMOVED], "/etc/issue");
    assert_false(container_changes_empty(&changes));
    assert_true(container_changes_exceed_offer(&changes));
    container_changes_release(&changes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_offer_is_ready_to_run),
        cmocka_unit_test(test_one_version_of_a_package),
        cmocka_unit_test(test_what_no_command_brings),
        cmocka_unit_test(test_files_alone),
        cmocka_unit_test(test_what_is_left_out_of_the_offer_is_said),
        cmocka_unit_test(test_a_volume_is_noted_where_it_holds_something),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
