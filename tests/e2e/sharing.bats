# What a second user's identical image costs: the last layer and nothing else.

load common

setup_file() {
    clean_ground
    need_image wheels
    export RECIPE="--base ds01-test/wheels:1 --packages ds01probe --system hello"
    # shellcheck disable=SC2086 # words
    baker image-create shared $RECIPE --quiet </dev/null
}

@test "the second user's build runs no RUN but the last and takes at most three seconds" {
    local begin=$EPOCHREALTIME took
    # shellcheck disable=SC2086 # words
    try rossi image-create shared $RECIPE
    took=$(awk -v a="$begin" -v b="$EPOCHREALTIME" 'BEGIN { printf "%d", (b - a) * 1000 }')
    expect_status 0
    ((took <= 3000)) || told "took $took ms"
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
