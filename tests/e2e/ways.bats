# The three ways to each command, help, version, exit codes of usage.

load common

@test "every name is there and says its help within 80 columns" {
    local name
    while read -r name; do
        try baker "$name" --help
        expect_status 0
        [[ $output == *Usage:* ]] || told "$name says nothing"
        if grep -nE ".{81,}" <<<"$output"; then told "$name --help is wider than 80"; fi
    done < <(baker ds01 --list-commands)
}

@test "what --guided explains is in lines of at most 79 columns" {
    local words
    need_project guided --base "$BASE"
    need_running guided
    for words in "image-create other --base $BASE" "image-update guided --rebuild" "image-retire guided --force" \
        "image-retire --orphans" "container-create other guided" "container-deploy other guided --background" \
        "container-retire guided --force"; do
        # shellcheck disable=SC2086 # many words
        try baker $words --dry-run --guided
        expect_status 0
        [[ $stderr == *.* ]] || told "$words explains nothing"
        if grep -nE ".{80,}" <<<"$stderr"; then told "$words --guided is wider than 79"; fi
    done
}

@test "ds01 help tells of all, or of the command that is named" {
    local words
    for words in "help" "--help"; do
        expect_equal "$(baker ds01 "$words")" "$(baker ds01)"
    done
    for words in "image-create" "image create" "image-rm"; do
        # shellcheck disable=SC2086 # two words
        expect_equal "$(baker ds01 help $words)" "$(baker ds01 $words --help)"
    done
    try baker ds01 help nonsense
    expect_error 2 "there is no command 'nonsense'"
}

# Each help's examples, and the commands that the README names.
typed_examples() {
    local name
    for name in $(baker ds01 --list-commands) "ds01 doctor" "ds01 gc"; do
        # shellcheck disable=SC2086 # two words
        baker $name --help | sed -n '/^Examples:/,$s/^  \([^ ].*\)/\1/p'
    done
    grep -o '`[^`]*`' "$TESTS/../README.md" | tr -d '`' | grep -E '^(image|container)-|^ds01 (image|container|doctor|gc)'
}

@test "the examples of help and README can be typed" {
    local example count=0
    while read -r example; do
        # With --help behind the command's name it does nothing, but its options are looked at.
        example=$(sed -E 's/^sudo //; s/^(ds01 [a-z-]+( create)?|[a-z0-9-]+)/\1 --help/' <<<"$example")
        try baker bash -c "$example"
        [[ $status == 0 && $output == Usage:* ]] || told "$example"
        count=$((count + 1))
    done < <(typed_examples | sort -u)
    ((count > 60)) || told "only $count examples"
}

@test "a list's help and manual page tell each of its columns" {
    local name column help manual
    for name in image-list container-list container-stats; do
        try baker "$name" --output no-such-column
        expect_error 2 "no-such-column"
        help=$(baker "$name" --help) manual=$(baker ds01 --manual "$name")
        for column in $(sed -n 's/.*--output //p' <<<"$stderr" | tr ',' ' '); do
            grep -q "^  $column  *[a-z]" <<<"$help" || told "$name --help does not tell of $column"
            grep -qF "fB$column\\fR" <<<"$manual" || told "$name(1) does not tell of $column"
        done
        [[ -n ${column:-} ]]
    done
}

@test "ds01(1) tells of the settings, and the README of each of them" {
    local key settings=0
    try baker ds01 --manual ds01
    while read -r key; do
        grep -q "\`$key\`" "$TESTS/../README.md" || told "the README does not tell of $key"
        settings=$((settings + 1))
    done < <(sed -n 's/^\\fB\([a-z_.]*\)\\fR (.*)$/\1/p' <<<"$output")
    ((settings > 10)) || told "only $settings settings"
}

@test "image-list, ds01 image list and ds01 image-list are one" {
    local first
    try baker image-list --json
    first=$output
    try baker ds01 image list --json
    expect_equal "$output" "$first"
    try baker ds01 image-list --json
    expect_equal "$output" "$first"
}

