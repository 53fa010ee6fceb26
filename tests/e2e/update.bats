# image-update: edits, rebuilds, and what happens when they fail.

load common

setup_file() {
    clean_ground
    baker image-create up --base "$BASE" --system hello >/dev/null 2>&1
}

dockerfile() {
    cat "$(home_of "$BAKER_NAME")/dockerfiles/up.Dockerfile"
}

image_id() {
    image_field "ds01-$BAKER/up:$1" .Id
}

# second_build: tree is in it, and the container older is of the first; third_build: and file
second_build() {
    need_running older up
    grep -q '^ *tree$' <<<"$(dockerfile)" || baker image-update up --add-system tree --quiet </dev/null 2>/dev/null
}

third_build() {
    second_build
    grep -q '^ *file' <<<"$(dockerfile)" || baker image-update up --add-system file --quiet </dev/null 2>/dev/null
}

@test "--dry-run shows the diff and changes nothing at all" {
    local engine home
    engine=$(engine_state) home=$(home_state "$BAKER_NAME")
    try baker image-update up --add-system tree --dry-run
    expect_status 0
    expect_stdout "+        tree"
    expect_equal "$(engine_state)" "$engine"
    expect_equal "$(home_state "$BAKER_NAME")" "$home"
}

@test "--add-system changes the list alone, builds, and names containers of the older build" {
    local before
    try baker container-deploy older up --background
    expect_status 0
    before=$(dockerfile)
    try baker image-update up --add-system tree --dry-run
    expect_status 0
    expect_stdout "The container older would still use an older build"
    try baker image-update up --add-system tree
    expect_status 0
    expect_stdout "The container older still uses an older build"
    run diff <(echo "$before") <(dockerfile)
    expect_equal "$(grep '^[<>]' <<<"$output")" "<         hello
>         hello \\
>         tree"
    try baker container-deploy newer up --background -- tree --version
    expect_status 0
}

@test "the build before is kept, and --rollback returns to it and its Dockerfile" {
    second_build
    local new old
    new=$(image_id latest) old=$(image_id previous)
    [[ $new != "$old" ]]
    try baker image-update up --rollback --dry-run
    expect_status 0
    expect_stdout "Would return up to the build before."
    expect_stdout "The container newer would still use"
    [[ $output != *"container older"* ]] || told "older is of that build"
    try baker image-update up --rollback
    expect_status 0
    expect_stdout "The Dockerfile before is kept at $(home_of "$BAKER_NAME")/.ds01-config/backup/up-"
    expect_equal "$(image_id latest)" "$old"
    expect_equal "$(image_id previous)" "$new"
    [[ $(dockerfile) != *"tree"* ]]
    try baker image-update up --rollback
    expect_status 0
    expect_equal "$(image_id latest)" "$new"
    [[ $(dockerfile) == *"tree"* ]]
}

@test "--rollback --dry-run says what it would do; nothing else goes with --rollback" {
    local engine home
    baker image-create back --base "$BASE" --quiet </dev/null
    baker image-update back --add-system tree --quiet </dev/null 2>/dev/null
    engine=$(engine_state) home=$(home_state "$BAKER_NAME")
    try baker image-update back --rollback --dry-run
    expect_status 0
    expect_stdout "Would return back to the build before."
    expect_stdout "-        tree"
    try baker image-update back --rollback --add-system hello
    expect_error 2 "nothing else goes with it"
    expect_equal "$(engine_state)" "$engine"
    expect_equal "$(home_state "$BAKER_NAME")" "$home"
    baker image-retire back --yes --purge --quiet </dev/null
}

@test "a build that fails leaves Dockerfile, image and the build before as they were" {
    local engine file
    engine=$(engine_state) file=$(dockerfile)
    try baker image-update up --add-system no-such-package-there-is
    expect_status 1
    expect_stderr "; up is as it was, and its image still deploys"
    expect_equal "$(engine_state)" "$engine"
    expect_equal "$(dockerfile)" "$file"
    try baker container-deploy still up --background
    expect_status 0
}

