#include "engine/build_classic.h"

#include <time.h>

#include "base/text.h"
#include "base/xalloc.h"

#define HASH_LENGTH 64

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Ends the current step, if there is one. */
static int end_step(struct build_classic *classic, struct build_steps *steps, const char *failure,
    struct error *err)
{
    if (!classic->step)
        return 0;
    struct build_step *step = build_steps_get(steps, classic->step, err);
    if (!step)
        return -1;
    enum build_step_state state = classic->cached ? BUILD_CACHED : BUILD_DONE;
    build_steps_change(
        steps, step, failure ? BUILD_FAILED : state, now() - classic->started, failure);
    free(classic->step);
    classic->step = NULL;
    return 0;
}

static int begin_step(
    struct build_classic *classic, struct build_steps *steps, const char *name, struct error *err)
{
    if (end_step(classic, steps, NULL, err) < 0)
        return -1;
    classic->step = xasprintf("step %u", ++classic->count);
    classic->cached = false;
    classic->started = now();
    struct build_step *step = build_steps_get(steps, classic->step, err);
    if (!step)
        return -1;
    build_step_set_name(steps, step, name);
    build_steps_change(steps, step, BUILD_RUNNING, 0, NULL);
    return 0;
}

/*
 * "[2/4] RUN x" for "STEP 2/4: RUN x" (Podman), "Step 2/4 : RUN x" (Docker) and
 * "[1/2] STEP 2/4: RUN x" (Podman with several stages, then "[1/2 2/4] RUN x"), for the
 * caller to free; NULL for any other line.
 */
static char *step_name(const char *line)
{
    static const char digits[] = "0123456789/";
    size_t stage = *line == '[' ? strspn(line + 1, digits) : 0;
    const char *at = line;

    if (stage && text_begins(line + 1 + stage, "] "))
        at = line + 1 + stage + strlen("] ");
    if (strncasecmp(at, "step ", strlen("step ")) != 0)
        return NULL;
    at += strlen("step ");
    size_t place = strspn(at, digits);
    const char *rest = at + place;
    rest += *rest == ' ';
    if (place == 0 || !text_begins(rest, ": "))
        return NULL;
    return xasprintf("[%.*s%s%.*s] %s", (int)stage, line + 1, stage ? " " : "", (int)place, at,
        rest + strlen(": "));
}

/* True for what the builder says of its own doings, which is no output of a step. */
static bool is_builders_own(struct build_classic *classic, const char *line)
{
    static const char *const starts[] = {"--> ", " ---> ", "Removing intermediate container ",
        "COMMIT ", "Successfully built ", "Successfully tagged "};

    if (strspn(line, "0123456789abcdef") == HASH_LENGTH && !line[HASH_LENGTH]) {
        free(classic->image_id);
        classic->image_id = xasprintf("sha256:%s", line);
        return true;
    }
    for (size_t i = 0; i < ELEMENTS(starts); i++)
        if (text_begins(line, starts[i])) {
            classic->cached = classic->cached || strstr(line, "-> Using cache") != NULL;
            return true;
        }
    return !*line && !classic->step;
}

static int output(struct build_classic *classic, struct build_steps *steps, char *text,
    size_t length, struct error *err)
{
    if (!classic->step && begin_step(classic, steps, "preparing the build", err) < 0)
        return -1;
    struct build_step *step = build_steps_get(steps, classic->step, err);
    if (!step)
        return -1;
    build_steps_output(steps, step, text, length);
    return 0;
}

/* Takes the line in the buffer, which may end in a newline. */
static int take_line(struct build_classic *classic, struct build_steps *steps, struct error *err)
{
    _cleanup_free_ char *line = xstrndup(classic->line.text, strcspn(classic->line.text, "\r\n"));
    _cleanup_free_ char *name = step_name(line);
    int result = 0;

    if (name)
        result = begin_step(classic, steps, name, err);
    else if (!is_builders_own(classic, line))
        result = output(classic, steps, classic->line.text, classic->line.length, err);
    strbuf_truncate(&classic->line, 0);
    return result;
}

int build_classic_feed(struct build_classic *classic, struct build_steps *steps, const char *text,
    size_t length, struct error *err)
{
    for (size_t i = 0; i < length; i++) {
        strbuf_addc(&classic->line, text[i]);
        bool full = classic->line.length == BUILD_CLASSIC_LINE_MAX;
        if ((text[i] == '\n' || full) && take_line(classic, steps, err) < 0)
            return -1;
    }
    return 0;
}

int build_classic_finish(struct build_classic *classic, struct build_steps *steps,
    const char *failure, struct error *err)
{
    if (classic->line.length && take_line(classic, steps, err) < 0)
        return -1;
    return end_step(classic, steps, failure, err);
}

void build_classic_release(struct build_classic *classic)
{
    strbuf_release(&classic->line);
    free(classic->step);
    free(classic->image_id);
    classic->step = classic->image_id = NULL;
}
