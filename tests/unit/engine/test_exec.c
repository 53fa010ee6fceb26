/* Processes in containers: how they are started, how they end, and their streams. */
#include "check.h"

#include <stdio.h>

#include "base/strbuf.h"
#include "engine/exec.h"
#include "fake_engine.h"

#define UPGRADED "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"

struct scene {
    struct fake_engine *fake;
    struct engine *engine;
    struct exec_spec spec;
    char *id;
    int fd;
    struct strbuf early;
    struct error err;
};

static void scene_open(struct scene *scene, const struct fake_reply *replies, size_t count)
{
    *scene = (struct scene){.fd = -EBADF, .early = STRBUF_INIT(4096), .err = ERROR_INIT};
    scene->fake = fake_engine_start(replies, count);
    assert_int_equal(engine_new(fake_engine_host(scene->fake), &scene->engine, &scene->err), 0);
    strv_push(&scene->spec.command, "bash");
}

static void scene_close(struct scene *scene)
{
    strv_release(&scene->spec.command);
    strv_release(&scene->spec.environment);
    strbuf_release(&scene->early);
    free(scene->id);
    close_fd(&scene->fd);
    engine_free(scene->engine);
    error_release(&scene->err);
    fake_engine_stop(scene->fake);
}

static int start(struct scene *scene)
{
    return engine_exec_start(
        scene->engine, "c", &scene->spec, &scene->id, &scene->fd, &scene->early, &scene->err);
}

/* An engine before 1.42 learns the terminal's size after the start. */
static void test_start_with_resize(void **state)
{
    static const struct fake_reply replies[] = {
        {.status = "201 Created", .body = "{\"Id\":\"e-1\"}"},
        {.bytes = UPGRADED "$ ", .echo = true},
        {.status = "200 OK", .body = ""},
    };
    struct scene scene;

    scene_open(&scene, replies, ELEMENTS(replies));
    scene.spec.tty = scene.spec.attach_stdin = true;
    scene.spec.rows = 24;
    scene.spec.columns = 80;
    scene.spec.user = "1:2";
    scene.spec.working_dir = "/workspace";
    strv_push(&scene.spec.environment, "A=b");
    assert_int_equal(start(&scene), 0);
    assert_true(scene.fd >= 0);
    assert_string_equal(scene.id, "e-1");
    assert_string_equal(strbuf_text(&scene.early), "$ ");
    assert_contains(fake_engine_request(scene.fake, 0), "POST /v1.41/containers/c/exec ");
    assert_contains(fake_engine_request(scene.fake, 0),
        "{\"AttachStdin\":true,\"AttachStdout\":true,\"AttachStderr\":true,\"Tty\":true,"
        "\"Cmd\":[\"bash\"],\"Env\":[\"A=b\"],\"User\":\"1:2\",\"WorkingDir\":\"/"
        "workspace\",\"DetachKeys\":\"" ENGINE_DETACH_KEYS "\"}");
    assert_contains(fake_engine_request(scene.fake, 1), "POST /v1.41/exec/e-1/start ");
    assert_contains(fake_engine_request(scene.fake, 1), "{\"Detach\":false,\"Tty\":true}");
    assert_contains(fake_engine_request(scene.fake, 2), "POST /v1.41/exec/e-1/resize?h=24&w=80 ");
    scene_close(&scene);
}

static void test_start_with_console_size(void **state)
{
    static const struct fake_reply replies[] = {
        {.bytes = "HTTP/1.1 200 OK\r\nApi-Version: 1.44\r\nContent-Length: 2\r\n\r\nOK"},
        {.status = "201 Created", .body = "{\"Id\":\"e-1\"}"},
        {.bytes = UPGRADED, .echo = true},
    };
    struct scene scene;

    scene_open(&scene, replies, ELEMENTS(replies));
    assert_int_equal(engine_get_to_know(scene.engine, &scene.err), 0);
    scene.spec.tty = true;
    scene.spec.rows = 24;
    scene.spec.columns = 80;
    assert_int_equal(start(&scene), 0);
    assert_contains(fake_engine_request(scene.fake, 1), "\"ConsoleSize\":[24,80]");
    assert_contains(fake_engine_request(scene.fake, 2),
        "{\"Detach\":false,\"Tty\":true,\"ConsoleSize\":[24,80]}");
    assert_null(fake_engine_request(scene.fake, 3));
    scene_close(&scene);
}

