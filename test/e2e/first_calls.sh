#!/bin/bash
# The first calls of docs/reference/service.md: each line of its block is run as it stands
# there, in a folder with a city DIR, and what they answer is what the page says. Only the
# port is the test's.
#
#   first_calls.sh WEFT            compares
. "$(dirname "$0")/run.sh"
set -o pipefail
weft=$1
page=$(cd "$(dirname "$0")/../.." && pwd)/docs/reference/service.md
city=$work/walk/DIR

mkdir "$work/bin" "$work/walk"
ln -s "$(cd "$(dirname "$weft")" && pwd)/$(basename "$weft")" "$work/bin/weft"
PATH=$work/bin:$PATH

# The n-th block of the section, without its fences.
block() {
    sed -n '/^## First calls, by curl$/,/^## Who may ask$/p' "$page" |
        awk -v wanted="$1" '/^```/ { count++; next } count == 2 * wanted - 1'
}

# A stream of events ends when the test has heard enough.
curl() {
    command curl --max-time 5 "$@"
    code=$?
    [ $code -eq 28 ] && case " $* " in *' -sN '*) return 0 ;; esac
    return $code
}

# What it said, a line each: the time of receipt is the clock's.
tidied() {
    sed -E -e $'s/^\uFEFF//' -e 's/\r$//' -e '/^$/d' \
        -e 's/"received":"[^"]*"/"received":"…"/' "$1"
    [ ! -s "$1" ] || [ -z "$(tail -c1 "$1")" ] || echo
}

# A person is slower than the rows, which follow within a second.
rows_follow() {
    tries=0
    until command curl -s "http://$address/healthz" | grep -q '"complete":true' ||
        [ $tries -gt 200 ]; do
        sleep 0.05
        tries=$((tries + 1))
    done
}

seeded T0031878
runs 0 "$weft" init "$city" --kind drill --clock 2021-12-12T06:00+08:00
serves
cd "$work/walk" || exit 1
: >"$work/answered"
block 1 >"$work/lines"
while IFS= read -r line <&3; do
    checks=$((checks + 1))
    eval "$line" >"$work/said" || {
        failures=$((failures + 1))
        printf 'not ok: %s\n' "$line"
    }
    case $line in URL=*) URL=http://$address ;; esac
    tidied "$work/said" >>"$work/answered"
    rows_follow
done 3<"$work/lines"
block 2 >"$work/wanted"
checks=$((checks + 1))
if [ ! -s "$work/wanted" ] || ! diff "$work/wanted" "$work/answered"; then
    failures=$((failures + 1))
    echo 'not ok: the page says something else'
fi

# "The second time the fact is `had`."
checks=$((checks + 1))
again=$(eval "$(grep '/v1/facts' "$work/lines")")
case $again in
*'"accepted":0,"had":1,'*) ;;
*)
    failures=$((failures + 1))
    printf 'not ok: the second time it says %s\n' "$again"
    ;;
esac
stops
finish
