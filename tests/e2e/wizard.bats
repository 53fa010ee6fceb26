# image-create and image-update ask: typed into a real terminal of 80 x 24.

load common
load terminal

# A catalogue whose PyTorch is the tests' base image, so that nothing comes from a registry.
setup_file() {
    export TERMINAL_COLUMNS=80 TERMINAL_ROWS=24
    clean_ground
    baker sh -c "mkdir -p ~/.ds01-config && cd ~/.ds01-config &&
        echo 'Pytorch, 2.8.0-aime, [CUDA_ADA;CUDA_AMPERE;CPU], $BASE' >catalogue.repo &&
        echo \"catalog: \$PWD/catalogue.repo\" >config.yaml"
}

teardown() {
    tm kill-server 2>/dev/null || true
    expect_no_report
}

wizard() {
    open_terminal "AS_USER_ENV=MLC_ARCH=CUDA_ADA $TESTS/e2e/call" baker image-create "$@"
}

# asked QUESTION [KEY…]: waits until that question waits for its answer, then types.
asked() {
    local tenth
    for ((tenth = 0; tenth < 200; tenth++)); do
        if screen | awk -v q="$1" 'index($0, q) { at = NR } /^Answer.*:$/ { last = NR }
            /[^ ]/ { end = NR } END { exit !(at && last == end && at < last && last - at < 16) }'; then
            tm send-keys "${@:2}" Enter
            sleep 0.2
            return 0
        fi
        sleep 0.1
    done
    screen >&2
    told "not asked: $1"
}

# Answers all that comes before the summary with Enter.
enter_to_the_end() {
    asked 'Which framework'
    asked 'What says which Python packages'
    asked 'With Jupyter'
    asked 'With pandas'
    asked 'What is it for'
    asked 'Further Python packages'
    asked 'System packages'
}

@test "all defaults lead to a Dockerfile with all of them" {
    wizard --no-build
    asked 'What shall the project be called'
    enter_to_the_end
    sees '^The Dockerfile:'
    sees '^# \.\.\. and the setup of your user'
    asked 'Build it now'
    sees 'exit=0'
    sees 'terminal=same'
    run baker cat dockerfiles/my-project.Dockerfile
    for word in "FROM $BASE" jupyterlab pandas xgboost htop; do expect_stdout "$word"; done
}

@test "where PyTorch has no GPU to run on, the default is the one for CPUs, and works" {
    open_terminal "AS_USER_ENV=MLC_ARCH=CUDA $TESTS/e2e/call" baker image-create for-cpus --no-build
    sees '^Note: there is no Pytorch for CUDA'
    asked 'Which framework' 1
    sees 'choose another one; Enter takes one that runs here'
    sees 'framework NAME --arch ARCH'
    enter_to_the_end
    asked 'Build it now'
    sees 'exit=0'
    run baker cat dockerfiles/for-cpus.Dockerfile
    expect_stdout "FROM $BASE"
}

@test "back at the name, Enter takes it as it has become" {
    wizard --no-build
    asked 'What shall the project be called' 'My Own Project'
    sees '^The name becomes my-own-project'
    asked 'Which framework' b
    sees '^Answer \[my-own-project\]:'
    asked 'What shall the project be called'
    enter_to_the_end
    asked 'Build it now'
    sees 'exit=0'
    baker test -f dockerfiles/my-own-project.Dockerfile
}

@test "requirements.txt: the one of the workspace is offered" {
    baker sh -c 'mkdir -p workspace/offered && echo "# nothing yet" >workspace/offered/requirements.txt'
    wizard offered --no-build --no-jupyter
    asked 'Which framework'
    asked 'What says which Python packages' requirements
    sees 'Answer \[~/workspace/offered/requirements.txt\], b for back:'
    asked 'Where is the requirements.txt'
    asked 'Further Python packages'
    asked 'System packages'
    asked 'Build it now'
    sees 'exit=0'
    run baker cat dockerfiles/offered.requirements.txt
    expect_stdout '# nothing yet'
}

