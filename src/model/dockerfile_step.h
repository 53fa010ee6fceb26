/*
 * Whole steps of a Dockerfile: putting in one that ds01 writes (recipe.h), and taking an
 * instruction out, so that one undoes the other to the byte. Nothing is changed here: each
 * function says which bytes of the file to replace by what.
 */
#ifndef DS01_MODEL_DOCKERFILE_STEP_H
#define DS01_MODEL_DOCKERFILE_STEP_H

#include "model/dockerfile_list.h"

/* The original ds01 puts what a user adds below this line. */
#define ORIGINAL_MARKER "# Custom additional packages"

/* Does a guard stand above the instruction, in the last stage? */
bool dockerfile_step_is_guarded(
    const struct dockerfile *file, const struct dockerfile_packages *packages, size_t instruction);

/*
 * May a Python package join the step: does root run it, and nothing come behind it, in the last
 * stage, that a package has to come behind?
 */
bool dockerfile_step_may_grow(
    const struct dockerfile *file, const struct dockerfile_packages *packages, size_t instruction);

/*
 * A new step that installs `requirement` (pip's or apt's). Behind what it may need: steps that
 * install or make a Python, and for pip settings of PATH or for itself. Root runs it.
 * ERROR_REFUSED where the stage last installs with a pip that is in no folder of PATH.
 */
int dockerfile_step_add_package(const struct dockerfile *file,
    const struct dockerfile_packages *packages, enum package_kind kind, const char *requirement,
    struct text_changes *ret, struct error *err);

/* The same for what the requirements file, in the build context, names. */
int dockerfile_step_add_requirements(const struct dockerfile *file,
    const struct dockerfile_packages *packages, const char *requirements, struct text_changes *ret,
    struct error *err);

/*
 * The COPY of the folder with what a requirements file names, above the instruction `before` and
 * what ds01 wrote above that; and taking the one at `copy` out with what ds01 wrote around it.
 */
void dockerfile_step_add_folder(const struct dockerfile *file, size_t before, const char *folder,
    const char *place, struct text_changes *ret);
void dockerfile_step_remove_folder(
    const struct dockerfile *file, size_t copy, struct text_changes *ret);

/*
 * Takes out the instruction of `list`, and the ones from `first` on that stand right before
 * it, with what ds01 wrote around them: the comment, a blank line, pip's own setup when no
 * other step uses pip, a guard that stands alone when it guards no other step, the two USER
 * lines that make it all root's.
 */
void dockerfile_step_remove(const struct dockerfile *file,
    const struct dockerfile_packages *packages, const struct package_list *list, size_t first,
    struct text_changes *ret);

#endif
