/*
 * Python packages by the traces that installers leave (PEP 376 and its successor, "Recording
 * installed projects" of packaging.python.org): a directory NAME-VERSION.dist-info in
 * site-packages, or the older NAME-VERSION.egg-info, a file or a directory. The texts come
 * from inside a container: what makes no sense in them is passed over.
 */
#ifndef DS01_MODEL_PYTHON_PACKAGES_H
#define DS01_MODEL_PYTHON_PACKAGES_H

#include "model/file_changes.h"

struct python_package {
    char *folder;    /* "/usr/local/lib/python3.11/site-packages" */
    char *name;      /* as the trace has it, '_' as '-' */
    char *before;    /* its version in the image; NULL: not there */
    char *after;     /* in the container; NULL: not there any more */
    char *trace;     /* path of its NAME-VERSION.dist-info in the container, or NULL */
    bool asked_for;  /* by name, not as a dependency; of all, where installers tell of none */
    bool has_source; /* direct_url.json: it did not come from an index */
};

struct python_packages {
    struct python_package *packages;
    size_t count;
};

/*
 * The packages of every Python path that were added, changed, removed, or installed again,
 * in the order of folder and name. The changes are as the engine reports them, removed
 * directories as themselves.
 */
void python_packages_find(const struct file_changes *changes, struct python_packages *ret);

/* The paths that a RECORD names, made absolute by the package's folder. */
void python_record_paths(const char *text, size_t length, const char *folder, struct strv *ret);

/*
 * Where a package came from, by the text of its direct_url.json: a URL that pip takes
 * ("git+https://…@commit", "https://…whl"), or with *ret_local the path of a file or folder.
 * NULL when it does not tell; the caller frees it.
 */
char *python_source(const char *text, size_t length, bool *ret_local);

void python_packages_release(struct python_packages *packages);

#endif
