# What every end-to-end test begins with: `. run.sh`. Runs the real program in a folder of
# its own, with keys of its own, and says what was expected when something else came.
set -u
export LC_ALL=C.UTF-8 WEFT_LANG=en
work=$(mktemp -d "${TMPDIR:-/tmp}/weft-e2e-XXXXXX")
trap 'rm -rf "$work"' EXIT
export WEFT_KEY_DIR="$work/keys"
failures=0 checks=0

# runs CODE COMMAND…: the command ends with CODE; stdout and stderr are kept.
runs() {
    wanted=$1
    shift
    "$@" >"$work/out" 2>"$work/err"
    code=$?
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

# A service's log holds no token and no id or number of a person, whatever was asked of it.
# The number of a telephone is no part of a request's id, which is hexadecimal.
leaks() {
    grep -nE 'weft_[A-Za-z0-9_-]{43}|P-[0-9A-Z]|(^|[^0-9a-f])1[3-9][0-9]{9}([^0-9a-f]|$)' "$@"
}
logs_keep_quiet() {
    for log in "$work/log" "$work/access.log" "$work/nginx.log"; do
        [ -s "$log" ] || continue
        checks=$((checks + 1))
        # The search finds what is put into that very log.
        if leaks "$log" >"$work/leaks" || ! { cat "$log"; echo "id=P-0000001"; } | leaks - >/dev/null; then
            failures=$((failures + 1))
            echo "not ok: ${log##*/} holds what it must not"
            head -3 "$work/leaks"
        fi
    done
}

finish() {
    logs_keep_quiet
    printf '%d checks, %d failures\n' "$checks" "$failures"
    [ "$checks" -gt 0 ] && [ "$failures" -eq 0 ]
}
