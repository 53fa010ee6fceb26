# ds01 doctor: each thing that can be wrong is found, with a cure that works.

load common

# The checks that do not depend on the machine the tests run on.
readonly OURS="engine config images leftovers orphans metadata locks workspace"

setup() {
    clean_ground
    baker image-create proj --base "$BASE" --quiet </dev/null
}

# doctor CHECK…: $output is the JSON
doctor() {
    try baker ds01 doctor --json "$@"
}

# found: each finding of the last doctor as "check | subject | cure"
found() {
    jq -r '.findings[] | "\(.check) | \(.subject) | \(.cure)"' <<<"$output"
}

healthy() {
    # shellcheck disable=SC2086 # one word a check
    doctor $OURS
    expect_equal "$(found)" ""
    expect_status 0
}

@test "a clean slate: exit 0, and what was checked" {
    healthy
    expect_equal "$(jq -r '.checked | join(" ")' <<<"$output")" "$OURS"
    try baker ds01 doctor locks
    expect_status 0
    expect_stdout "All is well: 1 checks."
    try baker ds01 doctor nonsense
    expect_error 2 "the checks are"
}

@test "an engine that is down is a finding, and the rest is checked" {
    baker rm -f .ds01-config/images/proj.json
    try baker ds01 doctor -H unix:///nonexistent/docker.sock --json
    expect_status 1
    expect_equal "$(jq -r '.findings[0].check' <<<"$output")" engine
    expect_equal "$(jq -r '.checked | index("workspace") != null' <<<"$output")" true
    expect_equal "$(jq -r '.skipped | index("images") != null' <<<"$output")" true
}

@test "parts with known holes are named, with the versions that close them" {
    local docker
    docker=$(api GET /version | jq -r .Version)
    doctor versions
    [[ $docker == 20.10.* ]] || return 0
    expect_status 1
    expect_stdout "Docker $docker has known holes"
    expect_stdout "29.5.1"
    expect_stdout "Docker $docker can crash"
    expect_stdout "23.0"
}

@test "labels missing, UID/GID mismatch, an image that is gone: found, and the cure cures" {
    rossi image-create theirs --base "$BASE" --quiet </dev/null
    api POST "/images/$BASE/tag?repo=ds01-$BAKER/bare&tag=latest" >/dev/null
    api POST "/images/ds01-$ROSSI/theirs:latest/tag?repo=ds01-$BAKER/theirs&tag=latest" >/dev/null
    baker sh -c "printf 'FROM $BASE\n' >dockerfiles/theirs.Dockerfile"
    baker image-create later --base "$BASE" --quiet </dev/null
    api DELETE "/images/ds01-$BAKER/later:keep" >/dev/null
    api DELETE "/images/ds01-$BAKER/later:latest" >/dev/null
    doctor images
    expect_status 1
    expect_equal "$(found)" "images | ds01-$BAKER/bare:latest | image-create bare --base IMAGE --force
images | ds01-$BAKER/later:latest | image-create later; or, to be done with it: image-retire later --purge
images | ds01-$BAKER/theirs:latest | image-create theirs --force"
    baker image-create bare --base "$BASE" --force --quiet </dev/null
    baker image-create theirs --force --quiet </dev/null
    baker image-retire later --purge --yes --quiet </dev/null
    healthy
}

@test "a Dockerfile that waits to be built is none" {
    baker sh -c "printf 'FROM $BASE\n' >dockerfiles/mine.Dockerfile"
    baker image-create later --base "$BASE" --no-build --quiet </dev/null
    baker image-create over --base "$BASE" --quiet </dev/null
    baker image-retire over --yes --quiet </dev/null
    healthy
}

@test "interrupted operations and orphans: found, and --fix takes them away" {
    local dead="00000000-0000-0000-0000-000000000000;1;1"
    "$TESTS/ground/load-images" "$SOCKET" <<<"aimehub/torch:left._.$BAKER"
    api POST "/containers/create?name=died._.$BAKER" "$(jq -nc --arg image "$BASE" --arg uid "$BAKER" --arg dead "$dead" \
        '{Image: $image, Cmd: ["sh"], Labels: {"aime.mlc.DS01_USER_ID": $uid, "aime.mlc.DS01_DEPLOY": "true", "aime.mlc.DS01_CREATED_BY": $dead}}')" >/dev/null
    baker touch .ds01-config/locks/image-killed
    # shellcheck disable=SC2086
    doctor $OURS
    expect_status 1
    expect_equal "$(jq -r '.findings[] | "\(.check) \(.cure) \(.mendable)"' <<<"$output")" \
        "leftovers ds01 gc true
orphans image-retire --orphans true
locks ds01 gc true"
    try baker ds01 doctor --fix leftovers
    expect_error 2 "--yes"
    try baker ds01 doctor --fix --dry-run leftovers
    expect_status 1
    container_exists "died._.$BAKER"
    # shellcheck disable=SC2086
    try baker ds01 doctor --fix --yes $OURS
    expect_status 0
    expect_stdout "Mended."
    healthy
    image_exists "ds01-$BAKER/proj:latest"
}

