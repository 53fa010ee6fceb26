/*
 * What lies in a folder of a container, without its content: from the tar that engines give of
 * it. For folders of which GET /containers/{id}/changes does not tell, which are volumes.
 */
#ifndef DS01_ENGINE_CONTAINER_LISTING_H
#define DS01_ENGINE_CONTAINER_LISTING_H

#include "engine/engine.h"

/* So much of the tar is looked at: a volume may hold more than anybody waits for. */
#define LISTING_BYTES_MAX ((size_t)64 << 20)

struct listed_file {
    char *path; /* absolute */
    bool folder;
    char *state; /* type, mode, owner, size, time: in two listings equal for what is the same */
};

struct file_listing {
    struct listed_file
        *files; /* by path, as strcmp() has it; the folder itself is not among them */
    size_t count;
    bool complete; /* nothing was left out */
};

/* Links are not followed. ERROR_NOT_FOUND when there is no `folder`. */
int engine_container_list_files(struct engine *engine, const char *container, const char *folder,
    struct file_listing *ret, struct error *err);

/* NULL when it is not there. */
const struct listed_file *file_listing_find(const struct file_listing *listing, const char *path);

void file_listing_release(struct file_listing *listing);

#endif
