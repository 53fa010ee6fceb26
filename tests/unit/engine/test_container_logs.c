/* What a container wrote: with a terminal and without, whole and in pieces. */
#include "check.h"

#include "engine/container_logs.h"
#include "fake_engine.h"

struct written {
    struct strbuf out; /* stream 1 */
    struct strbuf err; /* stream 2 */
    bool full;         /* whoever takes it takes no more */
};

static int take(void *context, int stream, const char *data, size_t length, struct error *err)
{
    struct written *written = context;

    if (written->full)
        return error_set(err, ERROR_FAILED, "no room");
    strbuf_add(stream == 2 ? &written->err : &written->out, data, length);
    return 0;
}

/* Asks for the logs of a container; *ret_request is the first line that was sent. */
static int logs(struct fake_reply reply, bool tty, const char *tail, bool follow,
    struct written *written, char **ret_request, struct error *err)
{
    char id[] = "a1";
    const struct container container = {.id = id, .tty = tty};
    struct fake_engine *fake = fake_engine_start(&reply, 1);
    struct engine *engine = NULL;

    written->out = (struct strbuf)STRBUF_INIT(1000);
    written->err = (struct strbuf)STRBUF_INIT(1000);
    assert_int_equal(engine_new(fake_engine_host(fake), &engine, err), 0);
    int result = engine_container_logs(engine, &container, tail, follow, take, written, err);
    const char *request = fake_engine_request(fake, 0);
    if (ret_request)
        *ret_request = xstrndup(request, strcspn(request, "\r\n"));
    engine_free(engine);
    fake_engine_stop(fake);
    return result;
}

static void written_release(struct written *written)
{
    strbuf_release(&written->out);
    strbuf_release(&written->err);
}

/* Chunked, as engines send it; the pieces of a frame come one by one. */
#define HEADER                                                                                     \
    "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nServer: Docker/20.10.24\r\n"                          \
    "Transfer-Encoding: chunked\r\n\r\n"
#define FRAMES "\1\0\0\0\0\0\0\4one\n\2\0\0\0\0\0\0\4two\n\1\0\0\0\0\0\0\6three\n"

static void test_both_streams(void **state)
{
    static const char bytes[] = HEADER "26\r\n" FRAMES "\r\n0\r\n\r\n";
    struct fake_reply reply = {.bytes = bytes, .length = sizeof(bytes) - 1};
    _cleanup_(written_release) struct written written = {0};
    _cleanup_free_ char *request = NULL;

    for (size_t piece = 0; piece <= 7; piece += 7) {
        reply.piece = piece;
        written_release(&written);
        free(request);
        assert_int_equal(logs(reply, false, "all", false, &written, &request, NULL), 0);
        assert_string_equal(strbuf_text(&written.out), "one\nthree\n");
        assert_string_equal(strbuf_text(&written.err), "two\n");
        assert_string_equal(
            request, "GET /v1.41/containers/a1/logs?stdout=1&stderr=1&follow=0&tail=all HTTP/1.1");
    }
}

/* A terminal's output has no frames: bytes that look like one are its own. */
static void test_terminal(void **state)
{
    static const char bytes[] = HEADER "c\r\n\1\0\0\0\0\0\0\4one\n\r\n0\r\n\r\n";
    const struct fake_reply reply = {.bytes = bytes, .length = sizeof(bytes) - 1};
    _cleanup_(written_release) struct written written = {0};
    _cleanup_free_ char *request = NULL;

    assert_int_equal(logs(reply, true, "5", true, &written, &request, NULL), 0);
    assert_int_equal(written.out.length, 12);
    assert_memory_equal(strbuf_text(&written.out), "\1\0\0\0\0\0\0\4one\n", 12);
    assert_string_equal(
        request, "GET /v1.41/containers/a1/logs?stdout=1&stderr=1&follow=1&tail=5 HTTP/1.1");
}

static void check_failing(
    struct fake_reply reply, bool full, enum error_code code, const char *message)
{
    struct error err = ERROR_INIT;
    _cleanup_(written_release) struct written written = {.full = full};

    assert_int_equal(logs(reply, false, "all", false, &written, NULL, &err), -1);
    assert_int_equal(err.code, code);
    assert_non_null(strstr(err.message, message));
    error_release(&err);
}

static void test_failures(void **state)
{
    static const char garbled[] = HEADER "8\r\n\7\0\0\0\0\0\0\4\r\n0\r\n\r\n";
    static const char cut[] = HEADER "c\r\n\1\0\0\0\0\0\0\4on";
    static const char whole[] = HEADER "c\r\n\1\0\0\0\0\0\0\4one\n\r\n0\r\n\r\n";

    check_failing((struct fake_reply){.bytes = garbled, .length = sizeof(garbled) - 1}, false,
        ERROR_ENGINE, "garbled");
    check_failing((struct fake_reply){.bytes = cut, .length = sizeof(cut) - 1, .hang_up = true},
        false, ERROR_ENGINE, "closed");
    check_failing((struct fake_reply){.bytes = whole, .length = sizeof(whole) - 1}, true,
        ERROR_FAILED, "no room");
    check_failing((struct fake_reply){.status = "404 Not Found",
                      .body = "{\"message\":\"No such container\"}"},
        false, ERROR_NOT_FOUND, "o such container");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both_streams),
        cmocka_unit_test(test_terminal),
        cmocka_unit_test(test_failures),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
