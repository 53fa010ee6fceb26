/* Ends of output as pip, apt, gcc and others write it, and what a person is told to do. */
#include "check.h"

#include <stdbool.h>

#include "model/build_hint.h"

static void assert_hint(const char *output, const char *part)
{
    _cleanup_free_ char *hint = build_hint(output, strlen(output), false);

    if (!hint || !strstr(hint, part))
        fail_msg("'%s' does not say '%s'", hint ? hint : "nothing", part);
}

static void test_packages_that_are_not_there(void **state)
{
    (void)state;
    assert_hint("ERROR: Could not find a version that satisfies the requirement nmupy (from "
                "versions: none)\nERROR: No matching distribution found for nmupy\n",
        "no package nmupy for");
    assert_hint("ERROR: Could not find a version that satisfies the requirement numpy==9.9 (from "
                "versions: 1.3.0, 1.26.4)\nERROR: No matching distribution found for numpy==9.9\n",
        "no such version (numpy==9.9)");
    assert_hint(
        "ERROR: Ignored the following versions that require a different python version: 2.0 "
        "Requires-Python >=3.12\nERROR: No matching distribution found for numpy==2.0\n",
        "numpy==2.0 is there only for another Python");
    assert_hint("ERROR: HTTP error 403 while getting https://x/y.whl\n", "pip_index_url");
    assert_hint("Reading state information...\nE: Unable to locate package hotp\n",
        "apt finds no package hotp:");
    assert_hint("error: externally-managed-environment\n", "ENV PIP_BREAK_SYSTEM_PACKAGES=1");
    assert_hint("E: Version '9' for 'nano' was not found\n", "leave the version out");
    assert_hint("E: Package 'python' has no installation candidate\n", "none to install");
}

/* pip and apt say afterwards that they found nothing: that is not the cause. */
static void test_no_network(void **state)
{
    (void)state;
    assert_hint("WARNING: Retrying: NewConnectionError('[Errno -3] Temporary failure in name "
                "resolution')\nERROR: Could not find a version that satisfies the requirement "
                "numpy (from versions: none)\nERROR: No matching distribution found for numpy\n",
        "no network");
    assert_hint("Err:1 http://deb.debian.org/debian bookworm InRelease\n  Temporary failure "
                "resolving 'deb.debian.org'\nE: Unable to locate package git\n",
        "no network");
    assert_hint(
        "WARNING: Retrying: NewConnectionError('Failed to establish a new connection: "
        "[Errno 111] Connection refused')\nERROR: Could not find a version that satisfies "
        "the requirement numpy (from versions: none)\nERROR: No matching distribution found "
        "for numpy\n",
        "no network");
    assert_hint(
        "W: Failed to fetch http://x/InRelease  Could not connect to x:80, connection timed "
        "out\nE: Unable to locate package git\n",
        "no network");
    assert_hint("Failed to establish a new connection\nERROR: Could not find a version that "
                "satisfies the requirement numpy==9 (from versions: 1.0)\nERROR: No matching "
                "distribution found for numpy==9\n",
        "no such version");
    assert_hint("fatal: unable to access 'https://x/': [Errno -2] Name or service not known\n",
        "no network");
}

