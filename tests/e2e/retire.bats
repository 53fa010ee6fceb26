# container-retire: what only the container has is shown, and not lost unasked.

load common
load terminal

setup_file() {
    clean_ground
    need_image wheels
    baker image-create keep --base ds01-test/wheels:1 --quiet </dev/null
}

teardown() {
    tm kill-server 2>/dev/null || true
    expect_no_report
}

# deploy NAME [SCRIPT]: a container of the image, in which the script has run.
deploy() {
    baker container-deploy "$1" keep --background --quiet </dev/null
    if [[ -n ${2:-} ]]; then baker container-open "$1" -- bash -c "$2" </dev/null >/dev/null 2>&1; fi
}

gone() {
    run container_exists "$1._.$BAKER"
    [ "$status" -ne 0 ]
}

# A package with a program, as apt would bring it, made of nothing but dpkg's own format.
readonly DEB='mkdir -p /tmp/deb/DEBIAN /tmp/deb/usr/bin && printf "#!/bin/sh\necho hello\n" >/tmp/deb/usr/bin/hello-ds01 &&
    chmod 755 /tmp/deb/usr/bin/hello-ds01 &&
    printf "Package: hello-ds01\nVersion: 1.5-2\nArchitecture: all\nMaintainer: x\nDescription: x\n" >/tmp/deb/DEBIAN/control &&
    dpkg-deb -b /tmp/deb /tmp/hello.deb && sudo dpkg -i /tmp/hello.deb'

# Each of these is as a test before has left it, or made now where a test is run alone.

# full: a container with packages and files that its image has not
full() {
    container_exists "full._.$BAKER" ||
        deploy full "pip install -q ds01probe==1.0; $DEB; mkdir -p ~/notes; touch ~/notes/{1,2,3}; sudo rm /etc/issue; sudo touch /usr/local/bin/own"
}

# vol: a container with something of its own in its image's volumes
vol() {
    need_image volumes
    need_running vol --image ds01-test/volumes:1
    baker container-open vol -- sh -c 'sudo touch /data/own && sudo sh -c "echo more >>/data/seed/one" && touch ~/note' </dev/null
}

# saved: keep is what was saved from full, which has been deployed from it again
saved() {
    if [[ $(image_field "ds01-$BAKER/keep:latest" '.Config.Labels["aime.mlc.DS01_SAVED_FROM"]') != full ]]; then
        baker container-deploy full keep --background --quiet -e TOKEN=secret </dev/null
        baker container-open full -- bash -c "pip install -q ds01probe==1.0; $DEB; touch ~/note; echo x >/workspace/work" </dev/null >/dev/null 2>&1
        baker container-retire full --save --quiet </dev/null
    fi
    need_running full keep
}

# tuned: what was saved by that tag, and full, which uses it
tuned() {
    if ! image_exists "ds01-$BAKER/keep:tuned"; then
        container_exists "full._.$BAKER" || saved
        baker container-retire full --save=tuned --quiet </dev/null
        baker container-deploy full "ds01-$BAKER/keep:tuned" --background --quiet </dev/null
    fi
}

# --- nothing to lose ------------------------------------------------------------

@test "work in /workspace, caches, logs and a shell's history are no loss" {
    deploy clean 'touch /workspace/x; mkdir -p ~/.cache/a; touch ~/.cache/a/b ~/.bash_history /tmp/c; sudo touch /var/log/d'
    try baker container-retire clean --dry-run --json
    expect_status 0
    jq -e '.[0].changes | .packages == [] and .files == {changed: [], new: [], removed: []}' <<<"$output" || told "something is told"
    jq -e '.[0].changes.temporary == 1' <<<"$output" || told "the temporary file is not counted"
    try baker container-retire clean --dry-run
    expect_stdout "clean has nothing that its image or /workspace has not, but 1 file below /tmp"
}

@test "without a terminal nothing to lose still wants --yes, and --yes is enough" {
    need_running clean keep
    try baker container-retire clean
    expect_error 2 "--yes"
    container_exists "clean._.$BAKER"
    try baker container-retire clean --yes
    expect_status 0
    gone clean
}

