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

#define PYTHON_LINK ".egg-link"

struct python_source {
    char *text; /* a URL that pip takes ("git+https://…@commit", "https://…whl"), or a path */
    bool local; /* it is the path of a file or folder */
    bool editable; /* the package is used from there, and not copied */
};

/* Where a package came from, by its direct_url.json; all is empty when that does not tell. */
void python_source_parse(const char *text, size_t length, struct python_source *ret);

/*
 * The paths of the links that `setup.py develop`, and so `pip install -e` before PEP 660, leaves
 * in place of a package: ".../site-packages/NAME.egg-link".
 */
void python_links_find(const struct file_changes *changes, struct strv *ret);

/* The folder that such a link leads to, or NULL; the caller frees it. */
char *python_link_target(const char *text, size_t length);

/* The version in a package's PKG-INFO, or NULL; the caller frees it. */
char *python_version(const char *text, size_t length);

void python_source_release(struct python_source *source);

#endif
