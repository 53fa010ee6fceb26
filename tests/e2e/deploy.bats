# container-deploy in full: mounts and whose rights count, variables, networks, limits, groups,
# who one is for every way into a container, and what is said when the engine refuses.

load common

setup_file() {
    clean_ground
    baker image-create proj --base "$BASE" --quiet </dev/null
}

# gone NAME: retires a container between tests
gone() {
    baker container-retire "$1" --yes --quiet </dev/null
}

# refused CODE REGEX ARGUMENTS: nothing is left of it, neither here nor on the engine
refused() {
    local code=$1 regex=$2 engine home
    shift 2
    engine=$(engine_state)
    home=$(home_state "$BAKER_NAME")
    try baker container-deploy refused proj --background "$@"
    expect_error "$code" "$regex"
    expect_stderr "hint: "
    expect_equal "$(engine_state)" "$engine"
    expect_equal "$(home_state "$BAKER_NAME")" "$home"
}

# plain_exec CONTAINER USER CMD…: as `docker exec` does it, beside ds01; USER may be empty
plain_exec() {
    local id body
    body=$(jq -nc --arg user "$2" '{AttachStdout: true, AttachStderr: true, Tty: true, User: $user, Cmd: $ARGS.positional}' --args -- "${@:3}")
    id=$(api POST "/containers/$1/exec" "$body" | jq -r .Id)
    api POST "/exec/$id/start" '{"Tty": true}' | tr -d '\r'
}

# check_ways NAME: HOME, USER and PATH for container-open, -exec, docker exec and VS Code
check_ways() {
    local name=$1 home=/home/$BAKER_INSIDE way who
    who='echo "$(id -un) $HOME ${USER:-nobody}"; case ":$PATH:" in *":$HOME/.local/bin:"*) echo on-path;; esac; cd && touch x && echo home'
    local expected="$BAKER_INSIDE $home $BAKER_INSIDE
on-path
home"
    for way in open exec; do
        try baker "container-$way" "$name" -- sh -c "$who"
        expect_equal "$output" "$expected"
    done
    # VS Code takes the container's own user; people type -u with the uid, or uid and gid.
    for way in "" "$BAKER" "$BAKER:$BAKER" "$BAKER_INSIDE"; do
        expect_equal "$(plain_exec "$name._.$BAKER" "$way" sh -c "$who")" "$expected"
    done
    # Root's files shall not come to lie in the user's home.
    on_podman || expect_equal "$(plain_exec "$name._.$BAKER" 0 sh -c 'echo $HOME')" "/root"
    expect_equal "$(container_field "$name._.$BAKER" .Config.User)" "$BAKER:$BAKER"
    expect_equal "$(plain_exec "$name._.$BAKER" "" sh -c "grep ':$BAKER:' /etc/passwd | cut -d: -f6")" "$home"
    # The shell of a terminal multiplexer, and the one that VS Code asks for its variables.
    expect_equal "$(plain_exec "$name._.$BAKER" "" bash -lic "$who")" "$expected"
}

# --- mounts ---------------------------------------------------------------------

@test "each mount as it was asked for, and read-only only where that was said" {
    local home tilde="~"
    home=$(home_of "$BAKER_NAME")
    baker mkdir -p "$home/a" "$home/b"
    try baker container-deploy mounts proj --background -d "$home/a" --mount "$home/b:/in/b/:ro" --mount "b:/in//rw:rw" --mount "$tilde/b:/in/b2"
    expect_status 0
    expect_equal "$(container_field "mounts._.$BAKER" '[.Mounts[] | "\(.Destination) \(.Source | ltrimstr("'"$home"'")) \(.RW)"] | sort | join("; ")')" \
        "/data /a true; /in/b /b false; /in/b2 /b true; /in/rw /b true; /workspace /workspace/proj true"
    gone mounts
}

