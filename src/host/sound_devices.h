/* The server's sound cards, as files of devices. */
#ifndef DS01_HOST_SOUND_DEVICES_H
#define DS01_HOST_SOUND_DEVICES_H

#include "base/strv.h"

/*
 * Adds every device below <root>/dev/snd to `devices` (as "/dev/snd/…"), and the groups that may
 * use them, by number, to `groups`. `root` is "" but in tests.
 */
void sound_devices_find(const char *root, struct strv *devices, struct strv *groups);

#endif
