# At home among AIME's tools: their commands on our containers, ours on theirs.
#
# The functions mlc2_… and mlc1_… say to the engine what `mlc` 2.x and the scripts of 1.x say
# (FACTS 1.2-1.8), through the same docker CLI.

load common

setup_file() {
    clean_ground
    baker image-create proj --base "$BASE" --quiet </dev/null
    [[ $(image_field "ds01-$BAKER/proj:latest" .Id) == sha256:* ]]
}

# --- what AIME's tools do ------------------------------------------------------

# The containers of a user, as open, start, stop and remove look for them.
mlc2_own() {
    docker container ps -a --filter=label=aime.mlc.USER="$1" --format '{{.Names}}'
}

# A row of `mlc list` is made of the flat label string: split at commas, each piece at its
# first '='. A piece without one ends the tool.
mlc2_list() {
    docker container ls -a --filter "label=aime.mlc=$1" --format '{{json .}}' | python3 -c '
import json, re, sys
for line in sys.stdin:
    row = json.loads(line)
    labels = {}
    for piece in row["Labels"].split(","):
        key, value = piece.split("=", 1)
        labels[key] = value
    name = re.match(r"^(.*?)(?:\._\.\w+)?$", row["Names"]).group(1)
    print(name, labels["aime.mlc.FRAMEWORK"], row["Status"].split()[0], labels.get("aime.mlc.USER"),
          labels.get("aime.mlc.WORK_MOUNT"), labels.get("aime.mlc.DATA_MOUNT"))'
}

mlc2_running() {
    docker container ps --filter "name=^/$1$" --filter=label=aime.mlc --format '{{.Names}}'
}

# open: start, a shell, and stop unless somebody else works in it.
mlc2_open() {
    local tag=$1
    shift
    [[ $(mlc2_running "$tag") == "$tag" ]] || docker container start "$tag" >/dev/null
    docker exec -i "-e DISPLAY=None" --user "$BAKER:$BAKER" "$tag" bash -c "$*" </dev/null
    if (($(docker top "$tag" -o pid | wc -l) > 2)); then
        echo "kept running"
    else
        docker container stop "$tag" >/dev/null && echo "stopped"
    fi
}

mlc2_remove() {
    local image
    [[ -z $(mlc2_running "$1") ]]
    image=$(docker container ps -a --filter "name=$1" --filter label=aime.mlc --format '{{.Image}}')
    docker container rm "$1" >/dev/null
    docker image rm "$image" >/dev/null 2>&1 || true
}

# 1.x looks for the very name.
mlc1_remove() {
    local image
    image=$(docker container ps -a --filter="name=^/$1$" --filter=label=aime.mlc --format '{{.Image}}')
    docker container rm "$1" >/dev/null
    docker image rm "$image" >/dev/null 2>&1 || true
}

# mlc2_create NAME USER UID HOME: run, commit, rm, create, as it does without GPUs.
mlc2_create() {
    local tag=$1._.$3 image=ds01-test/base work=$4/workspace
    "$TESTS/ground/as-user" "$2" "$3" mkdir -p "$work"
    docker run -v "$work:/workspace" -w /workspace --name "$tag" --tty --network host --ipc host \
        "$image:1" bash -c "addgroup --gid $3 $1; exit" >/dev/null 2>&1 || true
    docker commit "$tag" "$image:$tag" >/dev/null
    docker rm "$tag" >/dev/null
    docker create -it -v "$work:/workspace" -w /workspace --name "$tag" --label=aime.mlc="$2" \
        --label=aime.mlc.NAME="$1" --label=aime.mlc.USER="$2" --label=aime.mlc.ARCH=CUDA_ADA \
        --label=aime.mlc.MLC_VERSION=4 --label=aime.mlc.WORK_MOUNT="$work" --label=aime.mlc.DATA_MOUNT=- \
        --label=aime.mlc.MODELS_MOUNT=- --label=aime.mlc.FRAMEWORK=Pytorch-2.8.0-aime --label=aime.mlc.GPUS=all \
        --user "$3:$3" --tty --interactive --network host --ipc host --group-add video --group-add sudo \
        "$image:$tag" bash -c bash >/dev/null
}

