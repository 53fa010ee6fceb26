/*
 * The files of data/, built into the program: it works from the build tree and wherever it is
 * copied to, and a file in /etc/ds01 takes the place of each.
 */
#ifndef DS01_HOST_BUILTIN_DATA_H
#define DS01_HOST_BUILTIN_DATA_H

extern const char builtin_ml_images[];
extern const char builtin_more_images[];
extern const char builtin_package_sets[];

#endif
