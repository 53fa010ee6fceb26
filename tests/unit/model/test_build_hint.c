/* Ends of output as pip, apt, gcc and others write it, and what a person is told to do. */
#include "check.h"

#include "model/build_hint.h"

static void assert_hint(const char *output, const char *part)
{
    _cleanup_free_ char *hint = build_hint(output, strlen(output));

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
    assert_hint("Reading state information...\nE: Unable to locate package hotp\n",
        "apt finds no package hotp:");
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
    assert_null(build_hint("", 0));
    assert_null(build_hint("AssertionError: 3 != 4\n", 23));
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
    _cleanup_free_ char *hint = build_hint(longest, sizeof(longest));
    assert_non_null(hint);
    assert_true(strlen(hint) < 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_packages_that_are_not_there),
        cmocka_unit_test(test_no_network),
        cmocka_unit_test(test_the_framework_stays),
        cmocka_unit_test(test_compilers),
        cmocka_unit_test(test_the_machine),
        cmocka_unit_test(test_nothing_known),
        cmocka_unit_test(test_odd_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
