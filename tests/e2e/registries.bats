# Images of registries: pinned by digest, private ones with docker's credentials, and what is said
# when they cannot be had.

load common
load terminal

readonly OPEN=127.0.0.1:5051 PRIVATE=127.0.0.1:5052

setup_file() {
    need_image busybox
    "$TESTS/ground/registry" "$GROUND" 5051 >"$GROUND/registry.log" 2>&1 3>&- &
    echo $! >"$GROUND/registries.pid"
    "$TESTS/ground/registry" "$GROUND" 5052 private >"$GROUND/registry.log" 2>&1 3>&- &
    echo $! >>"$GROUND/registries.pid"
    local port
    for port in 5051 5052; do
        await_server "http://127.0.0.1:$port/"
    done
    publish ds01-test/busybox:1 "$OPEN/lab/tool" e30=
    publish ds01-test/busybox:1 "$PRIVATE/lab/tool" "$(credentials s3cret)"
}

teardown_file() {
    # shellcheck disable=SC2046 # one a word
    kill $(<"$GROUND/registries.pid") 2>/dev/null || true
    clean_ground
}

setup() {
    clean_ground
}

teardown() {
    tm kill-server 2>/dev/null || true
}

# credentials PASSWORD: as X-Registry-Auth wants them
credentials() {
    printf '{"username":"lab","password":"%s"}' "$1" | base64 -w0 | tr '+/' '-_'
}

# publish IMAGE REPOSITORY AUTH: puts it there with the tag 1; $GROUND/digest is its digest
publish() {
    api POST "/images/$1/tag?repo=$2&tag=1"
    curl -sS --fail-with-body --unix-socket "$SOCKET" -X POST -H "X-Registry-Auth: $3" \
        "http://engine/images/$2/push?tag=1" | grep -o '"Digest":"[^"]*"' | cut -d'"' -f4 >"$GROUND/digest"
    api DELETE "/images/$2:1" >/dev/null
    [[ $(<"$GROUND/digest") == sha256:* ]]
}

# publish_large: an image of 3 MB that does not compress, which the engine forgets again
publish_large() {
    mkdir -p "$BATS_TEST_TMPDIR/root"
    head -c 3000000 /dev/urandom >"$BATS_TEST_TMPDIR/root/junk"
    tar -C "$BATS_TEST_TMPDIR/root" -c . | curl -sS --fail-with-body --unix-socket "$SOCKET" -o /dev/null \
        -H 'Content-Type: application/x-tar' --data-binary @- "http://engine/images/create?fromSrc=-&repo=large&tag=1"
    publish large:1 "$OPEN/lab/large" e30=
    api DELETE /images/large:1 >/dev/null
}

# logged_in ENTRY PASSWORD: what docker login leaves in baker's configuration
logged_in() {
    baker sh -c "mkdir -p .docker && cat >.docker/config.json" \
        <<<"{\"auths\":{\"$1\":{\"auth\":\"$(printf 'lab:%s' "$2" | base64 -w0)\"}}}"
}

@test "a base of a registry is pulled, also pinned by its digest, and listed" {
    try baker image-create tagged --base "$OPEN/lab/tool:1"
    expect_status 0
    try baker image-create pinned --base "$OPEN/lab/tool@$(<"$GROUND/digest")"
    expect_status 0
    expect_equal "$(grep ^FROM "$(home_of "$BAKER_NAME")/dockerfiles/pinned.Dockerfile")" "FROM $OPEN/lab/tool@$(<"$GROUND/digest")"
    try baker image-list --noheadings --output PROJECT,STATE
    expect_equal "$(tr -s ' ' <<<"$output")" "pinned ready
tagged ready"
    try baker container-deploy pinned --background
    expect_status 0
}

@test "tag and digest together, and a digest in a Dockerfile of one's own" {
    baker sh -c "printf 'FROM $OPEN/lab/tool:1@$(<"$GROUND/digest") AS first\nRUN echo >/one\nFROM $OPEN/lab/tool@$(<"$GROUND/digest")\nCOPY --from=first /one /two\n' >own"
    try baker image-create own --dockerfile own
    expect_status 0
}

@test "a digest that is not there, a name that is not there" {
    try baker image-create x --base "$OPEN/lab/tool@sha256:$(printf '0%.0s' {1..64})"
    expect_error 3 "127.0.0.1:5051 has no such image"
    try baker image-create x --base "$OPEN/lab/other:1"
    expect_error 3 "127.0.0.1:5051 has no such image"
}

@test "no registry is asked for a user's image, which could be a stranger's there" {
    local image=ds01-$ROSSI/gone:latest
    try baker container-deploy x "$image" --background
    expect_error 3 "there is no image $image on this server"
    try baker image-create x --base "$image"
    expect_error 3 "no registry is asked"
    expect_stderr "image-list --all shows"
}

