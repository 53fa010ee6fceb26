/* Where an engine is, what it speaks, and what its refusals become. */
#include "check.h"

#include "base/json.h"
#include "engine/engine.h"
#include "scene.h"

#define TOO_OLD                                                                                    \
    "{\"message\":\"client version 1.41 is too old. Minimum supported API version is 1.44, "       \
    "please upgrade your client to a newer version\"}"

static int get(struct scene *scene)
{
    _cleanup_(json_put) struct json_object *object = NULL;

    return engine_request_json(scene->engine, "GET", "/info", NULL, &object, &scene->err);
}

static void test_hosts(void **state)
{
    static const struct {
        const char *host;
        const char *path;
    } good[] = {
        {"unix:///var/run/docker.sock", "/var/run/docker.sock"},
        {"/run/user/1/podman/podman.sock", "/run/user/1/podman/podman.sock"},
    };
    static const char *const bad[] = {
        "",
        "tcp://10.0.0.1:2375",
        "ssh://me@host",
        "npipe:////./pipe/x",
        "fd://",
        "unix://",
        "unix://relative",
        "docker.sock",
        "http://localhost",
        "/tmp/a\nb",
        "/tmp/\x1b[31m",
        "unix:/var/run/docker.sock",
    };

    for (size_t i = 0; i < ELEMENTS(good); i++) {
        _cleanup_(engine_freep) struct engine *engine = NULL;
        assert_int_equal(engine_new(good[i].host, &engine, NULL), 0);
        assert_string_equal(engine->socket_path, good[i].path);
        assert_int_equal(engine->api, ENGINE_API_BASELINE);
        assert_false(engine->known);
    }
    for (size_t i = 0; i < ELEMENTS(bad); i++) {
        struct engine *engine = NULL;
        struct error err = ERROR_INIT;
        assert_int_equal(engine_new(bad[i], &engine, &err), -1);
        assert_null(engine);
        assert_int_equal(err.code, ERROR_USAGE);
        assert_non_null(err.hint);
        assert_null(strpbrk(err.message, "\n\x1b"));
        error_release(&err);
    }
}

static void test_escape(void **state)
{
    static const char *const cases[][2] = {
        {"ds01-1/my-project:latest", "ds01-1/my-project:latest"},
        {"my-proj._.1001", "my-proj._.1001"},
        {"a b&c=d?e#f%g\n", "a%20b%26c%3Dd%3Fe%23f%25g%0A"},
        {"grün", "gr%C3%BCn"},
        {"x@sha256:ab", "x%40sha256:ab"},
        {"", ""},
    };

    for (size_t i = 0; i < ELEMENTS(cases); i++) {
        _cleanup_free_ char *escaped = engine_escape(cases[i][0]);
        assert_string_equal(escaped, cases[i][1]);
    }
}

static void test_filters(void **state)
{
    static const struct engine_filter filters[] = {
        {"label", "a=b"}, {"status", "created"}, {"label", "c/\"d"}, {NULL, NULL}};
    _cleanup_free_ char *value = engine_filters(filters);
    _cleanup_free_ char *none = engine_filters(NULL);

    assert_string_equal(value, "%7B%22label%22:%5B%22a%3Db%22%2C%22c/%5C%22d%22%5D%2C"
                               "%22status%22:%5B%22created%22%5D%7D");
    assert_string_equal(none, "%7B%7D");
}

static void test_learns_from_first_answer(void **state)
{
    static const struct fake_reply replies[] = {
        {.bytes = "HTTP/1.1 200 OK\r\nApi-Version: 1.47\r\nContent-Length: 2\r\n\r\n{}"},
        {.bytes = "HTTP/1.1 200 OK\r\nApi-Version: 1.47\r\nContent-Length: 2\r\n\r\n{}"},
    };
    struct scene scene;

    scene_open(&scene, replies, ELEMENTS(replies));
    assert_int_equal(get(&scene), 0);
    assert_true(scene.engine->known);
    assert_int_equal(scene.engine->api, 147);
    assert_int_equal(scene.engine->kind, ENGINE_DOCKER);
    assert_int_equal(get(&scene), 0);
    assert_contains(fake_engine_request(scene.fake, 0), "GET /v1.41/info ");
    assert_contains(fake_engine_request(scene.fake, 1), "GET /v1.47/info ");
    assert_null(fake_engine_request(scene.fake, 2));
    scene_close(&scene);
}