@test "an own base image is built, without a question about packages; what fails can be mended" {
    wizard own
    asked 'Which framework' own
    asked 'Which base image' localhost:1/none:1
    asked 'Build it now'
    sees 'Change your answers\? \[Y/n\]' 600
    tm send-keys Enter
    sees 'Answer \[5\]:'
    asked 'Which framework'
    sees 'Answer \[localhost:1/none:1\]'
    asked 'Which base image' "$BASE"
    asked 'Build it now'
    sees 'exit=0' 600
    image_exists "ds01-$BAKER/own:latest"
}

@test "a base that there is none of can be mended too; Ctrl-C at that question is exit 130" {
    wizard absent
    asked 'Which framework' own
    asked 'Which base image' ds01-77/none:latest
    asked 'Build it now'
    sees 'Change your answers\? \[Y/n\]' 600
    tm send-keys C-c
    sees 'exit=130'
    sees 'terminal=same'
}

@test "who does not change the answers has the error, and nothing is left" {
    wizard unmended
    asked 'Which framework' own
    asked 'Which base image' localhost:1/none:1
    asked 'Build it now'
    sees 'Change your answers\? \[Y/n\]' 600
    # All that is known is said before the question, and once.
    sees '^error: '
    sees '^hint: '
    tm send-keys n Enter
    sees 'exit=1'
    expect_equal "$(lines_with '^error: ')" 1
    if baker test -e dockerfiles/unmended.Dockerfile; then told "it is there"; fi
}

@test "what options have said is not asked, also when they said no" {
    wizard said --no-jupyter --no-data-science --type cv --no-build
    asked 'Which framework'
    asked 'What says which Python packages'
    asked 'Further Python packages'
    asked 'System packages'
    asked 'Build it now'
    sees 'exit=0'
    run baker cat dockerfiles/said.Dockerfile
    expect_stdout opencv
    [[ $output != *jupyter* && $output != *pandas* ]]
}

@test "the summary says what is to be downloaded, as far as anybody knows" {
    wizard there --no-build
    enter_to_the_end
    sees '^Its base image is on this server already'
    tm send-keys C-c
    sees 'exit=130'
    wizard elsewhere
    asked 'Which framework' own
    asked 'Which base image' registry.invalid/lab/none:1
    sees '^registry.invalid/lab/none:1 is not on this server yet and is downloaded first'
    tm send-keys C-c
    sees 'exit=130'
}

# A screen reader reads what is written once, in its order.
@test "nothing is ever drawn again, with colours or without" {
    local color
    for color in always never; do
        wizard "read-$color" --color "$color" --no-build
        tm pipe-pane "cat >'$BATS_TEST_TMPDIR/bytes'"
        asked 'Which framework' b
        asked 'Which framework'
        asked 'What says which Python packages' b
        asked 'Which framework'
        asked 'What says which Python packages'
        sees 'With Jupyter'
        tm send-keys C-c
        sees 'exit=130'
        run cat "$BATS_TEST_TMPDIR/bytes"
        [[ $output == *Jupyter* ]]
        if grep -qP '\x1b\[[0-9;?]*[^0-9;?m]|\r(?!\n|$)|\x08' "$BATS_TEST_TMPDIR/bytes"; then told "the cursor was moved"; fi
    done
}

@test "a taken name, bad answers: the question comes again and says why" {
    baker sh -c 'mkdir -p ~/dockerfiles && echo FROM x >~/dockerfiles/taken.Dockerfile'
    wizard
    asked 'What shall the project be called' taken
    sees 'you have a project taken already'
    asked 'What shall the project be called' fresh
    asked 'Which framework' 9
    sees 'Please answer with a number from 1 to 5'
    asked 'Which framework'
    asked 'What says which Python packages' requirements
    sees '^Answer, b for back:'
    asked 'Where is the requirements.txt' nowhere.txt
    sees '^name a requirements file that is there'
    asked 'Where is the requirements.txt' b
    asked 'What says which Python packages' 1
    asked 'With Jupyter' n
    asked 'With pandas' n
    asked 'What is it for' none
    asked 'Further Python packages' 'nu=mpy'
    sees '\^'
    asked 'Further Python packages' 'numpy numpy==2'
    sees 'asked for twice'
    asked 'Further Python packages' 'numpy'
    asked 'System packages' 'tree'
    asked 'Build it now' write
    sees 'exit=0'
    run baker cat dockerfiles/fresh.Dockerfile
    expect_stdout numpy
    expect_stdout tree
    [[ $output != *jupyter* && $output != *pandas* ]]
}

