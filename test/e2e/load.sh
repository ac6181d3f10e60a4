#!/bin/sh
# The service under load, at toy size: many at once, a third of them hostile; a laboratory's
# results all at once; what was acknowledged is there afterwards, and who listens has heard
# of it once. With the generator of bench/service, so that neither rots.
. "$(dirname "$0")/run.sh"
weft=$1 generator=$2
city=$work/city

# tokens FILE NAME ROLE GRID…: a device a grid.
tokens() {
    file=$work/$1 name=$2 role=$3 number=1
    shift 3
    for grid in "$@"; do
        runs 0 "$weft" token "$city" --device "$name-00$number" --role "$role" --grid "$grid"
        echo "$name-00$number $(cat "$work/out") $grid" >>"$file"
        number=$((number + 1))
    done
}
# number NAME STREAM: a figure of a stream of the last load.
number() { sed -n "s/.*\"stream\":\"$2\".*\"$1\":\([0-9]*\).*/\1/p" "$work/load"; }
# is WHAT VALUE WANTED
is() {
    echo "$1 $2" >"$work/out"
    says "$1 $3"
}

runs 0 "$weft" init "$city" --kind drill --clock 2021-12-11T12:00+08:00
tokens samplers S sampler 330106001001 330106001002
tokens labs L lab 330106
tokens members M sampler 330106001003
tokens wave_labs ML lab 330106
serves --listen-field 127.0.0.1:0

# Samples by the field's door and results by the other, beside garbage and clients that are slow at
# both; the samplers' villages listen, from before the service began.
runs 0 "$generator" 127.0.0.1 "$port" 0.5 --answers "$work/answers" \
    --stream samples --port "$field" --makes samples --tokens "$work/samplers" --book "$work/book" --connections 2 --rate 100 \
    --stream results --makes results --tokens "$work/labs" --book "$work/book" --samplers 2 --batch 1 --rate 40 \
    --stream garbage --makes garbage --connections 20 --rate 200 \
    --stream slow --makes slow --connections 5 --rate 100 \
    --stream garbage_field --port "$field" --makes garbage --connections 20 --rate 200 \
    --stream slow_field --port "$field" --makes slow --connections 5 --rate 100 \
    --stream events --makes events --path /v1/events --tokens "$work/samplers" --connections 6 --rate 600 --after 1
cp "$work/out" "$work/load"
for sender in samples results; do
    is "$sender refused" "$(number facts_refused $sender)" 0
    is "$sender failed" "$(number failed $sender)" 0
done
is "listeners that heard otherwise" "$(number otherwise events)" 0
is "events told twice" "$(number events_twice events)" 0
is "events missed" "$(number events_missed events)" 0
is "samples at all" "$([ "$(number facts_accepted samples)" -gt 0 ] && echo yes)" yes
is "events at all" "$([ "$(number events events)" -gt 0 ] && echo yes)" yes

# Told to end while posts are under way at both doors: it ends in order, and what was acknowledged
# until then is durable (it is sent once more, below).
"$generator" 127.0.0.1 "$port" 2 --answers "$work/answers" \
    --stream samples --port "$field" --makes samples --tokens "$work/samplers" --book "$work/book" --connections 2 --rate 0 \
    --stream results --makes results --tokens "$work/labs" --book "$work/book" --samplers 2 --batch 1 --rate 0 >"$work/load" &
sending=$!
sleep 0.5
stops
runs 0 wait "$sending"
is "samples before the end" "$([ "$(number facts_accepted samples)" -gt 0 ] && echo yes)" yes
serves --listen-field 127.0.0.1:0

# A wave: everybody is sampled, ten a tube; then all results at once.
runs 0 "$generator" 127.0.0.1 "$port" 20 --answers "$work/answers" --stream members --makes members --tokens "$work/members" \
    --people 600 --batch 100 --rate 0 --most 600
runs 0 "$generator" 127.0.0.1 "$port" 20 --answers "$work/answers" --stream wave --makes wave --tokens "$work/wave_labs" \
    --batch 20 --rate 0 --most 60
cp "$work/out" "$work/load"
is "results of the wave" "$(number facts_accepted wave)" 60

# What was acknowledged is there when the service begins anew: all of it is had.
stops
serves --listen-field 127.0.0.1:0
runs 0 "$generator" 127.0.0.1 "$port" 20 --answers "$work/answers" \
    --stream samples --port "$field" --makes samples --tokens "$work/samplers" --book "$work/book" --connections 2 --batch 100 --again yes \
    --stream results --makes results --tokens "$work/labs" --book "$work/book" --samplers 2 --again yes
cp "$work/out" "$work/load"
for sender in samples results; do
    is "$sender sent again" "$([ "$(number facts_sent $sender)" -gt 0 ] && echo yes)" yes
    is "$sender lost" "$(($(number facts_sent $sender) - $(number facts_had $sender)))" 0
done
runs 0 http "http://127.0.0.1:$port/v1/openapi.json"
answers_held 15
stops
runs 0 "$weft" export "$city" testing/samples "$work/samples.csv"
is "samples of the wave without a result" "$(grep '^W-' "$work/samples.csv" | grep -vc ',negative,')" 0
is "samples of the wave" "$(grep -c '^W-' "$work/samples.csv")" 600
finish