@test "an image without its user: what the user setup writes is no loss, what is changed since is" {
    baker container-deploy injected --image "$BASE" --background --quiet </dev/null
    try baker container-retire injected --dry-run --json
    jq -e '.[0].changes.files == {changed: [], new: [], removed: []}' <<<"$output" || told "something is told"
    sleep 1
    baker container-open injected -- sh -c 'echo alias x=y >>~/.bashrc' </dev/null
    try baker container-retire injected --dry-run --json
    jq -e '.[0].changes.files.new == ["/home/'"$BAKER_INSIDE"'/.bashrc"]' <<<"$output" || told "the .bashrc is not told"
    baker container-retire injected --force --quiet </dev/null
}

# --- what would be lost -----------------------------------------------------------

@test "a job, and an image of another person: what the engine and the user setup write is no loss" {
    baker container-deploy job keep --background --quiet -- true </dev/null 2>/dev/null
    rossi container-deploy foreign "ds01-$BAKER/keep:latest" --background --quiet </dev/null 2>/dev/null
    try baker container-retire job --dry-run
    expect_stdout "job has nothing"
    try rossi container-retire foreign --dry-run
    expect_stdout "foreign has nothing"
    baker container-retire job --yes --quiet </dev/null
    rossi container-retire foreign --yes --quiet </dev/null
}

@test "packages with versions and files are shown, and a command that brings them" {
    full
    try baker container-retire full --dry-run
    expect_status 0
    expect_stdout "ds01probe 1.0"
    expect_stdout "hello-ds01 1.5-2"
    expect_stdout "/notes/ (3 files)"
    expect_stdout "removed  /etc/issue"
    expect_stdout "/usr/local/bin/own"
    [[ $output != *usr/bin/hello-ds01* && $output != *ds01probe.py* ]] || told "files of packages are told twice"
    expect_stdout "image-update keep --add ds01probe==1.0 --add-system hello-ds01"
    container_exists "full._.$BAKER"
}

@test "--json tells all of it" {
    full
    try baker container-retire full --dry-run --json
    expect_status 0
    jq -e '.[0].changes.packages | map([.by, .name, .before, .after]) == [["pip","ds01probe",null,"1.0"],["apt","hello-ds01",null,"1.5-2"]]' <<<"$output" ||
        told "other packages"
    jq -e '.[0].changes.files.new | length == 4' <<<"$output" || told "other files"
}

@test "a stopped container is compared like a running one" {
    full
    local before
    try baker container-retire full --dry-run --json
    before=$(jq -S .[0].changes <<<"$output")
    baker container-stop full --yes --quiet </dev/null
    try baker container-retire full --dry-run --json
    expect_equal "$(jq -S .[0].changes <<<"$output")" "$before"
}

@test "with something to lose and nobody to ask: exit 2, the flags are named, the container stays" {
    full
    try baker container-retire full --quiet
    expect_error 2 "--no-save"
    expect_stderr "--update"
    container_exists "full._.$BAKER"
}

@test "--update asks for what no package brings, and with --yes puts the packages into the image" {
    full
    try baker container-retire full --update --quiet
    expect_error 2 "--yes"
    container_exists "full._.$BAKER"
}

@test "--update: the packages are in the image, the container is gone" {
    deploy probe "pip install -q otherprobe"
    try baker container-retire probe --update
    expect_status 0
    gone probe
    grep -q otherprobe "$(home_of "$BAKER_NAME")/dockerfiles/keep.Dockerfile"
    deploy again
    try baker container-open again -- python3 -c 'import otherprobe; print(otherprobe.version)'
    expect_equal "$output" "1.0"
    try baker container-retire again --dry-run --json
    jq -e '.[0].changes.packages == []' <<<"$output" || told "a package is told"
}

@test "an editable install is told as one, and what no --add brings is named" {
    deploy wheels 'mkdir -p /workspace/my-old && cd /workspace/my-old && touch m.py &&
        echo "from setuptools import setup; setup(name=\"my-old\", version=\"0.3\", py_modules=[\"m\"])" >setup.py &&
        pip install -q --no-build-isolation --no-deps -e . && pip install -q /opt/wheels/otherprobe-1.0-py3-none-any.whl ds01probe==1.0'
    try baker container-retire wheels --dry-run
    expect_status 0
    expect_stdout "my-old 0.3 (editable, in /workspace/my-old)"
    expect_stdout "image-update keep --add ds01probe==1.0"
    expect_stdout "No image-update --add brings my-old, otherprobe into the image; --save does"
    [[ $output != *files:* && $output != *easy-install* ]] || told "the link is told as a file"
    baker container-retire wheels --force --quiet </dev/null
}

