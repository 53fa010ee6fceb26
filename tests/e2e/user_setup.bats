# Images without the caller's user: --user-setup inject, commit and auto.

load common
load wheels
load inside

setup_file() {
    clean_ground
}

# --- the engine's events -------------------------------------------------------

# Every event from here on is kept, so that what lived for a moment only is seen too.
watch_events() {
    curl -sN --unix-socket "$SOCKET" "http://engine/events" >"$BATS_TEST_TMPDIR/events" 3>&- &
    EVENTS=$!
    sleep 0.5
}

# What happened to images and containers: "container create NAME", "image tag NAME" … That an
# image was created only newer engines tell, before its tag.
events() {
    sleep 0.5
    kill "$EVENTS" 2>/dev/null || true
    jq -r 'select(.Type == "container" or .Type == "image")
        | select(.Action | test("^(exec|health|extract|archive|init|cleanup)") | not)
        | select(.Type == "container" or .Action != "create")
        | "\(.Type) \(.Action | sub("^remove$"; "destroy")) \(.Actor.Attributes.name)"' "$BATS_TEST_TMPDIR/events"
}

images() {
    api GET "/images/json?all=1" | jq -r '.[].Id' | sort
}

# --- inject --------------------------------------------------------------------

# check_inject IMAGE [SHELL]: deployed, looked at, and no image more than before.
check_inject() {
    local name=in-$1 before
    need_image "$1"
    before=$(images)
    try baker container-deploy "$name" --image "ds01-test/$1:1" --user-setup inject --background
    expect_status 0
    expect_equal "$(images)" "$before"
    check_inside "$name" "${2:-bash}"
}

@test "inject: Debian with sudo" {
    check_inject base
    check_sudo in-base
    try baker container-open in-base -- sh -c 'getent passwd root; stat -c "%a %u:%g" /etc /etc/shadow /etc/sudoers.d/ds01-user /home; getent group sudo video | cut -d: -f1'
    expect_equal "$output" "root:x:0:0:root:/root:/bin/bash
755 0:0
640 0:$(if on_podman; then echo 0; else echo 42; fi)
440 0:0
755 0:0
sudo
video"
}

@test "inject: the container says who its user is, and a login shell has a prompt" {
    run container_field "in-base._.$BAKER" '.Config.Env[]'
    expect_stdout "USER=$BAKER_INSIDE"
    expect_stdout "PATH=/home/$BAKER_INSIDE/.local/bin:"
    try baker container-open in-base -- bash -ic 'echo "$PS1"'
    expect_stdout '[in-base] \u:\w\$'
}

@test "inject: no temporary container and no image at any moment" {
    local before
    before=$(images)
    watch_events
    try baker container-deploy seen --image "$BASE" --background
    expect_status 0
    expect_equal "$(events)" "container create seen._.$BAKER
container start seen._.$BAKER"
    expect_equal "$(images)" "$before"
}

@test "inject: with a uid of ten digits and a lastlog the container holds next to nothing" {
    need_image lastlog
    try baker container-deploy sparse --image ds01-test/lastlog:1 --user-setup inject --background
    expect_status 0
    local size
    size=$(api GET "/containers/sparse._.$BAKER/json?size=1" | jq .SizeRw)
    ((size < 1048576)) || told "the container has $size bytes of its own"
    try baker container-retire sparse --yes --no-save
}

@test "inject: the second deploy of an image downloads nothing and uploads once" {
    try baker container-deploy again --image "$BASE" --background --verbose
    expect_status 0
    expect_equal "$(grep -c 'GET .*/archive' <<<"$stderr")" "0"
    expect_equal "$(grep -c 'PUT .*/archive' <<<"$stderr")" "1"
}

@test "inject: a damaged memory of the image is looked up anew" {
    local file
    file=$(home_of "$BAKER_NAME")/.cache/ds01/images/$(image_field "$BASE" '.Id | ltrimstr("sha256:")').json
    echo '{"version":1,"files":[{"path":7}]}' >"$file"
    try baker container-deploy damaged --image "$BASE" --background
    expect_status 0
    check_inside damaged
    jq -e '.files | length > 5' "$file" >/dev/null || told "$file was not written anew"
    expect_equal "$(stat -c %a "$file")" "600"
}

