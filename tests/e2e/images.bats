# image-create, image-list, image-retire: the document's promises about images.

load common

setup_file() {
    clean_ground
}

# rossis_image: theirs, as a test before has left it or made now
rossis_image() {
    image_exists "ds01-$ROSSI/theirs:latest" || rossi image-create theirs --base "$BASE" --quiet </dev/null
}

# --- create -------------------------------------------------------------------

@test "image-create builds ds01-<uid>/<project>:latest from a base" {
    try baker image-create my-project --base "$BASE"
    expect_status 0
    image_exists "ds01-$BAKER/my-project:latest"
}

@test "the image carries the document's labels and no comma in any" {
    need_project my-project --base "$BASE"
    run image_field "ds01-$BAKER/my-project:latest" '.Config.Labels | to_entries[] | "\(.key)=\(.value)"'
    expect_stdout "aime.mlc.DS01_HAS_USER_SETUP=true"
    expect_stdout "aime.mlc.DS01_USER_ID=$BAKER"
    expect_stdout "aime.mlc.DS01_GROUP_ID=$BAKER"
    expect_stdout "aime.mlc.DS01_USERNAME=$BAKER_INSIDE"
    expect_stdout "aime.mlc.DS01_MANAGED=true"
    expect_stdout "aime.mlc.DS01_PROJECT=my-project"
    expect_stdout "aime.mlc.DS01_FRAMEWORK="
    expect_stdout "maintainer="
    [[ $output != *,* ]]
}

@test "the Dockerfile and the metadata are the user's own files" {
    need_project my-project --base "$BASE"
    local home
    home=$(home_of "$BAKER_NAME")
    [ -f "$home/dockerfiles/my-project.Dockerfile" ]
    [ -f "$home/.ds01-config/images/my-project.json" ]
    jq -e . "$home/.ds01-config/images/my-project.json" >/dev/null
    run find "$home" ! -uid "$BAKER"
    expect_equal "$output" ""
    run find "$home" -name '*.tmp*' -o -name '.*.??????'
    expect_equal "$output" ""
}

@test "plain docker build makes the same image from the Dockerfile" {
    need_project my-project --base "$BASE"
    local home work answer
    home=$(home_of "$BAKER_NAME")
    work=$BATS_TEST_TMPDIR/context
    mkdir "$work"
    cp "$home/dockerfiles/my-project.Dockerfile" "$work/Dockerfile"
    answer=$(tar -C "$work" -c . | curl -sS --unix-socket "$SOCKET" -H 'Content-Type: application/x-tar' \
        --data-binary @- "http://engine/build?t=by-hand:1&version=2")
    [[ $answer != *errorDetail* ]]
    expect_equal "$(image_field by-hand:1 '.Config.Labels["aime.mlc.DS01_USER_ID"]')" "$BAKER"
    expect_equal "$(image_field by-hand:1 '.RootFS.Layers | last')" \
        "$(image_field "ds01-$BAKER/my-project:latest" '.RootFS.Layers | last')"
}

@test "an image that exists is refused without --force and rebuilt with it" {
    need_project my-project --base "$BASE"
    try baker image-create my-project --base "$BASE"
    expect_error 4 "my-project"
    expect_stderr "--force"
    try baker image-create my-project --base "$BASE" --force
    expect_status 0
}

@test "--force keeps the Dockerfile's own edits; with new flags the old one goes to backup" {
    need_project my-project --base "$BASE"
    local home
    home=$(home_of "$BAKER_NAME")
    sed -i '/^FROM/a RUN touch /edited-by-hand' "$home/dockerfiles/my-project.Dockerfile"
    try baker image-create my-project --force
    expect_status 0
    grep -q edited-by-hand "$home/dockerfiles/my-project.Dockerfile"
    try baker image-create my-project --base "$BASE" --force
    expect_status 0
    run grep -rl edited-by-hand "$home/.ds01-config/backup"
    [[ $output == *my-project* ]]
}

@test "--packages installs with pip, quoted as typed" {
    need_image wheels
    try baker image-create pips --base ds01-test/wheels:1 --packages "ds01probe>=1.0,<2 otherprobe"
    expect_status 0
    try baker container-deploy pips --background
    expect_status 0
    try baker container-open pips -- python3 -c 'import ds01probe, otherprobe; print(ds01probe.version)'
    expect_status 0
    expect_equal "$output" "1.0"
    try baker container-retire pips --yes
    expect_status 0
}

