# container-open in a real terminal: size, keys, exit code, and the terminal as it was.

load common
load terminal

setup_file() {
    clean_ground
    baker image-create term --base "$BASE" --quiet </dev/null
    baker container-deploy term --background --quiet </dev/null
}

teardown() {
    tm kill-server 2>/dev/null || true
    expect_no_report
}

@test "a shell as the user, in /workspace, with the window's size and its changes" {
    open_terminal "$TESTS/e2e/call" baker container-open term
    sees '\$ *$'
    tm send-keys 'stty size; id -un; pwd' Enter
    sees '^30 100'
    sees "^$BAKER_INSIDE"
    sees '^/workspace'
    tm resize-window -x 120 -y 40
    sleep 0.5
    tm send-keys 'clear; stty size' Enter
    sees '^40 120'
    tm send-keys 'exit 7' Enter
    sees 'exit=7'
    sees 'terminal=same'
}

@test "keys reach the program inside: Ctrl-C ends it and not the session" {
    open_terminal "$TESTS/e2e/call" baker container-open term
    sees '\$ *$'
    tm send-keys 'sleep 100' Enter
    sleep 0.3
    tm send-keys C-c
    tm send-keys 'echo still-$((40+2))' Enter
    sees 'still-42'
    tm send-keys C-d
    sees 'exit=130|exit=0'
    sees 'terminal=same'
}

@test "umlauts and a long line survive" {
    open_terminal "$TESTS/e2e/call" baker container-open term
    sees '\$ *$'
    tm send-keys -l 'printf "%s\n" äöü-漢字'
    tm send-keys Enter
    sees '^äöü-漢字'
}

@test "the terminal is restored when the container dies under it" {
    open_terminal "$TESTS/e2e/call" baker container-open term
    sees '\$ *$'
    api POST "/containers/term._.$BAKER/kill" >/dev/null
    sees 'exit=[0-9]+'
    sees 'terminal=same'
    baker container-start term </dev/null
}

@test "Ctrl-P brings back the line before at once; with Ctrl-Q behind it leaves the shell running" {
    open_terminal "$TESTS/e2e/call" baker container-open term
    sees '\$ *$'
    tm send-keys 'clear; echo first-$((40+2))' Enter
    sees '^first-42'
    tm send-keys C-p
    sees 'clear; echo first'
    tm send-keys C-p C-q
    sees 'Left it running'
    sees 'exit=0'
    sees 'terminal=same'
    expect_equal "$(container_field "term._.$BAKER" .State.Running)" "true"
}

@test "Ctrl-Z stops the program inside, not the session" {
    open_terminal "$TESTS/e2e/call" baker container-open term
    sees '\$ *$'
    tm send-keys 'sleep 1000' Enter
    sleep 0.5
    tm send-keys C-z
    sees 'Stopped'
    tm send-keys 'kill %1; echo still-$((40+2))' Enter
    sees 'still-42'
    tm send-keys 'exit 0' Enter
    sees 'exit=0'
    sees 'terminal=same'
}

@test "a paste of 100 kB arrives whole" {
    seq -f 'line %g of what was copied, with umlauts äöü and $signs `and` "quotes"' 1500 >"$BATS_TEST_TMPDIR/paste"
    (($(stat -c %s "$BATS_TEST_TMPDIR/paste") > 100000))
    open_terminal "$TESTS/e2e/call" baker container-open term
    sees '\$ *$'
    tm send-keys 'stty -echo; cat >/workspace/pasted; stty echo; echo pasted-$((40+2))' Enter
    sleep 0.5
    tm load-buffer "$BATS_TEST_TMPDIR/paste"
    tm paste-buffer
    tm send-keys C-d
    sees 'pasted-42' 300
    cmp "$BATS_TEST_TMPDIR/paste" "$(home_of "$BAKER_NAME")/workspace/term/pasted"
}

@test "more output than the terminal takes at once: all of it, and Ctrl-C ends it" {
    open_terminal "$TESTS/e2e/call" baker container-open term
    sees '\$ *$'
    tm send-keys 'seq 200000; echo sum-$((40+2))' Enter
    sees '^200000'
    sees '^sum-42'
    tm send-keys 'yes' Enter
    sees '^y$'
    tm send-keys C-c
    tm send-keys 'clear; echo still-$((40+2))' Enter
    sees 'still-42'
}

