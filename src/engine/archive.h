/*
 * A build context as a tar stream, made while it is sent: no copy on disk, none in
 * memory. libarchive writes the tar; it is loaded when the first archive is made, since
 * loading it costs more than a whole container-list.
 */
#ifndef DS01_ENGINE_ARCHIVE_H
#define DS01_ENGINE_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"

/*
 * What a build sees. The Dockerfile is always sent from memory, under the name
 * `dockerfile_name`. `directory` is a descriptor of the context directory (borrowed), or
 * -EBADF for a context with nothing else in it. A `.dockerignore` in it (or
 * `<dockerfile>.dockerignore`) is honoured with the rules of moby/patternmatcher, since
 * the engine does not apply it to a tar body.
 */
struct build_context {
    const char *dockerfile_name;
    const char *dockerfile_text;
    size_t dockerfile_length;
    int directory;
};

struct context_stream;

/* Owners in the tar are 0:0 and times are kept, as the docker CLI does. Sockets are left out. */
int context_stream_new(
    const struct build_context *context, struct context_stream **ret, struct error *err);

/* A transport_read: gives the next bytes of the tar. A file that cannot be read is an error. */
ssize_t context_stream_read(void *stream, char *data, size_t size, struct error *err);

void context_stream_free(struct context_stream *stream);

/* True when .dockerignore patterns (one per line in `patterns`) leave `path` out. */
bool dockerignore_excludes(const char *patterns, const char *path);

#endif