@test "--remove-system of what is not there: exit 3, one sentence" {
    try baker image-update up --remove-system nothing-of-that-name
    expect_error 3 "nothing-of-that-name"
}

@test "what is there already needs no build" {
    second_build
    local id
    id=$(image_id latest)
    try baker image-update up --add-system tree
    expect_status 0
    expect_stdout "already"
    expect_equal "$(image_id latest)" "$id"
}

@test "a name alone leaves what is there, and says so; a version changes the line, and names it" {
    local file
    try baker image-create pins --base "$BASE" -p "probe==1.26 extra[x]" --no-build
    file=$(cat "$(home_of "$BAKER_NAME")/dockerfiles/pins.Dockerfile")
    try baker image-update pins --add "Probe extra" --dry-run
    expect_status 0
    expect_stderr "pins has it already: probe==1.26 (line "
    expect_stderr "pins has it already: extra[x] (line "
    [[ $output != *"@@"* ]] || told "something would change"
    try baker image-update pins --add "probe==2" --dry-run
    expect_status 0
    expect_stderr "of pins.Dockerfile: probe==1.26 becomes probe==2."
    expect_stdout "-        probe==1.26"
    try baker image-update pins --add "probe[more] extra[x]" --dry-run
    expect_stderr "of pins.Dockerfile: probe==1.26 becomes probe[more]==1.26."
    expect_stderr "pins has it already: extra[x] (line "
    expect_equal "$(cat "$(home_of "$BAKER_NAME")/dockerfiles/pins.Dockerfile")" "$file"
}

@test "a version that the shell takes away is warned of, and mended by naming it" {
    baker tee lost >/dev/null <<<"FROM $BASE
RUN pip install --no-index probe>=1.24 || true"
    try baker image-create lost --dockerfile lost --no-build
    expect_status 0
    expect_stderr "lost.Dockerfile, line 2: without quotes the shell takes versions for files"
    expect_stderr "image-update lost --add 'probe>=1.24' mends it."
    try baker image-update lost --add 'probe>=1.24' --dry-run
    expect_stderr "Line 2 of lost.Dockerfile: probe>=1.24 without quotes becomes probe>=1.24."
    [[ $stderr != *"mends it"* ]] || told "it is mended"
}

@test "what conda installs is named: where pip would put its own over it, and where only --edit helps" {
    baker tee conda >/dev/null <<<"FROM $BASE
RUN conda install -y numpy=1.26"
    baker image-create conda --dockerfile conda --no-build --quiet
    try baker image-update conda --add numpy==1.25 --dry-run
    expect_status 0
    expect_stderr "Line 2 of conda.Dockerfile installs numpy with conda; pip puts numpy==1.25 over it."
    try baker image-update conda --remove numpy
    expect_error 3 "line 2: 'numpy' is installed there with conda, not with pip"
    try baker image-update conda --remove scipy
    expect_error 3 "installs no 'scipy' with pip"
    expect_stderr "line 2 installs with conda, which only --edit can change"
}

@test "what is named twice for removal is removed once" {
    try baker image-create less --base "$BASE" -p "probe extra" -s "hello tree" --no-build
    try baker image-update less --remove "probe Probe" --remove-system "hello hello" --dry-run
    expect_status 0
    expect_stdout "-        probe"
    expect_stdout "-        hello"
}

@test "two wishes for one package are refused" {
    try baker image-update up --add "probe==1 Probe==2" --dry-run
    expect_error 2 "asked for twice, as 'probe==1' and as 'Probe==2'"
    try baker image-update up --add-system tree --add-system tree=2 --dry-run
    expect_error 2 "asked for twice"
    try baker image-create twice --base "$BASE" -p "probe probe==2" --no-build
    expect_error 2 "asked for twice"
}

@test "nobody can be asked: exit 2 and the flags" {
    try baker image-update up
    expect_error 2
    expect_stderr "--add"
}

@test "a project without a Dockerfile: exit 3" {
    try baker image-update nowhere --rebuild
    expect_error 3 "nowhere"
}