@test "another version of a package is told with both" {
    need_running again keep
    baker image-update keep --add ds01probe==1.0 --quiet </dev/null
    baker container-retire again --force --quiet </dev/null
    deploy again 'sudo -E python3 -m pip install -q ds01probe==2.0'
    try baker container-retire again --dry-run
    expect_stdout "ds01probe 2.0 (was 1.0)"
}

@test "what is removed is told as a package, not file by file; conda's packages are told too" {
    deploy conda 'sudo dpkg --purge --force-depends procps; sudo mkdir -p /opt/conda/{conda-meta,bin}; cd /opt/conda; sudo touch bin/{x,own} conda-meta/history
        echo "{\"files\":[\"bin/x\"],\"requested_spec\":\"x\"}" | sudo tee conda-meta/x-y-1.2-py_0.json'
    try baker container-retire conda --dry-run --json
    expect_status 0
    jq -e '.[0].changes | (.packages | map([.by, .name, .after])) == [["apt","procps",null],["conda","x-y","1.2"]] and
        .files == {changed: [], new: ["/opt/conda/bin/own"], removed: []}' <<<"$output" || told "something else is told"
    baker container-retire conda --force --quiet </dev/null
}

@test "--update that cannot be built leaves the container and the Dockerfile" {
    local before
    before=$(cat "$(home_of "$BAKER_NAME")/dockerfiles/keep.Dockerfile")
    deploy bad "$DEB"
    try baker container-retire bad --update
    [ "$status" -ne 0 ]
    container_exists "bad._.$BAKER"
    expect_equal "$(cat "$(home_of "$BAKER_NAME")/dockerfiles/keep.Dockerfile")" "$before"
}

@test "--no-save drops what it has; --force asks and compares nothing" {
    container_exists "bad._.$BAKER" || deploy bad "$DEB"
    need_running again keep
    try baker container-retire bad --no-save
    expect_status 0
    gone bad
    try baker container-retire again --force --verbose
    expect_status 0
    gone again
    [[ $stderr != */changes* ]] || told "it was compared"
}

@test "two ways at once: exit 2" {
    full
    try baker container-retire full --update --no-save
    expect_error 2 "--update"
    try baker container-retire full --force --no-save
    expect_error 2 "--force"
    try baker container-retire full --no-save
    expect_status 0
}

# --- volumes ------------------------------------------------------------------------

@test "volumes of the image that nobody has touched are no loss, and nothing is left of the look at them" {
    need_image volumes
    baker container-deploy vol --image ds01-test/volumes:1 --background --quiet </dev/null
    local before
    before=$(engine_state)
    try baker container-retire vol --dry-run --json
    expect_status 0
    jq -e '.[0].changes | .files == {changed: [], new: [], removed: []} and .volumes == [] and .complete' <<<"$output" ||
        told "something is told"
    expect_equal "$(engine_state)" "$before"
}

@test "what was put into a volume of the image is named before it goes" {
    vol
    try baker container-retire vol --dry-run
    expect_status 0
    expect_stdout "new      /data/own"
    expect_stdout "changed  /data/seed/one"
    expect_stdout "new      ~/note"
    expect_stdout "/data, /home/$BAKER_INSIDE are volumes"
    try baker container-retire vol --quiet
    expect_error 2 "--no-save"
    container_exists "vol._.$BAKER"
}

@test "a name beyond ASCII is seen in a volume as well, also without a locale for it" {
    local locale
    vol
    baker container-open vol -- sudo touch /data/größe </dev/null
    for locale in C C.UTF-8; do
        AS_USER_ENV=LANG=$locale try baker container-retire vol --dry-run --json
        expect_status 0
        jq -e '.[0].changes.files.new | index("/data/größe")' <<<"$output" || told "it is not told"
    done
    baker container-open vol -- sudo rm /data/größe </dev/null
}

