# The user setup works on every odd base: each image is built, deployed and asked who it is.

load common
load wheels
load inside

setup_file() {
    clean_ground
}

# Builds from a base, deploys, and checks what the user finds inside.
check_base() {
    local name=$1 shell=${2:-bash}
    need_image "$name"
    try baker image-create "on-$name" --base "ds01-test/$name:1"
    expect_status 0
    try baker container-deploy "on-$name" --background
    expect_status 0
    check_inside "on-$name" "$shell"
}

@test "Debian with sudo" {
    check_base base
    check_sudo on-base
}

@test "the home has .local/bin, on PATH, the user's own; pip install --user works" {
    need_image wheels
    try baker image-create home --base ds01-test/wheels:1
    expect_status 0
    try baker container-deploy home --background
    expect_status 0
    try baker container-open home -- bash -c 'case :$PATH: in *:$HOME/.local/bin:*) echo on-path;; esac; stat -c %u ~/.local/bin; pip install -q --user ds01probe 2>/dev/null && python3 -c "import ds01probe; print(ds01probe.version)"'
    expect_equal "$output" "on-path
$BAKER
2.0"
}

@test "no lastlog of uid x 292 bytes in the image" {
    try baker container-open home -- sh -c 'stat -c %s /var/log/lastlog /var/log/faillog 2>/dev/null | sort -n | tail -n 1'
    ((${output:-0} < 100000))
}

@test "uid 1722830498 and a base that has a lastlog: no layer for the user above 1 MiB" {
    local before
    need_image lastlog
    before=$(api GET /images/ds01-test/lastlog:1/history | jq length)
    try baker image-create on-lastlog --base ds01-test/lastlog:1
    expect_status 0
    run api GET "/images/ds01-$BAKER/on-lastlog:latest/history"
    jq -e --argjson before "$before" '.[:length - $before] | length > 0 and all(.Size < 1048576)' <<<"$output" >/dev/null ||
        told "a layer above 1 MiB"
    try baker container-deploy on-lastlog --background
    try baker container-open on-lastlog -- sh -c 'id -un; sudo -n stat -c %s /var/log/lastlog'
    expect_equal "${lines[0]}" "$BAKER_INSIDE"
    ((lines[1] <= 200 * 1024 * 1024)) || told "the lastlog has grown"
}

@test "a base without sudo gets it" {
    check_base nosudo
    check_sudo on-nosudo
}

@test "a base with user ubuntu 1000:1000, for a caller 1000:1000" {
    need_image ubuntu
    try user s.jones 1000 image-create mine --base ds01-test/ubuntu:1
    expect_status 0
    try user s.jones 1000 container-deploy mine --background
    expect_status 0
    try user s.jones 1000 container-open mine -- sh -c 'id -u; id -g; id -un; id -gn; getent passwd ubuntu'
    expect_equal "$output" "1000
1000
s-jones
s-jones"
}

@test "a base with another group on our gid" {
    check_base ourgroup
    check_sudo on-ourgroup
}

@test "a base whose user has our name" {
    check_base ourname
    check_sudo on-ourname
}

@test "a base that ends as another user" {
    check_base rootless
    check_sudo on-rootless
}

@test "busybox: no bash, no useradd, no sudo" {
    check_base busybox sh
    try baker container-open on-busybox -- sh -c 'find /var -name "apt*"'
    expect_equal "$output" ""
}

@test "uid 0 stays root in /root" {
    try user root 0 image-create as-root --base "$BASE"
    expect_status 0
    try user root 0 container-deploy as-root --background
    expect_status 0
    try user root 0 container-open as-root -- sh -c 'id -un; echo $HOME'
    expect_equal "$output" "root
/root"
}

@test "a name of more than 32 characters is cut and marked" {
    try user c.fusarbassini@hertie-school.lan 1722830777 image-create long --base "$BASE"
    expect_status 0
    run image_field ds01-1722830777/long:latest '.Config.Labels["aime.mlc.DS01_USERNAME"]'
    [[ $output =~ ^c-fusarbassini-at-hertie-sc.{0,1}-[0-9a-f]{4}$ ]] || told "odd name"
    ((${#output} <= 32))
}

@test "a base that is not there: one sentence, exit 1 or 3, nothing left" {
    local before
    before=$(engine_state)
    try baker image-create absent --base ds01-test/absent:9
    expect_error "1|3" "ds01-test/absent"
    expect_equal "$(engine_state)" "$before"
    [ ! -e "$(home_of "$BAKER_NAME")/dockerfiles/absent.Dockerfile" ]
}
