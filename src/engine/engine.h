/*
 * The engine: where it listens, what it is, what it can do.
 *
 * No request is spent on getting to know it: the first one is sent at the baseline
 * version, and every answer's headers say the newest version and the kind (Docker,
 * Podman). Where an engine no longer speaks the baseline (Docker 29.0-29.2: 1.44),
 * its refusal names the version and the request is sent again.
 */
#ifndef DS01_ENGINE_ENGINE_H
#define DS01_ENGINE_ENGINE_H

#include "base/json.h"
#include "engine/transport.h"

#define ENGINE_API_BASELINE    141 /* Docker 20.10, Podman 4 */
#define ENGINE_API_SHARED_SIZE 142 /* /images/json?shared-size=1 */
#define ENGINE_API_NEWEST      155 /* Docker 29.7; a newer engine is spoken to at this one */

enum engine_kind { ENGINE_DOCKER, ENGINE_PODMAN };

struct engine {
    struct transport *transport;
    char *socket_path;
    enum engine_kind kind;
    unsigned api;    /* the version spoken: 141 is 1.41 */
    bool known;      /* an answer has been seen, kind and api are facts */
    size_t list_max; /* bytes of a list: TRANSPORT_ANSWER_MAX unless set, for tests */
};

/*
 * Prepares for the engine at `host` ("unix:///path", or a path). Opens nothing.
 * ERROR_USAGE for tcp://, ssh:// and the like, with the cure.
 */
int engine_new(const char *host, struct engine **ret, struct error *err);

/* Asks /_ping: for commands that need kind and version before their first request. */
int engine_get_to_know(struct engine *engine, struct error *err);

void engine_free(struct engine *engine);
void engine_freep(struct engine **engine);

/*
 * For the files of this room: one request at the negotiated version. `path` begins
 * behind "/v1.xx". A status from 400 on becomes an error: 404 ERROR_NOT_FOUND,
 * 409 ERROR_REFUSED, others ERROR_FAILED, with the engine's own message, made one
 * sentence of printable characters.
 */
int engine_request(struct engine *engine, struct transport_request *request,
    struct transport_answer *ret, struct error *err);

/* The same for a GET or POST whose answer is due at once and is JSON; the caller puts *ret. */
int engine_request_json(struct engine *engine, const char *method, const char *path,
    struct json_object *body, struct json_object **ret, struct error *err);

/*
 * The same for a GET of a list, a JSON array of objects: `take` is given one at a time, while they
 * come, and what it refuses makes the answer garbled. It may have been given some before this
 * fails.
 */
int engine_request_list(
    struct engine *engine, const char *path, json_take take, void *context, struct error *err);

/*
 * The error of an answer with a status from 400 on, as engine_request() makes it, for who
 * gets answers another way. Returns -1.
 */
int engine_refusal(struct engine *engine, const struct transport_answer *answer, struct error *err);

/* ERROR_ENGINE for an answer whose content makes no sense; `cause` is released. Returns -1. */
int engine_garbled(struct engine *engine, struct error *cause, struct error *err);

/* "/v1.41" and `path` behind it; the caller frees it. */
char *engine_path(const struct engine *engine, const char *path);

/*
 * Percent-encodes text for a path or a query value; '/' and ':' stay, as the engines
 * expect them in image names. The caller frees it.
 */
char *engine_escape(const char *text);

/* One condition of a list; a key may come repeatedly: "label" asks for all of its values. */
struct engine_filter {
    const char *key;
    const char *value;
};

/*
 * The value of "filters=" as percent-encoded JSON, {"label":["a=b","c"],…}; the caller
 * frees it. `filters` ends with a NULL key; NULL is an empty one.
 */
char *engine_filters(const struct engine_filter *filters);

#endif
