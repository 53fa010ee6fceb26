#include "engine/build_reason.h"

#include <ctype.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "engine/printable.h"

#define MESSAGE_SHOWN ((size_t)2000) /* bytes of a message that are looked at */
#define REASON_SHOWN  ((size_t)300)

static const char full_disk[] = "no space left on device";

bool build_reason_is_full_disk(const char *text, size_t length)
{
    const char *end = text + length;

    /* Programs write it with a capital letter or without: the rest tells. */
    for (const char *at = text;
         (at = memmem(at, (size_t)(end - at), full_disk + 1, strlen(full_disk + 1))); at++)
        if (at > text && (at[-1] == 'n' || at[-1] == 'N'))
            return true;
    return false;
}

static bool holds(const char *text, size_t length, const char *part)
{
    return memmem(text, length, part, strlen(part)) != NULL;
}

/* Behind "/overlay2/": of "ID", "ID/diff" and the like, and "l/ID", where they end. */
static const char *skip_layer(const char *at, const char *end)
{
    static const char *const parts[] = {"/diff", "/merged", "/work", "/link", "/lower"};
    bool is_link = text_goes_on(at, end, "l/");

    at += is_link ? strlen("l/") : 0;
    while (at < end && (isalnum((unsigned char)*at) || *at == '-'))
        at++;
    for (size_t i = 0; i < ELEMENTS(parts); i++)
        if (text_goes_on(at, end, parts[i]))
            return at + strlen(parts[i]);
    return at;
}

/* A layer itself; what is missing within one is a wrong source= of a mount. */
static bool is_layer_gone(const char *text, size_t length)
{
    static const char store[] = "/overlay2/", gone[] = ": no such file or directory";
    const char *end = text + length;

    for (const char *at = text; (at = memmem(at, (size_t)(end - at), store, strlen(store)));) {
        at = skip_layer(at + strlen(store), end);
        at += at < end && *at == '"';
        if (text_goes_on(at, end, gone))
            return true;
    }
    return false;
}

bool build_reason_is_passing(const char *text, size_t length)
{
    return holds(text, length, "container process is already dead") ||
           holds(text, length, "failed to get edge: inconsistent graph state") ||
           is_layer_gone(text, length);
}

bool build_reason_is_cancellation(const char *message)
{
    static const char cancelled[] = "context canceled";
    size_t length = strlen(message);

    return length >= strlen(cancelled) &&
           strcmp(message + length - strlen(cancelled), cancelled) == 0;
}

/* The number behind the last of the words that name an exit code, if that ends the message. */
static const char *find_exit_code(const char *message)
{
    static const char *const words[] = {"exit code: ", "non-zero code: ", "exit status "};
    const char *digits = message + strlen(message);

    while (digits > message && isdigit((unsigned char)digits[-1]))
        digits--;
    if (!*digits || strlen(digits) > 3)
        return NULL;
    for (size_t i = 0; i < ELEMENTS(words); i++) {
        size_t length = strlen(words[i]);
        if ((size_t)(digits - message) >= length && strncmp(digits - length, words[i], length) == 0)
            return digits;
    }
    return NULL;
}

/* Layers as BuildKit 0.8 to 0.20 and Buildah name them: skipped up to and with `end`. */
static const struct {
    const char *start, *end;
} layers[] = {
    {"failed to solve with frontend ", ": "},
    {"failed to solve", ": "},
    {"failed to create LLB definition", ": "},
    {"failed to compute cache key", ": "},
    {"failed to calculate checksum of ref ", ": "},
    {"failed to load cache key", ": "},
    {"rpc error: code = ", " desc = "},
    {"executor failed running [", "]: "},
    {"process \"", "\" did not complete successfully: "},
    {"error building at STEP \"", "\": "},
    {"building at STEP \"", "\": "},
    {"error building: ", ""},
    {"checking on sources under \"", "\": "},
    {"copier: ", ""},
    {"stat: ", ""},
};

char *build_reason_command(const char *message)
{
    /* BuildKit 0.8, and from 0.9 on. */
    static const char *const edges[][2] = {
        {"executor failed running [", "]: exit code: "},
        {"process \"", "\" did not complete successfully: exit code: "},
    };
    static const char shell[] = " -c ";

    for (size_t i = 0; i < ELEMENTS(edges); i++) {
        const char *start = strstr(message, edges[i][0]);
        const char *command = start ? strstr(start, shell) : NULL;
        const char *end = command ? strstr(command, edges[i][1]) : NULL;
        if (end)
            return printable_line(
                command + strlen(shell), (size_t)(end - command) - strlen(shell), MESSAGE_SHOWN);
    }
    return NULL;
}

static const char *skip_layers(const char *message)
{
    for (size_t i = 0; i < ELEMENTS(layers);) {
        size_t length = strlen(layers[i].start);
        const char *end = NULL;
        if (strncmp(message, layers[i].start, length) == 0)
            end = strstr(message + length, layers[i].end);
        if (end && end[strlen(layers[i].end)]) {
            message = end + strlen(layers[i].end);
            i = 0;
        } else {
            i++;
        }
    }
    return message;
}

/* "x not found: not found" says it once too often. */
static void drop_repetition(char *message)
{
    char *colon = strrchr(message, ':');
    size_t length = colon && colon[1] == ' ' ? strlen(colon + 2) : 0;

    if (length && (size_t)(colon - message) >= length &&
        strncmp(colon - length, colon + 2, length) == 0)
        *colon = '\0';
}

/* "lstat /var/lib/…/buildkit-mount12/lib: no such file": of the path only what is the user's. */
static char *missing_source(const char *reason)
{
    static const char mount[] = "/buildkit-mount";
    const char *at = strstr(reason, mount);
    const char *end = strstr(reason, ": no such file or directory");

    if (!at || !end || at > end)
        return NULL;
    /* "failed to walk PATH: lstat PATH/x" */
    for (const char *next = at; next && next < end; next = strstr(next + 1, mount))
        at = next;
    at += strlen(mount);
    at += strspn(at, "0123456789");
    return xasprintf("\"%.*s\" not found", (int)(end - at), at);
}

/* "mkdir /var/lib/…/overlay2/ID/merged/etc/x: …": of the path only what is the image's. */
static void drop_mount(char *reason)
{
    char *merged = strstr(reason, "/merged/");
    char *start = merged;

    while (start && start > reason && start[-1] != ' ')
        start--;
    if (start && memmem(start, (size_t)(merged - start), "/overlay2/", strlen("/overlay2/")))
        memmove(start, merged + strlen("/merged"), strlen(merged + strlen("/merged")) + 1);
}

char *build_reason(const char *message)
{
    _cleanup_free_ char *line = printable_line(message, strlen(message), MESSAGE_SHOWN);
    const char *exit_code = find_exit_code(line);

    if (exit_code)
        return xasprintf("exit code %s", exit_code);
    if (build_reason_is_cancellation(line))
        return xstrdup("cancelled");
    if (build_reason_is_full_disk(line, strlen(line)))
        return xstrdup(full_disk);
    const char *cause = skip_layers(line);
    char *missing = missing_source(cause);
    if (missing)
        return missing;
    char *reason = printable_line(cause, strlen(cause), REASON_SHOWN);
    drop_repetition(reason);
    drop_mount(reason);
    return reason;
}
