#include "ops/build_report.h"

#include "base/strbuf.h"
#include "base/xalloc.h"
#include "engine/build_reason.h"
#include "engine/printable.h"
#include "model/build_hint.h"
#include "model/build_place.h"
#include "model/context_files.h"
#include "model/recipe_user.h"
#include "ops/undo.h"

#define CONFLICT_SHOWN ((size_t)300) /* bytes */

/* The end of what a step has put out. */
struct output {
    char *step;
    struct strbuf text; /* up to twice what is worth keeping, so that cutting is rare */
};

struct build_report {
    const struct session *session;
    const struct dockerfile *file;
    struct output *outputs; /* of the steps that are not done */
    size_t count;
    char *failed_step; /* its id, or NULL */
    char *failed_name; /* as the builder names it */
    char *failed_reason;
    char *conflict; /* what pip said of packages that it broke, or NULL */
    char *replaced; /* the framework that pip took out, or NULL */
};

struct build_report *build_report_new(const struct session *session, const struct dockerfile *file)
{
    struct build_report *report = xcalloc(1, sizeof(*report));

    report->session = session;
    report->file = file;
    return report;
}

static struct output *find_output(const struct build_report *report, const char *step)
{
    for (size_t i = 0; i < report->count; i++)
        if (strcmp(report->outputs[i].step, step) == 0)
            return &report->outputs[i];
    return NULL;
}

static void keep_output(struct build_report *report, const struct build_event *event)
{
    struct output *output = find_output(report, event->step);
    size_t length = event->length < BUILD_HINT_OUTPUT_MAX ? event->length : BUILD_HINT_OUTPUT_MAX;

    if (!output) {
        report->outputs = xgrow(report->outputs, report->count, sizeof(*report->outputs));
        output = &report->outputs[report->count++];
        *output = (struct output){
            .step = xstrdup(event->step),
            .text = STRBUF_INIT(2 * BUILD_HINT_OUTPUT_MAX),
        };
    }
    if (output->text.length + length > 2 * BUILD_HINT_OUTPUT_MAX)
        strbuf_consume(&output->text, output->text.length - BUILD_HINT_OUTPUT_MAX);
    strbuf_add(&output->text, event->text + event->length - length, length);
}

static void forget_output(struct build_report *report, const char *step)
{
    struct output *output = find_output(report, step);

    if (!output)
        return;
    free(output->step);
    strbuf_release(&output->text);
    *output = report->outputs[--report->count];
}

/* pip only tells of what it has broken or replaced, and the step is done all the same. */
static void note_damage(struct build_report *report, const char *step)
{
    const struct output *output = find_output(report, step);

    if (!output)
        return;
    const char *text = strbuf_text(&output->text);
    if (!report->conflict)
        report->conflict = build_conflict(text, output->text.length);
    if (!report->replaced)
        report->replaced = build_replaced_framework(text, output->text.length);
}

static void note_failure(struct build_report *report, const struct build_event *event)
{
    if (report->failed_step || event->cancelled)
        return;
    report->failed_step = xstrdup(event->step);
    report->failed_name = xstrdup(event->name);
    report->failed_reason = xstrndup(event->text, event->length);
}

void build_report_take(void *context, const struct build_event *event)
{
    struct build_report *report = context;
    const struct observer *observer = &report->session->observer;
    struct build_event shown = *event;
    _cleanup_free_ char *title = NULL;

    if (event->kind == BUILD_INTERRUPTED) {
        undo_acknowledge(report->session);
        return;
    }
    if (event->kind == BUILD_OUTPUT)
        keep_output(report, event);
    if (event->kind == BUILD_STEP) {
        if (event->state == BUILD_FAILED)
            note_failure(report, event);
        else if (event->state >= BUILD_CACHED) {
            note_damage(report, event->step);
            forget_output(report, event->step);
        }
        title = build_place_title(report->file, event->name);
    }
    if (title)
        shown.name = title;
    if (observer->build)
        observer->build(observer->context, &shown);
}

/* In a message, a step's title says more than the script behind it. */
static void put_title_in(const struct build_report *report, struct error *err)
{
    _cleanup_free_ char *title = build_place_title(report->file, report->failed_name);
    const char *text = title ? strstr(title, "] ") : NULL;
    const char *script = strstr(err->message, ": RUN ");

    if (!text || !script)
        return;
    char *message =
        xasprintf("%.*s (%s)", (int)(script - err->message), err->message, text + strlen("] "));
    free(err->message);
    err->message = message;
}

