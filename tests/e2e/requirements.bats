# image-update and requirements.txt: a new file, one that changed, one that fails, and the way back.

load common
load terminal
load wheels

setup_file() {
    clean_ground
    baker image-create rq --base "$BASE" >/dev/null 2>&1
    wheel probe 1.0
    wheel probe 2.0
    baker tee project/one.txt >/dev/null <<'END'
--no-index
./wheels/probe-1.0-py3-none-any.whl
END
    baker tee project/two.txt >/dev/null <<'END'
# the same from a folder that only pip knows
--no-index
-r more.txt
END
    baker tee project/more.txt >/dev/null <<<"./wheels/probe-2.0-py3-none-any.whl"
    baker tee project/none.txt >/dev/null <<<"# nothing at all"
    baker tee project/bad.txt >/dev/null <<<"--no-index
no-such-package-there-is"
}

teardown() {
    tm kill-server 2>/dev/null || true
    expect_no_report
}

kept() {
    echo "$(home_of "$BAKER_NAME")/dockerfiles/rq.$1"
}

image_id() {
    image_field "ds01-$BAKER/rq:latest" .Id
}

# Which version of the package the image has, or nothing.
probe_version() {
    baker container-deploy look rq --background >/dev/null 2>&1 </dev/null
    baker container-open look -- python3 -c 'import probe; print(probe.version)' 2>/dev/null </dev/null || true
    baker container-retire look --yes --quiet >/dev/null 2>&1 </dev/null
}

# built_with FILE: the image is built with it, whatever was before
built_with() {
    cmp -s "$(kept requirements.txt)" "$(home_of "$BAKER_NAME")/project/$1" ||
        baker image-update rq -r "project/$1" --quiet </dev/null 2>/dev/null
}

# What a failed update may not have touched.
everything() {
    engine_state
    home_state "$BAKER_NAME" | grep -v /backup
}

@test "--dry-run shows both diffs and changes nothing" {
    local before
    before=$(everything)
    try baker image-update rq -r project/one.txt --dry-run
    expect_status 0
    expect_stdout "+COPY rq.requirements.txt /opt/ds01/"
    expect_stdout "+COPY rq.requirements/ /opt/ds01/"
    expect_stdout "+./wheels/probe-1.0-py3-none-any.whl"
    expect_equal "$(everything)" "$before"
}

@test "a password in a file is warned of: it would be in the image" {
    local line
    baker tee project/secret.txt >/dev/null <<<"--index-url https://u:geheim@pip.lab/simple"
    baker tee project/with-secret.txt >/dev/null <<<"-r secret.txt"
    try baker image-update rq -r project/with-secret.txt --dry-run
    expect_status 0
    expect_stderr "warning: secret.txt holds a password, which everybody who has the image can read"
    expect_stderr "pip_index_url"
    for line in 'https://u:${TOKEN}@pip.lab/simple' https://u@pip.lab/simple https://pip.lab/u:v@w; do
        baker tee project/open.txt >/dev/null <<<"--index-url $line"
        try baker image-update rq -r project/open.txt --dry-run
        expect_status 0
        [[ $stderr != *"holds a password"* ]] || told "a password is seen in $line"
    done
}

@test "-r introduces a file, with what it names, and builds" {
    try baker image-update rq -r project/one.txt
    expect_status 0
    expect_stderr "rq.requirements.txt"
    cmp "$(kept requirements.txt)" "$(home_of "$BAKER_NAME")/project/one.txt"
    [ -f "$(kept requirements/wheels/probe-1.0-py3-none-any.whl)" ]
    expect_equal "$(probe_version)" "1.0"
}

@test "the same file needs no build" {
    built_with one.txt
    local id
    id=$(image_id)
    try baker image-update rq -r project/one.txt
    expect_status 0
    expect_stdout "already"
    expect_equal "$(image_id)" "$id"
}

