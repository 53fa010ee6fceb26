# What every file of tests begins with: people, commands, the engine's own view, expectations.

bats_require_minimum_version 1.5.0

readonly BAKER_NAME=h.baker@hertie-school.lan BAKER=1722830498
readonly BAKER_INSIDE=h-baker-at-hertie-school-lan
readonly ROSSI_NAME=m.rossi@hertie-school.lan ROSSI=1722830499
readonly BASE=ds01-test/base:1

# --- people -----------------------------------------------------------------

# baker CMD…: as the LDAP user of the document. rossi: someone else. nobody_known: no passwd entry.
baker() {
    "$TESTS/ground/as-user" "$BAKER_NAME" "$BAKER" "$@"
}

rossi() {
    "$TESTS/ground/as-user" "$ROSSI_NAME" "$ROSSI" "$@"
}

home_of() {
    echo "$GROUND/home/$1"
}

# try CMD…: runs it without a terminal; $status, $output (stdout) and $stderr tell what came of it.
try() {
    run --separate-stderr timeout --foreground 180 "$TESTS/e2e/call" "$@" </dev/null
}

# --- the engine's own view, beside ds01 --------------------------------------

# api METHOD PATH [JSON]: with the names of images as Docker shortens them, also of Podman's.
api() (
    set -o pipefail
    method=$1 path=$2
    shift 2
    curl -sS --fail-with-body --max-time 120 --unix-socket "$SOCKET" -X "$method" ${1:+-H 'Content-Type: application/json' -d "$1"} \
        "http://engine$path" | sed 's,"docker\.io/\(library/\)\?,",g'
)

# in_engine CMD…: in the mount and process namespaces that the private engine has of its own
in_engine() {
    nsenter --target "$(pgrep -P "$(<"$GROUND/unshare.pid")")" --pid --mount -- "$@"
}

# engine_runs LINE: whether a step or a container of this run's engine, and of no run beside it,
# runs that command
engine_runs() {
    in_engine pgrep -fx "$1" >/dev/null
}

# await_step LINE: until a build has come to it
await_step() {
    local tenth
    for ((tenth = 0; tenth < 300; tenth++)); do
        if engine_runs "$1"; then return 0; fi
        sleep 0.1
    done
    told "no build has come to: $1"
}

# await_end LINE SECONDS: until it does not run any more
await_end() {
    local tenth
    in_engine true || told "nobody can look into the engine"
    for ((tenth = 0; tenth < 10 * $2; tenth++)); do
        engine_runs "$1" || return 0
        sleep 0.1
    done
    told "it still runs: $1"
}

# begin FILE CMD…: as the first person in the background, with what it says in FILE; $! is the
# command itself, and signals to it are not ignored.
begin() {
    local file=$1
    shift
    env --default-signal=INT,QUIT "$TESTS/ground/as-user" "$BAKER_NAME" "$BAKER" "$@" </dev/null >"$file" 2>&1 3>&- &
}

on_podman() {
    [[ $ENGINE_KIND == podman ]]
}

# await_server URL: until something answers there, in the network of the engine
await_server() {
    local tenth
    for ((tenth = 0; tenth < 300; tenth++)); do
        if "$TESTS/ground/in-engine-network" "$GROUND" curl -sk -o /dev/null "$1"; then return 0; fi
        sleep 0.1
    done
    told "nothing answers at $1"
}

need_image() {
    "$TESTS/ground/test-image" "$SOCKET" "$1" 3>&-
}

# need_project NAME FLAGS…, need_running NAME [IMAGE] FLAGS…: the first person's image and container,
# as a test before has left them, or made now where a test is run alone.
need_project() {
    image_exists "ds01-$BAKER/$1:latest" || baker image-create "$@" --quiet </dev/null
}

need_running() {
    if container_exists "$1._.$BAKER"; then
        baker container-start "$1" --quiet </dev/null
    else
        baker container-deploy "$@" --background --quiet </dev/null
    fi
}

image_exists() {
    api GET "/images/$1/json" >/dev/null 2>&1
}

container_exists() {
    api GET "/containers/$1/json" >/dev/null 2>&1
}