@test "back and forth, and the last answer counts" {
    wizard back
    asked 'Which framework' b
    sees 'This is the first question'
    asked 'Which framework'
    asked 'What says which Python packages'
    asked 'With Jupyter' no
    asked 'With pandas' b
    sees 'Answer \[2\], b for back'
    asked 'With Jupyter' yes
    asked 'With pandas' no
    asked 'What is it for' none
    asked 'Further Python packages' none
    asked 'System packages' none
    asked 'Build it now' b
    asked 'System packages'
    asked 'Build it now' 2
    sees 'exit=0'
    run baker cat dockerfiles/back.Dockerfile
    expect_stdout jupyterlab
    [[ $output != *none* && $output != *htop* ]]
}

@test "Ctrl-C in the middle and at the end leaves nothing" {
    local before engine
    before=$(home_state "$BAKER_NAME")
    engine=$(engine_state)
    wizard left
    asked 'Which framework'
    sees 'What says which Python packages'
    tm send-keys C-c
    sees 'exit=130'
    sees 'terminal=same'
    wizard left --guided
    enter_to_the_end
    sees 'Nothing has been made yet'
    sees 'Build it now'
    sleep 0.3
    tm send-keys C-c
    sees 'exit=130'
    expect_equal "$(home_state "$BAKER_NAME")" "$before"
    expect_equal "$(engine_state)" "$engine"
}

@test "what is typed ahead answers nothing" {
    local i
    open_terminal "sleep 1; AS_USER_ENV=MLC_ARCH=CUDA_ADA $TESTS/e2e/call" baker image-create ahead
    for i in 1 2 3 4 5 6 7 8 9; do tm send-keys Enter; done
    sees 'Which framework'
    sleep 1
    run screen
    [[ $output != *'What says which'* ]]
    tm send-keys C-c
    sees 'exit=130'
}

@test "an option or an engine that is wrong is said before the first question" {
    baker sh -c 'echo a b >bad.txt'
    told_at_once() {
        wizard "${@:2}"
        sees '^exit='
        run screen
        [[ $output == *$1* && $output != *'Enter takes'* ]] || told "$output"
    }
    told_at_once 'bad.txt' wrong -r bad.txt
    told_at_once '--type nope' wrong -t nope
    told_at_once '--base' -b a::b
    told_at_once 'nonesuch' -f nonesuch
    told_at_once 'asked for twice' wrong -p numpy -p numpy==2
    told_at_once '/nonexistent.sock' wrong -H unix:///nonexistent.sock
    baker sh -c 'mkdir -p ~/dockerfiles && echo FROM x >~/dockerfiles/taken.Dockerfile'
    open_terminal "$TESTS/e2e/call" baker image-update taken -H unix:///nonexistent.sock
    sees 'exit=125'
    run screen
    [[ $output != *'What shall change'* ]] || told "it asked"
}

@test "guided explains, without colours where none are wanted; each question fits 80 x 24" {
    wizard plain --guided --color never
    asked 'Which framework'
    sees 'others have made and tested'
    asked 'What says which'
    asked 'With Jupyter'
    asked 'With pandas'
    sees 'What is it for'
    sees 'none of these'
    run tm capture-pane -p
    [[ $output == *'What is it for'* && $output == *'none of these'* ]]
    run tm capture-pane -pe
    [[ $output != *$'\e['* ]]
    tm send-keys C-c
    sees 'exit=130'
}

@test "no terminal, or no questions wanted: the missing flag is named" {
    try baker image-create
    expect_error 2 'name is missing'
    try baker image-create nothing
    expect_error 2 'base|framework'
    open_terminal "AS_USER_ENV=DS01_NON_INTERACTIVE=1 $TESTS/e2e/call" baker image-create nothing
    sees 'exit=2'
    try baker image-update
    expect_error 2 'name is missing'
    expect_stderr 'image-update NAME --add PKGS'
    try baker image-update own
    expect_error 2 'nothing says what shall change'
    try baker image-update --add numpy
    expect_error 2 'name is missing'
}

