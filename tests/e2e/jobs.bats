# container-deploy NAME -- CMD…: a container that runs one command and keeps how it ended.

load common
load terminal

setup_file() {
    clean_ground
    baker image-create proj --base "$BASE" --quiet </dev/null
}

teardown() {
    tm kill-server 2>/dev/null || true
    baker container-retire job --yes --quiet </dev/null 2>/dev/null || true
    expect_no_report
}

# ended NAME: waits until its command has ended
ended() {
    local tenth
    for ((tenth = 0; tenth < 100; tenth++)); do
        if [[ $(container_field "$1._.$BAKER" .State.Status) == exited ]]; then return 0; fi
        sleep 0.1
    done
    told "the command of $1 does not end"
}

# log_shows NAME TEXT: waits until the command has written it
log_shows() {
    local tenth
    for ((tenth = 0; tenth < 100; tenth++)); do
        if baker container-logs "$1" </dev/null 2>&1 | grep -qF "$2"; then return 0; fi
        sleep 0.1
    done
    told "$1 never wrote $2"
}

# hit SIGNAL SECONDS CMD…: sends it to the command after that time; $status is the command's own.
hit() {
    run --separate-stderr timeout --preserve-status --foreground -s "$1" "$2" "$TESTS/e2e/call" "${@:3}" </dev/null
}

# --- in the background ------------------------------------------------------------

@test "--background: it runs, and its output and exit code are kept when it has ended" {
    try baker container-deploy job proj --background -- sh -c 'echo to-stdout; echo to-stderr >&2; id -u; exit 7'
    expect_status 0
    ended job
    try baker container-logs job
    expect_status 0
    expect_equal "$output" "to-stdout
$BAKER"
    expect_equal "$stderr" "to-stderr"
    try baker container-list --noheadings --output NAME,STATUS,EXIT
    grep -qE '^job +exited \(7\) +7$' <<<"$output" || told "no exit code in the list"
    try baker container-list --json
    expect_equal "$(jq -r '.[] | select(.name == "job") | "\(.status) \(.exit_code)"' <<<"$output")" "exited 7"
}

@test "a shell that idles has no exit code to show" {
    try baker container-deploy job proj --background
    try baker container-stop job --yes
    try baker container-list --noheadings --output STATUS,EXIT
    [[ $output == exited* && $output != *[0-9]* ]] || told "an exit code"
    try baker container-list --json
    expect_equal "$(jq -r '.[0].exit_code' <<<"$output")" "null"
}

@test "what Python prints is in the log at once" {
    try baker container-deploy job --image "$BASE" --background -- python3 -c 'import time; print("epoch", 1); time.sleep(60)'
    expect_status 0
    log_shows job "epoch 1"
}

@test "a job is not privileged and gets SYS_PTRACE only; no input reaches it" {
    try baker container-deploy job proj --background -- sh -c 'cat; echo end-of-input'
    expect_status 0
    log_shows job end-of-input
    expect_equal "$(container_field "job._.$BAKER" '[.HostConfig.Privileged, (.HostConfig.CapAdd | join("+")), .Config.OpenStdin, .Config.Tty] | join(" ")')" "false SYS_PTRACE false false"
}

@test "container-stop ends a script and what it started, without waiting for a kill" {
    try baker container-deploy job proj --background -- bash -c 'trap "echo asked; exit 5" TERM; echo ready; sleep 1000 & wait'
    expect_status 0
    log_shows job ready
    try baker container-stop job --yes
    expect_status 0
    expect_equal "$(container_field "job._.$BAKER" .State.ExitCode)" "5"
    log_shows job asked
}

@test "open and exec on a job that has ended: exit 4, how it ended, and what can be done" {
    local command
    try baker container-deploy job proj --background -- sh -c 'echo ran >>/workspace/runs; exit 3'
    ended job
    for command in "container-open job" "container-open job -- true" "container-exec job -- true"; do
        # shellcheck disable=SC2086 # words
        try baker $command
        expect_error 4 "ended, with exit code 3"
        expect_stderr "container-logs job"
        expect_stderr "container-start job"
    done
    expect_equal "$(wc -l <"$(home_of "$BAKER_NAME")/workspace/proj/runs")" "1"
    try baker container-start job
    expect_status 0
    ended job
    expect_equal "$(wc -l <"$(home_of "$BAKER_NAME")/workspace/proj/runs")" "2"
}

@test "open and exec while it runs" {
    try baker container-deploy job proj --background -- sleep 1000
    try baker container-open job -- id -un
    expect_equal "$output" "$BAKER_INSIDE"
    try baker container-exec job -- sh -c 'exit 9'
    expect_status 9
}

@test "container-create with a command: it runs at the start and not before" {
    try baker container-create job proj -- sh -c 'echo now'
    expect_status 0
    try baker container-logs job
    expect_equal "$output" ""
    try baker container-start job
    expect_status 0
    log_shows job now
}

@test "an image without a shell, whose user is not ours" {
    need_image noshell
    try baker container-deploy job --image ds01-test/noshell:1 -- /busybox id -u
    expect_status 0
    expect_equal "$output" "$BAKER"
}

# --- followed ---------------------------------------------------------------------

@test "output, error output and exit code are passed on, and only they are on stdout" {
    try baker container-deploy job proj -- sh -c 'echo out; echo err >&2; exit 42'
    expect_status 42
    expect_equal "$output" "out"
    expect_stderr "err"
    expect_stderr "exit code 42"
    expect_stderr "container-logs job"
    try baker container-retire job --yes
    try baker container-deploy job proj --quiet -- sh -c 'echo out; echo err >&2; exit 42'
    expect_status 42
    expect_equal "$output" "out"
    expect_equal "$stderr" "err"
}

