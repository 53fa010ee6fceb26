/* Images: decoded answers, requests sent, and pulls that fail. */
#include "check.h"

#include "engine/image.h"
#include "scene.h"

static void test_inspect(void **state)
{
    static const struct fake_reply replies[] = {
        {.status = "200 OK",
            .body = "{\"Id\":\"sha256:ab\",\"RepoTags\":[\"a:1\",\"b:2\"],\"Created\":\"2024-01-"
                    "02T03:04:"
                    "05Z\","
                    "\"Size\":123456789012,\"Config\":{\"User\":\"1:2\",\"Env\":[\"A=b\"],"
                    "\"Volumes\":{\"/v\":{}},"
                    "\"Labels\":{\"k\":\"v\"}},\"RootFS\":{\"Type\":\"layers\",\"Layers\":["
                    "\"sha256:1\"]}"
                    "}",
            .hang_up = true},
        {.status = "200 OK",
            .body = "{\"Id\":\"sha256:ab\",\"RepoTags\":null,\"Config\":null}",
            .hang_up = true},
    };
    struct image image = {0};
    struct scene scene;

    scene_open(&scene, replies, ELEMENTS(replies));
    assert_int_equal(engine_image_inspect(scene.engine, "a b:1", &image, &scene.err), 0);
    assert_contains(fake_engine_request(scene.fake, 0), "GET /v1.41/images/a%20b:1/json ");
    assert_string_equal(image.id, "sha256:ab");
    assert_int_equal(image.tags.count, 2);
    assert_string_equal(strmap_get(&image.labels, "k"), "v");
    assert_string_equal(image.environment.items[0], "A=b");
    assert_string_equal(image.layers.items[0], "sha256:1");
    assert_int_equal(image.volumes.count, 1);
    assert_string_equal(image.volumes.items[0], "/v");
    assert_string_equal(image.user, "1:2");
    assert_true(image.size == 123456789012);
    assert_int_equal(image.shared, -1);
    image_release(&image);
    assert_int_equal(engine_image_inspect(scene.engine, "a", &image, &scene.err), 0);
    assert_int_equal(image.tags.count, 0);
    assert_null(image.user);
    image_release(&image);
    scene_close(&scene);
}

static void test_inspect_garbled(void **state)
{
    static const char *const cases[] = {
        "{}",
        "{\"Id\":7}",
        "null",
        "[]",
        "{\"Id\":\"x\",\"RepoTags\":[1]}",
        "{\"Id\":\"x\",\"Config\":{\"Labels\":{\"a\":{}}}}",
    };

    for (size_t i = 0; i < ELEMENTS(cases); i++) {
        const struct fake_reply reply = {.status = "200 OK", .body = cases[i]};
        struct image image = {.size = 42};
        struct scene scene;
        scene_open(&scene, &reply, 1);
        assert_int_equal(engine_image_inspect(scene.engine, "a", &image, &scene.err), -1);
        assert_int_equal(scene.err.code, ERROR_ENGINE);
        assert_int_equal(image.size, 42);
        assert_null(image.id);
        scene_close(&scene);
    }
}

static void test_list(void **state)
{
    static const struct fake_reply replies[] = {
        {.status = "200 OK", .body = "[]"},
        {.status = "200 OK",
            .body = "[{\"Id\":\"sha256:1\",\"RepoTags\":[\"<none>:<none>\"],\"Labels\":null,"
                    "\"Created\":5,"
                    "\"Size\":6,\"SharedSize\":-1},{\"Id\":\"sha256:2\",\"RepoTags\":"
                    "[\"docker.io/library/a:1\",\"docker.io/b/c:2\",\"localhost/d:3\"],"
                    "\"Labels\":{\"a\":\"b\"}}]",
            .hang_up = true},
        {.status = "200 OK", .body = "[{\"Id\":\"sha256:1\"},7]", .hang_up = true},
    };
    struct image_list list = {0};
    struct scene scene;

    scene_open(&scene, replies, ELEMENTS(replies));
    assert_int_equal(engine_image_list(scene.engine, NULL, false, &list, &scene.err), 0);
    assert_int_equal(list.count, 0);
    image_list_release(&list);
    assert_int_equal(engine_image_list(scene.engine, NULL, true, &list, &scene.err), 0);
    assert_null(strstr(fake_engine_request(scene.fake, 1), "shared-size"));
    assert_int_equal(list.count, 2);
    assert_int_equal(list.images[0].tags.count, 0);
    assert_int_equal(list.images[0].created_unix, 5);
    assert_string_equal(strmap_get(&list.images[1].labels, "a"), "b");
    assert_string_equal(list.images[1].tags.items[0], "a:1");
    assert_string_equal(list.images[1].tags.items[1], "b/c:2");
    assert_string_equal(list.images[1].tags.items[2], "localhost/d:3");
    image_list_release(&list);
    assert_int_equal(engine_image_list(scene.engine, NULL, false, &list, &scene.err), -1);
    assert_int_equal(scene.err.code, ERROR_ENGINE);
    assert_int_equal(list.count, 0);
    scene_close(&scene);
}

