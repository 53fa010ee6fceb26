# What a user finds inside a container, however their user came into it.
#
# For files that load common and wheels too.

# check_inside CONTAINER [SHELL]: who one is, the home, what one may write, and pip and sudo where
# the image has them.
check_inside() {
    local name=$1 shell=${2:-bash} workspace
    workspace=$(home_of "$BAKER_NAME")/workspace/$name
    try baker container-open "$name" -- "$shell" -c 'id -u; id -g; whoami; echo $HOME; pwd; touch ~/x /workspace/x && echo written; case :$PATH: in *:$HOME/.local/bin:*) echo on-path;; esac'
    expect_status 0
    expect_equal "$output" "$BAKER
$BAKER
$BAKER_INSIDE
/home/$BAKER_INSIDE
/workspace
written
on-path"
    expect_equal "$(stat -c %u:%g "$workspace/x")" "$BAKER:$BAKER"
    check_pip "$name" "$workspace"
}

check_sudo() {
    try baker container-open "$1" -- sudo -n id -u
    expect_status 0
    expect_equal "$output" "0"
}

# check_pip CONTAINER WORKSPACE: a local wheel, with and without sudo, in spite of PEP 668.
check_pip() {
    wheel ds01local 3.1 "$2/wheels"
    try baker container-open "$1" -- sh -c '
        where="import ds01local; print(ds01local.version, ds01local.__file__.startswith(\"$HOME/\"))"
        has() { command -v "$1" >/dev/null; }
        if ! has pip; then echo no pip; exit; fi
        pip install -q --no-index --user /workspace/wheels/*.whl && cd / && python3 -c "$where"
        if ! has sudo; then echo no sudo; exit; fi
        sudo -n pip install -q --no-index /workspace/wheels/*.whl && sudo -n python3 -c "$where"
        find ~ -user 0'
    expect_status 0
    case $output in
    "no pip" | $'3.1 True\nno sudo') ;;
    *) expect_equal "$output" $'3.1 True\n3.1 False' ;;
    esac
    rm -r "$2/wheels"
}
