# image-list --orphans, image-retire --orphans, ds01 gc: what nothing needs any more goes, and
# nothing else.

load common
load terminal

# Of a process that cannot live: it is of another boot.
readonly DEAD="00000000-0000-0000-0000-000000000000;1;1"
# Nobody: no passwd entry, no process.
readonly STRANGER=61077

setup() {
    clean_ground
    baker image-create proj --base "$BASE" --quiet </dev/null
}

teardown() {
    tm kill-server 2>/dev/null || true
    expect_no_report
}

# old NAME [KEY=VALUE…]: an image of 2020
old() {
    "$TESTS/ground/load-images" "$SOCKET" <<<"$*"
}

# create NAME IMAGE [LABELS]: a container as the engine makes it, never started
create() {
    api POST "/containers/create?name=$1" "$(jq -nc --arg image "$2" --argjson labels "${3:-{\}}" \
        '{Image: $image, Cmd: ["sh"], Labels: $labels}')" >/dev/null
}

# tag IMAGE NEW
tag() {
    api POST "/images/$1/tag?repo=${2%:*}&tag=${2##*:}" >/dev/null
}

# gone NAME, stays NAME: an image
gone() {
    run image_exists "$1"
    [[ $status -ne 0 ]] || told "expected gone: $1"
}

stays() {
    image_exists "$1" || told "expected to stay: $1"
}

@test "image-list --orphans: whose committed images there are, and which no container uses" {
    old "aimehub/torch:left._.$BAKER" && old "aimehub/torch:used._.$BAKER" && old "aimehub/torch:hers._.$ROSSI"
    create "used._.$BAKER" "aimehub/torch:used._.$BAKER"
    try baker image-list --orphans --json
    expect_status 0
    expect_equal "$(jq -r '.[] | "\(.image) \(.state) \(.containers | join(" "))"' <<<"$output")" \
        "aimehub/torch:left._.$BAKER orphan 
aimehub/torch:used._.$BAKER in-use used"
    try baker image-list --orphans --all --output IMAGE --noheadings
    expect_stdout "aimehub/torch:hers._.$ROSSI"
}

@test "image-list --orphans on 80 columns: rows that can be told apart, each on a line" {
    local name
    for name in exp1 exp2; do
        old "aimehub/pytorch-2.8.0-aime-cuda12.8:$name._.$BAKER"
    done
    TERMINAL_COLUMNS=80 open_terminal "$TESTS/e2e/call" baker image-list --orphans
    sees 'exit=0'
    sees '^IMAGE .* STATE *$'
    sees "^…[^ ]*:exp1\._\.$BAKER .* orphan *$"
    sees "^…[^ ]*:exp2\._\.$BAKER .* orphan *$"
    try baker image-list --orphans
    expect_stdout "PROJECT"
    expect_stdout "aimehub/pytorch-2.8.0-aime-cuda12.8:exp1._.$BAKER"
}

@test "image-retire --orphans removes one's own that no container uses, and says what it frees" {
    local state
    old "aimehub/torch:left._.$BAKER" && old "aimehub/torch:used._.$BAKER" && old "aimehub/torch:hers._.$ROSSI"
    create "used._.$BAKER" "aimehub/torch:used._.$BAKER"
    state=$(engine_state)
    try baker image-retire --orphans --dry-run
    expect_status 0
    expect_stdout "Would remove the committed image aimehub/torch:left._.$BAKER"
    expect_stdout "That would free"
    try baker image-retire --orphans
    expect_error 2 "--yes"
    expect_stderr "nobody can be asked: Remove 1 committed image that"
    try baker image-retire --orphans proj
    expect_error 2
    try baker image-retire --all-users proj
    expect_error 2
    expect_equal "$(engine_state)" "$state"
    try baker image-retire --orphans --yes --json
    expect_status 0
    expect_equal "$(jq -r '.items[] | "\(.name) \(.outcome) \(.bytes > 0)"' <<<"$output")" \
        "aimehub/torch:left._.$BAKER removed true"
    gone "aimehub/torch:left._.$BAKER"
    stays "aimehub/torch:used._.$BAKER"
    stays "aimehub/torch:hers._.$ROSSI"
    try baker image-retire --orphans --yes
    expect_status 0
    expect_stderr "no committed images"
}