# mlc1_create TAG USER UID HOME: no ARCH, no MODELS_MOUNT, an empty DATA_MOUNT, VERSION 3.
mlc1_create() {
    local work=$4/workspace
    "$TESTS/ground/as-user" "$2" "$3" mkdir -p "$work"
    docker create -it -v "$work:/workspace" -w /workspace --name "$1" --label=aime.mlc="$2" \
        --label=aime.mlc.NAME="${1%._.*}" --label=aime.mlc.USER="$2" --label=aime.mlc.VERSION=3 \
        --label=aime.mlc.WORK_MOUNT="$work" --label=aime.mlc.DATA_MOUNT= \
        --label=aime.mlc.FRAMEWORK=Tensorflow-2.14.0 --label=aime.mlc.GPUS=all --user "$3:$3" --tty --interactive \
        --network host --ipc host "$BASE" bash -c bash >/dev/null
}

rows_of_images() {
    docker images --format '{{.Repository}}:{{.Tag}}' | sort
}

# --- ours, by their tools ------------------------------------------------------

@test "mlc list shows ours, with a name, a framework and the mounts" {
    try baker container-deploy proj --background
    expect_status 0
    run -0 mlc2_list "$BAKER_NAME"
    expect_equal "$output" "proj custom Up $BAKER_NAME $(home_of "$BAKER_NAME")/workspace/proj -"
    run -0 mlc2_own "$BAKER_NAME"
    expect_equal "$output" "proj._.$BAKER"
}

@test "deploying adds no name to docker images" {
    local before
    before=$(rows_of_images)
    try baker container-deploy another proj --background
    expect_status 0
    expect_equal "$(rows_of_images)" "$before"
    [[ $before != *"._."* ]] || told "a name as committed images have it"
    baker container-retire another --force --quiet
}

@test "mlc open, as the user, and it stops what nobody else works in" {
    run -0 mlc2_open "proj._.$BAKER" 'id -u; pwd'
    expect_equal "$output" "$BAKER
/workspace
stopped"
    run -0 mlc2_open "proj._.$BAKER" 'sleep 30 & exit'
    expect_stdout "kept running"
    expect_equal "$(mlc2_running "proj._.$BAKER")" "proj._.$BAKER"
}

@test "mlc stop ends the shell, which need not be killed" {
    docker container stop "proj._.$BAKER" >/dev/null
    [[ $(container_field "proj._.$BAKER" '.State.ExitCode') != 137 ]] || told "it was killed"
}

@test "mlc remove leaves the user's image, and docker images as it was" {
    local before
    before=$(rows_of_images)
    mlc2_remove "proj._.$BAKER"
    run ! container_exists "proj._.$BAKER"
    image_exists "ds01-$BAKER/proj:latest"
    expect_equal "$(rows_of_images)" "$before"
    try baker container-deploy proj --background
    expect_status 0
    docker container stop "proj._.$BAKER" >/dev/null
    mlc1_remove "proj._.$BAKER"
    image_exists "ds01-$BAKER/proj:latest"
}

@test "mlc remove of one after the other leaves it too" {
    try baker container-create one proj
    expect_status 0
    try baker container-create two proj
    expect_status 0
    mlc2_remove "one._.$BAKER"
    mlc2_remove "two._.$BAKER"
    image_exists "ds01-$BAKER/proj:latest"
}

@test "mlc remove leaves an image that was built by hand, or updated, or rolled back" {
    printf 'FROM ds01-%s/proj:latest\nLABEL by=hand\n' "$BAKER" | docker build -q -t "ds01-$BAKER/hand:latest" - >/dev/null 2>&1
    try baker container-create hand
    expect_status 0
    mlc2_remove "hand._.$BAKER"
    image_exists "ds01-$BAKER/hand:latest"

    try baker image-update proj --add-system hello
    expect_status 0
    try baker container-create updated proj
    mlc2_remove "updated._.$BAKER"
    image_exists "ds01-$BAKER/proj:latest"

    try baker image-update proj --rollback --yes
    expect_status 0
    try baker container-create back proj
    mlc2_remove "back._.$BAKER"
    image_exists "ds01-$BAKER/proj:latest"
}

