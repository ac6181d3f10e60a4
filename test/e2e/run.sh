# What every end-to-end test begins with: `. run.sh`. Runs the real program in a folder of
# its own, with keys of its own, and says what was expected when something else came.
set -u
export LC_ALL=C.UTF-8 WEFT_LANG=en
work=$(mktemp -d "${TMPDIR:-/tmp}/weft-e2e-XXXXXX")
script=$(realpath "$0")
quiet=$(dirname "$script")/../quiet/quiet.py
trap 'rm -rf "$work"' EXIT
export WEFT_KEY_DIR="$work/keys"
failures=0 checks=0

# runs CODE COMMAND…: the command ends with CODE; stdout and stderr are kept.
runs() {
    wanted=$1
    shift
    "$@" >"$work/out" 2>"$work/err"
    code=$?
    { echo "$*"; head -c 1000000 "$work/out" "$work/err"; } >>"$work/told"
    checks=$((checks + 1))
    if [ "$code" -ne "$wanted" ]; then
        failures=$((failures + 1))
        printf 'not ok: %s\n  exit %s, wanted %s\n' "$*" "$code" "$wanted"
        sed 's/^/  out: /' "$work/out" | head -20
        sed 's/^/  err: /' "$work/err" | head -20
    fi
}

# says TEXT: what the last command gave is exactly this on stdout.
says() {
    checks=$((checks + 1))
    printf '%s\n' "$1" >"$work/wanted"
    if ! cmp -s "$work/wanted" "$work/out"; then
        failures=$((failures + 1))
        printf 'not ok: another answer\n'
        diff "$work/wanted" "$work/out" | sed 's/^/  /' | head -40
    fi
}

# has TEXT / lacks TEXT: on stdout or stderr of the last command.
has() {
    checks=$((checks + 1))
    if ! grep -qF -- "$1" "$work/out" "$work/err"; then
        failures=$((failures + 1))
        printf 'not ok: nothing says %s\n' "$1"
        sed 's/^/  /' "$work/out" "$work/err" | head -20
    fi
}
lacks() {
    checks=$((checks + 1))
    if grep -qF -- "$1" "$work/out" "$work/err"; then
        failures=$((failures + 1))
        printf 'not ok: something says %s\n' "$1"
    fi
}

# next_log: before a service is started: the log of the one before is kept, to be searched.
logs=0
next_log() {
    [ ! -e "$work/log" ] || mv "$work/log" "$work/log-$((logs += 1))"
}

# seeded STRING…: what the run put in about people and does not say of itself.
seeded() { printf 'P %s\n' "$@" >>"$work/seeds"; }

# Nothing that the run put in about people stands in a log of a service, or in an address
# in a log of nginx: what its own text says, what its commands were given and answered,
# and what files it made of it (../quiet/quiet.py).
searches() {
    how=$1
    shift
    checks=$((checks + 1))
    if ! python3 -B "$quiet" "$how" "$work/seeds" "$@"; then
        failures=$((failures + 1))
        echo "not ok: the $how hold what they must not"
    fi
}
all_keeps_quiet() {
    [ -e "$work/log" ] || return
    find "$work" -maxdepth 2 -size -4096k \( -name '*.csv' -o -name '*.json' -o -name '*.jsonl' \) >"$work/files"
    xargs -a "$work/files" python3 -B "$quiet" gather "$work/seeds" "$script" "$work/told"
    # shellcheck disable=SC2046
    searches logs $(find "$work" -maxdepth 1 -name log -o -maxdepth 1 -name 'log-[0-9]*')
    [ ! -e "$work/access.log" ] || searches addresses "$work"/*.log
}

finish() {
    all_keeps_quiet
    printf '%d checks, %d failures\n' "$checks" "$failures"
    [ "$checks" -gt 0 ] && [ "$failures" -eq 0 ]
}
