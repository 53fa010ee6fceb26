#include "engine/build_steps.h"

#include <ctype.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "engine/build_reason.h"
#include "engine/printable.h"

#define NAME_MAX_BYTES    ((size_t)1000)
#define WARNING_MAX_BYTES ((size_t)1000)
#define ID_MAX_BYTES      ((size_t)256)
#define LOADS_MAX         ((size_t)256) /* of one step; more are not counted */

struct build_step *build_steps_get(struct build_steps *steps, const char *id, struct error *err)
{
    /* The newest are the ones that most is said about. */
    for (size_t i = steps->count; i-- > 0;)
        if (strncmp(steps->items[i]->id, id, ID_MAX_BYTES) == 0)
            return steps->items[i];
    if (steps->count == BUILD_STEPS_MAX) {
        error_set(err, ERROR_ENGINE, "the container engine reports more than %zu build steps",
            BUILD_STEPS_MAX);
        return NULL;
    }
    struct build_step *step = xcalloc(1, sizeof(*step));
    *step = (struct build_step){
        .id = xstrndup(id, strnlen(id, ID_MAX_BYTES)),
        .name = xstrdup(""),
        .internal = true,
        .current = -1,
        .total = -1,
    };
    steps->items = xgrow(steps->items, steps->count, sizeof(struct build_step *));
    steps->items[steps->count++] = step;
    return step;
}

const struct build_step *build_steps_failed(const struct build_steps *steps)
{
    for (size_t i = 0; i < steps->count; i++)
        if (steps->items[i]->state == BUILD_FAILED && !steps->items[i]->cancelled)
            return steps->items[i];
    return NULL;
}

const char *build_step_place(
    const struct build_step *step, size_t *ret_length, const char **ret_instruction)
{
    const char *end = step->name[0] == '[' ? strchr(step->name, ']') : NULL;
    const char *start = end;

    if (!end)
        return NULL;
    while (isdigit((unsigned char)start[-1]) || start[-1] == '/')
        start--;
    size_t length = (size_t)(end - start);
    if ((start[-1] != '[' && start[-1] != ' ') || !memchr(start, '/', length))
        return NULL;
    *ret_length = length;
    *ret_instruction = end + 1 + strspn(end + 1, " ");
    return start;
}

static void cut_out(char *text, const char *part)
{
    for (char *at = text; *part && (at = strstr(at, part));)
        memmove(at, at + strlen(part), strlen(at + strlen(part)) + 1);
}

void build_step_set_name(const struct build_steps *steps, struct build_step *step, const char *name)
{
    _cleanup_free_ char *shown = xstrdup(name);
    size_t length = 0;
    const char *instruction = NULL;

    if (!*name)
        return;
    for (size_t i = 0; steps->hidden && i < steps->hidden->count; i++)
        cut_out(shown, steps->hidden->items[i]);
    free(step->name);
    step->name = printable_line(shown, strlen(shown), NAME_MAX_BYTES);
    step->internal = !build_step_place(step, &length, &instruction);
}

static void report(const struct build_steps *steps, const struct build_step *step,
    enum build_event_kind kind, const char *text, size_t length)
{
    struct build_event event = {
        .kind = kind,
        .step = step->id,
        .name = kind == BUILD_OUTPUT ? NULL : step->name,
        .state = step->state,
        .internal = step->internal,
        .cancelled = step->cancelled,
        .seconds = step->state >= BUILD_CACHED ? step->seconds : 0,
        .text = text,
        .length = length,
        .current = step->current,
        .total = step->total,
    };

    if (steps->observer)
        steps->observer(steps->context, &event);
}

static void report_step(const struct build_steps *steps, const struct build_step *step)
{
    const char *text = step->error ? step->error : "";

    report(steps, step, BUILD_STEP, text, strlen(text));
}

void build_steps_change(struct build_steps *steps, struct build_step *step,
    enum build_step_state state, double seconds, const char *error)
{
    bool over = step->state >= BUILD_CACHED;

    if (step->state == BUILD_FAILED || (!over && step->known && state <= step->state))
        return;
    /* BuildKit takes a step up again for moments after it was over: that is no news. */
    if (over && state != BUILD_FAILED) {
        if (state >= BUILD_CACHED && step->resumed)
            step->seconds += seconds;
        step->resumed = state == BUILD_RUNNING;
        return;
    }
    if (state >= BUILD_CACHED)
        step->seconds += seconds;
    step->known = true;
    step->resumed = false;
    step->state = state;
    if (state == BUILD_FAILED) {
        step->cancelled = build_reason_is_cancellation(error);
        step->error = build_reason(error);
    }
    report_step(steps, step);
}