@test "--system installs with apt" {
    try baker image-create systems --base "$BASE" --system "hello"
    expect_status 0
    run grep -c "hello" "$(home_of "$BAKER_NAME")/dockerfiles/systems.Dockerfile"
    [[ $output -ge 1 ]]
}

@test "--dockerfile builds someone's own file with its context and adds the user" {
    local own
    own=$(home_of "$BAKER_NAME")/own
    baker mkdir -p "$own"
    baker sh -c "echo data >'$own/data.txt' && echo secret >'$own/secret.txt' && echo secret.txt >'$own/.dockerignore'"
    baker sh -c "printf 'FROM $BASE\nCOPY . /data\n' >'$own/Dockerfile'"
    try baker image-create own --dockerfile "$own/Dockerfile" --context "$own"
    expect_status 0
    expect_equal "$(image_field "ds01-$BAKER/own:latest" '.Config.Labels["aime.mlc.DS01_USER_ID"]')" "$BAKER"
    try baker container-deploy own --background
    expect_status 0
    try baker container-open own -- sh -c 'cat /data/data.txt; ls /data; id -u'
    expect_equal "$output" "data
Dockerfile
data.txt
$BAKER"
    try baker container-retire own --yes
    expect_status 0
}

@test "a Dockerfile by another name has a .dockerignore of its own, also when it is built again" {
    local own
    if on_podman; then skip "Podman reads the folder's .dockerignore as well"; fi
    own=$(home_of "$BAKER_NAME")/named
    baker sh -c "mkdir -p '$own/src' && cd '$own' && echo a >src/a && echo b >src/b && echo src/a >.dockerignore && \
        echo src/b >gpu.dockerfile.dockerignore && echo src >Dockerfile.dockerignore && \
        printf 'FROM $BASE\nCOPY src /x\nRUN ls /x\n' >gpu.dockerfile"
    try baker image-create named --dockerfile named/gpu.dockerfile
    expect_status 0
    try baker image-update named --rebuild --no-cache
    expect_status 0
    try baker container-deploy named --background
    expect_equal "$(baker container-open named -- ls /x </dev/null)" a
    baker container-retire named --force --quiet </dev/null
}

@test "of a folder only what the Dockerfile takes is read and sent; a link, a pattern or ONBUILD takes all" {
    local own line
    own=$(home_of "$BAKER_NAME")/around
    baker sh -c "mkdir -p '$own/src/in' && cd '$own' && echo one >src/in/one && echo two >src/two && ln -s src linked"
    # What is not taken may be of any size, and unreadable. To Podman all is sent.
    on_podman || install -m 0600 /dev/null "$own/data"
    baker sh -c "printf 'FROM $BASE\nRUN true\n' >'$own/Dockerfile'"
    try baker image-create around --dockerfile "$own/Dockerfile"
    expect_status 0
    baker sh -c "printf 'FROM $BASE\nCOPY ./src/in/ /a/\nCOPY src/two /b/\nRUN --mount=type=bind,source=src,target=/m cat /m/two /m/in/one >/c\n' >'$own/Dockerfile'"
    try baker image-create around --dockerfile "$own/Dockerfile" --force
    expect_status 0
    try baker container-deploy around --background
    expect_status 0
    try baker container-open around -- sh -c 'cat /a/one /b/two /c; ls /a /b'
    expect_equal "$output" "$(printf '%s\n' one two two one /a: one '' /b: two)"
    baker container-retire around --force --quiet </dev/null
    for line in 'COPY sr? /a/' 'COPY linked/two /a' 'COPY . /a/'; do
        baker sh -c "printf 'FROM $BASE\n$line\n' >'$own/Dockerfile'"
        on_podman && continue
        try baker image-create around --dockerfile "$own/Dockerfile" --force
        expect_error 1 "cannot read data of the build context"
    done
    baker rm -f "$own/data"
    try baker image-create around --dockerfile "$own/Dockerfile" --force
    expect_status 0
    baker sh -c "printf 'FROM $BASE\nCOPY linked/two /a\nCOPY linked /b/\n' >'$own/Dockerfile'"
    try baker image-create around --dockerfile "$own/Dockerfile" --force
    expect_status 0
    # The base image's own instructions are in no file of the user's.
    printf 'FROM %s\nONBUILD COPY src/two /onbuild\n' "$BASE" >"$BATS_TEST_TMPDIR/Dockerfile"
    tar -C "$BATS_TEST_TMPDIR" -c Dockerfile | curl -sS --fail-with-body --unix-socket "$SOCKET" -o /dev/null \
        -H 'Content-Type: application/x-tar' --data-binary @- \
        "http://engine/build?t=ds01-test/onbuild:1&outputformat=application/vnd.docker.distribution.manifest.v2%2Bjson"
    baker sh -c "printf 'FROM ds01-test/onbuild:1\nRUN cat /onbuild\n' >'$own/Dockerfile'"
    try baker image-create around --dockerfile "$own/Dockerfile" --force
    expect_status 0
    api DELETE "/images/ds01-test/onbuild:1" >/dev/null
}

