# GPUs through CDI, without any: the specification calls other devices GPUs. Engines that do not
# know CDI, or not these, are to say so in a sentence.

load common

readonly FIRST=GPU-11111111-2222-3333-4444-555555555555
readonly SECOND=GPU-66666666-7777-8888-9999-aaaaaaaaaaaa

setup_file() {
    clean_ground
    write_specification
    baker image-create gpus --base "$BASE" --quiet </dev/null
    export CDI_ENGINE=no
    if on_podman && podman_gives_gpus || docker_discovers "$FIRST"; then CDI_ENGINE=yes; fi
}

teardown_file() {
    rm -f "$GROUND/cdi/nvidia.json"
    clean_ground
}

# /dev/zero and /dev/full stand for GPUs: harmless, and told apart by what they do.
write_specification() {
    cat >"$GROUND/cdi/nvidia.json" <<END
{"cdiVersion": "0.6.0", "kind": "nvidia.com/gpu", "devices": [
  {"name": "$FIRST", "containerEdits": {"deviceNodes": [{"path": "/dev/nvidia0", "hostPath": "/dev/zero"}]}},
  {"name": "$SECOND", "containerEdits": {"deviceNodes": [{"path": "/dev/nvidia1", "hostPath": "/dev/full"}]}},
  {"name": "all", "containerEdits": {"deviceNodes": [
    {"path": "/dev/nvidia0", "hostPath": "/dev/zero"}, {"path": "/dev/nvidia1", "hostPath": "/dev/full"}]}}]}
END
}

# Docker reads the folder of specifications when it changes.
docker_discovers() {
    local tenth
    for ((tenth = 0; tenth < 20; tenth++)); do
        if api GET /info | jq -e --arg id "nvidia.com/gpu=$1" 'any(.DiscoveredDevices // [] | .[]; .ID == $id)' >/dev/null; then
            return 0
        fi
        sleep 0.1
    done
    return 1
}

# 5.4 and later; 4.3 leaves them out.
podman_gives_gpus() {
    api GET /version | jq -e '.Version | split(".") | [.[0], .[1]] | map(tonumber) >= [5, 4]' >/dev/null
}

# The devices inside, by name and by what they are.
devices_in() {
    try baker container-exec "$1" -- sh -c "stat -c '%n %t:%T' /dev/nvidia*"
}

@test "one by its UUID: in the container, also for a command in it, and in the list" {
    local before
    before=$(engine_state)
    try baker container-deploy one gpus --gpus "$FIRST" --background
    if [[ $CDI_ENGINE == no ]]; then
        expect_error 4 'GPU'
        expect_equal "$(engine_state)" "$before"
        return 0
    fi
    expect_status 0
    devices_in one
    expect_equal "$output" "/dev/nvidia0 1:5"
    try baker container-list --json
    expect_equal "$(jq -r '.[0].gpus' <<<"$output")" "device=$FIRST"
    # No longer there after a systemctl daemon-reload, if the old way had been taken.
    expect_equal "$(container_field "one._.$BAKER" '.HostConfig.DeviceRequests // [] | .[].Driver')" \
        "$(if ! on_podman; then echo cdi; fi)"
    try baker container-retire one --yes
    expect_status 0
}

@test "all, and two by name" {
    local gpus
    for gpus in all "$FIRST,$SECOND"; do
        try baker container-deploy two gpus --gpus "$gpus" --background
        if [[ $CDI_ENGINE == no ]]; then
            expect_error 4 'GPU'
            continue
        fi
        expect_status 0
        devices_in two
        expect_equal "$output" $'/dev/nvidia0 1:5\n/dev/nvidia1 1:7'
        try baker container-retire two --yes
        expect_status 0
    done
}

@test "one there is not, or a number where only names are known: a sentence, and nothing left" {
    local before gpus
    before=$(engine_state)
    for gpus in GPU-00000000-0000-0000-0000-000000000000 "$FIRST,GPU-00000000" 2; do
        try baker container-deploy none gpus --gpus "$gpus" --background
        expect_error 4 'GPU'
        expect_equal "$(engine_state)" "$before"
    done
}

@test "none: no device, and images that take all by themselves are told" {
    try baker container-deploy cpu gpus --cpu-only --background
    expect_status 0
    try baker container-exec cpu -- sh -c 'ls /dev/nvidia* 2>/dev/null; echo "$NVIDIA_VISIBLE_DEVICES"'
    expect_equal "$output" "void"
    try baker container-retire cpu --yes
    expect_status 0
}