static const struct output *output_of_failed(const struct build_report *report)
{
    return report->failed_step ? find_output(report, report->failed_step) : NULL;
}

bool build_report_is_passing(const struct build_report *report, const struct error *err)
{
    const struct output *output = output_of_failed(report);

    if (!err || err->code != ERROR_FAILED)
        return false;
    return build_reason_is_passing(err->message, strlen(err->message)) ||
           (output && build_reason_is_passing(strbuf_text(&output->text), output->text.length));
}

/* The instruction whose heredoc the builder, an old one, took for instructions; or NULL. */
static const struct dockerfile_instruction *find_refused_heredoc(
    const struct build_report *report, const struct error *err)
{
    if (report->failed_step || !strcasestr(err->message, "unknown instruction"))
        return NULL;
    for (size_t i = 0; i < report->file->count; i++)
        if (report->file->instructions[i].has_heredoc)
            return &report->file->instructions[i];
    return NULL;
}

static int refuse_heredoc(const char *file, unsigned line, struct error *err)
{
    error_release(err);
    error_set(err, ERROR_FAILED, "%s, line %u: the builder of this engine knows no heredocs (<<)",
        file, line);
    return error_hint(err,
        "write the commands behind RUN with && between them and \\ at the ends of lines, and what "
        "COPY writes as a file of its own; Docker takes heredocs from 23.0 on");
}

/* Has the instruction failed for want of a file, and not for the disk or the network? */
static bool misses_file(const struct dockerfile_instruction *one, const struct error *err)
{
    if (strcmp(one->keyword, "RUN") == 0)
        return strstr(one->arguments, "--mount=") && strstr(err->message, "not found)");
    return (strcmp(one->keyword, "COPY") == 0 || strcmp(one->keyword, "ADD") == 0) &&
           (strstr(err->message, "not found") || strstr(err->message, "no such file"));
}

static void explain_missing_file(const struct build_report *report,
    const struct dockerfile_instruction *one, const char *context, struct error *err)
{
    const char *taker = strcmp(one->keyword, "RUN") == 0 ? "RUN --mount" : one->keyword;

    if (err->hint || !misses_file(one, err))
        return;
    if (strcmp(one->keyword, "ADD") == 0 && strstr(one->arguments, "://"))
        error_hint(err,
            "this engine's ADD loads http:// and https:// only: load it in a RUN, with git clone "
            "for example");
    else if (!context_files_taken_by(report->file, one)) {
        if (strstr(one->arguments, "from="))
            error_hint(err, "look whether it is there in the image or stage that from= names");
    } else if (context)
        error_hint(err,
            "%s takes files from %s: look whether this one is there, and whether .dockerignore "
            "leaves it out; image-create --dockerfile FILE --context DIR names another folder",
            taker, context);
    else
        error_hint(err,
            "%s has no files to take here: image-create NAME --dockerfile FILE --context DIR, "
            "where "
            "DIR is the folder that has them",
            taker);
}

void build_report_conclude(const struct build_report *report)
{
    const struct observer *observer = &report->session->observer;

    if (report->conflict) {
        _cleanup_free_ char *conflict =
            printable_line(report->conflict, strlen(report->conflict), CONFLICT_SHOWN);
        observer_note(observer, NOTE_WARNING,
            "The image is built, but pip says that packages in it do not fit together: %s",
            conflict);
    }
    if (report->replaced)
        observer_note(observer, NOTE_WARNING,
            "The image is built, but pip replaced %s, which was there before: to keep it, name it "
            "in that \"pip install\", too.",
            report->replaced);
}

/* A local base image is taken for another platform never: the builder asks a registry then. */
static const struct dockerfile_instruction *find_other_platform(const struct build_report *report)
{
    static const char loading[] = "[internal] load metadata for ";

    if (!report->failed_name || strncmp(report->failed_name, loading, strlen(loading)) != 0)
        return NULL;
    for (size_t i = 0; i < report->file->count; i++) {
        const struct dockerfile_instruction *one = &report->file->instructions[i];
        if (strcmp(one->keyword, "FROM") == 0 && strstr(one->arguments, "--platform="))
            return one;
    }
    return NULL;
}

