/* Containers: the body of a create request, decoded answers, requests sent. */
#include "check.h"

#include "base/json.h"
#include "engine/container.h"
#include "scene.h"

#define HEX64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void assert_json(const struct container_spec *spec, const char *expected)
{
    _cleanup_(json_put) struct json_object *body = container_spec_to_json(spec);

    assert_string_equal(json_object_to_json_string_ext(
                            body, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE),
        expected);
}

static void test_smallest_spec(void **state)
{
    struct container_spec spec = {.image = xstrdup("a:1")};

    assert_json(&spec, "{\"Image\":\"a:1\",\"HostConfig\":{}}");
    container_spec_release(&spec);
    assert_null(spec.image);
}

static void test_full_spec(void **state)
{
    struct container_spec spec = {
        .image = xstrdup("a:1"),
        .user = xstrdup("1:2"),
        .working_dir = xstrdup("/workspace"),
        .hostname = xstrdup("h"),
        .stop_signal = xstrdup("SIGHUP"),
        .clear_entrypoint = true,
        .tty = true,
        .stdin_open = true,
        .stdin_once = true,
        .rows = 24,
        .columns = 80,
        .init = true,
        .network_mode = xstrdup("host"),
        .ipc_mode = xstrdup("private"),
        .shm_size = 8,
        .memory = 9,
        .nano_cpus = 10,
        .pids_limit = 11,
        .unlimited_memlock = true,
        .device_requests = json_object_new_array(),
    };

    strv_push(&spec.command, "bash");
    strv_push(&spec.environment, "A=b");
    strmap_set(&spec.labels, "k", "v\"");
    container_spec_add_mount(&spec, "/s", "/t", false);
    container_spec_add_mount(&spec, "/s2", "/t2", true);
    strv_push(&spec.cap_add, "SYS_PTRACE");
    strv_push(&spec.group_add, "video");
    strv_push(&spec.devices, "/dev/snd");
    assert_json(&spec,
        "{\"Image\":\"a:1\",\"User\":\"1:2\",\"WorkingDir\":\"/workspace\",\"Hostname\":\"h\","
        "\"StopSignal\":\"SIGHUP\",\"Entrypoint\":[\"\"],\"Cmd\":[\"bash\"],\"Tty\":true,"
        "\"OpenStdin\":true,\"AttachStdin\":true,\"StdinOnce\":true,\"Env\":[\"A=b\"],\"Labels\":{"
        "\"k\":\"v\\\"\"},\"HostConfig\":{"
        "\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/s\",\"Target\":\"/t\"},"
        "{\"Type\":\"bind\",\"Source\":\"/s2\",\"Target\":\"/t2\",\"ReadOnly\":true}],"
        "\"NetworkMode\":\"host\",\"IpcMode\":\"private\",\"ConsoleSize\":[24,80],\"Init\":true,"
        "\"CapAdd\":[\"SYS_PTRACE\"]"
        ","
        "\"GroupAdd\":[\"video\"],\"Devices\":[{\"PathOnHost\":\"/dev/snd\","
        "\"PathInContainer\":\"/dev/snd\",\"CgroupPermissions\":\"rwm\"}],\"ShmSize\":8,"
        "\"Memory\":9,\"MemorySwap\":9,\"NanoCpus\":10,\"PidsLimit\":11,"
        "\"Ulimits\":[{\"Name\":\"memlock\",\"Soft\":-1,\"Hard\":-1},"
        "{\"Name\":\"stack\",\"Soft\":67108864,\"Hard\":67108864}],\"DeviceRequests\":[]}}");
    container_spec_release(&spec);
}

static void test_create(void **state)
{
    static const struct fake_reply replies[] = {
        {.status = "201 Created", .body = "{\"Id\":\"abc\",\"Warnings\":null}"},
        {.status = "409 Conflict", .body = "{\"message\":\"taken\"}"},
        {.status = "404 No", .body = "{\"message\":\"no\"}"},
        {.status = "201 Created", .body = "{}"},
    };
    static const enum error_code codes[] = {
        ERROR_NONE, ERROR_REFUSED, ERROR_NOT_FOUND, ERROR_ENGINE};
    struct container_spec spec = {.image = xstrdup("a:1")};
    struct scene scene;

    scene_open(&scene, replies, ELEMENTS(replies));
    for (size_t i = 0; i < ELEMENTS(codes); i++) {
        _cleanup_free_ char *id = NULL;
        int result = engine_container_create(scene.engine, "x._.1", &spec, &id, &scene.err);
        assert_int_equal(result, codes[i] ? -1 : 0);
        assert_int_equal(scene.err.code, codes[i]);
        assert_true(codes[i] ? !id : !strcmp(id, "abc"));
    }
    const char *request = fake_engine_request(scene.fake, 0);
    assert_contains(request, "POST /v1.41/containers/create?name=x._.1 HTTP/1.1\r\n");
    assert_contains(request, "Content-Type: application/json\r\n");
    assert_contains(request, "\r\n\r\n{\"Image\":\"a:1\",\"HostConfig\":{}}");
    container_spec_release(&spec);
    scene_close(&scene);
}