/* Of real runs with pip 23 and apt 2.6, cut to what tells. */
static void test_servers_that_refuse(void **state)
{
    static const char not_there[] =
        "WARNING: x\nERROR: Could not find a version that satisfies the "
        "requirement numpy (from versions: none)\nERROR: No matching "
        "distribution found for numpy\n";
    static const struct {
        const char *output, *hint;
        bool pip;
    } cases[] = {
        {"Looking in indexes: http://lab:****@127.0.0.1:5601/s401/simple\nWARNING: 401 Error, "
         "Credentials not correct for http://127.0.0.1:5601/s401/simple/numpy/\n",
            "was sent none or wrong ones", true},
        {"User for 127.0.0.1:5601: ERROR: Exception:\n  File \"/usr/lib/python3/dist-packages/pip/"
         "_internal/utils/misc.py\", line 205, in ask_input\n    return input(message)\n"
         "EOFError: EOF when reading a line\n",
            "the setting pip_index_url", false},
        /* 403, 404 and 503 look alike: pip says nothing of them. */
        {"Looking in indexes: http://lab:****@127.0.0.1:5601/s403/simple\n",
            "no package numpy at the indexes that it asks", true},
        {"Could not fetch URL https://127.0.0.1:5601/simple/numpy/: There was a problem confirming "
         "the ssl certificate: Max retries exceeded with url: /simple/numpy/ (Caused by "
         "SSLError(SSLError(524297, '[X509] PEM lib (_ssl.c:4126)'))) - skipping\n",
            "the setting ca_certificate cannot be read", true},
        {"(Caused by SSLError(SSLError(1, '[SSL: WRONG_VERSION_NUMBER] wrong version number "
         "(_ssl.c:992)'))) - skipping\n",
            "speaks no TLS", true},
        {"ERROR: Could not install packages due to an OSError: HTTPConnectionPool(host='127.0.0.1',"
         " port=5601): Max retries exceeded with url: /x.whl (Caused by NewConnectionError('<x>: "
         "Failed to establish a new connection: [Errno 111] Connection refused'))\n",
            "no network", false},
        {"E: The repository 'http://deb.debian.org/debian bookworm InRelease' is not signed.\nE: "
         "Failed to fetch http://deb.debian.org/debian/dists/bookworm/InRelease  407  Proxy "
         "Authentication Required [IP: 127.0.0.1 5601]\n",
            "the setting http_proxy, and whether the proxy wants a name", false},
        {"E: The repository 'http://deb.debian.org/debian bookworm InRelease' is not signed.\nE: "
         "Failed to fetch http://deb.debian.org/debian/dists/bookworm/InRelease  403  Forbidden "
         "[IP: 127.0.0.1 5602]\n",
            "http_proxy and apt_mirror", false},
        {"E: Failed to fetch http://deb.debian.org/debian/dists/bookworm/InRelease  503  Service "
         "Unavailable [IP: 127.0.0.1 5602]\n",
            "http_proxy and apt_mirror", false},
        {"Err:3 ds01+http://127.0.0.1:5605/s401/debian bookworm-updates InRelease\n  401  "
         "Unauthorized [IP: 127.0.0.1 5605]\nE: The repository 'http://deb.debian.org/debian "
         "bookworm InRelease' is not signed.\n",
            "the mirror of the setting apt_mirror", false},
        {"Err:6 ds01+http://127.0.0.1:5605/s404/debian bookworm-updates Release\n  404  Not Found "
         "[IP: 127.0.0.1 5605]\nE: The repository 'http://deb.debian.org/debian bookworm-updates "
         "Release' does not have a Release file.\n",
            "the mirror of the setting apt_mirror", false},
        {"Err:5 http://deb.debian.org/debian buster Release\n  404  Not Found [IP: 1.2.3.4 80]\nE: "
         "The repository 'http://deb.debian.org/debian buster Release' does not have a Release "
         "file.\n",
            "archive.debian.org", false},
        {"  Could not load certificates from /dev/ds01/ca.crt (CaInfo option): ASN1 parser: Error "
         "in DER parsing. [IP: 127.0.0.1 5601]\n",
            "the setting ca_certificate", false},
        {"W: GPG error: http://x/debian lab InRelease: the public key is not available: NO_PUBKEY "
         "6ED0E7B8\nErr:3 ds01+http://x\nE: The repository 'http://x/debian lab InRelease' is not "
         "signed.\n",
            "add the key", false},
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS(cases); i++) {
        _cleanup_free_ char *output =
            xasprintf("%s%s", cases[i].output, cases[i].pip ? not_there : "");
        assert_hint(output, cases[i].hint);
    }
}

