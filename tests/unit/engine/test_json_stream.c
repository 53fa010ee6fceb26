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
static int run_stream(struct json_stream stream, const char *text, size_t piece, struct error *err)
{
    int result = feed(&stream, text, piece, err);

    json_stream_release(&stream);
    return result;
}

static int run(const char *text, size_t piece, size_t max, struct strbuf *seen, struct error *err)
{
    return run_stream(
        (struct json_stream){.take = note, .context = seen, .object_max = max}, text, piece, err);
}

static int run_array(const char *text, size_t piece, struct strbuf *seen, struct error *err)
{
    return run_stream(
        (struct json_stream){.take = note, .context = seen, .is_array = true}, text, piece, err);
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

/* It fails in pieces of any size, and says so in these words unless NULL. */
static void check_fails(bool is_array, const char *text, const char *expected)
{
    for (size_t piece = 1; piece < 9; piece++) {
        struct strbuf seen = STRBUF_INIT(1000);
        struct error err = ERROR_INIT;
        int result =
            is_array ? run_array(text, piece, &seen, &err) : run(text, piece, 0, &seen, &err);
        assert_int_equal(result, -1);
        assert_int_equal(err.code, ERROR_ENGINE);
        if (expected)
            assert_string_equal(err.message, expected);
        error_release(&err);
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

    for (size_t i = 0; i < ELEMENTS(cases); i++)
        check_fails(false, cases[i], NULL);
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

static void test_array(void **state)
{
    static const char *const cases[][2] = {
        {"[]", ""},
        {" [ ]\n", ""},
        {"[{\"s\":\"a\"}]", "a|"},
        {" [ {\"s\":\"grün\"} ,\n{\"s\":\"],[\"},{\"t\":[{\"s\":1}]} ]\r\n", "grün|],[|-|"},
    };

    for (size_t i = 0; i < ELEMENTS(cases); i++) {
        for (size_t piece = 1; piece <= strlen(cases[i][0]); piece++) {
            struct strbuf seen = STRBUF_INIT(1000);
            assert_int_equal(run_array(cases[i][0], piece, &seen, NULL), 0);
            assert_string_equal(strbuf_text(&seen), cases[i][1]);
            strbuf_release(&seen);
        }
    }
}

static void test_no_array(void **state)
{
    static const char *const other[] = {
        "",
        "{}",
        "{\"s\":\"a\"}",
        "null",
        "<html>",
        "[{}{}]",
        "[{},]",
        "[,{}]",
        "[{},,{}]",
        "[{}]]",
        "[{}][]",
        "[{}],",
        "[{}] {}",
        "[[]]",
        "[7]",
        "[null]",
        "[\"a\"]",
        "[{\"s\":}]",
    };
    static const char *const cut[] = {"[", "[{}", "[{},", "[{}, {\"s\":\"a", " [\n"};

    for (size_t i = 0; i < ELEMENTS(other); i++)
        check_fails(true, other[i], "no JSON array of objects");
    for (size_t i = 0; i < ELEMENTS(cut); i++)
        check_fails(true, cut[i], "it ends in the middle of the list");
}

/* A NUL is no blank, wherever the pieces end. */
static void test_nul(void **state)
{
    static const char text[] = "{\"s\":\0\"a\"}";

    for (size_t piece = 1; piece <= sizeof(text) - 1; piece++) {
        struct strbuf seen = STRBUF_INIT(1000);
        struct json_stream stream = {.take = note, .context = &seen};
        struct error err = ERROR_INIT;
        int result = 0;
        for (size_t at = 0; result == 0 && at < sizeof(text) - 1; at += piece) {
            size_t left = sizeof(text) - 1 - at;
            result = json_stream_feed(&stream, text + at, left < piece ? left : piece, &err);
        }
        assert_int_equal(result, -1);
        assert_int_equal(err.code, ERROR_ENGINE);
        json_stream_release(&stream);
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
        cmocka_unit_test(test_array),
        cmocka_unit_test(test_no_array),
        cmocka_unit_test(test_nul),
        cmocka_unit_test(test_taker_stops),
        cmocka_unit_test(test_deep_nesting),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
