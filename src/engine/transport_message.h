/*
 * What goes over the connection to the engine: a request, and its answer. How they get there is
 * the affair of engine/transport.h.
 */
#ifndef DS01_ENGINE_TRANSPORT_MESSAGE_H
#define DS01_ENGINE_TRANSPORT_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"
#include "base/strbuf.h"

#define TRANSPORT_ANSWER_MAX ((size_t)64 << 20) /* bytes of an answer held in memory */
#define TRANSPORT_DUE_MS     30000L             /* for an answer that is due at once */

/* Gives up to `size` bytes of a request body; 0 ends it, -1 fails with *err set. */
typedef ssize_t (*transport_read)(void *context, char *data, size_t size, struct error *err);

/* Takes a piece of the answer; -1 stops the request with *err set. */
typedef int (*transport_write)(void *context, const char *data, size_t length, struct error *err);

struct transport_request {
    const char *method;
    const char *path;         /* with query, percent-encoded, from "/v1.41/…" on */
    const char *content_type; /* of the body; NULL: none */
    const char *body;         /* or NULL */
    size_t body_length;
    transport_read read_body; /* or NULL; sent chunked */
    void *read_context;
    const char *auth;           /* value of X-Registry-Auth, or NULL */
    long timeout_ms;            /* 0: as long as it takes */
    transport_write write_body; /* NULL: the answer is held in transport_answer.body */
    void *write_context;        /* only called for a 2xx status; other bodies are held */
};

struct transport_answer {
    long status;
    struct strbuf body;
    char api_version[16]; /* header Api-Version, "" when absent */
    char server[64];      /* header Server */
    bool podman;          /* header Libpod-API-Version was there */
    char path_stat[2048]; /* header X-Docker-Container-Path-Stat: base64 of JSON */
};

#define TRANSPORT_ANSWER_INIT                                                                      \
    {                                                                                              \
        .body = STRBUF_INIT(TRANSPORT_ANSWER_MAX)                                                  \
    }

/* Notes what the header line says that an answer keeps; a status line starts it anew. */
void transport_answer_note_header(struct transport_answer *answer, const char *line, size_t length);

void transport_answer_release(struct transport_answer *answer);

#endif
