/* JSON objects one behind the other, in pieces of any size. */
#include "check.h"

#include "base/json.h"
#include "base/strbuf.h"
#include "engine/json_stream.h"

static int note(void *context, struct json_object *object, struct error *err)
{
    struct strbuf *seen = context;
    const char *text = json_object_get_string(json_at(object, "s"));

    if (text && strcmp(text, "stop") == 0)
        return error_set(err, ERROR_REFUSED, "stopped");
    strbuf_addf(seen, "%s|", text ? text : "-");
    return 0;
}

static int feed(struct json_stream *stream, const char *text, size_t piece, struct error *err)
{
    size_t length = strlen(text);

    for (size_t at = 0; at < length; at += piece) {
        size_t part = length - at < piece ? length - at : piece;
        if (json_stream_feed(stream, text + at, part, err) < 0)
            return -1;
    }
    return json_stream_finish(stream, err);
}

/* Runs the whole text through a stream, parted every `piece` bytes. */
static int run(const char *text, size_t piece, size_t max, struct strbuf *seen, struct error *err)
{
    struct json_stream stream = {.take = note, .context = seen, .object_max = max};
    int result = feed(&stream, text, piece, err);

    json_stream_release(&stream);
    return result;
}

static void test_any_pieces(void **state)
{
    static const char text[] =
        "{\"s\":\"grün €\"}\r\n{\"s\":\"𝄞\"} {\"t\":{\"s\":[1,2]}}{\"s\":\"\\u20ac\"}\n\n";

    for (size_t piece = 1; piece <= sizeof(text); piece++) {
        struct strbuf seen = STRBUF_INIT(1000);
        assert_int_equal(run(text, piece, 0, &seen, NULL), 0);
        assert_string_equal(strbuf_text(&seen), "grün €|𝄞|-|€|");
        strbuf_release(&seen);
    }
}

static void test_garbage(void **state)
{
    static const char *const cases[] = {
        "garbage\n",
        "{\"s\":1}}",
        "[1]",
        "17 ",
        "{\"s\":",

        "null\n",
    };

    for (size_t i = 0; i < ELEMENTS(cases); i++) {
        for (size_t piece = 1; piece < 9; piece++) {
            struct strbuf seen = STRBUF_INIT(1000);
            struct error err = ERROR_INIT;
            assert_int_equal(run(cases[i], piece, 0, &seen, &err), -1);
            assert_int_equal(err.code, ERROR_ENGINE);
            error_release(&err);
            strbuf_release(&seen);
        }
    }
}

static void test_bound(void **state)
{
    static const char text[] = "{\"s\":\"0123456789\"}{\"s\":\"0123456789\"}";

    for (size_t piece = 1; piece <= sizeof(text); piece++) {
        struct strbuf seen = STRBUF_INIT(1000);
        struct error err = ERROR_INIT;
        assert_int_equal(run(text, piece, 18, &seen, &err), 0);
        assert_int_equal(run(text, piece, 17, &seen, &err), -1);
        assert_int_equal(err.code, ERROR_ENGINE);
        error_release(&err);
        strbuf_release(&seen);
    }
}

static void test_taker_stops(void **state)
{
    struct strbuf seen = STRBUF_INIT(1000);
    struct error err = ERROR_INIT;

    assert_int_equal(run("{\"s\":\"a\"}{\"s\":\"stop\"}{\"s\":\"b\"}", 100, 0, &seen, &err), -1);
    assert_int_equal(err.code, ERROR_REFUSED);
    assert_string_equal(strbuf_text(&seen), "a|");
    error_release(&err);
    strbuf_release(&seen);
}

static void test_deep_nesting(void **state)
{
    struct strbuf text = STRBUF_INIT(100000);
    struct strbuf seen = STRBUF_INIT(10);
    struct error err = ERROR_INIT;

    for (int i = 0; i < 10000; i++)
        strbuf_adds(&text, "{\"s\":");
    assert_int_equal(run(text.text, 1000, 0, &seen, &err), -1);
    assert_int_equal(err.code, ERROR_ENGINE);
    error_release(&err);
    strbuf_release(&text);
    strbuf_release(&seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_pieces),
        cmocka_unit_test(test_garbage),
        cmocka_unit_test(test_bound),
        cmocka_unit_test(test_taker_stops),
        cmocka_unit_test(test_deep_nesting),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
