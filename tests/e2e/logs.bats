# container-logs: what a container's main process wrote.

load common

setup_file() {
    clean_ground
    try baker container-deploy talk --image "$BASE" --background -- sh -c 'echo one; echo two >&2; sleep 0.5; echo three; exec sleep 600'
    expect_status 0
    for ((tenth = 0; tenth < 100; tenth++)); do
        if baker container-logs talk | grep -q three; then return 0; fi
        sleep 0.1
    done
}

@test "both streams, all of it or its end" {
    try baker container-logs talk
    expect_status 0
    expect_stdout "one"
    expect_stdout "three"
    try baker container-logs talk --tail 1
    expect_status 0
    [[ $output == three* && $output != *one* ]] || told "expected the last line"
}

@test "a number of lines that is none: exit 2; no such container: exit 3" {
    try baker container-logs talk --tail few
    expect_error 2 "few"
    try baker container-logs nothing-of-the-kind
    expect_error 3 "nothing-of-the-kind"
}

@test "another user's container is not shown" {
    try rossi container-logs "talk._.$BAKER"
    expect_error 3
}

@test "following ends with 130 at Ctrl-C, and the container runs on" {
    run -130 --separate-stderr timeout --foreground --preserve-status -s INT 2 "$TESTS/e2e/call" baker container-logs talk -f </dev/null
    expect_stdout "three"
    expect_equal "$(container_field "talk._.$BAKER" .State.Running)" "true"
}

@test "what was written comes out as it is, colours too" {
    baker container-deploy bytes --image "$BASE" --background --quiet -- printf '\033[31mred\033[0m\001end\n' </dev/null
    local tenth
    for ((tenth = 0; tenth < 100; tenth++)); do
        if baker container-logs bytes | grep -aq end; then break; fi
        sleep 0.1
    done
    expect_equal "$(baker container-logs bytes | od -An -c | tr -d ' \n')" "$(printf '\033[31mred\033[0m\001end\n' | od -An -c | tr -d ' \n')"
    baker container-retire bytes --force --quiet </dev/null
}
