/*
 * conda's packages by the files PREFIX/conda-meta/NAME-VERSION-BUILD.json that it writes for
 * each (conda documentation, "Conda package metadata"). The texts come from inside a container:
 * what makes no sense in them is passed over.
 */
#ifndef DS01_MODEL_CONDA_PACKAGES_H
#define DS01_MODEL_CONDA_PACKAGES_H

#include "model/file_changes.h"
#include "model/traced_packages.h"

/*
 * The packages that were added, changed or removed, by prefix ("/opt/conda", their place) and
 * name; the trace is the path of the record.
 */
void conda_packages_find(const struct file_changes *changes, struct traced_packages *ret);

/*
 * Adds the absolute paths of a package's files by the text of its record. True when somebody
 * asked for it, by the record's "requested_spec".
 */
bool conda_record_parse(const char *text, size_t length, const char *prefix, struct strv *ret);

#endif
