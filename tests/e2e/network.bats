# A lab's network: builds reach the outside through what the settings name, and the image keeps
# nothing of it.

load common

readonly PROXY=http://lab:s3cret@127.0.0.1:5061

setup_file() {
    proxy_server 5061
}

teardown_file() {
    # shellcheck disable=SC2046 # one a word
    kill $(<"$GROUND/servers.pid") 2>/dev/null || true
    clean_ground
}

setup() {
    clean_ground
}

# proxy_server PORT: answers every request with "<its first line> for <who asks>"
proxy_server() {
    "$TESTS/ground/in-engine-network" "$GROUND" python3 - "$1" >/dev/null 2>&1 3>&- <<'END' &
import http.server, sys
class Proxy(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = f"{self.requestline} for {self.headers['Proxy-Authorization']}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Proxy).serve_forever()
END
    echo $! >>"$GROUND/servers.pid"
    until "$TESTS/ground/in-engine-network" "$GROUND" curl -s -o /dev/null "http://127.0.0.1:$1/"; do sleep 0.05; done
}

# settings LINE…: baker's own
settings() {
    baker sh -c 'mkdir -p .ds01-config && cat >.ds01-config/config.yaml' <<<"$(printf '%s\n' "$@")"
}

# A Dockerfile, ~/own, with one step that asks a server which only the proxy knows.
asking_dockerfile() {
    baker sh -c 'cat >own' <<END
FROM $BASE
$1
RUN python3 -c 'import urllib.request as u; print(u.urlopen("http://there.lab/$2").read().decode())' >/answer
END
}

# expect_no_trace PROJECT WORD: neither the image's history, its configuration nor a file of its layers
# holds the word.
expect_no_trace() {
    local image=ds01-$BAKER/$1:latest
    ! api GET "/images/$image/history" | grep -qF "$2" || told "in the history: $2"
    ! api GET "/images/$image/json" | grep -qF "$2" || told "in the configuration: $2"
    # The first layer is the base's; each layer's tar holds its files as they are.
    api GET "/images/$image/get" | tar -x -C "$BATS_TEST_TMPDIR" --wildcards '*.json' '*/layer.tar'
    ! grep -rlF "$2" "$BATS_TEST_TMPDIR" || told "in a layer: $2"
}

@test "proxies from the settings reach every step and stay out of the image" {
    asking_dockerfile "" x
    settings "http_proxy: $PROXY" "no_proxy: 10.0.0.0/8"
    try baker image-create own --dockerfile own
    expect_status 0
    try baker container-deploy own --background
    try baker container-exec own -- sh -c 'cat /answer; env | grep -i proxy'
    expect_equal "$output" "GET http://there.lab/x HTTP/1.1 for Basic $(printf lab:s3cret | base64)"
    expect_no_trace own s3cret
    expect_no_trace own 127.0.0.1:5061
}

@test "two people behind different proxies share the layers" {
    asking_dockerfile "" shared
    AS_USER_ENV=http_proxy=$PROXY try baker image-create own --dockerfile own
    expect_status 0
    baker cat own | rossi sh -c 'cat >own'
    AS_USER_ENV=http_proxy=http://other:word@127.0.0.1:5061 try rossi image-create own --dockerfile own
    expect_status 0
    expect_equal "$(image_field "ds01-$ROSSI/own" '.RootFS.Layers[1]')" "$(image_field "ds01-$BAKER/own" '.RootFS.Layers[1]')"
}

@test "docker's own proxies are used; the password is in no message" {
    asking_dockerfile "" docker
    baker sh -c 'mkdir -p .docker && cat >.docker/config.json' <<<"{\"proxies\":{\"default\":{\"httpProxy\":\"$PROXY\"}}}"
    try baker image-create own --dockerfile own --verbose
    expect_status 0
    [[ $stderr != *s3cret* ]]
    expect_stderr "POST /v1.41/build?"
}

@test "a Dockerfile that would keep the proxy all the same is told of" {
    asking_dockerfile "ARG http_proxy" warned
    settings "http_proxy: $PROXY"
    try baker image-create own --dockerfile own
    expect_status 0
    expect_stderr "own.Dockerfile, line 2: ARG http_proxy writes the address of the proxy into the image's history"
    run expect_no_trace own s3cret # as the search for traces finds
    [ "$status" -ne 0 ]
}
