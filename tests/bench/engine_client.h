/*
 * The barest HTTP client for the engine's socket: one connection, kept alive, nothing
 * added. It is the measure that ds01 is held against, so it shares no code with it.
 */
#ifndef DS01_BENCH_ENGINE_CLIENT_H
#define DS01_BENCH_ENGINE_CLIENT_H

#include <stddef.h>

#define ENGINE_ANSWER_MAX ((size_t)16 << 20)

struct engine_client {
    int fd;
    char answer[ENGINE_ANSWER_MAX]; /* head and body of the last answer, NUL-terminated */
    size_t length;
};

/* Ends the program when the engine is out of reach. */
void engine_client_connect(struct engine_client *client, const char *socket_path);

/* Sends a request, with a JSON body unless NULL; returns the status of the whole answer. */
int engine_client_ask(
    struct engine_client *client, const char *method, const char *path, const char *body);

#endif
