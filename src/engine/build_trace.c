#include "engine/build_trace.h"

#include "base/base64.h"
#include "engine/build_trace.pb-c.h"

/*
 * A message of two bytes can stand for a structure of a hundred: what decoding may take is
 * bounded by this, not by the length of the input.
 */
#define DECODED_MAX ((size_t)16 << 20)

static void *allocate(void *data, size_t size)
{
    size_t *left = data;

    if (size > *left)
        return NULL;
    *left -= size;
    return malloc(size ? size : 1);
}

static void release(_unused_ void *data, void *pointer)
{
    free(pointer);
}

static double seconds_between(const BuildTrace__Timestamp *start, const BuildTrace__Timestamp *end)
{
    if (!start || !end)
        return 0;
    double seconds = (double)end->seconds - (double)start->seconds +
                     ((double)end->nanos - (double)start->nanos) / 1e9;
    return seconds > 0 ? seconds : 0;
}

static enum build_step_state state_of(const BuildTrace__Vertex *vertex)
{
    if (*vertex->error)
        return BUILD_FAILED;
    if (vertex->completed)
        return vertex->cached ? BUILD_CACHED : BUILD_DONE;
    return vertex->started ? BUILD_RUNNING : BUILD_WAITING;
}

static int take_vertex(
    struct build_steps *steps, const BuildTrace__Vertex *vertex, struct error *err)
{
    struct build_step *step = build_steps_get(steps, vertex->digest, err);

    if (!step)
        return -1;
    build_step_set_name(steps, step, vertex->name);
    build_steps_change(steps, step, state_of(vertex),
        seconds_between(vertex->started, vertex->completed), vertex->error);
    return 0;
}

static int take_update(
    struct build_steps *steps, const BuildTrace__Update *update, struct error *err)
{
    struct build_step *step = NULL;

    for (size_t i = 0; i < update->n_vertexes; i++)
        if (take_vertex(steps, update->vertexes[i], err) < 0)
            return -1;
    for (size_t i = 0; i < update->n_loads; i++) {
        const BuildTrace__Load *load = update->loads[i];
        if (!(step = build_steps_get(steps, load->vertex, err)))
            return -1;
        build_steps_load(steps, step, load->id, load->current, load->total);
    }
    for (size_t i = 0; i < update->n_logs; i++) {
        const BuildTrace__Log *log = update->logs[i];
        if (!(step = build_steps_get(steps, log->vertex, err)))
            return -1;
        build_steps_output(steps, step, (char *)log->msg.data, log->msg.len);
    }
    for (size_t i = 0; i < update->n_warnings; i++) {
        const BuildTrace__Warning *warning = update->warnings[i];
        if (!(step = build_steps_get(steps, warning->vertex, err)))
            return -1;
        build_steps_warn(steps, step, (const char *)warning->short_.data, warning->short_.len);
    }
    return 0;
}

int build_trace_take(struct build_steps *steps, const char *text, size_t length, struct error *err)
{
    size_t left = DECODED_MAX;
    ProtobufCAllocator allocator = {.alloc = allocate, .free = release, .allocator_data = &left};
    _cleanup_free_ char *data = NULL;
    size_t size = 0;

    BuildTrace__Update *update = NULL;
    if (base64_decode(text, length, &data, &size, NULL) == 0)
        update = build_trace__update__unpack(&allocator, size, (const uint8_t *)data);
    if (!update)
        return error_set(
            err, ERROR_ENGINE, "the container engine sent a garbled report of the build");
    int result = take_update(steps, update, err);
    build_trace__update__free_unpacked(update, &allocator);
    return result;
}
