#!/bin/sh
# operating/nginx.conf, as it is, in a real nginx before a real service.
. "$(dirname "$0")/run.sh"
weft=$(realpath "$1")
sample=$(realpath "$(dirname "$0")/../../operating/nginx.conf")
for program in nginx openssl curl; do
    command -v "$program" >/dev/null || PATH=$PATH:/usr/sbin
    command -v "$program" >/dev/null || { echo "no $program"; exit 77; }
done
city=$work/city
server= proxy=
trap 'for one in $proxy $server; do kill "$one" 2>/dev/null; wait "$one" 2>/dev/null; done
      rm -rf "$work"' EXIT

# Ports of nginx are tried until both are free; the service takes any.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
    -subj /CN=weft.example -addext subjectAltName=DNS:weft.example \
    -keyout "$work/key.pem" -out "$work/chain.pem" 2>/dev/null
runs 0 "$weft" init "$city" --kind drill --clock 2021-12-11T06:00+08:00
# The secret of the single sign-on lies where nothing else of the service does.
secret=$(head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n')
umask 077
printf '%s\n' "$secret" >"$work/sso.secret"
printf 'proxy_set_header Weft-SSO-Secret "%s";\n' "$secret" >"$work/sso.conf"
runs 0 "$weft" user "$city" add op --role operator
printf 'proxy: 127.0.0.1\nsso_header: X-Remote-User\nsso_secret: %s\n' "$work/sso.secret" \
    >>"$city/weft.yaml"
next_log
"$weft" serve "$city" --listen 127.0.0.1:0 --listen-field 127.0.0.1:0 >"$work/served" 2>"$work/log" &
server=$!
until grep -q serving "$work/served"; do
    kill -0 "$server" 2>/dev/null || { cat "$work/log"; exit 1; }
    sleep 0.05
done
upstream=$(sed -n 's/^serving http:..\([^,]*\),.*/\1/p' "$work/served")
field=$(sed -n 's/.*the field at http:..//p' "$work/served")

# configure PLAIN TLS ECHO: nginx.conf for these ports; ECHO says what a service hears.
configure() {
    [ "$(id -u)" -ne 0 ] || echo 'user root;'
    echo "pid $work/nginx.pid; error_log $work/nginx.log; daemon off; worker_processes 1;"
    echo 'events { worker_connections 256; } http {'
    for kind in client_body proxy fastcgi uwsgi scgi; do
        echo "${kind}_temp_path $work/$kind;"
    done
    sed -e "s|server 127.0.0.1:8787|server $upstream|" \
        -e "s|server 127.0.0.1:8887;|server $field;|" \
        -e "s|listen 80;|listen 127.0.0.1:$1;|" \
        -e "s|listen 443 ssl http2;|listen 127.0.0.1:$2 ssl http2;|" \
        -e "s|/etc/weft/tls/fullchain.pem|$work/chain.pem|" \
        -e "s|/etc/weft/tls/key.pem|$work/key.pem|" \
        -e "s|/var/log/nginx/weft.log|$work/access.log|" \
        -e "s|/var/log/nginx/weft.error.log|$work/error.log|" \
        -e '/location .staff/,$s|^    # |    |' \
        -e "s|/etc/weft/sso.conf|$work/sso.conf|" \
        -e "s|http://127.0.0.1:4180/check|http://127.0.0.1:$3/check|" "$sample" |
        sed -e "s|^    location / {|    location /echo { proxy_pass http://127.0.0.1:$3; }\n&|"
    echo "server { listen 127.0.0.1:$3; access_log off;"
    echo 'location /check { if ($http_cookie != "in=yes") { return 401; }'
    echo '    add_header Remote-User op; return 200; }'
    echo 'location / { return 200'
    echo "'\$http_x_forwarded_for|\$http_forwarded|\$http_x_real_ip|\$http_x_remote_user|\$http_weft_sso_secret|\$host|\$http_te'; } }"
    echo '}'
}
plain=$((20000 + $$ % 20000))
until [ -s "$work/nginx.pid" ]; do
    plain=$((plain + 3))
    configure "$plain" $((plain + 1)) $((plain + 2)) >"$work/nginx.conf"
    nginx -p "$work" -c "$work/nginx.conf" -e "$work/nginx.log" 2>"$work/nginx.err" &
    proxy=$!
    while [ ! -s "$work/nginx.pid" ] && kill -0 "$proxy" 2>/dev/null; do sleep 0.05; done
    [ -s "$work/nginx.pid" ] || grep -q 'Address already in use' "$work/nginx.log" || {
        cat "$work/nginx.log" "$work/nginx.err"
        exit 1
    }
done
tls=$((plain + 1))

# over ARGUMENT…: a request over TLS, its status on the last line. What is the service's
# own, or nginx's, is told apart by the id that the service puts to its answers.
prefix=/staff
over() {
    http --cacert "$work/chain.pem" --resolve "weft.example:$tls:127.0.0.1" "$@" || return
    cat "$work/body"
    printf '\n%s %s\n' "$status" "$http_version"
}
# stream ARGUMENT…: what comes, as it comes, and not recorded: nobody waits for its end, or
# it is not of the service.
stream() {
    curl -sSN --max-time 60 --cacert "$work/chain.pem" --resolve "weft.example:$tls:127.0.0.1" "$@"
}
at=https://weft.example:$tls

# TLS 1.2 and 1.3, HTTP/2, nothing older; plain requests are sent there.
runs 0 over "$at/healthz"
has '"status":"ok"'
has '200 2'
runs 0 over --http1.1 --tls-max 1.2 "$at/healthz"
has '200 1.1'
runs 35 over --tls-max 1.1 "$at/healthz"
runs 0 http -H 'Host: weft.example' "http://127.0.0.1:$plain/healthz"
runs 0 [ "$status" = 301 ]
runs 0 cat "$work/head"
has 'Location: https://weft.example/healthz'
runs 0 over "$at/healthz"
runs 0 cat "$work/head"
has 'strict-transport-security'
runs 0 over "$at/v1/openapi.json"

# What a client says of itself is dropped.
runs 0 stream -H 'X-Forwarded-For: 6.6.6.6' -H 'Forwarded: for=6.6.6.6' \
    -H 'X-Real-IP: 6.6.6.6' -H 'X-Remote-User: boss' -H 'Weft-SSO-Secret: boss' "$at/echo"
has '127.0.0.1|||||weft.example|'
lacks 'boss'
lacks '6.6.6.6'

# Heads beyond the limits are answered as everything is, before the service's library has
# to: one too long, some too long together, an address.
long=$(head -c 9000 /dev/zero | tr '\0' a)
part=$(head -c 7000 /dev/zero | tr '\0' a)
for version in --http1.1 --http2; do
    runs 0 over $version -H "X-One: $long" "$at/healthz"
    has '"code":"http.headers_too_large"'
    has '431 '
    runs 0 over $version -H "X-One: $part" -H "X-Two: $part" "$at/healthz"
    has '200 '
    runs 0 over $version "$at/healthz?$long"
    has '"code":"http.target_too_long"'
    has '414 '
done
runs 0 over --http1.1 -H "X-One: $part" -H "X-Two: $part" -H "X-Three: $part" "$at/healthz"
has '"code":"http.headers_too_large"'

# counted DOOR: how many requests came there, by the service's own figures.
counted() {
    runs 0 over "$at/staff/metrics" -b in=yes
    sed -n "s/^weft_door_requests_total{door=\"$1\"} //p" "$work/out"
}
# Facts and gates go to the field's door, all else to the other.
by_field=$(counted field)
runs 0 over "$at/v1/facts" -d '{}' -H 'Content-Type: application/x-ndjson'
runs 0 over "$at/v1/valid" -d '{}' -H 'Content-Type: application/json'
runs 0 over "$at/v1/me"
runs 0 [ $(($(counted field) - by_field)) -eq 2 ]

# Whoever has no token gets nothing; figures are for this machine.
runs 0 over "$at/v1/facts" -d '{}' -H 'Content-Type: application/x-ndjson'
has '401 2'
runs 0 over "$at/v1/nothing"
has '401 2'

# A laboratory's day through it: facts are acknowledged, and come out of the stream at once. It is
# asked from the beginning: the first fact may be faster than the listener.
token() { "$weft" token "$city" --device "$1" --role "$2" --grid 320214001001 2>/dev/null; }
sampler=$(token S-03-2 sampler)
watcher=$(token W-1 lead)
seeded "$sampler" "$watcher"
sample='{"device":"S-03-2","seq":1,"kind":"sample.collected","at":"2021-12-11T05:31:05+08:00","body":{"tube":"T0031877","person":"P-0000001","site":"SITE-0003"}}'
curl -sSN --max-time 60 --cacert "$work/chain.pem" --resolve "weft.example:$tls:127.0.0.1" \
    -D "$work/events.head" -H "Authorization: Bearer $watcher" "$at/v1/events?after=0" \
    >"$work/events" 2>"$work/events.err" &
listener=$!
runs 0 over "$at/v1/facts" -H "Authorization: Bearer $sampler" \
    -H 'Content-Type: application/x-ndjson' -d "$sample"
has '"accepted":1,"had":0,"refused":0'
runs 0 over --http1.1 "$at/v1/facts" -H "Authorization: Bearer $sampler" \
    -H 'Content-Type: application/x-ndjson' -H 'Transfer-Encoding: chunked' -d "$sample"
has '"accepted":0,"had":1,"refused":0'
tries=0
until grep -q sample.collected "$work/events" || [ $tries -gt 200 ]; do
    sleep 0.05
    tries=$((tries + 1))
done
kill "$listener"
wait "$listener" 2>/dev/null
record GET '/v1/events?after=0' "$work/events.head" "$work/events"
cp "$work/events" "$work/out"
cp "$work/events.err" "$work/err"
has '"kind":"sample.collected"'
lacks 'P-0000001'

# Single sign-on: who has logged in elsewhere is the user that the log-in names, by the
# door that asks it; nobody names themselves.
runs 0 over "$at/staff/metrics" -b in=yes
has '200 2'
has 'weft_up_seconds'
runs 0 over "$at/staff/metrics"
has '401 2'
runs 0 over "$at/staff/metrics" -H 'X-Remote-User: op' -H "Weft-SSO-Secret: $secret"
has '401 2'
runs 0 over "$at/metrics" -H 'X-Remote-User: op' -H "Weft-SSO-Secret: $secret"
has '401 2'
runs 0 http "http://$upstream/metrics" -H 'X-Remote-User: op'
runs 0 [ "$status" = 401 ]

# smuggles FILE: the bytes of a file over TLS; all that comes back.
smuggles() {
    (cat "$1"; sleep 0.3) | openssl s_client -quiet -no_ign_eof -connect "127.0.0.1:$tls" \
        -servername weft.example -alpn http/1.1 2>/dev/null
}
# one_answer: whatever a request hides in its body is not answered.
one_answer() {
    checks=$((checks + 1))
    answers=$(grep -c '^HTTP/1.1 ' "$work/out")
    if [ "$answers" -gt 1 ] || grep -q '^HTTP/1.1 200' "$work/out"; then
        failures=$((failures + 1))
        echo "not ok: $1 was answered $answers times"
        sed 's/^/  /' "$work/out"
    fi
}
hidden='GET /healthz HTTP/1.1\r\nHost: weft.example\r\n\r\n'
head='POST /v1/facts HTTP/1.1\r\nHost: weft.example\r\nContent-Type: application/x-ndjson\r\n'
n=0
for framing in \
    'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n' \
    'Content-Length: 0\r\nContent-Length: 48\r\n\r\n' \
    'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n' \
    'Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n' \
    'Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n' \
    'Transfer-Encoding: \x0bchunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n' \
    'Content-Length: +5\r\n\r\n0\r\n\r\n' \
    'Content-Length: 5, 5\r\n\r\n0\r\n\r\n' \
    'Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n' \
    'Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n\r\n'; do
    n=$((n + 1))
    printf "$head$framing$hidden" >"$work/request"
    smuggles "$work/request" >"$work/out"
    one_answer "framing $n"
done
# The service is still there, on the same connections of nginx.
runs 0 over "$at/healthz"
has '200 2'

# A large file comes whole through it.
awk -v long='a market with a long name for the sake of its row' 'BEGIN {
    print "place,name,kind,grid"
    for (i = 0; i < 100000; i++)
        printf "Q-%07d,%s %07d,market,320214001001\n", i, long, i }' >"$work/places.csv"