static void check_list_fails(
    struct scene *scene, enum error_code code, const char *message, const char *hint)
{
    struct image_list list = {0};

    assert_int_equal(engine_image_list(scene->engine, NULL, false, &list, &scene->err), -1);
    assert_int_equal(scene->err.code, code);
    assert_non_null(strstr(scene->err.message, message));
    assert_non_null(strstr(scene->err.hint, hint));
    assert_null(list.images);
    error_release(&scene->err);
}

/* Nothing of a list that is garbled, at its beginning or its end, is believed. */
static void test_list_garbled(void **state)
{
    static const struct {
        struct fake_reply reply;
        const char *reason;
    } cases[] = {
        {{.status = "200 OK", .body = "<html>"}, "no JSON array of objects"},
        {{.status = "200 OK", .body = "{\"Id\":\"sha256:1\"}"}, "no JSON array of objects"},
        {{.status = "200 OK", .body = "[{\"Id\":\"sha256:1\"}"}, "ends in the middle of the list"},
        {{.status = "200 OK", .body = "[{\"Id\":\"sha256:1\"}] x"}, "no JSON array of objects"},
        {{.status = "200 OK", .body = "[{\"Id\":\"sha256:1\"},{}]"}, "the field Id is missing"},
        {{.status = "200 OK", .body = "[{\"Id\":\"sha256:1\",\"Labels\":{\"a\":\"\xff\"}}]"},
            "the field Labels is not valid UTF-8"},
    };

    for (size_t i = 0; i < ELEMENTS(cases); i++) {
        const struct fake_reply replies[] = {cases[i].reply, {.status = "200 OK", .body = "[]"}};
        struct image_list list = {0};
        struct scene scene;
        scene_open(&scene, replies, ELEMENTS(replies));
        check_list_fails(&scene, ERROR_ENGINE, cases[i].reason, "DOCKER_HOST");
        /* The connection is as good as before. */
        assert_int_equal(engine_image_list(scene.engine, NULL, false, &list, &scene.err), 0);
        assert_int_equal(fake_engine_connections(scene.fake), 1);
        scene_close(&scene);
    }
}

/* That the engine is too old, or the connection broke off, says more than what came of the list. */
static void test_list_of_old_engine(void **state)
{
    static const struct fake_reply old = {.bytes = "HTTP/1.1 200 OK\r\nApi-Version: 1.24\r\n"
                                                   "Content-Length: 2\r\n\r\n{}"};
    struct scene scene;

    scene_open(&scene, &old, 1);
    check_list_fails(&scene, ERROR_ENGINE, "is too old", "Docker 20.10");
    scene_close(&scene);
}

static void test_list_broken_off(void **state)
{
    static const struct fake_reply cut = {
        .bytes = "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 99\r\n\r\n"
                 "[{\"Id\":\"sha256:1\"},{}",
        .hang_up = true};
    struct scene scene;

    scene_open(&scene, &cut, 1);
    check_list_fails(&scene, ERROR_ENGINE, "closed the connection", "");
    scene_close(&scene);
}

/* One image with much to say does not take the list from everybody. */
static void test_list_bounds(void **state)
{
    _cleanup_(strbuf_release) struct strbuf body = STRBUF_INIT(4 << 20);
    struct image_list list = {0};
    struct scene scene;

    strbuf_adds(&body, "[{\"Id\":\"sha256:1\",\"Labels\":{\"a\":\"");
    for (int i = 0; i < 2 << 20; i++)
        strbuf_addc(&body, 'x');
    strbuf_adds(&body, "\"}}]");
    const struct fake_reply replies[] = {
        {.status = "200 OK", .body = body.text},
        {.status = "200 OK", .body = body.text, .hang_up = true},
    };
    scene_open(&scene, replies, ELEMENTS(replies));
    assert_int_equal(engine_image_list(scene.engine, NULL, false, &list, &scene.err), 0);
    assert_int_equal(strlen(strmap_get(&list.images[0].labels, "a")), 2 << 20);
    image_list_release(&list);
    scene.engine->list_max = 1 << 20;
    assert_int_equal(engine_image_list(scene.engine, NULL, false, &list, &scene.err), -1);
    assert_int_equal(scene.err.code, ERROR_ENGINE);
    assert_non_null(strstr(scene.err.message, "sent a list of more than 1048576 bytes"));
    assert_null(list.images);
    scene_close(&scene);
}