@test "a build context that has moved is named anew, and the Dockerfile's edits stay" {
    baker sh -c "mkdir -p ~/src && echo data >~/src/data.txt && printf 'FROM $BASE\nCOPY data.txt /\n' >~/src/Dockerfile"
    need_project moved --dockerfile src/Dockerfile
    baker mv src src2
    try baker image-update moved --rebuild
    expect_error 1 "cannot open the build context"
    expect_stderr "image-create moved --force --context DIR"
    try baker image-update moved --rebuild --dry-run
    expect_error 1 "cannot open the build context"
    baker sed -i '/^COPY/a RUN touch /edited-by-hand' dockerfiles/moved.Dockerfile
    try baker image-create moved --force --context src2
    expect_status 0
    grep -q edited-by-hand "$(home_of "$BAKER_NAME")/dockerfiles/moved.Dockerfile"
    try baker image-update moved --rebuild
    expect_status 0
    try baker image-create moved --base "$BASE" --force --context src2
    expect_error 2 "--context needs --dockerfile"
    # Where nothing is taken from there, nobody misses it.
    on_podman && return
    baker sh -c "mkdir -p ~/src3 && printf 'FROM $BASE\nRUN true\n' >~/src3/Dockerfile"
    need_project unmoved --dockerfile src3/Dockerfile
    baker mv src3 src4
    try baker image-update unmoved --rebuild
    expect_status 0
}

@test "--dry-run refuses what the build would" {
    baker sh -c "echo 'RUN true' >unbased; printf '# syntax=docker/dockerfile:1.7\nFROM $BASE\n' >frontend"
    try baker image-create unbuildable --dockerfile unbased --dry-run
    expect_error 2 "unbased"
    try baker image-create unbuildable --dockerfile frontend --dry-run
    expect_error 1 "frontend of its own"
}

@test "a generated Dockerfile's context is not the whole home" {
    # Too much ever to be sent.
    baker sh -c 'mkdir -p ~/dockerfiles && truncate -s 1T ~/dockerfiles/large'
    try baker image-create small-context --base "$BASE"
    expect_status 0
    baker rm '-f' "$(home_of "$BAKER_NAME")/dockerfiles/large"
}

@test "--no-build writes the Dockerfile only" {
    try baker image-create unbuilt --base "$BASE" --no-build
    expect_status 0
    [ -f "$(home_of "$BAKER_NAME")/dockerfiles/unbuilt.Dockerfile" ]
    run image_exists "ds01-$BAKER/unbuilt:latest"
    [ "$status" -ne 0 ]
}

@test "a name is sanitised and said so" {
    try baker image-create "Other Project" --base "$BASE"
    expect_status 0
    expect_stderr "other-project"
    image_exists "ds01-$BAKER/other-project:latest"
}

@test "a build that fails leaves no image and no Dockerfile" {
    local before
    before=$(engine_state)
    baker sh -c "printf 'FROM $BASE\nRUN echo the-reason >&2; exit 7\n' >~/broken"
    try baker image-create broken --dockerfile "$(home_of "$BAKER_NAME")/broken"
    expect_status 1
    expect_stderr "the-reason"
    expect_stderr "hint: its last lines of output say why"
    expect_equal "$(engine_state)" "$before"
    [ ! -e "$(home_of "$BAKER_NAME")/dockerfiles/broken.Dockerfile" ]
    [ ! -e "$(home_of "$BAKER_NAME")/.ds01-config/images/broken.json" ]
}

