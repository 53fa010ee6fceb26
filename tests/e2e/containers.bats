# container-create, deploy, start, stop, open, list, retire on an image that has its user.

load common

setup_file() {
    clean_ground
    baker image-create proj --base "$BASE" --quiet </dev/null
}

inside() {
    try baker container-open proj -- "$@"
}

# --- deploy -------------------------------------------------------------------

@test "--dry-run prints the request and changes nothing at all" {
    local engine home
    engine=$(engine_state)
    home=$(home_state "$BAKER_NAME")
    try baker container-deploy proj --background --dry-run
    expect_status 0
    [ -n "$output" ]
    try baker container-deploy proj --background --dry-run --json
    expect_status 0
    jq -e '.create.Image and .create.Labels["aime.mlc"]' <<<"$output" >/dev/null || told "no create request"
    expect_equal "$(engine_state)" "$engine"
    expect_equal "$(home_state "$BAKER_NAME")" "$home"
}

@test "container-deploy makes <name>._.<uid> straight from the image and starts it" {
    local images
    images=$(engine_state | grep '^image')
    try baker container-deploy proj --background
    expect_status 0
    expect_equal "$(container_field "proj._.$BAKER" '.State.Running')" "true"
    expect_equal "$(container_field "proj._.$BAKER" '.Image')" "$(image_field "ds01-$BAKER/proj:latest" '.Id')"
    expect_equal "$(engine_state | grep '^image' | cut -d' ' -f2 | sort -u)" "$(cut -d' ' -f2 <<<"$images" | sort -u)"
}

@test "the container carries AIME's ten labels and ours, without a comma" {
    need_running proj
    local home
    home=$(home_of "$BAKER_NAME")
    run container_field "proj._.$BAKER" '.Config.Labels | to_entries[] | "\(.key)=\(.value)"'
    expect_stdout "aime.mlc=$BAKER_NAME"
    expect_stdout "aime.mlc.NAME=proj"
    expect_stdout "aime.mlc.USER=$BAKER_NAME"
    expect_stdout "aime.mlc.ARCH="
    expect_stdout "aime.mlc.MLC_VERSION=4"
    expect_stdout "aime.mlc.WORK_MOUNT=$home/workspace/proj"
    expect_stdout "aime.mlc.DATA_MOUNT=-"
    expect_stdout "aime.mlc.MODELS_MOUNT=-"
    expect_stdout "aime.mlc.FRAMEWORK="
    expect_stdout "aime.mlc.GPUS="
    expect_stdout "aime.mlc.DS01_MANAGED=true"
    expect_stdout "aime.mlc.CUSTOM_IMAGE=ds01-$BAKER/proj:latest"
    expect_stdout "devcontainer.workspaceFolder=/workspace"
    [[ $output != *,* ]]
}

@test "AIME's way of finding its containers finds it" {
    need_running proj
    run api GET "/containers/json?filters=%7B%22label%22%3A%5B%22aime.mlc.USER%3D$BAKER_NAME%22%5D%7D"
    expect_equal "$(jq -r '.[0].Names[0]' <<<"$output")" "/proj._.$BAKER"
}

@test "the workspace was made by us and is the user's" {
    need_running proj
    expect_equal "$(stat -c %u:%g:%F "$(home_of "$BAKER_NAME")/workspace/proj")" "$BAKER:$BAKER:directory"
    expect_equal "$(stat -c %u:%g:%F "$(home_of "$BAKER_NAME")/workspace")" "$BAKER:$BAKER:directory"
}

@test "who one is inside, and whose the files are on the host" {
    need_running proj
    inside bash -c 'id -u; id -g; whoami; echo $HOME; pwd; echo hello >/workspace/hello'
    expect_status 0
    expect_equal "$output" "$BAKER
$BAKER
$BAKER_INSIDE
/home/$BAKER_INSIDE
/workspace"
    expect_equal "$(stat -c %u:%g "$(home_of "$BAKER_NAME")/workspace/proj/hello")" "$BAKER:$BAKER"
}

@test "sudo inside asks nothing" {
    need_running proj
    inside sudo -n id -u
    expect_status 0
    expect_equal "$output" "0"
}

