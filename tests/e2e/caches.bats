# What builds download: once for all, not into the image, and never in the place of the framework.

load common
load wheels

# A base with torch from elsewhere, as a framework's image has it, and an index of small wheels.
# Builds use the host's network when the proxy is on loopback; what they load passes it by. pip
# keeps only what it loads over https or from a host that it is told to trust.
setup_file() {
    local number person
    clean_ground
    export LOADED=$BATS_FILE_TMPDIR/loaded
    : >"$LOADED"
    for number in $(seq -w 30); do wheel "many$number" 1.0 index; done
    wheel extra 1.0 index
    wheel torch 2.6.0+cu124 index
    wheel torch 2.3.0 index
    wheel torchvision 0.21.0 index
    wheel older 1.0 index
    wheel older 2.0 index
    wheel needy 1.0 index 'Requires-Dist: older<2'
    wheel tensorflow_cpu 2.14.0 index
    wheel jax_cuda12_plugin 0.4.30 index
    wheel tensorflow_datasets 4.9 index
    wheel fits 1.0 index 'Requires-Dist: torch>=2'
    wheel wants 1.0 index 'Requires-Dist: torch==2.3.0'
    "$TESTS/ground/in-engine-network" "$GROUND" \
        "$TESTS/e2e/package-index" "$(home_of "$BAKER_NAME")/index" "$LOADED" "$BATS_FILE_TMPDIR/port" 3>&- &
    echo "$!" >"$BATS_FILE_TMPDIR/pid"
    while [[ ! -e $BATS_FILE_TMPDIR/port ]]; do sleep 0.1; done
    for person in baker rossi; do
        "$person" mkdir -p .ds01-config
        "$person" tee .ds01-config/config.yaml >/dev/null <<<"http_proxy: http://127.0.0.1:9
no_proxy: 127.0.0.1,.debian.org"
    done
    baker mkdir fw
    baker tee fw/Dockerfile >/dev/null <<END
FROM $BASE
ENV PIP_BREAK_SYSTEM_PACKAGES=1 PIP_TRUSTED_HOST=127.0.0.1 \\
    PIP_INDEX_URL=http://127.0.0.1:$(cat "$BATS_FILE_TMPDIR/port")/simple
RUN pip install --no-cache-dir torch==2.6.0+cu124 torchvision tensorflow-cpu jax-cuda12-plugin \\
    tensorflow-datasets
END
    baker image-create fw --dockerfile fw/Dockerfile --quiet
    export FRAMEWORK=ds01-$BAKER/fw:latest
}

teardown_file() {
    kill "$(cat "$BATS_FILE_TMPDIR/pid")"
}

# Which files the index has sent since it was last asked.
loaded() {
    sort "$LOADED"
    : >"$LOADED"
}

# inside PERSON PROJECT CMD…: in a container of the project's image
inside() {
    "$1" container-deploy look "$2" --background >/dev/null 2>&1 </dev/null
    run --separate-stderr "$1" container-open look -- "${@:3}" </dev/null
    "$1" container-retire look --yes --quiet >/dev/null 2>&1 </dev/null
}

torch_version() {
    inside baker "$1" python3 -c 'import torch; print(torch.version)'
    echo "$output"
}

@test "one package more for an image of thirty: it alone is loaded" {
    loaded >/dev/null
    try baker image-create many --base "$FRAMEWORK" -p "$(seq -s ' ' -f 'many%02g' 30)"
    expect_status 0
    expect_equal "$(loaded | wc -l)" 30
    try baker image-update many --add extra
    expect_status 0
    expect_equal "$(loaded)" extra-1.0-py3-none-any.whl
    inside baker many python3 -c 'import many01, many30, extra; print(extra.version)'
    expect_equal "$output" 1.0
}

@test "one package less: nothing is loaded" {
    try baker image-update many --remove many07
    expect_status 0
    expect_equal "$(loaded)" ""
    inside baker many python3 -c 'import many07'
    [[ $status -ne 0 ]]
}

@test "what one user has loaded another one has, too" {
    try rossi image-create other --base "$FRAMEWORK" -p "many02 many30"
    expect_status 0
    expect_equal "$(loaded)" ""
}

@test "build.private_cache: not so, from the config and from the environment" {
    try rossi env DS01_BUILD_PRIVATE_CACHE=true image-create private --base "$FRAMEWORK" -p "many02"
    expect_status 0
    expect_equal "$(loaded)" many02-1.0-py3-none-any.whl
    rossi tee -a .ds01-config/config.yaml >/dev/null <<<"build:
  private_cache: true"
    try rossi image-create private --force --base "$FRAMEWORK" -p "many02 many03"
    expect_status 0
    rossi sed -i '/^build:/,$d' .ds01-config/config.yaml
    expect_equal "$(loaded)" many03-1.0-py3-none-any.whl
    run grep -c "id=ds01-pip" "$(home_of "$ROSSI_NAME")/dockerfiles/private.Dockerfile"
    expect_equal "$output" 1
}

@test "neither pip's nor apt's downloads are in the image" {
    try baker image-update many --add-system hello
    expect_status 0
    inside baker many sudo find /root/.cache /var/cache/apt /var/lib/apt/lists -type f ! -name lock
    expect_equal "$output" ""
    inside baker many hello
    expect_equal "$output" "Hello, world!"
}