@test "a private registry: without credentials the cure is named" {
    try baker image-create secret --base "$PRIVATE/lab/tool:1"
    expect_error 3 "shows it only to those who log in"
    expect_stderr "docker login $PRIVATE"
}

@test "a private registry: wrong credentials" {
    logged_in "$PRIVATE" wrong
    try baker image-create secret --base "$PRIVATE/lab/tool:1"
    expect_error 1 "no longer takes your password"
    expect_stderr "docker login $PRIVATE"
}

@test "a private registry: what docker login has kept is used, however it is written" {
    local entry
    for entry in "$PRIVATE" "http://$PRIVATE" "https://$PRIVATE/v1/"; do
        clean_ground
        logged_in "$entry" s3cret
        try baker image-create secret --base "$PRIVATE/lab/tool:1"
        expect_status 0
    done
    try baker image-create pinned --base "$PRIVATE/lab/tool@$(<"$GROUND/digest")"
    expect_status 0
}

@test "a private registry: DOCKER_CONFIG, and a credential helper" {
    logged_in "$PRIVATE" s3cret
    baker mv .docker elsewhere
    AS_USER_ENV=DOCKER_CONFIG=elsewhere try baker image-create one --base "$PRIVATE/lab/tool:1"
    expect_status 0
    clean_ground
    printf '#!/bin/sh\nread -r key\n[ "$key" = %s ] && echo %s\n' "$PRIVATE" "'{\"Username\":\"lab\",\"Secret\":\"s3cret\"}'" >"$GROUND/bin/docker-credential-labvault"
    chmod 755 "$GROUND/bin/docker-credential-labvault"
    baker sh -c 'mkdir .docker && cat >.docker/config.json' <<<"{\"credHelpers\":{\"$PRIVATE\":\"labvault\"}}"
    try baker image-create two --base "$PRIVATE/lab/tool:1"
    rm "$GROUND/bin/docker-credential-labvault"
    expect_status 0
}

@test "container-deploy of an image that must be pulled" {
    try baker container-deploy direct --image "$OPEN/lab/tool:1" --background
    expect_status 0
    try baker container-deploy other --image "$PRIVATE/lab/tool:1" --background
    expect_error 3 "docker login $PRIVATE"
}

@test "a registry that does not answer: one sentence; the image that is there still deploys" {
    try baker image-create proj --base "$OPEN/lab/tool:1"
    expect_status 0
    local before
    before=$(engine_state)
    try baker image-create proj --force --base 127.0.0.1:5059/lab/tool:1
    expect_error 1 "the engine does not reach 127.0.0.1:5059"
    try baker image-create other --base nowhere.invalid/lab/tool:1
    expect_error 1 "the engine does not reach nowhere.invalid"
    expect_equal "$(engine_state)" "$before"
    try baker container-deploy proj --background
    expect_status 0
}

# slow_registry PORT: the open one, at some 200 kB a second
slow_registry() {
    "$TESTS/ground/in-engine-network" "$GROUND" python3 - "$1" "${OPEN#*:}" 3>&- <<'END' &
import socket, sys, threading, time
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
def copy(source, target, pause):
    try:
        while data := source.recv(2000):
            target.sendall(data)
            time.sleep(pause)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass
def serve(client):
    upstream = socket.create_connection(("127.0.0.1", int(sys.argv[2])))
    threading.Thread(target=copy, args=(client, upstream, 0), daemon=True).start()
    copy(upstream, client, 0.01)
while True:
    threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()
END
    echo $! >>"$GROUND/registries.pid"
    await_server "http://127.0.0.1:$1/"
}

@test "Ctrl-C while the base is pulled: exit 130, all is as before, the image still deploys" {
    local before home
    slow_registry 5053
    publish_large
    try baker image-create proj --base "$BASE"
    before=$(engine_state)
    home=$(home_state "$BAKER_NAME" | grep -v /backup)
    run --separate-stderr timeout --preserve-status --foreground -s INT 1.5 "$TESTS/e2e/call" \
        baker image-create proj --force --base 127.0.0.1:5053/lab/large:1 </dev/null
    expect_status 130
    expect_equal "$(tail -n 1 <<<"$stderr")" "error: interrupted"
    grep -qx '\[1\] failed' <<<"$stderr" || told "the download has no end"
    run ! image_exists 127.0.0.1:5053/lab/large:1
    expect_equal "$(engine_state)" "$before"
    expect_equal "$(home_state "$BAKER_NAME" | grep -v /backup)" "$home"
    try baker container-deploy proj --background
    expect_status 0
}

@test "live: of a download that is given up one line stays, and none of a layer" {
    slow_registry 5054
    publish_large
    open_terminal "$TESTS/e2e/call" baker image-create proj --force --base 127.0.0.1:5054/lab/large:1
    sees '^. layer'
    tm send-keys C-c
    sees 'exit=130'
    sees '^✗ Downloading 127.0.0.1:5054/lab/large:1'
    [[ $(lines_with '^. layer') -eq 0 ]]
}
