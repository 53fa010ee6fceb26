/* What the transport promises, against an engine that fails in every way it can. */
#include "check.h"

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>

#include "base/interrupt.h"
#include "engine/transport.h"
#include "fake_engine.h"

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* A transport to a fake engine, and what one request to it came to. */
struct scene {
    struct fake_engine *engine;
    struct transport *transport;
    struct transport_answer answer;
    struct error err;
};

static void scene_open(struct scene *scene, const struct fake_reply *replies, size_t count)
{
    *scene = (struct scene){.answer = TRANSPORT_ANSWER_INIT, .err = ERROR_INIT};
    scene->engine = fake_engine_start(replies, count);
    assert_int_equal(
        transport_new(fake_engine_socket(scene->engine), &scene->transport, &scene->err), 0);
}

static void scene_close(struct scene *scene)
{
    transport_answer_release(&scene->answer);
    transport_free(scene->transport);
    error_release(&scene->err);
    fake_engine_stop(scene->engine);
}

static int get(struct scene *scene, long timeout_ms)
{
    struct transport_request request = {
        .method = "GET", .path = "/v1.41/info", .timeout_ms = timeout_ms};

    return transport_perform(scene->transport, &request, &scene->answer, &scene->err);
}

static void assert_engine_error(struct scene *scene, const char *part)
{
    assert_int_equal(scene->err.code, ERROR_ENGINE);
    assert_contains(scene->err.message, part);
    assert_non_null(scene->err.hint);
    assert_int_equal(scene->answer.status, 0);
}

static void test_one_connection_for_all(void **state)
{
    static const struct fake_reply replies[] = {
        {.status = "200 OK", .body = "first"},
        {.status = "404 Not Found", .body = ""},
        {.bytes = "HTTP/1.1 200 OK\r\nLibpod-API-Version: 4.3.1\r\nServer: Libpod/4.3.1 (linux)\r\n"
                  "API-Version: 1.41\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nthird\r\n0\r\n\r\n",
            .piece = 3},
    };
    struct scene scene;

    scene_open(&scene, replies, ELEMENTS(replies));
    assert_int_equal(get(&scene, 5000), 0);
    assert_int_equal(scene.answer.status, 200);
    assert_string_equal(scene.answer.body.text, "first");
    assert_string_equal(scene.answer.api_version, "1.41");
    assert_string_equal(scene.answer.server, "Docker/20.10");
    assert_false(scene.answer.podman);
    assert_int_equal(get(&scene, 5000), 0);
    assert_int_equal(scene.answer.status, 404);
    assert_int_equal(get(&scene, 5000), 0);
    assert_string_equal(scene.answer.body.text, "third");
    assert_true(scene.answer.podman);
    assert_int_equal(fake_engine_connections(scene.engine), 1);
    assert_contains(fake_engine_request(scene.engine, 0), "GET /v1.41/info HTTP/1.1\r\n");
    scene_close(&scene);
}

static void test_no_socket(void **state)
{
    struct scene scene;

    scene_open(&scene, NULL, 0);
    assert_int_equal(unlink(fake_engine_socket(scene.engine)), 0);
    assert_int_equal(get(&scene, 5000), -1);
    assert_engine_error(&scene, "no container engine is listening at /tmp/ds01-engine-");
    assert_contains(scene.err.hint, "DOCKER_HOST");
    scene_close(&scene);
}

static void test_refused(void **state)
{
    struct scene scene;
    const struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct sockaddr_un dead = address;

    scene_open(&scene, NULL, 0);
    const char *path = fake_engine_socket(scene.engine);
    assert_int_equal(unlink(path), 0);
    memcpy(dead.sun_path, path, strlen(path) + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&dead, sizeof(dead)), 0);
    assert_int_equal(get(&scene, 5000), -1);
    assert_engine_error(&scene, "no container engine is listening");
    close(fd);
    scene_close(&scene);
}

