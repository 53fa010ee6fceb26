# What a build shows: on a terminal, in a pipe, quiet, as JSON, and when it fails.

load common
load terminal

setup_file() {
    clean_ground
}

teardown() {
    tm kill-server 2>/dev/null || true
    expect_no_report
}

# dockerfile LINE…: baker's ~/Dockerfile from the base; a RUN of this test's own is cached from no other.
dockerfile() {
    { echo "FROM $BASE" && printf '%s\n' "$@"; } | baker sh -c 'cat >Dockerfile'
}

# build: of that file, on a terminal
build() {
    open_terminal "$TESTS/e2e/call" baker image-create shown --force --dockerfile Dockerfile
}

# Everything that was written to the terminal, to look for what it made of it.
record() {
    tm pipe-pane "cat >'$BATS_TEST_TMPDIR/bytes'"
}

# The time that the step now running shows.
time_shown() {
    screen | sed -nE 's/^› .* ([0-9.]+ s)$/\1/p' | tail -n 1
}

@test "live: each step with its time, the last lines of the one that runs, time going on in silence" {
    local before
    dockerfile '# First of all' "RUN echo $RANDOM" "RUN for i in 1 2 3 4 5 6 7 8 9; do echo line-\$i; done; sleep 4"
    build
    sees '^✓ \[2/[0-9]+\] First of all +[0-9.]+ s$' 300
    sees '^    line-9$'
    [[ $(lines_with '^    line-4') -eq 1 && $(lines_with '^    line-3') -eq 0 ]]
    before=$(time_shown)
    sleep 0.5
    [[ -n $before && $(time_shown) != "$before" ]]
    sees 'exit=0' 300
    sees 'terminal=same'
    # Steps stay on the screen, the output of those that are done does not.
    [[ $(lines_with '^✓ .*RUN for i in') -eq 1 && $(lines_with '^    line-9') -eq 0 ]]
}

@test "live: keys typed meanwhile are not shown, and shift no line" {
    dockerfile "RUN echo $RANDOM; sleep 3"
    build
    sees '^› \[2/'
    tm send-keys 'typed-ahead' Enter Enter Enter
    sees 'exit=0' 300
    sees 'terminal=same'
    run screen
    [[ $output != *typed-ahead* ]]
    [[ $(lines_with '^›') -eq 0 && $(lines_with '^✓ \[2/') -eq 1 ]]
}

@test "live: a requirements file's step is called so" {
    baker sh -c 'touch empty.txt'
    open_terminal "$TESTS/e2e/call" baker image-create listed --base "$BASE" -r empty.txt
    sees '^✓ \[[0-9]/[0-9]\] Python packages from listed.requirements.txt ' 300
    sees 'exit=0' 300
}

@test "live: what is cached is one line" {
    dockerfile "RUN echo $RANDOM"
    try baker image-create shown --force --dockerfile Dockerfile
    build
    sees '^✓ [0-9]+ steps cached$'
    sees 'exit=0' 300
    [[ $(lines_with '^✓ .*RUN echo') -eq 0 ]]
}

@test "live: a failure ends with the last 20 lines, the line in the Dockerfile and a hint" {
    dockerfile '' "RUN for i in \$(seq 1 50); do echo out-\$i; done; echo 'E: Unable to locate package nonesuch'; exit 100"
    build
    sees 'exit=1' 300
    sees '^✗ \[2/'
    sees '^out-32$'
    [[ $(lines_with '^out-[0-9]+$') -eq 19 && $(lines_with '^ +out-[0-9]') -eq 0 ]]
    [[ $(screen | tr -d '\n') == *'error: Dockerfile, line 3: step 2/'*'failed with exit code 100'* ]]
    sees '^hint: apt finds no package nonesuch'
    sees 'terminal=same'
}

@test "live: what a step prints is text, whatever it is" {
    dockerfile "RUN printf '\\033[31mred\\033[0m \\033]0;owned\\007\\033[2Jblank\\rover \\302\\233mark \\377 漢字äöü\\n'; sleep 2"
    build
    record
    sees '^    over '
    sees '漢字äöü'
    sees 'exit=0' 300
    run cat "$BATS_TEST_TMPDIR/bytes"
    [[ $output != *$'\e]0;'* && $output != *$'\e[2J'* && $output != *$'\xc2\x9b'* && $output != *$'\a'* ]]
}