@test "--save does not claim to save a volume: it asks, and the container stays" {
    vol
    try baker container-retire vol --save=v1
    expect_stderr "/data/own"
    try baker container-retire vol --save=v1 --quiet
    expect_error 2 "is not saved"
    container_exists "vol._.$BAKER"
    try baker container-retire vol --save=v1 --yes
    expect_status 0
    expect_stdout "but its volumes"
    gone vol
    expect_equal "$(api GET /volumes | jq '(.Volumes // []) | length')" "0"
    baker container-deploy vol --image "ds01-$BAKER/vol:v1" --background --quiet </dev/null
    try baker container-retire vol --dry-run --json
    expect_equal "$(jq -c '.[0].changes.volumes' <<<"$output")" "[]"
    try baker container-open vol -- sh -c 'touch ~/x && stat -c %u ~ && sudo -n true'
    expect_equal "$output" "$BAKER"
    baker container-retire vol --force --quiet </dev/null
    baker image-retire vol:v1 --yes --quiet </dev/null
}

@test "without a Dockerfile no image-update is offered" {
    need_running bare --image "$BASE"
    baker container-open bare -- sh -c 'd=$(python3 -m site --user-site)/tiny-1.0.dist-info && mkdir -p "$d" && touch "$d/RECORD" "$d/REQUESTED" &&
        printf "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n" >"$d/METADATA" && echo pip >"$d/INSTALLER"' </dev/null
    try baker container-retire bare --dry-run --json
    expect_equal "$(jq -c '.[0] | [.changes.packages[0].name, .offer]' <<<"$output")" '["tiny",null]'
    try baker container-retire bare --dry-run
    expect_stdout "tiny"
    [[ $output != *image-update* ]] || told "an image-update is offered: $output"
    baker container-retire bare --force --quiet </dev/null
}

@test "several may compare a container with volumes at once" {
    local i looks=()
    vol
    baker container-open vol -- sudo sh -c 'head -c 30M /dev/zero >/data/large' </dev/null
    for i in 1 2 3; do
        baker container-retire vol --dry-run </dev/null >"$BATS_TEST_TMPDIR/$i" 2>&1 3>&- &
        looks+=($!)
    done
    for i in 1 2 3; do
        wait "${looks[i - 1]}" || told "$(<"$BATS_TEST_TMPDIR/$i")"
    done
    baker container-retire vol --force --quiet </dev/null
}

@test "a volume too large to be looked through is said to hold more" {
    baker container-deploy vol --image ds01-test/volumes:1 --background --quiet </dev/null
    baker container-open vol -- sudo sh -c 'head -c 70M /dev/zero >/data/a; touch /data/b' </dev/null
    try baker container-retire vol --dry-run
    expect_stdout "too large to be looked through"
    try baker container-retire vol --quiet
    expect_error 2 "at least"
    baker container-retire vol --force --quiet </dev/null
}

# --- --save ------------------------------------------------------------------------

@test "--save: everything is in the image, which is ready and deploys at once" {
    local before
    before=$(image_field "ds01-$BAKER/keep:latest" .Id)
    baker container-deploy full keep --background --quiet -e TOKEN=secret </dev/null
    baker container-open full -- bash -c "pip install -q ds01probe==1.0; $DEB; touch ~/note; echo x >/workspace/work" </dev/null >/dev/null 2>&1
    try baker container-retire full --save --dry-run
    expect_status 0
    expect_stdout "Would save and retire full"
    expect_stdout "would be in the image ds01-$BAKER/keep:latest"
    expect_equal "$(image_field "ds01-$BAKER/keep:latest" .Id)" "$before"
    container_exists "full._.$BAKER"
    try baker container-retire full --save
    expect_status 0
    expect_stdout "ds01-$BAKER/keep:latest"
    expect_stdout "image-update keep --rollback"
    gone full
    expect_equal "$(image_field "ds01-$BAKER/keep:previous" .Id)" "$before"
    try baker image-list --json
    jq -e '.[] | select(.project == "keep") | .state == "ready"' <<<"$output" || told "the image is not ready"
    try baker container-deploy full keep --background --verbose
    expect_status 0
    [[ $stderr != *'/archive'* && $stderr != *commit* ]] || told "the user was set up again"
    try baker container-open full -- bash -c 'id -un; hello-ds01; ls ~/note; python3 -c "import ds01probe"; sudo -n id -u; echo "$TOKEN"; ls /workspace/work'
    expect_status 0
    expect_equal "$output" "$BAKER_INSIDE
hello
/home/$BAKER_INSIDE/note
0

/workspace/work"
}

