#include "engine/container_stats.h"

#include "base/json.h"
#include "base/xalloc.h"

static const struct container_sample nothing = {-1, -1, -1, -1, -1, -1};

/* Where the engine counts (cgroup v1 calls it total_inactive_file, v2 inactive_file). */
struct counts {
    struct container_sample sample;
    int64_t inactive_v1;
    int64_t inactive_v2;
};

static const struct json_field fields[] = {
    {"cpu_stats/cpu_usage/total_usage", FIELD_INT64, offsetof(struct counts, sample.cpu), 0},
    {"cpu_stats/system_cpu_usage", FIELD_INT64, offsetof(struct counts, sample.host), 0},
    {"cpu_stats/online_cpus", FIELD_INT64, offsetof(struct counts, sample.processors), 0},
    {"memory_stats/usage", FIELD_INT64, offsetof(struct counts, sample.memory), 0},
    {"memory_stats/limit", FIELD_INT64, offsetof(struct counts, sample.memory_limit), 0},
    {"memory_stats/stats/total_inactive_file", FIELD_INT64, offsetof(struct counts, inactive_v1),
        0},
    {"memory_stats/stats/inactive_file", FIELD_INT64, offsetof(struct counts, inactive_v2), 0},
    {"pids_stats/current", FIELD_INT64, offsetof(struct counts, sample.processes), 0},
};

static int decode(struct engine *engine, const struct transport_answer *answer,
    struct container_sample *ret, struct error *err)
{
    _cleanup_(json_put) struct json_object *object = NULL;
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    struct counts counts = {.sample = nothing, .inactive_v1 = -1, .inactive_v2 = -1};

    if (json_parse(strbuf_text(&answer->body), answer->body.length, &object, &cause) < 0 ||
        json_decode(object, fields, ELEMENTS(fields), &counts, &cause) < 0)
        return engine_garbled(engine, &cause, err);
    int64_t inactive = counts.inactive_v1 >= 0 ? counts.inactive_v1 : counts.inactive_v2;
    if (inactive > 0 && inactive < counts.sample.memory)
        counts.sample.memory -= inactive;
    *ret = counts.sample;
    return 0;
}

/* One that ended meanwhile is no failure of the others. */
static int decode_all(struct engine *engine, const struct transport_answer *answers, size_t count,
    struct container_sample *ret, struct error *err)
{
    for (size_t i = 0; i < count; i++) {
        ret[i] = nothing;
        if (answers[i].status == 404 || answers[i].status == 409)
            continue;
        if (answers[i].status >= 300)
            return engine_refusal(engine, &answers[i], err);
        if (decode(engine, &answers[i], &ret[i], err) < 0)
            return -1;
    }
    return 0;
}

int engine_container_samples(struct engine *engine, const char *const *ids, size_t count,
    struct container_sample *ret, struct error *err)
{
    _cleanup_free_ struct transport_answer *answers = xcalloc(count, sizeof(*answers));
    _cleanup_(strv_release) struct strv paths = STRV_INIT;

    if (engine_get_to_know(engine, err) < 0)
        return -1;
    for (size_t i = 0; i < count; i++) {
        _cleanup_free_ char *id = engine_escape(ids[i]);
        _cleanup_free_ char *path =
            xasprintf("/containers/%s/stats?stream=false&one-shot=true", id);
        strv_take(&paths, engine_path(engine, path));
        answers[i] = (struct transport_answer)TRANSPORT_ANSWER_INIT;
    }
    int result =
        transport_get_all(engine->transport, (const char *const *)paths.items, count, answers, err);
    if (result == 0)
        result = decode_all(engine, answers, count, ret, err);
    for (size_t i = 0; i < count; i++)
        transport_answer_release(&answers[i]);
    return result;
}

double container_cpu_percent(
    const struct container_sample *before, const struct container_sample *now)
{
    int64_t cpu = now->cpu - before->cpu;
    int64_t host = now->host - before->host;

    if (before->cpu < 0 || before->host < 0 || now->processors < 1 || cpu < 0 || host <= 0)
        return -1;
    return (double)cpu / (double)host * (double)now->processors * 100;
}
