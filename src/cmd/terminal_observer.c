#include "cmd/terminal_observer.h"

#include "base/xalloc.h"
#include "cmd/changes_output.h"
#include "cmd/print.h"
#include "cmd/report.h"
#include "ui/progress.h"
#include "ui/prompt.h"
#include "ui/style.h"

#define FAILED_LINES 20
#define CHOICES_MAX  10 /* answers to a question */

struct terminal_observer {
    const struct invocation *invocation;
    struct progress *progress; /* NULL until something is shown */
    struct strv warnings;      /* of the builder, held back until the display has ended */
    char *pulling;             /* a reference, while it is being downloaded, or NULL */
    char *failed_step;         /* id, or NULL */
    char *failed_output;       /* of that step, kept when the display has ended */
    bool live;
    bool silenced; /* a shell has the terminal: requests are not shown */
};

static void forget_failure(struct terminal_observer *observer)
{
    free(TAKE_PTR(observer->failed_output));
    free(TAKE_PTR(observer->failed_step));
}

/*
 * A quiet display shows nothing, and remembers what the report of a failure needs. A new one comes
 * with a new attempt.
 */
static struct progress *progress_of(struct terminal_observer *observer)
{
    if (observer->progress)
        return observer->progress;
    forget_failure(observer);
    observer->progress =
        progress_new(observer->invocation->common.quiet ? NULL : stderr, observer->live);
    return observer->progress;
}

static void print_note(enum note_kind kind, const char *text)
{
    _cleanup_free_ char *line = style_printable(text, strlen(text));

    style_print_message(
        stderr, STYLE_YELLOW, kind == NOTE_WARNING ? "warning: " : "", STYLE_PLAIN, line);
}

/* The line of an image that is downloaded; those of its layers are dropped. */
static void end_pull(struct progress *display, const char *reference, bool done)
{
    _cleanup_free_ char *id = xasprintf("pull %s", reference);
    _cleanup_free_ char *layers = xasprintf("%s ", id);
    _cleanup_free_ char *title = xasprintf("%s %s", done ? "Downloaded" : "Downloading", reference);

    progress_forget(display, layers);
    progress_task(display, id, title, done ? PROGRESS_DONE : PROGRESS_FAILED, -1);
}

/* Ends the display and keeps what the report of a failure needs of it. */
static void end_display(struct terminal_observer *observer)
{
    if (!observer->progress)
        return;
    if (observer->pulling)
        end_pull(observer->progress, observer->pulling, false);
    free(TAKE_PTR(observer->pulling));
    if (observer->failed_step && !observer->failed_output)
        observer->failed_output =
            progress_tail(observer->progress, observer->failed_step, FAILED_LINES);
    progress_free(observer->progress);
    observer->progress = NULL;
    for (size_t i = 0; i < observer->warnings.count; i++)
        print_note(NOTE_WARNING, observer->warnings.items[i]);
    strv_release(&observer->warnings);
}

static void show_note(void *context, enum note_kind kind, const char *text)
{
    struct terminal_observer *observer = context;

    if (kind == NOTE_INFO && observer->invocation->common.quiet)
        return;
    end_display(observer);
    print_note(kind, text);
}

/* One line of a live display; a layer that is there already is not worth one. */
static void show_layer(
    struct progress *display, const char *image_id, const struct pull_progress *progress)
{
    static const struct {
        const char *status;
        enum progress_state state;
    } states[] = {
        {"Pulling fs layer", PROGRESS_WAITING},
        {"Waiting", PROGRESS_WAITING},
        {"Pull complete", PROGRESS_DONE},
    };
    enum progress_state state = PROGRESS_RUNNING;
    bool unpacking = strcmp(progress->status, "Extracting") == 0;

    if (strcmp(progress->status, "Already exists") == 0)
        return;
    for (size_t i = 0; i < ELEMENTS(states); i++)
        if (strcmp(progress->status, states[i].status) == 0)
            state = states[i].state;
    _cleanup_free_ char *id = xasprintf("%s %s", image_id, progress->layer);
    _cleanup_free_ char *title =
        xasprintf("layer %.12s%s", progress->layer, unpacking ? ", unpacking" : "");
    progress_task(display, id, title, state, -1);
    progress_bytes(display, id, progress->current, progress->total);
}

