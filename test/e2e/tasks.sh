#!/bin/sh
# Holes become tasks through the real program, once; facts close them, and open them again.
. "$(dirname "$0")/run.sh"
weft=$1
city=$work/city
post=testing@320282003
kind=testing/tube_no_result

seal() { runs 0 "$weft" fact "$city" tube.sealed tube="$1" count=2 --at "$2" --grid "$3"; }
make() { runs 0 "$weft" task "$city" --holes $kind --post $post --due 2021-12-12T12:00 --json "$@"; }
propose() { runs 0 "$weft" task "$city" --holes "$@" --propose --json; }

runs 0 "$weft" init "$city" --kind drill --clock 2021-12-12T08:00+08:00
seal T-1 2021-12-11T08:00 320282003
seal T-2 2021-12-11T09:00 320282003
seal T-3 2021-12-11T09:00 320282004
make --grid 320282003
has '{"made":2,"had":0,"left":0,"nobody":0}'
make
has '{"made":1,"had":2,"left":0,"nobody":0}'
make
has '{"made":0,"had":3,"left":0,"nobody":0}'

runs 0 "$weft" view "$city" command/tasks state=open --json
has '"rows":3'
# The list of holes says whose each is.
runs 0 "$weft" holes "$city" --kind $kind --json
has '"task_post":"testing@320282003","task_state":"open","task_since":"2021-12-12T08:00'
lacks '"task":null'
runs 0 "$weft" holes "$city" --kind $kind
has 'assigned testing@320282003'
# Whom a roster can name: no resident, and nobody who has left.
for user in wang zhao; do
    runs 0 "$weft" user "$city" add $user --role sampler --grid 320282003
done
runs 0 "$weft" user "$city" add li --role resident
runs 0 "$weft" user "$city" remove zhao --reason left
runs 0 "$weft" view "$city" command/staff --json
has '"user_id":"wang","role":"sampler","grid":"320282003"'
has '"rows":1'
runs 0 "$weft" fact "$city" post.held post=$post user=wang from=2021-12-12T06:00 until=2021-12-12T20:00
runs 0 "$weft" view "$city" command/posts --json
has '"holder":"wang"'
has '"tasks":3'

# Only a fact closes one; withdrawn, it opens again.
runs 0 "$weft" fact "$city" tube.resulted tube=T-1 result=negative --device L-1 --seq 1
runs 0 "$weft" view "$city" command/tasks state=closed --json
has '"subject":"T-1"'
runs 0 "$weft" fact "$city" fact.withdrawn device=L-1 seq=1 reason=mistyped
runs 0 "$weft" view "$city" command/tasks state=closed --json
has '"rows":0'

# An instruction that nobody answers in time is a hole as any other.
runs 0 "$weft" fact "$city" instruction.received instruction=I-1 source=Province asks=count \
    reply_by=2021-12-12T07:00 --at 2021-12-12T06:00
runs 0 "$weft" task "$city" --holes command/instruction_no_reply --post command@320282 \
    --due 2021-12-12T12:00
has '1 tasks were made'
runs 0 "$weft" fact "$city" instruction.answered instruction=I-1 answer=done
runs 0 "$weft" view "$city" command/tasks state=closed --json
has '"subject":"I-1"'

# A contact who is a case of the outbreak became one: nobody has to say it twice.
is_owed() { runs 0 "$weft" holes "$city" --kind tracing/contact_not_reached --all --json; }
runs 0 "$weft" fact "$city" case.reported case=C-1 person=P-1 outbreak=O-1 --at 2021-12-11T08:00
runs 0 "$weft" fact "$city" contact.confirmed case=C-1 person=P-2 outbreak=O-1 level=close \
    judgement=met --at 2021-12-11T09:00
is_owed
has 'P-2'
runs 0 "$weft" fact "$city" case.reported case=C-2 person=P-2 outbreak=O-1 --at 2021-12-11T10:00
is_owed
lacks 'P-2'
runs 0 "$weft" fact "$city" case.classified case=C-2 classification=not_a_case
is_owed
has 'P-2'

# How many there are of each kind, whatever the length of the list.
runs 0 "$weft" view "$city" command/task_counts --json
has '"hole":"testing/tube_no_result"'
has '"tasks":3'