@test "deploying it again: exit 4, and what to type next" {
    need_running proj
    try baker container-deploy proj --background
    expect_error 4 "proj"
    expect_equal "$(container_field "proj._.$BAKER" '.State.Running')" "true"
}

@test "at most five requests a deploy" {
    local requests
    try baker container-deploy five proj --background --verbose
    expect_status 0
    requests=$(grep -cE '(GET|POST|PUT|HEAD|DELETE) /' <<<"$stderr")
    ((requests >= 2 && requests <= 5)) || told "$requests requests"
}

@test "--workspace, --data, --models and --mount arrive, :ro read-only" {
    local home
    home=$(home_of "$BAKER_NAME")
    baker mkdir -p "$home/w" "$home/d" "$home/m" "$home/extra"
    try baker container-deploy mounts proj --background -w "$home/w" -d "$home/d" -m "$home/m" --mount "$home/extra:/extra:ro"
    expect_status 0
    try baker container-open mounts -- sh -c 'touch /workspace/a /data/b /models/c && (touch /extra/d 2>/dev/null || echo read-only)'
    expect_equal "$output" "read-only"
    [ -e "$home/w/a" ] && [ -e "$home/d/b" ] && [ -e "$home/m/c" ]
    expect_equal "$(container_field "mounts._.$BAKER" '.Config.Labels["aime.mlc.DATA_MOUNT"]')" "$home/d"
}

@test "a --data directory that is not there is refused and not made" {
    local before
    before=$(engine_state)
    try baker container-deploy nodata proj --background -d "$(home_of "$BAKER_NAME")/absent"
    [ "$status" -ne 0 ]
    expect_error "$status" "absent"
    [ ! -e "$(home_of "$BAKER_NAME")/absent" ]
    expect_equal "$(engine_state)" "$before"
}

@test "-e, --memory, --cpus, --shm-size and --pids reach the engine" {
    try baker container-deploy limits proj --background -e COLOUR=green -e "SENTENCE=a b,c" --memory 512m --cpus 1.5 --shm-size 128m --pids 300
    expect_status 0
    expect_equal "$(container_field "limits._.$BAKER" '[.HostConfig.Memory, .HostConfig.NanoCpus, .HostConfig.ShmSize, .HostConfig.PidsLimit] | join(" ")')" "536870912 1500000000 134217728 300"
    try baker container-open limits -- sh -c 'echo $COLOUR; echo $SENTENCE'
    expect_equal "$output" "green
a b,c"
}

@test "without an image of that name it says how to make one: exit 3" {
    try baker container-deploy nothing --background
    expect_error 3 "image-create"
}

@test "neither --open nor --background without a terminal: exit 2 before anything is made" {
    local before
    before=$(engine_state)
    try baker container-deploy undecided proj
    expect_error 2 "--background"
    expect_equal "$(engine_state)" "$before"
}

# --- other people's images ----------------------------------------------------

@test "an image of another user: the document's warning and cure, and a container all the same" {
    try rossi container-deploy proj --image "ds01-$BAKER/proj:latest" --background
    expect_status 0
    expect_stderr "UID/GID mismatch"
    expect_stderr "$BAKER"
    expect_stderr "$ROSSI"
    expect_stderr "image-create proj --force"
    try rossi container-open proj -- sh -c 'id -u; id -un; echo $HOME; sudo -n id -u'
    expect_equal "$output" "$ROSSI
m-rossi-at-hertie-school-lan
/home/m-rossi-at-hertie-school-lan
0"
    try rossi container-retire proj --yes
    expect_status 0
}

@test "--quiet: nothing but what needs heed, a warning too" {
    try rossi container-deploy hush --image "ds01-$BAKER/proj:latest" --background --quiet
    expect_status 0
    expect_equal "$output" ""
    [[ $stderr == "warning: "*"UID/GID mismatch"* ]] || told "no warning"
    expect_equal "$(wc -l <<<"$stderr")" "1"
    try rossi container-stop hush --quiet
    expect_equal "$output$stderr" ""
    try rossi container-start hush --quiet
    expect_equal "$output$stderr" ""
    try rossi container-retire hush --yes --quiet
    try baker container-deploy hush proj --background --quiet
    expect_equal "$output$stderr" ""
    try baker container-retire hush --yes --quiet
}

