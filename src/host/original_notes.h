/*
 * What the original scripts noted of an image, in ~/ds01-config/images/<image with / as _>.info:
 * lines "Key: value". ds01 reads these files and never writes them.
 */
#ifndef DS01_HOST_ORIGINAL_NOTES_H
#define DS01_HOST_ORIGINAL_NOTES_H

#include "host/caller.h"

/*
 * The absolute path of the Dockerfile that the notes of the project's image name, to be freed;
 * NULL where there are no notes, or no such file that the caller can read.
 */
char *original_notes_dockerfile(const struct caller *caller, const char *project);

#endif