@test "another file takes its place, and the files that it names" {
    built_with one.txt
    try baker image-update rq -r project/two.txt --json
    expect_status 0
    jq -e '.built and (.diff | contains("+-r more.txt")) and
        (.diff | contains("-rq.requirements/wheels/probe-1.0")) and (.diff | contains("Dockerfile") | not) and
        (.requirements_backup | endswith(".requirements.txt"))' <<<"$output" >/dev/null
    [ ! -e "$(kept requirements/wheels/probe-1.0-py3-none-any.whl)" ]
    expect_equal "$(probe_version)" "2.0"
}

@test "--rollback returns the file and the files it names too, and returns from that" {
    [ -f "$(kept requirements/more.txt)" ] || { built_with one.txt && built_with two.txt; }
    try baker image-update rq --rollback
    expect_status 0
    cmp "$(kept requirements.txt)" "$(home_of "$BAKER_NAME")/project/one.txt"
    [ -f "$(kept requirements/wheels/probe-1.0-py3-none-any.whl)" ]
    [ ! -e "$(kept requirements/more.txt)" ]
    expect_equal "$(probe_version)" "1.0"
    try baker image-update rq --rollback
    expect_status 0
    cmp "$(kept requirements.txt)" "$(home_of "$BAKER_NAME")/project/two.txt"
    expect_equal "$(probe_version)" "2.0"
    try baker image-update rq -r project/two.txt
    expect_stdout "already"
}

@test "a build that fails leaves files, image and the build before as they were" {
    local before
    before=$(everything)
    try baker image-update rq -r project/bad.txt
    expect_status 1
    expect_stderr "no-such-package-there-is"
    expect_equal "$(everything)" "$before"
}

@test "so does one that is interrupted" {
    local before
    before=$(everything)
    baker mkdir -p project/slow
    baker tee project/slow/setup.py >/dev/null <<<"import time; time.sleep(30)"
    baker tee project/slow.txt >/dev/null <<<"--no-index
--no-binary :all:
./slow"
    run timeout --preserve-status --foreground -s INT 3 "$TESTS/e2e/call" baker image-update rq -r project/slow.txt </dev/null
    expect_status 130
    baker rm -r project/slow project/slow.txt
    before=$(grep -v 'project/slow' <<<"$before")
    expect_equal "$(everything)" "$before"
}

@test "a file that was edited by hand is built: shown, and kept for the way back" {
    built_with two.txt
    local id
    id=$(image_id)
    baker sed -i 's/^# the same.*/# edited by hand/' dockerfiles/rq.requirements.txt
    try baker image-update rq --rebuild --dry-run
    expect_stdout "+# edited by hand"
    try baker image-update rq --rebuild
    expect_status 0
    expect_stderr "+# edited by hand"
    [[ $(image_id) != "$id" ]]
    try baker image-update rq --rollback
    expect_status 0
    expect_equal "$(image_id)" "$id"
    grep -q '^# the same' "$(kept requirements.txt)"
    expect_equal "$(probe_version)" "2.0"
}

@test "a Dockerfile that was edited by hand is kept for the way back as well" {
    local id before
    id=$(image_id) before=$(cat "$(kept Dockerfile)")
    baker sed -i 's|^CMD .*|RUN echo by hand >/by-hand\n&|' dockerfiles/rq.Dockerfile
    try baker image-update rq --rebuild
    expect_status 0
    expect_stderr "+RUN echo by hand"
    try baker image-update rq --rollback
    expect_status 0
    expect_equal "$(image_id)" "$id"
    expect_equal "$(cat "$(kept Dockerfile)")" "$before"
}

@test "a file that names no others takes the COPY of their folder away" {
    built_with two.txt
    try baker image-update rq -r project/none.txt
    expect_status 0
    expect_stderr "-COPY rq.requirements/ /opt/ds01/"
    [ ! -e "$(kept requirements)" ]
    expect_equal "$(probe_version)" ""
}