@test "the documented names and aliases exist" {
    local names
    names=$(baker ds01 --list-commands)
    for name in image-create image-update image-list image-ls image-retire image-rm image-delete container-create \
        container-deploy container-start container-stop container-open container-attach container-list \
        container-ls container-retire container-rm container-logs container-stats container-exec; do
        grep -qx "$name" <<<"$names" || told "no $name"
    done
    try baker image-retire --help
    expect_stdout "Also called: image-delete, image-rm"
    try baker ds01 --manual image-retire
    expect_stdout 'Also called: image\-delete, image\-rm'
}

@test "--version" {
    try baker ds01 --version
    expect_status 0
    [[ $output =~ [0-9]+\.[0-9]+\.[0-9]+ ]]
    try baker image-create --version
    expect_status 0
}

@test "nothing typed shows the commands" {
    try baker ds01
    [[ "$output$stderr" == *image-create* || "$output$stderr" == *"image create"* ]]
}

@test "usage errors: exit 2, one sentence" {
    try baker ds01 no-such-command
    expect_error 2 "no-such-command"
    try baker ds01 image no-such-verb
    expect_error 2
    try baker image-list --no-such-option
    expect_error 2 "no-such-option"
    try baker image-create
    expect_error 2
    try baker image-list surplus
    expect_error 2 "surplus"
    try baker image-create x --base
    expect_error 2 "base"
    try baker container-open
    expect_error 2
}

@test "errors as JSON" {
    local line
    try baker container-retire no-such --yes --json
    expect_status 3
    jq -e '.error.code and .error.message and (.error | has("hint"))' <<<"$output" >/dev/null ||
        told "expected an error object"
    line=$(jq -r .error.message <<<"$output")
    [[ $line == *no-such* ]]
    try baker ds01 nonsense --json
    expect_status 2
    expect_equal "$(jq -r .error.message <<<"$output")" "there is no command 'nonsense'"
    try baker image-list --json --no-such-option
    expect_status 2
    jq -e '.error.code' <<<"$output" >/dev/null || told "expected an error object"
}

@test "--quiet is quiet; results still come" {
    try baker image-create quiet --base "$BASE" --quiet
    expect_status 0
    expect_equal "$stderr" ""
    try baker image-create other --base "$BASE" --quiet --dry-run
    [[ $output == "# "* || $output == FROM* ]] || told "more than the Dockerfile"
    try baker container-deploy quiet --background --quiet
    expect_status 0
    expect_equal "$output$stderr" ""
    try baker container-retire quiet --quiet --dry-run
    expect_stdout "Would retire quiet."
    try baker image-retire quiet --quiet --dry-run --force
    expect_stdout "Would remove the image"
    try baker image-update quiet --rebuild --quiet --dry-run
    expect_stdout "Would build quiet anew"
    try baker ds01 doctor config --quiet
    expect_stdout "1 checks"
    try baker container-retire quiet --yes --quiet
    expect_status 0
    expect_equal "$stderr" ""
}

@test "no colours where there is no terminal, unless asked" {
    try baker image-list
    [[ $output != *$'\e['* ]]
    try baker image-list --color never
    [[ $output != *$'\e['* ]]
    AS_USER_ENV=DS01_COLOR=red try baker image-list
    expect_error 2 "the setting color is 'red'"
}

@test "make install puts the program and all its names in place" {
    local repo names
    repo=$(cd "$TESTS/.." && pwd)
    [[ $DS01_BIN == "$repo/build/bin" ]] || return 0
    make -s -C "$repo" install PREFIX=/usr DESTDIR="$BATS_TEST_TMPDIR/root" >/dev/null 2>&1
    [ -x "$BATS_TEST_TMPDIR/root/usr/bin/ds01" ]
    names=$(baker ds01 --list-commands)
    while read -r name; do
        expect_equal "$(readlink "$BATS_TEST_TMPDIR/root/usr/bin/$name")" "ds01"
    done <<<"$names"
}
