/* NVIDIA's container toolkit, which lets an engine give GPUs away: is it here, and which. */
#ifndef DS01_HOST_NVIDIA_TOOLKIT_H
#define DS01_HOST_NVIDIA_TOOLKIT_H

#include <stdbool.h>

/*
 * The version of its library, which bears the toolkit's number, by the name of the file that
 * libnvidia-container.so.1 stands for; NULL where there is none. `root` is "" for this machine.
 * The caller frees it.
 */
char *nvidia_toolkit_version(const char *root);

/* True when a program of it is where an engine looks. */
bool nvidia_toolkit_is_installed(const char *root);

#endif