@test "inject: nothing outside the mounts' own content changes in the workspace" {
    local home
    home=$(home_of "$BAKER_NAME")
    baker mkdir -p "$home/kept"
    baker chmod 0711 "$home/kept"
    try baker container-deploy kept --image "$BASE" --background -w "$home/kept" --mount "$home/kept:/home/$BAKER_INSIDE"
    expect_status 0
    expect_equal "$(stat -c %a:%u "$home/kept")" "711:$BAKER"
    expect_equal "$(ls -A "$home/kept")" ""
    try baker container-open kept -- id -un
    expect_equal "$output" "$BAKER_INSIDE"
}

@test "inject: an image without sudo" {
    check_inject nosudo
}

@test "inject: user ubuntu 1000:1000, for a caller 1000:1000" {
    need_image ubuntu
    try user s.jones 1000 container-deploy mine --image ds01-test/ubuntu:1 --background
    expect_status 0
    try user s.jones 1000 container-open mine -- sh -c 'id -u; id -g; id -un; id -gn; getent passwd ubuntu; sudo -n id -u'
    expect_equal "$output" "1000
1000
s-jones
s-jones
0"
}

@test "inject: a caller whose group is a group of the system keeps its name" {
    try user g.users 4719:100 container-deploy group --image "$BASE" --background
    expect_status 0
    try user g.users 4719:100 container-open group -- sh -c 'id -un; id -gn; id -g; sudo -n id -u'
    expect_equal "$output" "g-users
users
100
0"
}

@test "inject: another group on our gid" {
    check_inject ourgroup
    check_sudo in-ourgroup
}

@test "inject: our name taken" {
    check_inject ourname
    check_sudo in-ourname
}

@test "inject: an image that ends as another user" {
    check_inject rootless
    check_sudo in-rootless
}

@test "inject: ENTRYPOINT, HEALTHCHECK and USER of its own" {
    check_inject entry
    check_sudo in-entry
}

@test "inject: a sudoers and a sudoers.d of its own, which does not read ours" {
    check_inject sudoers
    check_sudo in-sudoers
    try baker container-open in-sudoers -- sudo -n cat /etc/sudoers.d/own
    expect_equal "$output" "%users ALL=(ALL) ALL"
}

@test "inject: no /etc/shadow" {
    check_inject noshadow
    check_sudo in-noshadow
}

@test "inject: /etc/passwd is a link" {
    check_inject linked
    check_sudo in-linked
}

@test "inject: busybox" {
    check_inject busybox sh
}

@test "inject: busybox with our gid taken and no newline at the end" {
    check_inject alpine sh
}

@test "inject: no shell and no /etc at all" {
    need_image noshell
    try baker container-deploy bare --image ds01-test/noshell:1 --background -- /busybox sleep 1000
    expect_status 0
    try baker container-open bare -- /busybox id -un
    expect_equal "$output" "$BAKER_INSIDE"
    try baker container-open bare -- /busybox touch "/home/$BAKER_INSIDE/x" /workspace/x
    expect_status 0
}

@test "inject: home is a link into the workspace: replaced, and nothing written through it" {
    check_inject linkhome
    expect_equal "$(ls -A "$(home_of "$BAKER_NAME")/workspace/in-linkhome")" "x"
}

@test "inject: a mount whose target is a link in the image is refused, with nothing left" {
    local before home
    need_image linkhome
    home=$(home_of "$BAKER_NAME")
    baker mkdir -p "$home/other"
    before=$(engine_state)
    try baker container-deploy linkmount --image ds01-test/linkhome:1 --background --mount "$home/other:/m/x"
    expect_error 4 "/m.* link"
    expect_equal "$(engine_state)" "$before"
}

# --- commit --------------------------------------------------------------------

committed() {
    echo "ds01-test/$1:$2._.$BAKER"
}

@test "commit: the document's five steps, in its order" {
    need_image nosudo
    watch_events
    try baker container-deploy five --image ds01-test/nosudo:1 --user-setup commit --background
    expect_status 0
    expect_equal "$(events)" "$(grep . <<<"container create ds01-setup-$BAKER-five
container start ds01-setup-$BAKER-five
container die ds01-setup-$BAKER-five
$(on_podman || echo "image tag ds01-test/nosudo:five._.$BAKER")
container commit ds01-setup-$BAKER-five
container create five._.$BAKER
container destroy ds01-setup-$BAKER-five
container start five._.$BAKER")"
    check_inside five
    check_sudo five
}

