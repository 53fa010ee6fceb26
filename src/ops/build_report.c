#include "ops/build_report.h"

#include "base/strbuf.h"
#include "base/xalloc.h"
#include "engine/build_failure.h"
#include "model/build_hint.h"
#include "model/build_place.h"

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
        report->outputs =
            xreallocarray(report->outputs, report->count + 1, sizeof(*report->outputs));
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

/* Steps that were only stopped since this one failed come later. */
static void note_failure(struct build_report *report, const struct build_event *event)
{
    if (report->failed_step)
        return;
    report->failed_step = xstrdup(event->step);
    report->failed_name = xstrdup(event->name);
}

void build_report_take(void *context, const struct build_event *event)
{
    struct build_report *report = context;
    const struct observer *observer = &report->session->observer;
    struct build_event shown = *event;
    _cleanup_free_ char *title = NULL;

    if (event->kind == BUILD_OUTPUT)
        keep_output(report, event);
    if (event->kind == BUILD_STEP) {
        if (event->state == BUILD_FAILED)
            note_failure(report, event);
        else if (event->state >= BUILD_CACHED)
            forget_output(report, event->step);
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
    return build_failure_is_passing(err->message, strlen(err->message)) ||
           (output && build_failure_is_passing(strbuf_text(&output->text), output->text.length));
}

int build_report_explain(const struct build_report *report, const char *file, struct error *err)
{
    const struct output *output = output_of_failed(report);
    const struct dockerfile_instruction *one =
        report->failed_name ? build_place_find(report->file, report->failed_name) : NULL;

    if (!err || err->code != ERROR_FAILED)
        return -1;
    if (!err->hint && build_report_is_passing(report, err))
        error_hint(err, "the engine's builder lost what it worked on: try again");
    if (one) {
        put_title_in(report, err);
        error_prefix(err, "%s, line %u", file, one->first_line);
    }
    _cleanup_free_ char *hint =
        output && !err->hint ? build_hint(strbuf_text(&output->text), output->text.length) : NULL;
    if (hint)
        error_hint(err, "%s", hint);
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
    free(report);
}

void build_report_freep(struct build_report **report)
{
    build_report_free(*report);
}
