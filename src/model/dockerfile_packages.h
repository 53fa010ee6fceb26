/*
 * What a Dockerfile installs with pip and apt, and where it says so.
 *
 * ds01's own steps (the user block, sudo, pip where the base lacks it) are left out: what
 * they install is no one's choice. So is what this build does not run: ONBUILD.
 */
#ifndef DS01_MODEL_DOCKERFILE_PACKAGES_H
#define DS01_MODEL_DOCKERFILE_PACKAGES_H

#include "base/strv.h"
#include "model/dockerfile_script.h"
#include "model/package_command.h"

struct package_word {
    enum package_role role; /* never ROLE_NONE */
    char *text;             /* the requirement, or the file of "-r file", without quotes */
    char *key;              /* package_key(); NULL for what is no ROLE_PACKAGE */
    size_t start, end;      /* bytes of the file; an option -r belongs to its file */
    size_t before;          /* where the word before it ends */
    unsigned line;
    bool is_removed;   /* by a command behind it: "pip uninstall -y numpy" */
    bool version_lost; /* "numpy>=1.24" unquoted: the shell takes ">=1.24" for a file to write */
};

/* One command that installs. */
struct package_list {
    enum package_kind kind;
    size_t instruction; /* its index */
    bool is_final; /* it stands in the last stage, which becomes the image, or one this begins with
                    */
    bool is_elsewhere; /* it installs to where Python does not look by itself: pip's --target */
    char *folder;      /* of pip, where the command names it: "/opt/venv/bin"; or NULL */
    bool is_exec;
    bool is_heredoc;
    struct package_word *words;
    size_t count;
    size_t tail; /* where its last word ends that is no redirection */
    /* The instruction does nothing besides, but what serves the installation. */
    bool is_whole;
    /* Bytes to drop so that the rest of the instruction stays right; equal where that cannot be. */
    size_t cut_start, cut_end;
    unsigned swallowed; /* the line of an instruction that a '\\' before it made a word of, or 0 */
};

/* Text that may install packages in a way that is not understood. */
struct package_suspect {
    enum package_kind kind;
    size_t start, end;
    bool is_final;
};

/* A command of the last stage that installs with another tool. */
struct package_other {
    const struct package_tool *tool;
    struct strv keys; /* of what may be packages among its words, as pip's are compared */
    unsigned line;
};

struct dockerfile_packages {
    struct package_list *lists;
    size_t count;
    struct package_suspect *suspects;
    size_t suspect_count;
    struct package_other *others;
    size_t other_count;
    /*
     * Of each instruction: does it remove packages, make a Python that pip may be meant for, or
     * install with another tool?
     */
    bool *prepares;
    /* The last stage: its first instruction behind FROM, and the one where the user block begins.
     */
    size_t stage_start, stage_end;
    bool is_posix;      /* the last stage runs its commands with a shell that is understood */
    size_t block_start; /* byte where the user block begins, or the file's length */
};

/* *ret is to be released by the caller, and not to outlive `file`. */
void dockerfile_packages_find(const struct dockerfile *file, struct dockerfile_packages *ret);

/* Does the image have what the word of the list installs, where it is looked for? */
bool dockerfile_package_stays(const struct package_list *list, const struct package_word *word);

/* The line that a byte of the file stands in, counted from 1. */
unsigned dockerfile_line_number(const struct dockerfile *file, size_t offset);

/*
 * The line of the first suspect, or 0, that names `key`: one in the last stage and those that it
 * begins with, or with `elsewhere` any.
 */
unsigned dockerfile_packages_suspect(const struct dockerfile *file,
    const struct dockerfile_packages *packages, enum package_kind kind, const char *key,
    bool elsewhere);

/* Does exactly this comment stand on the line above the instruction? Where it begins, or SIZE_MAX.
 */
size_t dockerfile_comment_above(
    const struct dockerfile *file, const struct dockerfile_instruction *one, const char *comment);

/* Is it a step that ds01 writes for itself: sudo, pip and its guard? */
bool dockerfile_is_setup(const struct dockerfile *file, const struct dockerfile_instruction *one);

/* Frees what it holds and leaves it empty. */
void dockerfile_packages_release(struct dockerfile_packages *packages);

#endif