# A letter says what its next step is, by when and whose; that it was answered in full is
# no time at which somebody was put under control, and neither is that nobody was found.
letters() { runs 0 "$weft" view "$city" tracing/letters --json; }
answer() { runs 0 "$weft" fact "$city" letter.answered letter=$1 answer=$2 --at $3; }
for letter in X-1 X-2 X-3; do
    runs 0 "$weft" fact "$city" letter.received letter=$letter region=elsewhere about=control \
        --at 2021-12-12T05:00 --grid 320282003
done
letters
has '"letter_id":"X-1","outgoing":false,"region":"elsewhere","about":"control","next_step":"first_check","turn":"2021-12-12T07:00:00+08:00","owner":"tracing"'
answer X-1 checked 2021-12-12T05:30
letters
has '"next_step":"under_control","turn":"2021-12-12T13:00:00+08:00"'
answer X-1 done 2021-12-12T06:00
answer X-2 not_found 2021-12-12T06:10
answer X-3 under_control 2021-12-12T06:20
answer X-3 done 2021-12-12T07:00
letters
has '"next_step":null,"turn":null,"owner":null'
has '"checked_at":"2021-12-12T05:30:00+08:00","controlled_at":null,"not_found_at":null,"done_at":"2021-12-12T06:00:00+08:00"'
has '"controlled_at":null,"not_found_at":"2021-12-12T06:10:00+08:00","done_at":"2021-12-12T06:10:00+08:00"'
has '"controlled_at":"2021-12-12T06:20:00+08:00","not_found_at":null,"done_at":"2021-12-12T07:00:00+08:00","answered_at":"2021-12-12T07:00:00+08:00"'

# What one shift tells the next says who wrote it, and when.
runs 0 "$weft" fact "$city" shift.handed_over post=$post note=tube_4_is_late next=zhao \
    --at 2021-12-12T07:30 --device user/wang --seq 1
runs 0 "$weft" view "$city" command/handovers --json
has '"author":"user/wang","next":"zhao","handed_at":"2021-12-12T07:30:00+08:00"'

# Each hole to its own post: of its group the nearest above it that a roster names.
held() { runs 0 "$weft" fact "$city" post.held post="$1" user=wang from=2021-12-12T06:00 until=2021-12-12T20:00; }
seal T-4 2021-12-11T07:00 320282003105
seal T-5 2021-12-11T07:00 320282005
seal T-6 2021-12-11T07:00 320281001
seal T-7 2021-12-12T07:50 320282005
propose $kind
has '{"post":"testing@320282003","holder":"wang","why":"","group":"testing","grid":"320282003","holes":1}'
has '{"post":"","holder":"","why":"no_roster","group":"testing","grid":"320282005","holes":1}'
has '"why":"no_roster","group":"testing","grid":"320281001","holes":1}'
has '{"summary":{"listed":6,"holes":6,"had":3,"nobody":2}}'
held testing@320282
propose $kind
has '{"post":"testing@320282","holder":"wang","why":"","group":"testing","grid":"320282","holes":1}'
# What is not due is taken where it is listed, and only there.
propose $kind --all
has '{"post":"testing@320282","holder":"wang","why":"","group":"testing","grid":"320282","holes":2}'
has '{"summary":{"listed":7,"holes":7,"had":3,"nobody":1}}'
runs 0 "$weft" task "$city" --holes $kind --due 2021-12-12T12:00 --json
has '{"made":2,"had":3,"left":0,"nobody":1}'
runs 0 "$weft" task "$city" --holes $kind --due 2021-12-12T12:00 --all --json
has '{"made":1,"had":5,"left":0,"nobody":1}'
runs 0 "$weft" view "$city" command/tasks post=testing@320282 --json
has '"subject":"T-7"'
has '"rows":2'
runs 0 "$weft" task "$city" --holes $kind --due 2021-12-12T12:00
has '1 holes have no post and were not given'
runs 0 "$weft" task "$city" --holes $kind --post testing@320281 --due 2021-12-12T12:00 --json
has '{"made":1,"had":5,"left":0,"nobody":0}'

