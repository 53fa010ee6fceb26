/*
 * What the engine's answers to a build become: recorded ones of Docker 20.10 and Podman 4.3
 * (the directory is the first argument), and messages made here for what cannot be recorded at
 * will.
 */
#include "check.h"

#include <fcntl.h>

#include "base/base64.h"
#include "base/file.h"
#include "engine/build_answer.h"
#include "engine/build_failure.h"
#include "engine/build_reason.h"
#include "engine/build_steps.h"
#include "engine/build_trace.h"
#include "engine/build_trace.pb-c.h"

#define TRANSCRIPT_MAX ((size_t)1 << 20)
#define IMAGE_ID       "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* What each recorded build begins with. */
#define PREPARATION                                                                                \
    "(own) running [internal] load remote build context\n"                                         \
    "(own) done [internal] load remote build context\n"                                            \
    "(own) waiting copy /context /\n"                                                              \
    "(own) cached copy /context /\n"                                                               \
    "(own) running [internal] load metadata for docker.io/ds01-test/base:1\n"                      \
    "(own) done [internal] load metadata for docker.io/ds01-test/base:1\n"

static const char *recorded;

/* One line an event, without what differs from run to run. */
static void transcribe(void *context, const struct build_event *event)
{
    static const char *const states[] = {"waiting", "running", "cached", "done", "failed"};
    struct strbuf *transcript = context;

    assert_non_null(event->step);
    if (event->kind == BUILD_OUTPUT) {
        assert_null(event->name);
        strbuf_addf(transcript, "| %.*s", (int)event->length, event->text);
        return;
    }
    if (event->kind == BUILD_WARNING)
        strbuf_adds(transcript, "warning ");
    else
        assert_true(event->seconds >= 0 && event->seconds < 100);
    strbuf_addf(
        transcript, "%s%s %s", event->internal ? "(own) " : "", states[event->state], event->name);
    if (event->length)
        strbuf_addf(transcript, ": %.*s", (int)event->length, event->text);
    if (event->current >= 0)
        strbuf_addf(
            transcript, " %lld of %lld", (long long)event->current, (long long)event->total);
    strbuf_addc(transcript, '\n');
}

/* Feeds `text` in pieces of `piece` bytes. */
static int play(const char *text, size_t length, size_t piece, struct strbuf *transcript,
    char **ret_id, struct error *err)
{
    _cleanup_(build_answer_release) struct build_answer answer;

    build_answer_init(&answer, transcribe, transcript);
    for (size_t at = 0; at < length; at += piece) {
        size_t left = length - at;
        if (build_answer_feed(&answer, text + at, left < piece ? left : piece, err) < 0)
            return -1;
    }
    return build_answer_finish(&answer, ret_id, err);
}

/* The same whatever the pieces are: the last one's result is returned. */
static int play_in_pieces(
    const char *text, size_t length, char **ret_transcript, char **ret_id, struct error *err)
{
    static const size_t pieces[] = {1, 7, 1000, SIZE_MAX / 2};
    _cleanup_free_ char *first = NULL;
    int result = 0;

    for (size_t i = 0; i < ELEMENTS(pieces); i++) {
        struct strbuf transcript = STRBUF_INIT(TRANSCRIPT_MAX);
        free(*ret_id);
        *ret_id = NULL;
        result = play(text, length, pieces[i], &transcript, ret_id, err);
        char *events = strbuf_detach(&transcript);
        if (first)
            assert_string_equal(events, first);
        free(first);
        first = events;
    }
    *ret_transcript = TAKE_PTR(first);
    return result;
}

static void check_answer(const char *text, const char *wanted_transcript, const char *wanted_id,
    const char *wanted_error)
{
    _cleanup_(error_release) struct error err = ERROR_INIT;
    _cleanup_free_ char *transcript = NULL;
    _cleanup_free_ char *id = NULL;
    int result = play_in_pieces(text, strlen(text), &transcript, &id, &err);

    if (wanted_transcript)
        assert_string_equal(transcript, wanted_transcript);
    if (wanted_error) {
        assert_int_equal(result, -1);
        assert_null(id);
        assert_string_equal(err.message, wanted_error);
    } else {
        assert_int_equal(result, 0);
        assert_string_equal(id, wanted_id);
    }
}