@test "--json: one document each of create, start, stop and deploy, on stdout alone" {
    local shape='[.name, .project, .image, .started, (.id | length), (.workspace | startswith("/"))] | map(tostring) | join(" ")'
    try baker container-create docs proj --json
    expect_equal "$(jq -r "$shape" <<<"$output")" "docs proj ds01-$BAKER/proj:latest false 64 true"
    try baker container-start docs --json
    expect_equal "$(jq -c . <<<"$output")" '{"name":"docs","state":"running","changed":true}'
    try baker container-start docs --json
    expect_equal "$(jq -c . <<<"$output")" '{"name":"docs","state":"running","changed":false}'
    try baker container-stop docs --json --dry-run
    expect_equal "$(jq -c . <<<"$output")" '{"name":"docs","state":"stopped","changed":true,"dry_run":true}'
    try baker container-stop docs --json
    expect_equal "$(jq -c . <<<"$output")" '{"name":"docs","state":"stopped","changed":true}'
    try baker container-retire docs --yes --quiet
    try baker container-deploy docs proj --json
    expect_equal "$(jq -r "$shape" <<<"$output")" "docs proj ds01-$BAKER/proj:latest true 64 true"
    try baker container-deploy docs proj --json
    expect_status 4
    expect_equal "$(jq -r '.error.code' <<<"$output")" "refused"
    jq -e '.error.message and .error.hint' <<<"$output" >/dev/null || told "no hint"
    try baker container-retire docs --yes --quiet
}

@test "labels that claim more than they hold are not believed" {
    need_image base
    printf 'FROM %s\nLABEL aime.mlc.DS01_HAS_USER_SETUP=true aime.mlc.DS01_USER_ID= aime.mlc.DS01_GROUP_ID=\n' "$BASE" >"$BATS_TEST_TMPDIR/Dockerfile"
    tar -C "$BATS_TEST_TMPDIR" -c Dockerfile | curl -sS --unix-socket "$SOCKET" -H 'Content-Type: application/x-tar' \
        --data-binary @- "http://engine/build?t=ds01-test/claims:1" >/dev/null
    try baker container-deploy claims --image ds01-test/claims:1 --background
    expect_status 0
    try baker container-open claims -- id -un
    expect_equal "$output" "$BAKER_INSIDE"
    try baker container-retire claims --yes
}

@test "the later ds01.* labels are read too" {
    printf 'FROM ds01-%s/proj:latest\nLABEL aime.mlc.DS01_HAS_USER_SETUP= aime.mlc.DS01_USER_ID= aime.mlc.DS01_GROUP_ID= ds01.has_user_setup=true ds01.user_id=%s ds01.group_id=%s\n' "$BAKER" "$BAKER" "$BAKER" >"$BATS_TEST_TMPDIR/Dockerfile"
    sed -i 's/ aime.mlc.DS01_[A-Z_]*=//g; s/LABEL aime.mlc.DS01_[A-Z_]*=/LABEL/' "$BATS_TEST_TMPDIR/Dockerfile"
    sed -i "s|^FROM.*|FROM $BASE|" "$BATS_TEST_TMPDIR/Dockerfile"
    tar -C "$BATS_TEST_TMPDIR" -c Dockerfile | curl -sS --unix-socket "$SOCKET" -H 'Content-Type: application/x-tar' \
        --data-binary @- "http://engine/build?t=ds01-test/later:1" >/dev/null
    try baker container-deploy later --image ds01-test/later:1 --background
    expect_status 0
}

# --- create, start, stop, open -------------------------------------------------

@test "container-create does not start" {
    try baker container-create idle proj
    expect_status 0
    expect_equal "$(container_field "idle._.$BAKER" '.State.Status')" "created"
}

