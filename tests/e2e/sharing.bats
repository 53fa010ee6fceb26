# What a second user's identical image costs: the last layer and nothing else.

load common

setup_file() {
    clean_ground
    need_image wheels
    export RECIPE="--base ds01-test/wheels:1 --packages ds01probe --system hello"
    # shellcheck disable=SC2086 # words
    baker image-create shared $RECIPE --quiet </dev/null
}

@test "the second user's build takes every step but the last from the cache" {
    # shellcheck disable=SC2086 # words
    try rossi image-create shared $RECIPE
    expect_status 0
    # A step that the builder takes up for a moment has a line of its own for "cached".
    [[ $(grep -cE '^\[[2-7]\] (\[[2-7]/8\] .*: )?cached$' <<<"$stderr") -eq 6 ]] || told "$stderr"
    expect_stderr "[8] [8/8] Your user"
    [[ $output$stderr != *"Unpacking hello"* && $output$stderr != *"Successfully installed"* ]] || told "installed again"
}

@test "both images share every layer but the last" {
    local first second
    first=$(image_field "ds01-$BAKER/shared:latest" '.RootFS.Layers[:-1] | join(" ")')
    second=$(image_field "ds01-$ROSSI/shared:latest" '.RootFS.Layers[:-1] | join(" ")')
    expect_equal "$second" "$first"
    [[ $(image_field "ds01-$BAKER/shared:latest" '.RootFS.Layers[-1]') != $(image_field "ds01-$ROSSI/shared:latest" '.RootFS.Layers[-1]') ]]
}

@test "its unique bytes are at most 64 KiB" {
    local unique
    unique=$(api GET /system/df | jq --arg tag "ds01-$ROSSI/shared:latest" \
        '.Images[] | select(.RepoTags // [] | index($tag)) | .Size - .SharedSize')
    ((unique <= 65536)) || told "$unique bytes"
}

@test "image-list tells these bytes as UNIQUE" {
    try rossi image-list --json
    jq -e '.[] | select(.project == "shared") | .unique | type == "number" and . <= 65536' <<<"$output" >/dev/null || told "no such number"
}

# A context that both can read, with a Dockerfile of its own in it.
shared_context() {
    mkdir -p "$GROUND/context/src"
    echo 'print("hello")' >"$GROUND/context/src/main.py"
    echo "*.log" >"$GROUND/context/.dockerignore"
    echo out >"$GROUND/context/out.log"
    printf 'FROM %s\nRUN echo before >/before\nCOPY . /app\nRUN echo after >/after\n' "$BASE" >"$GROUND/context/Dockerfile"
    chmod -R a+rX "$GROUND/context"
}

# expect_shared_but_last PROJECT: baker's and rossi's images have all layers but the user's in common.
expect_shared_but_last() {
    local own
    own=$(image_field "ds01-$BAKER/$1:latest" '.RootFS.Layers[:-1] | join("\n")')
    expect_equal "$(image_field "ds01-$ROSSI/$1:latest" '.RootFS.Layers[:-1] | join("\n")')" "$own"
    (($(wc -l <<<"$own") > 3)) || told "few layers: $own"
}

@test "a COPY of the whole context is shared by two people, and copies what is there" {
    shared_context
    try baker image-create whole --dockerfile "$GROUND/context/Dockerfile" --context "$GROUND/context"
    expect_status 0
    try rossi image-create whole --dockerfile "$GROUND/context/Dockerfile" --context "$GROUND/context"
    expect_status 0
    expect_shared_but_last whole
    expect_equal "$(image_field "ds01-$ROSSI/whole:latest" '.Config.Labels["maintainer"]')" "$ROSSI_NAME"
    expect_equal "$(image_field "ds01-$ROSSI/whole:latest" '.Config.User')" "$ROSSI:$ROSSI"
    try rossi container-deploy whole --background
    expect_status 0
    try rossi container-exec whole -- sh -c 'cat /app/Dockerfile; cd /app && find . -type f | sort; id -un; echo ~; cat /etc/passwd | grep -c baker; env | grep DS01_U'
    expect_equal "$output" "$(cat "$GROUND/context/Dockerfile")
./.dockerignore
./.ds01.Dockerfile
./Dockerfile
./src/main.py
m-rossi-at-hertie-school-lan
/home/m-rossi-at-hertie-school-lan
0"
}

@test "a COPY of the whole context is shared also behind a lab's own index" {
    shared_context
    local user
    for user in baker rossi; do
        "$user" sh -c 'mkdir -p .ds01-config && echo "pip_index_url: http://lab:s3cret@pypi.lab/simple" >.ds01-config/config.yaml'
        try "$user" image-create behind --dockerfile "$GROUND/context/Dockerfile" --context "$GROUND/context"
        "$user" rm .ds01-config/config.yaml
        expect_status 0
    done
    expect_shared_but_last behind
}

@test "two builds at once that need the same lab's files do not take them from each other" {
    shared_context
    baker sh -c 'mkdir -p .ds01-config && echo "pip_index_url: http://pypi.lab/simple" >.ds01-config/config.yaml'
    local number builds=()
    for number in 1 2 3; do
        baker sh -c "printf 'FROM $BASE\nRUN sleep 0.$number; echo $number$RANDOM\nRUN cat /dev/ds01/pip.conf /etc/xdg/p?p/pip.conf\n' >own$number"
        baker image-create "at-once-$number" --dockerfile "own$number" >"$BATS_TEST_TMPDIR/$number" 2>&1 </dev/null &
        builds+=($!)
    done
    for number in "${builds[@]}"; do
        wait "$number" || told "$(cat "$BATS_TEST_TMPDIR"/?)"
    done
    baker rm .ds01-config/config.yaml
    expect_equal "$(api GET /images/json | jq -r '.[] | select(.Labels["aime.mlc.DS01_NETWORK"]) | .Id')" ""
}
