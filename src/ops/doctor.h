/*
 * What is wrong, and what to type against it: with the engine, the server, the user's images,
 * files and settings. One table of checks (doctor.c) says which there are.
 */
#ifndef DS01_OPS_DOCTOR_H
#define DS01_OPS_DOCTOR_H

#include "ops/session.h"

struct finding {
    const char *check; /* the name of the check */
    char *subject;     /* an image, a container, a path; or NULL */
    char *problem;     /* a sentence without a full stop */
    char *cure;        /* what to type or do */
    bool mended;
};

struct diagnosis {
    struct finding *findings;
    size_t count;
    struct strv done;    /* names of the checks */
    struct strv skipped; /* those that need the engine, which does not answer */
};

struct doctor_request {
    const struct strv *checks; /* only these; none: all */
    bool mend;                 /* what can safely be; asks first */
};

/* True for findings that `mend` could take away. */
bool doctor_can_mend(const struct finding *finding);

/* ERROR_USAGE for a check that there is none of. Whatever else goes wrong is a finding. */
int doctor(const struct session *session, const struct doctor_request *request,
    struct diagnosis *ret, struct error *err);

/* How many findings are left. */
size_t diagnosis_open(const struct diagnosis *diagnosis);

void diagnosis_release(struct diagnosis *diagnosis);

#endif
