#include "check.h"

#include "base/xalloc.h"
#include "model/image_layers.h"

/* "a b c" as the layers of the image `id`; the first is of 1 byte, then 10, 100 … */
static struct image_layers image(const char *id, const char *layers)
{
    struct image_layers made = {.id = xstrdup(id)};
    int64_t size = 1;

    strv_push_words(&made.layers, layers);
    made.sizes = xcalloc(made.layers.count + 1, sizeof(*made.sizes));
    for (size_t i = 0; i < made.layers.count; i++, size *= 10)
        made.sizes[i] = size;
    return made;
}

static void assert_freed(
    const struct image_layers *images, size_t count, const char *ids, int64_t expected)
{
    struct strv going = STRV_INIT;

    strv_push_words(&going, ids);
    assert_int_equal(image_layers_freed(images, count, &going), expected);
    strv_release(&going);
}

static void test_what_others_have_stays(void **state)
{
    struct image_layers images[] = {
        image("base", "a b"),
        image("current", "a b c d"),
        image("previous", "a b c e f"),
        image("other", "x b c d"),
        image("twin", "a b c d"),
    };

    assert_freed(images, 3, "current", 1000);
    assert_freed(images, 3, "previous", 11000);
    /* The layer c is only theirs, and counted once. */
    assert_freed(images, 3, "current previous", 12100);
    assert_freed(images, 3, "base current previous", 12111);
    /* The same step on another base is another layer. */
    assert_freed(images, 4, "current previous", 12100);
    assert_freed(images, 5, "current previous", 11000);
    assert_freed(images, 5, "current previous twin", 12100);
    assert_freed(images, 5, "", 0);
    assert_freed(images, 5, "gone", 0);
    for (size_t i = 0; i < ELEMENTS(images); i++)
        image_layers_release(&images[i]);
}

static void test_what_is_not_known_is_not_guessed(void **state)
{
    struct image_layers images[] = {image("one", "a b"), image("two", "a c")};

    free(TAKE_PTR(images[0].sizes));
    assert_freed(images, 2, "one", -1);
    assert_freed(images, 2, "two", 10);
    for (size_t i = 0; i < ELEMENTS(images); i++)
        image_layers_release(&images[i]);
}

struct step {
    const char *text;
    int64_t size;
};

/* What the steps make of an image of `layers`: "100 0 7", or "" where they do not fit. */
static void assert_sizes(
    const char *layers, const struct step *steps, size_t count, const char *expected)
{
    struct image_layers made = {.id = xstrdup("x")};
    struct strv texts = STRV_INIT, seen = STRV_INIT;
    int64_t sizes[16];

    strv_push_words(&made.layers, layers);
    for (size_t i = 0; i < count; i++) {
        strv_push(&texts, steps[i].text);
        sizes[i] = steps[i].size;
    }
    if (image_layers_set_sizes(&made, &texts, sizes))
        for (size_t i = 0; i < made.layers.count; i++)
            strv_take(&seen, xasprintf("%lld", (long long)made.sizes[i]));
    char *joined = strv_join(&seen, " ");
    assert_string_equal(joined, expected);
    free(joined);
    strv_release(&texts);
    strv_release(&seen);
    image_layers_release(&made);
}

static void test_sizes_from_the_history(void **state)
{
    static const struct step built[] = {
        {"LABEL a=b", 0},
        {"RUN /bin/sh -c useradd x", 9},
        {"ENV A=1", 0},
        {"RUN /bin/sh -c true", 0},
        {"WORKDIR /workspace", 0},
        {"", 100},
    };
    static const struct step classic[] = {
        {"/bin/sh -c touch /x", 0},
        {"/bin/sh -c #(nop)  ENV A=1", 0},
        {"/bin/sh -c #(nop) COPY file:1 in /y ", 5},
        {"/bin/sh -c true", 0},
        {"/bin/sh -c #(nop) ADD file:2 in / ", 100},
    };
    static const struct step nonsense[] = {{"RUN x", -1}};

    assert_sizes("a b c d", built, ELEMENTS(built), "100 0 0 9");
    /* One without bytes was left out: the oldest. */
    assert_sizes("a b c", classic, ELEMENTS(classic), "100 5 0");
    assert_sizes("a b c d e", classic, ELEMENTS(classic), "");
    assert_sizes("a", classic, ELEMENTS(classic), "");
    assert_sizes("a", nonsense, ELEMENTS(nonsense), "");
    assert_sizes("", NULL, 0, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_others_have_stays),
        cmocka_unit_test(test_what_is_not_known_is_not_guessed),
        cmocka_unit_test(test_sizes_from_the_history),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
