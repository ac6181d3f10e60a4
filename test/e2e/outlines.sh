#!/bin/sh
# The outlines of a city: judged, kept, replaced, with a server and without, given to who
# reads the wall's figures and nobody else, in backups, and noticed when they are damaged.
. "$(dirname "$0")/run.sh"
weft=$(realpath "$1")
city=$work/city
server=
trap 'test -z "$server" || kill -9 "$server" 2>/dev/null; rm -rf "$work"' EXIT

# towns FILE GRID…: invented squares, side by side.
towns() {
    file=$1
    shift
    x=119 between=
    {
        printf '{"type":"FeatureCollection","features":['
        for grid in "$@"; do
            printf '%s{"type":"Feature","properties":{"grid":"%s","name":"T %s"},"geometry":{"type":"Polygon","coordinates":[[[%s,31],[%s.5,31],[%s.5,31.5],[%s,31]]]}}' \
                "$between" "$grid" "$grid" "$x" "$x" "$x" "$x"
            x=$((x + 1)) between=,
        done
        printf ']}\n'
    } >"$file"
}

start() {
    : >"$work/served"
    next_log
    "$weft" serve "$city" --listen 127.0.0.1:0 >"$work/served" 2>"$work/log" &
    server=$!
    until grep -q serving "$work/served"; do
        kill -0 "$server" || { cat "$work/log"; break; }
        sleep 0.05
    done
    url=$(sed -n 's/.*\(http:[^ ]*[0-9]\).*/\1/p' "$work/served" | head -1)
}

# ask CODE TOKEN OPTION…: the answer's head in $work/head, its body in $work/out.
ask() {
    wanted=$1 token=$2
    shift 2
    runs 0 http -H "Authorization: Bearer $token" "$@" "$url/v1/outlines"
    cp "$work/body" "$work/out"
    echo "$status" >"$work/err"
    has "$wanted"
}
head_of() { sed -n "s/^$1: \([^\r]*\).*/\1/Ip" "$work/head"; }

runs 0 "$weft" init "$city" --kind drill --clock 2021-12-11T06:00+08:00 --grid 320282
towns "$work/two.geojson" 320282100 320282101
towns "$work/three.geojson" 320282100 320282101 320282102
towns "$work/elsewhere.geojson" 330100001
towns "$work/twice.geojson" 320282100 320282100

# What has to be said, and what is not for it.
runs 2 "$weft" import "$city" outlines "$work/two.geojson"
has 'nobody has said what the positions are measured by'
runs 2 "$weft" import "$city" outlines "$work/two.geojson" --datum bd09
runs 2 "$weft" import "$city" outlines "$work/two.geojson" --datum wgs84 --strict
runs 2 "$weft" import "$city" persons "$work/two.geojson" --datum wgs84
has '--datum is for outlines alone'
runs 2 "$weft" import "$city" outlines "$work/two.geojson" "$work/three.geojson" --datum wgs84
has 'outlines come in one file'
runs 4 "$weft" import "$city" outlines "$work/none.geojson" --datum wgs84
runs 2 "$weft" import "$city" outlines "$work/elsewhere.geojson" --datum wgs84
has "lies in the city's grid (320282)"
runs 2 "$weft" import "$city" outlines "$work/twice.geojson" --datum wgs84
has 'features 1 and 2 are the same grid'
WEFT_LANG=zh runs 2 "$weft" import "$city" outlines "$work/twice.geojson" --datum wgs84
has '第 1 和第 2 个要素是同一网格'
printf '{"type":\n"FeatureCollection",\noops' >"$work/oops.geojson"
runs 2 "$weft" import "$city" outlines "$work/oops.geojson" --datum wgs84
has 'oops.geojson:3'
runs 0 "$weft" import "$city" outlines "$work/two.geojson" --datum wgs84 --preview
has 'nothing was stored'
runs 1 test -e "$city/outlines.geojson"

# The schematic of the demo has all of its towns, in its own city.
root=$(cd "$(dirname "$0")/../.." && pwd)
runs 0 "$weft" import "$city" outlines "$root/scenario/yixing-schematic.geojson" --datum wgs84 --preview --json
has '{"outlines":21,"places":1,"outside":0,"positions":148,"datum":"wgs84","digest":""}'