@test "--json tells what changed" {
    second_build
    try baker image-update up --add-system file --json
    expect_status 0
    jq -e '.built and (.diff | contains("+        file")) and (.outdated_containers | index("older"))' <<<"$output" >/dev/null
}

@test "a container two updates behind still counts among those that use the image" {
    third_build
    local used
    used=$(container_field "older._.$BAKER" .Image)
    [[ $used != "$(image_id latest)" && $used != "$(image_id previous)" ]]
    try baker image-list --json
    jq -e '.[] | select(.project == "up") | .containers | index("older")' <<<"$output" >/dev/null
    try baker image-retire up --yes
    expect_error 4 "older"
    image_exists "ds01-$BAKER/up:latest"
}

@test "image-retire names containers of the build before too, and --force leaves nothing" {
    second_build
    try baker image-retire up --yes
    expect_error 4 "older|newer|still"
    try baker image-retire up --force
    expect_status 0
    run engine_state
    [[ $output != *"$BAKER/up"* ]]
    run container_exists "older._.$BAKER"
    [ "$status" -ne 0 ]
}

@test "--edit: what another command changed meanwhile is not undone" {
    local home
    home=$(home_of "$BAKER_NAME")
    baker image-create meanwhile --base "$BASE" --quiet
    printf '#!/bin/sh\n%s\n%s\n' 'echo "# my-late-edit" >>"$1"' \
        'image-update meanwhile --add-system hello --quiet </dev/null' >"$home/editor"
    chmod 755 "$home/editor"
    AS_USER_ENV=VISUAL=$home/editor run timeout 120 script -qec "'$TESTS/e2e/call' baker image-update meanwhile --edit" /dev/null
    [ "$status" -eq 4 ] || told "exit $status"
    [[ $output == *"was changed elsewhere while you edited it"* ]] || told "$output"
    grep -rq my-late-edit "$home/.ds01-config/backup"
    grep -q '^ *hello$' "$home/dockerfiles/meanwhile.Dockerfile"
}

# edit_with LINE: --edit of the project edited, with that line of sh for an editor.
edit_with() {
    local home
    home=$(home_of "$BAKER_NAME")
    printf '#!/bin/sh\n%s\n' "$1" >"$home/editor"
    chmod 755 "$home/editor"
    AS_USER_ENV=VISUAL=$home/editor run timeout 120 script -qec "'$TESTS/e2e/call' baker image-update edited --edit" /dev/null
}

@test "--edit: an editor that fails, that is not there, that takes its file away" {
    baker image-create edited --base "$BASE" --no-build --quiet
    edit_with 'exit 3'
    [[ $output == *"the editor ended with a failure"*"edit it once more, or name another"* ]] || told "$output"
    edit_with 'exit 127'
    [[ $output == *"the editor ended with a failure"*"name an editor that is installed"* ]] || told "$output"
    edit_with 'rm "$1"'
    [ "$status" -eq 1 ] || told "exit $status"
    [[ $output == *"the editor left no file"*"edit it once more, or name another"* ]] || told "$output"
    edit_with true # builds it for the first time
    edit_with true
    [[ $output == *"edited is as it was."* ]] || told "$output"
}

@test "a Dockerfile with a word that is none: the file, the line and what to do" {
    local home
    home=$(home_of "$BAKER_NAME")
    baker image-create misspelt --base "$BASE" --no-build --quiet
    sed -i 's/^FROM/FRM/' "$home/dockerfiles/misspelt.Dockerfile"
    try baker image-create misspelt
    expect_status 2
    expect_stderr "misspelt.Dockerfile: line 6: it begins with what is no Dockerfile instruction"
    expect_stderr "mend the Dockerfile there, and try again"
}

@test "--dry-run says that it would build, also where no line changes" {
    try baker image-create again --base "$BASE" --quiet
    try baker image-update again --no-cache --dry-run
    expect_status 0
    expect_stdout "Would build again anew"
}