@test "image-retire --orphans names on a terminal what it asks about" {
    old "aimehub/torch:left._.$BAKER" && old "aimehub/torch:more._.$BAKER" && old "aimehub/torch:used._.$BAKER"
    create "used._.$BAKER" "aimehub/torch:used._.$BAKER"
    open_terminal "$TESTS/e2e/call" baker image-retire --orphans
    sees 'Remove 2 committed images that no container uses\? \[y/N\]'
    sees "^  aimehub/torch:left\._\.$BAKER \([0-9.]+ k?B\)$"
    sees "^  aimehub/torch:more\._\.$BAKER \([0-9.]+ k?B\)$"
    run screen
    [[ $output != *used._.* ]] || told "it names one that stays"
    tm send-keys n Enter
    sees 'exit=4'
    stays "aimehub/torch:left._.$BAKER"
}

@test "only root decides for all users" {
    old "aimehub/torch:left._.$BAKER" && old "aimehub/torch:hers._.$ROSSI" && old "aimehub/torch:theirs._.$STRANGER"
    rossi true # has a home
    try baker image-retire --orphans --all-users --yes
    expect_error 4 "root"
    try baker ds01 gc --all-users
    expect_error 4 "root"
    try user root 0 image-retire --orphans --yes
    expect_status 0
    stays "aimehub/torch:left._.$BAKER"
    try user root 0 image-retire --orphans --all-users --yes
    expect_status 0
    expect_stdout "of the user $STRANGER"
    gone "aimehub/torch:left._.$BAKER"
    gone "aimehub/torch:hers._.$ROSSI"
    gone "aimehub/torch:theirs._.$STRANGER"
    stays "ds01-$BAKER/proj:latest"
}

@test "a committed image of a moment ago is kept: an older tool may be about to use it" {
    create "fresh._.$BAKER" "$BASE"
    api POST "/commit?container=fresh._.$BAKER&repo=aimehub/torch&tag=fresh._.$BAKER" "{}" >/dev/null
    api DELETE "/containers/fresh._.$BAKER" >/dev/null
    try baker ds01 gc --dry-run
    expect_status 0
    expect_stdout "Would keep the committed image aimehub/torch:fresh"
    expect_stdout "ten minutes"
    try baker ds01 doctor orphans
    [[ $output != *fresh* ]] || told "doctor finds what gc keeps"
    try baker ds01 gc
    expect_status 0
    expect_stdout "Kept"
    expect_stdout "ten minutes"
    stays "aimehub/torch:fresh._.$BAKER"
}

