#include "model/build_hint.h"

#include <stdbool.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/debian_provides.h"

#define NAME_SHOWN ((size_t)80) /* bytes */

static const char no_network[] =
    "the build has no network, needs a proxy (the setting http_proxy), or a server's name is "
    "wrong: try again, or ask the administrator of the server";
static const char refused_index[] =
    "the package index wants a name and a password, and was sent none or wrong ones: mend them in "
    "the setting pip_index_url, or pip_extra_index_url";
static const char bad_certificates[] =
    "the certificates of the setting ca_certificate cannot be read: name the file of the authority "
    "in it that the administrator gives (PEM)";
static const char refused_proxy[] =
    "the proxy does not let the build through: look at the setting http_proxy, and whether the "
    "proxy wants a name and a password, or ask the administrator of the server";
static const char refused_mirror[] =
    "the mirror of the setting apt_mirror does not give what apt asks for (the output says what it "
    "answers): look whether its address is right, and whether it wants a name and a password";
static const char refused_packages[] =
    "the server of apt's packages, or a proxy on the way to it, refuses (the output names it): "
    "look at the settings http_proxy and apt_mirror, and at the base image's own sources, or try "
    "again later";
static const char needs_pip[] =
    "the Python that this step calls has no pip: give it one before (python3 -m ensurepip; uv venv "
    "--seed where uv makes it; the system package python3-pip for Debian's own)";
static const char needs_compiler[] = "something is compiled here (the output names what it lacks):";
static const char needs_rust[] =
    "something is compiled with Rust here: ask for a version of the package that comes ready for "
    "this Python (the newest most often does), or";
static const char needs_cmake[] = "something is compiled with CMake here:";
static const char compiler_packages[] = "build-essential python3-dev";
static const char rust_packages[] = "build-essential rustc cargo";
static const char cmake_packages[] = "build-essential cmake";
static const char needs_cuda[] =
    "something is compiled for the GPU here, which takes CUDA's own compiler: begin with a base "
    "image that has it (their names hold \"devel\"), or look for a package that comes ready";

static const char keeps_framework[] =
    "the base image's own framework stays as it is, and something here needs another version of it "
    "(the output names both): ask for one that fits, or take another version of the framework "
    "(image-create --list-frameworks)";
static const char keeps_constraint[] =
    "a constraint holds a package at a version that something here does not take (the output names "
    "both): it is the requirements file's, or the base image's (PIP_CONSTRAINT)";
static const char builds_with_framework[] =
    "a package is compiled against the base image's framework, which pip hides from it: give it a "
    "step of its own in the Dockerfile, RUN pip install --no-build-isolation";

/* Writes the hint for what stands at `at`, right behind the sign; NULL where it is another thing.
 */
typedef char *(*tell_cause)(const char *at, const char *end, bool own_file);

static char *tell_header(const char *at, const char *end, bool own_file);
static char *tell_program(const char *at, const char *end, bool own_file);
static char *tell_constraint(const char *at, const char *end, bool own_file);
static char *tell_compiled_constraint(const char *at, const char *end, bool own_file);

/*
 * The first that is found counts, so causes come before what they lead to: pip says "no
 * matching distribution" also when it reached no index. The texts are those of pip 20 to 25,
 * apt 2.x, setuptools, maturin, glibc, gcc, dash and bash.
 */
