/* A process in a running container, with its streams as one raw connection. */
#ifndef DS01_ENGINE_EXEC_H
#define DS01_ENGINE_EXEC_H

#include "engine/engine.h"

/*
 * The keys that make the engine itself leave a terminal, in its notation. It holds back the
 * first of them until another comes, so not its default, which begins with Ctrl-P: that brings
 * back the last line in a shell. ds01 leaves by keys of its own.
 */
#define ENGINE_DETACH_KEYS "ctrl-^,ctrl-_,ctrl-^,ctrl-_"

struct exec_spec {
    struct strv command;
    const char *user;        /* "uid:gid", or NULL: the container's */
    const char *working_dir; /* or NULL: the container's */
    struct strv environment; /* "KEY=value" */
    bool tty;
    bool attach_stdin;
    unsigned short rows, columns; /* first size of the terminal; 0: not known */
};

/*
 * Creates and starts the process. *ret_fd is the raw connection, the caller's to close, O_NONBLOCK:
 * with a tty plain bytes both ways, without one what comes back has the 8-byte frame
 * headers of the API. *ret_early holds bytes that have come already. *ret_id is for the
 * calls below. ERROR_REFUSED when the container does not run.
 */
int engine_exec_start(struct engine *engine, const char *container, const struct exec_spec *spec,
    char **ret_id, int *ret_fd, struct strbuf *ret_early, struct error *err);

int engine_exec_resize(struct engine *engine, const char *id, unsigned short rows,
    unsigned short columns, struct error *err);

/* The exit code once the process ended; waits a moment for the engine to notice. */
int engine_exec_exit_code(struct engine *engine, const char *id, int *ret_code, struct error *err);

/*
 * Takes the frames of a stream without a tty apart. Feed it what came; it calls `sink`
 * with stream 1 (stdout) or 2 (stderr). ERROR_ENGINE for a header that is none.
 */
struct frame_reader {
    unsigned char header[8];
    size_t header_length;
    size_t remaining; /* bytes of the current frame still to come */
};

/* Takes bytes of a stream; -1 stops with *err set. */
typedef int (*frame_sink)(
    void *context, int stream, const char *data, size_t length, struct error *err);

int frame_reader_feed(struct frame_reader *reader, const char *data, size_t length, frame_sink sink,
    void *context, struct error *err);

#endif