@test "mlc remove leaves an image that was saved with a tag, and image-retire takes both its names" {
    try baker container-deploy tuned proj --background
    expect_status 0
    try baker container-retire tuned --save=tuned
    expect_status 0
    try baker container-create from-tuned "ds01-$BAKER/proj:tuned"
    expect_status 0
    mlc2_remove "from-tuned._.$BAKER"
    image_exists "ds01-$BAKER/proj:tuned"
    try baker ds01 gc --dry-run
    if grep tuned <<<"$output"; then told "its names are taken for leftovers"; fi
    try baker image-list --noheadings --output PROJECT
    expect_stdout "proj:tuned"
    if grep keep <<<"$output"; then told "the second name is listed"; fi
    try baker image-retire proj:tuned --yes
    expect_status 0
    run rows_of_images
    if grep tuned <<<"$output"; then told "a name of it is left"; fi
}

# Of an image of others: one name is none that could be spared. AIME's tools delete it with its
# last container, since no engine keeps an image that has neither a second name nor a container.
@test "mlc remove takes an image of others that has one name, and leaves one that has two" {
    printf 'FROM %s\nLABEL by=lab\n' "$BASE" | docker build -q -t lab/one:1 - >/dev/null 2>&1
    printf 'FROM %s\nLABEL by=lab2\n' "$BASE" | docker build -q -t lab/two:1 - >/dev/null 2>&1
    docker tag lab/two:1 lab/two:keep
    try baker container-create one --image lab/one:1
    try baker container-create still --image lab/one:1
    try baker container-create two --image lab/two:1
    mlc2_remove "one._.$BAKER"
    mlc2_remove "two._.$BAKER"
    image_exists lab/one:1
    image_exists lab/two:1
    mlc2_remove "still._.$BAKER"
    run ! image_exists lab/one:1
    docker image rm lab/two:1 lab/two:keep >/dev/null
}

@test "image-retire leaves no name and no image of it" {
    try baker image-retire hand --yes
    expect_status 0
    run rows_of_images
    [[ $output != *"/hand:"* ]] || told "something of it is left"
}

@test "a container of a committed image: mlc remove takes that image, as it does its own" {
    need_image nosudo
    try baker container-create leg --image ds01-test/nosudo:1 --user-setup commit
    expect_status 0
    image_exists "ds01-test/nosudo:leg._.$BAKER"
    mlc2_remove "leg._.$BAKER"
    run ! image_exists "ds01-test/nosudo:leg._.$BAKER"
    image_exists ds01-test/nosudo:1
}

@test "an LDAP name with a comma and a workspace with one do not end mlc list" {
    local home=$BATS_TEST_TMPDIR
    try "$TESTS/ground/as-user" "o,brien@x" 1722830640 mkdir -p "$(home_of "o,brien@x")/a,b"
    try "$TESTS/ground/as-user" "o,brien@x" 1722830640 container-create comma --image "$BASE" -w "$(home_of "o,brien@x")/a,b"
    expect_status 0
    run -0 mlc2_list "o;brien@x"
    expect_stdout "comma custom Created"
}

@test "labels of an image with commas in them do not end mlc list" {
    baker sh -c "printf 'FROM $BASE\nLABEL about=\"one, two\" list=\"[1,2]\"\n' >labelled"
    baker image-create labelled --dockerfile labelled --quiet
    try baker container-create labelled
    expect_status 0
    run -0 mlc2_list "$BAKER_NAME"
    expect_stdout "labelled custom Created"
    expect_equal "$(container_field "labelled._.$BAKER" '.Config.Labels | .about + "/" + .list')" "one; two/"
}

# --- theirs, by ours -----------------------------------------------------------

