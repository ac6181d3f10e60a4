#!/bin/sh
# Verbs on a city that a server has: they run there, with the standard streams, files,
# folder and Ctrl-C of who calls them.
. "$(dirname "$0")/run.sh"
weft=$(realpath "$1")
city=$work/city
server=

# start: the server, ready.
start() {
    : >"$work/served"
    next_log
    "$weft" serve "$city" --listen 127.0.0.1:0 >"$work/served" 2>"$work/log" &
    server=$!
    until grep -q serving "$work/served"; do
        kill -0 "$server" || { cat "$work/log"; break; }
        sleep 0.05
    done
}
stop() {
    kill "$1" "$server"
    wait "$server"
    code=$?
}
trap 'test -z "$server" || kill -9 "$server" 2>/dev/null; rm -rf "$work"' EXIT

runs 0 "$weft" init "$city" --kind drill --clock 2021-12-11T06:00+08:00
mkdir -p "$work/desk/out"
cd "$work/desk" || exit 1
cat >persons.csv <<'V'
person,name,sex,birth,grid,household
P-0000001,Li Yi,female,1980-01-01,320214001001,H-1
P-0000002,Wang Er,male,1979-02-02,320214001001,H-1
V

# The same answers with a server and without, from another folder, with relative paths.
runs 0 "$weft" import ../city persons persons.csv --as-of 2021-12-01
runs 0 "$weft" view ../city register/persons --json
cp "$work/out" "$work/alone"
runs 0 "$weft" digest ../city
cp "$work/out" "$work/digest"
start
runs 0 "$weft" view ../city register/persons --json
says "$(cat "$work/alone")"
runs 0 "$weft" digest ../city
says "$(cat "$work/digest")"
runs 0 "$weft" status ../city
has '演练 DRILL'
WEFT_LANG=zh runs 0 "$weft" status ../city
has '账本'

# What the server says of itself; the doctor looks at it and into its city.
runs 0 "$weft" status ../city
has 'requests under way'
runs 0 "$weft" status ../city --json
has '"service":{"address":"127.0.0.1:'
runs 0 "$weft" doctor ../city --json
has '{"check":"city","level":"ok"'
has '{"check":"service","level":"'
runs 0 "$weft" token ../city --device S-03-2 --role sampler --grid 320214001001
has 'weft_'

# logs PATTERN: the log has it, or will have it soon: lines are written a tenth of a second late.
logs() {
    tries=0
    until grep -qE "$1" "$work/log" || [ "$tries" -ge 50 ]; do
        sleep 0.1
        tries=$((tries + 1))
    done
    runs 0 grep -E "$1" "$work/log"
}
logs 'event=sandbox holds=(process|process,calls|process,files/[0-9]+,calls)$'
logs 'event=verb name=digest exit=0 ms=[0-9]+$'

# Somebody else is not let in, whatever the modes of the folder say.
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
    chmod 755 "$work" "$city" && chmod 666 "$city/weft.sock"
    runs 5 setpriv --reuid 65534 --regid 65534 --clear-groups "$weft" status "$city"
    lacks 'holds'
    chmod 700 "$work" "$city" && chmod 600 "$city/weft.sock"
fi

# Files in and out are those of who calls, in every form.
runs 0 "$weft" import ../city persons persons.csv --as-of 2021-12-01 --json
has '{"rows":2,"accepted":0,"had":2,"refused":0,'
runs 0 sh -c "sed s/P-000000/P-000001/ persons.csv | '$weft' import ../city persons - --json"
has '{"rows":2,"accepted":2,'
printf 'Li Yi\n' >name
runs 0 sh -c "'$weft' find ../city --name - <name"
has 'P-0000001'
runs 0 "$weft" export ../city register/persons out/persons.csv
runs 0 grep -q P-0000011 out/persons.csv
runs 0 "$weft" export ../city register/persons out/persons.xlsx
runs 0 sh -c "head -c 2 out/persons.xlsx | grep -q PK"
runs 0 "$weft" export ../city --all out/all
runs 0 test -s out/all/register-persons.csv
runs 0 "$weft" backup ../city city.backup
runs 2 "$weft" backup ../city city.backup
has "not replaced"
runs 0 "$weft" keys new office
runs 0 "$weft" keys export ../city --to office.pub --until 2099-01-01 ring.copy
runs 0 test -s ring.copy
runs 0 "$weft" keys list ../city
has 'office'
runs 0 sh -c "test -z \"\$(find . ../city -name '*.next')\""
runs 0 sh -c "test \"\$(stat -c %a out/persons.csv city.backup ring.copy ../city/weft.sock | sort -u)\" = 600"

# What goes wrong is said as it is without a server.
runs 4 "$weft" import ../city persons missing.csv
has 'missing.csv'
runs 2 "$weft" import ../city nonsense persons.csv
runs 2 "$weft" view ../city register/persons --sort nonsense
runs 5 "$weft" export ../city register/persons nowhere/persons.csv
runs 0 sh -c "'$weft' view ../city | head -1"
runs 5 sh -c "'$weft' view ../city >/dev/full"

# Verbs that need the city for themselves.
runs 5 "$weft" serve ../city
has 'stop the server first'
runs 5 "$weft" upgrade ../city
has 'weft upgrade'

# Ctrl-C ends an import that waits for its input, which then stored nothing; a caller that
# is killed gives back the city as well.
mkfifo pipe
for signal in INT KILL; do
    "$weft" import ../city persons - <pipe >"$work/out" 2>"$work/err" &
    caller=$!
    exec 9>pipe
    printf 'person,name,sex,birth,grid,household\nP-0000099,X,female,1980-01-01,320214001001,H\n' >&9
    until ls -l "/proc/$server/fd" 2>/dev/null | grep -q 'pipe$'; do sleep 0.05; done
    kill -s "$signal" "$caller"
    wait "$caller"
    code=$?
    exec 9>&-
    checks=$((checks + 1))
    wanted=$([ "$signal" = INT ] && echo 130 || echo 137)
    if [ "$code" -ne "$wanted" ]; then
        failures=$((failures + 1))
        echo "not ok: $signal ended the import with $code"
    fi
    runs 0 "$weft" view ../city register/persons --json
    lacks 'P-0000099'
done

# A file that does not open: the second Ctrl-C ends the caller at once.
"$weft" import ../city persons pipe >"$work/out" 2>"$work/err" &
caller=$!
tries=0
until grep -qs fifo_open "/proc/$caller/wchan" || [ "$tries" -ge 20 ]; do
    sleep 0.1
    tries=$((tries + 1))
done
kill -INT "$caller"
sleep 0.1
kill -INT "$caller"
wait "$caller"
code=$?
checks=$((checks + 1))
[ "$code" -eq 130 ] || {
    failures=$((failures + 1))
    echo "not ok: two interrupts ended the caller with $code"
}
runs 0 "$weft" status ../city

# A server that ends takes its socket along.
stop -TERM
checks=$((checks + 1))
[ "$code" -eq 0 ] && [ ! -e "$city/weft.sock" ] || {
    failures=$((failures + 1))
    echo "not ok: the server ended with $code"
}
runs 0 "$weft" view ../city register/persons --json
has 'P-0000011'

# A socket that a crash left is nobody's: the verb opens the city itself, and the next
# server takes its place.
start
stop -KILL
runs 0 test -S "$city/weft.sock"
runs 0 "$weft" doctor ../city
has 'did not end by itself'
runs 0 "$weft" status ../city
start
runs 0 "$weft" status ../city
stop -TERM
server=
finish