@test "a command that ends at once loses nothing of its output" {
    local round
    for ((round = 1; round <= 5; round++)); do
        try baker container-deploy job proj -q -- echo all
        expect_equal "$output" "all"
        baker container-retire job --yes --quiet </dev/null
    done
}

@test "bytes of every kind, through a pipe, both ways, and the end of the input" {
    head -c 3000000 /dev/urandom >"$BATS_TEST_TMPDIR/bytes"
    "$TESTS/e2e/call" baker container-deploy job proj -q -- cat <"$BATS_TEST_TMPDIR/bytes" >"$BATS_TEST_TMPDIR/back"
    cmp "$BATS_TEST_TMPDIR/bytes" "$BATS_TEST_TMPDIR/back"
}

@test "not there: 127; cannot run: 126; in both cases nothing is left" {
    local before
    before=$(engine_state)
    run -127 --separate-stderr "$TESTS/e2e/call" baker container-deploy job proj -- no-such </dev/null
    expect_error 127 "no command no-such"
    run -127 --separate-stderr "$TESTS/e2e/call" baker container-deploy job proj -- ./none.sh </dev/null
    expect_error 127 "no command ./none.sh"
    baker sh -c 'mkdir -p ~/workspace/proj; echo "echo hello" >~/workspace/proj/plain.sh'
    try baker container-deploy job proj -- ./plain.sh
    expect_error 126 "./plain.sh cannot be run"
    expect_equal "$(engine_state)" "$before"
    baker sh -c 'printf "#!/bin/sh\necho hello\n" >~/workspace/proj/plain.sh; chmod +x ~/workspace/proj/plain.sh'
    try baker container-deploy job proj -- ./plain.sh
    expect_equal "$output" "hello"
}

@test "a signal's own exit code: 128 and the signal" {
    try baker container-deploy job proj -- sh -c 'kill -TERM $$'
    expect_status 143
}

@test "Ctrl-C reaches the command, which may end as it likes" {
    hit INT 2 baker container-deploy job proj -- python3 -c '
import time
try:
    time.sleep(60)
except KeyboardInterrupt:
    print("saved"); raise SystemExit(5)'
    expect_status 5
    expect_equal "$output" "saved"
    expect_equal "$(container_field "job._.$BAKER" .State.ExitCode)" "5"
}

@test "Ctrl-C reaches what a script has started" {
    hit INT 2 baker container-deploy job proj -- bash -c 'sleep 1000; echo not-here'
    expect_status 130
    expect_equal "$output" ""
}

@test "a command that does not heed Ctrl-C is killed at the third" {
    # What is started in the background ignores it otherwise.
    env --default-signal=INT "$TESTS/e2e/call" baker container-deploy job proj -- sh -c 'trap "" INT; echo ready; while :; do sleep 0.1; done' \
        >"$BATS_TEST_TMPDIR/out" 2>&1 </dev/null 3>&- &
    local pid=$! code=0
    until grep -q ready "$BATS_TEST_TMPDIR/out"; do sleep 0.1; done
    for _ in 1 2 3; do
        sleep 0.5
        kill -INT "$pid"
    done
    wait "$pid" || code=$?
    expect_equal "$code" "137"
}

@test "a connection that is lost leaves it running" {
    hit HUP 2 baker container-deploy job proj -- sleep 1000
    expect_status 130
    expect_equal "$(container_field "job._.$BAKER" .State.Running)" "true"
}

@test "removed while it runs: one sentence" {
    "$TESTS/e2e/call" baker container-deploy job proj -- sh -c 'echo ready; sleep 1000' >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" </dev/null 3>&- &
    local pid=$! code=0
    until grep -q ready "$BATS_TEST_TMPDIR/out"; do sleep 0.1; done
    api DELETE "/containers/job._.$BAKER?force=1" >/dev/null
    wait "$pid" || code=$?
    status=$code output='' stderr=$(grep -v 'no GPU' "$BATS_TEST_TMPDIR/err")
    expect_error "3|137"
}

@test "--json starts it and tells of it; --dry-run tells and does nothing" {
    try baker container-deploy job proj --dry-run --json -- sleep 1000
    expect_equal "$(jq -c '[.create.Cmd, .create.HostConfig.Init, .started]' <<<"$output")" '[["sleep","1000"],true,false]'
    try baker container-deploy job proj --json -- sleep 1000
    expect_status 0
    expect_equal "$(jq -r '.name + " " + (.started | tostring)' <<<"$output")" "job true"
    expect_equal "$(container_field "job._.$BAKER" .State.Running)" "true"
}

# --- on a terminal ----------------------------------------------------------------

@test "on a terminal: its size, Ctrl-C, the exit code, and the terminal as it was" {
    open_terminal "$TESTS/e2e/call" baker container-deploy job proj -- bash -c "'sleep 1; stty size; sleep 1000; echo not-here'"
    sees '^30 100'
    tm send-keys C-c
    sees 'exit=130'
    sees 'terminal=same'
    [[ $(screen) != *not-here* ]]
}

@test "on a terminal: a program that asks, a new size, and leaving it running" {
    open_terminal "$TESTS/e2e/call" baker container-deploy job proj -- python3 -i
    sees '>>> *$'
    tm send-keys '6*7' Enter
    sees '^42'
    tm resize-window -x 120 -y 40
    tm send-keys 'import os; os.get_terminal_size()' Enter
    sees 'columns=120, lines=40'
    tm send-keys C-p C-q
    sees 'Left it running'
    sees 'exit=0'
    sees 'terminal=same'
    expect_equal "$(container_field "job._.$BAKER" .State.Running)" "true"
}
