/*
 * Which images of the catalogue run here. What AIME calls an architecture is a generation of
 * CUDA (FACTS 1.5): CUDA is 10, CUDA_AMPERE 11, CUDA_ADA 12 before 12.8, CUDA_BLACKWELL from
 * 12.8 on; ROCM6 and ROCM5 are those of ROCm. So the driver decides what can run (it runs its
 * own generation and every older one), and the card what must: one that is newer than a
 * generation of CUDA has no code in its images.
 */
#ifndef DS01_HOST_ARCHITECTURE_H
#define DS01_HOST_ARCHITECTURE_H

#include "base/strv.h"

/* Where to look; a test looks elsewhere. */
struct architecture_probe {
    const char *nvidia_version;                           /* the driver's own file */
    size_t (*compute_capabilities)(int *ret, size_t max); /* asked only where there is a driver */
    const char *amdgpu;                                   /* exists where AMD's module is loaded */
    const char *rocm_version;                             /* a file that begins "6.2.0" */
};

extern const struct architecture_probe architecture_probe_host;

/*
 * The architectures that run here, the one to prefer first; none where there is no GPU or its
 * driver is too old. *ret_finding says why, as a sentence without a full stop; to be freed.
 */
void architecture_detect(
    const struct architecture_probe *probe, struct strv *ret_names, char **ret_finding);

#endif