/* Is "[2/4] RUN --mount=… x" a step of the command "x"? Its name may have been cut off. */
static bool runs(const struct build_step *step, const char *command)
{
    static const char run[] = "RUN ", cut[] = "…";
    size_t length = 0;
    const char *at = NULL;

    if (!build_step_place(step, &length, &at) || !text_begins(at, run))
        return false;
    at += strlen(run);
    while (text_begins(at, "--")) {
        at += strcspn(at, " ");
        at += strspn(at, " ");
    }
    length = strlen(at);
    if (text_ends(at, length, cut))
        return strncmp(at, command, length - strlen(cut)) == 0;
    return strcmp(at, command) == 0;
}

static struct build_step *find_unfinished(const struct build_steps *steps, const char *command)
{
    for (size_t i = 0; i < steps->count; i++) {
        struct build_step *step = steps->items[i];
        if ((step->state == BUILD_RUNNING || step->cancelled) && runs(step, command))
            return step;
    }
    return NULL;
}

void build_steps_fail(struct build_steps *steps, const char *error)
{
    _cleanup_free_ char *command = build_reason_command(error);
    struct build_step *step =
        command && !build_steps_failed(steps) ? find_unfinished(steps, command) : NULL;

    if (!step)
        return;
    step->state = BUILD_FAILED;
    step->cancelled = false;
    free(step->error);
    step->error = build_reason(error);
    report_step(steps, step);
}

/* A step that does something is running, whatever was said before. */
static void resume(struct build_steps *steps, struct build_step *step)
{
    if (step->resumed) {
        step->resumed = false;
        step->state = BUILD_RUNNING;
        report_step(steps, step);
    }
}

static struct build_load *get_load(struct build_step *step, const char *id)
{
    for (size_t i = 0; i < step->load_count; i++)
        if (strncmp(step->loads[i].id, id, ID_MAX_BYTES) == 0)
            return &step->loads[i];
    if (step->load_count == LOADS_MAX)
        return NULL;
    step->loads = xgrow(step->loads, step->load_count, sizeof(*step->loads));
    struct build_load *load = &step->loads[step->load_count++];
    *load = (struct build_load){.id = xstrndup(id, strnlen(id, ID_MAX_BYTES))};
    return load;
}

/* The sum of what is known, without ever passing what an int64_t holds. */
static int64_t add_bytes(int64_t sum, int64_t bytes)
{
    if (bytes <= 0)
        return sum;
    return bytes > INT64_MAX - sum ? INT64_MAX : sum + bytes;
}

void build_steps_load(struct build_steps *steps, struct build_step *step, const char *id,
    int64_t current, int64_t total)
{
    struct build_load *load = current > 0 || total > 0 ? get_load(step, id) : NULL;
    int64_t sum_current = 0, sum_total = 0;

    if (!load)
        return;
    load->current = current;
    load->total = total;
    for (size_t i = 0; i < step->load_count; i++) {
        sum_current = add_bytes(sum_current, step->loads[i].current);
        sum_total = add_bytes(sum_total, step->loads[i].total);
    }
    if (sum_total == 0)
        sum_total = -1;
    if (sum_current == step->current && sum_total == step->total)
        return;
    step->current = sum_current;
    step->total = sum_total;
    resume(steps, step);
    report_step(steps, step);
}

static size_t drop_nuls(char *data, size_t length)
{
    size_t kept = 0;

    for (size_t i = 0; i < length; i++)
        if (data[i])
            data[kept++] = data[i];
    return kept;
}

void build_steps_output(
    struct build_steps *steps, struct build_step *step, char *data, size_t length)
{
    length = drop_nuls(data, length);
    if (length == 0)
        return;
    resume(steps, step);
    step->disk_full = step->disk_full || build_reason_is_full_disk(data, length);
    report(steps, step, BUILD_OUTPUT, data, length);
}

void build_steps_warn(
    struct build_steps *steps, struct build_step *step, const char *text, size_t length)
{
    _cleanup_free_ char *line = printable_line(text, length, WARNING_MAX_BYTES);

    if (*line)
        report(steps, step, BUILD_WARNING, line, strlen(line));
}

void build_steps_release(struct build_steps *steps)
{
    for (size_t i = 0; i < steps->count; i++) {
        struct build_step *step = steps->items[i];
        for (size_t j = 0; j < step->load_count; j++)
            free(step->loads[j].id);
        free(step->loads);
        free(step->id);
        free(step->name);
        free(step->error);
        free(step);
    }
    free(steps->items);
    steps->items = NULL;
    steps->count = 0;
}
