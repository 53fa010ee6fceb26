/* Samples of what containers use: decoded answers, several at once. */
#include "check.h"

#include "engine/container_stats.h"
#include "fake_engine.h"

#define V1                                                                                         \
    "{\"cpu_stats\":{\"cpu_usage\":{\"total_usage\":26413384},\"system_cpu_usage\":"               \
    "30700710000000,"                                                                              \
    "\"online_cpus\":2},\"memory_stats\":{\"usage\":389120,\"limit\":25276502016,\"stats\":"       \
    "{\"total_inactive_file\":89120,\"inactive_file\":1,"                                          \
    "\"hierarchical_memory_limit\":9223372036854771712}},\"pids_stats\":{\"current\":3}}\n"

#define V2                                                                                         \
    "{\"cpu_stats\":{\"cpu_usage\":{\"total_usage\":7}},\"memory_stats\":{\"usage\":1000,"         \
    "\"limit\":2000,\"stats\":{\"inactive_file\":400}},"                                           \
    "\"pids_stats\":{\"current\":1,\"limit\":18446744073709551615}}\n"

/* One that has just ended. */
#define EMPTY                                                                                      \
    "{\"cpu_stats\":{\"cpu_usage\":{\"total_usage\":0}},\"memory_stats\":{},\"pids_stats\":{}}\n"

static int take(const struct fake_reply *replies, size_t count, struct container_sample *samples,
    size_t *ret_connections, struct error *err)
{
    static const char *const ids[] = {"a", "b", "c"};
    /* The first tells the API's version. */
    struct fake_reply script[4] = {{.status = "200 OK", .body = "OK"}};
    struct engine *engine = NULL;

    memcpy(script + 1, replies, count * sizeof(*replies));
    struct fake_engine *fake = fake_engine_start(script, count + 1);
    assert_int_equal(engine_new(fake_engine_host(fake), &engine, err), 0);
    int result = engine_container_samples(engine, ids, count, samples, err);
    if (ret_connections)
        *ret_connections = fake_engine_connections(fake);
    engine_free(engine);
    fake_engine_stop(fake);
    return result;
}

static void test_memory_without_cache(void **state)
{
    struct fake_reply v1 = {.status = "200 OK", .body = V1};
    struct fake_reply v2 = {.status = "200 OK", .body = V2};
    struct container_sample sample;

    assert_int_equal(take(&v1, 1, &sample, NULL, NULL), 0);
    assert_int_equal(sample.memory, 300000);
    assert_int_equal(sample.memory_limit, 25276502016);
    assert_int_equal(sample.cpu, 26413384);
    assert_int_equal(sample.processors, 2);
    assert_int_equal(sample.processes, 3);
    assert_int_equal(take(&v2, 1, &sample, NULL, NULL), 0);
    assert_int_equal(sample.memory, 600);
    assert_int_equal(sample.host, -1);
    assert_int_equal(sample.processes, 1);
}

static void test_one_that_ended(void **state)
{
    struct fake_reply replies[] = {
        {.status = "404 Not Found", .body = "{\"message\":\"No such container: a\"}"},
        {.status = "404 Not Found", .body = "{\"message\":\"No such container: b\"}"},
        {.status = "200 OK", .body = EMPTY},
    };
    struct container_sample samples[3];
    size_t unknown = 0;

    assert_int_equal(take(replies, 3, samples, NULL, NULL), 0);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(samples[i].memory, -1);
        unknown += samples[i].cpu == -1;
    }
    assert_int_equal(unknown, 2);
}

/* Each answer comes late: one after the other would take the sum of it. */
static void test_side_by_side(void **state)
{
    struct fake_reply replies[] = {
        {.status = "200 OK", .body = V1, .delay_ms = 100},
        {.status = "200 OK", .body = V1, .delay_ms = 100},
        {.status = "200 OK", .body = V1, .delay_ms = 100},
    };
    struct container_sample samples[3];
    size_t connections = 0;

    assert_int_equal(take(replies, 3, samples, &connections, NULL), 0);
    assert_int_equal(connections, 4);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(samples[i].processes, 3);
}

static void check_failing(struct fake_reply reply, const char *message)
{
    struct error err = ERROR_INIT;
    struct container_sample sample;

    assert_int_equal(take(&reply, 1, &sample, NULL, &err), -1);
    assert_non_null(strstr(err.message, message));
    error_release(&err);
}

static void test_failures(void **state)
{
    check_failing((struct fake_reply){.status = "200 OK", .body = "not json"}, "garbled");
    check_failing((struct fake_reply){.status = "500 Oh", .body = "{\"message\":\"no cgroup\"}"},
        "no cgroup");
    check_failing((struct fake_reply){.bytes = "", .hang_up = true}, "closed");
}

static void test_percent(void **state)
{
    struct container_sample before = {.cpu = 1000, .host = 10000, .processors = 4};
    struct container_sample now = {.cpu = 2000, .host = 18000, .processors = 4};
    struct container_sample unknown = {-1, -1, -1, -1, -1, -1};

    assert_true(container_cpu_percent(&before, &now) > 49.9);
    assert_true(container_cpu_percent(&before, &now) < 50.1);
    assert_true(container_cpu_percent(&unknown, &now) < 0);
    assert_true(container_cpu_percent(&before, &unknown) < 0);
    assert_true(container_cpu_percent(&now, &before) < 0); /* it was started anew */
    assert_true(container_cpu_percent(&now, &now) < 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory_without_cache),
        cmocka_unit_test(test_one_that_ended),
        cmocka_unit_test(test_side_by_side),
        cmocka_unit_test(test_failures),
        cmocka_unit_test(test_percent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
