# One private engine and one set of programs for the whole run.
#
# DS01_BIN is the folder with the commands to test (default: the build's own). They are
# copied: users of the tests may not be able to reach the folder this repository lies in.

setup_suite() {
    local repo
    repo=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
    export TESTS=$repo/tests
    export DS01_BIN=${DS01_BIN:-$repo/build/bin}
    [[ -x $DS01_BIN/ds01 ]] || {
        echo "no program at $DS01_BIN/ds01: run make first" >&2
        return 1
    }
    GROUND=$(mktemp -d "${TMPDIR:-/tmp}/ds01-XXXXXX")
    export GROUND
    chmod 0755 "$GROUND"
    cp -RL "$DS01_BIN/ds01" "$GROUND/ds01"
    cp -RP "$DS01_BIN" "$GROUND/bin"
    mv -f "$GROUND/ds01" "$GROUND/bin/ds01"
    echo 'root:x:0:0:root:/root:/bin/bash' >"$GROUND/passwd"
    echo 'root:x:0:' >"$GROUND/group"
    sanitizer_options
    export SOCKET=$GROUND/docker.sock
    export DOCKER_HOST=unix://$SOCKET
    "$TESTS/ground/private-engine" start "$GROUND" --size auto --for "${DS01_OWNER:-$$}" 3>&-
    ENGINE_KIND=$(curl -sS --unix-socket "$SOCKET" http://engine/version |
        jq -r 'if any(.Components[]; .Name | test("podman"; "i")) then "podman" else "docker" end')
    export ENGINE_KIND
    "$TESTS/ground/test-image" "$SOCKET" base 3>&-
}

# A report of any sanitized process ends it and is kept, so that no test can swallow one.
sanitizer_options() {
    install -d -m 1777 "$GROUND/sanitizer"
    echo 'leak:libnss_wrapper' >"$GROUND/leaks-not-ours"
    export ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=1:exitcode=99:log_path=$GROUND/sanitizer/asan
    export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1:exitcode=99:log_path=$GROUND/sanitizer/ubsan
    export LSAN_OPTIONS=suppressions=$GROUND/leaks-not-ours:print_suppressions=0
}

teardown_suite() {
    "$TESTS/ground/end-stragglers" "$GROUND"
    "$TESTS/ground/private-engine" stop "$GROUND"
    rm -rf "${GROUND:?}"
}
