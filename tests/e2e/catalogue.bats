# Frameworks from the catalogue, sets of packages, requirements.txt.

load common
load wheels

# A small catalogue whose images the private engine has, named by the user's own config.
setup_file() {
    clean_ground
    need_image wheels
    baker mkdir -p .ds01-config
    baker tee catalogue.repo >/dev/null <<END
Pytorch, 2.10.0, [CUDA_ADA], ds01-test/wheels:1
Pytorch, 2.9.1, [CUDA_ADA;CUDA_AMPERE], $BASE
Pytorch, 2.9.1, [CUDA_AMPERE], ds01-test/never:1
Tensorflow, 2.14.0, [CUDA_AMPERE], $BASE
END
    baker tee .ds01-config/config.yaml >/dev/null <<<"catalog: ~/catalogue.repo"
}

dockerfile() {
    cat "$(home_of "$BAKER_NAME")/dockerfiles/$1.Dockerfile"
}

# --- frameworks ------------------------------------------------------------------

@test "--list-frameworks needs no name and shows the newest first" {
    try baker image-create --list-frameworks
    expect_status 0
    expect_equal "$(awk '$1 == "Pytorch" && $3 != "CPU" {print $2}' <<<"$output")" "2.10.0
2.9.1"
}

@test "--list-frameworks makes nothing, so a name or packages beside it are refused" {
    local said
    for said in extra "-p numpy" "-b $BASE" --no-jupyter --force "--dockerfile x"; do
        # shellcheck disable=SC2086 # words of a command line
        try baker image-create --list-frameworks $said
        expect_error 2 "--list-frameworks makes no image: only --framework and --arch go with it"
        expect_stderr "type just: image-create --list-frameworks"
    done
}

@test "--list-frameworks --json, and --arch as a filter" {
    try baker image-create --list-frameworks --arch cuda_ampere --json
    expect_status 0
    expect_equal "$(jq -c '[.[] | [.framework, .version, .architectures, .image]]' <<<"$output")" \
        "[[\"Pytorch\",\"2.9.1\",[\"CUDA_ADA\",\"CUDA_AMPERE\"],\"$BASE\"],[\"Tensorflow\",\"2.14.0\",[\"CUDA_AMPERE\"],\"$BASE\"],[\"JAX\",\"23.10\",[\"CUDA_ADA\",\"CUDA_AMPERE\",\"CUDA_BLACKWELL\",\"CUDA\"],\"nvcr.io/nvidia/jax:23.10-py3\"]]"
}

@test "--list-frameworks with --framework shows that one alone" {
    try baker image-create --list-frameworks -f torch=2.9 --arch cuda_ada --json
    expect_status 0
    expect_equal "$(jq -c '[.[] | [.framework, .version]]' <<<"$output")" '[["Pytorch","2.9.1"]]'
    try baker image-create --list-frameworks -f pytroch
    expect_status 2
    expect_stderr "did you mean Pytorch?"
}

@test "the catalogue that is built in has AIME's images and JAX" {
    try rossi image-create --list-frameworks --json
    expect_status 0
    expect_equal "$(jq '[.[] | select(.image | startswith("aimehub/"))] | length' <<<"$output")" "115"
    expect_equal "$(jq -r '.[] | select(.framework == "JAX") | .image' <<<"$output")" "nvcr.io/nvidia/jax:23.10-py3"
}

@test "JAX there is for every generation of CUDA" {
    local architecture
    for architecture in CUDA CUDA_AMPERE CUDA_ADA CUDA_BLACKWELL; do
        try rossi image-create jax -f jax --arch "$architecture" --dry-run
        expect_status 0
        expect_stdout "FROM nvcr.io/nvidia/jax:23.10-py3"
    done
}

@test "--framework builds on the newest image of the architecture and labels it" {
    try baker image-create torch -f torch --arch CUDA_ADA -s hello
    expect_status 0
    run image_field "ds01-$BAKER/torch:latest" '.Config.Labels["aime.mlc.DS01_FRAMEWORK"]'
    expect_equal "$output" "Pytorch-2.10.0"
    [[ $(dockerfile torch) == *"FROM ds01-test/wheels:1"* ]]
    run jq -c '[.framework, .version, .architecture]' "$(home_of "$BAKER_NAME")/.ds01-config/images/torch.json"
    expect_equal "$output" '["Pytorch-2.10.0","2.10.0","CUDA_ADA"]'
    try baker container-deploy torch --background
    expect_status 0
    run container_field "torch._.$BAKER" '.Config.Labels["aime.mlc.FRAMEWORK"]'
    expect_equal "$output" "Pytorch-2.10.0"
}