@test "commit: labels are the owner's, and of the setup nothing" {
    run image_field "$(committed nosudo five)" '.Config.Labels | to_entries[] | "\(.key)=\(.value)"'
    expect_stdout "aime.mlc.DS01_HAS_USER_SETUP=true"
    expect_stdout "aime.mlc.DS01_USER_ID=$BAKER"
    expect_stdout "aime.mlc.DS01_GROUP_ID=$BAKER"
    expect_stdout "aime.mlc.DS01_USERNAME=$BAKER_INSIDE"
    expect_stdout "aime.mlc.DS01_MANAGED=true"
    expect_stdout "aime.mlc.DS01_COMMITTED_FROM=$(image_field ds01-test/nosudo:1 .Id)"
    if grep -E 'aime.mlc.NAME|DS01_DEPLOY=.|DS01_TEMPORARY=.' <<<"$output"; then told "labels of the setup"; fi
}

@test "commit: the second deploy of the image: no run, no commit" {
    watch_events
    try baker container-deploy six --image ds01-test/nosudo:1 --user-setup commit --background
    expect_status 0
    expect_equal "$(events)" "container create six._.$BAKER
container start six._.$BAKER"
    check_sudo six
}

@test "commit: auto finds it too, for an image whose sudo is missing" {
    watch_events
    try baker container-deploy seven --image ds01-test/nosudo:1 --background
    expect_status 0
    [[ $(events) != *commit* ]]
    check_sudo seven
}

@test "commit: another user does not get it" {
    try rossi container-deploy hers --image ds01-test/nosudo:1 --user-setup commit --background
    expect_status 0
    expect_equal "$(container_field "hers._.$ROSSI" .Config.Image)" "ds01-test/nosudo:hers._.$ROSSI"
    try rossi container-retire hers --yes
}

@test "commit: it goes with the last container that uses it" {
    try baker container-retire five --yes
    expect_status 0
    image_exists "$(committed nosudo five)"
    try baker container-retire six seven --yes
    expect_status 0
    run image_exists "$(committed nosudo five)"
    [ "$status" -ne 0 ]
    image_exists ds01-test/nosudo:1
}

@test "commit: CMD, ENTRYPOINT, USER, HEALTHCHECK and WORKDIR of the image stay" {
    need_image entry
    try baker container-deploy entry --image ds01-test/entry:1 --user-setup commit --background
    expect_status 0
    check_inside entry
    local what='[.Config.Cmd, .Config.Entrypoint, .Config.User, .Config.Healthcheck, .Config.WorkingDir] | tostring'
    expect_equal "$(image_field "$(committed entry entry)" "$what")" "$(image_field ds01-test/entry:1 "$what")"
    try baker container-retire entry --yes
}

@test "commit: with a uid of ten digits and a lastlog the layer is small" {
    need_image lastlog
    try baker container-deploy small --image ds01-test/lastlog:1 --user-setup commit --background
    expect_status 0
    local size
    size=$(api GET "/images/$(committed lastlog small)/history" | jq '.[0].Size')
    ((size < 1048576)) || told "the layer has $size bytes"
    try baker container-open small -- sh -c 'stat -c %s /var/log/lastlog /var/log/faillog'
    expect_equal "$output" "0
0"
    try baker container-retire small --yes
}

@test "commit: busybox, where no sudo can be installed" {
    need_image busybox
    try baker container-deploy box --image ds01-test/busybox:1 --user-setup commit --background
    expect_status 0
    check_inside box sh
    try baker container-retire box --yes
}

@test "commit: a registry with a port" {
    api POST "/images/ds01-test%2Fnosudo:1/tag?repo=localhost:5000/lab/image&tag=v1" >/dev/null
    try baker container-deploy ported --image localhost:5000/lab/image:v1 --user-setup commit --background
    expect_status 0
    expect_equal "$(container_field "ported._.$BAKER" .Config.Image)" "localhost:5000/lab/image:ported._.$BAKER"
    try baker container-retire ported --yes
    api DELETE "/images/localhost:5000/lab/image:v1" >/dev/null
}

@test "commit: a setup that fails says why, and nothing is left" {
    local before
    need_image alpine
    before=$(engine_state)
    try baker container-deploy fails --image ds01-test/alpine:1 --user-setup commit --background
    expect_status 1
    expect_stderr "no network here"
    expect_stderr "--user-setup inject"
    expect_equal "$(engine_state)" "$before"
    [ ! -e "$(home_of "$BAKER_NAME")/workspace/fails" ]
}