@test "container-start starts, and again says so without harm" {
    container_exists "idle._.$BAKER" || baker container-create idle proj --quiet </dev/null
    try baker container-start idle
    expect_status 0
    expect_equal "$(container_field "idle._.$BAKER" '.State.Running')" "true"
    try baker container-start idle
    expect_status 0
}

@test "container-stop ends the shell, which need not be killed" {
    need_running idle proj
    try baker container-stop idle --yes
    expect_status 0
    expect_equal "$(container_field "idle._.$BAKER" '.State.Running')" "false"
    [[ $(container_field "idle._.$BAKER" '.State.ExitCode') != 137 ]] || told "it was killed"
}

@test "container-open starts a stopped container and passes output and exit code" {
    need_running idle proj
    baker container-stop idle --quiet </dev/null
    try baker container-open idle -- sh -c 'echo out; echo err >&2; exit 42'
    expect_status 42
    expect_equal "$output" "out"
    expect_stderr "err"
}

@test "container-open passes stdin" {
    need_running idle proj
    run --separate-stderr bash -c "printf 'a b\nc' | '$TESTS/e2e/call' baker container-open idle -- cat"
    expect_status 0
    expect_equal "$output" "a b
c"
}

@test "a command that is not there: 127; one that cannot run: 126" {
    need_running idle proj
    run -127 --separate-stderr "$TESTS/e2e/call" baker container-open idle -- no-such-command </dev/null
    expect_error 127 "no-such-command"
    try baker container-open idle -- /etc/passwd
    expect_status 126
}

@test "a megabyte through container-open arrives whole" {
    need_running idle proj
    run --separate-stderr bash -c "'$TESTS/e2e/call' baker container-open idle -- head -c 1048576 /dev/zero </dev/null | sha256sum"
    expect_equal "$output" "$(head -c 1048576 /dev/zero | sha256sum)"
}

@test "container-exec: any bytes both ways, errors apart, and the end of the input" {
    need_running idle proj
    head -c 3000000 /dev/urandom >"$BATS_TEST_TMPDIR/bytes"
    "$TESTS/e2e/call" baker container-exec idle -- sh -c 'cat; echo noise >&2' <"$BATS_TEST_TMPDIR/bytes" >"$BATS_TEST_TMPDIR/back" 2>"$BATS_TEST_TMPDIR/noise"
    cmp "$BATS_TEST_TMPDIR/bytes" "$BATS_TEST_TMPDIR/back"
    expect_equal "$(cat "$BATS_TEST_TMPDIR/noise")" "noise"
    run --separate-stderr bash -c "seq 100000 | '$TESTS/e2e/call' baker container-exec idle -- sh -c 'sort -n | tail -n 1; echo more'"
    expect_equal "$output" "100000
more"
    run --separate-stderr bash -c "yes | '$TESTS/e2e/call' baker container-exec idle -- head -n 1"
    expect_equal "$output" "y"
}

@test "container-exec: exit codes; on a stopped container it says so and starts nothing" {
    need_running idle proj
    run -127 --separate-stderr "$TESTS/e2e/call" baker container-exec idle -- no-such-command </dev/null
    expect_error 127 "no-such-command"
    try baker container-exec idle -- /etc/passwd
    expect_error 126 "/etc/passwd"
    try baker container-exec idle -- sh -c 'kill -KILL $$'
    expect_status 137
    expect_equal "$stderr" ""
    try baker container-stop idle
    try baker container-exec idle -- true
    expect_error 4 "container-start idle"
    expect_equal "$(container_field "idle._.$BAKER" '.State.Running')" "false"
    try baker container-start idle
}

@test "a container of another user is not found: exit 3" {
    need_running proj
    try rossi container-open proj -- true
    expect_error 3 "proj"
    try rossi container-stop proj --yes
    expect_error 3 "proj"
    try rossi container-retire proj --yes
    expect_error 3 "proj"
    container_exists "proj._.$BAKER"
}

# --- list ---------------------------------------------------------------------

# one_that_runs_and_one_that_does_not: proj, and mounts
one_that_runs_and_one_that_does_not() {
    need_running proj
    need_running mounts proj
    baker container-stop mounts --yes --quiet </dev/null
}