/* pip 23's words, when a constraint keeps the framework of the base image. */
static void test_the_framework_stays(void **state)
{
    (void)state;
    assert_hint("The conflict is caused by:\n    The user requested torch==2.3.0\n    The user "
                "requested (constraint) torch==2.6.0+cu124\nERROR: ResolutionImpossible\n",
        "own framework stays as it is");
    assert_hint("    x 1.0 depends on jaxlib<0.4\n    The user requested (constraint) "
                "jaxlib==0.4.30\nERROR: ResolutionImpossible\n",
        "--list-frameworks");
    assert_hint("  The user requested (constraint) torch==2.6.0+cu124\nerror: subprocess-exited\n"
                "pip subprocess to install build dependencies did not run successfully.\n",
        "--no-build-isolation");
    assert_hint("    The user requested (constraint) nvidia-tensorflow==1.15\n", "own framework");
    assert_hint("The user requested (constraint) numpy<2\n", "the base image's (PIP_CONSTRAINT)");
}

static void test_compilers(void **state)
{
    (void)state;
    assert_hint("      error: command 'gcc' failed: No such file or directory\n"
                "  ERROR: Failed building wheel for pycocotools\n",
        "build-essential");
    assert_hint(
        "error: command '/usr/bin/x86_64-linux-gnu-gcc' failed with exit code 1\n", "python3-dev");
    assert_hint("FileNotFoundError: [Errno 2] No such file or directory: 'gcc'\n", "--add-system");
    assert_hint("foo.c:1:10: fatal error: Python.h: No such file or directory\n", "python3-dev");
}

/* As gcc, dash, bash, setuptools-rust, maturin and torch's extensions say it. */
static void test_what_is_missing(void **state)
{
    (void)state;
    assert_hint("src/a.c:3:10: fatal error: ffi.h: No such file or directory\n    3 | #include\n"
                "compilation terminated.\nerror: command '/usr/bin/gcc' failed with exit code 1\n",
        "needs ffi.h: add the system package libffi-dev");
    assert_hint("fatal error: openssl/ssl.h: No such file or directory\n", "libssl-dev");
    assert_hint("fatal error: stdio.h: No such file or directory\n", "build-essential");
    assert_hint("fatal error: own/thing.h: No such file or directory\n",
        "needs the file own/thing.h: add the system package that has it");
    assert_hint("fatal error: cuda_runtime.h: No such file or directory\n", "CUDA's own compiler");
    assert_hint("fatal error: too many errors\nerror: command 'gcc' failed\n", "build-essential");
    assert_hint("g++: fatal error: Killed signal terminated program cc1plus\n", "memory ran out");
    assert_hint("error: can't find Rust compiler\n", "build-essential rustc cargo");
    assert_hint("Cargo, the Rust package manager, is not installed or is not on PATH.\n", "cargo");
    assert_hint("/bin/sh: 1: cmake: not found\n", "no cmake: add the system package cmake");
    assert_hint("bash: line 12: ninja: command not found\n", "ninja-build");
    assert_hint("/bin/sh: 1: my-own-tool: not found\n", "no program my-own-tool");
    assert_hint("FileNotFoundError: [Errno 2] No such file or directory: 'cmake'\n", "CMake");
    assert_hint("ERROR: Error [Errno 2] No such file or directory: 'git' while executing\n",
        "no git: add the system package git");
    assert_hint("ERROR: Cannot find command 'git' - do you have 'git' installed\n", "package git");
    assert_hint("OSError: CUDA_HOME environment variable is not set.\n", "\"devel\"");
    assert_hint("/opt/v/bin/python: No module named pip\n", "has no pip: give it one");
    assert_hint("ModuleNotFoundError: No module named 'pip'\n", "ensurepip");
    assert_hint("Error: pg_config executable not found.\n", "libpq-dev");
}