@test "a directory that the caller cannot reach is not mounted, though the engine could" {
    local home
    home=$(home_of "$BAKER_NAME")
    mkdir -p "$GROUND/closed/open/to/all" "$GROUND/unlisted" "$GROUND/roots"
    chmod 0777 "$GROUND/closed/open/to/all" && chmod 0700 "$GROUND/closed" && chmod 0733 "$GROUND/unlisted"
    ln -sfn "$GROUND/closed/open/to/all" "$home/shortcut"
    ln -sfn shortcut "$home/shortcut2"
    chown -h "$BAKER:$BAKER" "$home/shortcut" "$home/shortcut2"
    refused 4 "you may not write in .*closed" --mount "$GROUND/closed/open/to/all:/x"
    refused 4 "you may not read .*closed" --mount "$GROUND/closed/open/to/all:/x:ro"
    refused 4 "shortcut2" --mount "$home/shortcut2:/x:ro"
    refused 4 "shortcut" -w "$home/shortcut"
    refused 4 "unlisted" -d "$GROUND/unlisted"
    refused 4 "you may not write in .*roots" --mount "$GROUND/roots:/x"
    refused 4 "you may not write in .*roots" -m "$GROUND/roots"
    try baker container-deploy reads proj --background --mount "$GROUND/roots:/x:ro" -d "$GROUND/roots:ro" -m "$GROUND/roots:ro"
    expect_status 0
    expect_equal "$(container_field "reads._.$BAKER" '[.HostConfig.Mounts[] | select(.ReadOnly) | .Target] | join(" ")')" "/data /models /x"
    expect_equal "$(container_field "reads._.$BAKER" '.Config.Labels["aime.mlc.DATA_MOUNT"]')" "$GROUND/roots"
    gone reads
    rm -rf "$GROUND/closed" "$GROUND/unlisted" "$GROUND/roots" "$home/shortcut" "$home/shortcut2"
}

@test "under sudo too it is the caller's rights that count" {
    mkdir -p "$GROUND/closed" && chmod 0700 "$GROUND/closed"
    AS_USER_ENV="SUDO_UID=$BAKER" try user root 0 container-deploy sudoed "ds01-$BAKER/proj:latest" --background --mount "$GROUND/closed:/x"
    expect_error 4 "you may not"
    rm -rf "$GROUND/closed"
}

@test "a file, a broken link or nothing at all is no directory" {
    local home
    home=$(home_of "$BAKER_NAME")
    baker sh -c 'touch ~/file; ln -sfn nowhere ~/broken'
    refused 2 "is not a directory" --mount "$home/file:/x"
    refused 2 "does not exist" --mount "$home/broken:/x"
    refused 2 "does not exist" -m "$home/none"
}

@test "places in the container that cannot be covered, and two for one place" {
    local place
    for place in / // /. /etc /usr/ /usr/bin /bin /lib /proc /proc/1 /sys /sys/fs/cgroup /dev; do
        refused 2 "would hide the container's own system" --mount "/tmp:$place:ro"
    done
    for place in /a/.. /a/../proc; do
        refused 2 "cannot be a mount's place" --mount "/tmp:$place:ro"
    done
    refused 2 "two directories are to be mounted at /in" --mount /tmp:/in:ro --mount /tmp:/in/:ro
    refused 2 "two directories are to be mounted at /workspace" --mount /tmp:/workspace//:ro
}

@test "a directory over the home, or over what images install, is mounted with a warning" {
    local home
    home=$(home_of "$BAKER_NAME")
    baker mkdir -p "$home/mine"
    try baker container-deploy hides proj --background --mount "$home/mine:/home/$BAKER_INSIDE" --mount "$home/mine:/opt/" --mount "$home/mine:/opt/mine"
    expect_status 0
    expect_stderr "/home/$BAKER_INSIDE hides the home in the container"
    expect_stderr "/opt hides what the image has installed there"
    if grep "/opt/mine hides" <<<"$stderr"; then told "a place of its own"; fi
    try baker container-open hides -- sh -c 'touch ~/there && ls /opt'
    expect_stdout "there"
    [ -e "$home/mine/there" ]
    gone hides
}

# --- variables --------------------------------------------------------------------

@test "-e takes any value, replaces what is set already, and takes one's own by name" {
    AS_USER_ENV=$'MINE=my own' try baker container-deploy env proj --background -e $'LINES=one\ntwo, three=3' -e EMPTY= -e MINE -e DS01_CONTAINER=other -e TWICE=1 -e TWICE=2
    expect_status 0
    try baker container-open env -- sh -c 'echo "$LINES|$EMPTY|$MINE|$DS01_CONTAINER|$TWICE"'
    expect_equal "$output" "one
two, three=3||my own|other|2"
    expect_equal "$(container_field "env._.$BAKER" '[.Config.Env[] | split("=")[0]] | group_by(.) | map(select(length > 1)) | length')" "0"
    gone env
    refused 2 "NOT_SET is not set here" -e NOT_SET
    refused 2 "does not name" -e "1=2"
    refused 2 "does not name" -e "=2"
}

# --- networks ---------------------------------------------------------------------

@test "host, bridge and none" {
    local network
    for network in host bridge none; do
        try baker container-deploy "net-$network" proj --background --network "$network"
        expect_status 0
        expect_equal "$(container_field "net-$network._.$BAKER" .HostConfig.NetworkMode)" "$network"
        gone "net-$network"
    done
    refused 2 "host, bridge or none" --network container:x
}