@test "a container of mlc create: listed, started, opened, stopped" {
    mlc2_create torch "$BAKER_NAME" "$BAKER" "$(home_of "$BAKER_NAME")"
    try baker container-list --json
    expect_equal "$(jq -r '.[] | select(.name == "torch") | "\(.status) \(.gpus) \(.workspace) \(.project)"' <<<"$output")" \
        "created all $(home_of "$BAKER_NAME")/workspace null"
    try baker container-start torch
    expect_status 0
    try baker container-open torch -- bash -c 'id -u; pwd'
    expect_status 0
    expect_equal "$output" "$BAKER
/workspace"
    try baker container-stop torch --timeout 1
    expect_status 0
    expect_equal "$(mlc2_running "torch._.$BAKER")" ""
}

@test "retiring it takes its committed image, and leaves the one below" {
    image_exists "ds01-test/base:torch._.$BAKER"
    try baker container-retire torch --force
    expect_status 0
    run ! container_exists "torch._.$BAKER"
    run ! image_exists "ds01-test/base:torch._.$BAKER"
    image_exists "$BASE"
}

@test "its committed image stays while another container uses it" {
    mlc2_create shared "$BAKER_NAME" "$BAKER" "$(home_of "$BAKER_NAME")"
    docker create --name uses-it "ds01-test/base:shared._.$BAKER" true >/dev/null
    try baker container-retire shared --force
    expect_status 0
    image_exists "ds01-test/base:shared._.$BAKER"
    docker rm uses-it >/dev/null
    docker image rm "ds01-test/base:shared._.$BAKER" >/dev/null
}

@test "containers of 1.x, with the suffix and with a bare name" {
    local name
    mlc1_create "elder._.$BAKER" "$BAKER_NAME" "$BAKER" "$(home_of "$BAKER_NAME")"
    mlc1_create eldest "$BAKER_NAME" "$BAKER" "$(home_of "$BAKER_NAME")"
    try baker container-list --json
    for name in elder eldest; do
        expect_equal "$(jq -r ".[] | select(.name == \"$name\") | .workspace" <<<"$output")" \
            "$(home_of "$BAKER_NAME")/workspace"
        try baker container-open "$name" -- id -u
        expect_status 0
        expect_equal "$output" "$BAKER"
        try baker container-stop "$name" --timeout 1
        expect_status 0
        try baker container-retire "$name" --force
        expect_status 0
        try baker container-list --json
        image_exists "$BASE"
    done
    run ! container_exists eldest
}

# --- whose is whose ------------------------------------------------------------

@test "uid 1001 does not reach what is 10010's, by name or by pattern" {
    local short=("$TESTS/ground/as-user" shorty 1001)
    mlc2_create same longy 10010 "$(home_of longy)"
    try "${short[@]}" container-list --json
    expect_equal "$(jq -c . <<<"$output")" "[]"
    for command in "container-open same -- id" "container-start same" "container-stop same" \
        "container-retire same --force" "container-retire same._.10010 --force" "container-open same._.1001 -- id"; do
        # shellcheck disable=SC2086 # words
        try "${short[@]}" $command
        expect_error 3
    done
    container_exists same._.10010
    try "${short[@]}" container-create same --image "$BASE"
    expect_status 0
    try "${short[@]}" container-retire same --force
    expect_status 0
    container_exists same._.10010
    image_exists ds01-test/base:same._.10010
    docker rm same._.10010 >/dev/null
    docker image rm ds01-test/base:same._.10010 >/dev/null
}

# --- the second tag ------------------------------------------------------------

@test "an image whose name was taken away by hand: gc takes its second tag along" {
    try baker image-create bare --base "$BASE" --quiet
    expect_status 0
    docker image rm "ds01-$BAKER/bare:latest" >/dev/null
    try baker ds01 gc --dry-run
    expect_stdout "ds01-$BAKER/bare:keep, the second tag of an image that has lost its first"
    try baker ds01 gc --yes
    expect_status 0
    run ! image_exists "ds01-$BAKER/bare:keep"
    image_exists "ds01-$BAKER/proj:keep"
}
