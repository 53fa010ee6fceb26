#include "engine/exec.h"

#include <poll.h>
#include <stdint.h>

#include "base/interrupt.h"
#include "base/json.h"
#include "base/xalloc.h"

#define CONSOLE_SIZE_API 142 /* from here on create and start take the terminal's size */

/* Pauses while the engine has not noticed the end: about 2 s together. */
static const int pauses_ms[] = {1, 2, 5, 10, 20, 50, 100, 200, 400, 600, 600};

static void add_console_size(
    const struct engine *engine, const struct exec_spec *spec, struct json_object *object)
{
    if (!spec->tty || !spec->rows || !spec->columns || engine->api < CONSOLE_SIZE_API)
        return;
    struct json_object *size = json_object_new_array();
    json_object_array_add(size, json_object_new_int(spec->rows));
    json_object_array_add(size, json_object_new_int(spec->columns));
    json_object_object_add(object, "ConsoleSize", size);
}

static struct json_object *spec_to_json(const struct engine *engine, const struct exec_spec *spec)
{
    struct json_object *object = json_object_new_object();

    json_object_object_add(object, "AttachStdin", json_object_new_boolean(spec->attach_stdin));
    json_object_object_add(object, "AttachStdout", json_object_new_boolean(true));
    json_object_object_add(object, "AttachStderr", json_object_new_boolean(true));
    json_object_object_add(object, "Tty", json_object_new_boolean(spec->tty));
    json_object_object_add(object, "Cmd", json_from_strv(&spec->command));
    if (spec->environment.count)
        json_object_object_add(object, "Env", json_from_strv(&spec->environment));
    json_add_string(object, "User", spec->user);
    json_add_string(object, "WorkingDir", spec->working_dir);
    json_add_string(object, "DetachKeys", ENGINE_DETACH_KEYS);
    add_console_size(engine, spec, object);
    return object;
}

static int create_exec(struct engine *engine, const char *container, const struct exec_spec *spec,
    char **ret_id, struct error *err)
{
    static const struct json_field fields[] = {{"Id", FIELD_STRING, 0, FIELD_REQUIRED}};
    _cleanup_(json_put) struct json_object *body = spec_to_json(engine, spec);
    _cleanup_(json_put) struct json_object *answer = NULL;
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    _cleanup_free_ char *name = engine_escape(container);
    _cleanup_free_ char *path = xasprintf("/containers/%s/exec", name);

    if (engine_request_json(engine, "POST", path, body, &answer, err) < 0)
        return -1;
    if (json_decode(answer, fields, ELEMENTS(fields), ret_id, &cause) < 0)
        return engine_garbled(engine, &cause, err);
    return 0;
}

static int start_exec(struct engine *engine, const char *id, const struct exec_spec *spec,
    struct strbuf *ret_early, struct error *err)
{
    _cleanup_(json_put) struct json_object *body = json_object_new_object();
    _cleanup_(transport_answer_release) struct transport_answer refusal = TRANSPORT_ANSWER_INIT;
    _cleanup_free_ char *id_part = engine_escape(id);
    _cleanup_free_ char *action = xasprintf("/exec/%s/start", id_part);
    _cleanup_free_ char *path = engine_path(engine, action);
    struct transport_request request = {
        .method = "POST", .path = path, .content_type = "application/json"};

    json_object_object_add(body, "Detach", json_object_new_boolean(false));
    json_object_object_add(body, "Tty", json_object_new_boolean(spec->tty));
    add_console_size(engine, spec, body);
    request.body = json_object_to_json_string_length(
        body, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &request.body_length);
    int fd = transport_upgrade(engine->transport, &request, ret_early, &refusal, err);
    if (fd < 0 && refusal.status)
        return engine_refusal(engine, &refusal, err);
    return fd;
}

int engine_exec_start(struct engine *engine, const char *container, const struct exec_spec *spec,
    char **ret_id, int *ret_fd, struct strbuf *ret_early, struct error *err)
{
    _cleanup_free_ char *id = NULL;

    if (create_exec(engine, container, spec, &id, err) < 0)
        return -1;
    int fd = start_exec(engine, id, spec, ret_early, err);
    if (fd < 0)
        return -1;
    /* Only the look of the first lines hangs on it: no reason to give the process up. */
    if (spec->tty && spec->rows && spec->columns && engine->api < CONSOLE_SIZE_API)
        engine_exec_resize(engine, id, spec->rows, spec->columns, NULL);
    *ret_id = TAKE_PTR(id);
    *ret_fd = fd;
    return 0;
}

