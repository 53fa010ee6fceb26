/*
 * The first line is the image, the rest what the engine says of its pull: one sentence and one
 * hint, both short where the cause is known.
 */
#include "fuzz.h"

#include "model/pull_failure.h"

#define KNOWN_MAX ((size_t)400) /* bytes around the image's name and its registry's */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    _cleanup_free_ char *image = take_line(&text, &size);
    _cleanup_free_ char *message = xstrndup(text, size);
    _cleanup_(reference_release) struct reference reference = REFERENCE_INIT;

    if (reference_parse(image, &reference, NULL) < 0)
        return 0;
    for (int logged_in = 0; logged_in < 2; logged_in++) {
        _cleanup_(error_release) struct error err = ERROR_INIT;
        require(pull_failure_set(&err, &reference, logged_in, message) == -1);
        require(err.code == ERROR_NOT_FOUND || err.code == ERROR_FAILED);
        require(err.hint && strlen(err.hint) <= KNOWN_MAX + strlen(reference.domain));
        require(strlen(err.message) <= KNOWN_MAX + 2 * strlen(image) + strlen(message));
        /* Whose engine does not say why does not learn that the image is not there. */
        require(*message || err.code == ERROR_FAILED || strstr(err.message, "with the id"));
    }
    return 0;
}
