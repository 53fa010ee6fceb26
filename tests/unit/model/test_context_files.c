#include "check.h"

#include "model/context_files.h"

static bool taken(const char *lines)
{
    _cleanup_(dockerfile_freep) struct dockerfile *file = NULL;
    _cleanup_(error_release) struct error err = ERROR_INIT;
    _cleanup_free_ char *text = xasprintf("FROM debian:12 AS first\n%s\n", lines);

    if (dockerfile_parse(text, strlen(text), &file, &err) < 0)
        fail_msg("%s: %s", lines, err.message);
    return context_files_taken(file);
}

static void test_taken(void **state)
{
    static const char *const lines[] = {
        "COPY a /a",
        "copy a b /c/",
        "COPY --chown=1:1 \\\n  # why\n  a /a",
        "COPY [\"a\", \"/a\"]",
        "COPY $FILES /a",
        "COPY <<EOF a /c/\ntext\nEOF",
        "COPY https://example.org/x /x", /* an odd folder, no address */
        "COPY --from=first /x /x\nCOPY a /a",
        "ADD a.tar /",
        "ADD https://example.org/x a /c/",
        "ADD [\"https://example.org/x\", \"/x\"]",
        "RUN --mount=type=bind,target=/src make",
        "RUN --mount=target=/src,source=. make",
        "RUN --mount=TYPE=BIND,target=/src make",
        "RUN --mount=type=$KIND,target=/src make",
        "RUN --mount=type=cache,target=/c --mount=type=bind,source=a,target=/a make",
        "RUN --network=none \\\n  --mount=type=bind,source=a,target=/a \\\n  make",
        "RUN --mount=type=bind,from=,target=/a make",
        "ONBUILD COPY . /app",
        "ONBUILD   add x /x",
        "onbuild RUN --mount=type=bind,target=/src make",
    };

    for (size_t i = 0; i < ELEMENTS(lines); i++)
        if (!taken(lines[i]))
            fail_msg("takes files: %s", lines[i]);
}

static void test_not_taken(void **state)
{
    static const char *const lines[] = {
        "",
        "RUN cp a b",
        "# COPY a /a",
        "RUN echo \\\n  COPY a /a",
        "RUN <<EOF\nCOPY a /a\nEOF",
        "COPY --from=first /x /x",
        "COPY --chown=1:1 --from=debian:12 /x /x",
        "COPY <<EOF /a\ntext\nEOF",
        "COPY <<A <<\"B\" /c/\none\nA\ntwo\nB",
        "ADD https://example.org/x http://example.org/y /c/",
        "RUN --mount=type=cache,target=/c make",
        "RUN --mount=target=/c,type=Cache make",
        "RUN --mount=type=secret,id=x --mount=type=ssh --mount=type=tmpfs,target=/t make",
        "RUN --mount=type=bind,from=first,target=/x make",
        "RUN --mount=from=debian:12,target=/x make",
        "RUN make --mount=type=bind,target=/src",
        "ONBUILD RUN make",
        "ONBUILD COPY --from=first /x /x",
        "LABEL a=\"COPY a /a\"",
    };

    for (size_t i = 0; i < ELEMENTS(lines); i++)
        if (taken(lines[i]))
            fail_msg("takes no files: %s", lines[i]);
}

static void test_paths(void **state)
{
    static const struct {
        const char *lines, *paths; /* NULL: it may be any */
    } vectors[] = {
        {"RUN make", ""},
        {"COPY a /a", "a"},
        {"COPY ./src/ /app/", "src"},
        {"COPY /src//./lib /app/", "src/lib"},
        {"COPY a b/c /app/\nADD a d.tar /x/", "a b/c d.tar"},
        {"COPY .env ..a a.b .. /x", NULL},
        {"COPY .env ..a a.b /x", ".env ..a a.b"},
        {"COPY --chown=1:1 --chmod=644 a /a", "a"},
        {"COPY <<EOF a /c/\ntext\nEOF", "a"},
        {"COPY --from= a /a", "a"},
        {"ADD https://example.org/x a /c/", "a"},
        {"COPY . /app", NULL},
        {"COPY ./ /app", NULL},
        {"COPY / /app", NULL},
        {"COPY ../a /app", NULL},
        {"COPY a/../b /app", NULL},
        {"COPY *.py /app/", NULL},
        {"COPY a? /app/", NULL},
        {"COPY data[0] /app/", NULL},
        {"COPY a$B /app/", NULL},
        {"COPY \"a b\" /app/", NULL},
        {"COPY a\\ b /app/", NULL},
        {"COPY [\"a\", \"/a\"]", NULL},
        {"COPY --chown=1:1 [\"a\", \"/a\"]", NULL},
        {"COPY a /a\nCOPY . /b", NULL},
        {"RUN --mount=type=bind,target=/src make", NULL},
        {"RUN --mount=type=bind,source=.,target=/src make", NULL},
        {"RUN --mount=type=bind,source=a/b,target=/src make", "a/b"},
        {"RUN --mount=src=a,target=/src --mount=type=cache,target=/c make", "a"},
        {"RUN --mount=type=$KIND,target=/src make", NULL},
        {"ONBUILD COPY a /app", "a"},
        {"ONBUILD COPY . /app", NULL},
    };

    for (size_t i = 0; i < ELEMENTS(vectors); i++) {
        _cleanup_(dockerfile_freep) struct dockerfile *file = NULL;
        _cleanup_(strv_release) struct strv paths = STRV_INIT;
        _cleanup_free_ char *text = xasprintf("FROM debian:12\n%s\n", vectors[i].lines);
        assert_int_equal(dockerfile_parse(text, strlen(text), &file, NULL), 0);
        bool known = context_files_find(file, &paths);
        _cleanup_free_ char *joined = strv_join(&paths, " ");
        if (known != (vectors[i].paths != NULL))
            fail_msg("%s: %s", vectors[i].lines, known ? joined : "any");
        if (known)
            assert_string_equal(joined, vectors[i].paths);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_taken),
        cmocka_unit_test(test_not_taken),
        cmocka_unit_test(test_paths),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
