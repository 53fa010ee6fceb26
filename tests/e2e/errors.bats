# Bad input: one sentence and its cure, the right exit code, nothing half-made.

load common

setup_file() {
    clean_ground
    baker image-create good --base "$BASE" --quiet </dev/null
    baker container-deploy good --background --quiet </dev/null
}

# refused CODE REGEX CMD…: it fails so, and engine and home stay as they were.
refused() {
    local code=$1 regex=$2 engine home
    shift 2
    engine=$(engine_state)
    home=$(home_state "$BAKER_NAME")
    try baker "$@"
    expect_error "$code" "$regex"
    expect_equal "$(engine_state)" "$engine"
    expect_equal "$(home_state "$BAKER_NAME")" "$home"
}

@test "names that sanitise to nothing, or hold what no name can" {
    local name
    for name in "" "'" '"' ".." "../etc" "a/b" $'two\nlines' $'bell\a' "___" "   "; do
        refused 2 "" image-create "$name" --base "$BASE"
        refused 2 "" container-deploy "$name" --image "ds01-$BAKER/good:latest" --background
    done
}

@test "a name of 300 characters is cut to 63 and said so, or refused" {
    local long
    long=$(printf 'a%.0s' {1..300})
    try baker image-create "$long" --base "$BASE" --no-build
    if [[ $status -eq 0 ]]; then
        expect_stderr "$(printf 'a%.0s' {1..63})"
        baker rm -rf dockerfiles/aaa* .ds01-config/images/aaa*
        run find "$(home_of "$BAKER_NAME")" -name "$(printf 'a%.0s' {1..64})*"
        expect_equal "$output" ""
    else
        expect_error 2
    fi
}

@test "packages that are commands" {
    refused 2 "rm" image-create evil --base "$BASE" --packages 'numpy; rm -rf /'
    refused 2 "" image-create evil --base "$BASE" --packages '$(touch /tmp/pwned)'
    refused 2 "" image-create evil --base "$BASE" --packages '`id`'
    refused 2 "" image-create evil --base "$BASE" --packages $'numpy\nRUN /bin/id'
    refused 2 "" image-create evil --base "$BASE" --packages '--index-url=http://evil'
    refused 2 "" image-create evil --base "$BASE" --system 'git && id'
    refused 2 "" image-create evil --base "$BASE" --system '-o=APT::Update::Pre-Invoke::=id'
    refused 2 "" image-create evil --base "$BASE" --system $'git\nUSER root'
}

@test "packages that are written in another manner than ours" {
    refused 2 "one argument too many" image-update good --add wandb pandas
    expect_stderr '--add "wandb pandas"'
    refused 2 "no package is named" image-update good --add " "
    refused 2 "'pip install' is a command" image-update good --add "pip install wandb"
    refused 2 "'apt-get install' is a command" image-update good --add-system "apt-get install -y hello"
}

@test "a base that is no reference" {
    local base
    for base in "" "UPPER/case" "a b" "x:y:z" $'debian\nRUN id' "-v" "debian@sha256:short"; do
        refused 2 "" image-create evil --base "$base"
    done
    on_podman || refused 2 "is an image's id" image-create evil --base "$(image_field "$BASE" .Id)"
}

@test "a base in a Dockerfile that is no reference, or no stage: its line, and what to write" {
    local line
    for line in "FROM Debian:bookworm" "FROM python:3.12:slim" "FROM http://x/y" 'ARG V=3\nFROM Python:$V' \
        "FROM $BASE\nCOPY --from=Nginx /x /y" "FROM $BASE\nRUN --mount=type=bind,from=Foo:1,target=/x true"; do
        baker sh -c "printf '$line\nRUN true\n' >~/odd"
        try baker image-create odd --dockerfile odd --dry-run
        expect_error 2 "is not an image name"
        [[ $stderr =~ "error: odd, line "[12]": '" ]] || told "no line: $stderr"
        expect_stderr "hint: write NAME"
    done
    on_podman && return
    baker sh -c "printf 'FROM $BASE\nCOPY --from=5 /x /y\n' >~/odd"
    try baker image-create odd --dockerfile odd
    expect_error 1 "odd, line 2: invalid stage index 5"
}