# --- image-update -------------------------------------------------------------------

menu() {
    open_terminal "$TESTS/e2e/call" baker image-update "$@"
}

@test "image-update asks for the image, and then what shall change: one entry a line" {
    baker image-create menu --base "$BASE" --quiet </dev/null
    menu
    asked 'Which image'
    sees '^  1\) add Python packages'
    sees '^  7\) build again as it is$'
    asked 'What shall change' 3
    asked 'Which system packages' 'no such!'
    sees '\^'
    asked 'Which system packages' hello
    sees '^\+ +hello'
    sees 'exit=0' 600
    sees 'terminal=same'
}

@test "image-update: what cannot be done is said before anything is, and b goes back to the image" {
    local before
    before=$(home_state "$BAKER_NAME")
    menu
    asked 'Which image' menu
    asked 'What shall change' remove-system
    sees '^Its Dockerfile installs: hello$'
    asked 'Which system packages' b
    asked 'What shall change' 2
    sees '^Its Dockerfile installs: none by name$'
    asked 'Which Python packages'
    sees 'There is no default here'
    asked 'Which Python packages' nonesuch
    sees 'nonesuch'
    asked 'Which Python packages' b
    asked 'What shall change' file
    asked 'Where is the requirements.txt' nowhere.txt
    sees 'nowhere.txt'
    asked 'Where is the requirements.txt' b
    asked 'What shall change' b
    asked 'Which image' b
    sees '^Nothing was changed.$'
    sees 'exit=0'
    sees 'terminal=same'
    menu menu
    sees 'b to leave:$'
    asked 'What shall change' b
    sees '^Nothing was changed.$'
    sees 'exit=0'
    expect_equal "$(home_state "$BAKER_NAME")" "$before"
}

@test "image-update of what is not there says so before it asks" {
    menu nowhere
    sees 'exit=3'
    sees 'you have no Dockerfile for nowhere'
    run screen
    [[ $output != *'What shall change'* ]] || told "it asked"
}

@test "image-update offers the build before, where there is one" {
    local before
    before=$(image_field "ds01-$BAKER/menu:previous" .Id)
    menu menu
    sees '^  8\) return to the build before$'
    asked 'What shall change' rollback
    sees 'exit=0' 600
    expect_equal "$(image_field "ds01-$BAKER/menu:latest" .Id)" "$before"
    menu --rebuild
    asked 'Which image' menu
    sees 'exit=0' 600
}

@test "--edit: what does not build is edited again, until it does or is left" {
    local before home
    home=$(home_of "$BAKER_NAME")
    baker image-create again --base "$BASE" --quiet
    cat >"$home/editor" <<'END'
#!/bin/sh
echo x >>~/edits
case $(wc -l <~/edits) in
1) echo 'RUN false # my-edit' >>"$1" ;;
2) grep -q '^RUN false # my-edit' "$1" && sed -i 's/^RUN false/RUN true/' "$1" ;;
*) sed -i 's/^RUN true/RUNX/' "$1" ;;
esac
END
    chmod 755 "$home/editor"
    open_terminal "AS_USER_ENV=VISUAL=$home/editor $TESTS/e2e/call" baker image-update again --edit
    sees 'Edit it again\? \[Y/n\]' 600
    screen | grep -q 'RUN false # my-edit' || told "nothing says what failed"
    tm send-keys Enter
    sees '^exit=0' 600
    grep -q '^RUN true # my-edit' "$home/dockerfiles/again.Dockerfile"
    before=$(sha256sum <"$home/dockerfiles/again.Dockerfile")

    open_terminal "AS_USER_ENV=VISUAL=$home/editor $TESTS/e2e/call" baker image-update again --edit
    sees 'Edit it again\? \[Y/n\]' 600
    tm send-keys n Enter
    sees '^exit=2'
    screen | tr -d '\n' | grep -q 'What you edited is kept at' || told "nothing says where"
    expect_equal "$(sha256sum <"$home/dockerfiles/again.Dockerfile")" "$before"
    grep -rq '^RUNX' "$home/.ds01-config/backup"
}
