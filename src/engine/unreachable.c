#include "engine/unreachable.h"

#include <stdbool.h>
#include <sys/stat.h>

static int no_permission(const char *socket_path, struct error *err)
{
    error_set(err, ERROR_ENGINE, "no permission to use the container engine at %s", socket_path);
    return error_hint(
        err, "ask the administrator to add you to the group `docker`, then log out and in again");
}

/* A file or folder that is there and no socket: no right to it would help. */
static bool is_something_else(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && !S_ISSOCK(status.st_mode);
}

int engine_unreachable(const char *socket_path, int errnum, struct error *err)
{
    if (is_something_else(socket_path)) {
        error_set(err, ERROR_ENGINE, "%s is no socket, so no container engine listens there",
            socket_path);
        return error_hint(err, "check -H and DOCKER_HOST: they name the socket of the engine");
    }
    switch (errnum) {
    case EACCES:
    case EPERM:
        return no_permission(socket_path, err);
    case ENOENT:
    case ENOTDIR:
    case ECONNREFUSED:
        error_set(err, ERROR_ENGINE, "no container engine is listening at %s", socket_path);
        return error_hint(err,
            "is it running? Start it, or name the socket of another one with -H or DOCKER_HOST");
    case EAGAIN:
    case ENOTCONN:
    case 0: /* libcurl knows no cause: it waited for a connection that never began */
        error_set(err, ERROR_ENGINE,
            "the container engine at %s takes no more connections: it is stopped or overloaded",
            socket_path);
        return error_hint(err, "try again; if it stays so, ask the administrator to look at it");
    default:
        error_set(err, ERROR_ENGINE, "cannot connect to the container engine at %s: %s",
            socket_path, strerror(errnum));
        return error_hint(err, "check -H and DOCKER_HOST: they name the socket of the engine");
    }
}

int engine_silent(const char *socket_path, long ms, struct error *err)
{
    error_set(err, ERROR_ENGINE, "the container engine at %s did not answer within %g s",
        socket_path, (double)ms / 1000);
    return error_hint(err,
        "it is stopped or overloaded: try again; if it stays so, ask the administrator to look "
        "at it");
}

int engine_closed(const char *socket_path, struct error *err)
{
    error_set(err, ERROR_ENGINE,
        "the container engine at %s closed the connection before its answer was complete",
        socket_path);
    return error_hint(err, "it may have been restarted: try again");
}

int engine_nonsense(const char *socket_path, const char *what, struct error *err)
{
    error_set(err, ERROR_ENGINE, "what listens at %s does not speak like a container engine: %s",
        socket_path, what);
    return error_hint(err, "check -H and DOCKER_HOST: they name the socket of the engine");
}
