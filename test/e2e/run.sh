# What every end-to-end test begins with: `. run.sh`. Runs the real program in a folder of
# its own, with keys of its own, and says what was expected when something else came.
set -u
export LC_ALL=C.UTF-8 WEFT_LANG=en
work=$(mktemp -d "${TMPDIR:-/tmp}/weft-e2e-XXXXXX")
script=$(realpath "$0")
quiet=$(dirname "$script")/../quiet/quiet.py
server=
trap '[ -z "$server" ] || kill -9 "$server" 2>/dev/null; rm -rf "$work"' EXIT
export WEFT_KEY_DIR="$work/keys"
# Holds recorded answers (answers.c); built beside the program, which is the first argument
# of every script.
hold_answers=$(dirname "$(realpath "$1")")/test/e2e/answers
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

# serves OPTION…: the service of $city, $server, at $listen, ready within half a minute: its
# $address, $port, and $field, the port of its other door (empty: it is shut).
listen=127.0.0.1:0
serves() {
    # Emptied here: the shell of the background may come to it after the first look, and
    # the address of the server before would be taken for this one's.
    : >"$work/ready"
    next_log
    "$weft" serve "$city" --listen "$listen" --json "$@" >"$work/ready" 2>"$work/log" &
    server=$!
    tries=0
    while ! grep -q '"address"' "$work/ready" && [ $tries -lt 600 ]; do
        sleep 0.05
        tries=$((tries + 1))
    done
    address=$(sed 's/.*"address":"\([^"]*\)".*/\1/' "$work/ready")
    port=${address##*:}
    field=$(sed -n 's/.*"field_address":"[^"]*:\([0-9]*\)".*/\1/p' "$work/ready")
}
# stops [SIGNAL]: it ends in order.
stops() {
    kill -s "${1:-TERM}" "$server"
    runs 0 wait "$server"
    server=
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

# http ARGUMENT…: one request with curl, of one address. The answer's head lies in
# $work/head, its body in $work/body; $status, $http_version; recorded once it is whole, as
# if nginx had put no $prefix before its path.
prefix=
http() {
    : >"$work/body"
    curl -sS --max-time 60 -D "$work/head" -o "$work/body" \
        -w '%{method} %{url_effective} %{http_code} %{http_version}\n' "$@" >"$work/asked" ||
        return
    read -r http_method http_target status http_version <"$work/asked"
    http_target=/${http_target#*://*/}
    if grep -qi '^content-encoding: gzip' "$work/head" && [ -s "$work/body" ]; then
        gzip -dc <"$work/body" >"$work/unpacked"
    else
        cp "$work/body" "$work/unpacked"
    fi
    record "$http_method" "${http_target#"$prefix"}" "$work/head" "$work/unpacked"
}

# record METHOD TARGET HEAD BODY: an answer that lies in two files, kept for answers_held
# (the form: test/support/recorded_answers.h).
record() {
    {
        printf '%s %s %d %d\n' "$1" "$2" "$(wc -c <"$3")" "$(wc -c <"$4")"
        cat "$3" "$4"
    } >>"$work/answers"
}

# answers_held LEAST OPTION…: every answer that was recorded is as the service's own
# description says, which is among them; there are at least so many. One that is spoiled
# would be found.
answers_held() {
    held_least=$1
    shift
    runs 0 "$hold_answers" "$@" "$held_least" "$work/answers"
    cat "$work/out"
    printf 'HTTP/1.1 200 OK\r\nX-Request-Id: 1\r\nContent-Type: application/json\r\n\r\n' >"$work/head"
    echo '{"status":"spoiled"}' >"$work/body"
    record GET /healthz "$work/head" "$work/body"
    runs 1 "$hold_answers" "$@" "$held_least" "$work/answers"
    has 'not as /v1/openapi.json says'
    rm "$work/answers"
}

finish() {
    all_keeps_quiet
    checks=$((checks + 1))
    if [ -e "$work/answers" ]; then
        failures=$((failures + 1))
        echo 'not ok: answers were recorded, and nobody looked at them'
    fi
    printf '%d checks, %d failures\n' "$checks" "$failures"
    [ "$checks" -gt 0 ] && [ "$failures" -eq 0 ]
}