int engine_exec_resize(struct engine *engine, const char *id, unsigned short rows,
    unsigned short columns, struct error *err)
{
    _cleanup_(transport_answer_release) struct transport_answer answer = TRANSPORT_ANSWER_INIT;
    _cleanup_free_ char *id_part = engine_escape(id);
    _cleanup_free_ char *path = xasprintf("/exec/%s/resize?h=%u&w=%u", id_part, rows, columns);
    struct transport_request request = {
        .method = "POST", .path = path, .timeout_ms = TRANSPORT_DUE_MS};

    return engine_request(engine, &request, &answer, err);
}

struct exec_state {
    bool running;
    int64_t exit_code;
};

static const struct json_field state_fields[] = {
    {"Running", FIELD_BOOL, offsetof(struct exec_state, running), FIELD_REQUIRED},
    {"ExitCode", FIELD_INT64, offsetof(struct exec_state, exit_code), 0},
};

static int inspect_exec(
    struct engine *engine, const char *id, struct exec_state *ret, struct error *err)
{
    _cleanup_(json_put) struct json_object *object = NULL;
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    _cleanup_free_ char *id_part = engine_escape(id);
    _cleanup_free_ char *path = xasprintf("/exec/%s/json", id_part);

    if (engine_request_json(engine, "GET", path, NULL, &object, err) < 0)
        return -1;
    if (json_decode(object, state_fields, ELEMENTS(state_fields), ret, &cause) < 0)
        return engine_garbled(engine, &cause, err);
    return 0;
}

int engine_exec_exit_code(struct engine *engine, const char *id, int *ret_code, struct error *err)
{
    for (size_t i = 0;; i++) {
        struct exec_state state = {.exit_code = -1};
        if (inspect_exec(engine, id, &state, err) < 0)
            return -1;
        if (!state.running && state.exit_code >= 0 && state.exit_code <= 255) {
            *ret_code = (int)state.exit_code;
            return 0;
        }
        if (i == ELEMENTS(pauses_ms))
            return error_set(err, ERROR_FAILED,
                "the process in the container has closed its streams but still runs");
        struct pollfd interrupt = {.fd = interrupt_fd(), .events = POLLIN};
        poll(&interrupt, 1, pauses_ms[i]);
        if (interrupt_pending())
            return interrupt_error(err);
    }
}

/* Takes as much of the header as has come; -1 for one that is none. */
static int feed_header(
    struct frame_reader *reader, const char **data, size_t *length, struct error *err)
{
    const unsigned char *header = reader->header;
    size_t missing = sizeof(reader->header) - reader->header_length;
    size_t part = *length < missing ? *length : missing;

    memcpy(reader->header + reader->header_length, *data, part);
    reader->header_length += part;
    *data += part;
    *length -= part;
    if (reader->header_length < sizeof(reader->header))
        return 0;
    if (header[0] > 3 || header[1] || header[2] || header[3])
        return error_set(
            err, ERROR_ENGINE, "the container engine sent a garbled stream of the process");
    reader->remaining = (size_t)header[4] << 24 | (size_t)header[5] << 16 | (size_t)header[6] << 8 |
                        (size_t)header[7];
    if (!reader->remaining)
        reader->header_length = 0;
    return 0;
}

int frame_reader_feed(struct frame_reader *reader, const char *data, size_t length, frame_sink sink,
    void *context, struct error *err)
{
    while (length) {
        if (!reader->remaining) {
            if (feed_header(reader, &data, &length, err) < 0)
                return -1;
            continue;
        }
        size_t part = length < reader->remaining ? length : reader->remaining;
        /* 0 is input that is shown again, 3 an error of the engine's own. */
        int stream = reader->header[0] < 2 ? 1 : 2;

        reader->remaining -= part;
        if (!reader->remaining)
            reader->header_length = 0;
        if (sink(context, stream, data, part, err) < 0)
            return -1;
        data += part;
        length -= part;
    }
    return 0;
}