@test "settings that are wrong are findings, where other commands stop" {
    baker sh -c 'printf "nonsense: 1\nshm_size: lots\nnetwork: moon\ncolor: loud\nbuild.private_cache: ture\ndata: ~/nowhere\n" >.ds01-config/config.yaml'
    doctor config
    expect_status 1
    expect_stdout "nonsense"
    expect_stdout "shm_size"
    expect_stdout "moon"
    expect_stdout "loud"
    expect_stdout "build.private_cache is 'ture'"
    expect_stdout "nowhere"
    expect_equal "$(jq -r '.findings[] | select(.cure == null)' <<<"$output")" ""
    try baker env DS01_COLOR=auto DS01_SHM_SIZE= DS01_NETWORK=host image-create misspelt --base "$BASE"
    expect_status 1
    expect_stderr "the setting build.private_cache is 'ture'"
    baker sh -c 'printf "a: [\n" >.ds01-config/config.yaml'
    doctor config
    expect_status 1
    expect_stdout "config.yaml, line"
    try baker image-list
    expect_error 1 "config.yaml"
    baker sh -c 'printf "catalog: ~/mine.repo\n" >.ds01-config/config.yaml'
    doctor config
    expect_stdout "mine.repo"
    baker sh -c 'printf "http_proxy: ftp://x\npip_index_url: file:///x\npip_extra_index_url: http://a x\napt_mirror: http://h/a b\nca_certificate: /etc/shadow\n" >.ds01-config/config.yaml'
    doctor config
    expect_status 1
    expect_equal "$(jq -r '.findings[].subject' <<<"$output" | paste -sd' ')" \
        "proxies pip_index_url pip_extra_index_url apt_mirror ca_certificate"
    try baker image-create unbuildable --base "$BASE" --dry-run
    expect_error 1 "http_proxy is no address of a proxy"
    baker sh -c 'rm .ds01-config/config.yaml; mkdir -p .docker; echo "{" >.docker/config.json'
    doctor config
    expect_stdout ".docker/config.json"
    baker rm .docker/config.json
    healthy
}

@test "damaged notes are found and moved to the backup" {
    baker sh -c 'echo "{" >.ds01-config/images/proj.json'
    doctor metadata
    expect_status 1
    expect_equal "$(found)" "metadata | proj | ds01 doctor --fix"
    try baker ds01 doctor metadata --fix --yes
    expect_status 0
    run find "$(home_of "$BAKER_NAME")/.ds01-config/backup" -name 'proj-*.json'
    expect_stdout "proj-"
    healthy
}

@test "files of root's in the workspace: found through no link, and the cure gives them back" {
    local folder
    baker container-deploy proj --background --quiet </dev/null
    folder=$(home_of "$BAKER_NAME")/workspace/proj
    baker container-exec proj -- sudo sh -c 'mkdir -p /workspace/deep/er; touch /workspace/deep/er/x' </dev/null
    ln -s /etc "$folder/etc"
    chown -h "$BAKER:$BAKER" "$folder/etc"
    doctor workspace
    expect_status 1
    expect_stdout "3 files in $folder belong to root"
    run jq -r '.findings[0].cure' <<<"$output"
    expect_equal "$output" "container-open proj -- sudo chown -R $BAKER:$BAKER /workspace"
    # shellcheck disable=SC2086
    try baker $output
    expect_status 0
    baker mkdir elsewhere
    baker container-deploy other --image "ds01-$BAKER/proj:latest" -w elsewhere --background --quiet </dev/null
    baker container-exec other -- sudo touch /workspace/x </dev/null
    doctor workspace
    expect_stdout "1 file in $(home_of "$BAKER_NAME")/elsewhere belongs to root, such as x"
    baker container-exec other -- sudo rm /workspace/x </dev/null
    healthy
}
