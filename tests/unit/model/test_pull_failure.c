#include "check.h"

#include "model/pull_failure.h"

static const struct {
    const char *image;
    bool logged_in;
    const char *message; /* as engines and registries write it */
    enum error_code code;
    const char *sentence;
    const char *hint; /* a part of it */
} cases[] = {
    {"debian:13", false,
        "Get \"https://registry-1.docker.io/v2/\": dial tcp: lookup registry-1.docker.io on "
        "10.0.2.3:53: server misbehaving",
        ERROR_FAILED, "cannot pull debian:13: the engine does not reach Docker Hub",
        "needs a proxy"},
    {"r.lab:5000/a", false, "dial tcp 10.1.2.3:5000: connect: connection refused", ERROR_FAILED,
        "cannot pull r.lab:5000/a:latest: the engine does not reach r.lab:5000", "check the name"},
    {"r.lab/a:1", false,
        "Get \"https://r.lab/v2/\": net/http: request canceled while waiting for connection "
        "(Client.Timeout exceeded while awaiting headers)",
        ERROR_FAILED, "the engine does not reach r.lab", "try again"},
    {"a/b:1", false,
        "pull access denied for a/b, repository does not exist or may require 'docker login': "
        "denied: requested access to the resource is denied",
        ERROR_NOT_FOUND,
        "cannot pull a/b:1: Docker Hub has no such image, or shows it only to those who log in",
        "type: docker login"},
    {"r.lab:5000/a:1", false,
        "Head \"http://r.lab:5000/v2/a/manifests/1\": no basic auth credentials", ERROR_NOT_FOUND,
        "or shows it only to those who log in", "docker login r.lab:5000"},
    {"r.lab:5000/a:1", true, "unauthorized: authentication required", ERROR_FAILED,
        "no longer takes your password", "docker login r.lab:5000"},
    {"a/b:1", false, "manifest for a/b:1 not found: manifest unknown: manifest unknown",
        ERROR_NOT_FOUND, "cannot pull a/b:1: Docker Hub has no such image", "behind the ':'"},
    {"a/b:1", false,
        "toomanyrequests: You have reached your pull rate limit. You may increase the limit by "
        "authenticating",
        ERROR_FAILED, "pulled too often from Docker Hub", "docker login"},
    {"a/b:1", true, "toomanyrequests: You have reached your pull rate limit", ERROR_FAILED,
        "pulled too often", "wait a while"},
    {"a/b:1", false, "failed to register layer: write /x: no space left on device", ERROR_FAILED,
        "the engine's disk is full", "image-retire"},
    {"a/b:1", false, "no matching manifest for linux/amd64 in the manifest list entries",
        ERROR_NOT_FOUND, "kind of processor", "another image"},
    {"r.lab/a:1", false, "http: server gave HTTP response to HTTPS client", ERROR_FAILED,
        "r.lab speaks no TLS", "insecure-registries"},
    {"r.lab/a:1", false, "x509: certificate signed by unknown authority", ERROR_FAILED,
        "does not trust the certificate of r.lab", "/etc/docker/certs.d/r.lab/"},
    {"r.lab/a:1", false, "error parsing HTTP 403 response body: unexpected end of JSON input: \"\"",
        ERROR_NOT_FOUND, "shows it only to those who log in", "docker login r.lab"},
    {"r.lab/a:1", false, "error parsing HTTP 404 response body: unexpected end of JSON input: \"\"",
        ERROR_NOT_FOUND, "r.lab has no such image, or is no registry", "before its first '/'"},
    {"r.lab/a:1", false, "error parsing HTTP 407 response body: unexpected end of JSON input: \"\"",
        ERROR_FAILED, "a proxy between the engine and r.lab wants a name",
        "the engine's own proxy"},
    {"a/b:1", false,
        "Get \"https://registry-1.docker.io/v2/\": proxyconnect tcp: Proxy Authentication Required",
        ERROR_FAILED, "a proxy between the engine and Docker Hub", "the engine's own proxy"},
    {"r.lab/a:1", false, "received unexpected HTTP status: 503 Service Unavailable", ERROR_FAILED,
        "r.lab, or a proxy on the way to it, is not well", "try again later"},
    {"sha256:e3a8bda9f94aee14b964d75a2b148d945e0be4ef6b91b8bba003bb2977bd3e35", false,
        "Get \"https://registry-1.docker.io/v2/\": dial tcp: lookup registry-1.docker.io on "
        "10.0.2.3:53: no such host",
        ERROR_NOT_FOUND, "there is no image with the id sha256:e3a8", "NAME:TAG"},
    {"a/b:1", false, "something new", ERROR_FAILED, "cannot pull a/b:1: something new",
        "log in with docker login if"},
    {"r.lab/b:1", false, "something new", ERROR_FAILED, "cannot pull r.lab/b:1: something new",
        "docker login r.lab"},
};

static void test_causes(void **state)
{
    for (size_t i = 0; i < ELEMENTS(cases); i++) {
        _cleanup_(reference_release) struct reference image = REFERENCE_INIT;
        _cleanup_(error_release) struct error err = ERROR_INIT;
        assert_int_equal(reference_parse(cases[i].image, &image, &err), 0);
        assert_int_equal(pull_failure_set(&err, &image, cases[i].logged_in, cases[i].message), -1);
        if (err.code != cases[i].code || !strstr(err.message, cases[i].sentence))
            fail_msg("%s: %s", cases[i].message, err.message);
        if (!err.hint || !strstr(err.hint, cases[i].hint))
            fail_msg("%s: %s", cases[i].message, err.hint ? err.hint : "no hint");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_causes)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
