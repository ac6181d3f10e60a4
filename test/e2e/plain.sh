#!/bin/sh
# A small net whose answers were worked out by hand: rings, midnight, forgetting, damage.
. "$(dirname "$0")/run.sh"
weft=$1
city=$work/city

runs 0 "$weft" init "$city" --kind drill
runs 2 "$weft" init "$city" --kind drill
has 'not empty'
runs 4 "$weft" who "$work/nowhere" --place A --from 2021-12-09 --to 2021-12-10
runs 2 "$weft" import "$city" visits

cat >"$work/visits.csv" <<'V'
person,place,start,end,seat,guessed
P1,A,2021-12-09T10:00+08:00,2021-12-09T12:00+08:00,,
P2,A,2021-12-09T11:00+08:00,2021-12-09T13:00+08:00,,
P4,A,2021-12-09 12:30,2021-12-09 14:00,,
P1,B,2021-12-09 23:00,2021-12-10 01:00,,
P3,B,2021-12-09 23:30,2021-12-10 00:30,,
P5,C,2021-12-09 08:00,,,
P6,C,2021-12-09 08:29:59,2021-12-09 08:29:59,"stall ""7""",
V
cat >"$work/encounters.csv" <<'V'
a,b,start,end
P1,P5,2021-12-09T15:00:00+08:00,2021-12-09T15:00:20+08:00
V
runs 0 "$weft" import "$city" visits "$work/visits.csv" --json
says '{"rows":7,"accepted":7,"had":0,"refused":0,"refused_file":null}'
runs 0 "$weft" import "$city" encounters "$work/encounters.csv" --json
says '{"rows":1,"accepted":1,"had":0,"refused":0,"refused_file":null}'
[ -f "$city/visits/2021-12-09.day" ] || { failures=$((failures + 1)); echo "not ok: no sealed day"; }

# Yesterday's file grown by one line adds one row.
echo 'P7,C,2021-12-09 08:10,2021-12-09 08:20,,' >>"$work/visits.csv"
runs 0 "$weft" digest "$city"
cp "$work/out" "$work/digest"
runs 0 "$weft" import "$city" visits "$work/visits.csv" --json
says '{"rows":8,"accepted":1,"had":7,"refused":0,"refused_file":null}'

runs 0 "$weft" contacts "$city" --plain --person P1 --from 2021-12-09 --to 2021-12-11 --json
says '{"person":"P2","generation":1,"seconds":3600,"first":"2021-12-09T11:00:00+08:00","last":"2021-12-09T12:00:00+08:00","via":null,"via_seconds":null}
{"person":"P3","generation":1,"seconds":3600,"first":"2021-12-09T23:30:00+08:00","last":"2021-12-10T00:30:00+08:00","via":null,"via_seconds":null}
{"person":"P5","generation":1,"seconds":20,"first":"2021-12-09T15:00:00+08:00","last":"2021-12-09T15:00:20+08:00","via":null,"via_seconds":null}
{"summary":{"as_of":"2021-12-10T01:00:00+08:00","from":"2021-12-09T00:00:00+08:00","to":"2021-12-11T00:00:00+08:00","rows":3,"complete":true,"missing":[]}}'

# P5 met P1 at 15:00 only after sitting with P6 and P7: they are no second ring.
runs 0 "$weft" contacts "$city" --plain --person P1 --from 2021-12-09 --to 2021-12-11 --generations 2 --min-minutes 1 --json
says '{"person":"P2","generation":1,"seconds":3600,"first":"2021-12-09T11:00:00+08:00","last":"2021-12-09T12:00:00+08:00","via":null,"via_seconds":null}
{"person":"P3","generation":1,"seconds":3600,"first":"2021-12-09T23:30:00+08:00","last":"2021-12-10T00:30:00+08:00","via":null,"via_seconds":null}
{"person":"P4","generation":2,"seconds":1800,"first":"2021-12-09T12:30:00+08:00","last":"2021-12-09T13:00:00+08:00","via":"P2","via_seconds":1800}
{"summary":{"as_of":"2021-12-10T01:00:00+08:00","from":"2021-12-09T00:00:00+08:00","to":"2021-12-11T00:00:00+08:00","rows":3,"complete":true,"missing":[]}}'
runs 4 "$weft" contacts "$city" --plain --person P9 --from 2021-12-09 --to 2021-12-11 --json
runs 2 "$weft" contacts "$city" --plain --person P1 --from 2021-12-09 --json
runs 0 "$weft" contacts "$city" --plain --person P1 --from 2021-12-09 --to 2021-12-11 --limit 1 --json
has '"rows":1,'
runs 0 "$weft" contacts "$city" --plain --person P1 --from 2021-12-09 --to 2021-12-11 --count --json
lacks 'P2'
has '"rows":3,'

