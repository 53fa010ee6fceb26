# The user setup on the releases of Debian, and on Ubuntu's way of setting them up: baked into an
# image, written into a container, and committed. Debian 12 is the base of all other tests.

load common
load wheels
load inside

setup_file() {
    local suite making=()
    clean_ground
    for suite in bullseye trixie; do
        "$TESTS/ground/base-image" "$suite" >/dev/null 3>&- &
        making+=($!)
    done
    wait "${making[@]}"
}

# check_ways DISTRIBUTION
check_ways() {
    local name=$1 way
    need_image "$name"
    try baker image-create "$name" --base "ds01-test/$name:1" --quiet
    expect_status 0
    try baker container-deploy "baked-$name" "$name" -w "workspace/baked-$name" --background
    expect_status 0
    for way in inject commit; do
        try baker container-deploy "$way-$name" --image "ds01-test/$name:1" --user-setup "$way" --background
        expect_status 0
    done
    for way in baked inject commit; do
        check_inside "$way-$name"
        check_sudo "$way-$name"
    done
}

@test "Debian 11" {
    check_ways debian11
}

@test "Debian 13" {
    check_ways debian13
}

@test "Ubuntu 22.04's way" {
    check_ways ubuntu22
}

@test "Ubuntu 24.04's way" {
    check_ways ubuntu24
}

# Their first user, as a caller of the same number.
@test "a user ubuntu with our uid and gid gives way, and so do the groups it was in" {
    local way
    need_image ubuntu24
    try user s.jones 1000 image-create noble --base ds01-test/ubuntu24:1 --quiet
    expect_status 0
    try user s.jones 1000 container-deploy baked noble --background
    expect_status 0
    for way in inject commit; do
        try user s.jones 1000 container-deploy "$way" --image ds01-test/ubuntu24:1 --user-setup "$way" --background
        expect_status 0
    done
    for way in baked inject commit; do
        try user s.jones 1000 container-open "$way" -- sh -c 'id -un; id -gn; getent passwd ubuntu; sudo -n id -u'
        expect_equal "$output" "s-jones
s-jones
0"
    done
}
