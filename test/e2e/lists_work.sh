#!/bin/sh
# Follow-ups and laboratory results: in and out in the plain columns and in those of Go.Data
# and SORMAS; nothing is counted twice, a symptom is never lost on the way, what has to be
# mended is kept, and an open hole closes by a swab that a laboratory reports.
. "$(dirname "$0")/run.sh"
weft=$1
city=$work/city

begin() {
    runs 0 "$weft" init "$1" --kind drill --clock 2021-12-13T12:00+08:00
    runs 0 "$weft" fact "$1" outbreak.declared outbreak=O-1 --at 2021-12-10T12:00
}
begin "$city"
printf 'case,person,reported\nC-1,P-1,2021-12-10\n' >"$work/cases.csv"
runs 0 "$weft" import "$city" cases "$work/cases.csv"
cat >"$work/contacts.csv" <<'V'
case,person,level,exposed_until,confirmed,reached,reached_by,placed,placed_in
C-1,P-2,close,2021-12-09,2021-12-10 13:00,2021-12-10 15:00,phone,2021-12-10 18:00,site
C-1,P-3,close,2021-12-09,2021-12-10 13:00,,,,
V
runs 0 "$weft" import "$city" contacts "$work/contacts.csv" --strict

for kind in followups results; do
    runs 0 "$weft" export "$city" $kind "$work/$kind.xlsx" --template
    runs 0 "$weft" import "$city" $kind "$work/$kind.xlsx"
    has 'this is the example row of a template'
done

# ---- follow-ups ----
cat >"$work/followups.csv" <<'V'
person,at,outcome,how,symptomatic
P-3,2021-12-10 14:00,no_answer,phone,
P-3,2021-12-10 16:00,not_there,visit,
P-3,2021-12-11 09:00,reached,phone,no
P-2,2021-12-11,reached,,yes
P-2,2021-12-12,no_answer,,no
P-2,2021-12-12,nobody,,
V
runs 0 "$weft" import "$city" followups "$work/followups.csv" --preview
has '     2  person=P-3 at=2021-12-10T14:00:00+08:00 outcome=no_answer how=phone'
has 'rows: 6; would be refused: 2; nothing was stored'
runs 0 "$weft" import "$city" followups "$work/followups.csv" --json
has '"rows":6,"accepted":4,"had":0,"refused":2'
refused=$(sed -n 's|.*refused/\([^"]*\)".*|\1|p' "$work/out")
has 'nobody was reached, and yet it says whether they have symptoms'
# What a post said here is not counted again either.
runs 0 "$weft" fact "$city" contact.attempted outbreak=O-1 person=P-3 how=phone result=refused --at 2021-12-10T17:00
printf 'person,at,outcome,outbreak\nP-3,2021-12-10 17:00,refused,O-1\nP-3,2021-12-10 14:00,no_answer,\nP-3,2021-12-10 14:00,no_answer,\n' >"$work/again.csv"
runs 0 "$weft" import "$city" followups "$work/again.csv" --json
has '"rows":3,"accepted":0,"had":3,"refused":0'
runs 0 "$weft" export "$city" tracing/contacts "$work/k.csv"
grep '^C-1,P-3' "$work/k.csv" >"$work/out"
has 'C-1,P-3,O-1,close,reached'
has ',3,2021-12-10 17:00:00,refused,2021-12-11 09:00:00'
# A row that comes twice in one file is one visit.
printf 'person,at,outcome\nP-3,2021-12-12 09:00,no_answer\nP-3,2021-12-12 09:00,no_answer\n' >"$work/twice.csv"
runs 0 "$weft" import "$city" followups "$work/twice.csv" --json
has '"rows":2,"accepted":1,"had":1,"refused":0'
# Mended rows go in; a mapping that is remembered works both ways.
runs 0 "$weft" refused "$city" export "$refused" --out "$work/mend.csv"
sed 's/,nobody,/,refused,/; s/,no_answer,,no,/,no_answer,,,/' "$work/mend.csv" >"$work/mended.csv"
runs 0 "$weft" import "$city" followups "$work/mended.csv" --json
has '"rows":2,"accepted":2,"had":0,"refused":0'
cat >"$work/visits.yaml" <<'V'
kind: followups
fields:
  person: {column: Wer}
  at: {column: Wann}
  outcome: {column: Ergebnis, map: {erreicht: reached, "nicht erreicht": no_answer}}
