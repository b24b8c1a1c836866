#!/usr/bin/env bash
# Watches the etl example in real terminals of two sizes, and its lines in a log.
# Takes the path of the program; needs tmux.
set -euo pipefail

etl=$(realpath "$1")
folder=$(mktemp -d)
socket=$folder/tmux
tmux_() { tmux -S "$socket" "$@"; }
trap 'tmux_ kill-server 2>/dev/null || true; rm -rf "$folder"' EXIT

fail() {
    echo "terminal: $1" >&2
    cat "${2:-/dev/null}" >&2
    exit 1
}

expect() { grep -qE -- "$2" "$1" || fail "no match for: $2" "$1"; }
refuse() { ! grep -qE -- "$2" "$1" || fail "should not match: $2" "$1"; }

check_terminal() {
    local columns=$1 rows=$2
    local all=$folder/all-$columns last=$folder/last-$columns
    : >"$all"
    tmux_ -f /dev/null new-session -d -s "s$columns" -x "$columns" -y "$rows" \
        "env -u NO_COLOR PS1='ready> ' bash --norc --noprofile"
    tmux_ send-keys -t "s$columns" \
        "clear; '$etl' '$folder/$columns.sqlite' --seed 1 --faults 0.3 >'$folder/out-$columns'" Enter

    for ((i = 0; i < 600; i++)); do
        tmux_ capture-pane -p -t "s$columns" >"$last"
        printf -- '---\n' >>"$all"
        cat "$last" >>"$all"
        if grep -q '✓ etl' "$last" && grep -q '^ready> $' <(sed 's/ *$/ /' "$last"); then break; fi
        sleep 0.1
    done

    # While it ran.
    expect "$all" '^. etl  ━*╸?─* +[0-9]+/[0-9]+ steps'
    expect "$all" '^  parts +━*╸?─*  [0-9]+/110'
    expect "$all" 'parts\[[0-9]+\]'
    expect "$all" 'and [0-9]+ more'
    if ((columns >= 100)); then
        expect "$all" '  [0-9]+/110  [0-9.]+/s  [0-9.]+m?s left'
        expect "$all" 'attempt [2-5] in [0-9.]+m?s: '
        expect "$all" '[0-9]+ retries'
    else
        expect "$all" '…$'
    fi

    # In the end: what it came to, and the prompt right below. Nothing else of the bars.
    expect "$last" '^✓ etl  [0-9]+/[0-9]+ steps in [0-9.]+s'
    expect "$last" '^  parts +━+  110/110'
    refuse "$last" '[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]|steps  [0-9]|^    and '
    local below
    below=$(grep -A1 -nE '^  parts ' "$last" | tail -1)
    [[ $below == *ready\>* ]] || fail "the prompt is not below the bars" "$last"
    expect "$folder/out-$columns" '^Written to '
    tmux_ capture-pane -e -p -t "s$columns" >"$folder/colors-$columns"
    expect "$folder/colors-$columns" $'\e\\[[0-9;]*m'
    tmux_ kill-session -t "s$columns"
}

check_log() {
    local log=$folder/log
    "$etl" "$folder/log.sqlite" --fast --seed 1 --faults 0.3 >"$folder/out" 2>"$log"
    refuse "$log" $'[\e\r]'
    expect "$log" '^\[0\.0s\] etl: started, [0-9]+ steps$'
    expect "$log" 'attempt 2 in '
    expect "$log" 'parts done, 110 items$'
    expect "$log" '\] etl: ✓ completed in .* retries$'
}

check_log
check_terminal 100 30
check_terminal 50 15
# For whoever wants to look.
if [[ -n ${2:-} ]]; then cp "$folder"/all-* "$folder"/last-* "$folder"/log "$2"; fi
echo "terminal: as it should be"
