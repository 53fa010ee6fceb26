/* The main process of a container: its streams as one raw connection, its size, signals, end. */
#ifndef DS01_ENGINE_ATTACH_H
#define DS01_ENGINE_ATTACH_H

#include "engine/engine.h"

/*
 * Connects to the streams of a container, best before it is started: then nothing is missed.
 * *ret_fd is the raw connection, the caller's to close, O_NONBLOCK: with a tty plain bytes
 * both ways, without one what comes back has the 8-byte frame headers of the API
 * (frame_reader_feed()). *ret_early holds bytes that have come already.
 */
int engine_container_attach(struct engine *engine, const char *container, int *ret_fd,
    struct strbuf *ret_early, struct error *err);

int engine_container_resize(struct engine *engine, const char *container, unsigned short rows,
    unsigned short columns, struct error *err);

/* `signal` is a name such as "SIGINT". ERROR_REFUSED when the container does not run. */
int engine_container_kill(
    struct engine *engine, const char *container, const char *signal, struct error *err);

/* The exit code of one that has ended; waits a moment for the engine to notice. */
int engine_container_exit_code(
    struct engine *engine, const char *container, int *ret_code, struct error *err);

#endif