@test "of a project's backups the newest twenty stay, and what rollbacks need" {
    local backup old kind
    backup=$(home_of "$BAKER_NAME")/.ds01-config/backup
    try baker image-create kept --base "$BASE"
    expect_status 0
    old=$(jq -r .built "$(home_of "$BAKER_NAME")/.ds01-config/images/kept.json")
    baker sh -c "cd '$backup' && for i in \$(seq 10 40); do
        for kind in Dockerfile requirements.txt edited json; do echo \$i >kept-209901\${i}-000000.000000.\$kind; done
        mkdir kept-209901\${i}-000000.000000.requirements && touch kept-209901\${i}-000000.000000.requirements/x
        echo \$i >kept-too-209901\${i}-000000.000000.Dockerfile
    done; echo mine >kept-notes.txt"
    try baker image-update kept --rebuild --no-cache
    expect_status 0
    [[ $stderr != *warning* ]] || told "expected no warning"
    for kind in Dockerfile edited json requirements requirements.txt; do
        expect_equal "$(find "$backup" -name "kept-2099*0.$kind" | wc -l)" 20
    done
    [[ -e $backup/kept-20990121-000000.000000.Dockerfile && ! -e $backup/kept-20990120-000000.000000.Dockerfile ]]
    [[ -e $backup/$old && -e $backup/kept-notes.txt ]]
    expect_equal "$(find "$backup" -name 'kept-too-*' | wc -l)" 31
}

@test "a Dockerfile that is gone: what it was built from is named, and nothing replaces the image" {
    local home id command
    home=$(home_of "$BAKER_NAME")
    baker image-create gone --base "$BASE" --quiet </dev/null
    id=$(image_field "ds01-$BAKER/gone:latest" .Id)
    mv "$home/dockerfiles/gone.Dockerfile" "$home/before"
    for command in "image-update gone --rebuild" "image-create gone --force"; do
        # shellcheck disable=SC2086 # the command's words
        try baker $command
        expect_error 3 "you have no Dockerfile for gone"
        expect_equal "$(image_field "ds01-$BAKER/gone:latest" .Id)" "$id"
    done
    baker sh -c "$(sed -n 's/.*take it back with: //p' <<<"$stderr")"
    cmp "$home/dockerfiles/gone.Dockerfile" "$home/before"
    try baker image-update gone --rebuild
    expect_status 0
    try baker image-update nowhere --rollback
    expect_error 3 "you have no Dockerfile for nowhere"
}

@test "an image of the original scripts says how its Dockerfile is taken over" {
    clean_ground
    baker sh -c "mkdir -p ds01-config/images workspace/theirs && echo 'FROM $BASE' >workspace/theirs/Dockerfile &&
        printf 'Image: ds01-$BAKER/theirs\\nDockerfile: %s\\n' ~/workspace/theirs/Dockerfile >ds01-config/images/ds01-${BAKER}_theirs.info"
    try baker image-update theirs --rebuild
    expect_error 3 "you have no Dockerfile for theirs"
    expect_stderr "image-create theirs --force --dockerfile $(home_of "$BAKER_NAME")/workspace/theirs/Dockerfile"
    try baker image-create theirs --force --dockerfile "$(home_of "$BAKER_NAME")/workspace/theirs/Dockerfile" --quiet
    expect_status 0
    try baker image-update theirs --add-system hello --dry-run
    expect_status 0
}

@test "--add in a Dockerfile by hand installs into a Python that Debian calls its own, as root" {
    need_image wheels
    baker sh -c 'printf "FROM ds01-test/wheels:1\nUSER nobody\nRUN id\n" >by-hand'
    baker image-create byhand --dockerfile by-hand --quiet </dev/null
    try baker image-update byhand --add ds01probe
    expect_status 0
    baker container-deploy byhand --background --quiet </dev/null
    try baker container-exec byhand -- python3 -c 'import ds01probe; print(ds01probe.version)'
    expect_stdout "2.0"
    baker container-retire byhand --force --quiet </dev/null
}

# saved_meanwhile TEXT: adds it to the Dockerfile of `saved` when its build has come to `sleep 4.5`
saved_meanwhile() {
    await_step 'sleep 4.5'
    baker sh -c "printf '%s\\n' '$1' >>dockerfiles/saved.Dockerfile"
}

