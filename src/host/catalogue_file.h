/*
 * Where the catalogue of frameworks comes from: the setting `catalog`, else
 * /etc/ds01/ml_images.repo, else AIME's that is built in. Behind it come the frameworks that
 * AIME's has not: /etc/ds01/more_images.repo, else what is built in.
 */
#ifndef DS01_HOST_CATALOGUE_FILE_H
#define DS01_HOST_CATALOGUE_FILE_H

#include "host/caller.h"
#include "host/config.h"
#include "model/catalogue.h"

/*
 * Reads with the caller's rights. A file named by `catalog` must be there; one that is no
 * catalogue is ERROR_FAILED, with its name and the line.
 */
int catalogue_load(const struct caller *caller, const struct config *config, struct catalogue *ret,
    struct error *err);

#endif
