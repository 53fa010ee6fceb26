/* Engines' words as Docker 20.10 to 28 and runc write them, and what a person is told. */
#include "check.h"

#include "model/container_refusal.h"

static void assert_told(
    const char *words, enum error_code code, const char *sentence, const char *hint)
{
    _cleanup_(error_release) struct error err = ERROR_INIT;

    error_set(&err, ERROR_FAILED, "%s", words);
    assert_int_equal(container_refusal_explain(&err), -1);
    assert_string_equal(err.message, sentence);
    assert_int_equal(err.code, code);
    if (!strstr(err.hint, hint))
        fail_msg("'%s' does not say '%s'", err.hint, hint);
}

static void test_limits(void **state)
{
    (void)state;
    assert_told("Minimum memory limit allowed is 6MB", ERROR_USAGE,
        "--memory is below the least that works, 6MB", "--memory 512m");
    assert_told("Range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available",
        ERROR_USAGE, "this server has only 2 processors", "--cpus");
    assert_told("error during container init: write "
                "/sys/fs/cgroup/memory/docker/ab/memory.limit_in_bytes: device or resource busy",
        ERROR_FAILED, "the engine cannot set limits on this server", "administrator");
    assert_told("container init was OOM-killed (memory limit too low?)", ERROR_USAGE,
        "--memory is too little for anything to start", "--memory 512m");
    assert_told("error setting rlimits for ready process: error setting rlimit type 8: operation "
                "not permitted",
        ERROR_FAILED, "the engine may not lift the limit on locked memory, as GPUs need it",
        "LimitMEMLOCK");
}

static void test_commands(void **state)
{
    (void)state;
    assert_told("exec: \"no-such\": executable file not found in $PATH", ERROR_NO_COMMAND,
        "there is no command no-such in the container", "PATH");
    assert_told("exec: \"/no/such\": stat /no/such: no such file or directory", ERROR_NO_COMMAND,
        "there is no command /no/such in the container", "PATH");
    assert_told("exec: \"/etc/passwd\": permission denied", ERROR_CANNOT_RUN,
        "/etc/passwd cannot be run in the container", "chmod +x");
    assert_told(
        "exec: \"/etc\": is a directory", ERROR_CANNOT_RUN, "/etc is a directory", "program");
    assert_told("exec: \"sh\": executable file not found in $PATH", ERROR_NO_COMMAND,
        "the image has no shell that could idle in it", "-- COMMAND");
    assert_told("exec: \"docker-init\": executable file not found in $PATH", ERROR_FAILED,
        "the engine lacks docker-init, under which commands run", "tini");
    assert_told("crun: executable file `no-such` not found in $PATH: No such file or directory",
        ERROR_NO_COMMAND, "there is no command no-such in the container", "PATH");
    assert_told("crun: open executable: Permission denied: OCI permission denied", ERROR_CANNOT_RUN,
        "the command cannot be run in the container", "chmod +x");
    assert_told("exec /usr/bin/bash: exec format error", ERROR_CANNOT_RUN,
        "the program is for another kind of processor", "image");
    assert_told("finding catatonit binary: exec: \"catatonit\": executable file not found in $PATH",
        ERROR_FAILED, "Podman lacks catatonit, under which commands run", "administrator");
}

static void test_devices(void **state)
{
    (void)state;
    assert_told("error gathering device information while adding custom device \"/dev/snd\": no "
                "such file or directory",
        ERROR_FAILED, "this server has no device /dev/snd", "leave it out");
    assert_told("could not select device driver \"nvidia\" with capabilities: [[gpu]]",
        ERROR_FAILED, "the engine cannot give GPUs to containers", "--cpu-only");
    assert_told("error running hook #0: error running hook: exit status 1, stdout: , stderr: "
                "nvidia-container-cli: device error: GPU-7: unknown device",
        ERROR_REFUSED, "this server has no GPU GPU-7", "nvidia-smi -L");
    assert_told("error injecting CDI devices: unresolvable CDI devices nvidia.com/gpu=9",
        ERROR_REFUSED, "this server has no GPU nvidia.com/gpu=9", "nvidia-smi -L");
}

static void test_mounts(void **state)
{
    (void)state;
    assert_told("invalid mount config for type \"bind\": bind source path does not exist: /data/x",
        ERROR_FAILED, "the engine does not find /data/x", "machine");
    assert_told("error during container init: error mounting \"/tmp/x\" to rootfs at "
                "\"/etc/passwd\": mount /tmp/x:/etc/passwd (via /proc/self/fd/6), flags: 0x5000: "
                "not a directory",
        ERROR_FAILED, "/tmp/x cannot be mounted: in the image a file is there", "another place");
    assert_told("fill out specgen: b/workspace/comma: invalid mount option", ERROR_FAILED,
        "Podman mounts no directory with a comma in its name", "rename");
    assert_told("error while creating mount source path: mkdir /x: no space left on device",
        ERROR_FAILED, "the engine's disk is full", "remove");
}

static void test_other_words_stay(void **state)
{
    _cleanup_(error_release) struct error err = ERROR_INIT;

    (void)state;
    assert_int_equal(container_refusal_explain(NULL), -1);
    error_set(&err, ERROR_REFUSED, "something new");
    container_refusal_explain(&err);
    assert_string_equal(err.message, "something new");
    assert_null(err.hint);
    error_set(&err, ERROR_FAILED, "no space left on device");
    error_hint(&err, "a cure from whoever knows more");
    container_refusal_explain(&err);
    assert_string_equal(err.message, "no space left on device");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_commands),
        cmocka_unit_test(test_devices),
        cmocka_unit_test(test_mounts),
        cmocka_unit_test(test_other_words_stay),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