@test "files that are not there" {
    refused 2 "absent" image-create files --dockerfile /absent/Dockerfile
    refused 2 "absent" image-create files --dockerfile absent
    baker sh -c "echo 'FROM $BASE' >~/fine"
    refused 2 "absent" image-create files --dockerfile fine --context /absent
    baker rm fine
}

@test "other people's directories" {
    local theirs
    rossi true
    theirs=$(home_of "$ROSSI_NAME")
    refused "1|2|4" "" image-create files --dockerfile "$theirs/Dockerfile"
    try baker container-deploy theirs good --background -w "$theirs/made-by-baker"
    [ "$status" -ne 0 ]
    expect_error "$status"
    [ ! -e "$theirs/made-by-baker" ]
    run container_exists "theirs._.$BAKER"
    [ "$status" -ne 0 ]
}

@test "a workspace inside another's home that cannot be entered is not mounted" {
    local theirs before
    theirs=$(home_of "$ROSSI_NAME")
    rossi mkdir -p "$theirs/private"
    chmod 0700 "$theirs"
    before=$(engine_state)
    try baker container-deploy spy good --background -w "$theirs/private"
    [ "$status" -ne 0 ]
    try baker container-deploy spy good --background --mount "$theirs/private:/spy"
    [ "$status" -ne 0 ]
    expect_equal "$(engine_state)" "$before"
}

@test "mounts that are none" {
    refused 2 "" container-deploy mount good --background --mount relative
    refused 2 "" container-deploy mount good --background --mount "/tmp:relative"
    refused 2 "" container-deploy mount good --background --mount ":"
    refused 2 "" container-deploy mount good --background --mount "/tmp:/workspace"
}

@test "limits that are none" {
    refused 2 "memory" container-deploy limit good --background --memory lots
    refused 2 "memory" container-deploy limit good --background --memory -1
    refused 2 "cpus" container-deploy limit good --background --cpus 0
    refused 2 "cpus" container-deploy limit good --background --cpus nan
    refused 2 "shm" container-deploy limit good --background --shm-size 99999999999999999999g
    refused 2 "pids" container-deploy limit good --background --pids 1.5
    refused 2 "network" container-deploy limit good --background --network nonsense
    refused 2 "" container-deploy limit good --background -e "=value"
}

@test "a workspace with a comma in its name puts none into a label" {
    baker mkdir -p "$(home_of "$BAKER_NAME")/a,b"
    try baker container-deploy comma good --background -w "$(home_of "$BAKER_NAME")/a,b"
    run container_field "comma._.$BAKER" '.Config.Labels | tostring | gsub("\",\""; "") | contains(",")'
    if [[ $output == true ]]; then told "a label with a comma"; fi
    if container_exists "comma._.$BAKER"; then baker container-retire comma --yes --quiet; fi
}

@test "a home with a link where our directory belongs is not followed" {
    local home
    home=$(home_of s.jones)
    "$TESTS/ground/as-user" s.jones 1000 true
    "$TESTS/ground/as-user" s.jones 1000 ln -s "$(home_of "$ROSSI_NAME")" "$home/workspace"
    try user s.jones 1000 image-create link --base "$BASE"
    try user s.jones 1000 container-deploy link --background
    [ "$status" -ne 0 ]
    [ ! -e "$(home_of "$ROSSI_NAME")/link" ]
}

@test "a Dockerfile with # syntax= is refused with the reason" {
    baker sh -c "printf '# syntax=docker/dockerfile:1\nFROM $BASE\n' >~/syntax"
    refused "1|2" "syntax" image-create syntax --dockerfile syntax
    baker rm syntax
}

@test "a base of a Dockerfile that cannot be pulled: the line that names it" {
    baker sh -c "printf 'ARG BASE=ds01-no-such/base:1\nFROM \${BASE}\n' >~/pull"
    try baker image-create pull --dockerfile pull
    expect_error "1|3" "pull, line 1: cannot pull ds01-no-such/base:1"
    baker rm pull
    try baker image-create pull --base ds01-no-such/base:1
    expect_error "1|3" "error: cannot pull ds01-no-such/base:1"
    [ ! -e "$(home_of "$BAKER_NAME")/dockerfiles/pull.Dockerfile" ]
}

