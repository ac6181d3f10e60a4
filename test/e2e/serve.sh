#!/bin/sh
# The service as a user starts it: what it refuses, when it is ready, how it ends, and
# that a drill's clock runs and never runs back.
. "$(dirname "$0")/run.sh"
weft=$1
city=$work/city

# end SIGNAL: it ends in order; what it logged is at hand.
end() {
    stops "$1"
    cp "$work/log" "$work/err"
}
# ask METHOD PATH: the status, then the body.
ask() {
    runs 0 http -X "$1" -H 'Accept-Language: en' "http://$address$2"
    { printf '%s ' "$status" && cat "$work/body"; } >"$work/out"
}

# What is not safe, or cannot be, does not start.
runs 4 "$weft" serve "$work/none"
runs 0 "$weft" init "$city" --kind drill --clock 2021-12-11T06:00+08:00
runs 3 "$weft" serve "$city" --listen 0.0.0.0:0
has 'refused to listen at 0.0.0.0:0'
runs 2 "$weft" serve "$city" --listen localhost
runs 3 "$weft" serve "$city" --listen 127.0.0.1:0 --listen-field 0.0.0.0:0
has 'refused to listen at 0.0.0.0:0'
runs 2 "$weft" serve "$city" --listen 127.0.0.1:0 --listen-field localhost
runs 2 "$weft" serve "$city" --speed 0
key=$(ls "$work/keys"/*)
chmod 644 "$key"
runs 3 "$weft" serve "$city" --listen 127.0.0.1:0
chmod 600 "$key"

# Ready; open to all is what holds nothing, all else needs a token.
serves --speed 1000
ask GET /healthz
has '200 {"status":"ok",'
has '"kind":"drill"'
ask GET /v1/openapi.json
has '"openapi":"3.1.0"'
ask GET /
has '200 <!doctype html>'
ask GET /metrics
has '401 {"code":"access.nobody"'
ask GET '/v1/nothing?person=P-SECRET'
has '401 {"code":"access.nobody"'
ask DELETE /healthz
has '405 '

# Who acknowledges facts goes first, where the machine lets it.
# One read of a thread says both: a thread that one of them has just begun has its name, and
# its urgency, until it gives itself its own.
nice_of() {
    for thread in /proc/"$server"/task/*; do
        sed -n "s/^[0-9]* ($1) //p" "$thread/stat" | cut -d' ' -f17
    done | sort -u
}
first=0
[ "$(nice -n -10 nice 2>/dev/null)" != -10 ] || first=-10
runs 0 nice_of "weft writer"
says "$first"
runs 0 nice_of 'weft syncer'
says "$first"
# The port is taken, and so is the city.
runs 5 "$weft" serve "$city" --listen "$address"
# At a thousand times the hour that it began with is over soon.
tries=0
while [ $tries -lt 300 ]; do
    ask GET /healthz
    if ! grep -q '"now":"2021-12-11T06:0[0-2]' "$work/out"; then break; fi
    tries=$((tries + 1))
done
lacks '"now":"2021-12-11T06:00'
end TERM
has 'event=started'
has 'event=request method=GET route=/healthz status=200'
has 'event=stopped in_time=yes'
lacks '/v1/nothing'

# Its time was kept; an earlier one is not taken.
runs 0 cat "$city/clock"
lacks '2021-12-11T06:00'
serves --clock 2021-12-11T06:00+08:00 --speed 0.001
ask GET /healthz
lacks '"now":"2021-12-11T06:00'
end INT
has "--clock is earlier than the city's time"
serves --clock 2021-12-12T08:00+08:00 --speed 0.001
ask GET /healthz
has '"now":"2021-12-12T08:00'
end TERM

# Told to stop while it is asked from all sides, it leaves nobody with half an answer.
serves
cat >"$work/ask.py" <<'P'
import socket, sys, threading
host, port = sys.argv[1].split(":")
whole, broken, started = [], [], threading.Event()
request = b"GET /v1/openapi.json HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
def ask():
    while True:
        try:
            connection = socket.create_connection((host, int(port)), timeout=30)
            connection.sendall(request)
            got = b"".join(iter(lambda: connection.recv(65536), b""))
        except OSError:
            return
        if not got:
            return
        head, _, body = got.partition(b"\r\n\r\n")
        size = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        (whole if len(body) == size else broken).append(1)
        started.set()
threads = [threading.Thread(target=ask) for _ in range(8)]
for thread in threads:
    thread.start()
started.wait(30)
print("asking", flush=True)
for thread in threads:
    thread.join()
print("whole" if whole and not broken else "broken")
P
python3 "$work/ask.py" "$address" >"$work/asked" &
asker=$!
tries=0
while ! grep -q asking "$work/asked" && [ $tries -lt 600 ]; do
    sleep 0.05
    tries=$((tries + 1))
done
end TERM
has 'event=stopped in_time=yes'
wait "$asker"
runs 0 cat "$work/asked"
has 'whole'
lacks 'broken'

# With a proxy named others' addresses may be listened on; what is no address is refused.
echo 'proxy: nginx' >>"$city/weft.yaml"
runs 2 "$weft" serve "$city" --listen 0.0.0.0:0
has 'proxy in weft.yaml is no IP address'
sed -i 's/^proxy: .*/proxy: 127.0.0.1/' "$city/weft.yaml"
listen=0.0.0.0:0
serves
address=127.0.0.1:${address##*:}
ask GET /healthz
has '200 {"status":"ok",'
end TERM

# A real city lives by the machine's clock.
runs 0 "$weft" init "$work/real"
runs 2 "$weft" serve "$work/real" --listen 127.0.0.1:0 --clock 2021-12-11T06:00+08:00
has 'a real city cannot be given a time'

# Root leaves no files in another user's city, which its service could not open then.
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
    mkdir "$work/empty"
    chown -R 65534:65534 "$work/real" "$work/empty" "$WEFT_KEY_DIR"
    chmod 755 "$work"
    for verb in status verify serve doctor; do
        code=3
        [ $verb != doctor ] || code=1 # it has looked at the machine, too
        runs $code "$weft" $verb "$work/real"
        has 'the folder belongs to another user'
        has "sudo -u '#65534'"
    done
    runs 3 "$weft" init "$work/empty"
    has 'the folder belongs to another user'
    find "$work/real" "$work/empty" ! -user 65534 | wc -l >"$work/out"
    says 0
    # While it is served root's verbs go through the service, and leave none either.
    printf '#!/bin/sh\nexec setpriv --reuid 65534 --regid 65534 --clear-groups "%s" "$@"\n' "$(realpath "$weft")" >"$work/as_owner"
    chmod 755 "$work/as_owner"
    if "$work/as_owner" version >/dev/null 2>&1; then
        root=$weft weft=$work/as_owner city=$work/real listen=127.0.0.1:0
        runs 0 "$weft" status "$city"
        serves
        runs 0 "$root" fact "$city" outbreak.declared outbreak=O-1
        stops
        find "$city" ! -user 65534 | wc -l >"$work/out"
        says 0
    fi
fi
answers_held 9
finish
