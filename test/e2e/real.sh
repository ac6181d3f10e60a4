#!/bin/sh
# A real city: look-ups name a case; nothing is taken for granted.
. "$(dirname "$0")/run.sh"
weft=$1
city=$work/city
runs 2 "$weft" init "$city" --clock 2021-12-11
has 'real city'
runs 2 "$weft" init "$city" --kind play
runs 0 "$weft" init "$city"
# A day that is over wherever this runs.
day=$(TZ=Asia/Shanghai date -d yesterday +%Y-%m-%d)
cat >"$work/visits.csv" <<V
person,place,start,end
Wang-0001,A,$day 00:00,$day 00:10
Li-00002,A,$day 00:05,$day 00:10
V
cat >"$work/cases.csv" <<V
case,person,reported,onset,symptomatic
C1,Wang-0001,$day,$day,yes
V
runs 0 "$weft" import "$city" visits "$work/visits.csv" --json
has '"accepted":2'
runs 0 "$weft" import "$city" cases "$work/cases.csv" --json
has '"accepted":1'
runs 3 "$weft" contacts "$city" --plain --person Wang-0001 --from "$day" --to "$day" --json
runs 0 "$weft" contacts "$city" --plain --case C1 --json
has '"person":"Li-00002"'
runs 0 "$weft" contacts "$city" --case C1 --json
has '"person":"Li-00002"'
lacks 'DRILL'
runs 3 "$weft" who "$city" --place A --from "$day" --to "$day"
runs 0 "$weft" who "$city" --case C1 --place A --from "$day" --to "$(date -d "$day + 1 day" +%Y-%m-%d)" --json
has '"person":"Li-00002"'

# Keys that others can read are not used; without them nothing opens.
chmod 644 "$WEFT_KEY_DIR"/*
runs 3 "$weft" contacts "$city" --case C1
chmod 600 "$WEFT_KEY_DIR"/*
mv "$WEFT_KEY_DIR" "$work/elsewhere"
runs 5 "$weft" contacts "$city" --case C1
runs 0 "$weft" contacts "$city" --case C1 --key-dir "$work/elsewhere"

# Nothing that was sealed stands in the clear (ids are long: two bytes come by chance).
if grep -rqaE 'Wang-0001|Li-00002' "$city/visits" "$city/records.db"; then
    failures=$((failures + 1))
    echo "not ok: an id stands in the clear"
fi
finish