static const struct cause {
    const char *sign;
    const char *with; /* must be there too, or NULL */
    const char *hint; /* %s: the word behind the sign, where `names` */
    bool names;
    tell_cause tell;      /* in the place of a hint */
    const char *packages; /* the system packages to add, behind the hint; or NULL */
} causes[] = {
    {"o space left on device", NULL,
        "the disk is full: remove images that are no longer needed (image-list shows them, "
        "image-retire removes them), or ask the administrator of the server",
        false, NULL},
    {"\" to rootfs at \"", "/overlay2/",
        "what a RUN --mount of this step names with source= is not there: look whether it is in "
        "the "
        "image or stage that from= names",
        false, NULL},
    /* Of an index that was reached; others beside it may not be. */
    {"Error, Credentials not correct", "(from versions: none)", refused_index, false, NULL},
    {"in ask_input", "EOFError", refused_index, false, NULL},
    {"Could not load certificates from /dev/ds01/", NULL, bad_certificates, false, NULL},
    {"[X509] PEM lib", NULL, bad_certificates, false, NULL},
    {"Temporary failure resolving", NULL, no_network, false, NULL},
    {"emporary failure in name resolution", NULL, no_network, false, NULL},
    {"Name or service not known", NULL, no_network, false, NULL},
    {"Could not resolve", NULL, no_network, false, NULL},
    {"Network is unreachable", NULL, no_network, false, NULL},
    /* What a retry has mended is no cause: the search must have ended without any. */
    {"ProxyError", "(from versions: none)", refused_proxy, false, NULL},
    {"  407  Proxy Authentication Required [IP: ", "Failed to fetch ", refused_proxy, false, NULL},
    {"Failed to establish a new connection", "due to an OSError: HTTP", no_network, false, NULL},
    {"Failed to establish a new connection", "(from versions: none)", no_network, false, NULL},
    {"ConnectTimeoutError", "(from versions: none)", no_network, false, NULL},
    {"Read timed out", "(from versions: none)", no_network, false, NULL},
    {"exceptions.ReadTimeoutError", NULL,
        "the package index answers too slowly: try again; what is loaded already is kept", false,
        NULL},
    {"Could not connect to ", "Unable to locate package ", no_network, false, NULL},
    {"Could not connect to ", "Unable to fetch some archives", no_network, false, NULL},
    {"CERTIFICATE_VERIFY_FAILED", NULL,
        "the server's certificate is not known in the image: name the file of its authority in the "
        "setting ca_certificate, or ask the administrator",
        false, NULL},
    {"WRONG_VERSION_NUMBER", "(from versions: none)",
        "what https:// asks speaks no TLS: look whether it is http:// in the setting pip_index_url "
        "or https_proxy",
        false, NULL},
    {"ERROR: HTTP error 40", NULL,
        "the package index refuses to send the file: look whether its address is right, and "
        "whether it wants a name and a password (the setting pip_index_url)",
        false, NULL},
    {"NO_PUBKEY ", "' is not signed",
        "a repository is signed with a key that the image does not have (the output names both): "
        "add the key, and name it behind signed-by in the repository's line",
        false, NULL},
    {"ds01+http", "does not have a Release file", refused_mirror, false, NULL},
    {"ds01+http", "' is not signed", refused_mirror, false, NULL},
    {"  404  Not Found [IP: ", "does not have a Release file",
        "this distribution is not, or no longer, where apt looks for it: take a newer base image, "
        "or name the server that has it in the base image's sources (old ones of Debian are on "
        "archive.debian.org)",
        false, NULL},
    {"  401  Unauthorized [IP: ", "Failed to fetch ", refused_packages, false, NULL},
    {"  403  Forbidden [IP: ", "Failed to fetch ", refused_packages, false, NULL},
    {"  502  Bad Gateway [IP: ", "Failed to fetch ", refused_packages, false, NULL},
    {"  503  Service Unavailable [IP: ", "Failed to fetch ", refused_packages, false, NULL},
    {"  504  Gateway", "Failed to fetch ", refused_packages, false, NULL},
    {"  404  Not Found [IP: ", "E: Failed to fetch ",
        "what apt knows in the image is older than the mirror: let apt-get update run in the same "
        "step, or build with --no-cache",
        false, NULL},
    {"(constraint) ", "install build dependencies did not", NULL, false, tell_compiled_constraint},
    {"(constraint) ", NULL, NULL, false, tell_constraint},
    {"these package versions have conflicting dependencies", NULL,
        "some of the packages need versions of another one that do not meet (the output names "
        "them): ask for other versions of them, or for none, so that pip can choose",
        false, NULL},
    {"ResolutionTooDeep", NULL,
        "pip found no versions that fit together in any reasonable time: name versions of the "
        "packages that the output tries again and again",
        false, NULL},
    {"PackagesNotFoundError", NULL,
        "conda finds a package in none of its channels (the output names it): name the channel "
        "that has it, -c conda-forge for example, or take it from pip",
        false, NULL},
    {"you have held broken packages", NULL,
        "apt has no versions of these packages that fit together in this release: leave versions "
        "out, or take another base image",
        false, NULL},
    {"error: externally-managed-environment", NULL,
        "Debian's Python lets pip install only where it is told so: put ENV "
        "PIP_BREAK_SYSTEM_PACKAGES=1 above the step in the Dockerfile",
        false, NULL},
    {"Could not open requirements file", NULL,
        "the requirements file is not in the image where pip looks for it: put a COPY of it above "
        "the step; ds01 writes it for what -r names",
        false, NULL},
    {"E: Version '", "was not found",
        "apt has no such version of the package: the distribution keeps the newest only, so leave "
        "the version out",
        false, NULL},
    {"No matching distribution found for ", "require a different python version",
        "%s is there only for another Python than the base image has: the output names which; ask "
        "for another version, or take another base image",
        true, NULL},
    /* pip names its indexes where they are not PyPI alone, and hides what each one answers. */
    {"(from versions: none)\nERROR: No matching distribution found for ", "Looking in indexes: ",
        "pip finds no package %s at the indexes that it asks (the output names them): check its "
        "spelling, and whether each of them answers, for one that refuses looks the same (the "
        "settings pip_index_url and http_proxy)",
        true, NULL},
    {"No matching distribution found for ", "(from versions: none)",
        "pip finds no package %s for this Python: check its spelling at https://pypi.org, and "
        "which Python it needs",
        true, NULL},
    {"No matching distribution found for ", NULL,
        "there is no such version (%s) for this Python: the output lists those there are", true,
        NULL},
    {"Unable to locate package ", NULL,
        "apt finds no package %s: check its spelling at https://packages.debian.org or "
        "https://packages.ubuntu.com; it may be a Python package",
        true, NULL},
    {"has no installation candidate", NULL,
        "apt knows the package but has none to install: it may have another name in this release",
        false, NULL},
    {"No module named pip\n", NULL, needs_pip, false, NULL},
    {"No module named 'pip'", NULL, needs_pip, false, NULL},
    {"Killed signal terminated program", NULL,
        "the compiler was killed, most often since memory ran out: try again when the server is "
        "less busy",
        false, NULL},
    {"fatal error: ", NULL, NULL, false, tell_header},
    {"can't find Rust compiler", NULL, needs_rust, false, NULL, rust_packages},
    {"Cargo, the Rust package manager, is not installed", NULL, needs_rust, false, NULL,
        rust_packages},
    {"requires Rust", NULL, needs_rust, false, NULL, rust_packages},
    {"CMake must be installed", NULL, needs_cmake, false, NULL, cmake_packages},
    {"No such file or directory: 'cmake'", NULL, needs_cmake, false, NULL, cmake_packages},
    {"No CMAKE_CXX_COMPILER could be found", NULL, needs_compiler, false, NULL, compiler_packages},
    {"CUDA_HOME environment variable is not set", NULL, needs_cuda, false, NULL},
    {"nvcc was not found", NULL, needs_cuda, false, NULL},
    {"No such file or directory: 'nvcc'", NULL, needs_cuda, false, NULL},
    {"pg_config executable not found", NULL,
        "the package is compiled against PostgreSQL's library: ask for its ready form "
        "(psycopg2-binary), or",
        false, NULL, "build-essential libpq-dev"},
    {"error: command 'gcc' failed", NULL, needs_compiler, false, NULL, compiler_packages},
    {"error: command 'g++' failed", NULL, needs_compiler, false, NULL, compiler_packages},
    {"-linux-gnu-gcc' failed", NULL, needs_compiler, false, NULL, compiler_packages},
    {"-linux-gnu-g++' failed", NULL, needs_compiler, false, NULL, compiler_packages},
    {"No such file or directory: 'gcc'", NULL, needs_compiler, false, NULL, compiler_packages},
    {"Unknown compiler(s): ", NULL, needs_compiler, false, NULL, compiler_packages},
    {"Cannot find command '", NULL, NULL, false, tell_program},
    {"No such file or directory: '", NULL, NULL, false, tell_program},
    {"sh: ", NULL, NULL, false, tell_program},
    {"MemoryError", NULL, "memory ran out: try again when the server is less busy", false, NULL},
    {"ermission denied", NULL,
        "the step is not allowed to do that: put USER root above it in the Dockerfile", false,
        NULL},
};

