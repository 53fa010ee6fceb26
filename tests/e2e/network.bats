# A lab's network: builds reach the outside through what the settings name, and the image keeps
# nothing of it.

load common

readonly LAB=127.0.0.1:5061 LAB_TLS=127.0.0.1:5062
readonly PROXY=http://lab:s3cret@$LAB

setup_file() {
    local served=$GROUND/served
    mkdir -p "$served"
    write_index "$served/closed/simple/ds01probe"
    write_repository "$served/pub/debian"
    write_repository "$served/third"
    write_certificates
    serve 5061 "$served"
    serve 5062 "$served" "$GROUND/server.pem"
}

teardown_file() {
    # shellcheck disable=SC2046 # one a word
    kill $(<"$GROUND/servers.pid") 2>/dev/null || true
    clean_ground
}

setup() {
    clean_ground
    : >"$GROUND/served/asked"
}

# serve PORT FOLDER [CERTIFICATE]
serve() {
    "$TESTS/ground/in-engine-network" "$GROUND" "$TESTS/e2e/lab_servers.py" "$@" >"$GROUND/servers.log" 2>&1 3>&- &
    echo $! >>"$GROUND/servers.pid"
    await_server "http${3:+s}://127.0.0.1:$1/"
}

# One wheel, and the page by which pip finds it.
write_index() {
    mkdir -p "$1"
    python3 - "$1" <<'END'
import sys, zipfile
with zipfile.ZipFile(sys.argv[1] + "/ds01probe-1.0-py3-none-any.whl", "w") as wheel:
    wheel.writestr("ds01probe.py", "version = '1.0'\n")
    info = "ds01probe-1.0.dist-info/"
    wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\nName: ds01probe\nVersion: 1.0\n")
    wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
    wheel.writestr(info + "RECORD", "")
END
    echo '<a href="ds01probe-1.0-py3-none-any.whl">ds01probe-1.0-py3-none-any.whl</a>' >"$1/index.html"
}