@test "ds01 gc: what interrupted commands left, and old builds" {
    local labels state old_build
    labels=$(jq -nc --arg uid "$BAKER" --arg dead "$DEAD" '{"aime.mlc.DS01_USER_ID": $uid,
        "aime.mlc.DS01_DEPLOY": "true", "aime.mlc.DS01_CREATED_BY": $dead}')
    create "died._.$BAKER" "ds01-$BAKER/proj:latest" "$labels"
    create "ds01-setup-$BAKER-x" "$BASE" "$(jq -c --arg dead "$DEAD" '.["aime.mlc.DS01_TEMPORARY"] = $dead' <<<"$labels")"
    create "half._.$BAKER" "$BASE" "$(jq -c '.["aime.mlc.DS01_DEPLOY"] = "" | .["aime.mlc.DS01_LAST_SETUP_FILE"] = "/home/x/.bashrc"' <<<"$labels")"
    create "alive._.$BAKER" "$BASE" "$(jq -c --arg stamp "$(cat /proc/sys/kernel/random/boot_id);$$;$(cut -d' ' -f22 /proc/$$/stat)" \
        '.["aime.mlc.DS01_CREATED_BY"] = $stamp' <<<"$labels")"
    create "waits._.$BAKER" "ds01-$BAKER/proj:latest" "$(jq -c '.["aime.mlc.DS01_DEPLOY"] = ""' <<<"$labels")"
    tag "ds01-$BAKER/proj:latest" "ds01-$BAKER/gone:previous"
    tag "$BASE" "ds01-$BAKER/moved:latest"
    tag "ds01-$BAKER/proj:latest" "ds01-$BAKER/moved:keep"
    tag "ds01-$BAKER/proj:latest" "ds01-$BAKER/proj:nobody._.$BAKER"
    tag "ds01-$BAKER/proj:latest" "ds01-$BAKER/proj:waits._.$BAKER"
    tag "ds01-$BAKER/proj:latest" "ds01-$ROSSI/proj:previous"
    baker sh -c "printf 'FROM $BASE\nRUN echo old\n' >~/old"
    baker image-create old --dockerfile old --quiet </dev/null
    old_build=$(image_field "ds01-$BAKER/old:latest" .Id)
    api DELETE "/images/ds01-$BAKER/old:keep" >/dev/null
    tag "ds01-$BAKER/proj:latest" "ds01-$BAKER/old:latest"
    state=$(engine_state)

    try baker ds01 gc --dry-run --json
    expect_status 0
    expect_equal "$(jq -r '.items[] | "\(.kind) \(.name)"' <<<"$output")" "deploy died
half-made half
setup ds01-setup-$BAKER-x
build old
previous ds01-$BAKER/gone:previous
keep ds01-$BAKER/moved:keep
name ds01-$BAKER/proj:nobody._.$BAKER
name ds01-$BAKER/proj:waits._.$BAKER"
    expect_equal "$(engine_state)" "$state"

    try baker ds01 gc
    expect_status 0
    expect_stdout "Removed the container died, which an interrupted deploy left."
    expect_stdout "Freed"
    expect_equal "$(api GET '/containers/json?all=1' | jq -r '.[].Names[0]' | sort | paste -sd' ')" \
        "/alive._.$BAKER /waits._.$BAKER"
    gone "$old_build"
    gone "ds01-$BAKER/gone:previous"
    gone "ds01-$BAKER/proj:nobody._.$BAKER"
    stays "ds01-$BAKER/proj:latest"
    stays "ds01-$ROSSI/proj:previous"
    try baker ds01 gc
    expect_status 0
    expect_stderr "nothing to remove"
    expect_equal "$output" ""
}

@test "what cannot be removed is told, with --quiet too" {
    local layer
    if on_podman; then skip "tried with Docker only"; fi
    create "died._.$BAKER" "$BASE" "$(jq -nc --arg uid "$BAKER" --arg dead "$DEAD" '{"aime.mlc.DS01_USER_ID": $uid,
        "aime.mlc.DS01_DEPLOY": "true", "aime.mlc.DS01_CREATED_BY": $dead}')"
    layer=$(api GET "/containers/died._.$BAKER/json" | jq -r .GraphDriver.Data.UpperDir)
    # Not on every file system can a file be made to stay.
    in_engine chattr +i "$layer" || return 0
    try baker ds01 gc --quiet
    in_engine chattr -i "$layer"
    expect_status 1
    expect_equal "$output" ""
    expect_stderr "warning: could not remove the container died"
}

@test "a saved image that a killed container-retire never named" {
    local id
    create "saved._.$BAKER" "ds01-$BAKER/proj:latest"
    id=$(api POST "/commit?container=saved._.$BAKER&changes=LABEL%20aime.mlc.DS01_CREATED_BY%3D%22%22" "{}" | jq -r .Id)
    api DELETE "/containers/saved._.$BAKER" >/dev/null
    try baker ds01 gc
    expect_status 0
    expect_stdout "Removed an old build of proj"
    gone "$id"
}