V
printf 'Wer,Wann,Ergebnis\nP-2,12/12/2021,erreicht\n' >"$work/visits.csv"
runs 2 "$weft" import "$city" followups "$work/visits.csv" --map "$work/visits.yaml"
has 'day or month'
runs 0 "$weft" import "$city" followups "$work/visits.csv" --map "$work/visits.yaml" --dates day-first --remember bezirk
runs 0 "$weft" import "$city" followups "$work/visits.csv" --profile bezirk --json
has '"had":1'
runs 0 "$weft" export "$city" followups "$work/bezirk.csv" --profile bezirk
cat "$work/bezirk.csv" >"$work/out"
has 'P-2,12/12/2021,erreicht'

# ---- results ----
cat >"$work/results.csv" <<'V'
sample,person,collected,received,resulted,result,lab,ct
T-1,P-2,2021-12-11 08:00,2021-12-11 10:00,2021-12-11 20:00,negative,虚构检测所,
T-2,P-3,2021-12-11 08:30,,,,,
T-3,P-1,2021-12-10 08:00,,2021-12-10 12:00,positive,,21.5
T-3,P-9,2021-12-10 08:01,,2021-12-10 12:00,positive,,21.5
T-4,P-2,2021-12-12 08:00,2021-12-11 08:00,,,,
T-5,P-2,2021-12-12 08:00,,2021-12-12 20:00,,,
V
runs 0 "$weft" import "$city" results "$work/results.csv" --json
has '"rows":6,"accepted":4,"had":0,"refused":2'
has 'it ends before it starts'
runs 0 "$weft" import "$city" results "$work/results.csv" --json
has '"rows":6,"accepted":0,"had":4,"refused":2'
# Who is a contact was tested as one.
runs 0 "$weft" export "$city" tracing/contacts "$work/k.csv"
grep '^C-1,P-2' "$work/k.csv" >"$work/out"
has 'C-1,P-2,O-1,close,tested'
has '2021-12-11 08:00:00,2021-12-11 08:00:00,negative'
runs 0 "$weft" export "$city" testing/tubes "$work/t.csv"
cat "$work/t.csv" >"$work/out"
has 'T-3'
# What was awaited comes, and tells nothing else again; another result is a correction.
printf 'sample,person,collected,resulted,result,outbreak\nT-2,P-3,2021-12-11 08:30,2021-12-12 07:00,negative,O-1\nT-1,P-2,2021-12-11 08:00,2021-12-12 09:00,grey,\n' >"$work/later.csv"
runs 0 "$weft" import "$city" results "$work/later.csv" --json
has '"rows":2,"accepted":2,"had":0,"refused":0'
runs 0 "$weft" import "$city" results "$work/later.csv" --json
has '"rows":2,"accepted":0,"had":2,"refused":0'
runs 0 "$weft" export "$city" results "$work/list.csv"
cat "$work/list.csv" >"$work/out"
has 'T-1,P-2,2021-12-11T08:00:00+08:00,,,2021-12-11T10:00:00+08:00,2021-12-12T09:00:00+08:00,grey,虚构检测所,,'
has 'T-3,P-9'