@test "--json prints one document" {
    try baker image-create json --base "$BASE" --json
    expect_status 0
    jq -e . <<<"$output" >/dev/null
}

@test "sudo image-create acts for the one who typed it" {
    baker true # is known to the machine from now on
    try user root 0 env SUDO_UID="$BAKER" SUDO_GID="$BAKER" SUDO_USER="$BAKER_NAME" ds01 image create by-sudo --base "$BASE"
    expect_status 0
    image_exists "ds01-$BAKER/by-sudo:latest"
    expect_equal "$(stat -c %u "$(home_of "$BAKER_NAME")/dockerfiles/by-sudo.Dockerfile")" "$BAKER"
}

@test "sudo for a user who is none is refused, not taken for root" {
    local before word
    before=$(engine_state)
    for word in "" root -1 1722830498x 99999999999 4294967295; do
        AS_USER_ENV="SUDO_UID=$word" try user root 0 image-create by-nobody --base "$BASE"
        expect_error 4 "SUDO_UID is no number"
    done
    AS_USER_ENV="SUDO_UID=$BAKER"$'\n'"SUDO_GID=x" try user root 0 image-create by-nobody --base "$BASE"
    expect_error 4 "SUDO_GID is no number"
    expect_equal "$(engine_state)" "$before"
}

@test "a uid without a passwd entry works as u<uid>" {
    try user - 77123 image-create anon --base "$BASE"
    expect_status 0
    expect_equal "$(image_field ds01-77123/anon:latest '.Config.Labels["aime.mlc.DS01_USERNAME"]')" "u77123"
}

# --- list ---------------------------------------------------------------------

@test "image-list shows a table" {
    need_project my-project --base "$BASE"
    [ -e "$(home_of "$BAKER_NAME")/dockerfiles/unbuilt.Dockerfile" ] || baker image-create unbuilt --base "$BASE" --no-build --quiet </dev/null
    try baker image-list
    expect_status 0
    for column in PROJECT IMAGE FRAMEWORK SIZE UNIQUE CREATED CONTAINERS STATE; do
        [[ ${lines[0]} == *$column* ]] || told "no column $column"
    done
    expect_stdout "my-project"
    expect_stdout "ready"
    grep -E '^unbuilt .*not-built' <<<"$output"
}

@test "image-list --noheadings --output picks columns" {
    need_project my-project --base "$BASE"
    try baker image-list --noheadings --output PROJECT,STATE
    expect_status 0
    grep -qE '^my-project +ready$' <<<"$output" || told "no such line"
    [[ $output != *PROJECT* ]]
}

@test "image-list refuses a column there is not, naming those there are" {
    try baker image-list --output PROJECT,NONSENSE
    expect_error 2 "nonsense"
}

@test "image-list --json is an array of objects" {
    need_project my-project --base "$BASE"
    try baker image-list --json
    expect_status 0
    jq -e 'type == "array" and any(.[]; .project == "my-project" and .state == "ready" and (.size | type) == "number")' <<<"$output" >/dev/null ||
        told "expected my-project"
}

@test "image-list of someone without images is [] and exit 0" {
    try rossi image-list --json
    expect_status 0
    expect_equal "$(jq -c . <<<"$output")" "[]"
    try rossi image-list
    expect_status 0
}

@test "image-list shows only one's own images" {
    try rossi image-create theirs --base "$BASE"
    expect_status 0
    try baker image-list --json
    [[ $output != *theirs* ]]
}

# layers_size: the engine's own sum of all layers, each counted once
layers_size() {
    api GET /system/df | jq .LayersSize
}

@test "UNIQUE is what image-retire frees: the build before goes too, what others have stays" {
    local before freed
    baker sh -c "printf 'FROM $BASE\nRUN head -c 3000000 /dev/urandom >/random\n' >~/costly"
    try baker image-create costly --dockerfile "$(home_of "$BAKER_NAME")/costly"
    expect_status 0
    try baker image-update costly --add-system hello
    expect_status 0
    try baker image-list --json
    freed=$(jq '.[] | select(.project == "costly") | .unique' <<<"$output")
    ((freed > 3000000 && freed < 100000000)) || told "$freed bytes"
    try baker image-retire costly --purge --dry-run
    expect_status 0
    grep -qE '^Would remove the image .*/costly:latest, which frees [0-9.]+ [kMG]B\.$' <<<"$output" || told "no figure"
    expect_stdout "Would move the Dockerfile of costly to ~/.ds01-config/backup."
    try baker image-retire costly --dry-run --json
    expect_equal "$(jq -c '.[] | [.freed, .removed]' <<<"$output")" "[$freed,false]"
    before=$(layers_size)
    try baker image-retire costly --yes --json
    expect_equal "$(jq -c '.[] | [.freed, .removed]' <<<"$output")" "[$freed,true]"
    on_podman || expect_equal "$((before - $(layers_size)))" "$freed"
}