@test "a saved image says whose it is, and nothing of the container it was" {
    saved
    run image_field "ds01-$BAKER/keep:latest" '.Config.Labels | to_entries[] | select(.value != "") | "\(.key)=\(.value)"'
    expect_stdout "aime.mlc.DS01_HAS_USER_SETUP=true"
    expect_stdout "aime.mlc.DS01_USER_ID=$BAKER"
    expect_stdout "aime.mlc.DS01_PROJECT=keep"
    expect_stdout "aime.mlc.DS01_SAVED_FROM=full"
    expect_stdout "maintainer=$BAKER_NAME"
    [[ $output != *aime.mlc.NAME=* && $output != *DS01_CREATED_BY=* && $output != *secret* && $output != *,* ]] || told "too much"
    expect_equal "$(image_field "ds01-$BAKER/keep:latest" '.Config.Env | map(select(startswith("TOKEN"))) | join(" ")')" "TOKEN="
    expect_equal "$(image_field "ds01-$BAKER/keep:latest" '.Config | [.User, .Cmd, .Entrypoint] | tostring')" \
        "$(image_field "ds01-$BAKER/keep:previous" '.Config | [.User, .Cmd, .Entrypoint] | tostring')"
}

@test "a rollback returns to the image before the save, and back" {
    saved
    local saved before
    saved=$(image_field "ds01-$BAKER/keep:latest" .Id)
    before=$(image_field "ds01-$BAKER/keep:previous" .Id)
    baker image-update keep --rollback --quiet </dev/null
    expect_equal "$(image_field "ds01-$BAKER/keep:latest" .Id)" "$before"
    baker image-update keep --rollback --quiet </dev/null
    expect_equal "$(image_field "ds01-$BAKER/keep:latest" .Id)" "$saved"
}

@test "image-update says that what was saved is not in the new build, and where it stays" {
    saved
    local saved
    saved=$(image_field "ds01-$BAKER/keep:latest" .Id)
    try baker image-update keep --rebuild --no-cache
    expect_status 0
    expect_stderr "saved from the container full"
    expect_stderr "image-update keep --rollback"
    expect_equal "$(image_field "ds01-$BAKER/keep:previous" .Id)" "$saved"
    try baker image-update keep --rebuild --no-cache
    [[ $stderr != *"saved from"* ]] || told "it says so of a build"
}

@test "--save=TAG leaves the current image alone, and a tag is not taken twice" {
    container_exists "full._.$BAKER" || saved
    local current
    current=$(image_field "ds01-$BAKER/keep:latest" .Id)
    try baker container-retire full --save=tuned
    expect_status 0
    expect_stdout "container-deploy full ds01-$BAKER/keep:tuned"
    expect_equal "$(image_field "ds01-$BAKER/keep:latest" .Id)" "$current"
    baker container-deploy full "ds01-$BAKER/keep:tuned" --background --quiet </dev/null
    try baker image-list --output PROJECT,CONTAINERS,STATE --noheadings
    grep -qE '^keep:tuned +full +ready$' <<<"$output" || told "expected what was saved in the list"
    [[ $output != *:keep* && $output != *:previous* ]] || told "expected no tags that come and go"
    try baker container-open full -- hello-ds01
    expect_equal "$output" "hello"
    try baker container-retire full --save=tuned --dry-run --quiet
    expect_error 4 "tuned"
    try baker container-retire full --save=tuned
    expect_error 4 "tuned"
    expect_equal "$(container_field "full._.$BAKER" .State.Running)" "true"
    for tag in previous keep a/b "a b" proj._.7; do
        try baker container-retire full "--save=$tag"
        expect_error 2 "tag"
    done
}

