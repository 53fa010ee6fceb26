# Ctrl-C undoes what was begun; what kill -9 leaves, the next run takes away.

load common

setup_file() {
    export ROUNDS=${DS01_ROUNDS:-20}
}

setup() {
    clean_ground
    baker image-create proj --base "$BASE" --quiet </dev/null
}

# A build that takes about a second, each time anew.
slow_dockerfile() {
    baker sh -c "printf 'FROM $BASE\nRUN echo $1; sleep 0.7; head -c 5000000 /dev/urandom >/junk\n' >~/slow"
}

# between LOW HIGH: a random number of seconds
between() {
    awk -v low="$1" -v high="$2" -v seed="$RANDOM$RANDOM" 'BEGIN { srand(seed); printf "%.3f", low + rand() * (high - low) }'
}

# seconds CMD…: how long it takes
seconds() {
    local begin=$EPOCHREALTIME
    "$@" >/dev/null 2>&1 </dev/null
    awk -v a="$begin" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.3f", b - a }'
}

# hit SIGNAL SECONDS CMD…: sends it after that time; $status is the command's own.
hit() {
    local signal=$1 after=$2
    shift 2
    run --separate-stderr timeout --preserve-status --foreground -s "$signal" "$after" "$TESTS/e2e/call" "$@" </dev/null
}

# The names of images, but for the bases and for `keep` beside `latest` or `previous`.
names_of_images() {
    api GET '/images/json?all=0' | jq -r '.[] | (.RepoTags // ["<none>:<none>"])
        | if any(test(":(latest|previous)$")) then map(select(endswith(":keep") | not)) else . end | .[]' |
        grep -v '^ds01-test/' | sort
}

# What may be on the engine: the bases, proj's image, and what the caller names.
expect_explained() {
    local containers images wanted=$1
    containers=$(api GET '/containers/json?all=1' | jq -r '.[].Names[0]' | sort | paste -sd' ')
    images=$(names_of_images | paste -sd' ')
    expect_equal "containers: $containers; images: $images" "$wanted"
    run find "$(home_of "$BAKER_NAME")/dockerfiles" "$(home_of "$BAKER_NAME")/.ds01-config" -type f \
        ! -name '*.Dockerfile' ! -name '*.json' ! -name '*.yaml' ! -path '*/locks/*' ! -path '*/backup/*'
    expect_equal "$output" ""
}

@test "SIGINT during image-create, at any moment: exit 130 and nothing stays" {
    local round after home
    for ((round = 1; round <= 8; round++)); do
        slow_dockerfile "int $round"
        home=$(home_state "$BAKER_NAME")
        after=$(between 0.005 0.9)
        hit INT "$after" baker image-create slow --dockerfile slow
        if [[ $status -eq 0 ]]; then
            baker image-retire slow --purge --yes --quiet </dev/null
            baker rm -rf .ds01-config/backup
            continue
        fi
        expect_status 130
        expect_explained "containers: ; images: ds01-$BAKER/proj:latest"
        expect_equal "$(home_state "$BAKER_NAME")" "$home"
    done
}

@test "SIGTERM and SIGHUP undo as well" {
    local signal
    for signal in TERM HUP; do
        slow_dockerfile "$signal"
        hit "$signal" 0.5 baker image-create slow --dockerfile slow
        [ "$status" -ne 0 ]
        expect_explained "containers: ; images: ds01-$BAKER/proj:latest"
    done
}

@test "SIGINT during container-deploy: nothing stays, or it had been done" {
    local round whole
    whole=$(seconds baker container-deploy proj --background)
    baker container-retire proj --yes --quiet </dev/null
    for ((round = 1; round <= 10; round++)); do
        hit INT "$(between 0.003 "$whole")" baker container-deploy proj --background
        if [[ $status -eq 0 ]]; then
            baker container-retire proj --yes --quiet </dev/null
        else
            expect_status 130
        fi
        expect_explained "containers: ; images: ds01-$BAKER/proj:latest"
    done
}

@test "the build on the engine ends with its command" {
    local nap=$((100000 + RANDOM))
    baker sh -c "printf 'FROM $BASE\nRUN sleep $nap\n' >~/long"
    hit INT 1 baker image-create long --dockerfile long --verbose
    expect_status 130
    # Said before the engine answers, for which a silent one takes its time.
    [[ $stderr == *"Interrupted; undoing"*"/build/cancel?"* ]]
    await_end "sleep $nap" 5
}

@test "kill -9 of image-create, over and over: the next run works, nothing unexplained" {
    local round
    for ((round = 1; round <= ROUNDS; round++)); do
        slow_dockerfile "kill $round"
        hit KILL "$(between 0.005 1.3)" baker image-create killed --dockerfile slow
        try baker image-create killed --dockerfile slow --force
        expect_status 0
        expect_explained "containers: ; images: ds01-$BAKER/killed:latest ds01-$BAKER/proj:latest"
        try baker image-retire killed --yes --purge
        expect_status 0
    done
    expect_explained "containers: ; images: ds01-$BAKER/proj:latest"
}

@test "kill -9 of container-deploy, over and over: the next run works, nothing unexplained" {
    local round whole
    whole=$(seconds baker container-deploy proj --background)
    baker container-retire proj --yes --quiet </dev/null
    for ((round = 1; round <= ROUNDS; round++)); do
        hit KILL "$(between 0.002 "$whole")" baker container-deploy proj --background
        try baker container-deploy proj --background
        # Killed after its work was done, the container is there and is the user's.
        if [[ $status -ne 0 ]]; then expect_status 4; fi
        expect_equal "$(container_field "proj._.$BAKER" .State.Running)" "true"
        expect_explained "containers: /proj._.$BAKER; images: ds01-$BAKER/proj:latest"
        try baker container-retire proj --yes
        expect_status 0
        expect_explained "containers: ; images: ds01-$BAKER/proj:latest"
    done
}