/* A list that is refused says why, in the engine's words. */
static void test_list_refused(void **state)
{
    static const struct fake_reply reply = {
        .status = "500 Internal Server Error", .body = "{\"message\":\"no luck\"}"};
    struct image_list list = {0};
    struct scene scene;

    scene_open(&scene, &reply, 1);
    assert_int_equal(engine_image_list(scene.engine, NULL, false, &list, &scene.err), -1);
    assert_int_equal(scene.err.code, ERROR_FAILED);
    assert_string_equal(scene.err.message, "no luck");
    scene_close(&scene);
}

static void test_history(void **state)
{
    static const struct fake_reply replies[] = {
        {.status = "200 OK",
            .body = "[{\"CreatedBy\":\"RUN "
                    "a\",\"Size\":7},{\"CreatedBy\":null},{\"CreatedBy\":\"FROM\","
                    "\"Size\":9}]"},
        {.status = "200 OK", .body = "[{\"CreatedBy\":\"RUN a\"},{\"CreatedBy\":8}]"},
    };
    struct image_history history = {0};
    struct scene scene;

    scene_open(&scene, replies, ELEMENTS(replies));
    assert_int_equal(engine_image_history(scene.engine, "a", &history, &scene.err), 0);
    assert_int_equal(history.steps.count, 3);
    assert_string_equal(history.steps.items[0], "RUN a");
    assert_string_equal(history.steps.items[1], "");
    assert_int_equal(history.sizes[0], 7);
    assert_int_equal(history.sizes[1], 0);
    assert_int_equal(history.sizes[2], 9);
    image_history_release(&history);
    assert_int_equal(engine_image_history(scene.engine, "a", &history, &scene.err), -1);
    assert_non_null(strstr(scene.err.message, "the field CreatedBy is not a string"));
    assert_null(history.sizes);
    scene_close(&scene);
}

/* What engines before API 1.42 share is in what their disk's usage says. */
static void test_shared_of_usage(void **state)
{
    static const struct fake_reply replies[] = {
        {.status = "200 OK",
            .body = "{\"Images\":[{\"Id\":\"b\",\"SharedSize\":5},{\"Id\":\"a\"}]}"},
        {.status = "200 OK", .body = "{}"},
        {.status = "200 OK", .body = "{\"Images\":7}"},
        {.status = "200 OK", .body = "{\"Images\":[{}]}"},
    };
    struct image images[] = {{.id = (char *)"a", .shared = -1}, {.id = (char *)"b", .shared = -1}};
    struct image_list list = {images, ELEMENTS(images)};
    struct scene scene;

    scene_open(&scene, replies, ELEMENTS(replies));
    assert_int_equal(engine_image_list_fill_shared(scene.engine, &list, &scene.err), 0);
    assert_int_equal(images[0].shared, -1);
    assert_int_equal(images[1].shared, 5);
    assert_int_equal(engine_image_list_fill_shared(scene.engine, &list, &scene.err), 0);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(engine_image_list_fill_shared(scene.engine, &list, &scene.err), -1);
        assert_non_null(strstr(scene.err.message, "garbled"));
        error_release(&scene.err);
    }
    assert_int_equal(images[1].shared, 5);
    scene_close(&scene);
}

static void test_usage_of_a_busy_engine(void **state)
{
    static const char busy[] = "{\"message\":\"a disk usage operation is already running\"}";
    static const struct fake_reply replies[] = {
        {.status = "500 Internal Server Error", .body = busy},
        {.status = "500 Internal Server Error", .body = busy},
        {.status = "200 OK", .body = "{\"Images\":[{\"Id\":\"a\",\"SharedSize\":5}]}"},
        {.status = "500 Internal Server Error", .body = "{\"message\":\"another\"}"},
    };
    struct image image = {.id = (char *)"a", .shared = -1};
    struct image_list list = {&image, 1};
    struct scene scene;

    scene_open(&scene, replies, ELEMENTS(replies));
    assert_int_equal(engine_image_list_fill_shared(scene.engine, &list, &scene.err), 0);
    assert_int_equal(image.shared, 5);
    assert_int_equal(engine_image_list_fill_shared(scene.engine, &list, &scene.err), -1);
    assert_string_equal(scene.err.message, "another");
    scene_close(&scene);
}

