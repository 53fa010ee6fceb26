#include "cmd/terminal_observer.h"

#include "base/xalloc.h"
#include "ui/progress.h"
#include "ui/prompt.h"
#include "ui/style.h"

#define FAILED_LINES 20

struct terminal_observer {
    const struct invocation *invocation;
    struct progress *progress; /* NULL until something is shown, and when quiet */
    char *failed_step;         /* id, or NULL */
    char *failed_output;       /* of that step, kept when the display has ended */
    bool live;
};

static struct progress *progress_of(struct terminal_observer *observer)
{
    if (!observer->progress && !observer->invocation->common.quiet)
        observer->progress = progress_new(stderr, observer->live);
    return observer->progress;
}

/* Ends the display and keeps what the report of a failure needs of it. */
static void end_display(struct terminal_observer *observer)
{
    if (!observer->progress)
        return;
    if (observer->failed_step && !observer->failed_output)
        observer->failed_output =
            progress_tail(observer->progress, observer->failed_step, FAILED_LINES);
    progress_free(observer->progress);
    observer->progress = NULL;
}

static void show_note(void *context, enum note_kind kind, const char *text)
{
    struct terminal_observer *observer = context;

    if (kind == NOTE_INFO && observer->invocation->common.quiet)
        return;
    end_display(observer);
    if (kind == NOTE_WARNING)
        style_print(stderr, STYLE_YELLOW, "warning: ");
    style_print(stderr, STYLE_PLAIN, text);
    fputc('\n', stderr);
}

static void show_pull(void *context, const char *reference, const struct pull_progress *progress)
{
    struct terminal_observer *observer = context;
    struct progress *display = progress_of(observer);
    bool whole = !*progress->layer;

    if (!display || (whole && !observer->live))
        return;
    _cleanup_free_ char *id = xasprintf("pull %s %s", reference, progress->layer);
    _cleanup_free_ char *title = whole ? xasprintf("%s: %s", reference, progress->status)
                                       : xasprintf("layer %s", progress->layer);
    bool done = strcmp(progress->status, "Pull complete") == 0 ||
                strcmp(progress->status, "Already exists") == 0;
    progress_task(display, id, title, done || whole ? PROGRESS_DONE : PROGRESS_RUNNING, 0);
    progress_bytes(display, id, progress->current, progress->total);
    progress_tick(display);
}

static enum progress_state progress_state_of(enum build_step_state state)
{
    switch (state) {
    case BUILD_WAITING:
        return PROGRESS_WAITING;
    case BUILD_RUNNING:
        return PROGRESS_RUNNING;
    case BUILD_CACHED:
        return PROGRESS_CACHED;
    case BUILD_DONE:
        return PROGRESS_DONE;
    case BUILD_FAILED:
        return PROGRESS_FAILED;
    }
    return PROGRESS_WAITING;
}

static void show_step(
    struct terminal_observer *observer, struct progress *display, const struct build_event *event)
{
    /* The builder's own steps are of interest only where they fail. */
    if (event->state == BUILD_WAITING || (event->internal && event->state != BUILD_FAILED))
        return;
    progress_task(
        display, event->step, event->name, progress_state_of(event->state), event->seconds);
    progress_bytes(display, event->step, event->current, event->total);
    if (event->state == BUILD_FAILED) {
        free(observer->failed_step);
        observer->failed_step = xstrdup(event->step);
    }
}

static void show_build(void *context, const struct build_event *event)
{
    struct terminal_observer *observer = context;
    struct progress *display = progress_of(observer);

    if (!display)
        return;
    switch (event->kind) {
    case BUILD_STEP:
        show_step(observer, display, event);
        break;
    case BUILD_OUTPUT:
        progress_output(display, event->step, event->text, event->length);
        break;
    case BUILD_WARNING: {
        _cleanup_free_ char *text = style_printable(event->text, event->length);
        show_note(observer, NOTE_WARNING, text);
        return;
    }
    }
    progress_tick(display);
}

static int confirm(
    void *context, const char *question, bool default_yes, const char *flag, struct error *err)
{
    struct terminal_observer *observer = context;

    if (observer->invocation->common.yes)
        return 1;
    if (!prompt_possible(observer->invocation->non_interactive)) {
        error_set(err, ERROR_USAGE, "this needs an answer, and nobody can be asked: %s", question);
        return error_hint(err, "add %s to say yes", flag);
    }
    end_display(observer);
    return prompt_yes_no(question, default_yes, err);
}

struct terminal_observer *terminal_observer_new(struct invocation *invocation)
{
    struct terminal_observer *observer = xcalloc(1, sizeof(*observer));
    const char *terminal = secure_getenv("TERM");

    observer->invocation = invocation;
    observer->live = isatty(STDERR_FILENO) && terminal && strcmp(terminal, "dumb") != 0;
    invocation->session.observer = (struct observer){
        .context = observer,
        .note = show_note,
        .pull = show_pull,
        .build = show_build,
        .confirm = confirm,
    };
    return observer;
}

void terminal_observer_finish(struct terminal_observer *observer, bool failed)
{
    end_display(observer);
    /* Plain lines have shown the output as it came. */
    if (!failed || !observer->live || !observer->failed_output)
        return;
    fputs(observer->failed_output, stderr);
}

void terminal_observer_free(struct terminal_observer *observer)
{
    if (!observer)
        return;
    end_display(observer);
    free(observer->failed_step);
    free(observer->failed_output);
    free(observer);
}

void terminal_observer_trace(
    void *context, const char *method, const char *path, long status, double seconds)
{
    struct terminal_observer *observer = context;

    end_display(observer);
    fprintf(stderr, "%s %s %ld %.1f ms\n", method, path, status, seconds * 1000);
}

void terminal_observer_explain(const struct invocation *invocation, const char *text)
{
    if (!invocation->common.guided)
        return;
    style_print(stderr, STYLE_CYAN, text);
    fputc('\n', stderr);
}
