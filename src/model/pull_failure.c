#include "model/pull_failure.h"

#include "base/xalloc.h"

enum cause_kind {
    LIMITED,
    FULL,
    DENIED,
    MISSING,
    NO_REGISTRY,
    OTHER_MACHINE,
    NO_TLS,
    UNTRUSTED,
    UNWELL,
    PROXY,
    UNREACHABLE
};

/*
 * What Docker 20.10 to 28 and Podman write, and the registries' own codes (OCI distribution
 * specification, "Error Codes"). The first row that fits counts.
 */
static const struct {
    const char *sign;
    enum cause_kind kind;
} signs[] = {
    {"toomanyrequests", LIMITED},
    {"too many requests", LIMITED},
    {"HTTP 429 ", LIMITED},
    {"no space left", FULL},
    {"server gave HTTP response to HTTPS client", NO_TLS},
    {"x509:", UNTRUSTED},
    {"failed to verify certificate", UNTRUSTED},
    {"Proxy Authentication Required", PROXY},
    {"HTTP 407 ", PROXY},
    {"access denied", DENIED},
    {"requested access to the resource is denied", DENIED},
    {"unauthorized", DENIED},
    {"authentication required", DENIED},
    {"no basic auth credentials", DENIED},
    {"incorrect username or password", DENIED},
    {"403 Forbidden", DENIED},
    {"HTTP 401 ", DENIED},
    {"HTTP 403 ", DENIED},
    /* Docker 20.10 of an answer that a registry would give as JSON. */
    {"HTTP 404 ", NO_REGISTRY},
    {"500 Internal Server Error", UNWELL},
    {"502 Bad Gateway", UNWELL},
    {"503 Service Unavailable", UNWELL},
    {"504 Gateway Time", UNWELL},
    {"HTTP 500 ", UNWELL},
    {"HTTP 502 ", UNWELL},
    {"HTTP 503 ", UNWELL},
    {"HTTP 504 ", UNWELL},
    {"no matching manifest", OTHER_MACHINE},
    {"manifest unknown", MISSING},
    {"name unknown", MISSING},
    {"manifest invalid", MISSING},
    {"no such host", UNREACHABLE},
    {"server misbehaving", UNREACHABLE},
    {"failure in name resolution", UNREACHABLE},
    {"unreachable", UNREACHABLE},
    {"no route to host", UNREACHABLE},
    {"connection refused", UNREACHABLE},
    {"connection reset", UNREACHABLE},
    {"proxyconnect", UNREACHABLE},
    {"timeout", UNREACHABLE},
    {"timed out", UNREACHABLE},
    {"deadline exceeded", UNREACHABLE},
    {"canceled while waiting for connection", UNREACHABLE},
    {": EOF", UNREACHABLE},
    {"not found", MISSING},
};

static int set_denied(
    struct error *err, const char *image, const char *registry, const char *login, bool logged_in)
{
    if (!logged_in) {
        error_set(err, ERROR_NOT_FOUND,
            "cannot pull %s: %s has no such image, or shows it only to those who log in", image,
            registry);
        return error_hint(err, "check the name; if it is private, type: docker login%s", login);
    }
    error_set(err, ERROR_FAILED,
        "cannot pull %s: %s does not let you, or no longer takes your password, or has no such "
        "image",
        image, registry);
    return error_hint(
        err, "check the name, or log in with an account that may: docker login%s", login);
}

static int set_cause(struct error *err, enum cause_kind kind, const char *image,
    const char *registry, const char *login, bool logged_in)
{
    switch (kind) {
    case LIMITED:
        error_set(err, ERROR_FAILED, "cannot pull %s: you have pulled too often from %s of late",
            image, registry);
        return error_hint(err, "wait a while%s%s", logged_in ? "" : ", or type: docker login",
            logged_in ? "" : login);
    case FULL:
        error_set(err, ERROR_FAILED, "cannot pull %s: the engine's disk is full", image);
        return error_hint(err,
            "remove images that are no longer needed (image-list shows them, image-retire "
            "removes them), or ask the administrator of the server");
    case DENIED:
        return set_denied(err, image, registry, login, logged_in);
    case MISSING:
        error_set(err, ERROR_NOT_FOUND, "cannot pull %s: %s has no such image", image, registry);
        return error_hint(err, "check the name and what stands behind the ':' or '@'");
    case NO_REGISTRY:
        error_set(err, ERROR_NOT_FOUND,
            "cannot pull %s: %s has no such image, or is no registry at all", image, registry);
        return error_hint(
            err, "check the name: what stands before its first '/' is the registry's address");
    case OTHER_MACHINE:
        error_set(err, ERROR_NOT_FOUND,
            "cannot pull %s: it is not made for the kind of processor that this server has", image);
        return error_hint(err, "choose another image or tag");
    case NO_TLS:
        error_set(err, ERROR_FAILED,
            "cannot pull %s: %s speaks no TLS, which the engine insists on", image, registry);
        return error_hint(err,
            "ask the administrator to name it under insecure-registries in the engine's settings");
    case UNTRUSTED:
        error_set(err, ERROR_FAILED,
            "cannot pull %s: the engine does not trust the certificate of %s", image, registry);
        return error_hint(err,
            "ask the administrator to put the certificate of its authority into "
            "/etc/docker/certs.d/%s/",
            registry);
    case UNWELL:
        error_set(err, ERROR_FAILED,
            "cannot pull %s: %s, or a proxy on the way to it, is not well at present", image,
            registry);
        return error_hint(err, "try again later; if it stays so, ask the administrator");
    case PROXY:
        error_set(err, ERROR_FAILED,
            "cannot pull %s: a proxy between the engine and %s wants a name and a password", image,
            registry);
        return error_hint(err,
            "ask the administrator to look at the engine's own proxy; the setting http_proxy is "
            "for builds and containers");
    case UNREACHABLE:
        error_set(
            err, ERROR_FAILED, "cannot pull %s: the engine does not reach %s", image, registry);
        return error_hint(err,
            "check the name; if it is right, try again later, or ask the administrator whether "
            "the engine needs a proxy");
    }
    return -1;
}

/* "sha256:" and 64 hex digits parse as an image `sha256` with a tag. */
static bool is_id(const struct reference *image)
{
    return image->tag && strcmp(image->path, "library/sha256") == 0 && strlen(image->tag) == 64 &&
           strspn(image->tag, "0123456789abcdef") == 64;
}

int pull_failure_set(
    struct error *err, const struct reference *image, bool logged_in, const char *message)
{
    bool is_hub = strcmp(image->domain, "docker.io") == 0;
    _cleanup_free_ char *shown = reference_familiar(image);
    _cleanup_free_ char *login = is_hub ? xstrdup("") : xasprintf(" %s", image->domain);

    if (is_id(image)) {
        error_set(err, ERROR_NOT_FOUND,
            "there is no image with the id %s on this server, and registries know names only",
            shown);
        return error_hint(err, "write NAME:TAG, or NAME@sha256:… with a registry's digest");
    }
    for (size_t i = 0; i < ELEMENTS(signs); i++)
        if (strcasestr(message, signs[i].sign))
            return set_cause(
                err, signs[i].kind, shown, is_hub ? "Docker Hub" : image->domain, login, logged_in);
    error_set(err, ERROR_FAILED, "cannot pull %s: %s", shown, message);
    return error_hint(err,
        "check the name and the address of its registry, log in with docker login%s if it is "
        "private, or ask the administrator whether the engine needs a proxy",
        login);
}