/* Root may use every socket, so a child that is nobody tries. */
static void test_no_permission(void **state)
{
    struct scene scene;
    int status = 0;

    scene_open(&scene, NULL, 0);
    assert_int_equal(chmod(fake_engine_socket(scene.engine), 0), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (geteuid() == 0 && (setgid(65534) < 0 || setuid(65534) < 0))
            _exit(2);
        _exit(get(&scene, 5000) == -1 && scene.err.code == ERROR_ENGINE &&
                      strstr(scene.err.message, "no permission") && strstr(scene.err.hint, "group")
                  ? 0
                  : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    scene_close(&scene);
}

static void test_path_too_long(void **state)
{
    char path[200];
    struct transport *transport = NULL;
    struct error err = ERROR_INIT;

    memset(path, 'a', sizeof(path));
    path[0] = '/';
    path[sizeof(path) - 1] = '\0';
    assert_int_equal(transport_new(path, &transport, &err), -1);
    assert_int_equal(err.code, ERROR_USAGE);
    assert_null(transport);
    error_release(&err);
}

static void test_closed(void **state)
{
    static const struct fake_reply cases[] = {
        {.bytes = "", .hang_up = true},
        {.bytes = "HTTP/1.1 200 OK\r\nConte", .hang_up = true},
        {.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", .hang_up = true},
        {.bytes = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhalf",
            .hang_up = true},
    };

    for (size_t i = 0; i < ELEMENTS(cases); i++) {
        struct scene scene;
        scene_open(&scene, &cases[i], 1);
        assert_int_equal(get(&scene, 5000), -1);
        assert_engine_error(&scene, "closed the connection");
        scene_close(&scene);
    }
}

static void test_nonsense(void **state)
{
    static const struct fake_reply cases[] = {
        {.bytes = "SSH-2.0-OpenSSH_9.2\r\n", .hang_up = true},
        {.bytes = "220 smtp ESMTP\r\n", .hang_up = true},
        {.bytes = "\0\1\2\3\4\5\6\7", .length = 8, .hang_up = true},
        {.bytes = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", .hang_up = true},
    };

    for (size_t i = 0; i < ELEMENTS(cases); i++) {
        struct scene scene;
        scene_open(&scene, &cases[i], 1);
        assert_int_equal(get(&scene, 5000), -1);
        assert_engine_error(&scene, "does not speak like a container engine");
        scene_close(&scene);
    }
}

static void test_endless_header(void **state)
{
    struct strbuf text = STRBUF_INIT(1 << 20);
    struct scene scene;

    strbuf_adds(&text, "HTTP/1.1 200 OK\r\n");
    for (int i = 0; i < 5000; i++)
        strbuf_addf(&text, "X-Header-%d: some text of it\r\n", i);
    const struct fake_reply reply = {.bytes = text.text, .length = text.length, .hang_up = true};
    scene_open(&scene, &reply, 1);
    assert_int_equal(get(&scene, 5000), -1);
    assert_engine_error(&scene, "endless header");
    scene_close(&scene);
    strbuf_release(&text);
}

static void test_answer_over_the_bound(void **state)
{
    static const struct fake_reply replies[] = {
        {.status = "200 OK", .body = "12345678901234567890"},
        {.status = "200 OK", .body = "OK"},
    };
    struct scene scene;

    scene_open(&scene, replies, ELEMENTS(replies));
    scene.answer.body.max = 19;
    assert_int_equal(get(&scene, 5000), -1);
    assert_int_equal(scene.err.code, ERROR_ENGINE);
    assert_contains(scene.err.message, "more than 19 bytes");
    assert_int_equal(get(&scene, 5000), 0);
    assert_string_equal(scene.answer.body.text, "OK");
    scene_close(&scene);
}

static void test_stalled_answer(void **state)
{
    static const struct fake_reply cases[] = {
        {.bytes = "", .stall = true},
        {.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", .stall = true},
        /* Always a little, never an end. */
        {.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"
                  "And so it goes on and on and on and on and on and on and on and on and on and "
                  "on and on",
            .piece = 1,
            .delay_ms = 150},
    };

    for (size_t i = 0; i < ELEMENTS(cases); i++) {
        struct scene scene;
        scene_open(&scene, &cases[i], 1);
        double start = seconds();
        assert_int_equal(get(&scene, 200), -1);
        assert_true(seconds() - start < 2);
        assert_engine_error(&scene, "did not answer within 0.2 s");
        scene_close(&scene);
    }
}

static void test_silent_but_alive(void **state)
{
    static const struct fake_reply replies[] = {
        {.status = "200 OK", .body = "done", .delay_ms = 350},
        {.status = "200 OK", .body = "OK"},
        {.status = "500 Oh", .body = "no"},
        {.status = "200 OK", .body = "OK"},
        {.status = "200 OK", .body = "OK"},
    };
    struct scene scene;

    scene_open(&scene, replies, ELEMENTS(replies));
    transport_set_patience(scene.transport, 100, 1000);
    assert_int_equal(get(&scene, 0), 0);
    assert_string_equal(scene.answer.body.text, "done");
    assert_contains(fake_engine_request(scene.engine, 1), "GET /_ping HTTP/1.1\r\n");
    assert_true(fake_engine_connections(scene.engine) >= 2);
    scene_close(&scene);
}

static void count_pulse(void *context)
{
    ++*(int *)context;
}

/* Who shows a clock is called while a long request is silent, and for no short one. */
static void test_pulse(void **state)
{
    static const struct fake_reply replies[] = {
        {.status = "200 OK", .body = "done", .delay_ms = 350},
        {.status = "200 OK", .body = "done", .delay_ms = 150},
    };
    struct scene scene;
    int pulses = 0;

    (void)state;
    scene_open(&scene, replies, ELEMENTS(replies));
    transport_set_pulse(scene.transport, count_pulse, &pulses);
    assert_int_equal(get(&scene, 0), 0);
    assert_true(pulses >= 3);
    pulses = 0;
    assert_int_equal(get(&scene, 10000), 0);
    assert_int_equal(pulses, 0);
    scene_close(&scene);
}

static void test_silent_and_dead(void **state)
{
    static const struct fake_reply replies[] = {
        {.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", .stall = true},
        {.bytes = "", .stall = true},
    };
    struct scene scene;

    scene_open(&scene, replies, ELEMENTS(replies));
    transport_set_patience(scene.transport, 100, 200);
    double start = seconds();
    assert_int_equal(get(&scene, 0), -1);
    assert_true(seconds() - start < 2);
    assert_engine_error(&scene, "did not answer within 0.2 s");
    scene_close(&scene);
}

/* While something is undone nobody waits long, nor twice, for an engine that is gone. */
static void test_haste(void **state)
{
    static const struct fake_reply replies[] = {
        {.status = "200 OK", .body = "slow", .delay_ms = 350},
        {.status = "200 OK", .body = "OK"},
        {.status = "200 OK", .body = "OK"},
        {.status = "200 OK", .body = "OK"},
        {.bytes = "", .stall = true},
        {.bytes = "", .stall = true},
    };
    struct scene scene;

    scene_open(&scene, replies, ELEMENTS(replies));
    transport_set_patience(scene.transport, 100, 200);
    transport_hurry(scene.transport, true);
    assert_int_equal(get(&scene, 5000), 0);
    assert_string_equal(scene.answer.body.text, "slow");
    scene_close(&scene);

    /* One that lives and takes its time over a request is not given up. */
    scene_open(&scene, replies, ELEMENTS(replies));
    transport_set_patience(scene.transport, 100, 200);
    transport_hurry(scene.transport, true);
    assert_int_equal(get(&scene, 200), -1);
    assert_engine_error(&scene, "did not answer within 0.2 s");
    assert_false(transport_is_lost(scene.transport));
    scene_close(&scene);

    scene_open(&scene, replies + 4, 2);
    transport_set_patience(scene.transport, 100, 200);
    transport_hurry(scene.transport, true);
    double start = seconds();
    assert_int_equal(get(&scene, 5000), -1);
    assert_true(seconds() - start < 2);
    assert_engine_error(&scene, "did not answer within 0.2 s");
    assert_true(transport_is_lost(scene.transport));
    assert_true(transport_loss_is_news(scene.transport));
    assert_false(transport_loss_is_news(scene.transport));
    error_release(&scene.err);
    assert_int_equal(get(&scene, 5000), -1);
    assert_contains(scene.err.message, "does not answer");
    assert_int_equal(fake_engine_connections(scene.engine), 2);
    scene_close(&scene);
}

/* What the engine says while it is asked for a sign of life counts as one. */
static void test_answers_while_asked(void **state)
{
    static const struct fake_reply replies[] = {
        {.status = "200 OK", .body = "done", .delay_ms = 200},
        {.bytes = "", .stall = true},
    };
    struct scene scene;

    scene_open(&scene, replies, ELEMENTS(replies));
    transport_set_patience(scene.transport, 100, 400);
    assert_int_equal(get(&scene, 0), 0);
    assert_string_equal(scene.answer.body.text, "done");
    scene_close(&scene);
}

/* The engine was restarted between two requests. */
static void test_stale_connection(void **state)
{
    static const struct fake_reply replies[] = {
        {.status = "200 OK", .body = "OK", .hang_up = true},
        {.status = "200 OK", .body = "again"},
    };
    struct scene scene;

    scene_open(&scene, replies, ELEMENTS(replies));
    assert_int_equal(get(&scene, 5000), 0);
    assert_int_equal(get(&scene, 5000), 0);
    assert_string_equal(scene.answer.body.text, "again");
    assert_int_equal(fake_engine_connections(scene.engine), 2);
    scene_close(&scene);
}

/* A kept connection that the engine closes when it reads the next request. */
static void test_closed_at_reuse(void **state)
{
    static const struct fake_reply replies[] = {
        {.status = "200 OK", .body = "OK"},
        {.bytes = "", .delay_ms = 50, .hang_up = true},
        {.status = "200 OK", .body = "again"},
    };
    struct scene scene;

    scene_open(&scene, replies, ELEMENTS(replies));
    assert_int_equal(get(&scene, 5000), 0);
    assert_int_equal(get(&scene, 5000), 0);
    assert_string_equal(scene.answer.body.text, "again");
    scene_close(&scene);
}

struct source {
    size_t left;
    bool fails;
};

static ssize_t read_source(void *context, char *data, size_t size, struct error *err)
{
    struct source *source = context;

    if (source->fails && source->left < 100000)
        return error_set(err, ERROR_FAILED, "cannot read the context");
    size_t part = source->left < size ? source->left : size;
    memset(data, 'x', part);
    source->left -= part;
    return (ssize_t)part;
}

static int upload(struct scene *scene, struct source *source)
{
    struct transport_request request = {
        .method = "POST",
        .path = "/v1.41/build",
        .content_type = "application/x-tar",
        .read_body = read_source,
        .read_context = source,
    };

    return transport_perform(scene->transport, &request, &scene->answer, &scene->err);
}

static void test_chunked_upload(void **state)
{
    static const struct fake_reply replies[] = {{.status = "200 OK", .body = "OK"}};
    struct source source = {.left = 300000};
    struct scene scene;
    size_t count = 0;

    scene_open(&scene, replies, ELEMENTS(replies));
    assert_int_equal(upload(&scene, &source), 0);
    const char *request = fake_engine_request(scene.engine, 0);
    assert_contains(request, "POST /v1.41/build HTTP/1.1\r\n");
    assert_contains(request, "Transfer-Encoding: chunked\r\n");
    assert_contains(request, "Content-Type: application/x-tar\r\n");
    assert_null(strstr(request, "Expect:"));
    for (const char *at = strstr(request, "\r\n\r\n"); *at; at++)
        count += *at == 'x';
    assert_int_equal(count, 300000);
    scene_close(&scene);
}

static void test_upload_that_fails(void **state)
{
    static const struct fake_reply replies[] = {{.status = "200 OK", .body = "OK"}};
    struct source source = {.left = 300000, .fails = true};
    struct scene scene;

    scene_open(&scene, replies, ELEMENTS(replies));
    assert_int_equal(upload(&scene, &source), -1);
    assert_int_equal(scene.err.code, ERROR_FAILED);
    assert_string_equal(scene.err.message, "cannot read the context");
    scene_close(&scene);
}

/* An engine that refuses does not read the rest of the body. */
static void test_upload_refused_early(void **state)
{
    static const struct fake_reply replies[] = {
        {.status = "400 Bad", .body = "bad", .early = true, .stall = true}};
    struct source source = {.left = (size_t)1 << 30};
    struct scene scene;

    scene_open(&scene, replies, ELEMENTS(replies));
    assert_int_equal(upload(&scene, &source), 0);
    assert_int_equal(scene.answer.status, 400);
    assert_string_equal(scene.answer.body.text, "bad");
    scene_close(&scene);
}

static void test_upload_into_silence(void **state)
{
    static const struct fake_reply replies[] = {
        {.bytes = "", .early = true, .stall = true}, {.bytes = "", .stall = true}};
    struct source source = {.left = (size_t)1 << 30};
    struct scene scene;

    scene_open(&scene, replies, ELEMENTS(replies));
    transport_set_patience(scene.transport, 100, 100);
    assert_int_equal(upload(&scene, &source), -1);
    assert_engine_error(&scene, "did not answer");
    scene_close(&scene);
}

struct sink {
    struct strbuf text;
    size_t room;
};

static int write_sink(void *context, const char *data, size_t length, struct error *err)
{
    struct sink *sink = context;

    strbuf_add(&sink->text, data, length);
    if (sink->text.length > sink->room)
        return error_set(err, ERROR_REFUSED, "enough");
    return 0;
}

static int stream(struct scene *scene, struct sink *sink)
{
    struct transport_request request = {
        .method = "GET", .path = "/events", .write_body = write_sink, .write_context = sink};

    return transport_perform(scene->transport, &request, &scene->answer, &scene->err);
}

static void test_streamed_answer(void **state)
{
    static const struct fake_reply replies[] = {
        {.status = "200 OK", .body = "0123456789", .piece = 7},
        {.status = "500 Oh", .body = "broken"},
        {.status = "200 OK", .body = "0123456789"},
    };
    struct sink sink = {STRBUF_INIT(100), 10};
    struct scene scene;

    scene_open(&scene, replies, ELEMENTS(replies));
    assert_int_equal(stream(&scene, &sink), 0);
    assert_string_equal(sink.text.text, "0123456789");
    assert_int_equal(scene.answer.body.length, 0);
    assert_int_equal(stream(&scene, &sink), 0);
    assert_int_equal(sink.text.length, 10);
    assert_string_equal(scene.answer.body.text, "broken");
    assert_int_equal(stream(&scene, &sink), -1);
    assert_int_equal(scene.err.code, ERROR_REFUSED);
    assert_string_equal(scene.err.message, "enough");
    strbuf_release(&sink.text);
    scene_close(&scene);
}

static void test_no_second_header(void **state)
{
    struct transport_request request = {
        .method = "POST", .path = "/x", .auth = "abc\r\nHost: evil", .timeout_ms = 1000};
    struct scene scene;

    scene_open(&scene, NULL, 0);
    assert_int_equal(transport_perform(scene.transport, &request, &scene.answer, &scene.err), -1);
    request.auth = NULL;
    request.path = "/x\r\nHost: evil";
    assert_int_equal(transport_perform(scene.transport, &request, &scene.answer, &scene.err), -1);
    assert_int_equal(fake_engine_connections(scene.engine), 0);
    scene_close(&scene);
}

static void test_no_redirects(void **state)
{
    static const struct fake_reply replies[] = {
        {.bytes = "HTTP/1.1 301 Moved\r\nLocation: http://localhost/evil\r\nContent-Length: "
                  "0\r\n\r\n"},
    };
    struct scene scene;

    scene_open(&scene, replies, ELEMENTS(replies));
    assert_int_equal(get(&scene, 5000), 0);
    assert_int_equal(scene.answer.status, 301);
    assert_null(fake_engine_request(scene.engine, 1));
    scene_close(&scene);
}

struct traced {
    size_t count;
    long status;
    double seconds;
    char text[64];
};

static void trace(void *context, const char *method, const char *path, long status, double time)
{
    struct traced *traced = context;

    traced->count++;
    traced->status = status;
    traced->seconds = time;
    snprintf(traced->text, sizeof(traced->text), "%s %s", method, path);
}

static void test_trace(void **state)
{
    static const struct fake_reply replies[] = {
        {.status = "404 Not Found", .body = "", .delay_ms = 20},
        {.bytes = "", .hang_up = true},
    };
    struct traced traced = {0};
    struct scene scene;

    scene_open(&scene, replies, ELEMENTS(replies));
    transport_set_trace(scene.transport, trace, &traced);
    assert_int_equal(get(&scene, 5000), 0);
    assert_int_equal(traced.count, 1);
    assert_int_equal(traced.status, 404);
    assert_true(traced.seconds >= 0.02 && traced.seconds < 2);
    assert_string_equal(traced.text, "GET /v1.41/info");
    assert_int_equal(get(&scene, 5000), -1);
    assert_int_equal(traced.count, 2);
    assert_int_equal(traced.status, 0);
    scene_close(&scene);
}

static int upgrade(struct scene *scene, struct strbuf *early)
{
    struct transport_request request = {
        .method = "POST",
        .path = "/v1.41/exec/1/start",
        .content_type = "application/json",
        .body = "{}",
        .body_length = 2,
        .timeout_ms = 300,
    };

    return transport_upgrade(scene->transport, &request, early, &scene->answer, &scene->err);
}

static void test_upgrade(void **state)
{
    static const struct fake_reply cases[] = {
        {.bytes = "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nearly",
            .echo = true},
        {.bytes = "HTTP/1.1 200 OK\r\nContent-Type: x\r\n\r\nearly", .piece = 5, .echo = true},
    };

    for (size_t i = 0; i < ELEMENTS(cases); i++) {
        struct strbuf early = STRBUF_INIT(100);
        struct scene scene;
        char back[16];

        scene_open(&scene, &cases[i], 1);
        int fd = upgrade(&scene, &early);
        assert_true(fd >= 0);
        const char *request = fake_engine_request(scene.engine, 0);
        assert_contains(request, "Upgrade: tcp\r\n");
        assert_contains(request, "Content-Length: 2\r\n\r\n{}");
        assert_int_equal(send(fd, "ping", 4, MSG_NOSIGNAL), 4);
        while (!early.text || !strstr(early.text, "ping")) {
            struct pollfd ready = {.fd = fd, .events = POLLIN};
            assert_int_equal(poll(&ready, 1, 2000), 1);
            ssize_t got = read(fd, back, sizeof(back));
            assert_true(got > 0);
            strbuf_add(&early, back, (size_t)got);
        }
        assert_string_equal(early.text, "earlyping");
        close(fd);
        strbuf_release(&early);
        scene_close(&scene);
    }
}

static void test_upgrade_refused(void **state)
{
    static const struct fake_reply cases[] = {
        {.status = "409 Conflict", .body = "stop"},
        {.bytes = "HTTP/1.1 409 No\r\nTransfer-Encoding: "
                  "chunked\r\n\r\n2\r\nst\r\n2;x\r\nop\r\n0\r\n\r\n",
            .piece = 1},
        {.bytes = "HTTP/1.1 409 No\r\n\r\nstop", .hang_up = true},
    };

    for (size_t i = 0; i < ELEMENTS(cases); i++) {
        struct strbuf early = STRBUF_INIT(100);
        struct scene scene;
        scene_open(&scene, &cases[i], 1);
        assert_int_equal(upgrade(&scene, &early), -1);
        assert_int_equal(scene.err.code, ERROR_NONE);
        assert_int_equal(scene.answer.status, 409);
        assert_string_equal(scene.answer.body.text, "stop");
        scene_close(&scene);
    }
}

static void test_upgrade_faults(void **state)
{
    static const struct {
        struct fake_reply reply;
        const char *message;
    } cases[] = {
        {{.bytes = "", .hang_up = true}, "closed the connection"},
        {{.bytes = "HTTP/1.1 101 UPGR", .hang_up = true}, "closed the connection"},
        {{.bytes = "HTTP/1.1 409 No\r\nContent-Length: 9\r\n\r\nx", .hang_up = true}, "closed"},
        {{.bytes = "", .stall = true}, "did not answer within 0.3 s"},
        {{.bytes = "HTTP/1.1 409 No\r\nContent-Length: 9\r\n\r\nx", .stall = true},
            "did not answer"},
        {{.bytes = "SSH-2.0-OpenSSH\r\n\r\n", .stall = true}, "does not speak"},
        {{.bytes = "HTTP/1.1 1x1 no\r\n\r\n", .stall = true}, "does not speak"},
        {{.status = "200 OK", .body = "OK"}, "did not hand over"},
        {{.bytes = "HTTP/1.1 404 No\r\nContent-Length: 99999999999999999999\r\n\r\n",
             .stall = true},
            "does not speak"},
        {{.bytes = "HTTP/1.1 404 No\r\nContent-Length: -1\r\n\r\n", .stall = true},
            "does not speak"},
        {{.bytes = "HTTP/1.1 404 No\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n", .stall = true},
            "garbled"},
        {{.bytes = "HTTP/1.1 404 No\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx",
             .stall = true},
            "garbled"},
    };

    for (size_t i = 0; i < ELEMENTS(cases); i++) {
        struct strbuf early = STRBUF_INIT(100);
        struct scene scene;
        scene_open(&scene, &cases[i].reply, 1);
        assert_int_equal(upgrade(&scene, &early), -1);
        assert_engine_error(&scene, cases[i].message);
        scene_close(&scene);
    }
}

static void test_upgrade_endless(void **state)
{
    struct strbuf text = STRBUF_INIT(4 << 20);
    struct strbuf early = STRBUF_INIT(100);
    struct scene scene;

    strbuf_adds(&text, "HTTP/1.1 101 UPGRADED\r\n");
    while (text.length < 2 << 20)
        strbuf_adds(&text, "X-More: and more and more and more\r\n");
    const struct fake_reply reply = {.bytes = text.text, .length = text.length, .stall = true};
    scene_open(&scene, &reply, 1);
    assert_int_equal(upgrade(&scene, &early), -1);
    assert_engine_error(&scene, "endless header");
    scene_close(&scene);
    strbuf_release(&text);
}

static void test_upgrade_no_socket(void **state)
{
    struct strbuf early = STRBUF_INIT(100);
    struct scene scene;

    scene_open(&scene, NULL, 0);
    assert_int_equal(unlink(fake_engine_socket(scene.engine)), 0);
    assert_int_equal(upgrade(&scene, &early), -1);
    assert_engine_error(&scene, "no container engine is listening");
    scene_close(&scene);
}

/* In a child, since a process that was interrupted once stays so. */
static int interrupted_child(bool upgraded)
{
    static const struct fake_reply reply = {.bytes = "", .stall = true};
    struct strbuf early = STRBUF_INIT(100);
    struct scene scene;

    if (interrupt_install(NULL) < 0)
        return 2;
    scene_open(&scene, &reply, 1);
    pid_t killer = fork();
    if (killer == 0) {
        pid_t parent = getppid();
        struct timespec pause = {0, 100000000};
        nanosleep(&pause, NULL);
        kill(parent, SIGINT);
        _exit(0);
    }
    double start = seconds();
    int result = upgraded ? upgrade(&scene, &early) : get(&scene, 0);
    bool right = result == -1 && scene.err.code == ERROR_INTERRUPTED && seconds() - start < 5;
    scene_close(&scene);
    waitpid(killer, NULL, 0);
    return right ? 0 : 1;
}

static void test_interrupted(void **state)
{
    for (int upgraded = 0; upgraded < 2; upgraded++) {
        int status = 0;
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            _exit(interrupted_child(upgraded));
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
    }
}

/* Longer than its backlog, an engine that accepts nothing any more must not hang us. */
static void test_no_more_connections(void **state)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/tmp/ds01-engine-XXXXXX"};
    struct transport_request request = {.method = "GET", .path = "/_ping", .timeout_ms = 500};
    struct transport_answer answer = TRANSPORT_ANSWER_INIT;
    struct transport *transport = NULL;
    struct error err = ERROR_INIT;
    int fds[4];

    assert_non_null(mkdtemp(address.sun_path));
    assert_int_equal(rmdir(address.sun_path), 0);
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(listen(listener, 0), 0);
    for (size_t i = 0; i < ELEMENTS(fds); i++) {
        fds[i] = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        (void)connect(fds[i], (struct sockaddr *)&address, sizeof(address));
    }
    assert_int_equal(transport_new(address.sun_path, &transport, &err), 0);
    assert_int_equal(transport_perform(transport, &request, &answer, &err), -1);
    assert_int_equal(err.code, ERROR_ENGINE);
    assert_contains(err.message, "takes no more connections");
    error_release(&err);
    struct strbuf early = STRBUF_INIT(100);
    assert_int_equal(transport_upgrade(transport, &request, &early, &answer, &err), -1);
    assert_contains(err.message, "takes no more connections");
    error_release(&err);
    transport_free(transport);
    for (size_t i = 0; i < ELEMENTS(fds); i++)
        close(fds[i]);
    close(listener);
    unlink(address.sun_path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_connection_for_all),
        cmocka_unit_test(test_no_socket),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_no_permission),
        cmocka_unit_test(test_path_too_long),
        cmocka_unit_test(test_closed),
        cmocka_unit_test(test_nonsense),
        cmocka_unit_test(test_endless_header),
        cmocka_unit_test(test_answer_over_the_bound),
        cmocka_unit_test(test_stalled_answer),
        cmocka_unit_test(test_silent_but_alive),
        cmocka_unit_test(test_pulse),
        cmocka_unit_test(test_silent_and_dead),
        cmocka_unit_test(test_haste),
        cmocka_unit_test(test_answers_while_asked),
        cmocka_unit_test(test_stale_connection),
        cmocka_unit_test(test_closed_at_reuse),
        cmocka_unit_test(test_chunked_upload),
        cmocka_unit_test(test_upload_that_fails),
        cmocka_unit_test(test_upload_refused_early),
        cmocka_unit_test(test_upload_into_silence),
        cmocka_unit_test(test_streamed_answer),
        cmocka_unit_test(test_no_second_header),
        cmocka_unit_test(test_no_redirects),
        cmocka_unit_test(test_trace),
        cmocka_unit_test(test_upgrade),
        cmocka_unit_test(test_upgrade_refused),
        cmocka_unit_test(test_upgrade_faults),
        cmocka_unit_test(test_upgrade_endless),
        cmocka_unit_test(test_upgrade_no_socket),
        cmocka_unit_test(test_interrupted),
        cmocka_unit_test(test_no_more_connections),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
