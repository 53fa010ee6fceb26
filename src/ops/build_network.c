#include "ops/build_network.h"

#include "host/proxies.h"
#include "model/lab_network.h"

static void warn_of_traces(
    const struct session *session, const char *project, const struct dockerfile *file)
{
    const struct dockerfile_instruction *declared = lab_network_find_declared_proxy(file);

    if (declared)
        observer_note(&session->observer, NOTE_WARNING,
            "%s.Dockerfile, line %u: ARG %s writes the address of the proxy into the image's "
            "history. Take that line out: the proxy is there without it.",
            project, declared->first_line, declared->arguments);
}

int build_network_prepare(const struct session *session, const char *project,
    const struct dockerfile *file, struct build_network *ret, struct error *err)
{
    _cleanup_(build_network_release) struct build_network network = {0};

    if (proxies_find(session->config, session->caller, &network.arguments, err) < 0)
        return -1;
    if (network.arguments.count > 0)
        warn_of_traces(session, project, file);
    for (size_t i = 0; i < network.arguments.count; i++)
        if (strcasecmp(network.arguments.entries[i].key, "NO_PROXY") != 0 &&
            lab_network_is_local(network.arguments.entries[i].value))
            network.mode = "host";
    *ret = network;
    network = (struct build_network){0};
    return 0;
}

void build_network_release(struct build_network *network)
{
    strmap_release(&network->arguments);
    *network = (struct build_network){0};
}