@test "image-retire --dry-run of several: what they have in common counts once, in the sum" {
    local name before together
    baker sh -c "printf 'FROM $BASE\nRUN head -c 3000000 /dev/urandom >/random\n' >~/twin"
    for name in twin-one twin-two; do
        try baker image-create "$name" --dockerfile twin
        expect_status 0
    done
    try baker image-retire twin-one twin-two --dry-run
    expect_status 0
    [[ $(grep -cE 'twin-(one|two):latest, which frees [0-9.]+ kB\.$' <<<"$output") -eq 2 ]] || told "each by itself"
    together=$(sed -nE 's/^Together that frees 3\.([0-9]+) MB\.$/\1/p' <<<"$output")
    [[ -n $together ]] || told "no sum"
    before=$(layers_size)
    try baker image-retire twin-one twin-two --yes
    expect_status 0
    on_podman || ((before - $(layers_size) > 3000000)) || told "less than that"
}

@test "image-list --all counts everybody's containers, also of older builds" {
    local id
    rossis_image
    try rossi container-deploy older theirs --background
    expect_status 0
    try rossi image-create theirs --base "$BASE" --system tree --force
    expect_status 0
    for id in baker rossi; do
        try "$id" image-list --all --json
        jq -e '.[] | select(.project == "theirs") | .containers == ["older"]' <<<"$output" >/dev/null ||
            told "expected the container for $id"
    done
    try rossi container-retire older --yes
    expect_status 0
}

@test "image-list names another's container on the build before, which keeps the image" {
    need_project outlived --base "$BASE"
    api POST "/containers/create?name=by-hand" "{\"Image\": \"ds01-$BAKER/outlived:latest\"}" >/dev/null
    try baker image-update outlived --add-system hello
    expect_status 0
    try baker image-list --json
    jq -e '.[] | select(.project == "outlived") | .containers == ["by-hand"]' <<<"$output" >/dev/null || told "it is not named"
    try baker image-retire outlived --yes
    expect_error 4 "by-hand of somebody else"
    api DELETE /containers/by-hand >/dev/null
}

# --- retire -------------------------------------------------------------------

@test "image-retire refuses while a container uses the image and names it" {
    need_project my-project --base "$BASE"
    try baker container-deploy user-of-it my-project --background
    expect_status 0
    try baker image-retire my-project --yes
    expect_error 4 "user-of-it"
    image_exists "ds01-$BAKER/my-project:latest"
    container_exists "user-of-it._.$BAKER"
}

@test "image-retire --force retires the containers first" {
    need_project my-project --base "$BASE"
    need_running user-of-it my-project
    try baker image-retire my-project --yes --force
    expect_status 0
    run image_exists "ds01-$BAKER/my-project:latest"
    [ "$status" -ne 0 ]
    run container_exists "user-of-it._.$BAKER"
    [ "$status" -ne 0 ]
}

@test "image-retire --force keeps an image while another's container runs it, and says whose that is" {
    local force
    need_project lent --base "$BASE"
    rossi container-deploy borrower --image "ds01-$BAKER/lent:latest" --background --quiet </dev/null
    for force in "" "--force" "--force --dry-run"; do
        # shellcheck disable=SC2086 # options, or none
        try baker image-retire lent --yes $force
        expect_error 4 "borrower of $ROSSI_NAME"
        expect_stderr "hint: ask $ROSSI_NAME to retire borrower, or keep the image"
    done
    [[ $(container_field "borrower._.$ROSSI" .State.Status) == running ]]
    api POST "/containers/create?name=by-hand" "{\"Image\": \"ds01-$BAKER/lent:latest\"}" >/dev/null
    rossi container-retire borrower --force --quiet </dev/null
    try baker image-retire lent --force
    expect_error 4 "by-hand of somebody else"
    api DELETE /containers/by-hand >/dev/null
    try baker image-retire lent --force
    expect_status 0
}

