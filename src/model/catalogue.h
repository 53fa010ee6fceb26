/*
 * The catalogue of framework images, in the format of AIME's `ml_images.repo` (FACTS 1.5):
 *
 *   Pytorch, 2.8.0-aime, [CUDA_ADA;CUDA_AMPERE], aimehub/pytorch-2.8.0-aime-cuda12.6.3
 *
 * Of two entries with the same framework, version and architecture the first one counts.
 * What AIME calls an architecture is a generation of CUDA or ROCm; CPU is ours, for images
 * that need no GPU. Case never matters.
 */
#ifndef DS01_MODEL_CATALOGUE_H
#define DS01_MODEL_CATALOGUE_H

#include <stdbool.h>

#include "base/error.h"
#include "base/strv.h"

#define ARCHITECTURE_CPU "CPU"

/* Bytes of a catalogue's text. */
#define CATALOGUE_TEXT_MAX ((size_t)1 << 20)

struct catalogue_entry {
    char *framework; /* "Pytorch" */
    char *version;   /* "2.8.0-aime" */
    struct strv architectures;
    char *image; /* a reference that reference_parse() takes */
};

struct catalogue {
    struct catalogue_entry *entries; /* in the order of the text */
    size_t count;
};

/*
 * Appends the entries of `text` to *ret. Blanks around columns, blank lines, lines that begin
 * with '#', and an architecture without brackets (AIME's first catalogue) are fine; anything
 * else that is not four columns is ERROR_FAILED: "line 3: …".
 */
int catalogue_parse(const char *text, size_t length, struct catalogue *ret, struct error *err);

/*
 * Below 0 where version `a` is older than `b`, above where newer: numbers as numbers, "1.14.0a"
 * and "1.14.0-rc1" before "1.14.0" before "1.14.0-nvidia" (a vendor's build of it). Two vendors'
 * builds of one version are neither.
 */
int catalogue_version_compare(const char *a, const char *b);

/* What someone asks for: "pytorch", "torch=2.8", "TF==2.14.0", "pytorch-cpu". */
struct framework_wish {
    char *framework; /* as the catalogue calls it */
    char *version;   /* or NULL: the newest */
    bool cpu;        /* "…-cpu": of the images that need no GPU */
};

/*
 * Reads "FRAMEWORK[=VERSION]" with the words people use for frameworks. ERROR_USAGE where it
 * is not of that form, and for a framework that the catalogue has not, naming the nearest.
 */
int framework_wish_parse(const char *typed, const struct catalogue *catalogue,
    struct framework_wish *ret, struct error *err);
void framework_wish_release(struct framework_wish *wish);

/* Is the entry what was asked for, whatever its architecture? For "…-cpu" it is one for CPUs. */
bool framework_wish_fits(const struct framework_wish *wish, const struct catalogue_entry *entry);

/*
 * The entry for a wish: of the first of `architectures` that has one, the newest that matches.
 * A version that is no entry's stands for the newest that it begins ("2.8" for "2.8.0-aime").
 * Borrowed. ERROR_USAGE says what there is instead, such as the architectures that have it.
 */
int catalogue_find(const struct catalogue *catalogue, const struct framework_wish *wish,
    const struct strv *architectures, const struct catalogue_entry **ret, struct error *err);

/*
 * Checks that the catalogue knows the architecture; *ret is how it is written there, borrowed.
 * ERROR_USAGE names the nearest or all of them.
 */
int catalogue_architecture(
    const struct catalogue *catalogue, const char *typed, const char **ret, struct error *err);

/*
 * All entries that are for `architecture` (NULL: for any) and shadowed by none: frameworks in
 * the order they first come, each newest first. *ret is to be freed, what it points to not.
 */
void catalogue_sorted(const struct catalogue *catalogue, const char *architecture,
    const struct catalogue_entry ***ret, size_t *ret_count);

/* "Pytorch-2.8.0-aime", the value of the framework label (FACTS 1.3); the caller frees it. */
char *catalogue_label(const struct catalogue_entry *entry);

void catalogue_release(struct catalogue *catalogue);

#endif
