/*
 * Python packages by the traces that installers leave (PEP 376 and its successor, "Recording
 * installed projects" of packaging.python.org): a directory NAME-VERSION.dist-info in
 * site-packages, or the older NAME-VERSION.egg-info, a file or a directory. The texts come
 * from inside a container: what makes no sense in them is passed over.
 */
#ifndef DS01_MODEL_PYTHON_PACKAGES_H
#define DS01_MODEL_PYTHON_PACKAGES_H

#include "model/file_changes.h"
#include "model/traced_packages.h"

/*
 * The packages of every Python path that were added, changed, removed, or installed again,
 * in the order of folder ("/usr/local/lib/python3.11/site-packages", their place) and name. The
 * name is as the trace has it, with '-' for '_'; the trace is the path of NAME-VERSION.dist-info.
 * The changes are as the engine reports them, removed directories as themselves.
 */
void python_packages_find(const struct file_changes *changes, struct traced_packages *ret);

/* The paths that a RECORD names, made absolute by the package's folder. */
void python_record_paths(const char *text, size_t length, const char *folder, struct strv *ret);

/*
 * Where a package came from, by the text of its direct_url.json: a URL that pip takes
 * ("git+https://…@commit", "https://…whl"), or with *ret_local the path of a file or folder.
 * NULL when it does not tell; the caller frees it.
 */
char *python_source(const char *text, size_t length, bool *ret_local);

#endif