@test "an old build goes with the last container that uses it" {
    local old_build
    baker container-deploy proj --background --quiet </dev/null
    old_build=$(image_field "ds01-$BAKER/proj:latest" .Id)
    baker sh -c "printf 'FROM $BASE\nRUN echo new\n' >~/new"
    baker image-create proj --dockerfile new --force --quiet </dev/null
    api DELETE "/images/ds01-$BAKER/proj:previous?force=1" >/dev/null
    try baker ds01 gc
    expect_status 0
    stays "$old_build"
    baker container-retire proj --yes --quiet </dev/null
    try baker ds01 gc
    expect_stdout "Removed an old build of proj"
    gone "$old_build"
}

@test "what a command is working on is kept, and said so" {
    local locks
    old "aimehub/torch:busy._.$BAKER"
    locks=$(home_of "$BAKER_NAME")/.ds01-config/locks
    baker sh -c 'mkdir -p .ds01-config/locks && : >.ds01-config/locks/container-busy && : >.ds01-config/locks/image-killed'
    exec 8>"$locks/container-busy"
    flock 8
    try baker ds01 gc
    expect_status 0
    expect_stdout "another ds01 command is working on it"
    expect_stdout "1 lock file"
    [ -e "$locks/container-busy" ]
    [ ! -e "$locks/image-killed" ]
    stays "aimehub/torch:busy._.$BAKER"
    try user root 0 ds01 gc --all-users
    expect_stdout "another ds01 command is working on it"
    exec 8>&-
    try user root 0 ds01 gc --all-users
    expect_stdout "Removed the committed image aimehub/torch:busy._.$BAKER"
    run find "$(home_of "$BAKER_NAME")" ! -uid "$BAKER"
    expect_equal "$output" ""
}

@test "a container that a killed container-create left without the user is replaced by the next" {
    local labels
    labels=$(jq -nc --arg uid "$BAKER" --arg dead "$DEAD" '{"aime.mlc.DS01_USER_ID": $uid,
        "aime.mlc.DS01_CREATED_BY": $dead, "aime.mlc.DS01_LAST_SETUP_FILE": "/home/x/.bashrc"}')
    create "half._.$BAKER" "$BASE" "$labels"
    try baker container-create half "$BASE" --user-setup inject
    expect_status 0
    try baker ds01 gc
    expect_status 0
    try baker container-start half
    expect_status 0
    try baker container-exec half -- sh -c 'whoami; cat ~/.bashrc >/dev/null && echo home'
    expect_stdout "$BAKER_INSIDE
home"
}

@test "image-retire says that the Dockerfile stays only where there is one" {
    baker rm dockerfiles/proj.Dockerfile
    try baker image-retire proj --yes
    expect_status 0
    [[ $output != *Dockerfile* ]] || told "there is none"
    try baker image-create proj --base "$BASE"
    try baker image-retire proj --yes
    expect_stdout "Its Dockerfile stays"
}

@test "gc removes the lab's files for a build that was killed, and those of no other" {
    local live
    live="$(cat /proc/sys/kernel/random/boot_id);$$;$(cut -d ' ' -f 22 /proc/$$/stat)"
    old ds01-network:dead aime.mlc.DS01_NETWORK=dead "aime.mlc.DS01_TEMPORARY=$DEAD"
    old ds01-network:live aime.mlc.DS01_NETWORK=live "aime.mlc.DS01_TEMPORARY=$live"
    # The name went to a build that was killed while another one still needs it.
    old ds01-network:shared aime.mlc.DS01_NETWORK=shared "aime.mlc.DS01_TEMPORARY=$DEAD"
    old ds01-network:sharing aime.mlc.DS01_NETWORK=shared "aime.mlc.DS01_TEMPORARY=$live"
    try baker ds01 gc --dry-run
    expect_stdout "ds01-network:dead, the lab's files for a build that was killed"
    try baker ds01 gc
    expect_status 0
    gone ds01-network:dead
    stays ds01-network:live
    stays ds01-network:shared
    stays ds01-network:sharing
}
