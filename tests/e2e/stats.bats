# container-stats: what containers use, once and live.

load common
load terminal

setup_file() {
    clean_ground
    baker image-create use --base "$BASE" --quiet </dev/null
    baker container-deploy busy use --background --quiet --memory 512m -- sh -c 'while :; do :; done' </dev/null
    baker container-deploy idle use --background --quiet </dev/null
    baker container-create never use --quiet </dev/null
    rossi container-deploy hers --image "$BASE" --background --quiet </dev/null
}

teardown() {
    tm kill-server 2>/dev/null || true
    expect_no_report
}

@test "once, in a pipe: one's own running containers" {
    try baker container-stats
    expect_status 0
    expect_equal "$(awk '{ print $1 }' <<<"$output")" "NAME
busy
idle"
    [[ $output == *"537 MB"* ]] || told "expected the limit of busy"
}

@test "as JSON: numbers" {
    try baker container-stats --json
    expect_status 0
    jq -e '.[0] | .name == "busy" and .cpu_percent > 5 and .memory > 0 and .memory_limit == 536870912
        and .processes >= 1 and .memory_percent > 0' <<<"$output" >/dev/null || told "expected the use of busy"
    jq -e '.[1] | .cpu_percent != null and .processes == 1' <<<"$output" >/dev/null || told "expected the use of idle"
}

@test "by name, also one that does not run; another's is none" {
    try baker container-stats never --noheadings --output NAME,CPU,PROCESSES
    expect_status 0
    expect_equal "$(tr -s ' ' <<<"$output")" "never - -"
    try baker container-stats no-such
    expect_error 3 "no-such"
    try baker container-stats "hers._.$ROSSI"
    expect_error 3
    try baker container-stats busy --all-users
    expect_error 2
}

@test "--all-users, with owners" {
    try baker container-stats --all-users --output NAME,OWNER --noheadings
    expect_status 0
    expect_stdout "hers"
    expect_stdout "$ROSSI_NAME"
}

@test "none running: said so, exit 0, and an empty list as JSON" {
    try "$TESTS/ground/as-user" r.idler@x 1722830641 container-stats
    expect_status 0
    expect_stderr "None of your containers"
    try "$TESTS/ground/as-user" r.idler@x 1722830641 container-stats --json
    expect_equal "$(jq -c . <<<"$output")" "[]"
}

@test "live on a terminal: drawn in place, and Ctrl-C leaves it cleanly" {
    TERMINAL_COLUMNS=80 TERMINAL_ROWS=24 open_terminal "$TESTS/e2e/call" baker container-stats
    sees '^busy +-'
    sees '^busy +[0-9.]+%'
    expect_equal "$(screen | grep -c '^busy')" "1"
    api POST "/containers/idle._.$BAKER/kill" >/dev/null
    for ((tenth = 0; tenth < 100; tenth++)); do
        screen | grep -q '^idle' || break
        sleep 0.1
    done
    expect_equal "$(screen | grep -c '^idle')" "0"
    tm send-keys C-c
    sees 'exit=0'
    sees 'terminal=same'
}

@test "live: Ctrl-Z and fg: it goes on below what was typed meanwhile" {
    open_terminal "PS1='ready> ' bash --norc --noprofile -i"
    sees '^ready>'
    tm send-keys "$TESTS/e2e/call baker container-stats" Enter
    sees '^busy '
    tm send-keys C-z
    sees 'Stopped'
    tm send-keys 'echo be""tween' Enter
    sees '^between'
    tm send-keys fg Enter
    sleep 4
    run screen
    expect_equal "$(grep -oE '^busy|^between' <<<"$output" | paste -sd' ')" "busy between busy"
    tm send-keys C-c
}

@test "--no-stream: once, on a terminal too" {
    open_terminal "$TESTS/e2e/call" baker container-stats --no-stream
    sees '^busy +[0-9.]+%'
    sees 'exit=0'
}
