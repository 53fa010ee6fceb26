#include "model/build_hint.h"

#include <stdbool.h>

#include "base/cleanup.h"
#include "base/xalloc.h"

#define NAME_SHOWN ((size_t)80) /* bytes */

static const char no_network[] =
    "the build has no network, needs a proxy (the setting http_proxy), or a server's name is "
    "wrong: try again, or ask the administrator of the server";
static const char needs_compiler[] =
    "something is compiled here: add the system packages build-essential and python3-dev (--system "
    "in image-create, --add-system in image-update), and what else the output names";

static const char keeps_framework[] =
    "the base image's own framework stays as it is, and something here needs another version of it "
    "(the output names both): ask for one that fits, or take another version of the framework "
    "(image-create --list-frameworks)";
static const char builds_with_framework[] =
    "a package is compiled against the base image's framework, which pip hides from it: give it a "
    "step of its own with pip install --no-build-isolation (image-update NAME --edit)";

/*
 * The first that is found counts, so causes come before what they lead to: pip says "no
 * matching distribution" also when it reached no index. The texts are those of pip 20 to 25,
 * apt 2.x, setuptools, glibc and gcc.
 */
static const struct cause {
    const char *sign;
    const char *with; /* must be there too, or NULL */
    const char *hint; /* %s: the word behind the sign, where `names` */
    bool names;
} causes[] = {
    {"o space left on device", NULL,
        "the disk is full: remove images that are no longer needed (image-list shows them, "
        "image-retire removes them), or ask the administrator of the server",
        false},
    {"Temporary failure resolving", NULL, no_network, false},
    {"emporary failure in name resolution", NULL, no_network, false},
    {"Name or service not known", NULL, no_network, false},
    {"Could not resolve", NULL, no_network, false},
    {"Network is unreachable", NULL, no_network, false},
    /* What a retry has mended is no cause: the search must have ended without any. */
    {"Failed to establish a new connection", "(from versions: none)", no_network, false},
    {"ConnectTimeoutError", "(from versions: none)", no_network, false},
    {"Could not connect to ", "Unable to locate package ", no_network, false},
    {"CERTIFICATE_VERIFY_FAILED", NULL,
        "the server's certificate is not known in the image: name the file of its authority in the "
        "setting ca_certificate, or ask the administrator",
        false},
    {"(constraint) torch", "install build dependencies did not", builds_with_framework, false},
    {"(constraint) torch", NULL, keeps_framework, false},
    {"(constraint) tensorflow", "install build dependencies did not", builds_with_framework, false},
    {"(constraint) tensorflow", NULL, keeps_framework, false},
    {"(constraint) jax", "install build dependencies did not", builds_with_framework, false},
    {"(constraint) jax", NULL, keeps_framework, false},
    {"E: Version '", "was not found",
        "apt has no such version of the package: the distribution keeps the newest only, so leave "
        "the version out",
        false},
    {"No matching distribution found for ", "(from versions: none)",
        "pip finds no package %s for this Python: check its spelling at https://pypi.org, and "
        "which Python it needs",
        true},
    {"No matching distribution found for ", NULL,
        "there is no such version (%s) for this Python: the output lists those there are", true},
    {"Unable to locate package ", NULL,
        "apt finds no package %s: check its spelling at https://packages.debian.org or "
        "https://packages.ubuntu.com; it may be a Python package",
        true},
    {"has no installation candidate", NULL,
        "apt knows the package but has none to install: it may have another name in this release",
        false},
    {"error: command 'gcc' failed", NULL, needs_compiler, false},
    {"-linux-gnu-gcc' failed", NULL, needs_compiler, false},
    {"No such file or directory: 'gcc'", NULL, needs_compiler, false},
    {"Python.h: No such file", NULL, needs_compiler, false},
    {"gcc: not found", NULL, needs_compiler, false},
    {"MemoryError", NULL, "memory ran out: try again when the server is less busy", false},
    {"ermission denied", NULL,
        "the step is not allowed to do that: put USER root above it in the Dockerfile", false},
};

/* Bytes up to the next blank, without quotes and a comma or full stop behind it. */
static char *word_at(const char *text, const char *end)
{
    size_t length = 0;

    while (text + length < end && length < NAME_SHOWN && text[length] > ' ' && text[length] <= '~')
        length++;
    while (length > 0 && strchr(",.;)", text[length - 1]))
        length--;
    return length ? xstrndup(text, length) : xstrdup("of that name");
}

static const char *find(const char *output, size_t length, const char *sign)
{
    return memmem(output, length, sign, strlen(sign));
}

/* `format` holds one %s. */
static char *with_word(const char *format, const char *word)
{
    const char *place = strstr(format, "%s");

    return xasprintf("%.*s%s%s", (int)(place - format), format, word, place + 2);
}

char *build_hint(const char *output, size_t length)
{
    for (size_t i = 0; i < ELEMENTS(causes); i++) {
        const struct cause *cause = &causes[i];
        const char *at = find(output, length, cause->sign);
        if (!at || (cause->with && !find(output, length, cause->with)))
            continue;
        if (!cause->names)
            return xstrdup(cause->hint);
        _cleanup_free_ char *word = word_at(at + strlen(cause->sign), output + length);
        return with_word(cause->hint, word);
    }
    return NULL;
}
