#include "host/docker_config.h"

#include <fcntl.h>

#include "base/file.h"
#include "base/json.h"
#include "base/xalloc.h"
#include "host/access_hint.h"

#define CONFIG_MAX ((size_t)1 << 20) /* bytes */

char *docker_config_path(const struct caller *caller)
{
    const char *folder = caller->acts_for_other ? NULL : secure_getenv("DOCKER_CONFIG");

    return folder && *folder ? xasprintf("%s/config.json", folder)
                             : xasprintf("%s/.docker/config.json", caller->home);
}

int docker_config_read(const struct caller *caller, struct json_object **ret, struct error *err)
{
    _cleanup_(caller_scope_end) struct caller_scope scope = caller_scope_begin(caller);
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    _cleanup_free_ char *path = docker_config_path(caller);
    _cleanup_free_ char *text = NULL;
    size_t length;

    if (file_read_at(AT_FDCWD, path, CONFIG_MAX, &text, &length, &cause) < 0) {
        if (cause.code == ERROR_NOT_FOUND)
            return 0;
        error_move(err, &cause);
        return access_hint_file(caller, path, err);
    }
    if (json_parse(text, length, ret, err) == 0)
        return 0;
    error_prefix(err, "%s", path);
    return error_hint(err, "mend that file, or move it away; docker login writes a new one");
}