static void test_newer_than_known(void **state)
{
    static const struct fake_reply replies[] = {
        {.bytes = "HTTP/1.1 200 OK\r\nApi-Version: 1.99\r\nLibpod-API-Version: 9\r\n"
                  "Content-Length: 2\r\n\r\nOK"}};
    struct scene scene;

    scene_open(&scene, replies, ELEMENTS(replies));
    assert_int_equal(engine_get_to_know(scene.engine, &scene.err), 0);
    assert_int_equal(scene.engine->api, ENGINE_API_NEWEST);
    assert_int_equal(scene.engine->kind, ENGINE_PODMAN);
    assert_int_equal(engine_get_to_know(scene.engine, &scene.err), 0);
    assert_null(fake_engine_request(scene.fake, 1));
    scene_close(&scene);
}

static void test_baseline_refused(void **state)
{
    static const struct fake_reply with_header[] = {
        {.bytes = "HTTP/1.1 400 Bad\r\nApi-Version: 1.52\r\nConnection: close\r\n\r\n" TOO_OLD,
            .hang_up = true},
        {.status = "200 OK", .body = "{}"},
    };
    static const struct fake_reply without[] = {
        {.bytes = "HTTP/1.1 400 Bad\r\nConnection: close\r\n\r\n" TOO_OLD, .hang_up = true},
        {.status = "200 OK", .body = "{}"},
    };
    struct scene scene;

    scene_open(&scene, with_header, ELEMENTS(with_header));
    assert_int_equal(get(&scene), 0);
    assert_contains(fake_engine_request(scene.fake, 1), "GET /v1.52/info ");
    scene_close(&scene);
    scene_open(&scene, without, ELEMENTS(without));
    assert_int_equal(get(&scene), 0);
    assert_contains(fake_engine_request(scene.fake, 1), "GET /v1.44/info ");
    scene_close(&scene);
}

static void test_engine_too_old(void **state)
{
    static const struct fake_reply replies[] = {
        {.bytes = "HTTP/1.1 400 Bad\r\nApi-Version: 1.40\r\nContent-Length: 0\r\n\r\n"}};
    struct scene scene;

    scene_open(&scene, replies, ELEMENTS(replies));
    assert_int_equal(get(&scene), -1);
    assert_int_equal(scene.err.code, ERROR_ENGINE);
    assert_contains(scene.err.message, "1.40");
    assert_contains(scene.err.message, "1.41");
    scene_close(&scene);
}

static void test_engine_too_new(void **state)
{
    static const struct fake_reply too_old = {
        .bytes = "HTTP/1.1 400 Bad\r\nApi-Version: 1.70\r\nConnection: close\r\n\r\n" TOO_OLD,
        .hang_up = true};
    const struct fake_reply replies[] = {too_old, too_old};
    struct scene scene;

    scene_open(&scene, replies, ELEMENTS(replies));
    assert_int_equal(get(&scene), -1);
    assert_int_equal(scene.err.code, ERROR_ENGINE);
    assert_contains(scene.err.message, "1.55");
    scene_close(&scene);
}

static void test_refusals(void **state)
{
    static const struct {
        const char *status;
        const char *body;
        enum error_code code;
        const char *message;
    } cases[] = {
        {"404 Not Found", "{\"message\":\"no such x.\"}", ERROR_NOT_FOUND, "no such x"},
        {"409 Conflict", "{\"message\":\"in use\"}", ERROR_REFUSED, "in use"},
        {"500 Oh", "{\"message\":\"a\\n\\u001bb\"}", ERROR_FAILED, "a b"},
        {"403 No", "go off", ERROR_FAILED, "go off"},
        {"500 Oh", "", ERROR_FAILED,
            "the container engine refused with HTTP status 500 and did not say why"},
        {"500 Oh", "{\"message\":7}", ERROR_FAILED,
            "the container engine refused with HTTP status 500 and did not say why"},
    };

    for (size_t i = 0; i < ELEMENTS(cases); i++) {
        const struct fake_reply reply = {.status = cases[i].status, .body = cases[i].body};
        struct scene scene;
        scene_open(&scene, &reply, 1);
        assert_int_equal(get(&scene), -1);
        assert_int_equal(scene.err.code, cases[i].code);
        assert_string_equal(scene.err.message, cases[i].message);
        scene_close(&scene);
    }
}