/* Whether the engine can tell unique bytes is asked first. */
static void test_list_shared(void **state)
{
    static const struct fake_reply replies[] = {
        {.bytes = "HTTP/1.1 200 OK\r\nApi-Version: 1.44\r\nContent-Length: 2\r\n\r\nOK"},
        {.status = "200 OK", .body = "[{\"Id\":\"sha256:1\",\"SharedSize\":9}]", .hang_up = true},
    };
    struct image_list list = {0};
    struct scene scene;

    scene_open(&scene, replies, ELEMENTS(replies));
    assert_int_equal(engine_image_list(scene.engine, NULL, true, &list, &scene.err), 0);
    assert_contains(fake_engine_request(scene.fake, 1), "&shared-size=1 ");
    assert_int_equal(list.images[0].shared, 9);
    image_list_release(&list);
    scene_close(&scene);
}

static void test_tag_and_remove(void **state)
{
    static const struct fake_reply replies[] = {
        {.status = "201 Created", .body = ""},
        {.status = "201 Created", .body = ""},
        {.status = "200 OK", .body = "[]"},
        {.status = "409 Conflict", .body = "{\"message\":\"in use\"}"},
    };
    struct scene scene;

    scene_open(&scene, replies, ELEMENTS(replies));
    assert_int_equal(
        engine_image_tag(scene.engine, "sha256:1", "localhost:5000/a/b", &scene.err), 0);
    assert_contains(fake_engine_request(scene.fake, 0),
        "POST /v1.41/images/sha256:1/tag?repo=localhost:5000/a/b&tag=latest ");
    assert_int_equal(engine_image_tag(scene.engine, "x", "a:x._.1", &scene.err), 0);
    assert_contains(fake_engine_request(scene.fake, 1), "/tag?repo=a&tag=x._.1 ");
    assert_int_equal(engine_image_remove(scene.engine, "a:1", true, &scene.err), 0);
    assert_contains(fake_engine_request(scene.fake, 2), "DELETE /v1.41/images/a:1?noprune=1 ");
    assert_int_equal(engine_image_remove(scene.engine, "a:1", false, &scene.err), -1);
    assert_contains(fake_engine_request(scene.fake, 3), "DELETE /v1.41/images/a:1 ");
    assert_int_equal(scene.err.code, ERROR_REFUSED);
    scene_close(&scene);
}

/* Removed by two at once, one of them is told so in a way of the engine's own. */
static void test_remove_at_once(void **state)
{
    static const struct fake_reply replies[] = {
        {.status = "500 Oh", .body = "{\"message\":\"unrecognized image ID sha256:1\"}"},
        {.status = "404 Not Found", .body = "{\"message\":\"No such image: sha256:1\"}"},
        {.status = "500 Oh", .body = "{\"message\":\"disk is gone\"}"},
        {.status = "200 OK", .body = "{\"Id\":\"sha256:1\"}"},
    };
    struct scene scene;

    scene_open(&scene, replies, ELEMENTS(replies));
    assert_int_equal(engine_image_remove(scene.engine, "sha256:1", false, &scene.err), -1);
    assert_int_equal(scene.err.code, ERROR_NOT_FOUND);
    assert_int_equal(engine_image_remove(scene.engine, "sha256:1", false, &scene.err), -1);
    assert_int_equal(scene.err.code, ERROR_FAILED);
    assert_contains(scene.err.message, "disk is gone");
    scene_close(&scene);
}

static void note_progress(void *context, const struct pull_progress *progress)
{
    strbuf_addf(context, "%s/%s/%lld/%lld;", progress->layer, progress->status,
        (long long)progress->current, (long long)progress->total);
}

static void test_pull(void **state)
{
    static const char lines[] =
        "{\"status\":\"Pulling from a\",\"id\":\"1\"}\r\n"
        "{\"status\":\"Lädt\\u001b[0m…\",\"progressDetail\":{\"current\":5,\"total\":9},\"id\":"
        "\"ab\"}\r\n"
        "{\"status\":\"Pull complete\",\"progressDetail\":{},\"id\":\"ab\"}\r\n"
        "{\"status\":\"Status: done\"}\r\n";

    for (size_t piece = 0; piece < 4; piece++) {
        const struct fake_reply reply = {.status = "200 OK", .body = lines, .piece = piece};
        struct strbuf seen = STRBUF_INIT(1000);
        struct scene scene;
        scene_open(&scene, &reply, 1);
        assert_int_equal(
            engine_image_pull(scene.engine, "r:5/a", "YXV0aA==", note_progress, &seen, &scene.err),
            0);
        assert_string_equal(strbuf_text(&seen),
            "/Pulling from a/-1/-1;ab/Lädt [0m…/5/9;ab/Pull complete/-1/-1;/Status: done/-1/-1;");
        assert_contains(fake_engine_request(scene.fake, 0),
            "POST /v1.41/images/create?fromImage=r:5/a&tag=latest ");
        assert_contains(fake_engine_request(scene.fake, 0), "X-Registry-Auth: YXV0aA==\r\n");
        strbuf_release(&seen);
        scene_close(&scene);
    }
}

