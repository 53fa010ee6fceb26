#include "ui/display.h"

#include <poll.h>
#include <time.h>

#include "base/xalloc.h"
#include "ui/cells.h"
#include "ui/style.h"
#include "ui/terminal.h"

#define OUTPUT_LINES 6

/* Nobody's terminal is larger; a frame stays within FRAME_BYTES then. */
#define SIDE_MAX    1000
#define FRAME_BYTES ((size_t)8 << 20)

/* How many tasks of a kind are drawn as lines, and how many are only counted in one. */
struct share {
    size_t shown, folded;
};

/* What there is room for. */
struct plan {
    bool cached;           /* their count */
    struct share finished; /* the newest are shown */
    struct share active;   /* running and failed */
    struct share waiting;
    size_t output; /* lines below each that is active */
};

/* How many tasks there are of each kind. */
struct census {
    size_t cached, finished, active, waiting;
};

/* A frame being composed. */
struct frame {
    FILE *out;
    struct strbuf text;
    size_t *widths;
    size_t count;
    size_t columns;
};

int64_t display_clock(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

char *display_seconds(double seconds)
{
    if (!(seconds >= 0) || seconds > 1e9)
        return xstrdup("? s");
    if (seconds < 59.95)
        return xasprintf("%.1f s", seconds);
    unsigned long whole = (unsigned long)(seconds + 0.5);
    if (whole < 3600)
        return xasprintf("%lu min %lu s", whole / 60, whole % 60);
    return xasprintf("%lu h %lu min", whole / 3600, whole / 60 % 60);
}

/* Decimal units, as registries and disks count. */
static void add_bytes(struct strbuf *buf, int64_t bytes)
{
    static const char *const units[] = {"kB", "MB", "GB", "TB"};
    double value = (double)bytes;
    size_t unit = 0;

    if (bytes < 1000) {
        strbuf_addf(buf, "%d B", (int)bytes);
        return;
    }
    for (value /= 1000; value >= 999.95 && unit + 1 < ELEMENTS(units); unit++)
        value /= 1000;
    strbuf_addf(buf, "%.1f %s", value, units[unit]);
}

/* What stands right of a task: how long it took, or how far it is. */
static void add_measure(struct strbuf *buf, const struct task *task)
{
    double seconds = task->seconds;

    if (task->state == PROGRESS_WAITING || task->state == PROGRESS_CACHED)
        return;
    if (task->state == PROGRESS_RUNNING && task->current >= 0) {
        add_bytes(buf, task->current);
        if (task->total > 0) {
            strbuf_adds(buf, " of ");
            add_bytes(buf, task->total);
        }
        return;
    }
    if (task->state == PROGRESS_RUNNING)
        seconds = (double)(display_clock() - task->started) / 1000;
    _cleanup_free_ char *text = display_seconds(seconds);
    strbuf_adds(buf, text);
}

static const char *mark_of(enum progress_state state)
{
    static const struct {
        const char *utf8, *ascii;
    } marks[] = {
        [PROGRESS_WAITING] = {"\u00B7", "."},
        [PROGRESS_RUNNING] = {"\u203A", ">"},
        [PROGRESS_CACHED] = {"\u2713", "+"},
        [PROGRESS_DONE] = {"\u2713", "+"},
        [PROGRESS_FAILED] = {"\u2717", "x"},
    };

    return cells_utf8() ? marks[state].utf8 : marks[state].ascii;
}

static enum style style_of(enum progress_state state)
{
    static const enum style styles[] = {
        [PROGRESS_WAITING] = STYLE_DIM,
        [PROGRESS_RUNNING] = STYLE_CYAN,
        [PROGRESS_CACHED] = STYLE_GREEN,
        [PROGRESS_DONE] = STYLE_GREEN,
        [PROGRESS_FAILED] = STYLE_RED,
    };

    return styles[state];
}

static void end_frame_line(struct frame *frame, size_t width)
{
    strbuf_adds(&frame->text, "\033[K\n");
    frame->widths = xgrow(frame->widths, frame->count, sizeof(*frame->widths));
    frame->widths[frame->count++] = width;
}

/* One line: mark, title cut to what is left, and `measure` at the right edge. */
static void add_line(
    struct frame *frame, enum progress_state state, const char *title, const char *measure)
{
    size_t measure_cells = strlen(measure);
    size_t width = 0;

    /* On a terminal this narrow the title says more. */
    if (measure_cells + 12 > frame->columns)
        measure_cells = 0;
    if (frame->columns > 2) {
        strbuf_addf(&frame->text, "%s%s%s ", style_begin(frame->out, style_of(state)),
            mark_of(state), style_end(frame->out, style_of(state)));
        width = 2 + cells_fit(&frame->text, title,
                        frame->columns - 2 - (measure_cells ? measure_cells + 1 : 0));
    }
    if (measure_cells) {
        for (; width + measure_cells < frame->columns; width++)
            strbuf_addc(&frame->text, ' ');
        strbuf_adds(&frame->text, measure);
        width += measure_cells;
    }
    end_frame_line(frame, width);
}

static void add_task(struct frame *frame, const struct task *task)
{
    _cleanup_(strbuf_release) struct strbuf measure = STRBUF_INIT(64);

    add_measure(&measure, task);
    add_line(frame, task->state, task->title, strbuf_text(&measure));
}

static void add_count(
    struct frame *frame, enum progress_state state, size_t count, const char *one, const char *many)
{
    if (!count)
        return;
    _cleanup_free_ char *text = xasprintf("%zu %s", count, count == 1 ? one : many);
    add_line(frame, state, text, "");
}

static void add_output(struct frame *frame, const struct task *task, size_t lines)
{
    _cleanup_free_ char *text = tail_text(&task->tail, lines);
    char *next;

    for (char *line = text; *line; line = next) {
        char *end = strchrnul(line, '\n');
        next = *end ? end + 1 : end;
        *end = '\0';
        size_t width = 0;
        if (frame->columns > 4) {
            strbuf_addf(&frame->text, "%s    ", style_begin(frame->out, STYLE_DIM));
            width = 4 + cells_fit(&frame->text, line, frame->columns - 4);
            strbuf_adds(&frame->text, style_end(frame->out, STYLE_DIM));
        }
        end_frame_line(frame, width);
    }
}

static bool is_active(const struct task *task)
{
    return task->state == PROGRESS_RUNNING || task->state == PROGRESS_FAILED;
}

static struct census take_census(const struct display_tasks *tasks)
{
    struct census census = {.cached = tasks->forgotten_cached};

    for (size_t i = 0; i < tasks->count; i++) {
        enum progress_state state = tasks->items[i]->state;
        census.cached += state == PROGRESS_CACHED;
        census.finished += state == PROGRESS_DONE;
        census.active += is_active(tasks->items[i]);
        census.waiting += state == PROGRESS_WAITING;
    }
    return census;
}

/*
 * Takes lines for `listed` tasks from the room. Where they do not all fit, or `forgotten`
 * ones are to be counted too, one of the lines is the count; without any room there is
 * not even that.
 */
static struct share take_share(size_t *room, size_t listed, size_t forgotten)
{
    struct share share = {.shown = listed};

    if (forgotten || listed > *room) {
        size_t most = *room ? *room - 1 : 0;
        share.shown = listed < most ? listed : most;
        share.folded = *room ? forgotten + listed - share.shown : 0;
    }
    *room -= share.shown + (share.folded ? 1 : 0);
    return share;
}

/* The lines it takes to show up to `most` lines of output of each of `active` tasks. */
static size_t output_lines(const struct display_tasks *tasks, size_t active, size_t most)
{
    size_t lines = 0;

    for (size_t i = 0; i < tasks->count && active; i++) {
        if (!is_active(tasks->items[i]))
            continue;
        size_t count = tail_count(&tasks->items[i]->tail);
        lines += count < most ? count : most;
        active--;
    }
    return lines;
}

/* What runs matters most, then what it says, then what was, then what will be. */
static struct plan make_plan(
    const struct display_tasks *tasks, const struct census *census, size_t room)
{
    struct plan plan = {.output = OUTPUT_LINES};

    plan.cached = census->cached && room;
    room -= plan.cached ? 1 : 0;
    plan.active = take_share(&room, census->active, 0);
    while (output_lines(tasks, plan.active.shown, plan.output) > room)
        plan.output--;
    room -= output_lines(tasks, plan.active.shown, plan.output);
    plan.finished = take_share(&room, census->finished, tasks->forgotten_done);
    plan.waiting = take_share(&room, census->waiting, 0);
    return plan;
}

/* Everything that is over or was begun, for good. */
static struct plan make_last_plan(const struct census *census, size_t forgotten)
{
    return (struct plan){
        .cached = census->cached > 0,
        .finished = {.shown = census->finished, .folded = forgotten},
        .active = {.shown = census->active},
    };
}

/* The tasks in their order, as far as the plan has room for them. */
static void compose_tasks(struct frame *frame, const struct display_tasks *tasks,
    const struct census *census, const struct plan *plan)
{
    size_t skipped = census->finished - plan->finished.shown;
    size_t active = 0, waiting = 0;

    for (size_t i = 0; i < tasks->count; i++) {
        const struct task *task = tasks->items[i];
        if (task->state == PROGRESS_DONE && skipped) {
            skipped--;
        } else if (task->state == PROGRESS_DONE) {
            add_task(frame, task);
        } else if (is_active(task) && active < plan->active.shown) {
            active++;
            add_task(frame, task);
            add_output(frame, task, plan->output);
        } else if (task->state == PROGRESS_WAITING && waiting < plan->waiting.shown) {
            waiting++;
            add_task(frame, task);
        }
    }
}

static void compose(struct frame *frame, const struct display_tasks *tasks,
    const struct census *census, const struct plan *plan)
{
    if (plan->cached)
        add_count(frame, PROGRESS_CACHED, census->cached, "step cached", "steps cached");
    add_count(
        frame, PROGRESS_DONE, plan->finished.folded, "earlier step done", "earlier steps done");
    compose_tasks(frame, tasks, census, plan);
    add_count(frame, PROGRESS_RUNNING, plan->active.folded, "more running", "more running");
    add_count(frame, PROGRESS_WAITING, plan->waiting.folded, "more waiting", "more waiting");
}

/* Writes all of it, whatever comes in between: half a frame would stay on the screen. */
static void write_whole(FILE *out, const char *data, size_t length)
{
    int fd = fileno(out);

    fflush(out);
    while (length) {
        ssize_t written = write(fd, data, length);
        if (written >= 0) {
            data += written;
            length -= (size_t)written;
        } else if (errno == EAGAIN) {
            struct pollfd room = {.fd = fd, .events = POLLOUT};
            (void)poll(&room, 1, -1);
        } else if (errno != EINTR) {
            return;
        }
    }
}

/*
 * Moves to the first line of the frame before. A terminal that became narrower since has
 * wrapped its lines; what has scrolled out at the top cannot be reached.
 */
static void add_way_up(
    struct strbuf *text, const struct display *display, size_t rows, size_t columns)
{
    size_t up = 0;

    for (size_t i = 0; i < display->count; i++)
        up += display->widths[i] ? (display->widths[i] + columns - 1) / columns : 1;
    if (up >= rows)
        up = rows - 1;
    strbuf_addc(text, '\r');
    if (up)
        strbuf_addf(text, "\033[%zuA", up);
}

static void show_frame(struct display *display, struct frame *frame, size_t rows, size_t columns)
{
    _cleanup_(strbuf_release) struct strbuf text = STRBUF_INIT(FRAME_BYTES);

    /* Nothing new: over ssh a frame that does not change costs nothing. */
    if (display->frame && strcmp(display->frame, strbuf_text(&frame->text)) == 0)
        return;
    add_way_up(&text, display, rows, columns);
    strbuf_add(&text, strbuf_text(&frame->text), frame->text.length);
    strbuf_adds(&text, "\033[J");
    write_whole(frame->out, strbuf_text(&text), text.length);
    display_release(display);
    display->frame = strbuf_detach(&frame->text);
    display->widths = TAKE_PTR(frame->widths);
    display->count = frame->count;
}

void display_draw(struct display *display, FILE *out, const struct display_tasks *tasks, bool last)
{
    unsigned short rows = 24, columns = 80;
    struct census census = take_census(tasks);
    struct frame frame = {.out = out, .text = STRBUF_INIT(FRAME_BYTES)};

    (void)terminal_size(fileno(out), &rows, &columns);
    rows = rows > SIDE_MAX ? SIDE_MAX : rows;
    columns = columns > SIDE_MAX ? SIDE_MAX : columns;
    /* The last row is the cursor's; text in the last column would wrap on some terminals. */
    frame.columns = columns > 1 ? columns - 1U : 1;
    struct plan plan = last ? make_last_plan(&census, tasks->forgotten_done)
                            : make_plan(tasks, &census, rows - 1U);
    compose(&frame, tasks, &census, &plan);
    show_frame(display, &frame, rows, columns);
    strbuf_release(&frame.text);
    free(frame.widths);
}

void display_release(struct display *display)
{
    free(display->frame);
    free(display->widths);
    *display = (struct display){0};
}