@test "MLC_ARCH stands for --arch; a version by its beginning; the first of two entries" {
    AS_USER_ENV=MLC_ARCH=CUDA_AMPERE try baker image-create ampere -f pytorch=2.9 --dry-run -s hello
    expect_status 0
    expect_stdout "FROM $BASE"
}

@test "a framework without -s gets the system packages of the original" {
    try baker image-create usual -f pytorch --arch CUDA_ADA --dry-run
    expect_status 0
    for package in git curl wget vim htop; do expect_stdout "        $package"; done
}

@test "a container straight from a framework, by option or in the place of the image" {
    export AS_USER_ENV=MLC_ARCH=CUDA_ADA
    try baker container-deploy quick --framework pytorch --background
    expect_status 0
    expect_equal "$(container_field "quick._.$BAKER" '.Config.Labels["aime.mlc.FRAMEWORK"]')" "Pytorch-2.10.0"
    expect_equal "$(container_field "quick._.$BAKER" .Image)" "$(image_field ds01-test/wheels:1 .Id)"
    try baker container-exec quick -- id -un
    expect_equal "$output" "$BAKER_INSIDE"
    try baker container-deploy older torch=2.9 --background
    expect_status 0
    expect_equal "$(container_field "older._.$BAKER" '.Config.Labels["aime.mlc.FRAMEWORK"]')" "Pytorch-2.9.1"
    # The image "torch" of one's own goes before the framework.
    if image_exists "ds01-$BAKER/torch:latest"; then
        try baker container-deploy own torch --background
        expect_equal "$(container_field "own._.$BAKER" .Image)" "$(image_field "ds01-$BAKER/torch:latest" .Id)"
    fi
    try baker container-deploy no --framework pytroch --background
    expect_error 2 "did you mean Pytorch"
    try baker container-deploy no "$BASE" --framework pytorch --background
    expect_error 2 "an image and a framework"
    unset AS_USER_ENV
}

@test "what is not in the catalogue: exit 2, with what there is" {
    try baker image-create no -f pytroch --arch CUDA_ADA
    expect_error 2 "did you mean Pytorch"
    try baker image-create no -f tf --arch CUDA_ADA
    expect_error 2 "no Tensorflow for CUDA_ADA, only for CUDA_AMPERE"
    try baker image-create no -f pytorch=3 --arch CUDA_ADA
    expect_error 2 "its newest is 2.10.0"
    try baker image-create no -f pytorch --arch CUDA_AAD
    expect_error 2 "did you mean CUDA_ADA"
    try baker image-create no -f pytorch --base debian
    expect_error 2 "exclude each other"
    try baker image-create no --arch CUDA_ADA
    expect_error 2 "--arch needs --framework"
    try baker image-create
    expect_error 2 "a name is missing"
}

@test "a damaged catalogue is named with its line" {
    baker tee broken.repo >/dev/null <<<"Pytorch, 2.10.0, [CUDA_ADA]"
    AS_USER_ENV=DS01_CATALOG='~/broken.repo' try baker image-create no -f pytorch
    expect_error 1 "broken.repo: line 1: four columns"
    AS_USER_ENV=DS01_CATALOG=/nowhere.repo try baker image-create no -f pytorch
    expect_error 1 "/nowhere.repo"
}

# --- sets -------------------------------------------------------------------------

@test "--type, --jupyter and --data-science write a step each" {
    try baker image-create sets --base "$BASE" -t cv,nlp -t rl,CV --jupyter --data-science --no-jupyter --dry-run
    expect_status 0
    for package in pandas timm transformers gymnasium; do expect_stdout "        $package"; done
    [[ $output != *jupyterlab* ]] || told "expected no Jupyter"
    expect_equal "$(grep -c '^    python3 -m pip install' <<<"$output")" "4"
    try baker image-create sets --base "$BASE" -t cw --dry-run
    expect_error 2 "did you mean cv"
}

