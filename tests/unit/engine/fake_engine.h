/*
 * An engine that says what a test tells it to: a unix socket in a directory of its own,
 * and a script of replies, given to the requests in the order in which they come,
 * whatever connection they come on.
 */
#ifndef DS01_TESTS_FAKE_ENGINE_H
#define DS01_TESTS_FAKE_ENGINE_H

#include <stdbool.h>
#include <stddef.h>

struct fake_reply {
    const char *status; /* "200 OK": an answer of an engine with API 1.41 … */
    const char *body;   /* … and its body; without a status … */
    const char *bytes;  /* … these are sent as they are */
    size_t length;      /* 0: up to the NUL */
    size_t piece;       /* bytes of one send, with a pause behind; 0: all at once */
    long delay_ms;      /* before the first byte */
    bool early;         /* sent as soon as the request's header came, its body never read */
    bool hang_up;       /* closes the connection behind it */
    bool stall;         /* says nothing more, and keeps the connection open */
    bool echo;          /* sends back what comes from now on */
};

struct fake_engine;

/* `replies` must outlive it. A request behind the last reply has its connection closed. */
struct fake_engine *fake_engine_start(const struct fake_reply *replies, size_t count);

const char *fake_engine_socket(const struct fake_engine *engine);

/* "unix://" and the socket. */
const char *fake_engine_host(const struct fake_engine *engine);

/* The bytes of the request with that number, from 0 on, as they came; NULL if there was none. */
const char *fake_engine_request(struct fake_engine *engine, size_t number);

/* How many connections were accepted. */
size_t fake_engine_connections(struct fake_engine *engine);

/* Ends it and removes its socket. */
void fake_engine_stop(struct fake_engine *engine);

#endif
