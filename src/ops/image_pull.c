#include "ops/image_pull.h"

#include "base/xalloc.h"
#include "engine/image.h"
#include "host/credentials.h"
#include "model/name.h"
#include "model/pull_failure.h"

struct pull_context {
    const struct session *session;
    const char *reference;
};

static void tell_pull(void *context, const struct pull_progress *progress)
{
    const struct pull_context *pull = context;
    const struct observer *observer = &pull->session->observer;

    if (observer->pull)
        observer->pull(observer->context, pull->reference, progress);
}

bool image_may_be_pulled(const char *reference)
{
    _cleanup_free_ char *name = NULL;
    const char *tag;
    uid_t uid;

    return !image_name_parse(reference, &uid, &name, &tag);
}

int image_pull(const struct session *session, const char *image, struct error *err)
{
    _cleanup_(reference_release) struct reference reference = REFERENCE_INIT;
    _cleanup_free_ char *auth = NULL;
    _cleanup_(error_release) struct error cause = ERROR_INIT;
    struct pull_context context = {session, image};

    if (reference_parse(image, &reference, err) < 0 ||
        credentials_for(session->caller, reference.domain, &auth, err) < 0)
        return -1;
    _cleanup_free_ char *familiar = reference_familiar(&reference);
    if (!image_may_be_pulled(familiar)) {
        error_set(err, ERROR_NOT_FOUND,
            "there is no image %s on this server, and no registry is asked for one of that name",
            familiar);
        return error_hint(err, "image-list --all shows the users' images that there are");
    }
    if (engine_image_pull(session->engine, familiar, auth, tell_pull, &context, &cause) == 0) {
        tell_pull(&context, NULL);
        return 0;
    }
    if (cause.code == ERROR_ENGINE || cause.code == ERROR_INTERRUPTED)
        return error_move(err, &cause);
    return pull_failure_set(err, &reference, auth != NULL, cause.message);
}
