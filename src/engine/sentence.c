#include "engine/sentence.h"

#include "base/xalloc.h"
#include "engine/printable.h"

/* Skips what the layers of an engine put in front of the cause. */
static const char *skip_layers(const char *text)
{
    static const char *const layers[] = {
        "Error response from daemon: ",
        "failed to create shim task: ",
        "failed to create task for container: ",
        "failed to create shim: ",
        "OCI runtime create failed: ",
        "OCI runtime exec failed: ",
        "OCI runtime error: ",
        "runc create failed: ",
        "runc run failed: ",
        "exec failed: ",
        "unable to start container process: ",
        "rpc error: code = Unknown desc = ",
        "failed to solve: ",
    };

    for (size_t i = 0; i < ELEMENTS(layers);) {
        size_t length = strlen(layers[i]);
        if (strncmp(text, layers[i], length) == 0 && text[length]) {
            text += length;
            i = 0;
        } else {
            i++;
        }
    }
    return text;
}

/* "no such image: x: No such image: x": two layers that say the same. Skips the first. */
static const char *skip_echo(const char *text)
{
    size_t length = strlen(text);
    size_t half = length >= 2 ? (length - 2) / 2 : 0;

    if (half && length == 2 * half + 2 && text[half] == ':' && text[half + 1] == ' ' &&
        strncasecmp(text, text + half + 2, half) == 0)
        return text + half + 2;
    return text;
}

char *sentence_from(const char *text, size_t length)
{
    static const char unknown[] = ": unknown"; /* the class of an error without one */
    _cleanup_free_ char *line = printable_line(text, length, SENTENCE_MAX);
    const char *start = skip_echo(skip_layers(line));
    size_t end = strlen(start);

    while (end && (start[end - 1] == '.' || start[end - 1] == ' '))
        end--;
    if (end > strlen(unknown) &&
        strncmp(start + end - strlen(unknown), unknown, strlen(unknown)) == 0)
        end -= strlen(unknown);
    return xstrndup(start, end);
}