static int refuse_platform(const char *file, unsigned line, struct error *err)
{
    error_release(err);
    error_set(err, ERROR_FAILED,
        "%s, line %u: the base image on this server is not made for what --platform names", file,
        line);
    return error_hint(err, "leave --platform out: what is built on this server runs on it");
}

/* The instruction that failed; of what is refused before any step only the reason is kept. */
static const struct dockerfile_instruction *find_failed(
    const struct build_report *report, struct error *err)
{
    static const char start[] = "the build failed: ";
    const char *reason = NULL;

    if (report->failed_name) {
        const struct dockerfile_instruction *one =
            build_place_find(report->file, report->failed_name);
        return one ? one : build_place_find_address(report->file, report->failed_name);
    }
    if (strncmp(err->message, start, strlen(start)) != 0)
        return NULL;
    const struct dockerfile_instruction *refused =
        build_place_find_refused(report->file, err->message + strlen(start), &reason);
    if (refused) {
        char *message = xstrdup(reason);
        free(err->message);
        err->message = message;
    }
    return refused;
}

/* From what the step has put out, else from what the builder says; `ours`: a step of ds01's own. */
static char *find_hint(
    const struct build_report *report, bool own_file, bool ours, const struct error *err)
{
    const struct output *output = output_of_failed(report);
    const char *reason = report->failed_step ? report->failed_reason : err->message;
    char *hint =
        output ? build_hint(strbuf_text(&output->text), output->text.length, own_file) : NULL;

    if (!hint && ours)
        return xstrdup("that step is ds01's own and makes your user: it needs a base image with "
                       "/bin/sh and a user root, and no SHELL of another kind");
    return hint ? hint : build_refusal_hint(reason);
}

static void explain_generally(
    const struct build_report *report, const struct dockerfile_instruction *one, struct error *err)
{
    if (output_of_failed(report))
        error_hint(err, "its last lines of output say why: mend that, and type the same again");
    else if (!one)
        error_hint(err,
            "the Dockerfile has no such line: a step that the base image brings (ONBUILD) has "
            "none; choose another base, or ask who made that one");
    else if (report->failed_step && strcmp(one->keyword, "RUN") == 0)
        error_hint(err, "it put out nothing that says why: look at its command in that line");
    else
        error_hint(err, "mend the Dockerfile there, and try again");
}

/* Counted by the builder among the file's own: "[3/7] RUN x". */
static bool is_counted(const char *name)
{
    return name && name[0] == '[' && strncmp(name, "[internal]", strlen("[internal]")) != 0;
}

int build_report_explain(const struct build_report *report, const char *file, bool own_file,
    const char *context, struct error *err)
{
    if (!err || err->code != ERROR_FAILED)
        return -1;
    const struct dockerfile_instruction *refused = find_refused_heredoc(report, err);
    if (refused)
        return refuse_heredoc(file, refused->first_line, err);
    refused = find_other_platform(report);
    if (refused)
        return refuse_platform(file, refused->first_line, err);
    if (!err->hint && build_report_is_passing(report, err))
        error_hint(err, "the engine's builder lost what it worked on: try again");
    const struct dockerfile_instruction *one = find_failed(report, err);
    bool ours = one && recipe_in_user_block(report->file, one->start);
    _cleanup_free_ char *hint = err->hint ? NULL : find_hint(report, own_file, ours, err);
    if (hint)
        error_hint(err, "%s", hint);
    if (!one) {
        if (is_counted(report->failed_name) && !err->hint)
            explain_generally(report, NULL, err);
        return -1;
    }
    if (report->failed_name)
        put_title_in(report, err);
    /* The user's own file has no such line. */
    if (ours && own_file)
        error_prefix(err, "%s, below its end", file);
    else
        error_prefix(err, "%s, line %u", file, one->first_line);
    explain_missing_file(report, one, context, err);
    if (!err->hint)
        explain_generally(report, one, err);
    return -1;
}

void build_report_free(struct build_report *report)
{
    if (!report)
        return;
    for (size_t i = 0; i < report->count; i++) {
        free(report->outputs[i].step);
        strbuf_release(&report->outputs[i].text);
    }
    free(report->outputs);
    free(report->failed_step);
    free(report->failed_name);
    free(report->failed_reason);
    free(report->conflict);
    free(report->replaced);
    free(report);
}

void build_report_freep(struct build_report **report)
{
    build_report_free(*report);
}
