#include "engine/build_failure.h"

#include "base/xalloc.h"
#include "engine/build_reason.h"
#include "engine/build_steps.h"
#include "engine/printable.h"

#define INSTRUCTION_SHOWN ((size_t)120)

static int set_full_disk(struct error *err, const char *what)
{
    error_set(err, ERROR_FAILED, "%s since the disk is full", what);
    return error_hint(err,
        "free some space first: remove images that are no longer needed (image-list shows "
        "them, image-retire removes them), or ask the administrator of the server");
}

static int set_failed_step(struct error *err, const struct build_step *step, const char *place,
    size_t place_length, const char *instruction)
{
    _cleanup_free_ char *shown =
        printable_line(instruction, strlen(instruction), INSTRUCTION_SHOWN);
    _cleanup_free_ char *what = xasprintf("step %.*s failed", (int)place_length, place);

    if (step->disk_full || build_reason_is_full_disk(step->error, strlen(step->error))) {
        set_full_disk(err, what);
        if (err) {
            char *message = xasprintf("%s: %s", err->message, shown);
            free(err->message);
            err->message = message;
        }
        return -1;
    }
    if (strncmp(step->error, "exit code ", strlen("exit code ")) != 0)
        return error_set(err, ERROR_FAILED, "%s (%s): %s", what, step->error, shown);
    error_set(err, ERROR_FAILED, "%s with %s: %s", what, step->error, shown);
    /* 128 + SIGKILL: nobody but the kernel, short of memory, does that to a build. */
    if (strcmp(step->error, "exit code 137") == 0)
        error_hint(err, "exit code 137 means that it was killed, most often since memory ran out");
    return -1;
}

int build_failure_set(struct error *err, const struct build_steps *steps, const char *message)
{
    static const char loading_base[] = "[internal] load metadata for ";
    const struct build_step *step = build_steps_failed(steps);
    _cleanup_free_ char *reason = build_reason(message);
    const char *instruction = NULL;
    size_t length = 0;
    const char *place = step ? build_step_place(step, &length, &instruction) : NULL;

    if (place)
        return set_failed_step(err, step, place, length, instruction);
    if (build_reason_is_full_disk(reason, strlen(reason)))
        return set_full_disk(err, "the build failed");
    if (step && strncmp(step->name, loading_base, strlen(loading_base)) == 0) {
        error_set(err, ERROR_FAILED, "cannot load the base image %s: %s",
            step->name + strlen(loading_base), step->error);
        return error_hint(
            err, "check the name behind FROM, and that the engine reaches its registry");
    }
    return error_set(err, ERROR_FAILED, "the build failed: %s", reason);
}