# ---- a laboratory's tubes ----
cat >"$work/tubes.csv" <<'V'
tube,result,resulted,received,lab,ct
T-2,negative,2021-12-12 07:00,2021-12-11 10:00,虚构检测所,
T-70,positive,2021-12-12 08:00,,虚构检测所,22.5
T-71,negative,2021-12-12 08:00,,虚构检测所,
T-71,grey,2021-12-12 08:00,,虚构检测所,
V
runs 0 "$weft" import "$city" tubes "$work/tubes.csv" --preview
has 'would be refused: 2'
runs 0 "$weft" import "$city" tubes "$work/tubes.csv" --json
has '"rows":4,"accepted":2,"had":0,"refused":2'
has 'one tube has two results of one time'
has 'nobody has told of a sample in this tube yet'
runs 0 "$weft" import "$city" tubes "$work/tubes.csv" --json
has '"accepted":0,"had":2,"refused":2'
# Out again they are those that have a result, and come back as what stands.
runs 0 "$weft" export "$city" tubes "$work/out-tubes.csv"
cat "$work/out-tubes.csv" >"$work/out"
has 'T-70,positive,2021-12-12T08:00:00+08:00,,虚构检测所,22.5'
runs 0 "$weft" import "$city" tubes "$work/out-tubes.csv" --json
has '"accepted":0'
has '"refused":0'
runs 0 "$weft" export "$city" tubes "$work/tubes.xlsx" --template
runs 0 "$weft" import "$city" tubes "$work/tubes.xlsx" --preview
has 'would be refused: 1'

# ---- in the columns of others ----
# What they have no place or word for is said; who was not reached never comes out as
# reached, which is all that SORMAS' columns can say of a visit.
runs 0 "$weft" export "$city" followups "$work/sormas.csv" --profile sormas
has 'followups: 4 rows'
has 'how: values without a place in these columns, which stay here: 4'
has 'rows left out, for these columns cannot say it: 5'
tr -d '\r' <"$work/sormas.csv" >"$work/out"
has 'P-3,2021-12-11'
lacks 'P-3,2021-12-10'
runs 0 "$weft" export "$city" followups "$work/godata.csv" --profile godata --json
has '"rows":9,"not_carried":{"outcome":{"lost":2,"changed":4}'
runs 0 "$weft" export "$city" contacts "$work/godata.csv" --profile godata --lang zh
has 'reached_by：在这些列里没有位置、未带出的值：'
# Our own columns carry all.
runs 0 "$weft" export "$city" contacts "$work/own.csv" --json
has '"not_carried":{}'

# ---- out and back ----
begin "$work/empty"
for kind in followups results; do
    runs 0 "$weft" export "$city" $kind "$work/list.csv"
    runs 0 "$weft" import "$work/empty" $kind "$work/list.csv" --strict
    runs 0 "$weft" export "$work/empty" $kind "$work/again.csv"
    runs 0 cmp "$work/list.csv" "$work/again.csv"
    runs 0 "$weft" export "$city" $kind "$work/list.xlsx"
    runs 0 "$weft" import "$work/empty" $kind "$work/list.xlsx" --json
    has '"accepted":0'
done