static void test_pull_failures(void **state)
{
    static const struct {
        const char *status; /* NULL: all of the answer is in body */
        const char *body;
        enum error_code code;
        const char *message;
        const char *hint;
    } cases[] = {
        {"200 OK", "{\"errorDetail\":{\"message\":\"manifest unknown\"},\"error\":\"x\"}",
            ERROR_FAILED, "manifest unknown", NULL},
        {"404 Not Found", "{\"message\":\"pull access denied for a/b, repository does not exist\"}",
            ERROR_NOT_FOUND, "pull access denied", NULL},
        {"500 Oh", "{\"message\":\"dial tcp: lookup r.io: no such host\"}", ERROR_FAILED,
            "no such host", NULL},
        {"200 OK", "{\"error\":\"unauthorized: authentication required\"}", ERROR_FAILED,
            "unauthorized", NULL},
        {"200 OK", "{\"error\":7}", ERROR_ENGINE, "garbled", NULL},
        {"200 OK", "{\"status\":\"x\"} garbage", ERROR_ENGINE, "garbled", NULL},
        {"200 OK", "{\"status\":\"x\"} {\"stat", ERROR_ENGINE, "middle", NULL},
        {NULL,
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n14\r\n{\"status\":\"Pulling\"}",
            ERROR_ENGINE, "closed the connection", "try again"},
    };

    for (size_t i = 0; i < ELEMENTS(cases); i++) {
        const struct fake_reply reply = {.status = cases[i].status,
            .body = cases[i].body,
            .bytes = cases[i].body,
            .hang_up = true};
        struct scene scene;
        scene_open(&scene, &reply, 1);
        assert_int_equal(
            engine_image_pull(scene.engine, "a/b:1", NULL, NULL, NULL, &scene.err), -1);
        assert_int_equal(scene.err.code, cases[i].code);
        assert_contains(scene.err.message, cases[i].message);
        if (cases[i].hint)
            assert_contains(scene.err.hint, cases[i].hint);
        scene_close(&scene);
    }
}

static void test_pull_references(void **state)
{
    static const char *const cases[][2] = {
        {"debian", "fromImage=debian&tag=latest "},
        {"debian:12", "fromImage=debian&tag=12 "},
        {"localhost:5000/x", "fromImage=localhost:5000/x&tag=latest "},
        {"x@sha256:ab", "fromImage=x&tag=sha256:ab "},
        {"h:5/x:1@sha256:ab", "fromImage=h:5/x:1&tag=sha256:ab "},
    };

    for (size_t i = 0; i < ELEMENTS(cases); i++) {
        const struct fake_reply reply = {.status = "200 OK", .body = ""};
        struct scene scene;
        scene_open(&scene, &reply, 1);
        assert_int_equal(
            engine_image_pull(scene.engine, cases[i][0], NULL, NULL, NULL, &scene.err), 0);
        assert_contains(fake_engine_request(scene.fake, 0), cases[i][1]);
        scene_close(&scene);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_inspect),
        cmocka_unit_test(test_inspect_garbled),
        cmocka_unit_test(test_list),
        cmocka_unit_test(test_list_garbled),
        cmocka_unit_test(test_list_of_old_engine),
        cmocka_unit_test(test_list_broken_off),
        cmocka_unit_test(test_list_bounds),
        cmocka_unit_test(test_history),
        cmocka_unit_test(test_shared_of_usage),
        cmocka_unit_test(test_list_refused),
        cmocka_unit_test(test_usage_of_a_busy_engine),
        cmocka_unit_test(test_list_shared),
        cmocka_unit_test(test_tag_and_remove),
        cmocka_unit_test(test_remove_at_once),
        cmocka_unit_test(test_pull),
        cmocka_unit_test(test_pull_failures),
        cmocka_unit_test(test_pull_references),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
