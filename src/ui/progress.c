#include "ui/progress.h"

#include "base/xalloc.h"
#include "ui/cells.h"
#include "ui/display.h"
#include "ui/job_control.h"
#include "ui/raw_mode.h"
#include "ui/style.h"

#define TASKS_MAX       500
#define ID_BYTES        256
#define TITLE_BYTES     300
#define PLAIN_CELLS     100 /* of a title in plain lines: an instruction can be a whole script */
#define REDRAW_INTERVAL 100 /* milliseconds */

struct progress {
    FILE *out;
    bool live;
    struct task **tasks;
    size_t count;
    unsigned numbers; /* given to tasks so far */
    size_t forgotten_done, forgotten_cached;
    struct display display;
    int64_t drawn; /* display_clock() of the last frame */
    bool owner;    /* it began in the foreground: only then another job can take the terminal */
    bool away;     /* another job has it */
};

struct progress *progress_new(FILE *out, bool live)
{
    struct progress *progress = xcalloc(1, sizeof(*progress));

    progress->out = out;
    progress->live = out && live && style_terminal_capable();
    progress->tasks = xcalloc(TASKS_MAX, sizeof(*progress->tasks));
    progress->drawn = -REDRAW_INTERVAL;
    if (progress->live) {
        progress->owner = !job_control_in_background(fileno(out));
        job_control_watch(raw_mode_suspend);
        raw_mode_silence(fileno(out));
    }
    return progress;
}

static void task_free(struct task *task)
{
    tail_release(&task->tail);
    free(task->id);
    free(task->title);
    free(task);
}

static struct task *find_task(const struct progress *progress, const char *id)
{
    for (size_t i = 0; i < progress->count; i++)
        if (strncmp(progress->tasks[i]->id, id, ID_BYTES) == 0)
            return progress->tasks[i];
    return NULL;
}

/* False while another job has the terminal. Behind what it wrote there, a new frame begins. */
static bool has_terminal(struct progress *progress)
{
    int fd = fileno(progress->out);
    bool away = progress->owner && job_control_in_background(fd);

    if ((job_control_resumed() || progress->away) && !away) {
        display_release(&progress->display);
        raw_mode_silence(fd);
    }
    progress->away = away;
    return !away;
}

static void draw(struct progress *progress, bool last)
{
    struct display_tasks tasks = {
        .items = progress->tasks,
        .count = progress->count,
        .forgotten_done = progress->forgotten_done,
        .forgotten_cached = progress->forgotten_cached,
    };

    bool here = has_terminal(progress);

    if (!here && last)
        display_release(&progress->display);
    if (here || last)
        display_draw(&progress->display, progress->out, &tasks, last);
    progress->drawn = display_clock();
}

void progress_tick(struct progress *progress)
{
    if (progress->live && progress->count && display_clock() - progress->drawn >= REDRAW_INTERVAL)
        draw(progress, false);
}

static bool is_plain(const struct progress *progress)
{
    return progress->out && !progress->live;
}

static bool is_over(enum progress_state state)
{
    return state == PROGRESS_CACHED || state == PROGRESS_DONE || state == PROGRESS_FAILED;
}

static void remove_task(struct progress *progress, size_t index)
{
    task_free(progress->tasks[index]);
    progress->count--;
    memmove(progress->tasks + index, progress->tasks + index + 1,
        (progress->count - index) * sizeof(*progress->tasks));
}

/* Takes the task at `index` off the list; what it did stays counted. */
static void forget_task(struct progress *progress, size_t index)
{
    const struct task *task = progress->tasks[index];

    progress->forgotten_done += task->state == PROGRESS_DONE;
    progress->forgotten_cached += task->state == PROGRESS_CACHED;
    remove_task(progress, index);
}

void progress_forget(struct progress *progress, const char *prefix)
{
    for (size_t i = progress->count; i-- > 0;)
        if (strncmp(progress->tasks[i]->id, prefix, strlen(prefix)) == 0)
            remove_task(progress, i);
}

/* Makes room for one more task: see the header for whose place it takes. */
static bool make_room(struct progress *progress)
{
    static const enum progress_state order[] = {PROGRESS_DONE, PROGRESS_CACHED, PROGRESS_WAITING};

    if (progress->count < TASKS_MAX)
        return true;
    for (size_t i = 0; i < ELEMENTS(order); i++)
        for (size_t j = 0; j < progress->count; j++)
            if (progress->tasks[j]->state == order[i]) {
                forget_task(progress, j);
                return true;
            }
    return false;
}