static void check_recorded(const char *name, const char *wanted_transcript, const char *wanted_id,
    const char *wanted_error)
{
    _cleanup_close_ int dir = open(recorded, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    _cleanup_free_ char *text = NULL;

    assert_true(dir >= 0);
    assert_int_equal(file_read_at(dir, name, TRANSCRIPT_MAX, &text, NULL, NULL), 0);
    check_answer(text, wanted_transcript, wanted_id, wanted_error);
}

static void test_passing(_unused_ void **state)
{
    check_recorded("build-passing.jsonl",
        PREPARATION
        "waiting [1/4] FROM docker.io/ds01-test/base:1\n"
        "waiting [2/4] RUN echo hello && for i in 1 2 3; do echo line $i; sleep 0.2; done\n"
        "waiting [3/4] COPY data /data\n"
        "waiting [4/4] RUN echo second\n"
        "cached [1/4] FROM docker.io/ds01-test/base:1\n"
        "running [2/4] RUN echo hello && for i in 1 2 3; do echo line $i; sleep 0.2; done\n"
        "| hello\n"
        "line 1\n"
        "| line 2\n"
        "| line 3\n"
        "done [2/4] RUN echo hello && for i in 1 2 3; do echo line $i; sleep 0.2; done\n"
        "running [3/4] COPY data /data\n"
        "done [3/4] COPY data /data\n"
        "running [4/4] RUN echo second\n"
        "| second\n"
        "done [4/4] RUN echo second\n"
        "(own) running exporting to image\n"
        "(own) done exporting to image\n",
        "sha256:7f5197cbc11b85f2605395a3495ca275758229bbc6c17ab40c0acf6c465140e5", NULL);
}

static void test_cached(_unused_ void **state)
{
    check_recorded("build-cached.jsonl",
        PREPARATION
        "waiting [1/4] FROM docker.io/ds01-test/base:1\n"
        "waiting [2/4] RUN echo hello && for i in 1 2 3; do echo line $i; sleep 0.2; done\n"
        "waiting [3/4] COPY data /data\n"
        "waiting [4/4] RUN echo second\n"
        "done [1/4] FROM docker.io/ds01-test/base:1\n"
        "cached [2/4] RUN echo hello && for i in 1 2 3; do echo line $i; sleep 0.2; done\n"
        "cached [3/4] COPY data /data\n"
        "cached [4/4] RUN echo second\n"
        "(own) running exporting to image\n"
        "(own) done exporting to image\n",
        "sha256:7f5197cbc11b85f2605395a3495ca275758229bbc6c17ab40c0acf6c465140e5", NULL);
}

static void test_failing(_unused_ void **state)
{
    check_recorded("build-failing.jsonl",
        PREPARATION "waiting [1/3] FROM docker.io/ds01-test/base:1\n"
                    "waiting [2/3] RUN echo one\n"
                    "waiting [3/3] RUN echo oops >&2; exit 3\n"
                    "done [1/3] FROM docker.io/ds01-test/base:1\n"
                    "cached [2/3] RUN echo one\n"
                    "running [3/3] RUN echo oops >&2; exit 3\n"
                    "| oops\n"
                    "failed [3/3] RUN echo oops >&2; exit 3: exit code 3\n",
        NULL, "step 3/3 failed with exit code 3: RUN echo oops >&2; exit 3");
}

static void test_missing_file(_unused_ void **state)
{
    check_recorded("build-missing-file.jsonl", NULL, NULL,
        "step 2/2 failed (\"/nothere\" not found): COPY nothere /x");
}

/* Podman 4 and 5: text of Buildah, the image in "aux" or in a line of its own. */
static void test_podman(_unused_ void **state)
{
    static const char steps[] =
        "{\"stream\":\"Trying to pull base...\\n\"}\n"
        "{\"stream\":\"STEP 1/4: FROM base\\n\"}\n"
        "{\"stream\":\"STEP 2/4: RUN echo \\u00e9\\n\"}{\"stream\":\"--> Using cache 1a2b\\n\"}"
        "{\"stream\":\"--> 1a2b\\nSTEP 3/4: RUN echo b\\nb\\nSTEP\"}"
        "{\"stream\":\" is a word\\n\"}\n"
        "{\"stream\":\"[2/2] STEP 4/4: COPY a /a\\n\"}\n"
        "{\"stream\":\"COMMIT x\\n\"}\n{\"stream\":\"--> 3c4d\\n\"}\n";
    static const char events[] = "(own) running preparing the build\n"
                                 "| Trying to pull base...\n"
                                 "(own) done preparing the build\n"
                                 "running [1/4] FROM base\n"
                                 "done [1/4] FROM base\n"
                                 "running [2/4] RUN echo é\n"
                                 "cached [2/4] RUN echo é\n"
                                 "running [3/4] RUN echo b\n"
                                 "| b\n"
                                 "| STEP is a word\n"
                                 "done [3/4] RUN echo b\n"
                                 "running [2/2 4/4] COPY a /a\n"
                                 "done [2/2 4/4] COPY a /a\n";
    _cleanup_free_ char *with_aux = xasprintf(
        "%s{\"aux\":{\"ID\":\"" IMAGE_ID "\"}}\n{\"stream\":\"Successfully built x\\n\"}", steps);
    _cleanup_free_ char *with_line =
        xasprintf("%s{\"stream\":\"%s\\n\"}", steps, &IMAGE_ID[strlen("sha256:")]);

    check_answer(with_aux, events, IMAGE_ID, NULL);
    check_answer(with_line, events, IMAGE_ID, NULL);
}

static void test_podman_failure(_unused_ void **state)
{
    check_answer("{\"stream\":\"STEP 2/3: RUN pip install x\\n\"}{\"stream\":\"cannot\\n\"}"
                 "{\"error\":\"building at STEP \\\"RUN pip install x\\\": while running runtime: "
                 "exit status 2\"}",
        "running [2/3] RUN pip install x\n| cannot\nfailed [2/3] RUN pip install x: exit code 2\n",
        NULL, "step 2/3 failed with exit code 2: RUN pip install x");
}

/* Recorded from Podman 4.3.1. */
static void test_recorded_podman(_unused_ void **state)
{
    check_recorded("podman-cached.jsonl",
        "running [1/4] FROM ds01-test/base:latest\n"
        "done [1/4] FROM ds01-test/base:latest\n"
        "running [2/4] RUN echo hello && for i in 1 2 3; do echo line $i; sleep 0.2; done\n"
        "cached [2/4] RUN echo hello && for i in 1 2 3; do echo line $i; sleep 0.2; done\n"
        "running [3/4] COPY data /data\n"
        "cached [3/4] COPY data /data\n"
        "running [4/4] RUN echo second\n"
        "cached [4/4] RUN echo second\n",
        "sha256:4b5229267e2963f8b4b06af03c977c66954a3ca9e09a2ee31d073d3291e5050b", NULL);
    check_recorded("podman-failing.jsonl",
        "running [1/3] FROM ds01-test/base:latest\n"
        "done [1/3] FROM ds01-test/base:latest\n"
        "running [2/3] RUN echo one\n"
        "cached [2/3] RUN echo one\n"
        "running [3/3] RUN echo oops >&2; exit 3\n"
        "| oops\n"
        "failed [3/3] RUN echo oops >&2; exit 3: exit code 3\n",
        NULL, "step 3/3 failed with exit code 3: RUN echo oops >&2; exit 3");
}

static void test_nonsense(_unused_ void **state)
{
    static const struct {
        const char *text, *message;
    } vectors[] = {
        {"", "the container engine ended the build without an image"},
        {"{\"stream\":\"x\\n\"}", "the container engine ended the build without an image"},
        {"{\"id\":\"moby.buildkit.trace\",\"aux\":\"A\"}",
            "the container engine sent a garbled report of the build"},
        {"{\"id\":\"moby.buildkit.trace\",\"aux\":\"CgQKAg==\"}",
            "the container engine sent a garbled report of the build"},
        {"{\"id\":\"moby.buildkit.trace\",\"aux\":{}}",
            "the container engine sent a garbled report of the build"},
        {"{\"id\":\"moby.image.id\",\"aux\":{\"ID\":\"sha256:12\"}}",
            "the container engine gave the image an id that is none"},
    };

    for (size_t i = 0; i < ELEMENTS(vectors); i++) {
        _cleanup_(error_release) struct error err = ERROR_INIT;
        _cleanup_free_ char *transcript = NULL;
        char *id = NULL;
        const char *text = vectors[i].text;
        assert_int_equal(play_in_pieces(text, strlen(text), &transcript, &id, &err), -1);
        assert_null(id);
        assert_int_equal(err.code, ERROR_ENGINE);
        assert_string_equal(err.message, vectors[i].message);
    }
}

/* A message of BuildKit with one vertex, for the caller to free. */
static char *trace_of(BuildTrace__Update *update)
{
    size_t size = build_trace__update__get_packed_size(update);
    _cleanup_free_ uint8_t *data = xcalloc(size + 1, 1);

    build_trace__update__pack(update, data);
    _cleanup_free_ char *text = base64_encode(data, size, false);
    return xasprintf("{\"id\":\"moby.buildkit.trace\",\"aux\":\"%s\"}", text);
}

static void test_untrusted_texts(_unused_ void **state)
{
    BuildTrace__Vertex vertex = BUILD_TRACE__VERTEX__INIT;
    BuildTrace__Log log = BUILD_TRACE__LOG__INIT;
    BuildTrace__Warning warning = BUILD_TRACE__WARNING__INIT;
    BuildTrace__Update update = BUILD_TRACE__UPDATE__INIT;

    vertex.digest = "a";
    vertex.name = "[1/1] RUN \x1b[31mred\n  \xff\xe2\x80\xae";
    vertex.error = "\x1b]0;title\a: exit code: 137";
    log.vertex = "a";
    log.msg = (ProtobufCBinaryData){5, (uint8_t *)"a\0b\0\n"};
    warning.vertex = "a";
    warning.short_ = (ProtobufCBinaryData){3, (uint8_t *)"\x01w\n"};
    update.n_vertexes = update.n_logs = update.n_warnings = 1;
    update.vertexes = (BuildTrace__Vertex *[]){&vertex};
    update.logs = (BuildTrace__Log *[]){&log};
    update.warnings = (BuildTrace__Warning *[]){&warning};
    _cleanup_free_ char *trace = trace_of(&update);
    _cleanup_free_ char *text = xasprintf("%s{\"errorDetail\":{\"message\":\"exit\"}}", trace);
    check_answer(text,
        "failed [1/1] RUN [31mred ?: exit code 137\n"
        "| ab\n"
        "warning failed [1/1] RUN [31mred ?: w\n",
        NULL, "step 1/1 failed with exit code 137: RUN [31mred ?");
}

/* An answer that ended before it told which of its steps failed. */
static void check_untold(const char *name, const char *step_error, const char *failure, bool found)
{
    BuildTrace__Timestamp time = BUILD_TRACE__TIMESTAMP__INIT;
    BuildTrace__Vertex first = BUILD_TRACE__VERTEX__INIT, second = BUILD_TRACE__VERTEX__INIT;
    BuildTrace__Update update = BUILD_TRACE__UPDATE__INIT;

    first.digest = "a";
    first.name = "[1/3] FROM x";
    first.started = first.completed = &time;
    second.digest = "b";
    second.name = (char *)name;
    second.started = &time;
    second.error = (char *)step_error;
    update.n_vertexes = 2;
    update.vertexes = (BuildTrace__Vertex *[]){&first, &second};
    _cleanup_free_ char *trace = trace_of(&update);
    _cleanup_free_ char *text =
        xasprintf("%s{\"errorDetail\":{\"message\":\"%s\"}}", trace, failure);
    _cleanup_free_ char *state =
        xasprintf(*step_error ? "failed %s: cancelled\n" : "running %s\n", name);
    _cleanup_free_ char *last = xasprintf("failed %s: exit code 1\n", name);
    _cleanup_free_ char *transcript =
        xasprintf("done [1/3] FROM x\n%s%s", state, found ? last : "");
    _cleanup_free_ char *error = xasprintf("step 2/3 failed with exit code 1: %s", name + 6);
    check_answer(text, transcript, NULL, found ? error : "the build failed: exit code 1");
}

static void test_untold_failure(_unused_ void **state)
{
    static const char y[] = "executor failed running [/bin/sh -c y z]: exit code: 1";

    check_untold("[2/3] RUN y z", "", y, true);
    check_untold("[2/3] RUN y z", "context canceled", y, true);
    check_untold("[2/3] RUN --mount=type=cache,target=/c --network=host y z", "", y, true);
    check_untold("[2/3] RUN y z", "",
        "process \\\"/bin/bash -o pipefail -c y z\\\" did not complete successfully: exit code: 1",
        true);
    /* What ran was another step: nobody knows which it was. */
    check_untold("[2/3] RUN y", "", y, false);
    check_untold("[2/3] RUN x; y z", "", y, false);
    check_untold("[2/3] COPY y z", "", y, false);
    check_untold("[2/3] RUN y z", "", "executor failed running [y z]: exit code: 1", false);
    check_untold("[2/3] RUN y z", "", "exit code: 1", false);
}

/* Bytes of several things add up, and are reported when they change. */
static void test_loads(_unused_ void **state)
{
    BuildTrace__Load first = BUILD_TRACE__LOAD__INIT, second = BUILD_TRACE__LOAD__INIT;
    BuildTrace__Update update = BUILD_TRACE__UPDATE__INIT;

    first.vertex = second.vertex = "a";
    first.id = "layer 1";
    second.id = "layer 2";
    first.current = 5;
    first.total = 10;
    second.current = INT64_MAX;
    second.total = -3;
    update.n_loads = 2;
    update.loads = (BuildTrace__Load *[]){&first, &second};
    _cleanup_free_ char *trace = trace_of(&update);
    _cleanup_free_ char *text = xasprintf("%s%s{\"aux\":{\"ID\":\"" IMAGE_ID "\"}}", trace, trace);
    check_answer(text,
        "(own) waiting  5 of 10\n"
        "(own) waiting  9223372036854775807 of 10\n",
        IMAGE_ID, NULL);
}

/* What is small on the wire and large in memory is refused, not decoded. */
static void test_hungry_trace(_unused_ void **state)
{
    const size_t size = (size_t)2 << 20;
    _cleanup_free_ char *data = xcalloc(size, 1);
    _cleanup_(build_steps_release) struct build_steps steps = {0};
    _cleanup_(error_release) struct error err = ERROR_INIT;

    for (size_t i = 0; i < size; i += 2)
        data[i] = '\n'; /* an empty vertex */
    _cleanup_free_ char *text = base64_encode(data, size, false);
    assert_int_equal(build_trace_take(&steps, text, strlen(text), &err), -1);
    assert_int_equal(err.code, ERROR_ENGINE);
}

static void test_too_large_message(_unused_ void **state)
{
    _cleanup_(build_answer_release) struct build_answer answer;
    _cleanup_(error_release) struct error err = ERROR_INIT;
    char piece[65536];
    int result = 0;

    build_answer_init(&answer, NULL, NULL);
    assert_int_equal(build_answer_feed(&answer, "{\"stream\":\"", 11, &err), 0);
    memset(piece, 'x', sizeof(piece));
    for (size_t sent = 0; result == 0 && sent < 2 * BUILD_MESSAGE_MAX; sent += sizeof(piece))
        result = build_answer_feed(&answer, piece, sizeof(piece), &err);
    assert_int_equal(result, -1);
    assert_int_equal(err.code, ERROR_ENGINE);
}

static void test_reasons(_unused_ void **state)
{
    static const struct {
        const char *message, *reason;
    } vectors[] = {
        {"executor failed running [/bin/sh -c exit code: 7]: exit code: 1", "exit code 1"},
        {"process \"/bin/sh -c x\" did not complete successfully: exit code: 127", "exit code 127"},
        {"process \"/bin/sh -c exit code: 7\" did not complete successfully: no such process",
            "no such process"},
        {"failed to solve with frontend dockerfile.v0: failed to solve: rpc error: code = Unknown "
         "desc = executor failed running [/bin/sh -c x]: exit code: 2",
            "exit code 2"},
        {"The command '/bin/sh -c x' returned a non-zero code: 3", "exit code 3"},
        {"failed to compute cache key: \"/a\" not found: not found", "\"/a\" not found"},
        {"failed to compute cache key: failed to calculate checksum of ref moby::ab: \"/a\": not "
         "found",
            "\"/a\": not found"},
        {"building at STEP \"COPY a /x\": checking on sources under \"/var/tmp/b/build\": copier: "
         "stat: \"/a\": no such file or directory",
            "\"/a\": no such file or directory"},
        {"mkdir /var/lib/docker/overlay2/x1/merged/etc/passwd: not a directory",
            "mkdir /etc/passwd: not a directory"},
        {"open /data/merged/x: permission denied", "open /data/merged/x: permission denied"},
        {"failed to compute cache key: lstat /var/lib/docker/tmp/buildkit-mount38754/lib: no such "
         "file "
         "or directory",
            "\"/lib\" not found"},
        {"failed to compute cache key: failed to walk "
         "/var/lib/docker/tmp/buildkit-mount27/git:/x.invalid"
         ": lstat /var/lib/docker/tmp/buildkit-mount27/git:/x.invalid: no such file or directory",
            "\"/git:/x.invalid\" not found"},
        {"write /var/lib/x: no space left on device", "no space left on device"},
        {"rpc error: code = Canceled desc = context canceled", "cancelled"},
        {"failed to solve: ", "failed to solve:"},
        {"", ""},
    };

    for (size_t i = 0; i < ELEMENTS(vectors); i++) {
        _cleanup_free_ char *reason = build_reason(vectors[i].message);
        assert_string_equal(reason, vectors[i].reason);
    }
}

/* BuildKit 0.8 loads what ADD names by its address in a step of that name. */
static void test_addresses(_unused_ void **state)
{
    static const struct {
        const char *reason, *message, *hint, *name;
    } vectors[] = {
        {"invalid response status 404", "cannot load https://x.lab/y: the server answers 404",
            "whether the address is right"},
        {"Get \"https://x.lab/y\": dial tcp: lookup x.lab on 10.0.2.3:53: no such host",
            "cannot load https://x.lab/y: no such host", "http_proxy"},
        {"Get \"https://x.lab/y\": x509: certificate signed by unknown authority",
            "cannot load https://x.lab/y: x509: certificate signed by unknown authority",
            "http_proxy"},
        {"something new", "cannot load https://x.lab/y: something new", "http_proxy"},
        /* As Docker 26.1 names it. */
        {"invalid response status 404", "cannot load https://x.lab/y: the server answers 404",
            "whether the address is right", "[2/4] ADD --chown=1:1 https://x.lab/y /y"},
        {"Get \"https://x.lab/y\": dial tcp 127.0.0.1:9: connect: connection refused",
            "cannot load https://x.lab/y: connection refused", "http_proxy",
            "[2/4] ADD https://a.lab/x https://x.lab/y /y/"},
        /* One of several, or of a list in brackets: the whole instruction says it. */
        {"invalid response status 404",
            "step 2/4 failed (invalid response status 404): ADD https://x.lab/y https://x.lab/z "
            "/y/",
            NULL, "[2/4] ADD https://x.lab/y https://x.lab/z /y/"},
        {"invalid response status 404",
            "step 2/4 failed (invalid response status 404): ADD [\"https://x.lab/y\", \"/y\"]",
            NULL, "[2/4] ADD [\"https://x.lab/y\", \"/y\"]"},
    };

    for (size_t i = 0; i < ELEMENTS(vectors); i++) {
        _cleanup_(error_release) struct error err = ERROR_INIT;
        _cleanup_(build_steps_release) struct build_steps steps = {0};
        struct build_step *step = build_steps_get(&steps, "1", &err);
        build_step_set_name(&steps, step, vectors[i].name ? vectors[i].name : "https://x.lab/y");
        build_steps_change(&steps, step, BUILD_FAILED, 0, vectors[i].reason);
        assert_int_equal(build_failure_set(&err, &steps, vectors[i].reason), -1);
        assert_string_equal(err.message, vectors[i].message);
        assert_int_equal(err.hint != NULL, vectors[i].hint != NULL);
        if (err.hint && vectors[i].hint)
            assert_non_null(strstr(err.hint, vectors[i].hint));
    }
}

static void test_lost_by_the_builder(_unused_ void **state)
{
    static const struct {
        const char *text;
        bool passing;
    } vectors[] = {
        {"runc run failed: container process is already dead", true},
        {"stat /var/lib/docker/overlay2/b5uqzvs160k9wg6bspp39b8zq: no such file or directory",
            true},
        {"runc run failed: unable to start container process: error during container init: error "
         "mounting \"/var/lib/docker/overlay2/emfqup/diff\" to rootfs at \"/var/cache/apt\": stat "
         "/var/lib/docker/overlay2/emfqup/diff: no such file or directory",
            true},
        {"error committing vxk: invalid mutable ref 0xc: stat /data/overlay2/vxk: no such file or "
         "directory",
            true},
        {"error creating overlay mount to /data/overlay2/x-init/merged: no such file or directory",
            true},
        {"open /data/overlay2/x/link: no such file or directory", true},
        {"readlink /data/overlay2/l/ABC: no such file or directory", true},
        {"stat \"/data/overlay2/x\": no such file or directory", true},
        {"error mounting \"/data/overlay2/x/merged/wheels\" to rootfs at \"/r\": stat "
         "/data/overlay2/x/merged/wheels: no such file or directory",
            false},
        {"stat /data/overlay2/x/diff/wheels: no such file or directory", false},
        {"/overlay2/ and\nx: no such file or directory", false},
        {"/overlay2/", false},
        {"/overlay2/x/diff", false},
        {"failed to get edge: inconsistent graph state in edge x 0", true},
        {"exec: \"/bin/sh\": stat /bin/sh: no such file or directory", false},
        {"exit code: 1", false},
        {"", false},
    };

    for (size_t i = 0; i < ELEMENTS(vectors); i++)
        assert_int_equal(
            build_reason_is_passing(vectors[i].text, strlen(vectors[i].text)), vectors[i].passing);
}

static void test_full_disk(_unused_ void **state)
{
    _cleanup_(error_release) struct error err = ERROR_INIT;
    _cleanup_free_ char *transcript = NULL;
    char *id = NULL;
    const char *text = "{\"stream\":\"Step 2/3 : RUN fill\\n\"}"
                       "{\"stream\":\"OSError: [Errno 28] No space left on device\\n\"}"
                       "{\"error\":\"The command 'fill' returned a non-zero code: 1\"}";

    assert_int_equal(play_in_pieces(text, strlen(text), &transcript, &id, &err), -1);
    assert_int_equal(err.code, ERROR_FAILED);
    assert_string_equal(err.message, "step 2/3 failed since the disk is full: RUN fill");
    assert_non_null(strstr(err.hint, "image-retire"));
    text = "{\"error\":\"write /x: no space left on device\"}";
    free(transcript);
    transcript = NULL;
    assert_int_equal(play_in_pieces(text, strlen(text), &transcript, &id, &err), -1);
    assert_string_equal(err.message, "the build failed since the disk is full");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_passing),
        cmocka_unit_test(test_cached),
        cmocka_unit_test(test_failing),
        cmocka_unit_test(test_missing_file),
        cmocka_unit_test(test_podman),
        cmocka_unit_test(test_podman_failure),
        cmocka_unit_test(test_recorded_podman),
        cmocka_unit_test(test_nonsense),
        cmocka_unit_test(test_untrusted_texts),
        cmocka_unit_test(test_untold_failure),
        cmocka_unit_test(test_loads),
        cmocka_unit_test(test_hungry_trace),
        cmocka_unit_test(test_too_large_message),
        cmocka_unit_test(test_reasons),
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_lost_by_the_builder),
        cmocka_unit_test(test_full_disk),
    };

    if (argc != 2) {
        fprintf(stderr, "usage: %s DIRECTORY-OF-RECORDED-ANSWERS\n", argv[0]);
        return 2;
    }
    recorded = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
