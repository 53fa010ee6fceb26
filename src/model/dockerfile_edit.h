/*
 * Changing what a Dockerfile installs, and nothing else in it.
 *
 * The file may be one of ds01's, of the original ds01 (one package a line below "# Custom
 * additional packages"), or anyone's. Only the last stage is changed, which becomes the
 * image. Every byte that was not asked for stays: comments, indentation, line ends, marks.
 * After each change the text is read again; what then installs anything but the old
 * packages and the asked ones is refused instead of returned.
 *
 * A package that was not there, added and then removed, gives back the bytes there were.
 */
#ifndef DS01_MODEL_DOCKERFILE_EDIT_H
#define DS01_MODEL_DOCKERFILE_EDIT_H

#include "base/error.h"
#include "base/strbuf.h"
#include "base/strv.h"
#include "model/package_command.h"

struct dockerfile_edit {
    /*
     * Checked requirements (requirement.h). A package that is installed already, by any
     * version, has its requirement replaced where it stands, is left alone where only its name
     * is asked for, and gets more extras where only these are (installed_packages_merge()); others
     * come behind the last package
     * of the step that ds01 wrote, or, where too much would be installed anew with that
     * (RECIPE_STEP_PACKAGES), or what they may need comes behind that step, in a new step, before
     * the user block. System packages are added first.
     */
    struct strv add_pip;
    struct strv add_apt;
    /* Names; extras and versions in them count for nothing. */
    struct strv remove_pip;
    struct strv remove_apt;
    /* A requirements file beside the Dockerfile, to be copied and installed, or no more; or NULL.
     */
    const char *add_requirements;
    const char *remove_requirements;
    /*
     * With add_requirements "NAME.txt": the files it names are in the folder NAME, which is to
     * be copied before; else that is copied no more.
     */
    bool requirements_folder;
};

/*
 * Appends the changed text to ret_text, the same text where there is nothing to change.
 * The lists are checked (asked_packages.h). ERROR_USAGE where the text does not parse;
 * ERROR_NOT_FOUND for a package to remove that is not installed; ERROR_REFUSED, naming the
 * line, where a change cannot be made safely.
 */
int dockerfile_edit(const char *text, size_t length, const struct dockerfile_edit *edit,
    struct strbuf *ret_text, struct error *err);

/* A package that the image gets by name. */
struct installed_package {
    enum package_kind kind;
    char *text;        /* the requirement: "numpy>=1.24,<2" */
    char *key;         /* what it is compared by: "numpy" */
    unsigned line;     /* in the Dockerfile */
    bool version_lost; /* unquoted: the shell writes a file ">=1.24", pip sees no version */
};

/* What may be a package that conda or mamba installs where pip installs too. */
struct other_package {
    char *key;
    const char *tool;
    unsigned line;
};

struct installed_packages {
    struct installed_package *items;
    size_t count;
    struct strv requirements;   /* files that "pip install -r" reads, as written */
    unsigned requirements_line; /* of the last of these */
    struct other_package *others;
    size_t other_count;
};

/* What the last stage installs, in its order. ERROR_USAGE where the text does not parse. */
int dockerfile_installed(
    const char *text, size_t length, struct installed_packages *ret, struct error *err);

/*
 * What adding `asked` makes of a Python package that is there once, "ray[default,tune]==2" of
 * "ray[default]==2" by "ray[tune]"; NULL where it becomes what is asked. The caller frees it.
 */
char *installed_packages_merge(const struct installed_packages *installed, const char *asked);

void installed_packages_release(struct installed_packages *packages);

#endif