# The suite `lab` with one package, named for the folder.
write_repository() {
    local name=ds01-${1##*/} packages=$1/dists/lab/main/binary-amd64
    mkdir -p "$BATS_FILE_TMPDIR/$name/DEBIAN" "$packages" "$1/pool"
    printf 'Package: %s\nVersion: 1\nArchitecture: all\nMaintainer: lab\nDescription: probe\n' "$name" >"$BATS_FILE_TMPDIR/$name/DEBIAN/control"
    dpkg-deb --build --root-owner-group "$BATS_FILE_TMPDIR/$name" "$1/pool/$name.deb" >/dev/null
    {
        cat "$BATS_FILE_TMPDIR/$name/DEBIAN/control"
        echo "Filename: pool/$name.deb"
        echo "Size: $(stat -c %s "$1/pool/$name.deb")"
        echo "SHA256: $(sha256sum "$1/pool/$name.deb" | cut -d' ' -f1)"
    } >"$packages/Packages"
    {
        printf 'Suite: lab\nCodename: lab\nArchitectures: amd64\nComponents: main\nSHA256:\n'
        echo " $(sha256sum "$packages/Packages" | cut -d' ' -f1) $(stat -c %s "$packages/Packages") main/binary-amd64/Packages"
    } >"$1/dists/lab/Release"
}

# An authority of the lab's own, and a server's certificate from it.
write_certificates() {
    cd "$BATS_FILE_TMPDIR" || return
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj '/CN=Lab' -keyout ca.key -out "$GROUND/lab.crt" 2>/dev/null
    openssl req -newkey rsa:2048 -nodes -subj '/CN=127.0.0.1' -keyout server.key -out server.csr 2>/dev/null
    openssl x509 -req -in server.csr -CA "$GROUND/lab.crt" -CAkey ca.key -CAcreateserial -days 2 \
        -extfile <(echo 'subjectAltName=IP:127.0.0.1') -out server.crt 2>/dev/null
    cat server.crt server.key >"$GROUND/server.pem"
    chmod 0644 "$GROUND/lab.crt"
}

# settings LINE…: baker's own
settings() {
    baker sh -c 'mkdir -p .ds01-config && cat >.ds01-config/config.yaml' <<<"$(printf '%s\n' "$@")"
}

# dockerfile LINE…: ~/own, on the base
dockerfile() {
    baker sh -c 'cat >own' <<<"$(printf '%s\n' "FROM $BASE" "$@")"
}

# asking WORD: a step that asks a server which only a proxy knows
asking() {
    echo "RUN python3 -c 'import urllib.request as u; print(u.urlopen(\"http://there.lab/$1\").read().decode())' >/answer"
}

# expect_no_trace PROJECT WORD: it is in the image's history, configuration and layers nowhere.
expect_no_trace() {
    local image=ds01-$BAKER/$1:latest files=$BATS_TEST_TMPDIR/image
    ! api GET "/images/$image/history" | grep -qF "$2" || told "in the history: $2"
    ! api GET "/images/$image/json" | grep -qF "$2" || told "in the configuration: $2"
    rm -rf "$files"
    mkdir "$files"
    api GET "/images/$image/get" | tar -x -C "$files"
    ! grep -rlF "$2" "$files" || told "in a layer: $2"
}

# --- proxies --------------------------------------------------------------------

@test "proxies from the settings reach every step and stay out of the image" {
    dockerfile "$(asking settings)"
    settings "http_proxy: $PROXY" "no_proxy: 10.0.0.0/8"
    try baker image-create own --dockerfile own
    expect_status 0
    try baker container-deploy own --background
    try baker container-exec own -- sh -c 'cat /answer; env | grep -i proxy'
    expect_equal "$output" "GET http://there.lab/settings HTTP/1.1 for Basic $(printf lab:s3cret | base64)"
    expect_no_trace own s3cret
    expect_no_trace own "$LAB"
}

@test "two people behind different proxies share the layers" {
    dockerfile "$(asking shared)"
    AS_USER_ENV=http_proxy=$PROXY try baker image-create own --dockerfile own
    expect_status 0
    baker cat own | rossi sh -c 'cat >own'
    AS_USER_ENV=http_proxy=http://other:word@$LAB try rossi image-create own --dockerfile own
    expect_status 0
    expect_equal "$(image_field "ds01-$ROSSI/own" '.RootFS.Layers[1]')" "$(image_field "ds01-$BAKER/own" '.RootFS.Layers[1]')"
}

@test "docker's own proxies are used; the password is in no message" {
    dockerfile "$(asking docker)"
    baker sh -c 'mkdir -p .docker && cat >.docker/config.json' <<<"{\"proxies\":{\"default\":{\"httpProxy\":\"$PROXY\"}}}"
    try baker image-create own --dockerfile own --verbose
    expect_status 0
    [[ $stderr != *s3cret* ]]
    expect_stderr "POST /v1.41/build?"
}

@test "a Dockerfile that would keep the proxy all the same is told of" {
    dockerfile "ARG http_proxy" "$(asking warned)"
    settings "http_proxy: $PROXY"
    try baker image-create own --dockerfile own
    expect_status 0
    expect_stderr "own.Dockerfile, line 2: ARG http_proxy writes the address of the proxy into the image's history"
    run expect_no_trace own s3cret # as the search for traces finds
    [ "$status" -ne 0 ]
}

# --- pip, apt, certificates -------------------------------------------------------

@test "pip's index with its password reaches the build and stays out of the image" {
    settings "pip_index_url: http://lab:s3cret@$LAB/closed/simple"
    try baker image-create probe --base "$BASE" -p ds01probe
    expect_status 0
    [[ $stderr != *ds01-network* && $stderr != *--mount* ]] || told "speaks of what it put in"
    expect_no_trace probe s3cret
    expect_no_trace probe "$LAB"
    try baker container-deploy probe --background
    try baker container-exec probe -- sh -c 'python3 -c "import ds01probe; print(ds01probe.version)"; ls -A /etc/xdg/pip /dev/ds01 /etc/pip.conf 2>/dev/null'
    expect_equal "$output" "1.0
/etc/xdg/pip:"
    expect_equal "$(api GET /images/json | jq -r '.[].RepoTags[]?' | grep -c ds01-network)" 0
}

@test "people with the same settings share the layers; nothing is downloaded again" {
    settings "pip_index_url: http://lab:s3cret@$LAB/closed/simple" "apt_mirror: http://$LAB/pub"
    try baker image-create probe --base "$BASE" -p ds01probe
    expect_status 0
    : >"$GROUND/served/asked"
    baker cat .ds01-config/config.yaml | rossi sh -c 'mkdir .ds01-config && cat >.ds01-config/config.yaml'
    try rossi image-create probe --base "$BASE" -p ds01probe
    expect_status 0
    expect_equal "$(cat "$GROUND/served/asked")" ""
    expect_equal "$(image_field "ds01-$ROSSI/probe" '.RootFS.Layers[:-1]')" "$(image_field "ds01-$BAKER/probe" '.RootFS.Layers[:-1]')"
}

@test "a COPY of the whole context takes no secret along" {
    settings "pip_index_url: http://lab:s3cret@$LAB/closed/simple"
    baker sh -c 'mkdir context && echo x >context/file'
    dockerfile 'COPY . /app' 'RUN pip install --break-system-packages ds01probe'
    try baker image-create own --dockerfile own --context context
    expect_status 0
    expect_no_trace own s3cret
}

@test "steps that a base image brings along see no settings, and that is said" {
    dockerfile 'ONBUILD RUN test ! -e /etc/xdg/pip/pip.conf'
    try baker image-create brings --dockerfile own --quiet
    try baker image-create built --base "ds01-$BAKER/brings:latest"
    [[ $stderr != *"do not see"* ]] || told "there are no settings"
    settings "pip_index_url: http://lab:s3cret@$LAB/closed/simple"
    try baker image-create built --base "ds01-$BAKER/brings:latest" --force
    expect_status 0
    expect_stderr "The steps that ds01-$BAKER/brings:latest brings along (ONBUILD) do not see the settings"
}

@test "a failing step is told with its own words and line" {
    settings "pip_index_url: http://lab:s3cret@$LAB/closed/simple"
    dockerfile 'RUN true' "RUN pip install \\" '    ds01absent'
    try baker image-create own --dockerfile own
    expect_status 1
    expect_stderr "error: own, line 3: step 3/"
    expect_stderr "RUN pip install"
    [[ $stderr != *--mount* && $stderr != *s3cret* ]] || told "speaks of what it put in"
}

@test "apt takes the distribution's packages from the mirror, others from where they are" {
    settings "apt_mirror: http://lab:s3cret@$LAB/pub/"
    dockerfile "RUN echo 'deb [trusted=yes] http://deb.debian.org/debian lab main' >/etc/apt/sources.list \\" \
        "    && echo 'deb [trusted=yes] http://$LAB/third lab main' >>/etc/apt/sources.list" \
        'RUN apt-get update && apt-get install -y ds01-debian ds01-third && ls /var/lib/apt/lists >/lists'
    try baker image-create own --dockerfile own
    expect_status 0
    grep -qx /pub/debian/pool/ds01-debian.deb "$GROUND/served/asked"
    grep -qx /third/pool/ds01-third.deb "$GROUND/served/asked"
    expect_no_trace own s3cret
    try baker container-deploy own --background
    try baker container-exec own -- sh -c 'dpkg-query -W -f "\${Package} " ds01-debian ds01-third; grep -c deb.debian.org /lists; ls /etc/apt/apt.conf.d | grep -c ds01'
    [[ $output == "ds01-debian ds01-third "[1-9]*$'\n'0 ]] || told "odd"
}

@test "a certificate of the lab's own authority is trusted by pip and apt, and stays out" {
    settings "pip_index_url: https://lab:s3cret@$LAB_TLS/closed/simple" "apt_mirror: https://$LAB_TLS/pub"
    dockerfile "RUN echo 'deb [trusted=yes] http://deb.debian.org/debian lab main' >/etc/apt/sources.list" \
        'RUN pip install --break-system-packages ds01probe' 'RUN apt-get update && apt-get install -y ds01-debian'
    try baker image-create own --dockerfile own
    expect_status 1
    expect_stderr "certificate"
    baker sh -c 'cat >>.ds01-config/config.yaml' <<<"ca_certificate: $GROUND/lab.crt"
    try baker image-create own --dockerfile own
    expect_status 0
    expect_no_trace own "$(sed -n 3p "$GROUND/lab.crt")"
}

@test "settings that make no sense are named" {
    settings "pip_index_url: pypi.lab"
    try baker image-create own --base "$BASE"
    expect_error 1 "pip_index_url is no URL"
    settings "ca_certificate: ~/none.crt"
    try baker image-create own --base "$BASE"
    expect_error 1 "ca_certificate: cannot open .*none.crt"
    baker sh -c 'echo nothing >none.crt'
    try baker image-create own --base "$BASE"
    expect_error 1 "holds no whole certificate"
    expect_equal "$(api GET /images/json | jq -r '.[].RepoTags[]?' | grep -cv '^ds01-test/')" 0
}

@test "the files of a build that was killed are taken away by the next one" {
    settings "pip_index_url: http://$LAB/simple"
    dockerfile "RUN sleep 5 # $RANDOM"
    run timeout --foreground -s KILL 1.5 "$TESTS/e2e/call" baker image-create own --dockerfile own </dev/null
    expect_equal "$(api GET /images/json | jq -r '.[].RepoTags[]?' | grep -c ds01-network)" 1
    dockerfile 'RUN true'
    try baker image-create own --dockerfile own
    expect_status 0
    expect_equal "$(api GET /images/json | jq -r '.[].RepoTags[]?' | grep -c ds01-network)" 0
}

@test "Ctrl-C during a build takes the lab's files away at once" {
    settings "pip_index_url: http://$LAB/simple"
    dockerfile "RUN sleep 20 # $RANDOM"
    run timeout --preserve-status --foreground -s INT 2 "$TESTS/e2e/call" baker image-create own --dockerfile own </dev/null
    expect_equal "$status" 130
    expect_equal "$(api GET /images/json | jq -r '.[] | select(.Labels["aime.mlc.DS01_NETWORK"]) | .Id')" ""
}