@test "live: fits 40 columns, and a terminal that changes its size" {
    TERMINAL_COLUMNS=40 TERMINAL_ROWS=10
    dockerfile '# A title that is longer than any terminal of that width has room for' \
        "RUN seq 1000000000000000000000000000000000000000000000 1000000000000000000000000000000000000000000009; sleep 4"
    build
    sees '^› \[2/[0-9]\] A title that .*… +[0-9.]+ s$'
    tm resize-window -x 60 -y 20
    sees '^› \[2/[0-9]\] A title that is longer .*… +[0-9.]+ s$'
    tm resize-window -x 30 -y 6
    sees 'exit=0' 300
    sees 'terminal=same'
}

# build_and_stop: a build of that file in a shell with jobs, stopped in its second step
build_and_stop() {
    open_terminal "PS1='ready> ' bash --norc --noprofile -i"
    sees '^ready>'
    tm send-keys "$TESTS/e2e/call baker image-create shown --force --dockerfile Dockerfile" Enter
    sees '^› \[2/'
    tm send-keys C-z
    sees 'Stopped'
}

@test "live: Ctrl-Z and fg: it goes on below what was typed meanwhile" {
    dockerfile "RUN echo $RANDOM; sleep 9"
    build_and_stop
    tm send-keys 'echo be""tween' Enter
    sees '^between'
    tm send-keys fg Enter
    sees '^› \[2/.* [3-9]\.[0-9] s$'
    tm send-keys 'typed-ahead' Enter
    sees '^✓ \[2/' 300
    sees '^ready> .*typed-ahead'
    run screen
    expect_equal "$(grep -oE '^[›✓] \[2|Stopped|^between' <<<"$output" | paste -sd' ')" \
        '› [2 Stopped between ✓ [2'
    [[ $(lines_with '^typed-ahead') -eq 0 ]]
    tm send-keys 'exit' Enter
    sees 'terminal=same'
}

@test "live: in the background nothing is drawn until the end" {
    dockerfile "RUN echo $RANDOM; sleep 3"
    build_and_stop
    tm send-keys bg Enter
    sees '&$'
    sees '^✓ \[2/' 300
    run screen
    [[ $(lines_with '^› ') -eq 1 ]]
}

@test "live: a large build context on its way" {
    baker sh -c "mkdir large && truncate -s 300M large/file && printf 'FROM $BASE\nRUN --mount=target=/large echo $RANDOM\n' >large/Dockerfile"
    open_terminal "$TESTS/e2e/call" baker image-create large --dockerfile large/Dockerfile
    sees '^✓ Sending the build context +[0-9.]+ s$' 300
    sees 'exit=0' 300
    baker rm -r large
}

@test "live: no colours where none are wanted, no display where the terminal cannot" {
    dockerfile "RUN echo $RANDOM; sleep 1"
    open_terminal "AS_USER_ENV=NO_COLOR=1 $TESTS/e2e/call" baker image-create shown --force --dockerfile Dockerfile
    sees '^› \[2/'
    run tm capture-pane -pe
    [[ $output != *$'\e['* ]]
    sees 'exit=0' 300
    dockerfile "RUN echo $RANDOM-again"
    open_terminal "TERM=dumb $TESTS/e2e/call" baker image-create shown --force --dockerfile Dockerfile
    record
    sees '^\[[0-9]+\] [0-9]+-again$'
    sees 'exit=0' 300
    run cat "$BATS_TEST_TMPDIR/bytes"
    [[ $output != *$'\e['* ]]
}

@test "live: Ctrl-C ends it on the engine too" {
    local nap=$((200000 + RANDOM))
    dockerfile "RUN sleep $nap"
    build
    sees "^› .*sleep $nap"
    tm send-keys C-c
    sees 'exit=130'
    sees 'terminal=same'
    await_end "sleep $nap" 10
}

@test "in a pipe: plain lines, each once, and titles that are no scripts" {
    local script="RUN echo $RANDOM-first; echo 01234567890123456789 01234567890123456789 01234567890123456789 01234567890123456789; printf '\\033[1mbold\\033[0m\\n'"
    dockerfile "$script"
    try baker image-create shown --force --dockerfile Dockerfile
    expect_status 0
    [[ $stderr != *$'\e'* ]]
    grep -qE '^\[[0-9]+\] bold$' <<<"$stderr" || told "expected the output"
    expect_equal "$(grep -c 'first$' <<<"$stderr")" 1
    if grep -E 'RUN .{105}' <<<"$stderr"; then told "a title of more than 100 columns"; fi
    grep -qE '^\[[0-9]+\] done in [0-9.]+ s$' <<<"$stderr" || told "expected times"
}

