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
for kind in persons places cases visits encounters contacts; do
    runs 0 "$weft" export "$city" $kind "$work/$kind.xlsx" --template
    runs 0 "$weft" import "$city" $kind "$work/$kind.xlsx"
    has 'this is the example row of a template'
    has '1 row: 0 accepted, 0 had already, 1 refused'
done
# Filled in and brought back as it is, it maps by itself: every kind, language and form.
cat >"$work/fill.py" <<'V'
import sys, zipfile
name, to = sys.argv[1], sys.argv[2].encode()
if name.endswith('.csv'):
    data = open(name, 'rb').read()
    open(name, 'wb').write(data.replace(b'EXAMPLE', to))
else:
    with zipfile.ZipFile(name) as book:
        parts = [(one, book.read(one)) for one in book.namelist()]
    with zipfile.ZipFile(name, 'w', zipfile.ZIP_DEFLATED) as book:
        for one, data in parts:
            book.writestr(one, data.replace(b'EXAMPLE', to))
V
for lang in zh en; do
    for form in csv xlsx; do
        filled=$work/filled-$lang-$form
        runs 0 "$weft" init "$filled" --kind drill --clock 2021-12-11T12:00+08:00
        runs 0 "$weft" fact "$filled" outbreak.declared outbreak=O-1 --at 2021-12-10T12:00
        for kind in persons places cases visits encounters contacts followups results tubes; do
            runs 0 "$weft" export "$filled" $kind "$work/filled.$form" --template --lang $lang
            id=T-1
            [ $kind != tubes ] || id=T-2 # the result of T-1 came with the results
            runs 0 python3 "$work/fill.py" "$work/filled.$form" $id
            runs 0 "$weft" import "$filled" $kind "$work/filled.$form" --preview --json
            has '"problem":null'
            has '"rows_read":1,"refused":0'
            runs 0 "$weft" import "$filled" $kind "$work/filled.$form" --strict --json
            has '"rows":1,"accepted":1,"had":0,"refused":0'
        done
    done
done
# The titles and the words are those of the language, and either is read.
runs 0 "$weft" export "$city" persons "$work/filled.csv" --template --lang zh
cat "$work/filled.csv" >"$work/out"
has '人员编号,姓名,性别,'
has 'EXAMPLE,虚构 Invented,女,'
printf '人员编号,sex,出生日期\nT-9,男,1981-02-03\n' >"$work/filled.csv"
runs 0 "$weft" import "$filled" persons "$work/filled.csv" --strict
runs 0 "$weft" export "$filled" persons "$work/filled.csv"
cat "$work/filled.csv" >"$work/out"
has 'T-9,,male,1981-02-03'
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
# What would become of it.
runs 0 "$weft" import "$city" cases "$work/linelist.csv" --profile who --preview
has 'patinfo_ID → case, person'
has '(none) → onset_kind'
has 'onset: of 1 dates the order has to be said (--dates); 0 can only have the day first, 0 the month'
has '     2  case=C-1 person=C-1 reported=09/12/2021'
has 'rows: 2; would be refused: 2; nothing was stored'
runs 0 "$weft" import "$city" cases "$work/linelist.csv" --profile who --dates day-first --preview
has '     2  case=C-1 person=C-1 reported=2021-12-09 onset=2021-12-08 symptomatic=yes classification=confirmed'
lacks 'has to be said'
runs 0 "$weft" import "$city" cases "$work/linelist.csv" --profile who --dates day-first --preview --json
has '"columns":[{"title":"patinfo_ID","fields":["case","person"]}'
# A header that does not fit says what it has.
runs 2 "$weft" import "$city" cases "$work/linelist.csv" --preview
has 'patinfo_ID → (left out)'
has '(none) → case, which is needed'
# A title above it is left out, and the row that was taken is said.
printf '名单,\n2021-12-11,\nperson,name\nT-1,甲\n' >"$work/titled.csv"
runs 0 "$weft" import "$city" persons "$work/titled.csv" --preview
has 'the header is line 3'
has '     4  person=T-1 name=甲'
runs 2 "$weft" import "$city" persons "$work/titled.csv" --header 2 --preview
has '2021-12-11 → (left out)'
runs 2 "$weft" import "$city" facts "$work/linelist.csv" --preview
has 'facts have no preview'
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
# What a hospital sends each day is said once.
cat >"$work/daily.yaml" <<'V'
kind: cases
fields:
  case: {column: 编号}
  person: {column: 证件}
  onset: {column: 发病}
V
printf '编号,证件,发病\nC-3,P-3,07/12/2021\n' >"$work/daily.csv"
runs 2 "$weft" import "$city" cases "$work/daily.csv" --map "$work/daily.yaml" --remember 'First hospital'
runs 2 "$weft" import "$city" cases "$work/cases.csv" --remember hospital
has 'no mapping to be remembered'
runs 0 "$weft" import "$city" cases "$work/daily.csv" --map "$work/daily.yaml" --dates day-first --remember hospital
rm "$work/daily.yaml"
runs 0 "$weft" import "$city" cases "$work/daily.csv" --profile hospital
has '1 row: 0 accepted, 1 had already, 0 refused'
runs 4 "$weft" import "$city" persons "$work/daily.csv" --profile hospital
runs 0 "$weft" export "$city" cases "$work/daily.csv" --profile hospital
cat "$work/daily.csv" >"$work/out"
has 'C-3,P-3,07/12/2021'