# --- limits -----------------------------------------------------------------------

@test "the memory is a real limit: no swap beside it, and a process beyond it is killed" {
    try baker container-deploy memory proj --background --memory 64m --shm-size 16m --pids 64 --cpus 0.5
    expect_status 0
    expect_equal "$(container_field "memory._.$BAKER" '[.HostConfig.Memory, .HostConfig.MemorySwap] | join(" ")')" "67108864 67108864"
    try baker container-exec memory -- python3 -c 'x = bytearray(200 << 20)'
    expect_status 137
    try baker container-exec memory -- df -k --output=size /dev/shm
    expect_equal "${lines[1]// /}" "16384"
    try baker container-exec memory -- sh -c 'i=0; while [ $i -lt 100 ]; do sleep 5 & i=$((i+1)); done'
    [ "$status" -ne 0 ]
    gone memory
}

@test "without limits none are set, and never is a container privileged" {
    try baker container-deploy plain proj --background
    expect_status 0
    # Podman itself limits processes where nobody else does.
    expect_equal "$(container_field "plain._.$BAKER" '[.HostConfig | .Memory, .NanoCpus, .Privileged, (.PidsLimit // 0)] | join(" ")')" \
        "0 0 false $(if on_podman; then echo 2048; else echo 0; fi)"
    expect_equal "$(container_field "plain._.$BAKER" '.HostConfig.CapAdd | join(" ")')" "SYS_PTRACE"
    expect_equal "$(container_field "plain._.$BAKER" '[.HostConfig.SecurityOpt // [] | .[] | select(. != "label=disable")] | length')" "0"
    expect_equal "$(container_field "plain._.$BAKER" '.HostConfig.Devices // [] | length')" "0"
    gone plain
}

# --- windows and sound -----------------------------------------------------------------

# with_display DISPLAY CMD…: as the caller, logged in by ssh -X
with_display() {
    AS_USER_ENV="DISPLAY=$1" baker "${@:2}"
}

# cookie SECRET: makes it the one cookie that ~/.Xauthority has of this machine's display 97
cookie() {
    baker python3 - "$1" <<'END'
import os, socket, struct, sys
def entry(host, secret):
    fields = (host.encode(), b"97", b"MIT-MAGIC-COOKIE-1", bytes.fromhex(secret))
    return struct.pack(">H", 256) + b"".join(struct.pack(">H", len(f)) + f for f in fields)
with open(os.path.expanduser("~/.Xauthority"), "wb") as file:
    file.write(entry(socket.gethostname(), sys.argv[1]) + entry("elsewhere", "00"))
END
}

# display_socket PATH: listens there for a minute. The folder is the machine's: another run of the
# tests may take it away before there is a socket in it.
display_socket() {
    python3 - "$1" 3>&- <<'END' &
import os, socket, sys, time
server = socket.socket(socket.AF_UNIX)
folder = os.path.dirname(sys.argv[1])
while not os.path.exists(sys.argv[1]):
    try:
        os.makedirs(folder, exist_ok=True)
        os.chmod(folder, 0o1777)
        server.bind(sys.argv[1])
    except FileNotFoundError:
        pass
os.chmod(sys.argv[1], 0o777)
server.listen()
time.sleep(60)
END
    until [[ -S $1 ]]; do sleep 0.1; done
}

@test "--x11: the display, this machine's cookies readable by the user, and the sockets where there are any" {
    local socket=/tmp/.X11-unix/X$((1000 + RANDOM)) home
    home=$(home_of "$BAKER_NAME")
    display_socket "$socket"
    local server=$!
    cookie 00112233445566778899aabbccddeeff
    run with_display :97 container-deploy x11 proj --background --x11
    expect_status 0
    local look='echo $DISPLAY $XAUTHORITY; od -An -tx1 -v $XAUTHORITY | tr -d " \n"; echo; test -w $XAUTHORITY || echo read-only
        python3 -c "import socket; socket.socket(socket.AF_UNIX).connect(\"'"$socket"'\"); print(\"connected\")"'
    expect_equal "$(baker container-exec x11 -- sh -c "$look" </dev/null | sed "s/ffff.*000239370012.*0010/wild-cookie /")" ":97 /run/ds01-x11/Xauthority
wild-cookie 00112233445566778899aabbccddeeff
read-only
connected"
    expect_equal "$(stat -c %a:%u "$home/.ds01-config/x11/Xauthority")" "600:$BAKER"
    # The next login has another cookie and another display: a shell that is opened then has them.
    cookie ffeeddccbbaa99887766554433221100
    run with_display localhost:12.0 container-open x11 -- sh -c 'echo $DISPLAY; od -An -tx1 -v $XAUTHORITY | tr -d " \n" | tail -c 32'
    expect_equal "$output" "localhost:12.0
ffeeddccbbaa99887766554433221100"
    kill "$server"
    rm -f "$socket"
    rmdir /tmp/.X11-unix 2>/dev/null || true
    gone x11
}

