#include "engine/info.h"

#include <json-c/json.h>

#include "base/json.h"
#include "base/xalloc.h"

static const char *text_at(struct json_object *object, const char *path)
{
    struct json_object *value = json_at(object, path);

    return json_object_is_type(value, json_type_string) ? json_object_get_string(value) : NULL;
}

static void add_cdi_devices(struct json_object *info, struct strv *devices)
{
    struct json_object *array = json_at(info, "DiscoveredDevices");

    if (!json_object_is_type(array, json_type_array))
        return;
    for (size_t i = 0; i < json_object_array_length(array); i++) {
        const char *id = text_at(json_object_array_get_idx(array, i), "ID");
        if (id)
            strv_push(devices, id);
    }
}

int engine_cdi_devices(struct engine *engine, struct strv *ret_devices, struct error *err)
{
    _cleanup_(json_put) struct json_object *info = NULL;

    if (engine_get_to_know(engine, err) < 0)
        return -1;
    if (engine->kind == ENGINE_DOCKER && engine->api < ENGINE_API_DISCOVERED_DEVICES)
        return 0;
    if (engine_request_json(engine, "GET", "/info", NULL, &info, err) < 0)
        return -1;
    add_cdi_devices(info, ret_devices);
    return 0;
}

static void add_runtimes(struct json_object *info, struct strv *runtimes)
{
    struct json_object *object = json_at(info, "Runtimes");

    if (!json_object_is_type(object, json_type_object))
        return;
    json_object_object_foreach (object, name, runtime) {
        (void)runtime;
        strv_push(runtimes, name);
    }
}

static void add_versions(struct json_object *version, struct strmap *versions)
{
    struct json_object *parts = json_at(version, "Components");

    if (!json_object_is_type(parts, json_type_array))
        return;
    for (size_t i = 0; i < json_object_array_length(parts); i++) {
        struct json_object *part = json_object_array_get_idx(parts, i);
        const char *name = text_at(part, "Name"), *number = text_at(part, "Version");
        if (name && number)
            strmap_set(versions, name, number);
    }
}

int engine_info(struct engine *engine, struct engine_info *ret, struct error *err)
{
    _cleanup_(json_put) struct json_object *info = NULL;
    _cleanup_(json_put) struct json_object *version = NULL;

    if (engine_request_json(engine, "GET", "/info", NULL, &info, err) < 0 ||
        engine_request_json(engine, "GET", "/version", NULL, &version, err) < 0)
        return -1;
    *ret = (struct engine_info){.root = xstrdup(text_at(info, "DockerRootDir"))};
    add_runtimes(info, &ret->runtimes);
    add_cdi_devices(info, &ret->cdi_devices);
    add_versions(version, &ret->versions);
    return 0;
}

int engine_root(struct engine *engine, char **ret, struct error *err)
{
    _cleanup_(json_put) struct json_object *info = NULL;

    if (engine_request_json(engine, "GET", "/info", NULL, &info, err) < 0)
        return -1;
    *ret = xstrdup(text_at(info, "DockerRootDir"));
    return 0;
}

void engine_info_release(struct engine_info *info)
{
    free(info->root);
    strv_release(&info->runtimes);
    strv_release(&info->cdi_devices);
    strmap_release(&info->versions);
    *info = (struct engine_info){0};
}
