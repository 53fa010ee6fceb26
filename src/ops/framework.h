/* Frameworks: which image of the catalogue someone gets, and which there are. */
#ifndef DS01_OPS_FRAMEWORK_H
#define DS01_OPS_FRAMEWORK_H

#include "model/catalogue.h"
#include "ops/session.h"

struct framework_choice {
    char *image;        /* reference */
    char *label;        /* "Pytorch-2.8.0-aime" */
    char *framework;    /* "Pytorch" */
    char *version;      /* "2.8.0-aime" */
    char *architecture; /* "CUDA_ADA" */
};

/*
 * The image for "pytorch", "tf=2.14", "pytorch-cpu" …: for `architecture`, or where that is
 * NULL for the setting `arch` (MLC_ARCH), else for what this machine can run. A note says what
 * was chosen. ERROR_USAGE says what there is instead.
 */
int framework_choose(const struct session *session, const char *typed, const char *architecture,
    struct framework_choice *ret, struct error *err);

/* True for a word that framework_choose() takes for a framework, whatever runs here. */
bool framework_is_name(const struct session *session, const char *typed);

void framework_choice_release(struct framework_choice *choice);

struct framework_list {
    struct catalogue catalogue;
    const struct catalogue_entry **entries; /* sorted; what they point to is the catalogue's */
    size_t count;
};

/*
 * What the catalogue offers: of one framework where `typed` says which, as for framework_choose(),
 * and for one architecture where that is named.
 */
int framework_list(const struct session *session, const char *typed, const char *architecture,
    struct framework_list *ret, struct error *err);
void framework_list_release(struct framework_list *list);

#endif
