# A real terminal (tmux) to type into, for the files of tests that need one.

# Each terminal has a server of its own: one that is being killed still answers on its socket for
# a moment, and takes a terminal opened then along with it.
terminal=0

tm() {
    tmux -L "ds01-$$-$terminal" -f /dev/null "$@" 3>&-
}

# In a terminal of 100 x 30, or of TERMINAL_COLUMNS x TERMINAL_ROWS: the command, then its exit code and what became of the terminal.
open_terminal() {
    tm kill-server 2>/dev/null || true
    terminal=$((terminal + 1))
    cat >"$BATS_TEST_TMPDIR/script-$terminal" <<END
export TERM=screen
before=\$(stty -g)
$*
echo "exit=\$?"
[ "\$before" = "\$(stty -g)" ] && echo terminal=same || echo terminal=changed
sleep 60
END
    tm new-session -d -x "${TERMINAL_COLUMNS:-100}" -y "${TERMINAL_ROWS:-30}" "bash '$BATS_TEST_TMPDIR/script-$terminal'"
}

screen() {
    tm capture-pane -p -S -200
}

# sees REGEX [TENTHS]: until the screen shows it
sees() {
    local tenth
    for ((tenth = 0; tenth < ${2:-100}; tenth++)); do
        if screen | grep -qE "$1"; then return 0; fi
        sleep 0.1
    done
    screen >&2
    told "the screen never showed /$1/"
}

# lines_with REGEX: how many the screen shows
lines_with() {
    screen | grep -cE -- "$1" || true
}