# image_field NAME JQ, container_field NAME JQ
image_field() {
    api GET "/images/$1/json" | jq -r "$2"
}

container_field() {
    api GET "/containers/$1/json" | jq -r "$2"
}

# Everything on the engine that a command could leave there, one a line, sorted.
engine_state() {
    api GET "/containers/json?all=1" | jq -r '.[] | "container \(.Id) \(.Names[0]) \(.State)"' | sort
    api GET "/images/json" | jq -r '.[] | "image \(.Id) \((.RepoTags // ["-"]) | sort | join(" "))"' | sort
    api GET "/volumes" | jq -r '(.Volumes // [])[] | "volume \(.Name)"' | sort
}

# Every file in someone's home with its owner, mode and content. The folder of the locks may come
# into being; a lock in it is somebody's, or was left. So may a cache, which changes nothing.
home_state() {
    local home
    home=$(home_of "$1")
    find "$home" ! -path '*/.ds01-config/locks' ! -path '*/.cache*' -printf '%P %U:%G %m %y\n' | sort
    find "$home" ! -path '*/.cache*' -type f -print0 | sort -z | xargs -0r sha256sum
}

# Removes every container and image of ds01 and every file in the homes.
clean_ground() {
    local id
    "$TESTS/ground/end-stragglers" "$GROUND"
    for id in $(api GET "/containers/json?all=1" | jq -r '.[].Id'); do
        api DELETE "/containers/$id?force=1&v=1" >/dev/null || true
    done
    for id in $(api GET "/images/json" | jq -r '.[] | .RepoTags // [] | .[] | select((startswith("ds01-test/") | not) or contains("._."))'); do
        api DELETE "/images/$id?force=1" >/dev/null || true
    done
    for id in $(api GET '/images/json?filters=%7B%22dangling%22%3A%5B%22true%22%5D%7D' | jq -r '.[].Id'); do
        api DELETE "/images/$id?force=1" >/dev/null || true
    done
    rm -rf "${GROUND:?}/home"
}

# --- expectations: each says what it saw when it fails -----------------------

told() {
    printf '%s\nexit %s\n--- stdout\n%s\n--- stderr\n%s\n' "$1" "${status:-}" "${output:-}" "${stderr:-}" >&2
    return 1
}

expect_status() {
    [[ $status -eq $1 ]] || told "expected exit $1"
}

expect_stdout() {
    [[ $output == *"$1"* ]] || told "expected on stdout: $1"
}

expect_stderr() {
    [[ $stderr == *"$1"* ]] || told "expected on stderr: $1"
}

expect_equal() {
    [[ $1 == "$2" ]] || {
        diff <(echo "$2") <(echo "$1") >&2
        told "expected: $2, seen: $1"
    }
}

# expect_error CODES [REGEX]: one sentence and perhaps its cure, nothing on stdout, nothing of
# the machinery in it. Indented lines may point into what was typed. CODES: "4", "1|2".
expect_error() {
    local lines
    [[ "|$1|" == *"|$status|"* ]] || told "expected exit $1"
    [[ -z $output ]] || told "expected nothing on stdout"
    [[ -n $stderr ]] || told "expected a sentence on stderr"
    lines=$(grep -c '^[^ ]' <<<"$stderr")
    ((lines <= 2)) || told "expected a sentence and a hint"
    [[ $stderr != *'{"'* && $stderr != *'.c:'* ]] || told "expected no machinery in it"
    if [[ -n ${2:-} ]]; then grep -qiE -- "$2" <<<"$stderr" || told "expected on stderr: /$2/"; fi
}

# --- for every file ----------------------------------------------------------

# A sanitizer's report in any process of the test fails it. An empty one is of a process
# that a test killed before there was anything to say; one that only tells of a thread it
# could not look into is of a process killed while leaks were searched for.
expect_no_report() {
    local report found=0
    for report in "$GROUND"/sanitizer/*; do
        if [[ -e $report ]] && grep -qv 'Unable to get registers from thread' "$report"; then
            found=1
            head -n 60 "$report" >&2
        fi
        rm -f "$report"
    done
    return "$found"
}

teardown() {
    expect_no_report
}

teardown_file() {
    clean_ground
}
