/* Whatever an engine says, what is made of it is short, whole and has something to type next. */
#include "fuzz.h"

#include "model/container_refusal.h"

#define SENTENCE_MAX 400 /* bytes: a word of the engine's and what we put around it */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    _cleanup_(error_release) struct error err = ERROR_INIT;
    _cleanup_free_ char *words = xstrndup((const char *)data, size);

    error_set(&err, ERROR_FAILED, "%s", words);
    container_refusal_explain(&err);
    require(err.message && err.code != ERROR_NONE);
    require(!err.hint || strlen(err.message) <= SENTENCE_MAX);
    require(err.hint || strcmp(err.message, words) == 0);
    return 0;
}
