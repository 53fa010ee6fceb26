# The ground the other tests stand on.

load common

@test "the private engine shares no process, mount or bridge with this machine" {
    local id
    id=$(api POST /containers/create '{"Image":"'"$BASE"'","Cmd":["sleep","1000"],"HostConfig":{"NetworkMode":"host"}}' | jq -r .Id)
    api POST "/containers/$id/start"
    run ! grep -q "$GROUND" /proc/self/mountinfo
    expect_equal "$(container_field "$id" .State.Pid | wc -w)" 1
    api DELETE "/containers/$id?force=1"
}

@test "a user without an account is known to programs and owns the home" {
    run baker sh -c 'id -u; id -un; echo $HOME; stat -c %u ~'
    expect_equal "$output" "$BAKER
$BAKER_NAME
$(home_of "$BAKER_NAME")
$BAKER"
}

@test "an engine ends with its owner and leaves nothing" {
    local owner dir=$GROUND/orphan tenth
    sleep 1000 3>&- &
    owner=$!
    "$TESTS/ground/private-engine" start "$dir" --for "$owner" 3>&-
    [ -S "$dir/docker.sock" ]
    kill "$owner"
    for ((tenth = 0; tenth < 100; tenth++)); do
        if [[ ! -e $dir ]]; then break; fi
        sleep 0.1
    done
    [ ! -e "$dir" ]
    run pgrep -f "(data-root|root) $dir/"
    expect_equal "$output" ""
    run ! grep -q "$dir" /proc/self/mountinfo
}