@test "--x11 without a display, and one that another network would not reach" {
    try baker container-deploy x11 proj --background --x11
    expect_status 0
    expect_stderr "DISPLAY is not set"
    gone x11
    AS_USER_ENV="DISPLAY=localhost:10.0" try baker container-deploy x11 proj --background --x11 --network none
    expect_status 0
    expect_stderr "reached by --network host only"
    gone x11
}

@test "a container that was not asked to draw gets no display, cookie or socket" {
    AS_USER_ENV="DISPLAY=:97" try baker container-deploy plain proj --background
    AS_USER_ENV="DISPLAY=:97" try baker container-open plain -- sh -c 'echo "[$DISPLAY$XAUTHORITY]"; ls -d /run/ds01-x11 /tmp/.X11-unix 2>/dev/null | wc -l'
    expect_equal "$output" "[]
0"
    gone plain
}

@test "--sound: the devices with their groups; where there are none it is refused" {
    if [[ ! -e /dev/snd ]]; then
        refused 4 "no sound device" --sound
        mkdir /dev/snd && mknod -m 0660 /dev/snd/pcmC9D9p c 1 3 && chgrp 61299 /dev/snd/pcmC9D9p
    fi
    try baker container-deploy sound proj --background --sound
    local code=$status
    try baker container-open sound -- sh -c 'for device in /dev/snd/*; do test -w $device && echo usable; done | sort -u'
    if [[ -e /dev/snd/pcmC9D9p && ! -e /dev/snd/timer ]]; then rm -rf /dev/snd; fi
    expect_equal "$code $output" "0 usable"
    gone sound
}

# --- groups -----------------------------------------------------------------------

@test "the caller's other groups are theirs inside, by number, and open files of the group" {
    mkdir -p "$GROUND/shared" && chgrp 61234 "$GROUND/shared" && chmod 2770 "$GROUND/shared"
    AS_USER_GROUPS="$BAKER,61234,61235" try baker container-deploy groups proj --background --mount "$GROUND/shared:/shared"
    expect_status 0
    try baker container-open groups -- sh -c 'id -G; touch /shared/x && stat -c %g /shared/x'
    expect_equal "$output" "$BAKER 61234 61235
61234"
    expect_equal "$(plain_exec "groups._.$BAKER" "" id -G)" "$BAKER 61234 61235"
    gone groups
    refused 4 "you may not" --mount "$GROUND/shared:/shared"
    rm -rf "$GROUND/shared"
}

# --- who one is, for every way in -----------------------------------------------------

@test "an image with its user: HOME, USER and PATH for every way in" {
    try baker container-deploy baked proj --background
    expect_status 0
    check_ways baked
    gone baked
}

@test "inject: HOME, USER and PATH for every way in" {
    try baker container-deploy injected --image "$BASE" --user-setup inject --background
    expect_status 0
    check_ways injected
    gone injected
}

@test "commit: HOME, USER and PATH for every way in" {
    try baker container-deploy committed --image "$BASE" --user-setup commit --background
    expect_status 0
    check_ways committed
    gone committed
}

# --- what the engine refuses ------------------------------------------------------------

@test "limits that cannot be: said in the words of the options" {
    refused 2 "memory is below the least.*6MB" --memory 1
    refused 2 "only [0-9.]+ processors" --cpus 100000
}

@test "a command that is not there or cannot run: 127 and 126" {
    local engine
    engine=$(engine_state)
    run -127 --separate-stderr "$TESTS/e2e/call" baker container-deploy refused proj --background -- no-such </dev/null
    expect_error 127 "there is no command no-such"
    run -127 --separate-stderr "$TESTS/e2e/call" baker container-deploy refused proj --background -- /no/such </dev/null
    expect_error 127 "there is no command /no/such"
    expect_equal "$(engine_state)" "$engine"
    refused 126 "/etc/passwd cannot be run" -- /etc/passwd
}

@test "a mount over a file of the image" {
    refused 1 "cannot be mounted: in the image a file is there" --mount /tmp:/etc/hostname/x:ro
}