static void show_pull(void *context, const char *reference, const struct pull_progress *progress)
{
    struct terminal_observer *observer = context;
    struct progress *display = progress_of(observer);

    free(TAKE_PTR(observer->pulling));
    if (progress) {
        _cleanup_free_ char *id = xasprintf("pull %s", reference);
        _cleanup_free_ char *title = xasprintf("Downloading %s", reference);
        observer->pulling = xstrdup(reference);
        progress_task(display, id, title, PROGRESS_RUNNING, -1);
        if (observer->live && *progress->layer)
            show_layer(display, id, progress);
    } else {
        end_pull(display, reference, true);
    }
    progress_tick(display);
}

static enum progress_state progress_state_of(const struct build_event *event)
{
    /* Nothing is to be said of it: it has neither failed nor been done. */
    if (event->cancelled)
        return PROGRESS_WAITING;
    switch (event->state) {
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
    bool failed = event->state == BUILD_FAILED && !event->cancelled;

    /* The builder's own steps are of interest only where they fail. */
    if (event->state == BUILD_WAITING || (event->internal && !failed))
        return;
    progress_task(display, event->step, event->name, progress_state_of(event), event->seconds);
    progress_bytes(display, event->step, event->current, event->total);
    if (failed && !observer->failed_step)
        observer->failed_step = xstrdup(event->step);
}

static void show_build(void *context, const struct build_event *event)
{
    struct terminal_observer *observer = context;
    struct progress *display = progress_of(observer);

    switch (event->kind) {
    case BUILD_STEP:
        show_step(observer, display, event);
        break;
    case BUILD_CONTEXT:
        if (observer->live)
            show_step(observer, display, event);
        break;
    case BUILD_OUTPUT:
        progress_output(display, event->step, event->text, event->length);
        break;
    case BUILD_WARNING:
        strv_take(&observer->warnings, style_printable(event->text, event->length));
        break;
    case BUILD_INTERRUPTED:
        break; /* a note tells of it */
    }
    progress_tick(display);
}

static enum style line_style(const char *line)
{
    if (strncmp(line, "---", 3) == 0 || strncmp(line, "+++", 3) == 0)
        return STYLE_BOLD;
    return *line == '-' ? STYLE_RED : *line == '+' ? STYLE_GREEN : STYLE_PLAIN;
}

/* The plan of --dry-run is its result. */
static void show_diff(void *context, const char *diff)
{
    struct terminal_observer *observer = context;
    FILE *out = observer->invocation->common.dry_run ? stdout : stderr;

    if (!print_is_wanted(observer->invocation) || observer->invocation->common.json)
        return;
    end_display(observer);
    while (*diff) {
        size_t length = strcspn(diff, "\n");
        _cleanup_free_ char *line = xstrndup(diff, length);
        style_print(out, line_style(line), line);
        fputc('\n', out);
        diff += length + (diff[length] == '\n');
    }
}

static void show_changes(
    void *context, const char *container, const struct container_changes *changes)
{
    struct terminal_observer *observer = context;
    const struct common_options *common = &observer->invocation->common;

    if (common->quiet || common->json)
        return;
    end_display(observer);
    changes_print(stderr, container, changes, common->verbose);
}

/* Fails with the flags that would have answered. */
static int nobody_chooses(
    const char *question, const struct observer_choice *choices, size_t count, struct error *err)
{
    _cleanup_(strv_release) struct strv flags = STRV_INIT;

    for (size_t i = 0; i < count; i++)
        if (choices[i].flag)
            strv_push(&flags, choices[i].flag);
    _cleanup_free_ char *list = strv_join(&flags, ", or ");
    error_set(err, ERROR_USAGE, "this needs an answer, and nobody can be asked: %s", question);
    return error_hint(err, "add %s", list);
}

static int choose(void *context, const char *question, const struct observer_choice *choices,
    size_t count, struct error *err)
{
    struct terminal_observer *observer = context;
    struct prompt_choice labels[CHOICES_MAX];

    for (size_t i = 0; i < count; i++)
        if (choices[i].yes && observer->invocation->common.yes)
            return (int)i;
    if (!prompt_possible(observer->invocation->non_interactive))
        return nobody_chooses(question, choices, count, err);
    end_display(observer);
    for (size_t i = 0; i < count && i < CHOICES_MAX; i++)
        labels[i] = (struct prompt_choice){choices[i].key, choices[i].label};
    return prompt_choose(question, labels, count < CHOICES_MAX ? count : CHOICES_MAX, err);
}

static int confirm(
    void *context, const char *question, bool default_yes, const char *flag, struct error *err)
{
    struct terminal_observer *observer = context;
    const char *newline = strrchr(question, '\n');
    const char *last_line = newline ? newline + 1 : question;
    _cleanup_free_ char *before = xstrndup(question, (size_t)(last_line - question));

    if (observer->invocation->common.yes)
        return 1;
    if (!prompt_possible(observer->invocation->non_interactive)) {
        error_set(err, ERROR_USAGE, "this needs an answer, and nobody can be asked: %s", last_line);
        return error_hint(err, "add %s to say yes", flag);
    }
    end_display(observer);
    style_print_lines(stderr, STYLE_PLAIN, before);
    return prompt_yes_no(last_line, default_yes, err);
}

struct terminal_observer *terminal_observer_new(struct invocation *invocation)
{
    struct terminal_observer *observer = xcalloc(1, sizeof(*observer));