@test "image-retire NAME:TAG removes what was saved by a tag, and nothing else" {
    tuned
    local current
    current=$(image_field "ds01-$BAKER/keep:latest" .Id)
    try baker image-retire keep:tuned --yes
    expect_error 4 "full"
    baker container-retire full --force --quiet </dev/null
    try baker image-retire keep:tuned --yes --purge
    expect_error 2 "purge"
    try baker image-retire keep:previous --yes
    expect_error 2 "'previous' is a tag that ds01 itself gives"
    try baker image-retire keep:tuned --yes
    expect_status 0
    run image_exists "ds01-$BAKER/keep:tuned"
    [ "$status" -ne 0 ]
    expect_equal "$(image_field "ds01-$BAKER/keep:latest" .Id)" "$current"
    image_exists "ds01-$BAKER/keep:previous"
    try baker image-retire keep:tuned --yes
    expect_error 3 "keep:tuned"
}

@test "two containers of one project: the second save is refused, and says how" {
    deploy one 'touch ~/1'
    deploy two 'touch ~/2'
    baker container-stop two --yes --quiet </dev/null
    try baker container-retire one two --save
    expect_status 4
    expect_stderr "container-retire two --save=TAG"
    gone one
    container_exists "two._.$BAKER"
    try baker container-retire two --save
    expect_status 0
    gone two
    deploy two
    try baker container-open two -- sh -c 'ls ~/2'
    expect_status 0
    baker container-retire two --force --quiet </dev/null
}

@test "login records that have grown are not saved: sparse on disk, gigabytes in a commit" {
    deploy grown 'sudo truncate -s 4G /var/log/lastlog; sudo truncate -s 1G /var/log/btmp; touch ~/kept'
    try baker container-retire grown --save
    expect_status 0
    deploy grown
    try baker container-open grown -- sh -c 'stat -c %s /var/log/lastlog /var/log/btmp; ls ~/kept'
    expect_equal "$output" "0
0
/home/$BAKER_INSIDE/kept"
    expect_equal "$(image_field "ds01-$BAKER/keep:latest" '.Size < 1000000000')" "true"
}

@test "without room nothing is stopped and nothing is made" {
    need_running grown keep
    local before
    baker container-open grown -- truncate -s 4T /home/"$BAKER_INSIDE"/huge </dev/null
    before=$(engine_state)
    try baker container-retire grown --save
    expect_error 4 "no room"
    expect_equal "$(engine_state)" "$before"
    baker container-retire grown --force --quiet </dev/null
}

@test "saving another person's image and an injected container makes an image of one's own" {
    baker image-create theirs --base "$BASE" --quiet </dev/null
    rossi container-deploy mine --image "ds01-$BAKER/theirs:latest" --project mine --background --quiet </dev/null 2>/dev/null
    rossi container-open mine -- sh -c 'touch ~/mine' </dev/null
    try rossi container-retire mine --save=latest
    expect_status 0
    expect_stdout "No Dockerfile tells of that"
    expect_stdout "container-deploy mine mine"
    [[ $output != *rollback* ]] || told "a rollback is offered, and there is nothing to go back to"
    try rossi image-list --json
    jq -e '.[] | select(.project == "mine") | .state == "ready"' <<<"$output" || told "the image is not ready"
    try rossi container-deploy mine --background --verbose
    expect_status 0
    [[ $stderr != *mismatch* && $stderr != *'/archive'* ]] || told "the user was set up again"
    try rossi container-open mine -- sh -c 'id -u; ls ~/mine; sudo -n id -u'
    expect_equal "$output" "$ROSSI
/home/m-rossi-at-hertie-school-lan/mine
0"
    rossi container-retire mine --yes --image --quiet </dev/null
    run image_exists "ds01-$ROSSI/mine:latest"
    [ "$status" -ne 0 ]
    image_exists "ds01-$BAKER/theirs:latest"
}

@test "a save of a container from a committed image outlives that image" {
    baker container-deploy legacy --image "$BASE" --user-setup commit --background --quiet </dev/null
    baker container-open legacy -- sh -c 'touch ~/legacy' </dev/null
    try baker container-retire legacy --save
    expect_status 0
    expect_equal "$(api GET /images/json | jq -r '[.[].RepoTags // [] | .[] | select(test("[.]_[.]"))] | length')" "0"
    try baker container-deploy legacy --background
    expect_status 0
    baker container-deploy other --image "$BASE" --user-setup commit --background --quiet </dev/null
    baker container-retire other legacy --force --quiet </dev/null
    image_exists "ds01-$BAKER/legacy:latest"
}

