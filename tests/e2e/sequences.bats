# After any sequence of commands, killed where they may be: all that is on the engine belongs to
# a live project or is listed by doctor, and gc leaves exactly the former.
#
# DS01_SEED types the same again, though three at once never meet in the same way twice;
# DS01_SEQUENCES says how many.

load common

readonly THIRD_NAME=k.lang@hertie-school.lan THIRD=1722830461

# Six hundred commands are no hang: they take four minutes on two busy processors.
setup_file() {
    if [[ -n ${BATS_TEST_TIMEOUT:-} ]]; then export BATS_TEST_TIMEOUT=1200; fi
}

setup() {
    clean_ground
}

third() {
    "$TESTS/ground/as-user" "$THIRD_NAME" "$THIRD" "$@"
}

# each_user CMD…
each_user() {
    baker "$@" </dev/null
    rossi "$@" </dev/null
    third "$@" </dev/null
}

# Waits until the engine has ended what killed commands had asked of it.
settle() {
    local before now="" tenth
    for ((tenth = 0; tenth < 100; tenth++)); do
        before=$now
        now=$(engine_state)
        if [[ $now == "$before" && $now != *" removing"* ]]; then return 0; fi
        sleep 1
    done
    told "the engine does not come to rest"
}

# The handles of what is on the engine, one a line: a container's id, an image's name, or the id
# of one that has none.
handles() {
    api GET "/containers/json?all=1" | jq -r '.[].Id'
    api GET "/images/json" | jq -r '.[] | .Id as $id
        | [(.RepoTags // [])[] | select(. != "<none>:<none>")] | if length > 0 then .[] else $id end' |
        grep -vx 'ds01-test/[^:]*:1' || true
}

# What doctor lists of all three, one handle a line.
listed() {
    local person
    for person in baker rossi third; do
        { "$person" ds01 doctor leftovers orphans --json </dev/null || true; } | jq -r '.findings[].subject'
    done
}

# The names of the engine's volumes, and of those that containers have.
volumes() {
    api GET /volumes | jq -r '(.Volumes // [])[].Name' | sort
}

mounted_volumes() {
    api GET "/containers/json?all=1" | jq -r '.[].Mounts[] | select(.Type == "volume") | .Name' | sort
}

# True for a container that was created, never started, and lacks what it was to have.
is_half_made() {
    local labels file
    labels=$(container_field "$1" '.Config.Labels')
    [[ $(container_field "$1" .State.Status) == created ]] || return 1
    [[ $(jq -r '.["aime.mlc.DS01_DEPLOY"] // ""' <<<"$labels") == true ]] && return 0
    file=$(jq -r '.["aime.mlc.DS01_LAST_SETUP_FILE"] // "-"' <<<"$labels")
    [[ $file == /* ]] || return 1
    ! curl -sf -o /dev/null --unix-socket "$SOCKET" -I "http://engine/containers/$1/archive?path=$file"
}

name_of_uid() {
    grep ":x:$1:" "$GROUND/passwd" | cut -d: -f1
}

# The test's own word on an image's name: does it belong to a live project or container?
name_is_live() {
    local reference=$1 containers=$2 uid project tag
    tag=${reference##*:}
    if [[ $tag == *._.* ]]; then
        jq -e --arg name "$reference" 'any(.Image == $name)' <<<"$containers" >/dev/null
        return
    fi
    uid=${reference#ds01-} && uid=${uid%%/*}
    project=${reference#*/} && project=${project%:*}
    case $tag in
    # What container-retire --save has made may have no Dockerfile.
    latest) [[ -f $(home_of "$(name_of_uid "$uid")")/dockerfiles/$project.Dockerfile ||
        $(image_field "$reference" '.Config.Labels["aime.mlc.DS01_SAVED_FROM"] // ""') ]] ;;
    previous) image_exists "ds01-$uid/$project:latest" ;;
    kept) ;; # saved by that name: it stays until it is retired by it
    keep) [[ $(image_field "$reference" .Id) == "$(image_field "ds01-$uid/$project:latest" .Id 2>/dev/null)" ]] ;;
    *) return 1 ;;
    esac
}

# The handles of all that is of use, by other means than ds01's.
live() {
    local handle containers id half=()
    containers=$(api GET "/containers/json?all=1")
    for id in $(jq -r '.[].Id' <<<"$containers"); do
        if [[ $(container_field "$id" .Name) == /ds01-setup-* ]] || is_half_made "$id"; then
            half+=("$id")
        else
            echo "$id"
        fi
    done
    containers=$(jq -c '[.[] | select(.Id as $id | $ARGS.positional | index($id) | not)]' --args "${half[@]}" <<<"$containers")
    for handle in $(handles | grep -E '^sha256:|:' || true); do
        if [[ $handle == sha256:* ]]; then
            jq -e --arg id "$handle" 'any(.ImageID == $id)' <<<"$containers" >/dev/null && echo "$handle"
        else
            name_is_live "$handle" "$containers" && echo "$handle"
        fi
    done
    return 0
}