@test "kill -9 of container-retire, over and over: the next run works, nothing unexplained" {
    local round whole
    baker container-deploy proj --background --quiet </dev/null
    whole=$(seconds baker container-retire proj --yes)
    for ((round = 1; round <= ROUNDS; round++)); do
        try baker container-deploy proj --background
        expect_status 0
        hit KILL "$(between 0.002 "$whole")" baker container-retire proj --yes
        try baker container-retire proj --yes
        [[ $status -eq 0 || $status -eq 3 ]] || told "the next run failed"
        expect_explained "containers: ; images: ds01-$BAKER/proj:latest"
    done
}

@test "kill -9 of a --force rebuild keeps an image of that name" {
    local round
    for ((round = 1; round <= 5; round++)); do
        hit KILL "$(between 0.005 0.5)" baker image-create proj --force --no-cache
        image_exists "ds01-$BAKER/proj:latest"
        [ -s "$(home_of "$BAKER_NAME")/dockerfiles/proj.Dockerfile" ]
    done
    try baker image-create proj --force
    expect_status 0
    # The build before is kept for --rollback, where there was another.
    api DELETE "/images/ds01-$BAKER/proj:previous" >/dev/null 2>&1 || true
    expect_explained "containers: ; images: ds01-$BAKER/proj:latest"
}

@test "what the builder loses for no fault of the Dockerfile's is built once more" {
    local once='if [ -e /seen/$NAME ]; then exit 0; fi; touch /seen/$NAME'
    local lost='echo "runc run failed: container process is already dead" >&2; exit 1'
    baker sh -c 'cat >lost' <<END
FROM $BASE
RUN --mount=type=cache,id=$RANDOM$RANDOM,target=/seen NAME=one; $once; $lost
END
    try baker image-create lost --dockerfile lost
    expect_status 0
    expect_stderr "Building again"
    image_exists "ds01-$BAKER/lost:latest"
    baker sh -c 'cat >lost' <<END
FROM $BASE
RUN echo $RANDOM; $lost
END
    try baker image-create lost --dockerfile lost --force
    expect_status 1
    expect_stderr "try again"
    expect_equal "$(grep -c 'Building again' <<<"$stderr")" 1
}

@test "two at once: one wins, the other is told, nothing breaks" {
    local first second round
    for ((round = 1; round <= 5; round++)); do
        first=0 second=0
        "$TESTS/e2e/call" baker container-deploy proj --background >"$BATS_TEST_TMPDIR/1" 2>&1 </dev/null 3>&- &
        "$TESTS/e2e/call" baker container-deploy proj --background >"$BATS_TEST_TMPDIR/2" 2>&1 </dev/null 3>&- || second=$?
        wait $! || first=$?
        cat "$BATS_TEST_TMPDIR/1" "$BATS_TEST_TMPDIR/2"
        expect_equal "$(printf '%s\n' "$first" "$second" | sort -n | paste -sd' ')" "0 4"
        expect_equal "$(container_field "proj._.$BAKER" .State.Running)" "true"
        baker container-retire proj --yes --quiet </dev/null
        # The first time made the workspace; each round begins without it.
        rm -rf "$(home_of "$BAKER_NAME")/workspace"
    done
}

@test "Ctrl-C while a command does not end says that the engine stops it all the same" {
    local command
    baker container-deploy stubborn proj --background --quiet -- bash -c 'trap "" TERM; while :; do sleep 1; done' </dev/null
    for command in "container-retire stubborn" "image-retire proj"; do
        # shellcheck disable=SC2086 # words
        hit INT 1.5 baker $command --force
        expect_status 130
        expect_stderr "Stopping stubborn, which may take 10 s."
        expect_stderr "hint: stubborn is being stopped all the same; container-start stubborn starts it again"
    done
}

@test "Ctrl-C while the engine creates: exit 130 and no container" {
    local round
    try baker image-create stopped --base "$BASE"
    for ((round = 1; round <= ROUNDS; round++)); do
        hit INT "$(between 0.01 0.06)" baker container-create stopped
        if ((status == 130)); then
            run container_exists "stopped._.$BAKER"
            [[ $status -ne 0 ]]
        else
            baker container-retire stopped --force >/dev/null 2>&1
        fi
    done
}

# engine_gets SIGNAL
engine_gets() {
    in_engine kill -s "$1" "$(<"$GROUND/dockerd.pid")"
}

teardown() {
    if ! on_podman; then engine_gets CONT; fi
}

@test "Ctrl-C with an engine that has fallen silent ends soon, and tells of it once" {
    local begin=$SECONDS pid log=$BATS_TEST_TMPDIR/log
    if on_podman; then skip "Docker's process is stopped"; fi
    baker sh -c "printf 'FROM $BASE\nRUN echo $RANDOM; sleep 9\n' >~/silent"
    begin "$log" timeout --foreground --preserve-status -s KILL 90 image-create silent --dockerfile silent
    pid=$!
    await_step 'sleep 9'
    engine_gets STOP
    kill -INT "$pid"
    status=0
    wait "$pid" || status=$?
    engine_gets CONT
    stderr=$(<"$log")
    expect_status 130
    ((SECONDS - begin < 60)) || told "it took $((SECONDS - begin)) s"
    [[ $(grep -c 'while undoing' <<<"$stderr") -le 1 ]] || told "told more than once"
    expect_stderr "what stays behind there is taken away by"
    baker ds01 gc --quiet </dev/null
    expect_explained "containers: ; images: ds01-$BAKER/proj:latest"
}
