/*
 * What NVIDIA's cards here can do, as NVML tells it. The library belongs to the driver and is
 * loaded only when this is asked: it takes longer than a whole list of containers.
 */
#ifndef DS01_HOST_COMPUTE_CAPABILITY_H
#define DS01_HOST_COMPUTE_CAPABILITY_H

#include <stddef.h>

/*
 * Fills ret with the compute capability of up to `max` cards, ten times the number ("8.9" is
 * 89). Returns how many; 0 where there is no NVML or it does not answer.
 */
size_t compute_capabilities(int *ret, size_t max);

#endif