runs 0 "$weft" import "$city" places "$work/places.csv" --json
has '"accepted":100000'
# places HOW OPTION…: by over or stream.
places() {
    "$@" "$at/v1/exports" -H "Authorization: Bearer $watcher" \
        -H 'Content-Type: application/json' -d '{"view":"register/places"}'
}
runs 0 places over --http2
has '200 2'
cp "$work/body" "$work/export.csv"
runs 0 grep -c '^Q-' "$work/export.csv"
has '100000'

# Nothing of a person or a token stands in a log, also not of nginx while the service is
# away: all of them are searched at the end. What stands behind "?" stands in none.
seeded PL-SECRET B-SECRET S-SECRET "$secret"
runs 0 over "$at/v1/who?place=PL-SECRET" -H 'Authorization: Bearer B-SECRET'
kill "$server"
wait "$server"
code=$?
checks=$((checks + 1))
[ "$code" -eq 0 ] || failures=$((failures + 1))
runs 0 http -H 'Host: weft.example' "http://127.0.0.1:$plain/v1/who?place=PL-SECRET"
runs 0 grep -q '/v1/who 401' "$work/access.log"
runs 0 grep -q '/v1/who 301' "$work/access.log"
server=
runs 0 over "$at/healthz?sso=S-SECRET"
has '502 2'

# Where the service ends in the middle the client sees that it is cut: the file is larger
# than the sockets on its way hold.
: >"$work/served"
next_log
"$weft" serve "$city" --listen "$upstream" >"$work/served" 2>"$work/log" &
server=$!
until grep -q serving "$work/served"; do
    kill -0 "$server" 2>/dev/null || { cat "$work/log"; exit 1; }
    sleep 0.05
done
# Where the field has no door its facts come in by the other.
for request in first second; do
    runs 0 over "$at/v1/facts" -H "Authorization: Bearer $sampler" \
        -H 'Content-Type: application/x-ndjson' -d "$sample"
    has '"accepted":0,"had":1,"refused":0'
done
{
    code=0
    places stream --http1.1 2>/dev/null || code=$?
    echo "$code" >"$work/code"
} | {
    head -c 1000 >/dev/null
    kill -KILL "$server"
    cat >"$work/rest"
}
runs 0 [ "$(cat "$work/code")" -ne 0 ]
runs 0 [ "$(wc -c <"$work/rest")" -lt "$(wc -c <"$work/export.csv")" ]
answers_held 20 --proxy
finish