runs 0 "$weft" who "$city" --place B --from 2021-12-10 --to 2021-12-11 --json
has '"person":"P1"'
has '"person":"P3"'
runs 4 "$weft" who "$city" --place Z --from 2021-12-10 --to 2021-12-11 --json

# Refused rows are counted and kept; --strict says so in its exit code.
cat >"$work/bad.csv" <<'V'
person,place,start,end
P1,A,2021-12-09 10:00,2021-12-09 09:00
,A,2021-12-09 10:00,2021-12-09 11:00
P1,A,yesterday,2021-12-09 11:00
P8,A,2021-12-09 10:00,2021-12-09 11:00
V
# One that its sender states to be longer is cut off: nothing of it is stored, nor kept.
runs 2 "$weft" import "$city" visits "$work/bad.csv" --rows 5
has '4 rows came, not the 5 that were stated'
runs 0 "$weft" who "$city" --place A --from 2021-12-09 --to 2021-12-10 --json
lacks '"person":"P8"'
[ ! -e "$city/refused" ] || [ -z "$(ls "$city/refused")" ] || { failures=$((failures + 1)); echo "not ok: rows are kept of what was not taken"; }
runs 1 "$weft" import "$city" visits "$work/bad.csv" --strict --rows 4 --json
has '"rows":4,"accepted":1,"had":0,"refused":3,'
lacks 'yesterday'
runs 0 "$weft" refused "$city" list
runs 0 "$weft" verify "$city"
# The same delivery twice has one file; without a name all files are taken, past a bad one.
runs 0 "$weft" import "$city" visits "$work/bad.csv" --json
[ "$(ls "$city/refused" | wc -l)" = 1 ] || { failures=$((failures + 1)); echo "not ok: one delivery has two files"; }
printf 'person,place,start,end\nP1,A,never,\n' >"$work/never.csv"
runs 0 "$weft" import "$city" visits "$work/never.csv" --json
first=$(ls "$city/refused"/*.rows | head -n 1)
second=$(ls "$city/refused"/*.rows | tail -n 1)
for bad in "$first" "$second"; do
    cp "$bad" "$work/good.rows"
    : >"$bad"
    runs 5 "$weft" refused "$city" export
    has ',A,'
    cp "$work/good.rows" "$bad"
done
runs 0 "$weft" refused "$city" retry --json
has '"rows":1,"accepted":0,"had":0,"refused":1,'
has '"rows":3,"accepted":0,"had":0,"refused":3,'
runs 0 "$weft" verify "$city" --json
has '{"summary":{"whole":true,"found":0}}'

# A flipped byte is named and left out; the good file put back is good again.
day=$city/visits/2021-12-10.day
cp "$day" "$work/good.day"
size=$(wc -c <"$day")
printf '\377\000\377' | dd of="$day" bs=1 seek=$((size - 20)) conv=notrunc 2>/dev/null
cp "$day" "$work/bad.day"
runs 5 "$weft" contacts "$city" --plain --person P1 --from 2021-12-09 --to 2021-12-11 --json
has '"complete":false,"missing":[{"day":"2021-12-10","why":"damaged"}]'
has '"person":"P2"'
runs 1 "$weft" verify "$city"
has '2021-12-10'
runs 1 "$weft" verify "$city" --json
has '{"summary":{"whole":false,"found":1}}'
cmp -s "$day" "$work/bad.day" || { failures=$((failures + 1)); echo "not ok: a damaged file was touched"; }
cp "$work/good.day" "$day"
runs 0 "$weft" verify "$city"

# Forgotten days stay forgotten whatever is put back.
cp -r "$city/visits" "$work/old-visits"
cp "$city/keys/ring" "$work/old-ring"
runs 0 "$weft" purge "$city" --before 2021-12-10
runs 0 "$weft" contacts "$city" --plain --person P1 --from 2021-12-09 --to 2021-12-11 --json
has '"complete":false,"missing":[{"day":"2021-12-09","why":"forgotten"}]'
has '"person":"P3","generation":1,"seconds":1800'
lacks 'P2'
runs 0 "$weft" verify "$city"
cp "$work/old-visits/2021-12-09.day" "$city/visits/"
runs 0 "$weft" contacts "$city" --plain --person P1 --from 2021-12-09 --to 2021-12-11 --json
has '"why":"forgotten"'
lacks 'P2'
runs 0 "$weft" import "$city" visits "$work/visits.csv" --json
has '"refused":'
runs 0 "$weft" contacts "$city" --plain --person P1 --from 2021-12-09 --to 2021-12-11 --json
lacks 'P2'
cp "$work/old-ring" "$city/keys/ring"
runs 5 "$weft" contacts "$city" --plain --person P1 --from 2021-12-09 --to 2021-12-11 --json
lacks 'P2'
finish
