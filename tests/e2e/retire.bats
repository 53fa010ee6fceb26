# container-retire: what only the container has is shown, and not lost unasked.

load common

setup_file() {
    clean_ground
    need_image wheels
    baker image-create keep --base ds01-test/wheels:1 --quiet </dev/null
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
readonly DEB='mkdir -p /tmp/deb/DEBIAN /tmp/deb/usr/bin && echo "echo hello" >/tmp/deb/usr/bin/hello-ds01 &&
    printf "Package: hello-ds01\nVersion: 1.5-2\nArchitecture: all\nMaintainer: x\nDescription: x\n" >/tmp/deb/DEBIAN/control &&
    dpkg-deb -b /tmp/deb /tmp/hello.deb && sudo dpkg -i /tmp/hello.deb'

# --- nothing to lose ------------------------------------------------------------

@test "work in /workspace, caches, logs and a shell's history are no loss" {
    deploy clean 'touch /workspace/x; mkdir -p ~/.cache/a; touch ~/.cache/a/b ~/.bash_history /tmp/c; sudo touch /var/log/d'
    try baker container-retire clean --dry-run --json
    expect_status 0
    jq -e '.[0].changes == {packages: [], files: {changed: [], new: [], removed: []}}' <<<"$output" || told "something is told"
    try baker container-retire clean --dry-run
    expect_stdout "clean has nothing"
}

@test "without a terminal nothing to lose still wants --yes, and --yes is enough" {
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

@test "packages with versions and files are shown, and a command that brings them" {
    deploy full "pip install -q ds01probe==1.0; $DEB; mkdir -p ~/notes; touch ~/notes/{1,2,3}; sudo rm /etc/issue; sudo touch /usr/local/bin/own"
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
    try baker container-retire full --dry-run --json
    expect_status 0
    jq -e '.[0].changes.packages | map([.by, .name, .before, .after]) == [["pip","ds01probe",null,"1.0"],["apt","hello-ds01",null,"1.5-2"]]' <<<"$output" ||
        told "other packages"
    jq -e '.[0].changes.files.new | length == 4' <<<"$output" || told "other files"
}

@test "a stopped container is compared like a running one" {
    local before
    try baker container-retire full --dry-run --json
    before=$(jq -S .[0].changes <<<"$output")
    baker container-stop full --yes --quiet </dev/null
    try baker container-retire full --dry-run --json
    expect_equal "$(jq -S .[0].changes <<<"$output")" "$before"
}

@test "with something to lose and nobody to ask: exit 2, the flags are named, the container stays" {
    try baker container-retire full --quiet
    expect_error 2 "--no-save"
    expect_stderr "--update"
    container_exists "full._.$BAKER"
}

@test "--update asks for what no package brings, and with --yes puts the packages into the image" {
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

@test "another version of a package is told with both" {
    baker image-update keep --add ds01probe==1.0 --quiet </dev/null
    baker container-retire again --force --quiet </dev/null
    deploy again 'sudo -E python3 -m pip install -q ds01probe==2.0'
    try baker container-retire again --dry-run
    expect_stdout "ds01probe 2.0 (was 1.0)"
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
    try baker container-retire bad --no-save
    expect_status 0
    gone bad
    try baker container-retire again --force --verbose
    expect_status 0
    gone again
    [[ $stderr != */changes* ]] || told "it was compared"
}

@test "two ways at once: exit 2" {
    try baker container-retire full --update --no-save
    expect_error 2 "--update"
    try baker container-retire full --force --no-save
    expect_error 2 "--force"
    try baker container-retire full --no-save
    expect_status 0
}
