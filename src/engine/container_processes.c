#include "engine/container_processes.h"

#include "base/json.h"
#include "base/xalloc.h"

int engine_container_count_processes(
    struct engine *engine, const char *container, size_t *ret, struct error *err)
{
    _cleanup_free_ char *name = engine_escape(container);
    _cleanup_free_ char *path = xasprintf("/containers/%s/top", name);
    _cleanup_(json_put) struct json_object *object = NULL;
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    if (engine_request_json(engine, "GET", path, NULL, &object, err) < 0)
        return -1;
    struct json_object *processes = json_at(object, "Processes");
    if (!json_object_is_type(processes, json_type_array)) {
        error_set(&cause, ERROR_FAILED, "the field Processes is not an array");
        return engine_garbled(engine, &cause, err);
    }
    *ret = json_object_array_length(processes);
    return 0;
}
