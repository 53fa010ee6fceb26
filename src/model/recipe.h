/*
 * How an image was asked for, and the Dockerfile that says so.
 *
 * What differs per user (user setup, labels) comes last, between two marker lines,
 * so that two users who ask for the same thing share every layer but the last.
 */
#ifndef DS01_MODEL_RECIPE_H
#define DS01_MODEL_RECIPE_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"
#include "base/strbuf.h"
#include "base/strv.h"

/* The framework label of an image that is made from a base of the user's own. */
#define FRAMEWORK_CUSTOM "custom"

struct recipe {
    char *project;
    char *base;      /* image reference for FROM */
    char *framework; /* for the label: "Pytorch-2.6.0"; "custom" when only a base was given */
    struct strv pip; /* checked requirements */
    struct strv apt; /* checked package names */

    /* Sets of packages, each a step of its own: images with the same set share its layer. */
    struct recipe_set {
        char *title;     /* "computer vision" */
        struct strv pip; /* may be empty: then there is no such step */
    } * sets;
    size_t set_count;

    bool requirements;        /* install <project>.requirements.txt of the build context */
    bool requirements_folder; /* which needs what is in <project>.requirements/ */
};

struct recipe_user {
    const char *login; /* raw login name: comment and maintainer label only */
    const char *name;  /* in the container: username_in_container() */
    const char *home;  /* in the container */
    uid_t uid;
    gid_t gid;
};

/* Adds a set with copies of `title` and the checked requirements in `pip`. */
void recipe_add_set(struct recipe *recipe, const char *title, const struct strv *pip);

/*
 * Leaves each package in one step: one of a set's that `pip` asks for in another way goes out of
 * the set, and a name alone that a set has goes out of `pip`. With an environment marker both stay,
 * since the wish may not be meant for the image's Python.
 */
void recipe_install_once(struct recipe *recipe);

/* Appends a whole Dockerfile. `date` is "2026-11-23", for the comment only. */
void recipe_write(const struct recipe *recipe, const struct recipe_user *user, const char *date,
    struct strbuf *ret_text);

/*
 * Appends the user block: marker line, USER root, the user setup RUN, ENV, LABEL, USER,
 * marker line. It creates the user by id, verifies with `id` and fails the build when the
 * ids are not right. For uid 0 it only sets the labels.
 */
void recipe_write_user_block(const struct recipe_user *user, const char *project,
    const char *framework, struct strbuf *ret_text);

/*
 * A Dockerfile that someone wrote, with the user block for `user` put at its end; a block
 * that is there already (ours or another user's, wherever it stands) is taken out, every
 * other byte is kept, also what a person wrote within it, which stands in its place then. Only
 * a continuation that would run on into the block loses its escape, and a last line without one
 * gets its newline. The block brings the step that installs sudo unless the text has it, and its
 * lines end in CRLF where all of the text's do. The text's own `# escape=` is followed. It need not
 * parse.
 */
void recipe_with_user_block(const char *text, size_t length, const struct recipe_user *user,
    const char *project, const char *framework, struct strbuf *ret_text);

/* How the marker line begins that the user block stands behind. */
#define RECIPE_USER_COMMENT "# --- ds01 user setup:"

/* The lines above the steps that ds01 writes, by which dockerfile_edit() knows them again. */
#define RECIPE_SYSTEM_COMMENT        "# System packages"
#define RECIPE_PIP_COMMENT           "# pip, where the base lacks it"
#define RECIPE_GUARD_COMMENT         "# pip leaves the base's own torch, tensorflow and jax as they are"
#define RECIPE_LASTING_GUARD_COMMENT RECIPE_GUARD_COMMENT ", in containers too"
#define RECIPE_PYTHON_COMMENT        "# Python packages"
#define RECIPE_REQUIREMENTS_COMMENT  "# Packages of the requirements file"
#define RECIPE_FOLDER_COMMENT        "# The files that the requirements file names"

/*
 * A package that is added joins a step as long as not more than this many are installed anew with
 * it; then a new step is begun, so that what was built before stays in its layers.
 */
#define RECIPE_STEP_PACKAGES ((size_t)10)

#define RECIPE_REQUIREMENTS_PLACE "/opt/ds01/" /* in the image */

/*
 * Where pip's leave stands to install into a Python that Debian has marked as its own (PEP 668): in
 * an ENV of the Dockerfile, as recipe_write() begins one, or else in the step.
 */
#define PIP_LEAVE "PIP_BREAK_SYSTEM_PACKAGES"
enum pip_leave { PIP_LEAVE_IN_ENV, PIP_LEAVE_IN_STEP };

/*
 * Each appends one step: its comment, its instructions, and a blank line; pip's setup is two, the
 * second of which is the guard: it keeps pip from replacing the framework of the base. One with
 * the lasting comment, which recipe_write() gives to frameworks, stays when no package is left.
 * There is at least one package; `file` and `folder` are names without blanks, relative to the
 * build context, `place` is a directory of the image.
 */
void recipe_write_system_packages(const struct strv *packages, struct strbuf *ret_text);
void recipe_write_pip_setup(struct strbuf *ret_text);
void recipe_write_pip_guard(struct strbuf *ret_text);
void recipe_write_python_packages(
    const struct strv *packages, enum pip_leave leave, struct strbuf *ret_text);
void recipe_write_requirements(const char *file, enum pip_leave leave, struct strbuf *ret_text);
void recipe_write_requirements_folder(
    const char *folder, const char *place, struct strbuf *ret_text);

void recipe_release(struct recipe *recipe);

#endif