@test "container-list shows one's own, running first" {
    one_that_runs_and_one_that_does_not
    try baker container-list
    expect_status 0
    for column in NAME PROJECT STATUS UPTIME IMAGE GPUS WORKSPACE; do
        [[ ${lines[0]} == *$column* ]] || told "no column $column"
    done
    expect_stdout "proj"
    [[ ${lines[-1]} == mounts* ]] || told "the stopped one is not last"
}

@test "container-list --json, --output, --noheadings" {
    one_that_runs_and_one_that_does_not
    try baker container-list --json
    jq -e 'type == "array" and any(.[]; .name == "proj" and (.status | test("running"; "i")))' <<<"$output" >/dev/null ||
        told "expected proj"
    jq -e '.[] | select(.name == "proj") | (.started | test("^2.*Z$")) and (.uptime_seconds | type == "number")' \
        <<<"$output" >/dev/null || told "expected its start"
    jq -e '.[] | select(.name == "mounts") | .started == null and .uptime_seconds == null' <<<"$output" >/dev/null ||
        told "expected no start"
    try baker container-list --noheadings --output NAME,SECONDS
    grep -qE "^proj +[0-9]+$" <<<"$output"
    try baker container-list --noheadings --output NAME
    grep -qx "proj *" <<<"$output"
    try baker container-ls --noheadings --output NAME
    expect_status 0
}

@test "container-list of someone without containers is [] and exit 0" {
    try rossi container-list --json
    expect_status 0
    expect_equal "$(jq -c . <<<"$output")" "[]"
}

@test "uid 172283049 does not see what uid 1722830498 has" {
    try user prefix 172283049 container-list --json
    expect_equal "$(jq -c . <<<"$output")" "[]"
}

@test "container-list --all-users shows theirs too" {
    need_running proj
    try user root 0 container-list --all-users --json
    expect_status 0
    jq -e 'any(.[]; .name == "proj")' <<<"$output" >/dev/null || told "expected proj"
}

# --- retire -------------------------------------------------------------------

@test "container-retire without a terminal wants --yes: exit 2" {
    need_running proj
    try baker container-retire proj
    expect_error 2 "--yes|--force"
    container_exists "proj._.$BAKER"
}

@test "container-retire --dry-run changes nothing" {
    need_running proj
    local before
    before=$(engine_state)
    try baker container-retire proj --dry-run
    expect_status 0
    expect_equal "$(engine_state)" "$before"
}

@test "container-retire stops and removes; workspace and image stay" {
    need_running proj
    inside touch /workspace/hello
    try baker container-retire proj --yes
    expect_status 0
    run container_exists "proj._.$BAKER"
    [ "$status" -ne 0 ]
    [ -f "$(home_of "$BAKER_NAME")/workspace/proj/hello" ]
    image_exists "ds01-$BAKER/proj:latest"
}

@test "several at once; one that is not there is named and the others go" {
    need_running five proj
    need_running mounts proj
    try baker container-retire five absent mounts --yes
    expect_status 3
    expect_stderr "absent"
    run container_exists "five._.$BAKER"
    [ "$status" -ne 0 ]
    run container_exists "mounts._.$BAKER"
    [ "$status" -ne 0 ]
}

@test "afterwards only images and explained containers are on the engine" {
    need_running limits proj
    need_running idle proj
    need_running later proj
    try baker container-retire limits idle later --yes
    expect_status 0
    expect_equal "$(api GET '/containers/json?all=1' | jq length)" "0"
    expect_equal "$(api GET '/volumes' | jq '(.Volumes // []) | length')" "0"
}

@test "someone whose name holds a comma finds their containers" {
    try user "a,b" 7100 image-create comma --base "$BASE"
    expect_status 0
    try user "a,b" 7100 container-deploy comma --background
    if on_podman; then
        expect_error 1 "Podman mounts no directory with a comma"
        return 0
    fi
    expect_status 0
    try user "a,b" 7100 container-list --noheadings
    expect_stdout comma
    try user "a,b" 7100 container-retire comma --force
    expect_status 0
}

# --- leaving ------------------------------------------------------------------