/* What BuildKit 0.8 to 0.20 and Podman say themselves. */
static const struct cause refusals[] = {
    {"no active session", NULL,
        "ds01 hands a build no secrets and no ssh agent: leave --mount=type=secret and type=ssh "
        "out of the step; the password of a package index belongs in the setting pip_index_url",
        false, NULL},
    {"unable to find user ", NULL,
        "the image has no user %s by then: make it above the line USER with RUN useradd", true,
        NULL},
    {"unable to find group ", NULL,
        "the image has no group %s by then: make it above the line USER with RUN groupadd", true,
        NULL},
    {"nknown flag: ", NULL,
        "the builder of this engine knows no such flag (%s) behind this instruction: leave it out, "
        "or check its spelling",
        true, NULL},
};

/* Bytes up to the next blank, without quotes and a comma or full stop behind it. */
static char *word_at(const char *text, const char *end)
{
    size_t length = 0;

    while (text + length < end && length < NAME_SHOWN && text[length] > ' ' && text[length] <= '~')
        length++;
    while (length > 0 && strchr(",.:;)", text[length - 1]))
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

/* "… here: add the system package git (…)": `what` goes before, `packages` have blanks between. */
static char *add_packages(const char *what, const char *packages, bool own_file)
{
    if (own_file)
        return xasprintf(
            "%s write RUN apt-get update && apt-get install -y %s above that line", what, packages);
    return xasprintf(
        "%s add the system package%s %s (--system in image-create, --add-system in image-update)",
        what, strchr(packages, ' ') ? "s" : "", packages);
}

/* How many bytes of a name stand at `at`, up to a blank or one of `stops`. */
static size_t name_length(const char *at, const char *end, const char *stops)
{
    size_t length = 0;

    while (at + length < end && length < NAME_SHOWN && at[length] > ' ' && at[length] <= '~' &&
           !strchr(stops, at[length]))
        length++;
    return length;
}

/* "ffi.h: No such file or directory", as gcc says it. */
static char *tell_header(const char *at, const char *end, bool own_file)
{
    size_t length = name_length(at, end, ":");

    if (!length || !text_goes_on(at + length, end, ": No such file or directory"))
        return NULL;
    _cleanup_free_ char *word = xstrndup(at, length);
    const char *package = debian_package_of_header(word);
    if (strncmp(word, "cuda", 4) == 0 || strncmp(word, "cublas", 6) == 0)
        return xstrdup(needs_cuda);
    if (package && strcmp(word, "Python.h") != 0 && strcmp(package, "build-essential") != 0) {
        _cleanup_free_ char *what = xasprintf("something is compiled here that needs %s:", word);
        return add_packages(what, package, own_file);
    }
    if (package)
        return add_packages(needs_compiler, compiler_packages, own_file);
    return xasprintf("something is compiled here that needs the file %s: add the system package "
                     "that has it, most often a lib…-dev; https://packages.debian.org "
                     "searches in the contents of packages",
        word);
}

/* Behind "sh: " perhaps "line 1: " or "1: ". */
static const char *skip_line_number(const char *at, const char *end)
{
    const char *from = text_goes_on(at, end, "line ") ? at + strlen("line ") : at;
    const char *behind = from;

    while (behind < end && *behind >= '0' && *behind <= '9')
        behind++;
    return behind > from && text_goes_on(behind, end, ": ") ? behind + 2 : at;
}

/* "cmake: not found" of dash, "cmake: command not found" of bash, "cmake'" of Python and pip. */
static char *tell_program(const char *at, const char *end, bool own_file)
{
    const char *name = skip_line_number(at, end);
    const char *behind = name + name_length(name, end, ":'/");

    if (behind == name || !(text_goes_on(behind, end, ": not found") ||
                              text_goes_on(behind, end, ": command not found") ||
                              (name == at && text_goes_on(behind, end, "'"))))
        return NULL;
    _cleanup_free_ char *program = xstrndup(name, (size_t)(behind - name));
    const char *package = debian_package_of_program(program);
    if (package) {
        _cleanup_free_ char *what = xasprintf("the base image has no %s:", program);
        return add_packages(what, package, own_file);
    }
    return *behind == ':' ? xasprintf("the base image has no program %s: install what brings it "
                                      "above the step, or check its spelling",
                                program)
                          : NULL;
}

/* The names under which the guard knows frameworks (recipe.c). */
static bool is_framework(const char *at, const char *end)
{
    static const char *const names[] = {
        "torch", "triton", "pytorch", "tensorflow", "nvidia-tensorflow", "jax", "mxnet"};

    for (size_t i = 0; i < ELEMENTS(names); i++)
        if (text_goes_on(at, end, names[i]))
            return true;
    return false;
}

static char *tell_constraint(const char *at, const char *end, bool own_file)
{
    return xstrdup(is_framework(at, end) ? keeps_framework : keeps_constraint);
}

static char *tell_compiled_constraint(const char *at, const char *end, bool own_file)
{
    return is_framework(at, end) ? xstrdup(builds_with_framework) : NULL;
}

/* The hint of a cause, by the first place of its sign of which there is something to tell. */
static char *hint_of(const struct cause *cause, const char *output, const char *end, bool own_file)
{
    const char *at = output;
    char *hint = NULL;

    while (!hint && (at = find(at, (size_t)(end - at), cause->sign))) {
        at += strlen(cause->sign);
        if (cause->tell)
            hint = cause->tell(at, end, own_file);
        else if (cause->packages)
            hint = add_packages(cause->hint, cause->packages, own_file);
        else if (!cause->names)
            hint = xstrdup(cause->hint);
        else {
            _cleanup_free_ char *word = word_at(at, end);
            hint = with_word(cause->hint, word);
        }
    }
    return hint;
}

static char *first_hint(
    const struct cause *table, size_t count, const char *output, size_t length, bool own_file)
{
    for (size_t i = 0; i < count; i++) {
        if (table[i].with && !find(output, length, table[i].with))
            continue;
        char *hint = hint_of(&table[i], output, output + length, own_file);
        if (hint)
            return hint;
    }
    return NULL;
}

char *build_hint(const char *output, size_t length, bool own_file)
{
    return first_hint(causes, ELEMENTS(causes), output, length, own_file);
}

char *build_refusal_hint(const char *reason)
{
    return first_hint(refusals, ELEMENTS(refusals), reason, strlen(reason), false);
}

/* --- builds that succeed -------------------------------------------------------------- */

/* "a 1 requires b<2, but you have b 3 which is incompatible." is how each conflict is told. */
static bool is_conflict(const char *line)
{
    return strstr(line, " requires ") &&
           (strstr(line, ", but you have ") || strstr(line, ", which is not installed"));
}

char *build_conflict(const char *output, size_t length)
{
    static const char sign[] = "pip's dependency resolver does not currently take into account";
    const char *end = output + length;
    const char *at = find(output, length, sign);

    while (at && (at = memchr(at, '\n', (size_t)(end - at)))) {
        at++;
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        _cleanup_free_ char *line = xstrndup(at, (size_t)((newline ? newline : end) - at));
        if (is_conflict(line))
            return TAKE_PTR(line);
    }
    return NULL;
}

/* What the guard keeps (recipe.c), by the names that pip gives it. */
static bool is_guarded(const char *name, size_t length)
{
    static const char *const names[] = {"torch", "torchvision", "torchaudio", "torchtext", "triton",
        "pytorch-triton", "pytorch-triton-rocm", "tensorflow", "tensorflow-cpu", "tensorflow-gpu",
        "tensorflow-intel", "tensorflow-rocm", "nvidia-tensorflow", "jax", "jaxlib", "mxnet"};

    for (size_t i = 0; i < ELEMENTS(names); i++)
        if (strlen(names[i]) == length && memcmp(names[i], name, length) == 0)
            return true;
    return false;
}

/* "    Uninstalling torch-2.6.0:" is said of what was there before. */
char *build_replaced_framework(const char *output, size_t length)
{
    static const char sign[] = "  Uninstalling ";
    const char *end = output + length;
    const char *at = output;

    while ((at = find(at, (size_t)(end - at), sign))) {
        at += strlen(sign);
        size_t whole = name_length(at, end, ":");
        const char *dash = memrchr(at, '-', whole);
        const char *stop = at + whole;
        if (dash && is_guarded(at, (size_t)(dash - at)) && stop < end && *stop == ':')
            return xasprintf("%.*s==%.*s", (int)(dash - at), at, (int)(stop - dash - 1), dash + 1);
    }
    return NULL;
}