# save_and_hit SIGNAL: sends it in the middle, when the container is being stopped or committed.
save_and_hit() {
    local log=$BATS_TEST_TMPDIR/log
    begin "$log" container-retire cut --save
    for ((i = 0; i < 200; i++)); do
        if grep -q Saving "$log"; then break; fi
        sleep 0.05
    done
    sleep "0.$((RANDOM % 8))"
    kill "-$1" "$!" || true
    wait "$!" || true
}

@test "interrupted while saving: the container runs and the image is the one before, or all is done" {
    local id
    deploy cut 'head -c 300M /dev/urandom >~/large'
    id=$(image_field "ds01-$BAKER/keep:latest" .Id)
    save_and_hit INT
    if container_exists "cut._.$BAKER"; then
        expect_equal "$(image_field "ds01-$BAKER/keep:latest" .Id)" "$id"
        expect_equal "$(container_field "cut._.$BAKER" .State.Running)" "true"
    else
        expect_equal "$(image_field "ds01-$BAKER/keep:latest" '.Config.Labels["aime.mlc.DS01_SAVED_FROM"]')" "cut"
    fi
}

@test "killed while saving: nothing is lost, and the next save works" {
    container_exists "cut._.$BAKER" || deploy cut 'head -c 300M /dev/urandom >~/large'
    save_and_hit KILL
    if container_exists "cut._.$BAKER"; then
        try baker container-retire cut --save
        expect_status 0
    fi
    deploy cut
    try baker container-open cut -- stat -c %s "/home/$BAKER_INSIDE/large"
    expect_equal "$output" "314572800"
    baker container-retire cut --force --quiet </dev/null
}

# --- on a terminal --------------------------------------------------------------------

@test "on a terminal the loss is shown and asked about; Enter and Ctrl-C keep the container" {
    deploy asked 'touch ~/one'
    open_terminal "$TESTS/e2e/call" baker container-retire asked
    sees '\[k\]'
    screen | grep -q 'new      ~/one'
    tm send-keys Enter
    sees 'exit=4'
    open_terminal "$TESTS/e2e/call" baker container-retire asked
    sees '\[k\]'
    tm send-keys C-c
    sees 'exit=130'
    sees 'terminal=same'
    container_exists "asked._.$BAKER"
}

@test "on a terminal: s saves, and the container is gone" {
    container_exists "asked._.$BAKER" || deploy asked 'touch ~/one'
    open_terminal "$TESTS/e2e/call" baker container-retire asked
    sees 's\) save all of it'
    tm send-keys s Enter
    sees 'exit=0'
    gone asked
    expect_equal "$(image_field "ds01-$BAKER/keep:latest" '.Config.Labels["aime.mlc.DS01_SAVED_FROM"]')" "asked"
}

@test "on a terminal: u builds, asking about the files first" {
    baker image-update keep --rebuild --quiet </dev/null 2>/dev/null
    deploy asked 'pip install -q --user ds01probe==2.0; touch ~/two'
    open_terminal "$TESTS/e2e/call" baker container-retire asked
    sees 'u\) add the packages'
    tm send-keys u Enter
    sees 'What else only it has is lost. \[y/N\]'
    tm send-keys y Enter
    sees 'exit=0' 300
    gone asked
    grep -q 'ds01probe==2.0' "$(home_of "$BAKER_NAME")/dockerfiles/keep.Dockerfile"
}

@test "--image retires the image when its last container is gone, and refuses while it is used" {
    deploy a
    deploy b
    try baker container-retire a --yes --image
    expect_status 4
    expect_stderr "in use"
    gone a
    deploy a
    try baker container-retire a b --yes --image
    expect_status 0
    run image_exists "ds01-$BAKER/keep:latest"
    [ "$status" -ne 0 ]
    [ -f "$(home_of "$BAKER_NAME")/dockerfiles/keep.Dockerfile" ]
}
