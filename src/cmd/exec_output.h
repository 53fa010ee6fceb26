/*
 * The output of a command in a container, and the engine's word where it could not start it.
 *
 * The engine writes that word into the same stream. Output that begins like it is held back
 * until more, or the exit code, tells what it is.
 */
#ifndef DS01_CMD_EXEC_OUTPUT_H
#define DS01_CMD_EXEC_OUTPUT_H

#include <stdbool.h>

#include "ops/container_open.h"

#define EXEC_OUTPUT_HELD_MAX 1024 /* bytes; the engine's word is shorter */

struct exec_output {
    bool terminal; /* its stream is plain bytes, without frames */
    struct frame_reader frames;
    char held[EXEC_OUTPUT_HELD_MAX + 1]; /* with a NUL behind */
    size_t held_length;
    bool passing; /* it is the command's own: all goes through */
};

/* Takes bytes of the stream to stdout and stderr. */
int exec_output_write(
    struct exec_output *output, const char *data, size_t length, struct error *err);

/*
 * The command ended with `code`. Returns the code to exit with: 127 for a command that is not
 * there, as shells say (Docker 20.10 gives 126), 126 for one that cannot run; for both a
 * sentence goes to stderr. Anything held back that was the command's own is written.
 */
int exec_output_end(struct exec_output *output, int code, const char *command);

#endif
