/*
 * Versions of an engine's parts that let a container reach the server (ENGINE.md "Security"), and
 * of Docker those whose builder can end the engine (moby/moby#42414).
 */
#ifndef DS01_MODEL_KNOWN_HOLES_H
#define DS01_MODEL_KNOWN_HOLES_H

#include <stdbool.h>

#define PART_RUNC           "runc"
#define PART_DOCKER         "Engine"
#define PART_DOCKER_BUILDER "builder" /* its version is the engine's */
#define PART_NVIDIA_TOOLKIT "nvidia-container-toolkit"

/*
 * The versions of `part` from which on its known holes are closed, oldest branch first, as
 * "1.1.12, 1.2.8 or 1.3.3"; NULL where `version` has them closed, or nothing is known of the
 * part. A version is compared by its leading numbers; one that has none is not judged.
 */
const char *known_holes_closed_in(const char *part, const char *version);

/* True for a distribution's own build ("1.1.5+ds1"), which may hold mends of newer versions. */
bool version_is_distribution_build(const char *version);

#endif