# An image of two layers on a registry, which the engine forgets again.
publish() {
    local image=$1/lab/tool
    printf 'FROM ds01-test/busybox:1\nRUN echo %s >/new\n' "$RANDOM" >"$BATS_TEST_TMPDIR/Dockerfile"
    tar -C "$BATS_TEST_TMPDIR" -c Dockerfile | curl -sS --fail-with-body --unix-socket "$SOCKET" -o /dev/null \
        -H 'Content-Type: application/x-tar' --data-binary @- "http://engine/build?t=$image:1"
    curl -sS --fail-with-body --unix-socket "$SOCKET" -o /dev/null -X POST -H 'X-Registry-Auth: e30=' \
        "http://engine/images/$image/push?tag=1"
    api DELETE "/images/$image:1" >/dev/null
}

@test "a download is one line in the end, with its layers while it runs" {
    local registry=127.0.0.1:5054 pid
    need_image busybox
    "$TESTS/ground/registry" "$GROUND" 5054 >"$GROUND/registry.log" 2>&1 3>&- &
    pid=$!
    until "$TESTS/ground/in-engine-network" "$GROUND" curl -s -o /dev/null "http://$registry/"; do sleep 0.05; done
    publish "$registry"
    try baker image-create pulled --base "$registry/lab/tool:1"
    publish "$registry"
    open_terminal "$TESTS/e2e/call" baker image-create pulled --base "$registry/lab/tool:1" --force --pull
    sees 'exit=0' 300
    kill "$pid"
    expect_status 0
    grep -qxE "\[1\] Downloading $registry/lab/tool:1" <<<"$stderr" || told "expected the beginning"
    grep -qxE '\[1\] done in [0-9.]+ s' <<<"$stderr" || told "expected the end"
    [[ $stderr != *layer* ]]
    sees "^✓ Downloaded $registry/lab/tool:1 +[0-9.]+ s$"
    [[ $(lines_with '^. layer') -eq 0 ]]
}

@test "quiet: nothing but a failure, and that with its last 20 lines" {
    dockerfile "RUN echo $RANDOM"
    try baker image-create shown --force --dockerfile Dockerfile --quiet
    expect_status 0
    expect_equal "$output$stderr" ""
    dockerfile 'RUN for i in $(seq 1 50); do echo out-$i; done; exit 9'
    try baker image-create shown --force --dockerfile Dockerfile --quiet
    expect_status 1
    expect_equal "$(grep -c '^out-' <<<"$stderr")" 20
    expect_equal "$(tail -n 2 <<<"$stderr" | cut -d: -f1)" "error
hint"
    expect_stderr 'line 2'
    expect_equal "$output" ""
}

@test "of stages that run side by side the output is that of the step that failed" {
    # shellcheck disable=SC2016 # for the shell of the build
    dockerfile "RUN echo $RANDOM; for i in 1 2 3 4 5 6; do echo other \$i; sleep 1; done" \
        "FROM $BASE AS two" "RUN echo $RANDOM; sleep 2; echo failing; exit 3" \
        "FROM $BASE" "COPY --from=0 /etc/hostname /a" "COPY --from=two /etc/hostname /b"
    try baker image-create shown --force --dockerfile Dockerfile --quiet
    expect_status 1
    expect_stderr "failing"
    [[ $stderr != *other* ]] || told "the output of a step that was only stopped"
    try baker image-create shown --force --dockerfile Dockerfile
    expect_equal "$(grep -cE '^\[[0-9]+\] failed$' <<<"$stderr")" 1
}

@test "json: one document on stdout, also of a failure; progress beside it" {
    dockerfile "RUN echo $RANDOM-out"
    try baker image-create shown --force --dockerfile Dockerfile --json
    expect_status 0
    jq -e . <<<"$output" >/dev/null
    expect_stderr '-out'
    dockerfile 'RUN exit 9'
    try baker image-create shown --force --dockerfile Dockerfile --json
    expect_status 1
    jq -e '.error.message | contains("line 2")' <<<"$output" >/dev/null
}
