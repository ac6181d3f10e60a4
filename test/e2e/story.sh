#!/bin/sh
# The story of the demo, told to a small city at once: every fact is taken, what nobody did
# stands there as holes and tasks, and the same story again changes nothing.
. "$(dirname "$0")/run.sh"
weft=$1
root=$(dirname "$0")/../..
city=$work/city

story() {
    verb=$1
    shift
    runs 0 /usr/bin/python3 -B "$root/scenario/play" "$verb" "$root/scenario/yixing-2021-12.yaml" \
        "$work/csv" "$city" "$weft" "$@"
}

runs 0 "$weft" city --people 3000 --days 13 --grid "$root/scenario/yixing-towns.csv" --out "$work/csv"
story make
runs 0 "$weft" user "$city" add chen --role commander
serves --clock 2021-12-12T06:10+08:00
story play "http://$address" --fast
has 'story: told'
has 'close: 63 stated'
has 'secondary: 560 stated'
runs 0 "$weft" status "$city" --json
has '"cases":1'
runs 0 "$weft" clock "$city" --case YX-0001 --json
has '"step":"core_report"'
runs 0 "$weft" holes "$city" --json
has '"kind":"tracing/contact_not_placed"'
runs 0 "$weft" view "$city" command/posts --json
has '"tracing@320282"'
runs 0 "$weft" holes "$city" --check
# A device that says the same again is told that it was had.
story play "http://$address" --fast
has 'story: told, 0 facts'

finish
