/* Messages of engines as sentences. */
#include "check.h"

#include "engine/sentence.h"

static void test_sentences(void **state)
{
    static const char *const cases[][2] = {
        {"No such image: x", "No such image: x"},
        {"no such image: x: No such image: x", "No such image: x"},
        {"Conflict. The name is taken.", "Conflict. The name is taken"},
        {"", ""},
        {"...", ""},
        {"two\r\nlines\t and \x1b[31mred", "two lines and [31mred"},
        {"OCI runtime create failed: runc create failed: unable to start container process: "
         "exec: \"foo\": executable file not found in $PATH: unknown",
            "exec: \"foo\": executable file not found in $PATH"},
        {"OCI runtime create failed: ", "OCI runtime create failed:"},
        {": unknown", ": unknown"},
    };

    for (size_t i = 0; i < ELEMENTS(cases); i++) {
        _cleanup_free_ char *sentence = sentence_from(cases[i][0], strlen(cases[i][0]));
        assert_string_equal(sentence, cases[i][1]);
    }
}

static void test_bound(void **state)
{
    char text[5000];

    memset(text, 'a', sizeof(text));
    _cleanup_free_ char *sentence = sentence_from(text, sizeof(text));
    assert_true(strlen(sentence) <= SENTENCE_MAX + strlen("…"));
    assert_string_equal(sentence + strlen(sentence) - strlen("…"), "…");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sentences),
        cmocka_unit_test(test_bound),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