/* A page of HTML comes from no engine. */
static void test_page(void **state)
{
    const struct fake_reply reply = {.status = "502 Bad Gateway", .body = "<html>nginx</html>"};
    struct scene scene;

    scene_open(&scene, &reply, 1);
    assert_int_equal(get(&scene), -1);
    assert_int_equal(scene.err.code, ERROR_ENGINE);
    assert_non_null(strstr(scene.err.message, "502"));
    scene_close(&scene);
}

static void test_garbage(void **state)
{
    static const struct fake_reply cases[] = {
        {.status = "200 OK", .body = "<html>\n"},
        {.status = "200 OK", .body = ""},
        {.status = "200 OK", .body = "{\"a"},
        {.status = "200 OK", .body = "{} {}"},
        {.status = "301 Moved", .body = "{}"},
    };

    for (size_t i = 0; i < ELEMENTS(cases); i++) {
        struct scene scene;
        scene_open(&scene, &cases[i], 1);
        assert_int_equal(get(&scene), -1);
        assert_int_equal(scene.err.code, ERROR_ENGINE);
        scene_close(&scene);
    }
}

static ssize_t read_once(void *context, char *data, size_t size, struct error *err)
{
    bool *read = context;

    if (*read)
        return 0;
    *read = true;
    memcpy(data, "tar", 3);
    return 3;
}

/* A body that can be read only once must not go to a version that is refused. */
static void test_upload_asks_first(void **state)
{
    static const struct fake_reply replies[] = {
        {.bytes = "HTTP/1.1 200 OK\r\nApi-Version: 1.52\r\nContent-Length: 2\r\n\r\nOK"},
        {.bytes = "HTTP/1.1 200 OK\r\nApi-Version: 1.52\r\nContent-Length: 2\r\n\r\n{}"},
    };
    struct transport_answer answer = TRANSPORT_ANSWER_INIT;
    bool read = false;
    struct transport_request request = {
        .method = "POST", .path = "/build", .read_body = read_once, .read_context = &read};
    struct scene scene;

    scene_open(&scene, replies, ELEMENTS(replies));
    assert_int_equal(engine_request(scene.engine, &request, &answer, &scene.err), 0);
    assert_contains(fake_engine_request(scene.fake, 0), "GET /_ping ");
    assert_contains(fake_engine_request(scene.fake, 1), "POST /v1.52/build ");
    assert_contains(fake_engine_request(scene.fake, 1), "\r\n3\r\ntar\r\n0\r\n\r\n");
    transport_answer_release(&answer);
    scene_close(&scene);
}

static void test_ping_without_version(void **state)
{
    static const struct fake_reply replies[] = {
        {.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"}};
    struct scene scene;

    scene_open(&scene, replies, ELEMENTS(replies));
    assert_int_equal(engine_get_to_know(scene.engine, &scene.err), -1);
    assert_int_equal(scene.err.code, ERROR_ENGINE);
    assert_contains(scene.err.message, "API version");
    scene_close(&scene);
}

static void test_odd_versions(void **state)
{
    static const char *const cases[] = {
        "", "1", "1.", ".41", "x.y", "-1.41", "1.999999999999", "999999999999.1", "1.100"};

    for (size_t i = 0; i < ELEMENTS(cases); i++) {
        char text[200];
        struct scene scene;
        snprintf(text, sizeof(text),
            "HTTP/1.1 200 OK\r\nApi-Version: %s\r\nContent-Length: 2\r\n\r\n{}", cases[i]);
        const struct fake_reply reply = {.bytes = text};
        scene_open(&scene, &reply, 1);
        assert_int_equal(get(&scene), 0);
        assert_false(scene.engine->known);
        assert_int_equal(scene.engine->api, ENGINE_API_BASELINE);
        scene_close(&scene);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hosts),
        cmocka_unit_test(test_escape),
        cmocka_unit_test(test_filters),
        cmocka_unit_test(test_learns_from_first_answer),
        cmocka_unit_test(test_newer_than_known),
        cmocka_unit_test(test_baseline_refused),
        cmocka_unit_test(test_engine_too_old),
        cmocka_unit_test(test_engine_too_new),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_page),
        cmocka_unit_test(test_garbage),
        cmocka_unit_test(test_upload_asks_first),
        cmocka_unit_test(test_ping_without_version),
        cmocka_unit_test(test_odd_versions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
