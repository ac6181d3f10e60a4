#!/bin/sh
# Facts over HTTP: what was acknowledged is there once, also when the service is killed in
# the middle; a device sends its own facts only; what is refused is kept.
. "$(dirname "$0")/run.sh"
weft=$1
city=$work/city

# post TOKEN: what comes in, as one batch; prints status and body.
post() {
    runs 0 http -H "Authorization: Bearer $1" -H 'Accept-Language: en' \
        -H 'Content-Type: application/x-ndjson' --data-binary @- "http://$address/v1/facts"
    { printf '%s ' "$status" && cat "$work/body"; } >"$work/out"
}

# Posts batches of 5 in four threads until the service is gone; prints how many batches
# of each device were acknowledged, and records each answer as run.sh does.
cat >"$work/flood.py" <<'PY'
import http.client, json, sys, threading

address, tokens, limit, records = sys.argv[1], sys.argv[2:6], int(sys.argv[6]), sys.argv[7]
done = [0] * 4
accepted = [0] * 4
had = [0] * 4
answers = []


def batch(device, number):
    lines = [{"device": "S-%d" % device, "seq": 5 * number + i + 1, "kind": "tube.sealed",
              "at": "2021-12-11T05:00:00+08:00",
              "body": {"tube": "T%d-%d" % (device, 5 * number + i), "count": 10}}
             for i in range(5)]
    return "".join(json.dumps(line) + "\n" for line in lines)


def send(device):
    try:
        connection = http.client.HTTPConnection(address, timeout=30)
        for number in range(limit):
            connection.request("POST", "/v1/facts", batch(device, number), headers={
                "Authorization": "Bearer " + tokens[device],
                "Content-Type": "application/x-ndjson"})
            reply = connection.getresponse()
            body = reply.read()
            head = "HTTP/1.1 %d %s\r\n" % (reply.status, reply.reason)
            head += "".join("%s: %s\r\n" % one for one in reply.getheaders()) + "\r\n"
            answers.append(b"POST /v1/facts %d %d\n" % (len(head), len(body)) + head.encode() + body)
            said = json.loads(body)
            if reply.status != 200 or said["refused"] != 0:
                sys.exit("refused: %s" % said)
            accepted[device] += said["accepted"]
            had[device] += said["had"]
            done[device] = number + 1
            if sum(done) == 40:
                print("halfway", flush=True)
    except (OSError, http.client.HTTPException):
        pass  # it was killed


threads = [threading.Thread(target=send, args=(device,)) for device in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
with open(records, "ab") as file:
    file.writelines(answers)
print("done", *done)
print("accepted", sum(accepted), "had", sum(had))
PY

runs 0 "$weft" init "$city" --kind drill --clock 2021-12-11T06:00+08:00
tokens=
for device in 0 1 2 3; do
    runs 0 "$weft" token "$city" --device "S-$device" --role sampler --grid 330106001
    tokens="$tokens $(cat "$work/out")"
done
one=${tokens# }
one=${one%% *}
serves

# Its own facts of its role's kinds, from its grid; the rest is refused line by line.
post "$one" <<'EOL'
{"device":"S-0","seq":90001,"kind":"tube.sealed","at":"2021-12-11T05:00:00+08:00","body":{"tube":"T-a","count":10}}
{"device":"S-1","seq":90001,"kind":"tube.sealed","at":"2021-12-11T05:00:00+08:00","body":{"tube":"T-b","count":10}}
{"device":"S-0","seq":90002,"kind":"tube.resulted","at":"2021-12-11T05:00:00+08:00","body":{"tube":"T-a","result":"negative"}}
{"device":"S-0","seq":90003,"kind":"tube.sealed","at":"2021-12-11T05:00:00+08:00","grid":"330107","body":{"tube":"T-c","count":10}}
{"device":"S-0","seq":90001,"kind":"tube.sealed","at":"2021-12-11T05:00:00+08:00","body":{"tube":"T-a","count":10}}
EOL
has '200 {"received":5,"accepted":1,"had":1,"refused":3,'
has '"line":2,"code":"access.sender"'
has '"line":3,"code":"access.kind"'
has '"line":4,"code":"access.grid"'
# A number beyond 2^53 - 1 is none, and fills nothing: its book goes on as it was.
post "$one" <<'EOL'
{"device":"S-0","seq":9007199254740992,"kind":"tube.sealed","at":"2021-12-11T05:00:00+08:00","body":{"tube":"T-d","count":10}}
{"device":"S-0","seq":9223372036854775807,"kind":"tube.seale","at":"2021-12-11T05:00:00+08:00","body":{}}
EOL
has '"accepted":0,"had":0,"refused":2,'
has '"line":1,"code":"access.seq","field":"seq"'
has '"line":2,"code":"access.seq","field":"seq"'
has '"next":90004'
post "weft_none" </dev/null
has '401 {"code":"access.token"'
runs 0 "$weft" refused "$city" list
has '3 rows'
has '2  the number is too great'

# Killed in the middle; what was acknowledged is had, what was not is taken, once.
: >"$work/first"
# shellcheck disable=SC2086
python3 "$work/flood.py" "$address" $tokens 100000 "$work/answers" >"$work/first" &
flood=$!
tries=0
while ! grep -q halfway "$work/first" && [ $tries -lt 600 ]; do
    sleep 0.05
    tries=$((tries + 1))
done
kill -9 "$server"
wait "$server" 2>/dev/null
wait "$flood"
most=$(sed -n 's/^done //p' "$work/first" | tr ' ' '\n' | sort -n | tail -1)
serves
# shellcheck disable=SC2086
runs 0 python3 "$work/flood.py" "$address" $tokens $((most + 2)) "$work/answers"
cp "$work/out" "$work/second"
runs 0 python3 -c '
import sys
first, second = (open(name).read().split("\n") for name in sys.argv[1:3])
number = lambda lines, word: next(l.split() for l in lines if l.startswith(word))
acknowledged = int(number(first, "accepted")[1])
most = max(int(n) for n in number(first, "done")[1:])
said = number(second, "accepted")
accepted, had = int(said[1]), int(said[3])
assert accepted + had == 4 * 5 * (most + 2), said
assert had >= acknowledged > 0, (had, acknowledged)
assert accepted > 0, said' "$work/first" "$work/second"
runs 0 http "http://$address/v1/openapi.json"
answers_held 40
stops
runs 0 "$weft" verify "$city"
# The tubes of the flood and T-a, each once, under three lines of title.
runs 0 "$weft" export "$city" testing/tubes "$work/tubes.csv"
wc -l <"$work/tubes.csv" | tr -d ' ' >"$work/out"
says "$((4 * 5 * (most + 2) + 1 + 3))"
finish