    observer->invocation = invocation;
    invocation->session.observer = (struct observer){
        .context = observer,
        .note = show_note,
        .pull = show_pull,
        .build = show_build,
        .diff = show_diff,
        .changes = show_changes,
        .choose = choose,
        .confirm = confirm,
    };
    return observer;
}

void terminal_observer_begin(struct terminal_observer *observer)
{
    const struct common_options *common = &observer->invocation->common;

    /* Lines about requests would tear a live display apart. */
    observer->live =
        !common->quiet && !common->verbose && isatty(STDERR_FILENO) && style_terminal_capable();
}

void terminal_observer_silence(struct terminal_observer *observer)
{
    end_display(observer);
    observer->silenced = true;
}

void terminal_observer_finish(struct terminal_observer *observer, bool failed)
{
    end_display(observer);
    /* Plain lines have shown the output as it came. */
    bool shown = !observer->live && !observer->invocation->common.quiet;
    if (failed && !shown && observer->failed_output)
        fputs(observer->failed_output, stderr);
    forget_failure(observer);
}

/* By other answers, or another text: of images only the base can be one that is not there. */
static bool can_be_mended(enum error_code code)
{
    return code == ERROR_FAILED || code == ERROR_USAGE || code == ERROR_NOT_FOUND;
}

bool terminal_observer_try_again(
    struct invocation *invocation, const char *question, struct error *err)
{
    _cleanup_(error_release) struct error cause = ERROR_INIT;

    if (invocation->common.yes || !prompt_possible(invocation->non_interactive) ||
        !can_be_mended(err->code))
        return false;
    terminal_observer_finish(invocation->observer, true);
    report_error(err);
    int answer = prompt_yes_no(question, true, &cause);
    if (cause.code == ERROR_INTERRUPTED)
        error_move(err, &cause);
    else if (answer)
        error_release(err);
    return answer > 0;
}

void terminal_observer_free(struct terminal_observer *observer)
{
    if (!observer)
        return;
    end_display(observer);
    strv_release(&observer->warnings);
    forget_failure(observer);
    free(observer);
}

/* The arguments of a build may hold a proxy's password. */
static int shown_length(const char *path)
{
    const char *secret = strstr(path, "&buildargs=");

    return (int)(secret ? (size_t)(secret - path) : strlen(path));
}

void terminal_observer_trace(
    void *context, const char *method, const char *path, long status, double seconds)
{
    struct terminal_observer *observer = context;

    if (!observer->silenced)
        fprintf(stderr, "%s %.*s %ld %.1f ms\n", method, shown_length(path), path, status,
            seconds * 1000);
}

bool terminal_observer_is_live(const struct terminal_observer *observer)
{
    return observer->live;
}

void terminal_observer_pulse(void *context)
{
    struct terminal_observer *observer = context;

    if (observer->progress)
        progress_tick(observer->progress);
}

void terminal_observer_explain(const struct invocation *invocation, const char *text)
{
    if (!invocation->common.guided)
        return;
    style_print_lines(stderr, STYLE_CYAN, text);
}