@test "the terminal is restored when the container is removed under it, with a sentence" {
    baker container-deploy fleeting term --background --quiet </dev/null
    open_terminal "$TESTS/e2e/call" baker container-open fleeting
    sees '\$ *$'
    api DELETE "/containers/fleeting._.$BAKER?force=1" >/dev/null
    sees '^(error|warning): the container fleeting was (removed|stopped)'
    sees 'exit=(3|137)'
    sees 'terminal=same'
}

@test "the terminal is restored when the engine is killed under it, with a sentence" {
    local doomed=$GROUND/doomed
    "$TESTS/ground/private-engine" start "$doomed" --size 300M --for "${DS01_OWNER:-$$}" 3>&-
    "$TESTS/ground/test-image" "$doomed/docker.sock" busybox 3>&-
    baker container-deploy doomed --image ds01-test/busybox:1 --user-setup inject --background --quiet --host "unix://$doomed/docker.sock" </dev/null
    open_terminal "$TESTS/e2e/call" baker container-open doomed --host "unix://$doomed/docker.sock"
    sees '[$#] *$'
    pkill -KILL -f "^dockerd --data-root $doomed/data"
    sees 'exit=125'
    sees '^error: .*engine'
    sees 'terminal=same'
    expect_equal "$(screen | grep -c '^error')" "1"
    "$TESTS/ground/private-engine" stop "$doomed"
}

@test "the container is stopped under it: that is said" {
    baker container-deploy fleeting term --background --quiet </dev/null
    open_terminal "$TESTS/e2e/call" baker container-open fleeting -- sleep 1000
    sleep 1
    baker container-stop fleeting --yes --quiet </dev/null
    sees '^warning: the container fleeting was stopped'
    sees 'exit=137'
    sees 'terminal=same'
    baker container-retire fleeting --yes --quiet </dev/null
}

@test "a command that is not there, on a terminal: our sentence and nothing of the engine's" {
    open_terminal "$TESTS/e2e/call" baker container-open term -- no-such
    sees '^error: there is no command no-such'
    sees 'exit=127'
    sees 'terminal=same'
    [[ $(screen) != *OCI* ]] || told "the engine's word"
}

@test "following a log: Ctrl-C leaves it, the container runs on, the terminal is as it was" {
    baker container-deploy writes term --background --quiet -- sh -c 'echo begin; sleep 1000' </dev/null
    open_terminal "$TESTS/e2e/call" baker container-logs writes -f
    sees '^begin'
    tm send-keys C-c
    sees 'exit=130'
    sees 'terminal=same'
    expect_equal "$(container_field "writes._.$BAKER" .State.Running)" "true"
    baker container-retire writes --yes --quiet </dev/null
}

@test "the terminal is restored when ds01 is asked to end" {
    local pid
    open_terminal "$TESTS/e2e/call" baker container-open term
    sees '\$ *$'
    pid=$(pgrep -u "$BAKER" -P "$(tm list-panes -F '#{pane_pid}')")
    kill -TERM "$pid"
    sees 'exit=[1-9]'
    sees 'terminal=same'
}

@test "container-deploy asks, background by answer; Ctrl-C at the question leaves nothing" {
    open_terminal "$TESTS/e2e/call" baker container-deploy asked term
    sleep 1
    tm send-keys C-c
    sees 'exit=130'
    sees 'terminal=same'
    run container_exists "asked._.$BAKER"
    [ "$status" -ne 0 ]
}

@test "container-deploy --open opens the shell" {
    open_terminal "$TESTS/e2e/call" baker container-deploy opened term --open
    sees '\$ *$'
    tm send-keys 'echo in-$((1+1)); exit 3' Enter
    sees 'in-2'
    sees 'exit=3'
    sees 'terminal=same'
}

@test "a build shows one live display and leaves the terminal as it was" {
    baker sh -c "printf 'FROM $BASE\nRUN for i in 1 2 3; do echo step-\$i; sleep 0.3; done\n' >~/live"
    open_terminal "$TESTS/e2e/call" baker image-create live --dockerfile live
    sees 'step-[123]'
    sees 'exit=0'
    sees 'terminal=same'
}

@test "image-list and container-list keep a row on a line of 80 columns" {
    TERMINAL_COLUMNS=80 open_terminal "$TESTS/e2e/call" baker image-list
    sees 'exit=0'
    sees '^PROJECT .* STATE *$'
    sees '^term .* ready *$'
    TERMINAL_COLUMNS=80 open_terminal "$TESTS/e2e/call" baker container-list
    sees 'exit=0'
    sees '^NAME .* WORKSPACE *$'
}

