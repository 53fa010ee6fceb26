#include "check.h"

#include <json-c/json_tokener.h>
#include <stddef.h>

#include "base/json.h"

struct target {
    char *name;
    bool on;
    int64_t number;
    struct strv list;
    struct strmap map;
    struct json_object *value;
};

static const struct json_field fields[] = {
    {"Name", FIELD_STRING, offsetof(struct target, name), FIELD_REQUIRED},
    {"Deep/On", FIELD_BOOL, offsetof(struct target, on), 0},
    {"Number", FIELD_INT64, offsetof(struct target, number), 0},
    {"List", FIELD_STRV, offsetof(struct target, list), 0},
    {"Map", FIELD_STRMAP, offsetof(struct target, map), 0},
    {"Value", FIELD_VALUE, offsetof(struct target, value), 0},
};

static void target_release(struct target *target)
{
    free(target->name);
    strv_release(&target->list);
    strmap_release(&target->map);
}

static struct json_object *parse(const char *text)
{
    struct json_object *object = NULL;

    assert_int_equal(json_parse(text, strlen(text), &object, NULL), 0);
    return object;
}

static int decode(const char *text, struct target *target, struct error *err)
{
    _cleanup_(json_put) struct json_object *object = parse(text);

    return json_decode(object, fields, ELEMENTS(fields), target, err);
}

static void check_no_json(const char *text, size_t length)
{
    _cleanup_(error_release) struct error err = ERROR_INIT;
    struct json_object *object = NULL;

    assert_int_equal(json_parse(text, length, &object, &err), -1);
    assert_int_equal(err.code, ERROR_FAILED);
    assert_null(object);
}

static void test_parse(void **state)
{
    static const char *const right[] = {"{}", " [1] \n", "7", "-1.5e3", "true", "\"x\""};
    static const char *const wrong[] = {
        "", " ", "{", "[1,]", "{} x", "{}{}", "nul", "\"x", "[01]", "\"\xff\""};

    for (size_t i = 0; i < ELEMENTS(right); i++) {
        _cleanup_(json_put) struct json_object *object = parse(right[i]);
    }
    for (size_t i = 0; i < ELEMENTS(wrong); i++)
        check_no_json(wrong[i], strlen(wrong[i]));
    check_no_json("{}\0", 3);
    check_no_json("{}", (size_t)INT32_MAX + 1);
}

/* A document nested without end is refused, not followed. */
static void test_depth(void **state)
{
    char text[10000];

    memset(text, '[', sizeof(text));
    check_no_json(text, sizeof(text));
}

static void test_decode(void **state)
{
    _cleanup_(target_release) struct target target = {0};
    _cleanup_(error_release) struct error err = ERROR_INIT;

    int result = decode("{\"Name\":\"n\",\"Deep\":{\"On\":true},\"Number\":9007199254740993,"
                        "\"List\":[\"a\",\"\"],\"Map\":{\"k\":\"v\",\"n\":1,\"b\":true,\"z\":null},"
                        "\"Unknown\":{}}",
        &target, &err);
    assert_int_equal(result, 0);
    assert_string_equal(target.name, "n");
    assert_true(target.on);
    assert_true(target.number == 9007199254740993);
    assert_int_equal(target.list.count, 2);
    assert_string_equal(target.list.items[0], "a");
    assert_string_equal(strmap_get(&target.map, "k"), "v");
    assert_string_equal(strmap_get(&target.map, "n"), "1");
    assert_string_equal(strmap_get(&target.map, "b"), "true");
    assert_string_equal(strmap_get(&target.map, "z"), "");
    assert_null(target.value);
}

static void test_what_is_absent_stays(void **state)
{
    _cleanup_(target_release) struct target target = {.number = 7, .on = true};

    strv_push(&target.list, "kept");
    assert_int_equal(decode("{\"Name\":\"n\",\"Number\":null,\"Deep\":3}", &target, NULL), 0);
    assert_true(target.number == 7);
    assert_true(target.on);
    assert_int_equal(target.list.count, 1);
    assert_int_equal(decode("{\"Name\":\"m\",\"List\":[]}", &target, NULL), 0);
    assert_string_equal(target.name, "m");
    assert_int_equal(target.list.count, 0);
}

