#include "ops/container_retire.h"

#include "base/xalloc.h"
#include "engine/container.h"
#include "model/label.h"
#include "ops/committed_image.h"
#include "ops/container_list.h"
#include "ops/named_container.h"
#include "ops/sweep.h"

static int confirm(const struct session *session, const struct container_retire_request *request,
    struct error *err)
{
    if (request->force)
        return 0;
    _cleanup_free_ char *question = xasprintf(
        "Retire the container %s? What is in it outside /workspace is lost.", request->name);
    int answer = observer_confirm(&session->observer, question, false, "--force", err);
    if (answer < 0)
        return -1;
    return answer ? 0 : error_set(err, ERROR_REFUSED, "%s was kept", request->name);
}

static int stop_and_remove(
    const struct session *session, const struct container *container, struct error *err)
{
    if (named_container_stop_and_remove(session, container->id, err) < 0)
        return -1;
    return committed_image_drop(session, container, err);
}

static void fill_result(
    struct container_retire_result *result, const char *name, const struct container *container)
{
    const char *image = strmap_get(&container->labels, LABEL_CUSTOM_IMAGE);

    result->name = xstrdup(name);
    result->image = xstrdup(image && *image ? image : container->image);
    result->was_running = strcmp(container->state, "running") == 0;
    for (size_t i = 0; i < container->mount_count; i++)
        if (!result->workspace && strcmp(container->mounts[i].target, "/workspace") == 0)
            result->workspace = xstrdup(container->mounts[i].source);
}

int container_retire(const struct session *session, const struct container_retire_request *request,
    struct container_retire_result *ret, struct error *err)
{
    _cleanup_(container_release) struct container container = {0};

    if (!request->dry_run && sweep_containers(session, err) < 0)
        return -1;
    if (container_find(session, request->name, &container, err) < 0)
        return -1;
    if (!request->dry_run &&
        (confirm(session, request, err) < 0 || stop_and_remove(session, &container, err) < 0))
        return -1;
    fill_result(ret, request->name, &container);
    return 0;
}

void container_retire_result_release(struct container_retire_result *result)
{
    free(result->name);
    free(result->workspace);
    free(result->image);
    *result = (struct container_retire_result){0};
}