@test "what a person saves while a build runs stays when it fails, and is not taken for built" {
    local file
    file=$(home_of "$BAKER_NAME")/dockerfiles/saved.Dockerfile
    baker sh -c "printf 'FROM $BASE\nRUN echo $RANDOM; sleep 4.5\n' >~/saved"
    saved_meanwhile '# first' 3>&- &
    try baker image-create saved --dockerfile saved
    wait "$!"
    expect_status 0
    try baker image-update saved --rebuild --dry-run
    expect_stdout "+# first"
    baker sed -i "s/sleep 4.5/sleep 4.5; exit $((RANDOM % 9 + 1))/" "$file"
    saved_meanwhile '# second' 3>&- &
    try baker image-update saved --add-system tree
    wait "$!"
    expect_status 1
    expect_stderr "saved.Dockerfile was changed meanwhile, and stays as it was saved."
    [[ $stderr != *"as it was, and its image"* ]] || told "it says that nothing changed"
    grep -qx '# second' "$file" || told "the edit is gone"
    rm "$file"
    saved_meanwhile '# third' 3>&- &
    baker sed -i "s/sleep 4.5/echo $RANDOM; sleep 4.5; false/" saved
    try baker image-create saved --dockerfile saved --force
    wait "$!"
    expect_status 1
    grep -qx '# third' "$file" || told "the new file is gone with its edit"
}

@test "a rollback to the image that is current already is none" {
    baker image-create twice --base "$BASE" --quiet </dev/null
    baker image-update twice --add-system tree --quiet </dev/null
    api DELETE "/images/ds01-$BAKER/twice:latest" >/dev/null
    try baker image-update twice --rollback
    expect_status 0
    try baker image-update twice --rollback
    expect_error 3 "there is no build of twice before this one"
    [[ $(<"$(home_of "$BAKER_NAME")/dockerfiles/twice.Dockerfile") != *tree* ]]
}

@test "what a person writes between ds01's own lines moves above them, and is built" {
    local file
    file=$(home_of "$BAKER_NAME")/dockerfiles/within.Dockerfile
    baker image-create within --base "$BASE" --quiet </dev/null
    baker sed -i 's/^ENV HOME=/# mine\nENV WITHIN=1\n&/' "$file"
    try baker image-update within --rebuild --dry-run
    expect_stdout "+ENV WITHIN=1"
    [[ $stderr != *warning* ]] || told "a warning"
    try baker image-update within --rebuild
    expect_status 0
    [[ $(image_field "ds01-$BAKER/within:latest" '.Config.Env | index("WITHIN=1")') != null ]] || told "not in the image"
    [[ $(grep -n '^ENV WITHIN=1' "$file" | cut -d: -f1) -lt $(grep -n 'ds01 user setup:' "$file" | head -n 1 | cut -d: -f1) ]] || told "not above"
    baker sed -i 's/maintainer=.*/maintainer="me"/' "$file"
    try baker image-update within --rebuild --dry-run
    expect_stderr "warning: What ds01 writes at the end of within.Dockerfile was changed there"
}

@test "a Dockerfile whose lines end in CRLF keeps that, block and all" {
    local file
    file=$(home_of "$BAKER_NAME")/dockerfiles/windows.Dockerfile
    baker sh -c "printf 'FROM $BASE\r\nRUN echo a \\\\\r\n  b\r\n' >windows"
    try baker image-create windows --dockerfile windows
    expect_status 0
    expect_equal "$(grep -c $'\r$' "$file")" "$(wc -l <"$file")"
    try baker image-update windows --add-system hello --dry-run
    expect_equal "$(grep -c '^-[^-]' <<<"$stderr")" 0
    try baker container-deploy windows --background -- true
    expect_status 0
    expect_equal "$(image_field "ds01-$BAKER/windows:latest" '.Config.Labels["aime.mlc.DS01_USER_ID"]')" "$BAKER"
}