static void check_wrong(const char *text, const char *part)
{
    _cleanup_(target_release) struct target target = {0};
    _cleanup_(error_release) struct error err = ERROR_INIT;

    assert_int_equal(decode(text, &target, &err), -1);
    if (!strstr(err.message, part))
        fail_msg("'%s' does not say '%s'", err.message, part);
}

/* Parsed as a stream is, in which nobody has looked at the bytes. */
static void check_no_utf8(const char *text, const char *expected)
{
    _cleanup_(error_release) struct error err = ERROR_INIT;
    _cleanup_(json_put) struct json_object *object = json_tokener_parse(text);
    struct target target = {.name = xstrdup("before")};

    assert_non_null(object);
    assert_int_equal(json_decode(object, fields, ELEMENTS(fields), &target, &err), -1);
    assert_non_null(strstr(err.message, expected));
    target_release(&target);
}

static void test_no_utf8(void **state)
{
    check_no_utf8("{\"Name\":\"a\xff\"}", "Name is not valid UTF-8");
    check_no_utf8("{\"Name\":\"gr\xc3\xbcn \xe2\x82\"}", "Name is not valid UTF-8");
    check_no_utf8("{\"Name\":\"n\",\"List\":[\"a\",\"\xed\xa0\x80\"]}", "List is not valid UTF-8");
    check_no_utf8("{\"Name\":\"n\",\"Map\":{\"k\":\"\x80\"}}", "Map is not valid UTF-8");
    check_no_utf8("{\"Name\":\"n\",\"Map\":{\"\xc0\x80\":\"v\"}}", "Map is not valid UTF-8");
}

static void test_wrong_types(void **state)
{
    check_wrong("[]", "object was expected");
    check_wrong("{}", "Name is missing");
    check_wrong("{\"Name\":null}", "Name is missing");
    check_wrong("{\"Name\":1}", "Name is not a string");
    check_wrong("{\"Name\":\"n\",\"Deep\":{\"On\":1}}", "Deep/On is not true or false");
    check_wrong("{\"Name\":\"n\",\"Number\":\"1\"}", "Number is not a whole number");
    check_wrong("{\"Name\":\"n\",\"Number\":1.5}", "Number is not a whole number");
    check_wrong("{\"Name\":\"n\",\"List\":[1]}", "List is not an array of strings");
    check_wrong("{\"Name\":\"n\",\"List\":{}}", "List is not an array of strings");
    check_wrong("{\"Name\":\"n\",\"Map\":[]}", "Map is not an object of strings");
    check_wrong("{\"Name\":\"n\",\"Map\":{\"k\":{}}}", "Map is not an object of strings");
}

static void test_at(void **state)
{
    _cleanup_(json_put) struct json_object *object = parse("{\"a\":{\"b\":{\"c\":1}},\"\":2}");

    assert_int_equal(json_object_get_int(json_at(object, "a/b/c")), 1);
    assert_null(json_at(object, "a/x/c"));
    assert_null(json_at(object, "a/b/c/d"));
    assert_null(json_at(NULL, "a"));
    assert_int_equal(json_object_get_int(json_at(object, "")), 2);
}

static void test_writing(void **state)
{
    _cleanup_(strv_release) struct strv list = STRV_INIT;
    _cleanup_(strmap_release) struct strmap map = STRMAP_INIT;

    strv_push(&list, "a");
    strmap_set(&map, "k", "v");
    _cleanup_(json_put) struct json_object *array = json_from_strv(&list);
    _cleanup_(json_put) struct json_object *object = json_from_strmap(&map);
    json_add_string(object, "x", "y");
    json_add_string(object, "none", NULL);
    assert_string_equal(json_object_to_json_string_ext(array, JSON_C_TO_STRING_PLAIN), "[\"a\"]");
    assert_string_equal(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN),
        "{\"k\":\"v\",\"x\":\"y\"}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_decode),
        cmocka_unit_test(test_what_is_absent_stays),
        cmocka_unit_test(test_wrong_types),
        cmocka_unit_test(test_no_utf8),
        cmocka_unit_test(test_at),
        cmocka_unit_test(test_writing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