@test "random sequences by three at once: everything is explained, and gc leaves what is live" {
    local seed=${DS01_SEED:-$RANDOM} sequences=${DS01_SEQUENCES:-200} person pids=() bad handle uid
    echo "seed $seed: DS01_SEED=$seed DS01_SEQUENCES=$sequences" >&2
    for person in "$BAKER" "$ROSSI" "$THIRD"; do
        need_image "own-$person"
        need_image "volume-$person"
    done
    for person in "$BAKER_NAME $BAKER" "$ROSSI_NAME $ROSSI" "$THIRD_NAME $THIRD"; do
        # shellcheck disable=SC2086 # name and uid
        "$TESTS/e2e/sequences" $person $((seed + ${#pids[@]})) $(((sequences + 2) / 3)) \
            "$BAKER" "$ROSSI" "$THIRD" >"$BATS_TEST_TMPDIR/${#pids[@]}" 2>&1 3>&- &
        pids+=($!)
    done
    # Root collects everybody's while they work: it must take nothing from under their hands.
    while kill -0 "${pids[0]}" 2>/dev/null; do
        "$TESTS/ground/as-user" root 0 ds01 gc --all-users >>"$BATS_TEST_TMPDIR/gc" 2>&1 </dev/null || true
        sleep 2
    done
    wait "${pids[@]}" || told "a driver failed: $(tail -n 5 "$BATS_TEST_TMPDIR"/[0-2])"
    bad=$(grep -h '^BAD' "$BATS_TEST_TMPDIR"/[0-2] || true)
    if [[ -n $bad ]]; then
        grep -h -B 22 '^BAD' "$BATS_TEST_TMPDIR"/[0-2] | head -n 100 >&2
        tail -n 30 "$BATS_TEST_TMPDIR/gc" >&2
        told "$(head -n 20 <<<"$bad")"
    fi
    settle
    echo "# seed $seed: $(cat "$BATS_TEST_TMPDIR"/[0-2] | grep -c '^# .* sequence') sequences," \
        "$(cat "$BATS_TEST_TMPDIR"/[0-2] | grep -c '^exit') commands," \
        "$(cat "$BATS_TEST_TMPDIR"/[0-2] | grep -c '^exit 137') of them killed" >&3

    handles | sort -u >"$BATS_TEST_TMPDIR/there"
    live | sort -u >"$BATS_TEST_TMPDIR/live"
    listed | sort -u >"$BATS_TEST_TMPDIR/listed"
    cat "$BATS_TEST_TMPDIR"/[0-2] >&2
    for handle in $(sort -u "$BATS_TEST_TMPDIR/live" "$BATS_TEST_TMPDIR/listed" | comm -3 - "$BATS_TEST_TMPDIR/there"); do
        { image_field "$handle" '{Id, Created, RepoTags, Labels: .Config.Labels}' ||
            container_field "$handle" '{Name, State, Image, Labels: .Config.Labels}'; } >&2 2>/dev/null || true
    done
    expect_equal "$(sort -u "$BATS_TEST_TMPDIR/live" "$BATS_TEST_TMPDIR/listed")" "$(cat "$BATS_TEST_TMPDIR/there")"
    expect_equal "$(comm -12 "$BATS_TEST_TMPDIR/live" "$BATS_TEST_TMPDIR/listed")" ""

    each_user ds01 gc
    settle
    expect_equal "$(handles | sort -u)" "$(cat "$BATS_TEST_TMPDIR/live")"
    expect_equal "$(volumes)" "$(mounted_volumes)"
    each_user ds01 doctor leftovers orphans metadata locks

    each_user container-retire --all --force
    each_user image-retire --all --force --purge
    for handle in $(handles | grep ':kept$' || true); do
        uid=${handle#ds01-} && uid=${uid%%/*}
        "$TESTS/ground/as-user" "$(name_of_uid "$uid")" "$uid" image-retire "${handle#*/}" --yes </dev/null
    done
    each_user ds01 gc
    settle
    expect_equal "$(handles)" ""
    expect_equal "$(volumes)" ""
}

# killed_at_creation CMD…: kill -9 as soon as the engine has created a container for it
killed_at_creation() {
    local pid events
    exec {events}< <(exec curl -sN --unix-socket "$SOCKET" \
        'http://engine/events?filters=%7B%22type%22%3A%5B%22container%22%5D%2C%22event%22%3A%5B%22create%22%5D%7D' 3>&-)
    sleep 0.3
    "$TESTS/e2e/call" "$@" >/dev/null 2>&1 </dev/null 3>&- &
    pid=$!
    read -r -t 20 -u "$events" _ || told "no container was created"
    kill -KILL "$pid" 2>/dev/null || true
    wait "$pid" || true
    exec {events}<&-
}

# left_half_made CMD…: until the kill comes before the user does. What is known of the image is
# forgotten, so that the image is looked into between the two.
left_half_made() {
    local try
    for ((try = 0; try < 10; try++)); do
        baker rm -rf .cache/ds01
        killed_at_creation baker "$@" --image "$BASE" --user-setup inject
        settle
        container_exists "half._.$BAKER" || told "it was killed before the creation"
        if is_half_made "half._.$BAKER"; then return 0; fi
        baker container-retire half --force --quiet </dev/null
    done
    told "it was always killed too late"
}

@test "kill -9 between the creation of a container and its user: found and removed" {
    local verb
    baker container-create known "$BASE" --user-setup inject --quiet </dev/null
    for verb in "container-create half" "container-deploy half --background"; do
        # shellcheck disable=SC2086 # the command's words
        left_half_made $verb
        run baker ds01 doctor leftovers
        expect_stdout "half"
        baker ds01 gc
        run container_exists "half._.$BAKER"
        [[ $status -ne 0 ]]
        container_exists "known._.$BAKER"
    done
}