@test "auto: where sudo cannot be installed there is a container without" {
    need_image alpine
    try baker container-deploy without --image ds01-test/alpine:1 --background
    expect_status 0
    expect_stderr "no network here"
    check_inside without sh
    try baker container-retire without --yes
}

@test "auto: an image without sudo gets it by the legacy flow, looked at only once" {
    need_image nosudo
    try baker container-deploy eight --image ds01-test/nosudo:1 --background
    expect_status 0
    check_inside eight
    check_sudo eight
    try baker container-retire eight --yes
}

# --- sudo --------------------------------------------------------------------------

@test "sudo finds what the image has on its PATH, and nothing of the user's own before it" {
    local name
    need_image ownpath
    try baker image-create path-baked --base ds01-test/ownpath:1 --quiet
    expect_status 0
    try baker container-deploy path-baked --background
    expect_status 0
    try baker container-deploy path-inject --image ds01-test/ownpath:1 --user-setup inject --background
    expect_status 0
    try baker container-deploy path-commit --image ds01-test/ownpath:1 --user-setup commit --background
    expect_status 0
    for name in path-baked path-inject path-commit; do
        # A login shell has Debian's short PATH, without sbin.
        try baker container-open "$name" -- bash -lc 'printf "#!/bin/sh\necho mine\n" >~/.local/bin/which-python
            chmod +x ~/.local/bin/which-python; sudo -n which-python; sudo -n ldconfig -V | cut -c1-8 | head -n 1'
        expect_equal "$output" "of the image, for root
ldconfig"
    done
}

# --- interrupted -----------------------------------------------------------------

@test "kill -9 at any moment of a commit: the next command leaves nothing of it" {
    local moment before
    before=$(engine_state)
    for moment in 0.05 0.15 0.3 0.45 0.6 0.8; do
        timeout -s KILL "$moment" "$TESTS/e2e/call" baker container-deploy killed --image "$BASE" \
            --user-setup commit --background </dev/null >/dev/null 2>&1 || true
        sleep 0.5
        if container_exists "killed._.$BAKER"; then
            try baker container-retire killed --yes
        fi
        try baker container-deploy nothing-of-this-name --background
        expect_status 3
        expect_equal "$(engine_state)" "$before"
    done
}

@test "Ctrl-C in the middle of a commit leaves nothing" {
    local before
    before=$(engine_state)
    timeout -s INT 0.4 "$TESTS/e2e/call" baker container-deploy stopped --image "$BASE" \
        --user-setup commit --background </dev/null >/dev/null 2>&1 || true
    # It may have been quicker.
    if container_exists "stopped._.$BAKER"; then return; fi
    expect_equal "$(engine_state)" "$before"
}

# --- words -------------------------------------------------------------------------

@test "--user-setup of another word: exit 2, and the words there are" {
    try baker container-deploy words --image "$BASE" --user-setup magic --background
    expect_error 2 "auto, inject or commit"
}

@test "an image that is nowhere: one sentence, and nothing left" {
    local before
    before=$(engine_state)
    try baker container-deploy nowhere --image ds01-test/nowhere:9 --background
    expect_error "1|3" "ds01-test/nowhere:9"
    expect_equal "$(engine_state)" "$before"
}

@test "a commit that cannot work says why and what works, and leaves nothing" {
    local before
    need_image noshell
    need_image volumes
    before=$(engine_state)
    try baker container-deploy cannot --image ds01-test/noshell:1 --user-setup commit --background --quiet
    expect_error 4 "has no /bin/sh"
    expect_stderr "--user-setup inject"
    try baker container-deploy cannot --image ds01-test/volumes:1 --user-setup commit --background --quiet
    expect_error 4 "VOLUME at /home/$BAKER_INSIDE"
    expect_stderr "--user-setup inject"
    expect_equal "$(engine_state)" "$before"
    need_image sealed
    try baker container-deploy cannot --image ds01-test/sealed:1 --background
    expect_status 0
    expect_stderr "no sudo, and a VOLUME at /home/$BAKER_INSIDE"
    try baker container-open cannot -- touch '/workspace/x'
    expect_status 0
    baker container-retire cannot --force --quiet </dev/null
    try baker container-deploy cannot --image ds01-test/volumes:1 --user-setup inject --background --quiet
    expect_status 0
    try baker container-open cannot -- sh -c 'touch ~/x && stat -c %u ~'
    expect_equal "$output" "$BAKER"
    baker container-retire cannot --force --quiet </dev/null
}