@test "a file to copy that is not there: the line, the folder, nothing of the engine's own paths" {
    baker sh -c "mkdir -p ~/copy && printf 'FROM $BASE\nCOPY absent* lib/*.py /x/\n' >~/copy/Dockerfile"
    try baker image-create copy --dockerfile copy/Dockerfile
    expect_status 1
    expect_stderr "copy/Dockerfile, line 2"
    expect_stderr "takes files from $(home_of "$BAKER_NAME")/copy: look whether this one is there"
    [[ $stderr != *buildkit-mount* ]] || told "the engine's own path"
}

# own LINE: a build of it, which is the second
own() {
    baker sh -c "printf 'FROM $BASE\n%s\n' '$1' >~/own"
    try baker image-create own --dockerfile own
    expect_status 1
}

@test "what a builder refuses by itself has its line, and what to do" {
    own 'RUN git --version'
    expect_stderr "write RUN apt-get update && apt-get install -y git above that line"
    if ! on_podman; then
        own 'EXPOSE abc'
        expect_stderr "own, line 2: "
        own 'ONBUILD FROM x'
        expect_stderr "own, line 2: "
        own 'WORKDIR /etc/passwd'
        expect_stderr "own, line 2: step 2/"
        [[ $stderr != */merged/* ]] || told "the engine's own path"
        own 'RUN false'
        expect_stderr "hint: it put out nothing that says why: look at its command in that line"
        own 'RUN --mount=type=bind,source=missing,target=/x true'
        expect_stderr "RUN --mount takes files from "
        own "FROM $BASE AS other"$'\nFROM other\n'"RUN --mount=from=other,source=/missing,target=/x true"
        expect_stderr "in the image or stage that from= names"
        [[ $stderr != *"Building again"* ]] || told "built again for nothing"
        own "FROM $BASE AS other"$'\nFROM other\n'"COPY --from=other /missing /x"
        expect_stderr "own, line 4: "
        expect_stderr "in the image or stage that from= names"
        own 'ADD http://127.0.0.1:9/x /x'
        expect_stderr "own, line 2: cannot load http://127.0.0.1:9/x"
    fi
    baker rm own
}

@test "a step that the base brings is no line of the Dockerfile's" {
    if on_podman; then skip "its steps are counted otherwise"; fi
    baker sh -c "printf 'FROM $BASE\nONBUILD RUN echo brought; exit 3\nONBUILD RUN true\n' >~/brings"
    try baker image-create brings --dockerfile brings
    expect_status 0
    baker sh -c "printf 'FROM ds01-$BAKER/brings:latest\nRUN echo mine\nRUN true\n' >~/brought"
    try baker image-create brought --dockerfile brought
    expect_status 1
    [[ $stderr != *"brought, line"* ]] || told "a line of the file is blamed"
    expect_stderr "error: step 2/"
}

@test "a heredoc is built, or refused with its line and what to write instead" {
    baker sh -c "printf 'FROM $BASE\nRUN <<EOF\necho built >/heredoc\nEOF\n' >~/heredoc"
    try baker image-create heredoc --dockerfile heredoc
    if [[ $status -ne 0 ]]; then
        expect_error 1 "heredoc, line 2: the builder of this engine knows no heredocs"
    else
        try baker container-deploy heredoc --background -- cat /heredoc
        expect_status 0
    fi
    baker rm heredoc
}

@test "a Dockerfile that is none names the line" {
    baker sh -c "printf 'FROM $BASE\nNONSENSE here\n' >~/bad"
    try baker image-create bad --dockerfile bad
    expect_error "1|2" "line 2|NONSENSE"
    refused 2 "" image-create bad --dockerfile bad --no-build
    [ ! -e "$(home_of "$BAKER_NAME")/dockerfiles/bad.Dockerfile" ]
    : >"$GROUND/empty" && chmod 0644 "$GROUND/empty"
    refused 2 "" image-create bad --dockerfile "$GROUND/empty"
    refused 2 "" image-create bad --dockerfile /dev/zero
    refused 2 "" image-create bad --dockerfile "$GROUND"
}

@test "a step of ds01's own that fails is no line of the user's file" {
    baker sh -c "echo 'FROM scratch' >~/none"
    try baker image-create none --dockerfile none
    expect_status 1
    expect_stderr "error: none, below its end: "
    expect_stderr "needs a base image with /bin/sh and a user root"
}

@test "a Dockerfile that cannot be read, or is a folder: what to type" {
    baker image-create shut --base "$BASE" --no-build --quiet
    baker chmod 000 dockerfiles/shut.Dockerfile
    refused 1 "cannot open shut.Dockerfile: permission denied" image-update shut --rebuild
    expect_stderr "let yourself read it: chmod u+r ~/dockerfiles/shut.Dockerfile"
    chown 0:0 "$(home_of "$BAKER_NAME")/dockerfiles/shut.Dockerfile"
    refused 1 "permission denied" image-update shut --rebuild
    expect_stderr "ask the admin of this server for ~/dockerfiles/shut.Dockerfile"
    baker rm -f dockerfiles/shut.Dockerfile
    baker mkdir dockerfiles/shut.Dockerfile
    refused 1 "shut.Dockerfile is not a regular file" image-update shut --rebuild
    expect_stderr "a file is wanted there: mv ~/dockerfiles/shut.Dockerfile ~/dockerfiles/shut.Dockerfile.old"
    baker chmod 0600 dockerfiles
    refused 1 "permission denied" image-update good --rebuild
    baker chmod 0755 dockerfiles
    expect_stderr "open the folder to yourself: chmod u+rwx ~/dockerfiles"
    baker rmdir dockerfiles/shut.Dockerfile
}

@test "a folder for Dockerfiles that cannot be written: what to type, and nothing to undo" {
    local command
    for command in "image-update good --add-system hello" "image-create fresh --base $BASE"; do
        baker chmod 0555 dockerfiles
        # shellcheck disable=SC2086 # words of a command line
        refused 1 "permission denied" $command --quiet
        expect_stderr "open the folder to yourself: chmod u+rwx ~/dockerfiles"
        [[ $stderr != *undoing* ]] || told "nothing was changed"
    done
    baker chmod 0755 dockerfiles
    baker chmod 0555 .ds01-config/locks
    refused 1 "permission denied" image-update good --add-system hello
    expect_stderr "open the folder to yourself: chmod u+rwx ~/.ds01-config/locks"
    baker chmod 0755 .ds01-config/locks
}

@test "a file of docker's that cannot be read: what to type" {
    baker mkdir .docker
    baker sh -c 'echo {} >.docker/config.json; chmod 000 .docker/config.json'
    refused 1 "permission denied" image-create walled --base "$BASE"
    expect_stderr "let yourself read it: chmod u+r ~/.docker/config.json"
    baker rm -rf .docker
}

@test "a home that cannot be written" {
    "$TESTS/ground/as-user" locked 4711 true
    chown 0:0 "$(home_of locked)"
    chmod 0755 "$(home_of locked)"
    local before
    before=$(engine_state)
    try user locked 4711 image-create x --base "$BASE"
    expect_error 1 "permission denied"
    expect_stderr "ask the admin of this server for $(home_of locked)"
    expect_equal "$(engine_state)" "$before"
}

@test "--memory more than the machine, an engine's refusal: one sentence, nothing left" {
    refused 2 "memory" container-deploy tiny good --background --memory 1k
}

@test "a container that cannot start leaves nothing" {
    local before
    before=$(engine_state)
    run -127 --separate-stderr "$TESTS/e2e/call" baker container-deploy nostart good --background -- /no/such/program </dev/null
    expect_error 127 "no/such/program"
    expect_equal "$(engine_state)" "$before"
}

# --- the engine ----------------------------------------------------------------

@test "an engine that is down: exit 125, for every command" {
    local command
    for command in "image-list" "image-create x --base $BASE" "image-retire x --yes" "container-list" \
        "container-deploy good --background" "container-create good" "container-start good" \
        "container-stop good --yes" "container-open good -- true" "container-retire good --yes"; do
        # shellcheck disable=SC2086 # words
        try baker $command --host "unix://$GROUND/no-engine.sock" || true
        if [[ $command == container-open* ]]; then
            try baker container-open --host "unix://$GROUND/no-engine.sock" good -- true
        fi
        expect_error 125 "no-engine.sock"
    done
    [ ! -e "$(home_of "$BAKER_NAME")/dockerfiles/x.Dockerfile" ]
}

@test "a socket without permission says who may" {
    local closed=$GROUND/closed.sock
    ln -f "$SOCKET" "$closed" 2>/dev/null || true
    python3 -c 'import socket,sys,time; s=socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(); time.sleep(20)' "$GROUND/private.sock" 3>&- &
    until [[ -S $GROUND/private.sock ]]; do sleep 0.05; done
    chmod 0600 "$GROUND/private.sock"
    try baker image-list --host "unix://$GROUND/private.sock"
    kill $! || true
    rm -f "$closed" "$GROUND/private.sock"
    expect_error 125 "permission"
    expect_stderr "docker"
}

@test "a Dockerfile that is empty, or has only comments" {
    baker sh -c ': >empty; echo "# nothing" >comments'
    refused 2 "no FROM names the image to begin with" image-create x --dockerfile empty
    refused 2 "no FROM" image-create x --dockerfile comments
    expect_stderr "FROM debian:bookworm"
    baker rm empty comments
}

@test "hosts that are none" {
    refused 2 "" image-list --host tcp://127.0.0.1:1
    refused 2 "" image-list --host ssh://somewhere
    refused 125 "is no socket" image-list --host "$GROUND"
    refused 125 "is no socket" image-list --host /etc/shadow
    refused 2 "" image-list --host "unix://$(printf 'x%.0s' {1..200})"
}

# serve TEXT: an engine that gives this answer to everything, on $GROUND/odd.sock
serve() {
    rm -f "$GROUND/odd.sock"
    python3 - "$GROUND/odd.sock" "$1" 3>&- >/dev/null 2>&1 <<'END' &
import os, socket, sys, threading, time
path, answer = sys.argv[1], sys.argv[2].encode().decode("unicode_escape").encode("latin1")
server = socket.socket(socket.AF_UNIX)
server.bind(path)
os.chmod(path, 0o666)
server.listen()
server.settimeout(60)
def talk(c):
    try:
        c.recv(65536)
        c.sendall(answer)
        if b"X-Hang" in answer:
            time.sleep(60)
    except OSError:
        pass
    c.close()
while True:
    threading.Thread(target=talk, args=(server.accept()[0],), daemon=True).start()
END
    server=$!
    until [[ -S $GROUND/odd.sock ]]; do sleep 0.05; done
}

@test "an engine that answers nonsense: exit 125, one sentence" {
    local answer
    for answer in "" "garbage" 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nnot json!' \
        'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}' \
        'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnull' \
        'HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n[' \
        'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n' \
        'HTTP/1.1 500 Oh\r\nContent-Length: 15\r\n\r\n<html>no</html>' \
        'HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n'; do
        serve "$answer"
        try baker image-list --host "unix://$GROUND/odd.sock"
        kill "$server" || true
        expect_error "1|125" || told "after: $answer"
    done
}

@test "an answer that is due at once and does not come is an error, not a hang" {
    serve 'HTTP/1.1 200 OK\r\nX-Hang: yes\r\nContent-Length: 100\r\n\r\n['
    try baker image-list --host "unix://$GROUND/odd.sock"
    kill "$server" || true
    expect_error 125
}

@test "escape sequences in an engine's answer do not reach the terminal" {
    serve 'HTTP/1.1 500 Oh\r\nContent-Type: application/json\r\nContent-Length: 39\r\n\r\n{"message":"\\u001b]0;owned\\u0007 text"}'
    try baker image-list --host "unix://$GROUND/odd.sock"
    kill "$server" || true
    [ "$status" -ne 0 ]
    [[ $stderr != *$'\e'* && $stderr != *$'\a'* ]]
}

@test "a full disk during the build: one sentence, no image, no Dockerfile" {
    local small=$GROUND/small
    "$TESTS/ground/private-engine" start "$small" --size 120M --for "${DS01_OWNER:-$$}" 3>&-
    "$TESTS/ground/test-image" "$small/docker.sock" busybox
    baker sh -c "printf 'FROM ds01-test/busybox:1\nRUN dd if=/dev/zero of=/fill bs=1M count=500\n' >~/fill"
    try baker image-create full --dockerfile fill --host "unix://$small/docker.sock"
    local images
    images=$(curl -sS --unix-socket "$small/docker.sock" http://engine/images/json?all=1 | jq -r '.[].RepoTags[]? | ltrimstr("docker.io/")')
    "$TESTS/ground/private-engine" stop "$small"
    expect_status 1
    expect_stderr "space"
    expect_equal "$images" "ds01-test/busybox:1"
    [ ! -e "$(home_of "$BAKER_NAME")/dockerfiles/full.Dockerfile" ]
}

# beside_small CMD…: where the small engine's disk is seen, as on a server
beside_small() {
    nsenter --target "$(pgrep -P "$(<"$GROUND/small/unshare.pid")")" --pid --mount -- "$@"
}

# baker_beside_small CMD…: as the first person
baker_beside_small() {
    beside_small "$TESTS/ground/as-user" "$BAKER_NAME" "$BAKER" "$@"
}

# The builder frees what a failed step has written a moment after it has told of the failure: here
# many files, and last the one that fills the disk.
@test "after a full disk during image-update the image deploys at once, or that is not said" {
    local small=$GROUND/small deployed before after
    # shellcheck disable=SC2030 # for this test
    local -x SOCKET=$small/docker.sock DOCKER_HOST=unix://$small/docker.sock
    "$TESTS/ground/private-engine" start "$small" --size 1G --for "${DS01_OWNER:-$$}" 3>&-
    "$TESTS/ground/test-image" "$SOCKET" busybox
    baker sh -c "printf 'FROM ds01-test/busybox:1\n' >~/fill"
    baker image-create fuller --dockerfile fill --quiet </dev/null
    # shellcheck disable=SC2016 # for the build's shell
    baker sed -i '/^FROM/a RUN mkdir /many && cd /many && seq 30000 | xargs touch; dd if=/dev/zero of=$(find . -type f | tail -n 1) bs=1M count=2000' \
        "$(home_of "$BAKER_NAME")/dockerfiles/fuller.Dockerfile"
    before=$(baker_beside_small image-update fuller --rebuild --quiet </dev/null 2>&1) || true
    deployed=$(baker_beside_small container-deploy fuller --background --quiet </dev/null 2>&1) || true
    # Full of something else.
    baker_beside_small container-retire fuller --yes --quiet </dev/null 2>/dev/null || true
    beside_small dd if=/dev/zero of="$small/data/other" bs=1M count=2000 2>/dev/null || true
    after=$(baker_beside_small image-update fuller --rebuild --quiet </dev/null 2>&1) || true
    "$TESTS/ground/private-engine" stop "$small"
    expect_equal "$deployed" ""
    [[ $before == *"; fuller is as it was, and its image still deploys"* ]] || told "$before"
    [[ $after == *"; fuller is as it was"$'\n'* ]] || told "$after"
}

@test "a full disk during image-update: everything is as it was, and the image deploys" {
    local small=$GROUND/small home before engine container
    home=$(home_of "$BAKER_NAME")
    # shellcheck disable=SC2030,SC2031 # for this test
    local -x SOCKET=$small/docker.sock DOCKER_HOST=unix://$small/docker.sock
    "$TESTS/ground/private-engine" start "$small" --size 200M --for "${DS01_OWNER:-$$}" 3>&-
    "$TESTS/ground/test-image" "$SOCKET" busybox
    baker sh -c "printf 'FROM ds01-test/busybox:1\nRUN echo one >/one\n' >~/fill"
    baker image-create fuller --dockerfile fill --quiet </dev/null
    baker sed -i '/echo one/a RUN echo two >/two' "$home/dockerfiles/fuller.Dockerfile"
    baker image-update fuller --rebuild --quiet </dev/null
    baker sed -i '/echo two/a RUN dd if=/dev/zero of=/fill bs=1M count=500' "$home/dockerfiles/fuller.Dockerfile"
    before=$(home_state "$BAKER_NAME") engine=$(engine_state)
    try baker image-update fuller --rebuild
    [[ $(home_state "$BAKER_NAME") == "$before" && $(engine_state) == "$engine" ]] || status=changed
    container=$(baker container-deploy fuller --background --quiet </dev/null 2>&1 &&
        baker container-exec fuller -- cat /one /two </dev/null 2>&1) || true
    baker image-update fuller --rollback --quiet </dev/null || status=no-rollback
    "$TESTS/ground/private-engine" stop "$small"
    expect_status 1
    expect_stderr "space"
    expect_stderr "; fuller is as it was, and its image still deploys"
    expect_equal "$container" "one
two"
}

@test "a disk that is full to the last byte: a rollback and a rebuild are undone" {
    local small=$GROUND/small before engine command told=""
    if on_podman; then skip "tried with Docker only"; fi
    # shellcheck disable=SC2031 # for this test
    local -x SOCKET=$small/docker.sock DOCKER_HOST=unix://$small/docker.sock
    "$TESTS/ground/private-engine" start "$small" --size 200M --for "${DS01_OWNER:-$$}" 3>&-
    "$TESTS/ground/test-image" "$SOCKET" busybox
    baker sh -c "printf 'FROM ds01-test/busybox:1\nRUN echo one >/one\n' >~/fill"
    baker image-create filled --dockerfile fill --quiet </dev/null
    baker sed -i '/echo one/a RUN echo two >/two' "$(home_of "$BAKER_NAME")/dockerfiles/filled.Dockerfile"
    baker image-update filled --rebuild --quiet </dev/null
    api POST "/containers/create?name=filler" '{"Image": "ds01-test/busybox:1",
        "Cmd": ["sh", "-c", "dd if=/dev/zero of=/a bs=1M; dd if=/dev/zero of=/b bs=4k; :"]}' >/dev/null
    api POST /containers/filler/start >/dev/null
    api POST /containers/filler/wait >/dev/null
    before=$(home_state "$BAKER_NAME") engine=$(engine_state)
    for command in --rollback --rebuild; do
        try baker image-update filled "$command"
        [[ $status -eq 1 && $stderr == *"disk is full"*"; filled is as it was, and its image still deploys"*"hint: free some space"* ]] ||
            told+="$command: $status $stderr"
        [[ $stderr != *"while undoing"* && $stderr != */data/* ]] || told+="$command: $stderr"
        [[ $(home_state "$BAKER_NAME") == "$before" && $(engine_state) == "$engine" ]] || told+="$command changed something"
    done
    api DELETE "/containers/filler?force=1" >/dev/null
    baker image-update filled --rollback --quiet </dev/null || told+="no rollback with room"
    try baker container-deploy filled --background --quiet -- ls /two
    "$TESTS/ground/private-engine" stop "$small"
    expect_equal "$told" ""
}

@test "a full disk in the home: nothing half-written" {
    local home
    "$TESTS/ground/as-user" full 4712 true
    home=$(home_of full)
    mount -t tmpfs -o size=64k,uid=4712,gid=4712 ds01-full "$home"
    "$TESTS/ground/as-user" full 4712 sh -c 'cat /dev/zero >~/filler 2>/dev/null; mkdir -p ~/dockerfiles' || true
    try user full 4712 image-create x --base "$BASE"
    local files
    files=$(find "$home" -type f ! -name filler ! -path '*/locks/*')
    umount "$home"
    expect_error 1 "space"
    expect_equal "$files" ""
    run image_exists ds01-4712/x:latest
    [ "$status" -ne 0 ]
}

@test "a full disk in the home: image-retire --purge leaves everything" {
    local home files
    home=$(home_of purger)
    "$TESTS/ground/as-user" purger 4713 true
    mount -t tmpfs -o size=128k,uid=4713,gid=4713 ds01-full "$home"
    try user purger 4713 image-create p --base "$BASE" --quiet
    "$TESTS/ground/as-user" purger 4713 sh -c 'cat /dev/zero >~/filler 2>/dev/null' || true
    try user purger 4713 image-retire p --purge --yes
    files=$(ls "$home/dockerfiles")
    umount "$home"
    expect_error 1 "nothing of p was removed.*space"
    expect_stderr "hint: make room"
    expect_equal "$files" "p.Dockerfile"
    image_exists ds01-4713/p:latest
}

@test "an empty value is refused, not taken for the current directory" {
    try baker container-create empty --image "$BASE" -w ""
    expect_error 2 "--workspace is empty"
}

@test "a mount of three parts is refused" {
    try baker container-create mounted --image "$BASE" --mount /tmp:/a:zz
    expect_error 2 "is not a mount"
}

# closed_output CMD…: as baker, into a pipe whose reader has gone.
closed_output() {
    run --separate-stderr bash -c '{ sleep 0.2; "$0" baker "$@" 3>&-; echo "code $?" >&2; } | true' \
        "$TESTS/e2e/call" "$@"
}

@test "output without a reader ends without a word, output without room with one" {
    local what
    for what in "image-create --list-frameworks" "image-create --list-frameworks --json" "image-list --help"; do
        # shellcheck disable=SC2086 # the words of a command
        closed_output $what
        expect_equal "$stderr" "code 141"
        try bash -c "'$TESTS/e2e/call' baker $what >/dev/full"
        expect_error 1 "No space left"
    done
}