# Rows of one subject are one task: the list has more rows than tasks are made, and says so.
for case in C-11 C-12; do
    runs 0 "$weft" fact "$city" place.exposed case=$case place=M-1 --grid 320282003 --at 2021-12-10T08:${case#C-}
done
held tracing@320282003
propose cases/place_not_listed
has '"group":"tracing","grid":"320282003","holes":1}'
has '{"summary":{"listed":2,"holes":1,"had":0,"nobody":0}}'
runs 0 "$weft" task "$city" --holes cases/place_not_listed --due 2021-12-12T12:00 --json
has '{"made":1,"had":0,"left":0,"nobody":0}'
runs 0 "$weft" holes "$city" --kind cases/place_not_listed --json
lacks '"task":null'

# What lies nowhere is with the group's highest post, where that is one.
runs 0 "$weft" fact "$city" instruction.received instruction=I-2 source=Province asks=count \
    reply_by=2021-12-12T07:00 --at 2021-12-12T06:00
propose command/instruction_no_post
has '"post":"","holder":"","why":"no_roster","group":"command"'
held command@320282
propose command/instruction_no_post
has '"post":"command@320282"'
held command@320281
propose command/instruction_no_post
has '"post":"","holder":"","why":"no_grid","group":"command"'

# A contact who goes by another of their ids by now has their task still.
runs 0 "$weft" task "$city" --holes tracing/contact_not_reached --post tracing@320282003 \
    --due 2021-12-12T12:00 --all --json
has '{"made":1,'
runs 0 "$weft" fact "$city" person.same a=P-2 b=P-0
runs 0 "$weft" holes "$city" --kind tracing/contact_not_reached --all --json
has '"task_state":"open"'
runs 0 "$weft" task "$city" --holes tracing/contact_not_reached --post tracing@320282003 \
    --due 2021-12-12T12:00 --all --json
has '{"made":0,"had":1,'

runs 2 "$weft" task "$city" --holes $kind --post $post --due 2021-12-12T07:00
runs 2 "$weft" task "$city" --holes $kind
runs 2 "$weft" task "$city" --holes $kind --propose --due 2021-12-12T12:00
runs 4 "$weft" task "$city" --holes testing/none --post $post --due 2021-12-12T12:00
runs 0 "$weft" holes "$city" --check

# Two who press at the same moment: each hole has one task.
for number in 1 2 3 4 5 6 7 8; do seal U-$number 2021-12-11T07:00 320282003; done
for user in gao sun; do
    runs 0 "$weft" user "$city" add $user --role lead --grid 320282003
    runs 0 "$weft" token "$city" --user $user
    echo "header = \"Authorization: Bearer $(cat "$work/out")\"" >"$work/$user"
done
serves
press() {
    curl -s -K "$work/$1" -o "$work/made-$1" --json '{"holes":"testing/tube_no_result","due":"2021-12-12T14:00"}' \
        "http://$address/v1/tasks"
}
press gao &
first=$!
press sun
wait $first
runs 0 cat "$work/made-gao" "$work/made-sun"
has '"made":8,"had":3,'
has '"made":0,"had":11,'
# As they are told it, each in their grid alone.
runs 0 curl -s -K "$work/gao" "http://$address/v1/tasks/proposed?holes=testing/tube_no_result"
has '"listed":11,"holes":11,"had":11,"nobody":0'
runs 0 curl -s -K "$work/gao" "http://$address/v1/holes?kind=testing/tube_no_result"
has '"task_post":"testing@320282003","task_state":"open"'

# What is returned is with the post above; whoever gives tasks gives it to another post, and
# it is the same task of the same hole. A person is still whom it is about.
tell() {
    curl -s -K "$work/$1" -o "$work/out" --json "$3" "http://$address/v1/tasks/$2"
}
for holes in testing/tube_no_result tracing/contact_not_reached; do
    runs 0 curl -s -K "$work/gao" "http://$address/v1/views/command/tasks?hole=$holes&state=open&limit=1"
    task=$(sed 's/.*"task":"\([^"]*\)".*/\1/' "$work/out")
    tell gao "$task" '{"answer":"returned","reason":"not_ours"}'
    has '"seq"'
    tell sun "$task" '{"answer":"assigned","post":"isolation@320282003","due":"2021-12-12T16:00"}'
    has '"seq"'
    runs 0 curl -s -K "$work/gao" "http://$address/v1/views/command/tasks?task=$task"
    has '"state":"open"'
    has '"owner":"isolation@320282003"'
    has "\"hole\":\"$holes\""
done
tell sun "$task" '{"answer":"assigned","post":"isolation@320281","due":"2021-12-12T16:00"}'
has '"code":"access.not_there"'
tell sun "$task" '{"answer":"assigned","post":"isolation@320282003","due":"2021-12-12T06:00"}'
has '"code":"tasks.due"'
tell sun K-none '{"answer":"assigned","post":"isolation@320282003","due":"2021-12-12T16:00"}'
has '"code":"http.not_found"'
stops
finish
