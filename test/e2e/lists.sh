#!/bin/sh
# Line lists in and out: a template is filled in, refused rows are mended, a list goes to
# another city in the columns of somebody else and comes back the same; a date that may be
# two is asked for; no real city takes a drill's list.
. "$(dirname "$0")/run.sh"
weft=$1
city=$work/city other=$work/other real=$work/real

runs 0 "$weft" init "$city" --kind drill --clock 2021-12-11T12:00+08:00
runs 0 "$weft" init "$other" --kind drill --clock 2021-12-11T12:00+08:00
runs 0 "$weft" init "$real"

# A template says what it takes, and its example is nobody.
for kind in persons places cases visits encounters; do
    runs 0 "$weft" export "$city" $kind "$work/$kind.xlsx" --template
    runs 0 "$weft" import "$city" $kind "$work/$kind.xlsx"
    has 'this is the example row of a template'
    has '1 row: 0 accepted, 0 had already, 1 refused'
done
runs 0 "$weft" export "$city" cases "$work/cases.csv" --template --profile who
sed -n 2p "$work/cases.csv" >"$work/out"
has 'patinfo_ID,report_date,patcourse_dateonset,Lab_datetaken,pat_symptomatic,report_classif,patcourse_datedeath'
runs 4 "$weft" export "$city" places "$work/places.csv" --profile who
has 'there is no such profile of places'
runs 2 "$weft" export "$city" visits "$work/v.csv"
has 'only their templates are'

cat >"$work/linelist.csv" <<'V'
patinfo_ID,report_date,patcourse_dateonset,Lab_datetaken,pat_symptomatic,patcourse_datedeath,report_classif
C-1,09/12/2021,08/12/2021,NA,Y,NA,CONFIRMED
C-2,10/12/2021,NA,10/12/2021,N,NA,PROBABLE
V
# Nothing is guessed, and nothing stored.
runs 2 "$weft" import "$city" cases "$work/linelist.csv" --profile who
has 'day or month'
has '--dates day-first'
runs 0 "$weft" import "$city" cases "$work/linelist.csv" --profile who --dates day-first --json
says '{"rows":2,"accepted":2,"had":0,"refused":0,"refused_file":null}'
runs 2 "$weft" import "$city" cases "$work/linelist.csv" --profile who --map "$work/linelist.csv"

runs 0 "$weft" export "$city" cases "$work/one.csv"
cat "$work/one.csv" >"$work/out"
has 'C-1,C-1,2021-12-09,2021-12-08,,,yes,,,confirmed,,'
has 'C-2,C-2,2021-12-10,,,2021-12-10,no,,,probable,,'
for profile in who godata sormas; do
    runs 0 "$weft" export "$city" cases "$work/$profile.xlsx" --profile $profile
    runs 0 "$weft" import "$other" cases "$work/$profile.xlsx" --profile $profile
done
runs 0 "$weft" export "$other" cases "$work/two.csv" --profile who
runs 0 "$weft" export "$city" cases "$work/one.csv" --profile who
runs 0 cmp "$work/one.csv" "$work/two.csv"
runs 2 "$weft" import "$real" cases "$work/one.csv" --profile who
has 'a drill wrote this list'
finish