# Without any, who reads figures is told so; nobody else gets anything.
start
runs 0 "$weft" token "$city" --device D-1 --role commander --grid 320282
commander=$(grep -o 'weft_[A-Za-z0-9_-]*' "$work/out" | head -1)
runs 0 "$weft" token "$city" --device D-2 --role grid_worker --grid 320282100001
worker=$(grep -o 'weft_[A-Za-z0-9_-]*' "$work/out" | head -1)
runs 0 "$weft" token "$city" --device D-3 --role guard --grid 320282100001
guard=$(grep -o 'weft_[A-Za-z0-9_-]*' "$work/out" | head -1)
runs 0 http "$url/v1/openapi.json"
ask 200 "$commander"
has '"datum":null'
ask 304 "$commander" -H "If-None-Match: $(head_of ETag)"
ask 401 weft_nobody
ask 404 "$guard"

# Through the server: the file is the caller's, by a path of the caller's folder.
cd "$work" || exit 1
runs 0 "$weft" import city outlines two.geojson --datum gcj02
has 'outlines of 2 areas'
ask 200 "$worker"
# The city's clock goes on with the machine's.
has '"datum":"gcj02","loaded":"2021-12-11T06:0'
has '"grid":"320282101","name":"T 320282101"'
cp "$work/out" "$work/given"
runs 0 cmp "$work/given" "$city/outlines.geojson"
first=$(head_of ETag)
ask 304 "$worker" -H "If-None-Match: $first"
ask 200 "$worker" -I
has 200
runs 0 test "$(head_of ETag)" = "$first"
ask 200 "$worker" -H 'Accept-Encoding: gzip'
gzip -dc <"$work/out" >"$work/plain"
runs 0 cmp "$work/plain" "$city/outlines.geojson"
ask 304 "$worker" -H 'Accept-Encoding: gzip' -H "If-None-Match: $(head_of ETag)"

# Standard input, and a file that takes the place of the first: at once, no mixture.
runs 0 sh -c "'$weft' import city outlines - --datum wgs84 --json <three.geojson"
has '{"outlines":3,"places":0,"outside":0,"positions":12,"datum":"wgs84","digest":"'
ask 200 "$worker" -H "If-None-Match: $first"
has '"datum":"wgs84"'
lacks gcj02
kill "$server"
wait "$server"
server=

# A backup carries them.
echo 'correct horse' >passphrase
chmod 600 passphrase
runs 0 "$weft" keys new officer --passphrase-file passphrase
runs 0 "$weft" backup city monday
runs 0 "$weft" keys export city copy --to officer.pub --until 2999-12-31
runs 0 "$weft" import city outlines two.geojson --datum wgs84
runs 0 "$weft" restore monday there --ring copy --key-dir k1 --key officer.key --passphrase-file passphrase
runs 0 grep -c 320282102 there/outlines.geojson

# A byte that is another: said, and mended by an import.
runs 0 "$weft" doctor city --json
has '"check":"outlines","level":"ok","code":"doctor.outlines"'
sed -i 's/"T 320282101"/"T 320282109"/' "$city/outlines.geojson"
start
ask 500 "$worker"
has '轮廓文件损坏：outlines.geojson'
runs 1 "$weft" doctor city --json
has '"check":"outlines","level":"bad","code":"outlines.damaged"'
runs 0 "$weft" import city outlines two.geojson --datum wgs84
ask 200 "$worker"
has '"T 320282101"'
last=$(head_of ETag)

# Taken away, with a server at work: at once; damaged ones too; and without one.
runs 2 "$weft" import city outlines two.geojson --remove
has '--remove goes without a file or other options'
runs 2 "$weft" import city outlines --remove --preview
runs 2 "$weft" import city outlines --remove --strict
has '--strict is not for outlines'
runs 2 "$weft" import city persons two.geojson --remove
has '--remove is for outlines alone'
runs 0 "$weft" import city outlines --remove
has 'the outlines are gone; the wall has no map'
ask 200 "$worker" -H "If-None-Match: $last"
has '"datum":null'
runs 0 "$weft" import city outlines --remove --json
has '{"removed":false}'
runs 0 "$weft" doctor city --json
has '"check":"outlines","level":"ok","code":"doctor.outlines_none"'
runs 0 "$weft" import city outlines two.geojson --datum wgs84
printf '{' >city/outlines.geojson
runs 0 "$weft" import city outlines --remove --json
has '{"removed":true}'
ask 200 "$worker"
kill "$server"
wait "$server"
server=
runs 0 "$weft" import city outlines two.geojson --datum wgs84
WEFT_LANG=zh runs 0 "$weft" import city outlines --remove
has '已撤去轮廓'
runs 1 test -e city/outlines.geojson
answers_held 13
finish
