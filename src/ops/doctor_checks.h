/* For doctor.c: the checks of its table, in two files by what they look at. */
#ifndef DS01_OPS_DOCTOR_CHECKS_H
#define DS01_OPS_DOCTOR_CHECKS_H

#include "engine/info.h"
#include "ops/doctor.h"

struct examination {
    const struct session *session;
    struct diagnosis *diagnosis;
    const char *check;   /* that runs now */
    bool engine_answers; /* then `info` holds, else `engine_error` */
    struct engine_info info;
    struct error engine_error;
};

/* Notes a finding; it owns `problem` and `cure`. `subject` is copied, or NULL. */
void examination_find(
    struct examination *examination, const char *subject, char *problem, char *cure);

/* The server: doctor_server.c. An error of a check becomes a finding itself. */
int check_engine(struct examination *examination, struct error *err);
int check_versions(struct examination *examination, struct error *err);
int check_storage(struct examination *examination, struct error *err);
int check_gpus(struct examination *examination, struct error *err);

/* What is the user's: doctor_user.c. */
int check_config(struct examination *examination, struct error *err);
int check_images(struct examination *examination, struct error *err);
int check_leftovers(struct examination *examination, struct error *err);
int check_orphans(struct examination *examination, struct error *err);
int check_metadata(struct examination *examination, struct error *err);
int check_locks(struct examination *examination, struct error *err);
int check_workspace(struct examination *examination, struct error *err);

/* Take away what the check of that name has found, and mark it. */
int mend_leftovers(struct examination *examination, struct error *err);
int mend_orphans(struct examination *examination, struct error *err);
int mend_metadata(struct examination *examination, struct error *err);
int mend_locks(struct examination *examination, struct error *err);

#endif
