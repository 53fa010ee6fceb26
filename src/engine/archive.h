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
#include "base/strv.h"

/*
 * What a build sees. The Dockerfile is always sent from memory, under the name
 * `dockerfile_name`. `directory` is a descriptor of the context directory (borrowed), or
 * -EBADF for a context with nothing else in it. A `.dockerignore` in it (or, before that, the
 * file `ignore_name`) is honoured with the rules of moby/patternmatcher, since the engine does
 * not apply it to a tar body.
 */
struct build_context {
    const char *dockerfile_name;
    const char *dockerfile_text;
    size_t dockerfile_length;
    int directory;
    const char *ignore_name; /* "Dockerfile.dockerignore", in `directory` */
    /*
     * NULL: all of the directory. Else only these files and folders of it, named without "."
     * and "..". Where one of them lies behind a symbolic link it is all of the directory again,
     * for builders follow links within the context.
     */
    const struct strv *only;
    bool own; /* the files of `only` are ds01's own: no .dockerignore is asked, all may read them */
    /*
     * Called before and after files of the directory are touched, to do it with the rights of
     * whose they are; NULL: with the process's own.
     */
    void (*enter)(void *rights);
    void (*leave)(void *rights);
    void *rights;
};

struct context_stream;

/*
 * `context` and what it points to must outlive the stream. Owners in the tar are 0:0, modes
 * and times (in whole seconds) are kept, as the docker CLI does; symbolic links stay links;
 * sockets, FIFOs and devices are left out. The Dockerfile's time is always 0, so that the
 * same text is the same bytes. ERROR_USAGE for a `dockerfile_name` that leaves the context
 * and for a .dockerignore with a line that is no pattern.
 */
int context_stream_new(
    const struct build_context *context, struct context_stream **ret, struct error *err);

/*
 * A transport_read: gives the next bytes of the tar, 0 at its end. A file that cannot be
 * read, or that becomes shorter while it is read, is an error; one that grows is sent as
 * long as it was.
 */
ssize_t context_stream_read(void *stream, char *data, size_t size, struct error *err);

void context_stream_free(struct context_stream *stream);

#endif
