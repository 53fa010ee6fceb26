#include "check.h"

#include "model/xauthority.h"

/* family, address, number, name, data; as `xauth` writes them. */
#define OURS_10    "\001\000\000\004host\000\00210\000\001N\000\003abc"
#define OTHERS_10  "\001\000\000\005other\000\00210\000\001N\000\003xyz"
#define BY_ADDRESS "\000\000\000\004\012\000\000\001\000\0010\000\001N\000\001d"
#define WILD_10    "\377\377\000\004host\000\00210\000\001N\000\003abc"

static void assert_becomes(const char *in, size_t in_length, const char *out, size_t out_length)
{
    struct strbuf seen = STRBUF_INIT(XAUTHORITY_MAX);

    assert_int_equal(xauthority_for_container(in, in_length, "host", &seen, NULL), 0);
    assert_int_equal(seen.length, out_length);
    assert_memory_equal(strbuf_text(&seen), out, out_length);
    strbuf_release(&seen);
}

#define BECOMES(in, out) assert_becomes(in, sizeof(in) - 1, out, sizeof(out) - 1)

static void test_entries(void **state)
{
    (void)state;
    BECOMES("", "");
    BECOMES(OURS_10, WILD_10);
    BECOMES(OTHERS_10, "");
    BECOMES(BY_ADDRESS, BY_ADDRESS);
    BECOMES(WILD_10, WILD_10);
    BECOMES(OTHERS_10 BY_ADDRESS OURS_10, BY_ADDRESS WILD_10);
}

static void test_what_is_cut_short_is_none(void **state)
{
    static const char whole[] = BY_ADDRESS OURS_10;
    struct strbuf seen = STRBUF_INIT(XAUTHORITY_MAX);

    (void)state;
    strbuf_add(&seen, "kept", 4);
    for (size_t length = 1; length < sizeof(whole) - 1; length++) {
        int result = xauthority_for_container(whole, length, "host", &seen, NULL);
        assert_int_equal(result, length == sizeof(BY_ADDRESS) - 1 ? 0 : -1);
        strbuf_truncate(&seen, result == 0 ? 4 : seen.length);
        assert_int_equal(seen.length, 4);
    }
    strbuf_release(&seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_entries),
        cmocka_unit_test(test_what_is_cut_short_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