@test "two users' builds may install system packages at once" {
    rossi image-create tree --base "$BASE" -s tree >"$BATS_TEST_TMPDIR/rossi" 2>&1 </dev/null &
    try baker image-create tree --base "$BASE" -s "tree hello"
    expect_status 0
    wait "$!"
}

@test "the framework's own torch stays: a package that takes it gets it" {
    try baker image-create guarded --base "$FRAMEWORK" -p fits
    expect_status 0
    expect_equal "$(torch_version guarded)" 2.6.0+cu124
}

@test "so does what frameworks are called besides, and what is bound to them" {
    try baker image-create names --base "$FRAMEWORK" -p many01 --quiet
    inside baker names sort /etc/ds01/framework.txt
    expect_equal "$(sed 's/==.*//; s/_/-/g' <<<"$output" | paste -sd ' ')" \
        "jax-cuda12-plugin tensorflow-cpu torch torchvision"
}

@test "a package that needs another torch is refused, and says of both" {
    local file
    file=$(cat "$(home_of "$BAKER_NAME")/dockerfiles/guarded.Dockerfile")
    try baker image-update guarded --add wants
    expect_status 1
    expect_stderr "torch==2.6.0+cu124"
    expect_stderr "the base image's own framework stays as it is"
    expect_equal "$(cat "$(home_of "$BAKER_NAME")/dockerfiles/guarded.Dockerfile")" "$file"
    expect_equal "$(torch_version guarded)" 2.6.0+cu124
}

@test "so is another torch itself, and one that a requirements file names" {
    try baker image-create other --base "$FRAMEWORK" -p "torch==2.3.0"
    expect_status 1
    expect_stderr "image-create --list-frameworks"
    baker tee wants.txt >/dev/null <<<wants
    try baker image-update guarded -r wants.txt
    expect_status 1
    expect_stderr "the base image's own framework stays as it is"
    expect_equal "$(torch_version guarded)" 2.6.0+cu124
}

@test "a step that breaks what an earlier one has installed is done, and that is said" {
    baker tee fw/Dockerfile >/dev/null <<END
FROM $FRAMEWORK
USER root
RUN pip install needy
RUN pip install older==2.0
END
    try baker image-create torn --dockerfile fw/Dockerfile
    expect_status 0
    expect_stderr "warning: The image is built, but pip says that packages in it do not fit together: needy 1.0 requires older<2"
}

@test "another torch that a step by hand puts in its place is named" {
    baker tee fw/Dockerfile >/dev/null <<END
FROM $FRAMEWORK
USER root
RUN pip install many01
END
    try baker image-create swapped --dockerfile fw/Dockerfile
    expect_status 0
    [[ $stderr != *"pip replaced"* ]] || told "nothing was replaced"
    baker sed -i 's/many01/wants/' fw/Dockerfile
    try baker image-create swapped --dockerfile fw/Dockerfile --force
    expect_status 0
    expect_stderr "warning: The image is built, but pip replaced torch==2.6.0+cu124, which was there before"
    expect_stderr 'name it in that "pip install"'
}

@test "the guard comes into Dockerfiles by hand, below another user and into the original's, too" {
    baker tee fw/Dockerfile >/dev/null <<END
FROM $FRAMEWORK
USER nobody
RUN HOME=/tmp/home pip install --user --no-cache-dir many01
END
    try baker image-create byhand --dockerfile fw/Dockerfile --quiet
    try baker image-update byhand --add wants
    expect_status 1
    expect_stderr "the base image's own framework stays as it is"
    baker tee fw/Dockerfile >/dev/null <<END
FROM $FRAMEWORK
USER root
# Custom additional packages
RUN pip install --no-cache-dir \\
    many01
END
    try baker image-create byhand --dockerfile fw/Dockerfile --force --quiet
    expect_status 0
    try baker image-update byhand --add wants
    expect_status 1
    expect_stderr "the base image's own framework stays as it is"
}

@test "a base that names constraints of its own keeps its framework, too" {
    baker tee fw/Dockerfile >/dev/null <<END
FROM $FRAMEWORK
USER root
RUN printf 'many01==1.0' >/etc/own.txt
ENV PIP_CONSTRAINT=/etc/own.txt
END
    try baker image-create own --dockerfile fw/Dockerfile --quiet
    try baker image-create constrained --base "ds01-$BAKER/own:latest" -p many01 --quiet
    expect_status 0
    try baker image-update constrained --add wants
    expect_status 1
    expect_stderr "the base image's own framework stays as it is"
}

@test "the guard holds in containers, for sudo too, and can be left aside" {
    inside baker guarded pip install wants
    [[ $status -ne 0 && $output$stderr == *"(constraint) torch==2.6.0+cu124"* ]] || told "no conflict"
    inside baker guarded sh -c 'sudo pip install --break-system-packages --index-url "$PIP_INDEX_URL" wants'
    [[ $status -ne 0 && $output$stderr == *"(constraint) torch==2.6.0+cu124"* ]] || told "no conflict"
    inside baker guarded sh -c 'PIP_CONSTRAINT=/dev/null pip install wants >/dev/null && python3 -c "import torch; print(torch.version)"'
    expect_equal "$output" 2.3.0
}

