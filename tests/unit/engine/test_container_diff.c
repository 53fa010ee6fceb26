/* What differs between a container and its image, as the engine tells it. */
#include "check.h"

#include "engine/container_diff.h"
#include "scene.h"

static void test_diff(void **state)
{
    static const struct fake_reply replies[] = {
        {.status = "200 OK",
            .body = "[{\"Path\":\"/etc\",\"Kind\":0},{\"Path\":\"/etc/a\",\"Kind\":1},"
                    "{\"Path\":\"/etc/b\",\"Kind\":2}]"},
        {.status = "200 OK", .body = "null"},
    };
    struct container_diff diff = {0};
    struct scene scene;

    scene_open(&scene, replies, ELEMENTS(replies));
    assert_int_equal(engine_container_diff(scene.engine, "c", &diff, &scene.err), 0);
    assert_non_null(strstr(fake_engine_request(scene.fake, 0), "GET /v1.41/containers/c/changes "));
    assert_string_equal(diff.modified.items[0], "/etc");
    assert_string_equal(diff.added.items[0], "/etc/a");
    assert_string_equal(diff.removed.items[0], "/etc/b");
    container_diff_release(&diff);
    diff = (struct container_diff){0};
    assert_int_equal(engine_container_diff(scene.engine, "c", &diff, &scene.err), 0);
    assert_int_equal(diff.modified.count + diff.added.count + diff.removed.count, 0);
    scene_close(&scene);
}

static void test_nonsense(void **state)
{
    static const char *const bodies[] = {
        "{}",
        "[{\"Path\":\"/a\",\"Kind\":3}]",
        "[{\"Path\":\"/a\",\"Kind\":-1}]",
        "[{\"Path\":\"a\",\"Kind\":1}]",
        "[{\"Kind\":1}]",
        "[7]",
        "",
    };

    for (size_t i = 0; i < ELEMENTS(bodies); i++) {
        const struct fake_reply reply = {.status = "200 OK", .body = bodies[i]};
        struct container_diff diff = {0};
        struct scene scene;
        scene_open(&scene, &reply, 1);
        assert_int_equal(engine_container_diff(scene.engine, "c", &diff, &scene.err), -1);
        assert_int_equal(scene.err.code, ERROR_ENGINE);
        assert_null(diff.added.items);
        scene_close(&scene);
    }
}

static void test_size(void **state)
{
    static const struct fake_reply reply = {
        .status = "200 OK", .body = "{\"SizeRw\":4294967296,\"SizeRootFs\":1}"};
    struct scene scene;
    int64_t bytes = 0;

    scene_open(&scene, &reply, 1);
    assert_int_equal(engine_container_size(scene.engine, "c", &bytes, &scene.err), 0);
    assert_true(bytes == (int64_t)1 << 32);
    assert_non_null(strstr(fake_engine_request(scene.fake, 0), "/containers/c/json?size=1 "));
    scene_close(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_diff),
        cmocka_unit_test(test_nonsense),
        cmocka_unit_test(test_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