static char *bounded_title(const char *title)
{
    return style_printable(title, strnlen(title, TITLE_BYTES));
}

/* Adds a task that waits; NULL when there is no room for it. */
static struct task *add_task(struct progress *progress, const char *id, const char *title)
{
    if (!make_room(progress))
        return NULL;
    struct task *task = xcalloc(1, sizeof(*task));
    *task = (struct task){
        .id = xstrndup(id, ID_BYTES),
        .title = bounded_title(title),
        .number = ++progress->numbers,
        .current = -1,
        .total = -1,
        .started = display_clock(),
        .tail = TAIL_INIT,
    };
    progress->tasks[progress->count++] = task;
    return task;
}

/* "[3] title" and `end`, where the title has not been printed yet, else nothing. */
static bool print_title(struct progress *progress, struct task *task, const char *end)
{
    _cleanup_(strbuf_release) struct strbuf title = STRBUF_INIT(2 * TITLE_BYTES);

    if (task->announced)
        return false;
    task->announced = true;
    cells_fit(&title, task->title, PLAIN_CELLS);
    fprintf(progress->out, "[%u] %s%s", task->number, strbuf_text(&title), end);
    return true;
}

struct printing {
    struct progress *progress;
    struct task *task;
};

static void print_line(void *context, const char *line)
{
    struct printing *printing = context;

    print_title(printing->progress, printing->task, "\n");
    fprintf(printing->progress->out, "[%u]%s%s\n", printing->task->number, *line ? " " : "", line);
}

static void print_end(struct progress *progress, struct task *task)
{
    _cleanup_free_ char *seconds = display_seconds(task->seconds);

    if (!print_title(progress, task, ": "))
        fprintf(progress->out, "[%u] ", task->number);
    if (task->state == PROGRESS_CACHED)
        fputs("cached\n", progress->out);
    else if (task->state == PROGRESS_FAILED)
        fputs("failed\n", progress->out);
    else
        fprintf(progress->out, "done in %s\n", seconds);
}

/* The line that has no newline yet ends with its task. */
static void end_output(struct progress *progress, struct task *task)
{
    struct printing printing = {progress, task};

    tail_end(&task->tail, is_plain(progress) ? print_line : NULL, &printing);
    if (task->state != PROGRESS_FAILED)
        tail_release(&task->tail);
}

static void change_state(
    struct progress *progress, struct task *task, enum progress_state state, double seconds)
{
    task->state = state;
    if (state == PROGRESS_RUNNING)
        task->started = display_clock();
    if (is_over(state)) {
        task->seconds = seconds >= 0 ? seconds : (double)(display_clock() - task->started) / 1000;
        end_output(progress, task);
    }
    if (!is_plain(progress))
        return;
    if (state == PROGRESS_RUNNING)
        print_title(progress, task, "\n");
    else if (is_over(state))
        print_end(progress, task);
    fflush(progress->out);
}

void progress_task(struct progress *progress, const char *id, const char *title,
    enum progress_state state, double seconds)
{
    struct task *task = find_task(progress, id);

    if (!task)
        task = add_task(progress, id, title);
    if (!task)
        return;
    free(task->title);
    task->title = bounded_title(title);
    if (task->state != state)
        change_state(progress, task, state, seconds);
    else if (is_over(state) && seconds >= 0)
        task->seconds = seconds;
    progress_tick(progress);
}

void progress_bytes(struct progress *progress, const char *id, int64_t current, int64_t total)
{
    struct task *task = find_task(progress, id);

    if (task) {
        task->current = current;
        task->total = total;
    }
    progress_tick(progress);
}

void progress_output(struct progress *progress, const char *id, const char *text, size_t length)
{
    struct task *task = find_task(progress, id);

    if (task) {
        struct printing printing = {progress, task};
        tail_add(&task->tail, text, length, is_plain(progress) ? print_line : NULL, &printing);
    }
    if (is_plain(progress))
        fflush(progress->out);
    progress_tick(progress);
}

char *progress_tail(const struct progress *progress, const char *id, unsigned lines)
{
    const struct task *task = find_task(progress, id);

    return task ? tail_text(&task->tail, lines) : xstrdup("");
}

void progress_free(struct progress *progress)
{
    if (!progress)
        return;
    if (progress->live && progress->count)
        draw(progress, true);
    if (progress->live) {
        raw_mode_leave();
        job_control_unwatch();
    }
    for (size_t i = 0; i < progress->count; i++)
        task_free(progress->tasks[i]);
    free(progress->tasks);
    display_release(&progress->display);
    free(progress);
}
