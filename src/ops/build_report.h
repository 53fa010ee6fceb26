/*
 * Between a build and its observer: steps get the titles that the Dockerfile's comments give
 * them, and what is needed to explain a failure is kept.
 */
#ifndef DS01_OPS_BUILD_REPORT_H
#define DS01_OPS_BUILD_REPORT_H

#include "model/dockerfile.h"
#include "ops/session.h"

struct build_report;

/* Reports to the session's observer; the file and the session must outlive it. Free it. */
struct build_report *build_report_new(const struct session *session, const struct dockerfile *file);

/* A build_observer, whose context is the report. */
void build_report_take(void *report, const struct build_event *event);

/* Tells the observer, of a build that succeeded, what is wrong with it all the same. */
void build_report_conclude(const struct build_report *report);

/*
 * Completes the error of a build: puts "my.Dockerfile, line 31: " in front, by the file's name
 * `file`, where the instruction that failed is known, and adds a hint where there is none and the
 * cause is known. `own_file`: it is the user's own, not one that ds01 keeps. `context` is the
 * folder whose files the build may copy, or NULL. Returns -1.
 */
int build_report_explain(const struct build_report *report, const char *file, bool own_file,
    const char *context, struct error *err);

/* True when the builder itself failed and the same build may succeed: build_reason_is_passing().
 */
bool build_report_is_passing(const struct build_report *report, const struct error *err);

void build_report_free(struct build_report *report);

/* For _cleanup_. */
void build_report_freep(struct build_report **report);

#endif
