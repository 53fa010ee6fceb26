/*
 * The first byte is how the rest comes in pieces: what is taken does not depend on them. An array
 * of objects that a strict parser takes whole is taken element by element, and no other is, but
 * for how deep it may be nested and for texts that are not UTF-8, which are looked at later.
 */
#include "fuzz.h"

#include "base/json.h"
#include "base/strbuf.h"
#include "engine/json_stream.h"

#define SEEN_MAX ((size_t)1 << 24)

static int note(void *context, struct json_object *object, struct error *err)
{
    strbuf_addf(context, "%s\n", json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN));
    return 0;
}

static bool run(bool is_array, const char *text, size_t length, size_t piece, struct strbuf *seen)
{
    struct json_stream stream = {.take = note, .context = seen, .is_array = is_array};
    bool good = true;

    for (size_t at = 0; good && at < length; at += piece) {
        size_t part = length - at < piece ? length - at : piece;
        good = json_stream_feed(&stream, text + at, part, NULL) == 0;
    }
    good = good && json_stream_finish(&stream, NULL) == 0;
    json_stream_release(&stream);
    return good;
}

/* Where a piece ends behind a number, json-c passes over a '-' that follows: "4-" is 4. */
static bool has_loose_minus(const char *text, size_t length)
{
    for (size_t i = 1; i < length; i++)
        if (text[i] == '-' && text[i - 1] >= '0' && text[i - 1] <= '9')
            return true;
    return false;
}

static void require_same(bool is_array, const char *text, size_t length, size_t piece)
{
    _cleanup_(strbuf_release) struct strbuf whole = STRBUF_INIT(SEEN_MAX);
    _cleanup_(strbuf_release) struct strbuf parted = STRBUF_INIT(SEEN_MAX);
    bool good = length ? run(is_array, text, length, length, &whole) : !is_array;

    if (run(is_array, text, length, piece, &parted) != good)
        require(!good && has_loose_minus(text, length));
    else if (good)
        require(strcmp(strbuf_text(&whole), strbuf_text(&parted)) == 0);
}

/* The elements as note() writes them; false where one is no object. */
static bool write_elements(struct json_object *array, struct strbuf *out)
{
    for (size_t i = 0; i < json_object_array_length(array); i++) {
        struct json_object *element = json_object_array_get_idx(array, i);
        if (!json_object_is_type(element, json_type_object))
            return false;
        note(out, element, NULL);
    }
    return true;
}

static void require_strict(const char *text, size_t length)
{
    _cleanup_(strbuf_release) struct strbuf taken = STRBUF_INIT(SEEN_MAX);
    _cleanup_(strbuf_release) struct strbuf expected = STRBUF_INIT(SEEN_MAX);
    _cleanup_(json_put) struct json_object *array = NULL;
    _cleanup_(error_release) struct error err = ERROR_INIT;
    bool good = length && run(true, text, length, length, &taken);

    if (json_parse(text, length, &array, &err) < 0)
        require(!good || strstr(err.message, "nesting") || strstr(err.message, "utf-8"));
    else if (json_object_is_type(array, json_type_array) && write_elements(array, &expected))
        require(good && strcmp(strbuf_text(&taken), strbuf_text(&expected)) == 0);
    else
        require(!good);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size)
        return 0;
    const char *text = (const char *)data + 1;
    size_t piece = data[0] ? data[0] : 1;

    require_same(false, text, size - 1, piece);
    require_same(true, text, size - 1, piece);
    require_strict(text, size - 1);
    return 0;
}