@test "image-retire of several says at once what it could not do" {
    baker image-create late --base "$BASE" --quiet </dev/null
    open_terminal "$TESTS/e2e/call" baker image-retire no-such-image late
    sees 'Remove the image late'
    expect_equal "$(lines_with '^error: you have no image no-such-image')" 1
    tm send-keys Enter
    sees 'exit=4'
    expect_equal "$(lines_with '^error: ')" 2
}

@test "image-list with long names keeps a row on a line too: what is cut has a mark, PROJECT stays whole" {
    local project=abcdefghijklmnopqrst
    "$TESTS/ground/load-images" "$SOCKET" <<<"ds01-$BAKER/$project:latest aime.mlc.DS01_FRAMEWORK=Pytorch-2.8.0-aime"
    TERMINAL_COLUMNS=80 open_terminal "$TESTS/e2e/call" baker image-list
    sees 'exit=0'
    sees '^PROJECT +FRAMEWORK +SIZE .* STATE *$'
    sees "^$project +Pytorch-[^ ]*… .* no-setup *$"
    TERMINAL_COLUMNS=80 open_terminal "$TESTS/e2e/call" baker image-list --all
    sees 'exit=0'
    sees '^IMAGE +FRAMEWORK +SIZE .* STATE *$'
    sees '^…[^ ]*rst:latest .* no-setup *$'
    TERMINAL_COLUMNS=80 open_terminal "$TESTS/e2e/call" baker image-list --output PROJECT,IMAGE
    sees 'exit=0'
    sees "^$project +[^ ]*ds01-$BAKER/$project:latest$"
    try baker image-list
    expect_stdout "ds01-$BAKER/$project:latest"
}

@test "container-retire asks; anything but yes keeps the container" {
    open_terminal "$TESTS/e2e/call" baker container-retire term
    sees 'Retire the container term\?'
    tm send-keys n Enter
    sees 'exit=[0-9]+'
    container_exists "term._.$BAKER"
}

# --- a name that is taken --------------------------------------------------------

@test "deploying a name that is taken: opened" {
    open_terminal "$TESTS/e2e/call" baker container-deploy term --background
    sees 'You have a container term already'
    tm send-keys 'o' Enter
    sees '\$ *$'
    tm send-keys 'exit 5' Enter
    sees 'exit=5'
}

@test "deploying a name that is taken is asked about first; one that is opened asks no more" {
    open_terminal "$TESTS/e2e/call" baker container-deploy term
    sees 'You have a container term already'
    if screen | grep -q 'Open a shell'; then told "another question before it"; fi
    tm send-keys 'o' Enter
    sees '\$ *$'
    if screen | grep -q 'Open a shell'; then told "a question that matters no more"; fi
    tm send-keys 'exit 6' Enter
    sees 'exit=6'
}

@test "deploying a name that is taken: replaced only when there is an image for the new one" {
    local before
    before=$(container_field "term._.$BAKER" .Id)
    open_terminal "$TESTS/e2e/call" baker container-deploy term --image ds01-test/nowhere:9
    sees 'You have a container term already'
    tm send-keys 'r' Enter
    sees 'Open a shell'
    tm send-keys 'n' Enter
    sees 'exit=[1-9]'
    expect_equal "$(container_field "term._.$BAKER" .Id)" "$before"
}

@test "deploying a name that is taken: another name, of the same image" {
    open_terminal "$TESTS/e2e/call" baker container-deploy term --background
    sees 'You have a container term already'
    tm send-keys 'n' Enter
    sees 'term-2'
    tm send-keys Enter
    sees 'exit=0'
    expect_equal "$(container_field "term-2._.$BAKER" '.Config.Labels["aime.mlc.DS01_PROJECT"]')" "term"
}

@test "deploying a name that is taken: replaced, after the question what would be lost" {
    local before
    before=$(container_field "term._.$BAKER" .Id)
    open_terminal "$TESTS/e2e/call" baker container-deploy term --background
    sees 'You have a container term already'
    tm send-keys 'r' Enter
    sees 'Retire the container term'
    tm send-keys 'n' Enter
    sees 'exit=[1-9]'
    expect_equal "$(container_field "term._.$BAKER" .Id)" "$before"
    open_terminal "$TESTS/e2e/call" baker container-deploy term --background
    sees 'You have a container term already'
    tm send-keys 'r' Enter
    sees 'Retire the container term'
    tm send-keys 'y' Enter
    sees 'exit=0' 300
    [[ $(container_field "term._.$BAKER" .Id) != "$before" ]]
    expect_equal "$(container_field "term._.$BAKER" .State.Running)" "true"
}
