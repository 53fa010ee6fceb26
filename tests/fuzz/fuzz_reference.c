/* Image references: what is taken is taken again in its familiar form, and means the same. */
#include "fuzz.h"

#include "model/name.h"
#include "model/reference.h"

/* What is taken apart can be put together again. */
static void take_names_apart(const char *text)
{
    _cleanup_free_ char *container = NULL;
    _cleanup_free_ char *project = NULL;
    const char *tag = NULL;
    uid_t uid = 0;

    if (committed_reference_parse(text, &container, &uid)) {
        _cleanup_free_ char *name = container_engine_name(container, uid);
        require(strcmp(strrchr(text, ':') + 1, name) == 0);
    }
    if (image_name_parse(text, &uid, &project, &tag)) {
        _cleanup_free_ char *own = project_from_image(uid, text);
        require(own && strcmp(own, project) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    _cleanup_free_ char *text = xstrndup((const char *)data, size);
    _cleanup_(reference_release) struct reference ref = REFERENCE_INIT;
    _cleanup_(reference_release) struct reference again = REFERENCE_INIT;
    _cleanup_(error_release) struct error err = ERROR_INIT;

    free(project_from_image(7, text));
    free(container_display_name(text));
    is_committed_tag(text);
    take_names_apart(text);
    if (reference_parse(text, &ref, &err) < 0) {
        require(err.code == ERROR_USAGE && !ref.domain && !ref.path && !ref.tag && !ref.digest);
        return 0;
    }
    _cleanup_free_ char *familiar = reference_familiar(&ref);
    require(reference_parse(familiar, &again, NULL) == 0);
    _cleanup_free_ char *twice = reference_familiar(&again);
    require(strcmp(familiar, twice) == 0);
    require(strcmp(ref.domain, again.domain) == 0 && strcmp(ref.path, again.path) == 0);
    return 0;
}
