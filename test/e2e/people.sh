#!/bin/sh
# What people read: no empty tables, no words of the program, exit codes as promised.
. "$(dirname "$0")/run.sh"
weft=$1
city=$work/city

runs 0 "$weft" init "$city" --kind drill --clock 2021-12-12T00:00+08:00
has 'made the drill city'
has 'keep a copy elsewhere'
lacks "$WEFT_KEY_DIR"
runs 0 "$weft" init "$work/real" --lang zh
has '已新建真实城市'

# A real city's source is sought for named cases only, a drill's for all.
runs 3 "$weft" source "$work/real"
has 'name them with --cases'
runs 0 "$weft" source "$city"
has 'this city has no cases'
lacks 'rows;'
runs 0 "$weft" source "$city" --json
has '"rows":0,"complete":true,"missing":[],"cases":0'

# An encounter so short that its chance is far below a hundredth of a percent.
cat >"$work/encounters.csv" <<'V'
a,b,start,end
P1,P2,2021-12-09T15:00:00+08:00,2021-12-09T15:00:01+08:00
P1,P3,2021-12-09T10:00:00+08:00,2021-12-09T12:30:00+08:00
P3,P4,2021-12-10T15:00:00+08:00,2021-12-10T15:30:00+08:00
V
cat >"$work/cases.csv" <<'V'
case,person,reported,onset,symptomatic
C-1,P1,2021-12-10 12:00,2021-12-09,yes
V
runs 0 "$weft" import "$city" encounters "$work/encounters.csv"
has '3 rows: 3 accepted'
runs 0 "$weft" import "$city" cases "$work/cases.csv"
has '1 row: 1 accepted'
runs 0 "$weft" contacts "$city" --case C-1
has '2021-12-09 15:00  <0.01%'
lacks '0.00%'
lacks 'P1 '
has 'through P3'
has 'infectious window 2021-12-07 00:00 (onset) to 2021-12-12 00:00 (still open); as of 2021-12-12 00:00 (Asia/Shanghai)'
has 'call from the top within a level'
runs 0 "$weft" contacts "$city" --case C-1 --lang zh
has '判定时限 2021-12-07 00:00（发病）至 2021-12-12 00:00（尚未结束）'
has '经 P3'
lacks 'onset'
lacks 'as_of'
runs 0 "$weft" contacts "$city" --case C-1 --json
lacks '<0.01'
has '"opened_by":"onset","closed_by":"as_of"'
lacks '": '
runs 0 "$weft" contacts "$city" --case C-1 --count
lacks 'call from the top'

# No head of a table before an error.
runs 4 "$weft" who "$city" --place Z --from 2021-12-09 --to 2021-12-10
lacks 'person and seat'
runs 2 "$weft" who "$city" --place Z
lacks 'person and seat'

# Two files of refused rows of one form leave as one file, which can come in again.
for person in P8 P9; do
    printf 'person,place,start,end\n%s,A,2021-12-09 10:00,2021-12-09 09:00\n' $person >"$work/bad.csv"
    runs 0 "$weft" import "$city" visits "$work/bad.csv"
    has '1 row: 0 accepted, 0 had already, 1 refused'
done
runs 0 "$weft" refused "$city" export
sort "$work/out" >"$work/sorted" && mv "$work/sorted" "$work/out"
says 'P8,A,2021-12-09 10:00,2021-12-09 09:00
P9,A,2021-12-09 10:00,2021-12-09 09:00
person,place,start,end'

# Lines do not end in blanks; labels are in the words of health workers.
runs 0 "$weft" protocol diff nhc-covid-8 nhc-covid-9
checks=$((checks + 1))
if grep -q ' $' "$work/out"; then
    failures=$((failures + 1))
    echo "not ok: a line ends in a blank"
fi
runs 0 "$weft" protocol show nhc-covid-8 --lang zh
has '传染期 › 起点'
lacks '传染窗口'
runs 0 "$weft" help version
checks=$((checks + 1))
grep -qx 'weft version' "$work/out" || {
    failures=$((failures + 1))
    echo "not ok: the usage of version"
}
for verb in contacts who source; do
    runs 0 "$weft" help "$verb"
    has "weft $verb DIR "
done
finish