/* There no option adds a package. */
static void test_packages_for_an_own_dockerfile(void **state)
{
    static const struct {
        const char *output, *hint;
    } cases[] = {
        {"/bin/sh: 1: git: not found\n",
            "no git: write RUN apt-get update && apt-get install -y git above that line"},
        {"CMake must be installed\n", "install -y build-essential cmake above"},
        {"requires Rust\n", "or write RUN apt-get update && apt-get install -y build-essential "},
        {"a.c:3:10: fatal error: ffi.h: No such file or directory\n", "install -y libffi-dev"},
        {"Error: pg_config executable not found.\n", "install -y build-essential libpq-dev"},
        {"error: command 'gcc' failed\n", "install -y build-essential python3-dev"},
        {"fatal error: own/thing.h: No such file or directory\n", "that has it"},
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS(cases); i++) {
        _cleanup_free_ char *hint = build_hint(cases[i].output, strlen(cases[i].output), true);
        assert_non_null(hint);
        if (!strstr(hint, cases[i].hint) || strstr(hint, "--"))
            fail_msg("%s: %s", cases[i].output, hint);
    }
}

static void test_dockerfiles_by_hand(void **state)
{
    (void)state;
    assert_hint("error: externally-managed-environment\n", "PIP_BREAK_SYSTEM_PACKAGES=1");
    assert_hint("ERROR: Could not open requirements file: [Errno 2] No such file or directory: "
                "'requirements.txt'\n",
        "put a COPY of it above the step");
    assert_hint("Err:1 http://x/git 404  Not Found [IP: 1.2.3.4 80]\n  404  Not Found [IP: 1 80]\n"
                "E: Failed to fetch http://x/git\n",
        "apt-get update");
}

static void test_versions_that_do_not_meet(void **state)
{
    (void)state;
    assert_hint(
        "ERROR: Cannot install a==1 and b==2 because these package versions have "
        "conflicting dependencies.\nERROR: ResolutionImpossible: for help visit https://x\n",
        "ask for other versions of them");
    assert_hint("pip._vendor.resolvelib.resolvers.ResolutionTooDeep: 200000\n", "name versions");
    assert_hint("PackagesNotFoundError: The following packages are not available\n", "conda-forge");
    assert_hint(
        "E: Unable to correct problems, you have held broken packages.\n", "leave versions");
    /* The framework's constraint says more. */
    assert_hint(
        "ERROR: Cannot install torch==2.3.0 because these package versions have conflicting "
        "dependencies.\n    The user requested (constraint) torch==2.6.0\n",
        "own framework stays as it is");
}

/* As BuildKit 0.8 says it. */
static void test_refusals(void **state)
{
    static const struct {
        const char *reason, *hint; /* NULL: none */
    } cases[] = {
        {"no active sessions", "no secrets and no ssh agent"},
        {"unable to find user nobodyknown: no matching entries in passwd file",
            "has no user nobodyknown by then"},
        {"unable to find group staff2: no matching entries in group file", "RUN groupadd"},
        {"Unknown flag: network", "no such flag (network)"},
        {"open /x: permission denied", NULL},
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS(cases); i++) {
        _cleanup_free_ char *hint = build_refusal_hint(cases[i].reason);
        if (cases[i].hint ? !hint || !strstr(hint, cases[i].hint) : hint != NULL)
            fail_msg("%s: %s", cases[i].reason, hint ? hint : "no hint");
    }
}

static void test_conflicts(void **state)
{
    static const char said[] =
        "Installing collected packages: older\nERROR: pip's dependency resolver does not currently "
        "take into account all the packages that are installed. This behaviour is the source of "
        "the following dependency conflicts.\nneedy 1.0 requires older<2, but you have older 2.0 "
        "which is incompatible.\nother 1 requires x, which is not installed.\nSuccessfully\n";
    static const char unrelated[] = "a requires b, but you have c\n";

    (void)state;
    _cleanup_free_ char *conflict = build_conflict(said, strlen(said));
    assert_string_equal(
        conflict, "needy 1.0 requires older<2, but you have older 2.0 which is incompatible.");
    assert_null(build_conflict(unrelated, strlen(unrelated)));
    /* Cut anywhere, it still says something or nothing, and reads no byte behind its end. */
    for (size_t length = 0; length < strlen(said); length++) {
        _cleanup_free_ char *cut = xstrndup(said, length);
        _cleanup_free_ char *part = build_conflict(cut, length);
        _cleanup_free_ char *hint = build_hint(cut, length, length % 2);
    }
}