# Refused rows as a table with the reasons: mended, it goes in as it is.
printf 'person,name,birth\nM-1,"乙,二",never\n' >"$work/people.csv"
runs 0 "$weft" import "$city" persons "$work/people.csv"
has '1 row: 0 accepted, 0 had already, 1 refused'
file=$(sed -n 's|.*refused/||p' "$work/out")
runs 2 "$weft" refused "$city" export "$file" --out "$work/mend.txt"
has 'takes one .csv or .xlsx file'
runs 0 "$weft" refused "$city" export "$file" --out "$work/mend.csv"
tr -d "\r" <"$work/mend.csv" >"$work/out"
has 'person,name,birth,weft:line,weft:field,weft:reason'
has 'M-1,"乙,二",never,2,birth,this is not a date'
sed 's/never/1981-02-03/' "$work/mend.csv" >"$work/mended.csv"
runs 0 "$weft" import "$city" persons "$work/mended.csv"
has '1 row: 1 accepted, 0 had already, 0 refused'
runs 0 "$weft" refused "$city" export "$file" --out "$work/mend.xlsx"
runs 0 "$weft" import "$city" persons "$work/mend.xlsx" --sheet '#1'
has '1 row: 0 accepted, 0 had already, 1 refused'

# A word that is not known is told with those that are, in both languages.
printf 'person,sex\nM-2,f\n' >"$work/people.csv"
runs 0 "$weft" import "$city" persons "$work/people.csv"
file=$(sed -n 's|.*refused/||p' "$work/out")
runs 0 "$weft" refused "$city" export "$file" --out "$work/mend.csv"
tr -d "\r" <"$work/mend.csv" >"$work/out"
has 'M-2,f,2,sex,this is none of the words that are known (female male other)'
runs 0 "$weft" refused "$city" export "$file" --out "$work/mend.csv" --lang zh
tr -d "\r" <"$work/mend.csv" >"$work/out"
has 'M-2,f,2,sex,不在允许的词中（female male other）'
runs 0 "$weft" refused "$city" export "$file" --out "$work/mend.xlsx" --lang zh
unzip -p "$work/mend.xlsx" xl/worksheets/sheet1.xml >"$work/out"
has '不在允许的词中（female male other）'