static void test_start_refused(void **state)
{
    static const struct fake_reply cases[][2] = {
        {{.status = "409 Conflict", .body = "{\"message\":\"not running\"}"}},
        {{.status = "201 Created", .body = "{\"Id\":\"e-1\"}"},
            {.status = "409 Conflict", .body = "{\"message\":\"not running\"}"}},
    };

    for (size_t i = 0; i < ELEMENTS(cases); i++) {
        struct scene scene;
        scene_open(&scene, cases[i], 2);
        assert_int_equal(start(&scene), -1);
        assert_int_equal(scene.err.code, ERROR_REFUSED);
        assert_string_equal(scene.err.message, "not running");
        assert_null(scene.id);
        assert_int_equal(scene.fd, -EBADF);
        scene_close(&scene);
    }
}

static void test_exit_code(void **state)
{
    static const struct fake_reply replies[] = {
        {.status = "200 OK", .body = "{\"Running\":true,\"ExitCode\":null}"},
        {.status = "200 OK", .body = "{\"Running\":false,\"ExitCode\":42 }"},
        {.status = "200 OK", .body = "{}"},
    };
    struct scene scene;
    int code = -1;

    scene_open(&scene, replies, ELEMENTS(replies));
    assert_int_equal(engine_exec_exit_code(scene.engine, "e-1", &code, &scene.err), 0);
    assert_int_equal(code, 42);
    assert_contains(fake_engine_request(scene.fake, 1), "GET /v1.41/exec/e-1/json ");
    assert_int_equal(engine_exec_exit_code(scene.engine, "e-1", &code, &scene.err), -1);
    assert_int_equal(scene.err.code, ERROR_ENGINE);
    scene_close(&scene);
}

static int note(void *context, int stream, const char *data, size_t length, struct error *err)
{
    struct strbuf *seen = context;

    if (length == 4 && memcmp(data, "stop", 4) == 0)
        return error_set(err, ERROR_REFUSED, "stopped");
    for (size_t i = 0; i < length; i++)
        strbuf_addf(seen, "%d%c", stream, data[i]);
    return 0;
}

static void test_frames(void **state)
{
    static const char stream[] = "\1\0\0\0\0\0\0\2ab"
                                 "\2\0\0\0\0\0\0\1c"
                                 "\1\0\0\0\0\0\0\0"
                                 "\0\0\0\0\0\0\0\1d"
                                 "\3\0\0\0\0\0\0\1e";

    for (size_t piece = 1; piece < sizeof(stream); piece++) {
        struct frame_reader reader = {0};
        struct strbuf seen = STRBUF_INIT(100);
        for (size_t at = 0; at < sizeof(stream) - 1; at += piece) {
            size_t left = sizeof(stream) - 1 - at;
            assert_int_equal(frame_reader_feed(&reader, stream + at, left < piece ? left : piece,
                                 note, &seen, NULL),
                0);
        }
        assert_string_equal(strbuf_text(&seen), "1a1b2c1d2e");
        strbuf_release(&seen);
    }
}

static void test_frames_garbled(void **state)
{
    static const char *const cases[] = {
        "\4\0\0\0\0\0\0\1x", "\1\0\0\1\0\0\0\1x", "HTTP/1.1 200 OK"};

    for (size_t i = 0; i < ELEMENTS(cases); i++) {
        struct frame_reader reader = {0};
        struct strbuf seen = STRBUF_INIT(100);
        struct error err = ERROR_INIT;
        assert_int_equal(frame_reader_feed(&reader, cases[i], 9, note, &seen, &err), -1);
        assert_int_equal(err.code, ERROR_ENGINE);
        assert_int_equal(seen.length, 0);
        error_release(&err);
        strbuf_release(&seen);
    }
}

static void test_frames_sink_stops(void **state)
{
    struct frame_reader reader = {0};
    struct strbuf seen = STRBUF_INIT(100);
    struct error err = ERROR_INIT;

    assert_int_equal(frame_reader_feed(&reader, "\1\0\0\0\0\0\0\4stop", 12, note, &seen, &err), -1);
    assert_int_equal(err.code, ERROR_REFUSED);
    error_release(&err);
    strbuf_release(&seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_start_with_resize),
        cmocka_unit_test(test_start_with_console_size),
        cmocka_unit_test(test_start_refused),
        cmocka_unit_test(test_exit_code),
        cmocka_unit_test(test_frames),
        cmocka_unit_test(test_frames_garbled),
        cmocka_unit_test(test_frames_sink_stops),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