# ---- Go.Data ----
begin "$work/godata"
cat >"$work/f.csv" <<'V'
uuid,contact_id,contact_uuid,followup_status,followup_number,date_of_followup,performed,seen
f-1,CT-2,P-2,SEEN_OK,1,2021-12-10,TRUE,TRUE
f-2,CT-2,P-2,LNG_REFERENCE_DATA_CONTACT_DAILY_FOLLOW_UP_STATUS_TYPE_SEEN_NOT_OK,2,2021-12-11,TRUE,TRUE
f-3,CT-2,P-2,NOT_SEEN,3,2021-12-12,TRUE,FALSE
f-4,CT-2,P-2,NOT_ATTEMPTED,4,2021-12-13,FALSE,FALSE
f-5,CT-3,P-3,MISSED,1,2021-12-12,TRUE,FALSE
f-6,CT-3,P-3,SOMETHING_NEW,1,2021-12-12,TRUE,FALSE
V
runs 0 "$weft" import "$work/godata" followups "$work/f.csv" --profile godata --preview
has 'contact_uuid → person'
has 'performed → (left out)'
runs 0 "$weft" import "$work/godata" followups "$work/f.csv" --profile godata --json
has '"rows":5,"accepted":4,"had":0,"refused":1'
has 'none of the words that are known'
runs 0 "$weft" export "$work/godata" followups "$work/out.csv" --profile godata
tr -d '\r' <"$work/out.csv" >"$work/out"
has 'contact_uuid,date_of_followup,followup_status'
has 'P-2,2021-12-10,SEEN_OK'
has 'P-2,2021-12-11,SEEN_NOT_OK'
has 'P-2,2021-12-12,NOT_SEEN'
has 'P-3,2021-12-12,MISSED'
begin "$work/godata2"
runs 0 "$weft" import "$work/godata2" followups "$work/out.csv" --profile godata --strict
runs 0 "$weft" export "$work/godata2" followups "$work/again.csv" --profile godata
runs 0 cmp "$work/out.csv" "$work/again.csv"
# Seen, and nothing known of symptoms: not said to be well.
runs 0 "$weft" fact "$work/godata" contact.reached outbreak=O-1 person=P-7 how=phone --at 2021-12-12T00:00+08:00
runs 0 "$weft" export "$work/godata" followups "$work/out.csv" --profile godata
grep '^P-7' "$work/out.csv" >"$work/out"
lacks 'SEEN'
cat >"$work/l.csv" <<'V'
personId,personType,dateSampleTaken,sampleIdentifier,result,id,dateSampleDelivered,dateTesting,dateOfResult,labName,sampleType
P-2,LNG_CONTACT,2021-12-11,S-1,LNG_REFERENCE_DATA_CATEGORY_LAB_TEST_RESULT_POSITIVE,l-1,2021-12-11,2021-12-12,2021-12-12,LAB-A,SWAB
P-3,LNG_CONTACT,2021-12-11,S-2,NA,l-2,NA,NA,NA,NA,SWAB
P-4,LNG_CONTACT,2021-12-11,NA,NEGATIVE,l-3,NA,NA,2021-12-12,NA,SWAB
V
runs 0 "$weft" import "$work/godata" results "$work/l.csv" --profile godata --json
has '"rows":3,"accepted":2,"had":0,"refused":1'
runs 0 "$weft" export "$work/godata" results "$work/out.csv" --profile godata
tr -d '\r' <"$work/out.csv" >"$work/out"
has 'S-1,P-2,2021-12-11,2021-12-11,2021-12-12,LNG_REFERENCE_DATA_CATEGORY_LAB_TEST_RESULT_POSITIVE,LAB-A'
runs 0 "$weft" import "$work/godata2" results "$work/out.csv" --profile godata --strict
runs 0 "$weft" export "$work/godata2" results "$work/again.csv" --profile godata
runs 0 cmp "$work/out.csv" "$work/again.csv"

# ---- SORMAS ----
begin "$work/sormas"
cat >"$work/s.csv" <<'V'
Contact,Person,Contact,Contact,Contact
uuid,person.uuid,numberOfVisits,lastCooperativeVisitSymptomatic,lastCooperativeVisitDate
K-1,P-2,3,YES,2021-12-12
K-2,P-3,0,,
V
runs 0 "$weft" import "$work/sormas" followups "$work/s.csv" --profile sormas --json
has '"rows":1,"accepted":1,"had":0,"refused":0'
cat >"$work/s.csv" <<'V'
Case,Person,Sample,Sample,Sample,Sample,Sample,Sample,Sample,Sample
uuid,person.uuid,sampleUuid1,sampleDateTime1,sampleLab1,sampleResult1,sampleUuid2,sampleDateTime2,sampleLab2,sampleResult2
C-1,P-1,S-9,2021-12-10,LAB-A,POSITIVE,S-8,2021-12-09,LAB-A,PENDING
C-2,P-5,,,,,,,,
V
runs 0 "$weft" import "$work/sormas" results "$work/s.csv" --profile sormas --json
has '"rows":1,"accepted":1,"had":0,"refused":0'
runs 0 "$weft" import "$work/sormas" results "$work/s.csv" --profile sormas-second --json
has '"rows":1,"accepted":1,"had":0,"refused":0'
runs 0 "$weft" export "$work/sormas" results "$work/list.csv"
cat "$work/list.csv" >"$work/out"
has 'S-9,P-1,2021-12-10,,,,2021-12-13T12:00:00+08:00,positive,LAB-A,,'
has 'S-8,P-1,2021-12-09,,,,,,'
finish
