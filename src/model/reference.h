/*
 * Image references: [domain[:port]/]path[:tag][@digest], by the grammar of the
 * distribution project (reference/regexp.go), with Docker's short forms.
 */
#ifndef DS01_MODEL_REFERENCE_H
#define DS01_MODEL_REFERENCE_H

#include "base/error.h"

struct reference {
    char *domain; /* "docker.io" when none was written */
    char *path;   /* "library/debian", "aimehub/pytorch-2.6.0-cuda12" */
    char *tag;    /* NULL when neither tag nor digest: "latest" is meant */
    char *digest; /* "sha256:<64 hex>", or NULL */
};

#define REFERENCE_INIT                                                                             \
    {                                                                                              \
        NULL, NULL, NULL, NULL                                                                     \
    }

/* Fails with ERROR_USAGE in one sentence for anything no engine would take. */
int reference_parse(const char *text, struct reference *ret, struct error *err);

/*
 * As people write it: without "docker.io/" and "library/", with ":latest" when neither
 * tag nor digest was given; the caller frees it.
 */
char *reference_familiar(const struct reference *ref);

/* domain/path without tag and digest, short form as above; the caller frees it. */
char *reference_repository(const struct reference *ref);

void reference_release(struct reference *ref);

#endif
