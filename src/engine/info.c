#include "engine/info.h"

#include "base/json.h"

int engine_cdi_devices(struct engine *engine, struct strv *ret_devices, struct error *err)
{
    _cleanup_(json_put) struct json_object *info = NULL;

    if (engine_get_to_know(engine, err) < 0)
        return -1;
    if (engine->kind == ENGINE_DOCKER && engine->api < ENGINE_API_DISCOVERED_DEVICES)
        return 0;
    if (engine_request_json(engine, "GET", "/info", NULL, &info, err) < 0)
        return -1;
    struct json_object *devices = json_at(info, "DiscoveredDevices");
    if (!json_object_is_type(devices, json_type_array))
        return 0;
    for (size_t i = 0; i < json_object_array_length(devices); i++) {
        struct json_object *id = json_at(json_object_array_get_idx(devices, i), "ID");
        if (json_object_is_type(id, json_type_string))
            strv_push(ret_devices, json_object_get_string(id));
    }
    return 0;
}
