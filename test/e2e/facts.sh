#!/bin/sh
# Facts through the real program: files with all that goes wrong in them, single facts,
# corrections, the records made anew.
. "$(dirname "$0")/run.sh"
weft=$1
city=$work/city

# total: the first line of the digest.
total() { "$weft" digest "$city" 2>/dev/null | head -1; }
# same WANTED: the digest's first line.
same() {
    "$weft" digest "$city" 2>/dev/null | head -1 >"$work/out"
    says "$1"
}

cat >"$work/day.ndjson" <<'V'
{"device":"S-03-2","seq":1,"kind":"sample.collected","at":"2021-12-12T07:31:05+08:00","body":{"tube":"T0031877","person":"P-0000001","site":"SITE-0003"}}
{"device":"S-03-2","seq":2,"kind":"sample.collected","at":"2021-12-12T07:32:10+08:00","body":{"tube":"T0031877","person":"P-0000002","site":"SITE-0003"}}
{"device":"S-03-2","seq":3,"kind":"tube.sealed","at":"2021-12-12T07:41:05+08:00","body":{"tube":"T0031877","count":2}}

{"device":"S-03-2","seq":3,"kind":"tube.sealed","at":"2021-12-12T07:41:05+08:00","body":{"tube":"T0031877","count":2}}
{"device":"S-03-2","seq":3,"kind":"tube.sealed","at":"2021-12-12T07:41:05+08:00","body":{"tube":"T0031877","count":3}}
{"device":"S-03-2","seq":4,"kind":"tube.sealed","at":"2021-12-12T07:42:05+08:00","body":{"tube":"T0031878","count":0}}
{"device":"L-1","seq":1,"kind":"tube.resulted","at":"2021-12-12T15:00:00+08:00","body":{"tube":"T0031877","result":"positive"}}
V
# Its last line is cut.
printf '%s' '{"device":"L-1","seq":2,"kind":"tube.resulted","at":"2021-12-1' >>"$work/day.ndjson"

# Every line is accepted, had or refused, and a second time nothing changes.
runs 0 "$weft" init "$city" --kind drill
# Nothing of it where the sender states more, or fewer.
before=$(total)
for stated in 9 7 0; do
    runs 2 "$weft" import "$city" facts "$work/day.ndjson" --rows $stated
    has "8 rows came, not the $stated that were stated"
    same "$before"
done
runs 0 "$weft" refused "$city" list
has 'no refused rows'
runs 0 "$weft" import "$city" facts "$work/day.ndjson" --rows 8 --json
has '{"rows":8,"accepted":4,"had":1,"refused":3,'
has 'under this number'
before=$(total)
runs 0 "$weft" import "$city" facts "$work/day.ndjson" --json
has '{"rows":8,"accepted":0,"had":5,"refused":3,'
same "$before"
runs 1 "$weft" import "$city" facts "$work/day.ndjson" --strict

# Why they were refused is said with its values, in both languages.
runs 0 "$weft" refused "$city" list
has 'this is a whole number from 1 to'
has 'this is no whole line of JSON (byte 6'
runs 0 "$weft" refused "$city" list --lang zh
has '应是 1 到 '
runs 0 "$weft" refused "$city" export --json
has '"params":{"min":"1","max":"'

# A correction, and its withdrawal.
runs 0 "$weft" fact "$city" tube.resulted tube=T0031877 result=negative \
    --at 2021-12-12T15:00:00+08:00 --device L-1 --seq 9 --instead-of L-1/1
has 'L-1/9  accepted'
checks=$((checks + 1))
if [ "$(total)" = "$before" ]; then
    failures=$((failures + 1))
    echo 'not ok: a correction changed nothing'
fi
runs 0 "$weft" fact "$city" fact.withdrawn device=L-1 seq=9 reason=mistyped
same "$before"

# A rule holds the members of the positive tube, once; what rules send is in no digest.
runs 0 "$weft" react "$city" --json
has '{"rule":"pool","lacks":null,'
has '"issued":1,"lifted":0,"refused":0,'
runs 0 "$weft" react "$city" --json
has '"issued":0,"lifted":0,"refused":0,'
same "$before"

# What is made anew is what stood before; the ledger alone is enough.
runs 0 "$weft" rebuild "$city"
has 'made anew from'
same "$before"
rm "$city/records.db" "$city"/ledger/*.index
same "$before"
runs 0 "$weft" verify "$city"

# A byte-order mark and CRLF are fine; a NUL and a used number are not.
printf '\357\273\277{"device":"G-1","seq":1,"kind":"grid.renamed","at":"2021-12-12T08:00:00+08:00","body":{"grid":"3202","name":"Invented Town"}}\r\n' \
    >"$work/bom.ndjson"
runs 0 "$weft" import "$city" facts "$work/bom.ndjson" --json
has '{"rows":1,"accepted":1,'
printf '{"device":"G-1","seq":2,"kind":"grid.renamed",\000"at":"2021-12-12T08:00:00+08:00","body":{"grid":"3202","name":"x"}}\n' \
    >"$work/nul.ndjson"
runs 0 "$weft" import "$city" facts "$work/nul.ndjson" --json
has '{"rows":1,"accepted":0,"had":0,"refused":1,'
runs 2 "$weft" fact "$city" tube.sealed tube=T9 count=1 --device S-03-2 --seq 1
runs 2 "$weft" fact "$city" tube.opened tube=T9
runs 2 "$weft" fact "$city" tube.sealed tube=T9 --instead-of L-1
runs 2 "$weft" import "$city" facts "$work/day.ndjson" --map "$work/day.ndjson"
runs 2 "$weft" import "$city" facts "$work/day.ndjson" --as-of 2021-12-12
runs 2 "$weft" import "$city" facts "$work/day.ndjson" --keep-until 2022-12-12
runs 0 "$weft" help facts
has 'tube.sealed'
runs 0 "$weft" help facts tube.resulted
has 'negative positive grey invalid'

# Nothing of it stands in the clear.
checks=$((checks + 1))
if grep -rqaE 'T0031877|P-0000001|SITE-0003|Invented Town|mistyped' "$city"; then
    failures=$((failures + 1))
    echo 'not ok: something stands in the clear'
fi
finish