# For R.
runs 0 "$weft" import "$city" persons - <<'V'
person,name,sex,birth
C-1,虚构甲,female,1964-05-31
V
runs 0 "$weft" export "$city" "$work/r" --for r
has 'linelist.csv: 3 rows'
head -1 "$work/r/persons.csv" | tr -d "\r" >"$work/out"
says 'person,sex,grid,occupation,present,present_place,absence_reason,absent_until,birth,drill'
grep ^C-1 "$work/r/linelist.csv" >"$work/out"
has 'C-1,C-1,NA,confirmed,NA,TRUE,2021-12-08T00:00:00+08:00'
cat "$work"/r/* >"$work/out"
lacks 虚构甲
grep 'linelist,onset' "$work/r/dictionary.csv" >"$work/out"
has 'linelist,onset,POSIXct,NA,'
runs 2 "$weft" export "$city" "$work/r" --for spss

runs 2 "$weft" import "$real" cases "$work/one.csv" --profile who
has 'a drill wrote this list'

# Dates that look wrong are taken and said, and the other reading is named.
printf 'case,person,reported,onset\nW-2,W-2,2021-12-11,2021-10-12\nW-3,W-3,2021-12-11,2021-12-10\n' >"$work/swapped.csv"
runs 0 "$weft" import "$city" cases "$work/swapped.csv" --preview
has 'onset=2021-10-12  ← look again at onset: day and month of 2021-10-12 may be swapped: 2021-12-10 would fit the rest'
runs 0 "$weft" import "$city" cases "$work/swapped.csv"
has 'day and month of 2021-10-12 may be swapped'
has 'rows that were taken and look wrong: 1'
runs 0 "$weft" fact "$city" case.reported case=W-4 outbreak=O-1 onset=2021-12-15 --at 2021-12-10T12:00
has 'accepted'
has 'the onset lies after the report'
runs 0 "$weft" fact "$city" case.reported case=W-4 outbreak=O-1 onset=2021-12-09 --at 2021-12-10T12:01 --json
lacks 'warning'

# Contacts: judged row by row as posts are, each row whole or not at all.
book=$work/book
runs 0 "$weft" init "$book" --kind drill --clock 2021-12-11T12:00+08:00
printf 'case,person,reported\nC-1,P-1,2021-12-10\n' >"$work/c.csv"
runs 0 "$weft" import "$book" cases "$work/c.csv"
cat >"$work/contacts.csv" <<'V'
case,person,outbreak,level,exposed_from,exposed_until,confirmed,reached,reached_by,placed,placed_in,dismissed,dismissed_for
C-1,P-2,O-1,close,2021-12-08,2021-12-09 10:00,2021-12-10 13:00,2021-12-10 15:00,phone,2021-12-10 18:00,site,,
C-1,P-3,,secondary,,2021-12-09,,,,,,,
C-1,P-1,O-1,close,,2021-12-09,,,,,,,
C-1,P-4,O-1,close,,,2021-12-10 13:00,,,,,2021-12-10 14:00,no_contact
C-1,P-5,O-1,close,,,,2021-12-10 14:00,,,,,
V
runs 0 "$weft" import "$book" contacts "$work/contacts.csv" --preview
has '     3  case=C-1 person=P-3 level=secondary exposed_until=2021-12-09'
has 'reached_by: a required field is empty'
has 'person: nobody is a contact of their own case'
has 'rows: 5; would be refused: 2; nothing was stored'
# Of which outbreak a row is cannot be guessed before one is declared.
runs 0 "$weft" import "$book" contacts "$work/contacts.csv" --json
has '"rows":5,"accepted":2,"had":0,"refused":3'
has 'it does not say of which outbreak'
has 'nobody is a contact of their own case'
runs 0 "$weft" fact "$book" outbreak.declared outbreak=O-1 --at 2021-12-10T12:00
runs 0 "$weft" import "$book" contacts "$work/contacts.csv" --json
has '"rows":5,"accepted":1,"had":2,"refused":2'
runs 0 "$weft" import "$book" contacts "$work/contacts.csv"
has '5 rows: 0 accepted, 3 had already, 2 refused'
file=$(sed -n 's|.*refused/||p' "$work/out")
runs 0 "$weft" export "$book" tracing/contacts "$work/k.csv"
cat "$work/k.csv" >"$work/out"
has 'C-1,P-2,O-1,close,placed,,2021-12-08 00:00:00,2021-12-09 10:00:00,,2021-12-10 13:00:00'
has 'C-1,P-3,O-1,secondary,confirmed'
has 'C-1,P-4,O-1,close,dismissed'
lacks 'P-5'
lacks 'C-1,P-1,'
# The mended rows go in as they are.
runs 0 "$weft" refused "$book" export "$file" --out "$work/mend.csv"
sed 's/2021-12-10 14:00,,,,,/2021-12-10 14:00,visit,,,,/' "$work/mend.csv" >"$work/mended.csv"
runs 0 "$weft" import "$book" contacts "$work/mended.csv"
has '2 rows: 1 accepted, 0 had already, 1 refused'
# Dates that may be two are asked for, and swapped ones said.
printf 'case,person,level,exposed_until\nC-1,P-6,close,09/12/2021\n' >"$work/asked.csv"
runs 2 "$weft" import "$book" contacts "$work/asked.csv"
has 'day or month'
printf 'case,person,level,exposed_until\nC-1,P-6,close,2022-09-12\nC-1,P-7,close,2021-09-12\n' >"$work/swapped.csv"
runs 0 "$weft" import "$book" contacts "$work/swapped.csv"
has 'rows that were taken and look wrong: 2'
# In the columns of others.
cat >"$work/rel.csv" <<'V'
uuid,source_visualid,target_uuid,date_of_last_contact,date_of_data_entry,context_of_exposure
r-1,C-1,P-8,2021-12-09,2021-12-10,NA
V
runs 0 "$weft" import "$book" contacts "$work/rel.csv" --profile godata
has '1 row: 1 accepted, 0 had already, 0 refused'
runs 0 "$weft" import "$book" contacts "$work/rel.csv" --profile godata
has '1 row: 0 accepted, 1 had already, 0 refused'
cat >"$work/sormas.csv" <<'V'
Contact,Contact,Contact,Contact,Contact,Person,Contact
sourceCaseUuid,contactClassification,firstContactDate,lastContactDate,contactProximity,person.uuid,reportDateTime
C-1,CONFIRMED,2021-12-08,2021-12-09,SAME_ROOM,P-9,2021-12-10
C-1,NO_CONTACT,2021-12-08,2021-12-09,,P-10,2021-12-10
C-1,CONFIRMED,2021-12-08,2021-12-09,FACE_TO_FACE_SHORT,P-11,2021-12-10
V
runs 0 "$weft" import "$book" contacts "$work/sormas.csv" --profile sormas
has '3 rows: 2 accepted, 0 had already, 1 refused'
# Why somebody was judged goes along: in words, or by the facts it rests on.
runs 0 "$weft" fact "$book" contact.confirmed case=C-1 person=P-20 outbreak=O-1 level=close judgement=虚构：同桌吃饭 --at 2021-12-11T09:00
# So does why they were dismissed, while they are.
runs 0 "$weft" fact "$book" contact.confirmed case=C-1 person=P-21 outbreak=O-1 level=close judgement=虚构：同车 --at 2021-12-11T08:00
runs 0 "$weft" fact "$book" contact.dismissed case=C-1 person=P-21 outbreak=O-1 reason=no_contact judgement=虚构：前一班车 --at 2021-12-11T09:00
runs 0 "$weft" fact "$book" contact.confirmed case=C-1 person=P-22 outbreak=O-1 level=close judgement=虚构：同车 --at 2021-12-11T08:00
runs 0 "$weft" fact "$book" contact.dismissed case=C-1 person=P-22 outbreak=O-1 reason=no_contact judgement=虚构：看错名单 --at 2021-12-11T09:00
runs 0 "$weft" fact "$book" contact.confirmed case=C-1 person=P-22 outbreak=O-1 level=close judgement=虚构：确在车上 --at 2021-12-11T10:00
printf 'case,person,level,dismissed_because\nC-1,P-23,close,虚构\n' >"$work/wordy.csv"
runs 0 "$weft" import "$book" contacts "$work/wordy.csv"
has 'dismissed: a required field is empty'
# Out and back: into an empty city, where they are the same list again.
runs 0 "$weft" init "$work/empty" --kind drill --clock 2021-12-11T12:00+08:00
runs 0 "$weft" export "$book" contacts "$work/list.csv"
cat "$work/list.csv" >"$work/out"
has 'C-1,P-2,O-1,close,2021-12-08,2021-12-09T10:00'
has 'C-1,P-11,O-1,general,2021-12-08,2021-12-09,,按导入名单判定 as the list says,2021-12-10'
has 'C-1,P-20,O-1,close,,,,虚构：同桌吃饭,2021-12-11T09:00:00+08:00'
has ',site,,'
has 'C-1,P-21,O-1,close,,,,虚构：同车,2021-12-11T08:00:00+08:00,,,,,2021-12-11T09:00:00+08:00,no_contact,虚构：前一班车'
has '虚构：确在车上,2021-12-11T10:00:00+08:00,,,,,,,'
lacks '看错名单'
runs 0 "$weft" import "$work/empty" contacts "$work/list.csv" --strict
runs 0 "$weft" export "$work/empty" contacts "$work/again.csv"
runs 0 cmp "$work/list.csv" "$work/again.csv"
runs 0 "$weft" export "$book" contacts "$work/list.xlsx"
runs 0 "$weft" import "$work/empty" contacts "$work/list.xlsx"
has '0 accepted'
# Work is the person's, under whichever of their ids it was done: as soon as one of them was
# reached or placed, and where the last was placed. Elsewhere it is not theirs.
runs 0 "$weft" init "$work/ids" --kind drill --clock 2021-12-11T12:00+08:00
runs 0 "$weft" fact "$work/ids" outbreak.declared outbreak=O-1 --at 2021-12-10T12:00
printf 'case,person,level,confirmed\nC-1,P-2,close,2021-12-10 13:00\nC-1,P-3,close,2021-12-10 13:00\n' >"$work/two.csv"
runs 0 "$weft" import "$work/ids" contacts "$work/two.csv"
runs 0 "$weft" fact "$work/ids" person.same a=P-2 b=P-92
runs 0 "$weft" fact "$work/ids" person.same a=P-92 b=P-93
runs 0 "$weft" fact "$work/ids" contact.reached outbreak=O-1 person=P-92 how=visit --at 2021-12-10T15:30
runs 0 "$weft" fact "$work/ids" contact.reached outbreak=O-1 person=P-2 how=phone --at 2021-12-10T16:30
runs 0 "$weft" fact "$work/ids" contact.placed outbreak=O-1 person=P-93 where=home --at 2021-12-10T17:30
runs 0 "$weft" fact "$work/ids" contact.placed outbreak=O-1 person=P-92 where=site --at 2021-12-10T18:30
runs 0 "$weft" fact "$work/ids" contact.placed outbreak=O-2 person=P-92 where=hospital --at 2021-12-10T19:30
runs 0 "$weft" export "$work/ids" contacts "$work/list.csv"
cat "$work/list.csv" >"$work/out"
has ',2021-12-10T13:00:00+08:00,2021-12-10T15:30:00+08:00,visit,2021-12-10T17:30:00+08:00,site,,'
lacks hospital
grep P-3 "$work/list.csv" >"$work/out"
has ',2021-12-10T13:00:00+08:00,,,,,,,'
# In the columns of others, as far as these carry it: SORMAS' template has no word for a
# secondary contact, so that the way back asks for it.
runs 0 "$weft" export "$book" contacts "$work/template.csv" --profile sormas-template
grep P-3 "$work/template.csv" >"$work/out"
lacks 'RISK'
runs 0 "$weft" init "$work/template" --kind drill --clock 2021-12-11T12:00+08:00
runs 0 "$weft" fact "$work/template" outbreak.declared outbreak=O-1 --at 2021-12-10T12:00
runs 0 "$weft" import "$work/template" contacts "$work/template.csv" --profile sormas-template
has ' 1 refused'
has 'level: a required field is empty'
runs 0 "$weft" export "$work/template" contacts "$work/list.csv"
grep P-20 "$work/list.csv" >"$work/out"
has 'C-1,P-20,O-1,close,,,,虚构：同桌吃饭,2021-12-11T09:00:00+08:00'
grep P-11 "$work/list.csv" >"$work/out"
has ',general,'
for profile in godata sormas; do
    runs 0 "$weft" init "$work/$profile" --kind drill --clock 2021-12-11T12:00+08:00
    runs 0 "$weft" fact "$work/$profile" outbreak.declared outbreak=O-1 --at 2021-12-10T12:00
    runs 0 "$weft" export "$book" contacts "$work/list.csv" --profile $profile
    runs 0 "$weft" import "$work/$profile" contacts "$work/list.csv" --profile $profile
    runs 0 "$weft" export "$work/$profile" contacts "$work/again.csv" --profile $profile
    cp "$work/again.csv" "$work/out"
    runs 0 cmp "$work/list.csv" "$work/again.csv"
done

# What was done for them in the outbreak that their case came to have goes out with them.
runs 0 "$weft" fact "$work/template" contact.confirmed case=C-9 person=P-91 outbreak=O-7 level=close judgement=虚构：邻桌 --at 2021-12-10T12:00
runs 0 "$weft" fact "$work/template" contact.reached outbreak=O-7 person=P-91 how=phone --at 2021-12-10T13:00
runs 0 "$weft" fact "$work/template" case.reported case=C-9 outbreak=O-8 --at 2021-12-10T14:00
runs 0 "$weft" fact "$work/template" contact.placed outbreak=O-8 person=P-91 where=site --at 2021-12-10T15:00
runs 0 "$weft" export "$work/template" contacts "$work/list.csv"
grep P-91 "$work/list.csv" >"$work/out"
has '2021-12-10T13:00:00+08:00,phone,2021-12-10T15:00:00+08:00,site'

# The table for R has their follow-up, and the dictionary each column of it. Whom nobody
# knows yet has a table, too, and what somebody said of them stays in the city.
runs 0 "$weft" fact "$book" contact.unidentified contact=K-1 case=C-1 outbreak=O-1 level=close description=虚构红帽 exposed_until=2021-12-09T12:00 --at 2021-12-10T12:00
runs 0 "$weft" fact "$book" contact.unidentified contact=K-2 case=C-1 outbreak=O-1 description=虚构蓝帽 --at 2021-12-10T12:00
runs 0 "$weft" fact "$book" contact.identified contact=K-2 case=C-1 outbreak=O-1 person=P-2 --at 2021-12-10T14:00
runs 0 "$weft" export "$book" "$work/r2" --for r
has 'unidentified.csv: 2 rows'
tr -d '\r' <"$work/r2/unidentified.csv" >"$work/out"
has 'contact_id,case_id,outbreak,level,place,exposed_from,exposed_until,told_at,person,identified_at,grid,drill'
has 'K-1,C-1,O-1,close,NA,NA,2021-12-09T12:00:00+08:00,2021-12-10T12:00:00+08:00,NA,NA,'
has 'K-2,C-1,O-1,NA,NA,NA,NA,2021-12-10T12:00:00+08:00,P-2,2021-12-10T14:00:00+08:00,'
cat "$work"/r2/* >"$work/out"
lacks 虚构红帽
grep '^unidentified,exposed_until' "$work/r2/dictionary.csv" >"$work/out"
has 'unidentified,exposed_until,POSIXct,NA,'
for column in $(head -1 "$work/r2/contacts.csv" | tr -d '\r' | tr , ' '); do
    runs 0 grep -q "^contacts,$column," "$work/r2/dictionary.csv"
done
grep '^C-1,P-2' "$work/r2/contacts.csv" >"$work/out"
has '2021-12-10T15:00:00+08:00,2021-12-10T18:00:00+08:00,site'

# SORMAS' files as they are: semicolons, German titles, cases and contacts by their uuid.
s=$work/uuid
runs 0 "$weft" init "$s" --kind drill --clock 2021-12-11T12:00+08:00
runs 0 "$weft" fact "$s" outbreak.declared outbreak=O-1 --at 2021-12-10T12:00
cat >"$work/cases.csv" <<'V'
Case;Case;Case;Person;Person;Person;Person;Person;Case;Case;Case;Case
uuid;epidNumber;disease;person.uuid;person.firstName;person.lastName;person.sex;person.phone;person.deathDate;reportDate;caseClassification;symptoms.onsetDate;symptoms.symptomatic
CASE-U1;EPID-1;CORONAVIRUS;PERS-U1;虚构;"甲; 一";FEMALE;;;2021-12-09;CONFIRMED_NO_SYMPTOMS;;NO
CASE-U2;EPID-2;CORONAVIRUS;PERS-U2;虚构;乙;MALE;;;2021-12-09;NO_CASE;;
CASE-U3;EPID-3;CORONAVIRUS;PERS-U3;虚构;丙;MALE;;;2021-12-09;SOMETHING_NEW;;
V
runs 0 "$weft" import "$s" cases "$work/cases.csv" --profile sormas-detailed --preview
has 'uuid → case'
has 'epidNumber → known_as'
has 'disease → (left out)'
runs 0 "$weft" import "$s" cases "$work/cases.csv" --profile sormas-detailed
has '3 rows: 2 accepted, 0 had already, 1 refused'
file=$(sed -n 's|.*refused/||p' "$work/out")
# The line listing, which knows no uuid, would make second cases of them: all are counted
# before anything is stored, and joined where that is asked for.
printf 'epidNumber,reportDate,symptoms.onsetDate\nEPID-1,2021-12-09,2021-12-08\nEPID-8,2021-12-09,\n' >"$work/listing.csv"
runs 0 "$weft" import "$s" cases "$work/listing.csv" --profile sormas --preview
has 'look again at case: this is another number of a case that is there'
has 'rows that name a case by another of its numbers: 1; they become second cases'
runs 0 "$weft" import "$s" cases "$work/listing.csv" --profile sormas --preview --join
has 'rows that name a case by another of its numbers, and are of it: 1'
cp -r "$s" "$work/joined"
runs 0 "$weft" import "$work/joined" cases "$work/listing.csv" --profile sormas --join
has '2 rows: 2 accepted, 0 had already, 0 refused'
runs 0 "$weft" export "$work/joined" cases "$work/joined.csv"
cp "$work/joined.csv" "$work/out"
has 'CASE-U1,PERS-U1,2021-12-09,2021-12-08'
has 'EPID-8,EPID-8,2021-12-09'
lacks 'EPID-1,EPID-1'
runs 0 "$weft" refused "$s" export "$file" --out "$work/mend.csv"
tr -d '\r' <"$work/mend.csv" >"$work/out"
has 'CASE-U3,EPID-3,CORONAVIRUS,PERS-U3,虚构,丙,MALE,,,2021-12-09,SOMETHING_NEW,,,5,classification'
runs 0 "$weft" import "$s" persons "$work/cases.csv" --profile sormas-detailed --strict
cat >"$work/contacts.csv" <<'V'
Contact;Contact;Contact;Contact;Contact;Person;Contact
sourceCaseUuid;contactClassification;firstContactDate;lastContactDate;contactProximity;person.uuid;reportDateTime
CASE-U1;CONFIRMED;2021-12-08;2021-12-09;CLOSE_CONTACT;PERS-U1;2021-12-10
CASE-U1;CONFIRMED;2021-12-08;2021-12-09;CLOSE_CONTACT;PERS-U5;2021-12-10
CASE-U2;CONFIRMED;2021-12-08;2021-12-09;CLOSE_CONTACT;PERS-U5;2021-12-10
V
# Contacts that name a case by another of its numbers are of that case. A list that comes
# before its cases joins nothing yet: said row by row, and taken; the list of cases says
# that it is waited for, and once it comes again the same is known as in the other order.
cat >"$work/epid.csv" <<'V'
sourceCaseUuid,contactClassification,firstContactDate,lastContactDate,contactProximity,person.uuid,reportDateTime
CASE-U1,CONFIRMED,2021-12-08,2021-12-09,CLOSE_CONTACT,PERS-U5,2021-12-10
EPID-1,CONFIRMED,2021-12-08,2021-12-09,CLOSE_CONTACT,PERS-U6,2021-12-10
V
for order in before after; do
    o=$work/$order
    runs 0 "$weft" init "$o" --kind drill --clock 2021-12-11T12:00+08:00
    runs 0 "$weft" fact "$o" outbreak.declared outbreak=O-1 --at 2021-12-10T12:00
    [ $order = after ] || runs 0 "$weft" import "$o" cases "$work/cases.csv" --profile sormas-detailed
    runs 0 "$weft" import "$o" contacts "$work/epid.csv" --profile sormas --preview
    if [ $order = before ]; then
        lacks 'look again'
    else
        has 'look again at case: no case of this id is known here'
        has 'rows that would be taken and look wrong: 2'
    fi
    runs 0 "$weft" import "$o" contacts "$work/epid.csv" --profile sormas
    if [ $order = before ]; then
        lacks 'look wrong'
    else
        has 'no case of this id is known here'
        has 'in the column known_as'
        has 'epid.csv:3: case'
        has 'rows that were taken and look wrong: 2'
        runs 0 "$weft" import "$o" cases "$work/cases.csv" --profile sormas-detailed --preview
        has 'contacts under other numbers of these cases: 1'
        runs 0 "$weft" import "$o" cases "$work/cases.csv" --profile sormas-detailed
        has 'cases.csv:3: known_as: contacts stand under this number already'
        runs 0 "$weft" import "$o" contacts "$work/epid.csv" --profile sormas
        has '2 rows: 1 accepted, 1 had already, 0 refused'
    fi
    runs 0 "$weft" import "$o" contacts "$work/epid.csv" --profile sormas --json
    has '"accepted":0,"had":2'
    runs 0 "$weft" export "$o" contacts "$work/list.csv"
    # Whoever stood under the other number is dismissed there, with the reason.
    grep -c 'EPID-1,PERS-U6.*,no_case,' "$work/list.csv" >"$work/out" || true
    says "$([ $order = before ] && echo 0 || echo 1)"
    grep -v '^EPID-1,' "$work/list.csv" >"$work/$order.csv"
done
runs 0 cmp "$work/before.csv" "$work/after.csv"
grep PERS-U6 "$work/before.csv" >"$work/out"
has 'CASE-U1,PERS-U6,O-1,close'
# The numbers go out in the columns in which they came, and into another city. Rows that
# are made again from the ledger are the same.
runs 0 "$weft" export "$o" cases "$work/numbers.csv" --profile sormas-detailed
cat "$work/numbers.csv" >"$work/out"
has 'CASE-U1,PERS-U1,2021-12-09,,NO,CONFIRMED_NO_SYMPTOMS,,EPID-1,,CORONAVIRUS'
runs 0 "$weft" init "$work/elsewhere" --kind drill --clock 2021-12-11T12:00+08:00
runs 0 "$weft" import "$work/elsewhere" cases "$work/numbers.csv" --profile sormas-detailed --strict
rm "$work/elsewhere/records.db"*
runs 0 "$weft" view "$work/elsewhere" cases/numbers
has 'EPID-1  CASE-U1'
runs 0 "$weft" export "$work/elsewhere" cases "$work/again.csv" --profile sormas-detailed
runs 0 cmp "$work/numbers.csv" "$work/again.csv"
# SORMAS' own template for contacts names the case by its id in the other system, which is
# the third of its numbers.
cat >"$work/external.csv" <<'V'
Case;Case;Person;Person;Case;Case;Case;Case;Case
uuid;epidNumber;person.uuid;person.deathDate;reportDate;caseClassification;symptoms.onsetDate;symptoms.symptomatic;externalID
CASE-U7;EPID-7;PERS-U70;;2021-12-09;CONFIRMED;2021-12-08;YES;EXT-7
V
runs 0 "$weft" import "$o" cases "$work/external.csv" --profile sormas-detailed
cat >"$work/template.csv" <<'V'
caseIdExternalSystem;person.externalId;contactCategory;firstContactDate;lastContactDate;relationDescription;reportDateTime
EXT-7;PERS-U71;HIGH_RISK;2021-12-08;2021-12-09;虚构;2021-12-10
V
runs 0 "$weft" import "$o" contacts "$work/template.csv" --profile sormas-template --strict
lacks 'look wrong'
runs 0 "$weft" export "$o" contacts "$work/list.csv"
grep PERS-U71 "$work/list.csv" >"$work/out"
has 'CASE-U7,PERS-U71,O-1,close'
# Whatever takes a case takes any of its numbers, and says which case it is.
runs 0 "$weft" work "$o" --case EXT-7
has 'PERS-U71'
has 'case CASE-U7, also known as EXT-7'
runs 0 "$weft" work "$o" --case CASE-U7
lacks 'also known as'
printf 'place,kind\nM-1,market\n' >"$work/place.csv"
runs 0 "$weft" import "$o" places "$work/place.csv" --strict
for verb in work contacts 'contacts --plain' 'who --place M-1'; do
    # shellcheck disable=SC2086 # the verb with its options
    runs 0 "$weft" ${verb%% *} "$o" $(echo "$verb " | cut -d' ' -f2-) --case EPID-7 --json
    has '"case":"CASE-U7"'
done
runs 0 "$weft" clock "$o" --case EPID-7
has 'CASE-U7'
runs 0 "$weft" source "$o" --cases EPID-7,CASE-U7 --json
has '"cases":1'
# A fact names it by its own id, and is told which; a file of facts as well, whose lines
# are kept, and what came before its case is had.
runs 2 "$weft" fact "$o" contact.named case=EPID-7 person=PERS-U72 outbreak=O-1 how=interview
has 'this is another number of case CASE-U7'
has "write the case's own id: CASE-U7"
# A report under it is one more case, and that is said.
cat >"$work/second.ndjson" <<'V'
{"device":"S-1","seq":11,"kind":"case.reported","at":"2021-12-11T09:00:00+08:00","body":{"case":"EPID-7"}}
{"device":"S-1","seq":12,"kind":"case.reported","at":"2021-12-11T09:00:00+08:00","body":{"case":"CASE-U8","known_as":"EXT-7"}}
V
cp -r "$o" "$work/second"
runs 0 "$weft" import "$work/second" facts "$work/second.ndjson"
has 'second.ndjson:1: case: this is another number of case CASE-U7'
has 'second.ndjson:2: known_as: another case goes by this number too'
runs 0 "$weft" fact "$work/second" case.reported case=CASE-U10 known_as=EPID-7
has 'another case goes by this number too'
runs 0 "$weft" fact "$work/second" case.reported case=EXT-7
has "say it of the case's own id: CASE-U7"
cat >"$work/named.ndjson" <<'V'
{"device":"S-1","seq":1,"kind":"contact.named","at":"2021-12-11T09:00:00+08:00","body":{"case":"EPID-9","person":"PERS-U73","outbreak":"O-1","how":"interview"}}
{"device":"S-1","seq":2,"kind":"contact.named","at":"2021-12-11T09:00:00+08:00","body":{"case":"EXT-7","person":"PERS-U73","outbreak":"O-1","how":"interview"}}
V
runs 0 "$weft" import "$o" facts "$work/named.ndjson"
has '2 rows: 1 accepted, 0 had already, 1 refused'
has 'named.ndjson:2: case: this is another number of case CASE-U7'
printf 'case,known_as,reported\nCASE-U9,EPID-9,2021-12-09\n' >"$work/nine.csv"
runs 0 "$weft" import "$o" cases "$work/nine.csv"
runs 0 "$weft" import "$o" facts "$work/named.ndjson"
has '2 rows: 0 accepted, 1 had already, 1 refused'
runs 0 "$weft" holes "$o" --kind cases/contacts_wait
has 'CASE-U9'
runs 0 "$weft" view "$o" cases/contacts_wait
has 'EPID-9  CASE-U9'
runs 0 "$weft" fact "$o" contact.named case=CASE-U9 person=PERS-U73 outbreak=O-1 how=interview
runs 0 "$weft" fact "$o" contact.dismissed case=EPID-9 person=PERS-U73 outbreak=O-1 reason=no_case
runs 0 "$weft" view "$o" cases/contacts_wait
lacks 'EPID-9'
runs 4 "$weft" work "$o" --case EPID-70
has 'there is no case with this id'
# Two cases of one number: said of the list of cases, and no contact is taken as either's.
printf 'case,known_as\nCASE-U4,EPID-1\n' >"$work/shared.csv"
runs 0 "$weft" import "$o" cases "$work/shared.csv"
has 'shared.csv:2: known_as: another case goes by this number too'
sed 's/PERS-U6/PERS-U9/' "$work/epid.csv" >"$work/later.csv"
runs 0 "$weft" import "$o" contacts "$work/later.csv" --profile sormas --preview
has 'would be refused: 1'
runs 0 "$weft" import "$o" contacts "$work/later.csv" --profile sormas
has 'later.csv:3: case: several cases go by this number'
has '2 rows: 0 accepted, 1 had already, 1 refused'
runs 2 "$weft" work "$o" --case EPID-1
has 'several cases go by this number: CASE-U1, CASE-U4'
runs 2 "$weft" clock "$o" --case EPID-1
has 'several cases go by this number: CASE-U1, CASE-U4'
# They join: nobody is a contact of their own case, or of one that is none.
runs 0 "$weft" import "$s" contacts "$work/contacts.csv" --profile sormas
has 'nobody is a contact of their own case'
has '3 rows: 1 accepted, 0 had already, 2 refused'
# The level goes out and comes back, each of them, and a contact's category decides before
# how near they were. What SORMAS shows instead of its own words is read as these.
g=$work/levels
runs 0 "$weft" init "$g" --kind drill --clock 2021-12-11T12:00+08:00
runs 0 "$weft" fact "$g" outbreak.declared outbreak=O-1 --at 2021-12-10T12:00
cat >"$work/contacts.csv" <<'V'
sourceCaseUuid;contactClassification;firstContactDate;lastContactDate;contactProximity;person.uuid;reportDateTime;contactCategory
U1;CONFIRMED;;2021-12-09;SAME_ROOM;near;2021-12-10;
U1;CONFIRMED;;2021-12-09;FACE_TO_FACE_SHORT;far;2021-12-10;
U1;CONFIRMED;;2021-12-09;SAME_ROOM;near-low;2021-12-10;LOW_RISK
U1;CONFIRMED;;2021-12-09;MEDICAL_DISTANT;far-high;2021-12-10;HIGH_RISK_MED
U1;CONFIRMED;;2021-12-09;;none-said;2021-12-10;
U1;CONFIRMED;;2021-12-09;;no-risk;2021-12-10;NO_RISK
U1;UNCONFIRMED;;2021-12-09;SAME_ROOM;not-judged;2021-12-10;HIGH_RISK
U1;Confirmed contact;;2021-12-09;Face-to-face contact of less than 15 minutes;en-far;2021-12-10;
U1;Not a contact;;2021-12-09;Face-to-face contact of less than 15 minutes;en-none;2021-12-10;
U1;Bestätigter Kontakt;;2021-12-09;Direkter Kontakt;de-near;2021-12-10;
U1;Bestätigter Kontakt;;2021-12-09;Direkter Kontakt;de-low;2021-12-10;Kontaktperson der Kategorie II (geringes Infektionsrisiko)
U1;Bestätigter Kontakt;;2021-12-09;Medizinisches Personal >2m;de-unclear;2021-12-10;
V
runs 0 "$weft" import "$g" contacts "$work/contacts.csv" --profile sormas
has '12 rows: 8 accepted, 0 had already, 4 refused'
printf 'case,person,level,exposed_until,confirmed\nU1,second,secondary,2021-12-09,2021-12-10\n' >"$work/second.csv"
runs 0 "$weft" import "$g" contacts "$work/second.csv" --strict
runs 0 "$weft" export "$g" contacts "$work/levels.csv"
tr -d '\r' <"$work/levels.csv" | sed 1,2d | cut -d, -f2,4 >"$work/out"
says 'de-low,general
de-near,close
en-far,general
far,general
far-high,close
near,close
near-low,general
none-said,close
second,secondary'
runs 0 "$weft" export "$g" contacts "$work/out.csv" --profile sormas
runs 0 "$weft" init "$work/levels2" --kind drill --clock 2021-12-11T12:00+08:00
runs 0 "$weft" fact "$work/levels2" outbreak.declared outbreak=O-1 --at 2021-12-10T12:00
runs 0 "$weft" import "$work/levels2" contacts "$work/out.csv" --profile sormas --strict
runs 0 "$weft" export "$work/levels2" contacts "$work/again.csv"
runs 0 cmp "$work/levels.csv" "$work/again.csv"
# Cases and their samples as SORMAS shows them.
cat >"$work/cases.csv" <<'V'
uuid;person.uuid;person.deathDate;reportDate;caseClassification;symptoms.onsetDate;symptoms.symptomatic;sampleUuid1;sampleDateTime1;sampleLab1;sampleResult1
K1;P1;;2021-12-09;Confirmed case with no symptoms;;No;S1;2021-12-09;L;Positive
K2;P2;;2021-12-09;C. Klinisch-labordiagnostisch bestätigt;;Ja;S2;2021-12-09;L;Negativ
K3;P3;;2021-12-09;X. kein Fall;;Unbekannt;S3;2021-12-09;L;Ausstehend
K4;P4;;2021-12-09;0. Nicht klassifiziert;;;S4;2021-12-09;L;Indeterminate
V
runs 0 "$weft" import "$g" cases "$work/cases.csv" --profile sormas-detailed --strict
runs 0 "$weft" import "$g" results "$work/cases.csv" --profile sormas --strict
runs 0 "$weft" export "$g" cases "$work/list.csv"
tr -d '\r' <"$work/list.csv" | cut -d, -f1,7,10 | grep '^K' >"$work/out"
says 'K1,no,asymptomatic
K2,yes,confirmed
K3,,not_a_case
K4,,'
runs 0 "$weft" export "$g" results "$work/list.csv"
tr -d '\r' <"$work/list.csv" | cut -d, -f1,8 | grep '^S' >"$work/out"
says 'S1,positive
S2,negative
S3,
S4,grey'
cat >"$work/einreise.csv" <<'V'
externalId;disease;reportDate;Nachname;Vorname;Geschlecht;Geburtsdatum;Tel. persönlich
E-1;CORONAVIRUS;09.12.2021;Erfunden;Anna;weiblich;03.04.1970;
V
runs 2 "$weft" import "$s" persons "$work/einreise.csv" --profile sormas-einreise
has 'day or month'
runs 0 "$weft" import "$s" persons "$work/einreise.csv" --profile sormas-einreise --dates day-first --strict
runs 0 "$weft" export "$s" persons "$work/list.csv"
grep E-1 "$work/list.csv" >"$work/out"
has 'E-1,Anna Erfunden,female,1970-04-03'

# A retry of contacts, as they are, once it is known which outbreak it is; and with tabs.
runs 0 "$weft" init "$work/retry" --kind drill --clock 2021-12-11T12:00+08:00
printf 'Fall\tWer\tStufe\nC-1\tP-2\tclose\nC-1\tP-3\tsecondary\n' >"$work/tabs.txt"
cat >"$work/stufen.yaml" <<'V'
kind: contacts
fields:
  case: {column: Fall}
  person: {column: Wer}
  level: {column: Stufe}
V
runs 0 "$weft" import "$work/retry" contacts "$work/tabs.txt" --map "$work/stufen.yaml" --remember stufen
has '2 rows: 0 accepted, 0 had already, 2 refused'
runs 0 "$weft" fact "$work/retry" outbreak.declared outbreak=O-1 --at 2021-12-10T12:00
runs 0 "$weft" refused "$work/retry" retry
has '2 accepted'
runs 0 "$weft" import "$work/retry" contacts "$work/tabs.txt" --profile stufen
has '2 rows: 0 accepted, 2 had already, 0 refused'
runs 0 "$weft" export "$work/retry" contacts "$work/list.csv" --profile stufen
cat "$work/list.csv" >"$work/out"
has 'C-1,P-3,secondary'
finish
