#include "host/proxies.h"

#include "base/json.h"
#include "base/xalloc.h"
#include "host/docker_config.h"

static const struct json_field docker_fields[] = {
    {"proxies/default/httpProxy", FIELD_STRING, offsetof(struct proxies, http), 0},
    {"proxies/default/httpsProxy", FIELD_STRING, offsetof(struct proxies, https), 0},
    {"proxies/default/noProxy", FIELD_STRING, offsetof(struct proxies, none), 0},
};

static bool name_any(const struct proxies *proxies)
{
    return proxies->http || proxies->https;
}

static void set_both(struct strmap *map, const char *capital, const char *small, const char *value)
{
    if (!value || !*value)
        return;
    strmap_set(map, capital, value);
    strmap_set(map, small, value);
}

static void set_all(struct strmap *map, const struct proxies *proxies)
{
    set_both(map, "HTTP_PROXY", "http_proxy", proxies->http);
    set_both(map, "HTTPS_PROXY", "https_proxy", proxies->https);
    set_both(map, "NO_PROXY", "no_proxy", proxies->none);
}

int proxies_find(
    const struct config *config, const struct caller *caller, struct strmap *ret, struct error *err)
{
    _cleanup_(json_put) struct json_object *docker = NULL;
    _cleanup_(proxies_release) struct proxies of_docker = {0};

    if (name_any(&config->proxies)) {
        set_all(ret, &config->proxies);
        return 0;
    }
    if (docker_config_read(caller, &docker, err) < 0)
        return -1;
    if (docker && json_decode(docker, docker_fields, ELEMENTS(docker_fields), &of_docker, err) < 0)
        return error_prefix(err, "docker's config.json");
    if (name_any(&of_docker))
        set_all(ret, &of_docker);
    else if (name_any(&config->environment_proxies))
        set_all(ret, &config->environment_proxies);
    if (ret->count > 0)
        set_both(ret, "NO_PROXY", "no_proxy", config->proxies.none);
    return 0;
}