static void assert_replaced(const char *said, const char *expected)
{
    _cleanup_free_ char *replaced = build_replaced_framework(said, strlen(said));

    if (expected ? !replaced || strcmp(replaced, expected) != 0 : replaced != NULL)
        fail_msg("%s: %s", said, replaced ? replaced : "nothing");
}

static void test_replaced_frameworks(void **state)
{
    static const char said[] =
        "Installing collected packages: torch, needold\n  Attempting uninstall: numpy\n"
        "    Found existing installation: numpy 1.0\n    Uninstalling numpy-1.0:\n"
        "  Attempting uninstall: torch\n    Found existing installation: torch 2.6.0+cu124\n"
        "    Uninstalling torch-2.6.0+cu124:\n      Successfully uninstalled torch-2.6.0+cu124\n"
        "Successfully installed needold-1.0 torch-2.1.0\n";

    (void)state;
    assert_replaced(said, "torch==2.6.0+cu124");
    assert_replaced("    Uninstalling pytorch-triton-3.0:\n", "pytorch-triton==3.0");
    assert_replaced("    Uninstalling tensorflow-datasets-4.9:\n", NULL);
    assert_replaced("    Uninstalling torchmetrics-1.0:\n", NULL);
    assert_replaced("    Uninstalling numpy-1.0:\n", NULL);
    assert_replaced("Found existing installation: torch 2.6.0\n", NULL);
    assert_replaced("    Uninstalling torch-2.6.0\n", NULL);
    assert_replaced("    Uninstalling torch:\n", NULL);
    assert_replaced("    Uninstalling torch-\033[2J:\n", NULL);
    for (size_t length = 0; length < strlen(said); length++) {
        _cleanup_free_ char *cut = xstrndup(said, length);
        _cleanup_free_ char *replaced = build_replaced_framework(cut, length);
    }
}

static void test_the_machine(void **state)
{
    (void)state;
    assert_hint("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on "
                "device\n",
        "the disk is full");
    assert_hint("mkdir: cannot create directory '/opt/x': Permission denied\n", "USER root");
    assert_hint("ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED]\n", "certificate");
}

static void test_nothing_known(void **state)
{
    (void)state;
    assert_null(build_hint("", 0, true));
    assert_null(build_hint("AssertionError: 3 != 4\n", 23, false));
}

/* The word is cut where the output ends, and holds nothing a terminal would act on. */
static void test_odd_words(void **state)
{
    static const char sign[] = "E: Unable to locate package ";
    char longest[512];

    (void)state;
    assert_hint(sign, "of that name");
    assert_hint("E: Unable to locate package a\033[2J", "package a:");
    memset(longest, 'x', sizeof(longest));
    memcpy(longest, sign, strlen(sign));
    _cleanup_free_ char *hint = build_hint(longest, sizeof(longest), false);
    assert_non_null(hint);
    assert_true(strlen(hint) < 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_packages_that_are_not_there),
        cmocka_unit_test(test_no_network),
        cmocka_unit_test(test_servers_that_refuse),
        cmocka_unit_test(test_the_framework_stays),
        cmocka_unit_test(test_compilers),
        cmocka_unit_test(test_what_is_missing),
        cmocka_unit_test(test_packages_for_an_own_dockerfile),
        cmocka_unit_test(test_dockerfiles_by_hand),
        cmocka_unit_test(test_versions_that_do_not_meet),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_conflicts),
        cmocka_unit_test(test_replaced_frameworks),
        cmocka_unit_test(test_the_machine),
        cmocka_unit_test(test_nothing_known),
        cmocka_unit_test(test_odd_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