static void test_actions(void **state)
{
    static const struct fake_reply replies[] = {
        {.status = "204 No Content", .body = ""},
        {.bytes = "HTTP/1.1 304 Not Modified\r\nApi-Version: 1.41\r\n\r\n"},
        {.bytes = "HTTP/1.1 304 Not Modified\r\nApi-Version: 1.41\r\n\r\n"},
        {.status = "204 No Content", .body = ""},
        {.status = "404 No", .body = "{\"message\":\"no\"}"},
    };
    struct scene scene;

    scene_open(&scene, replies, ELEMENTS(replies));
    assert_int_equal(engine_container_start(scene.engine, "a", &scene.err), 0);
    assert_int_equal(engine_container_start(scene.engine, "a", &scene.err), 0);
    assert_int_equal(engine_container_stop(scene.engine, "a", 3, &scene.err), 0);
    assert_int_equal(engine_container_remove(scene.engine, "a", true, &scene.err), 0);
    assert_int_equal(engine_container_remove(scene.engine, "a", false, &scene.err), -1);
    assert_int_equal(scene.err.code, ERROR_NOT_FOUND);
    assert_contains(fake_engine_request(scene.fake, 0), "POST /v1.41/containers/a/start ");
    assert_contains(fake_engine_request(scene.fake, 2), "POST /v1.41/containers/a/stop?t=3 ");
    assert_contains(fake_engine_request(scene.fake, 3), "DELETE /v1.41/containers/a?v=1&force=1 ");
    assert_contains(fake_engine_request(scene.fake, 4), "DELETE /v1.41/containers/a?v=1 ");
    scene_close(&scene);
}

static void test_inspect(void **state)
{
    static const struct fake_reply reply = {.status = "200 OK",
        .body =
            "{\"Id\":\"abc\",\"Name\":\"/x._.1\",\"Image\":\"" HEX64 "\",\"State\":{"
            "\"Status\":\"exited\",\"StartedAt\":\"2024-01-02T03:04:05Z\",\"ExitCode\":137},"
            "\"Config\":{\"Image\":\"a:1\",\"Tty\":true,\"User\":\"1:2\",\"Labels\":{\"k\":\"v\"}},"
            "\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/s\",\"Destination\":\"/t\",\"RW\":false},"
            "{\"Type\":\"volume\",\"Name\":\"n\",\"Source\":\"/v\",\"Destination\":\"/d\"},"
            "{\"Type\":\"volume\",\"Name\":\"" HEX64 "\",\"Destination\":\"/own\"}]}",
        .hang_up = true};
    struct container container = {0};
    struct scene scene;

    scene_open(&scene, &reply, 1);
    assert_int_equal(engine_container_inspect(scene.engine, "abc", &container, &scene.err), 0);
    assert_string_equal(container.name, "x._.1");
    assert_string_equal(container.image, "a:1");
    assert_string_equal(container.image_id, "sha256:" HEX64);
    assert_string_equal(container.state, "exited");
    assert_int_equal(container.exit_code, 137);
    assert_true(container.tty);
    assert_string_equal(container.user, "1:2");
    assert_string_equal(strmap_get(&container.labels, "k"), "v");
    assert_int_equal(container.mount_count, 1);
    assert_string_equal(container.mounts[0].source, "/s");
    assert_string_equal(container.mounts[0].target, "/t");
    assert_true(container.mounts[0].read_only);
    assert_int_equal(container.volumes.count, 1);
    assert_string_equal(container.volumes.items[0], "/own");
    assert_int_equal(container.named_volumes.count, 1);
    assert_string_equal(container.named_volumes.items[0], "/d");
    container_release(&container);
    scene_close(&scene);
}

static void test_list(void **state)
{
    static const struct fake_reply replies[] = {
        {.status = "200 OK",
            .body = "[{\"Id\":\"1\",\"Names\":[\"/other/alias\",\"/"
                    "mine\"],\"Image\":\"docker.io/library/a\",\"ImageID\":\"sha256:1\","
                    "\"State\":\"configured\",\"Status\":\"Created\",\"Created\":7,\"Labels\":null,"
                    "\"Mounts\":[]},{\"Id\":\"2\",\"Names\":[]}]",
            .hang_up = true},
        {.status = "200 OK",
            .body = "[{\"Id\":\"1\",\"Names\":[\"/a\"]},{\"Id\":\"2\"}]",
            .hang_up = true},
        {.status = "200 OK",
            .body = "[{\"Id\":\"1\",\"Names\":[\"/a\"],\"Mounts\":[1]}]",
            .hang_up = true},
        {.status = "200 OK", .body = "[{\"Id\":\"1\",\"Names\":[\"/a\xff\"]}]", .hang_up = true},
    };
    static const struct engine_filter filters[] = {{"label", "k=v"}, {NULL, NULL}};
    struct container_list list = {0};
    struct scene scene;

    scene_open(&scene, replies, ELEMENTS(replies));
    assert_int_equal(engine_container_list(scene.engine, filters, &list, &scene.err), 0);
    assert_contains(fake_engine_request(scene.fake, 0),
        "GET /v1.41/containers/json?all=1&filters=%7B%22label%22:%5B%22k%3Dv%22%5D%7D ");
    assert_int_equal(list.count, 2);
    assert_string_equal(list.containers[0].name, "mine");
    assert_string_equal(list.containers[0].state, "created");
    assert_string_equal(list.containers[0].image, "a");
    assert_int_equal(list.containers[0].created_unix, 7);
    assert_string_equal(list.containers[1].name, "");
    container_list_release(&list);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(engine_container_list(scene.engine, NULL, &list, &scene.err), -1);
        assert_int_equal(scene.err.code, ERROR_ENGINE);
        assert_int_equal(list.count, 0);
    }
    scene_close(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_smallest_spec),
        cmocka_unit_test(test_full_spec),
        cmocka_unit_test(test_create),
        cmocka_unit_test(test_actions),
        cmocka_unit_test(test_inspect),
        cmocka_unit_test(test_list),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
