#!/bin/sh
# Slow and hostile clients cost connections, never the service: floods are told to come
# again, bodies that never end hold nobody's room, places that nobody uses are taken back,
# and samples come in meanwhile (hostile.py).
. "$(dirname "$0")/run.sh"
here=$(cd "$(dirname "$0")" && pwd)
weft=$1
city=$work/city

runs 0 "$weft" init "$city" --kind drill --clock 2021-12-11T06:00+08:00
for device in sampler commander resident; do
    runs 0 "$weft" token "$city" --device "S-$device" --role "$device" --grid 330106001
    echo "$device $(cat "$work/out")" >>"$work/tokens"
done
runs 0 "$weft" user "$city" add u-operator --role operator
runs 0 "$weft" token "$city" --user u-operator
echo "operator $(cat "$work/out")" >>"$work/tokens"

# 1,025 places: as many files as it may have, but for its own.
ulimit -n 1537
serves

runs 0 python3 -B "$here/hostile.py" "$address" "$work/tokens"
cat "$work/out"
# What was begun and never ended holds up nobody at the end, either.
stops
cp "$work/log" "$work/err"
has 'connections=1025'
has 'event=connections_cut'
has 'event=stopped in_time=yes'
finish