# --- requirements.txt ----------------------------------------------------------------

@test "-r installs the file as it is, with the files it names, and keeps it" {
    local kept
    kept=$(home_of "$BAKER_NAME")/dockerfiles
    wheel probe 1.0
    baker tee project/requirements.txt >/dev/null <<<"-r more.txt  # the rest"
    baker tee project/more.txt >/dev/null <<'END'
--no-index
./wheels/probe-1.0-py3-none-any.whl ; \
    python_version > "3"
END
    try baker image-create req --base "$BASE" -r project/requirements.txt
    expect_status 0
    cmp "$kept/req.requirements.txt" "$(home_of "$BAKER_NAME")/project/requirements.txt"
    [ -f "$kept/req.requirements/wheels/probe-1.0-py3-none-any.whl" ]
    try baker container-deploy req --background
    expect_status 0
    try baker container-open req -- python3 -c 'import probe; print(probe.version)'
    expect_equal "$output" "1.0"
    try baker container-retire req --yes
    expect_status 0
}

@test "a changed file rebuilds; the one before goes to backup" {
    local before
    before=$(image_field "ds01-$BAKER/req:latest" .Id)
    try baker image-create req --force --base "$BASE" -r project/requirements.txt
    expect_status 0
    expect_equal "$(image_field "ds01-$BAKER/req:latest" .Id)" "$before"
    wheel probe 2.0
    baker sed -i 's/probe-1.0/probe-2.0/' project/more.txt
    try baker image-create req --force --base "$BASE" -r project/requirements.txt
    expect_status 0
    [[ $(image_field "ds01-$BAKER/req:latest" .Id) != "$before" ]]
    expect_stdout "The requirements file before is kept at"
    [ ! -e "$(home_of "$BAKER_NAME")/dockerfiles/req.requirements/wheels/probe-1.0-py3-none-any.whl" ]
}

@test "image-create --force and image-update build with the kept files" {
    baker sed -i '$a # a comment more' dockerfiles/req.requirements.txt
    try baker image-create req --force
    expect_status 0
    try baker image-update req --add-system hello
    expect_status 0
    expect_stdout "is ready"
}

@test "a build that fails leaves the kept files, Dockerfile and image as they were" {
    local engine home
    baker tee project/bad.txt >/dev/null <<<"--no-index
no-such-package-there-is"
    engine=$(engine_state) home=$(home_state "$BAKER_NAME" | grep -v backup)
    try baker image-create req --force --base "$BASE" -r project/bad.txt --quiet
    expect_status 1
    expect_stderr "no-such-package-there-is"
    expect_equal "$(engine_state)" "$engine"
    expect_equal "$(home_state "$BAKER_NAME" | grep -v backup)" "$home"
}

@test "a bad line is refused with its number and a caret; so is a file from elsewhere" {
    local home
    baker tee project/bad.txt >/dev/null <<<"numpy
pandas=1.0"
    baker tee project/outside.txt >/dev/null <<<"-r ../secret.txt"
    baker tee project/gone.txt >/dev/null <<<"-r nowhere.txt"
    home=$(home_state "$BAKER_NAME")
    try baker image-create bad --base "$BASE" -r project/bad.txt
    expect_error 2 "bad.txt: line 2: "
    expect_stderr "  pandas=1.0"
    expect_stderr "        ^"
    try baker image-create bad --base "$BASE" -r project/outside.txt
    expect_error 2 "line 1: this lies outside the folder"
    try baker image-create bad --base "$BASE" -r project/gone.txt
    expect_error 2 "gone.txt, line 1: nowhere.txt does not exist"
    try baker image-create bad --base "$BASE" -r project/missing.txt
    expect_error 2 "missing.txt"
    expect_equal "$(home_state "$BAKER_NAME")" "$home"
}

@test "image-retire --purge moves the kept files to backup" {
    try baker image-retire req --yes --purge
    expect_status 0
    run find "$(home_of "$BAKER_NAME")/dockerfiles" -name 'req.*'
    expect_equal "$output" ""
    run find "$(home_of "$BAKER_NAME")/.ds01-config/backup" -name 'req-*.requirements'
    [ -n "$output" ]
}