@test "root retires everybody's containers with an image, when told to" {
    "$TESTS/e2e/call" user root 0 image-create lent --base "$BASE" --quiet </dev/null
    rossi container-deploy borrower --image ds01-0/lent:latest --background --quiet </dev/null
    try user root 0 image-retire lent --yes
    expect_error 4 "borrower of $ROSSI_NAME"
    expect_stderr "add --force to retire it with it, whoever's"
    try user root 0 image-retire lent --force
    expect_status 0
    run container_exists "borrower._.$ROSSI"
    [ "$status" -ne 0 ]
    run image_exists "ds01-0/lent:latest"
    [ "$status" -ne 0 ]
}

@test "image-retire removes what another tool has left of an image" {
    need_project half --base "$BASE"
    api POST "/images/$BASE/tag?repo=ds01-$BAKER/half&tag=previous" >/dev/null
    api DELETE "/images/ds01-$BAKER/half:latest" >/dev/null
    try baker image-retire half --yes
    expect_status 0
    expect_stdout "The image half is gone."
    run image_exists "ds01-$BAKER/half:keep"
    [ "$status" -ne 0 ]
    run image_exists "ds01-$BAKER/half:previous"
    [ "$status" -ne 0 ]
    image_exists "$BASE"
}

@test "after image-retire the Dockerfile stays; --purge moves it to backup" {
    local home
    home=$(home_of "$BAKER_NAME")
    need_project my-project --base "$BASE"
    try baker image-retire my-project --yes
    expect_status 0
    [ -f "$home/dockerfiles/my-project.Dockerfile" ]
    try baker image-retire my-project --yes
    expect_status 3
    expect_stderr "image-retire my-project --purge moves that to backup"
    need_project other-project --base "$BASE"
    baker chmod 0555 dockerfiles
    try baker image-retire other-project --purge --yes
    baker chmod 0755 dockerfiles
    expect_error 1 "the image of other-project is gone, its files stay: .*permission denied"
    try baker image-retire other-project --purge --yes
    expect_status 0
    [ ! -e "$home/dockerfiles/other-project.Dockerfile" ]
    run find "$home/.ds01-config/backup" -type f -name '*other-project*'
    [ -n "$output" ]
}

@test "image-retire of an image there is not: exit 3" {
    try baker image-retire nothing-of-the-kind --yes
    expect_error 3 "nothing-of-the-kind"
}

@test "image-retire never touches another user's image" {
    rossis_image
    try baker image-retire theirs --yes --force
    expect_error 3 "theirs"
    try baker image-retire "ds01-$ROSSI/theirs" --yes --force
    expect_error 2 "an image of another user"
    image_exists "ds01-$ROSSI/theirs:latest"
}

@test "image-retire without a terminal and without --yes asks for the flag: exit 2" {
    need_project json --base "$BASE"
    try baker image-retire json
    expect_error 2 "--yes"
    image_exists "ds01-$BAKER/json:latest"
}

@test "image-rm and image-delete are other names of it; each name has its turn, once" {
    need_project json --base "$BASE"
    need_project systems --base "$BASE"
    try baker image-rm no-such "ds01-$BAKER/json:latest" "ds01-$BAKER/json:latest" --yes --json
    expect_status 3
    expect_equal "$(jq -c '[.error.code, .retired[].project]' <<<"$output")" '["not-found","json"]'
    [[ $stderr != *json* ]] || told "a name that was typed twice counted twice"
    try baker image-delete systems --yes
    expect_status 0
}

@test "image-retire --all leaves none of one's own" {
    rossis_image
    need_project own --base "$BASE"
    api POST "/images/ds01-$BAKER/own:latest/tag?repo=ds01-$BAKER/own&tag=saved" >/dev/null
    try baker image-retire --all --yes --force --purge
    expect_status 0
    run bash -c "curl -sS --unix-socket '$SOCKET' http://engine/images/json | jq -r '.[].RepoTags // [] | .[]' | grep 'ds01-$BAKER/'"
    expect_equal "$output" ""
    image_exists "ds01-$ROSSI/theirs:latest"
}