@test "--add and --remove know what the requirements file names" {
    baker tee project/named.txt >/dev/null <<<"-r deeper.txt
first>=1"
    baker tee project/deeper.txt >/dev/null <<<"probe==1.0"
    try baker image-create named --base "$BASE" -r project/named.txt --no-build
    try baker image-update named --add "first probe==1.0" --dry-run
    expect_stderr "named has it already: first>=1 (line 2 of named.requirements.txt)"
    expect_stderr "named has it already: probe==1.0 (line 1 of named.requirements/deeper.txt)"
    [[ $output != *"@@"* ]] || told "something would change"
    try baker image-update named --add probe==2.0 --dry-run
    expect_status 0
    expect_stderr "stands in the requirements file too (probe==1.0, line 1 of named.requirements/deeper.txt)"
    expect_stderr "installed before: probe==2.0 decides"
    try baker image-create twice --base "$BASE" -r project/named.txt -p "probe==2.0 first" --dry-run
    expect_stderr "stands in the requirements file too (probe==1.0, line 1 of twice.requirements/deeper.txt)"
    [[ $stderr != *"(first"* ]] || told "a name alone takes what is there"
    try baker image-update named --remove probe --dry-run
    expect_error 3 "named has probe==1.0 from its requirements file"
    expect_stderr "image-update named -r FILE"
}

@test "a missing file, and one that leads elsewhere: exit 2, one sentence" {
    try baker image-update rq -r project/nowhere.txt
    expect_error 2 "nowhere.txt"
    baker tee project/outside.txt >/dev/null <<<"-r ../secret.txt"
    try baker image-update rq -r project/outside.txt
    expect_error 2 "outside the folder"
    try baker image-update rq -r project/one.txt -r project/outside.txt
    expect_error 2 "-r takes one file, and there are two: project/one.txt and project/outside.txt"
    expect_stderr "write '-r project/outside.txt' as a line into project/one.txt"
}

@test "a Dockerfile with a folder of its own: exit 4, and where the file is to go" {
    baker sh -c "mkdir -p own && printf 'FROM $BASE\nCOPY a /a\n' >own/Dockerfile && touch own/a"
    baker image-create own --dockerfile own/Dockerfile --quiet </dev/null
    try baker image-update own -r project/one.txt
    expect_error 4 "own"
    expect_stderr "--edit"
    # Its build before, to which --rollback leads, needs the folder still.
    baker sed -i /^COPY/d dockerfiles/own.Dockerfile
    try baker image-update own -r project/one.txt --dry-run
    expect_error 4 "own is built with the files in"
}

@test "a Dockerfile of one's own that takes no files gets one, and can be rolled back" {
    local metadata
    metadata=$(home_of "$BAKER_NAME")/.ds01-config/images/bare.json
    baker sh -c "mkdir -p bare && printf 'FROM $BASE\nRUN --mount=type=cache,target=/c true\n' >bare/Dockerfile"
    baker image-create bare --dockerfile bare/Dockerfile --quiet </dev/null
    expect_equal "$(jq -r .context "$metadata")" "$(home_of "$BAKER_NAME")/bare"
    try baker image-update bare -r project/one.txt --dry-run
    expect_status 0
    expect_equal "$(jq -r .context "$metadata")" "$(home_of "$BAKER_NAME")/bare"
    try baker image-update bare -r project/one.txt
    expect_status 0
    expect_stderr "takes no files from $(home_of "$BAKER_NAME")/bare, so it is built without"
    expect_stderr "+COPY bare.requirements.txt /opt/ds01/"
    expect_equal "$(jq -r .context "$metadata")" "null"
    rm -r "$(home_of "$BAKER_NAME")/bare"
    try baker image-update bare --rebuild
    expect_status 0
    try baker image-update bare --rollback
    expect_status 0
    try baker image-update bare --no-cache
    expect_status 0
}

@test "the menu offers it" {
    open_terminal "$TESTS/e2e/call" baker image-update rq
    sees "What shall change"
    sleep 0.3
    tm send-keys f Enter
    sees "Where is the requirements.txt"
    sleep 0.3
    tm send-keys project/one.txt Enter
    sees "exit=0" 600
    expect_equal "$(probe_version)" "1.0"
}