@test "--stop-after: the container stops when nothing else runs in it" {
    try baker container-deploy left proj --background
    expect_status 0
    try baker container-open left --stop-after -- bash -c 'exit 7'
    expect_status 7
    expect_stderr "The container left is stopped."
    expect_equal "$(container_field "left._.$BAKER" .State.Running)" "false"
}

@test "--stop-after: another's shell, or work in the background, keeps it running" {
    need_running left proj
    try baker container-open left --stop-after -- bash -c 'sleep 30 >/dev/null 2>&1 &'
    expect_status 0
    expect_stderr "runs on: something else"
    expect_equal "$(container_field "left._.$BAKER" .State.Running)" "true"
    try baker container-exec left -- pkill sleep
    try baker container-open left -- true
    expect_equal "$stderr" ""
    expect_equal "$(container_field "left._.$BAKER" .State.Running)" "true"
}

@test "--stop-after: a command of its own is not stopped by who looked in" {
    try baker container-deploy ownjob proj --background -- sleep 60
    expect_status 0
    try baker container-open ownjob --stop-after -- true
    expect_status 0
    expect_stderr "until its command ends"
    expect_equal "$(container_field "ownjob._.$BAKER" .State.Running)" "true"
    try baker container-deploy other proj --background --stop-after
    expect_error 2 "stop-after"
    run ! container_exists "other._.$BAKER"
}

@test "one's containers are found by the uid while the users' database knows no name" {
    try baker image-create nameless --base "$BASE"
    try baker container-deploy nameless --background
    expect_status 0
    AS_USER_ENV="HOME=$(home_of "$BAKER_NAME")" try user - "$BAKER" container-list --noheadings --output NAME
    expect_stdout nameless
    AS_USER_ENV="HOME=$(home_of "$BAKER_NAME")" try user - "$BAKER" container-exec nameless -- echo here
    expect_equal "$output" here
    # And the other way: made without a name, kept when it is known again.
    AS_USER_ENV="HOME=$(home_of "$BAKER_NAME")" try user - "$BAKER" container-deploy while-away nameless --background
    expect_status 0
    try baker container-retire nameless while-away --yes
    expect_status 0
    try rossi container-exec nameless -- true
    expect_status 3
}

# --- several at once ------------------------------------------------------------

@test "container-start and -stop: several names, --all, and what --dry-run would do" {
    local user=("$TESTS/ground/as-user" s.several@x 1722830642)
    "${user[@]}" container-create one --image "$BASE" --quiet </dev/null
    "${user[@]}" container-create two --image "$BASE" --quiet </dev/null
    "${user[@]}" container-deploy ended --image "$BASE" --quiet -- true </dev/null
    try "${user[@]}" container-start --all --dry-run
    expect_status 0
    expect_equal "$output" "The container one would be running.
The container two would be running."
    try "${user[@]}" container-start one --dry-run --json
    expect_equal "$(jq -c . <<<"$output")" '{"name":"one","state":"running","changed":true,"dry_run":true}'
    expect_equal "$(container_field one._.1722830642 .State.Status)" "created"
    try "${user[@]}" container-start one two one
    expect_status 0
    expect_equal "$output" "The container one is running.
The container two is running.
The container one was running already."
    try "${user[@]}" container-stop one no-such two --json
    expect_status 3
    expect_equal "$(jq -c '[.error.code, .changed[].name]' <<<"$output")" '["not-found","one","two"]'
    expect_equal "$(container_field two._.1722830642 .State.Running)" "false"
    try "${user[@]}" container-start two --json
    expect_equal "$(jq -c . <<<"$output")" '{"name":"two","state":"running","changed":true}'
    try "${user[@]}" container-stop --all --json
    expect_equal "$(jq -c '[.[].name]' <<<"$output")" '["two"]'
    try "${user[@]}" container-stop --all
    expect_status 0
    expect_stderr "none to be changed"
}

@test "container-start and -stop without a name, or with names and --all: exit 2" {
    try baker container-start
    expect_error 2 "name is missing"
    try baker container-stop proj --all
    expect_error 2 "not both"
}
