#include "engine/build_failure.h"

#include "base/strv.h"
#include "base/text.h"
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

/* `Get "https://x/y": dial tcp: lookup x on 10.0.2.3:53: no such host`: why, for x/y is known. */
static const char *why_unreachable(const char *reason)
{
    const char *end = strncmp(reason, "Get \"", 5) == 0 ? strstr(reason, "\": ") : NULL;
    const char *why = end ? end + 3 : reason;
    const char *last = strncmp(why, "dial tcp", 8) == 0 ? strrchr(why, ':') : NULL;

    return last && last[1] == ' ' ? last + 2 : why;
}

static const char answered[] = "invalid response status ";

static int set_failed_address(struct error *err, const char *address, const char *reason)
{
    if (text_begins(reason, answered)) {
        error_set(err, ERROR_FAILED, "cannot load %s: the server answers %s", address,
            reason + strlen(answered));
        return error_hint(err,
            "look whether the address is right, and whether the server gives it to everybody: ADD "
            "knows no password");
    }
    error_set(err, ERROR_FAILED, "cannot load %s: %s", address, why_unreachable(reason));
    return error_hint(err,
        "check the address; the engine loads it for ADD, with its own proxy if any: a RUN with "
        "curl or wget uses the one of the setting http_proxy");
}

/* The only address among the words of "ADD https://x/y /y", to be freed; or NULL. */
static char *only_address(const char *instruction)
{
    _cleanup_(strv_release) struct strv words = STRV_INIT;
    const char *found = NULL;

    strv_push_words(&words, instruction);
    for (size_t i = 0; i < words.count; i++) {
        if (!text_is_web_address(words.items[i]))
            continue;
        if (found)
            return NULL;
        found = words.items[i];
    }
    return found ? xstrdup(found) : NULL;
}

/*
 * What the step was to load and could not, to be freed; or NULL. With Docker 20.10 an ADD of an
 * address has a step of its own for that, later it is the ADD itself.
 */
static char *failed_address(const struct build_step *step, const char *instruction)
{
    static const char get[] = "Get \"";

    if (text_is_web_address(step->name))
        return xstrdup(step->name);
    if (!instruction || !text_begins(instruction, "ADD "))
        return NULL;
    if (text_begins(step->error, get)) {
        const char *address = step->error + strlen(get);
        return xstrndup(address, strcspn(address, "\""));
    }
    return text_begins(step->error, answered) ? only_address(instruction) : NULL;
}

int build_failure_set(struct error *err, const struct build_steps *steps, const char *message)
{
    static const char loading_base[] = "[internal] load metadata for ";
    const struct build_step *step = build_steps_failed(steps);
    _cleanup_free_ char *reason = build_reason(message);
    const char *instruction = NULL;
    size_t length = 0;
    const char *place = step ? build_step_place(step, &length, &instruction) : NULL;
    _cleanup_free_ char *address = step ? failed_address(step, instruction) : NULL;
    bool full = build_reason_is_full_disk(reason, strlen(reason));

    if (address && !full)
        return set_failed_address(err, address, step->error);
    if (place)
        return set_failed_step(err, step, place, length, instruction);
    if (full)
        return set_full_disk(err, "the build failed");
    if (step && strncmp(step->name, loading_base, strlen(loading_base)) == 0) {
        error_set(err, ERROR_FAILED, "cannot load the base image %s: %s",
            step->name + strlen(loading_base), step->error);
        return error_hint(
            err, "check the name behind FROM, and that the engine reaches its registry");
    }
    return error_set(err, ERROR_FAILED, "the build failed: %s", reason);
}
