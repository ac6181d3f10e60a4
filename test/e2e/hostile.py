"""hostile.sh calls this: one kind of hostile client after the other, and somebody who
samples meanwhile. Nothing here depends on how fast the machine is."""

import contextlib
import http.client
import json
import select
import socket
import struct
import sys
import threading
import time

host, port = sys.argv[1].split(":")
address = (host, int(port))
tokens = dict(line.split() for line in open(sys.argv[2]))
places = 1025
failures = []
checks = 0


def hold(is_so, words):
    global checks
    checks += 1
    if not is_so:
        failures.append(words)
        print("not ok: " + words)


def connect():
    return socket.create_connection(address, timeout=30)


def head(method, path, who, *more):
    lines = ["%s %s HTTP/1.1" % (method, path), "Host: h", "Accept-Language: en",
             "Authorization: Bearer " + tokens[who], *more]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def post_of(who, length):
    return head("POST", "/v1/facts", who, "Content-Type: application/x-ndjson",
                "Content-Length: %d" % length)


class Sampler:
    """Sends a fact on a connection of its own, and holds that it was taken."""

    def __init__(self):
        self.seq = 0

    def samples(self, while_what, count=3):
        connection = http.client.HTTPConnection(host, int(port), timeout=30)
        for _ in range(count):
            self.seq += 1
            line = {"device": "S-sampler", "seq": self.seq, "kind": "tube.sealed",
                    "at": "2021-12-11T05:00:00+08:00",
                    "body": {"tube": "T-%d" % self.seq, "count": 10}}
            connection.request("POST", "/v1/facts", json.dumps(line) + "\n", headers={
                "Authorization": "Bearer " + tokens["sampler"],
                "Content-Type": "application/x-ndjson"})
            reply = connection.getresponse()
            said = reply.read()
            hold(reply.status == 200 and json.loads(said)["accepted"] == 1,
                 "a sample while %s: %d %s" % (while_what, reply.status, said[:200]))
        connection.close()


sampler = Sampler()


def figure(name):
    connection = http.client.HTTPConnection(host, int(port), timeout=30)
    connection.request("GET", "/metrics", headers={"Authorization": "Bearer " + tokens["operator"]})
    text = connection.getresponse().read().decode()
    connection.close()
    return next(float(line.split()[-1]) for line in text.splitlines() if line.startswith(name + " "))


def until(is_so, words):
    end = time.monotonic() + 60
    good = is_so()
    while not good and time.monotonic() < end:
        time.sleep(0.05)
        good = is_so()
    hold(good, words)


def answer_of(connection):
    """Status, headers and body of the next answer; None when the connection is closed."""
    file = connection.makefile("rb")
    line = file.readline()
    if not line:
        return None
    headers = {}
    for one in iter(file.readline, b"\r\n"):
        name, value = one.decode().split(":", 1)
        headers[name.lower()] = value.strip()
    return int(line.split()[1]), headers, file.read(int(headers.get("content-length", 0)))


# ---- floods ----


def flood(statuses):
    """Nine hundred ask at once in a lane of 128 places."""
    many = [connect() for _ in range(900)]
    request = head("POST", "/v1/views/testing/tubes/query", "commander",
                   "Content-Type: application/json", "Content-Length: 2") + b"{}"
    for one in many:
        one.sendall(request)
    sampler.samples("a queue is full")
    poll, waiting = select.poll(), {one.fileno(): one for one in many}
    for number in waiting:
        poll.register(number, select.POLLIN)
    without = 0
    while waiting:
        ready = poll.poll(30000)
        if not ready:
            break
        for number, _ in ready:
            poll.unregister(number)
            status, headers, body = answer_of(waiting.pop(number))
            statuses[status] = statuses.get(status, 0) + 1
            if status == 503:
                code = json.loads(body)["code"]
                without += code != "http.full" or not headers.get("retry-after", "").isdigit()
    for one in many:
        one.close()
    hold(not waiting, "%d of a flood got no answer" % len(waiting))
    hold(without == 0, "%d were not told when to come again" % without)


def a_flood_is_told_to_come_again():
    """A machine that is quick may answer a whole flood: then there comes another."""
    statuses, floods = {}, 0
    while 503 not in statuses and floods < 30:
        flood(statuses)
        floods += 1
    print("of %d floods of 900: %s" % (floods, statuses))
    hold(set(statuses) == {200, 503}, "floods get what they asked for, or 503: %s" % statuses)


def whoever_pipelines_is_answered_in_order():
    one = connect()
    request = b"GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n"
    none = b"GET /v1/nothing HTTP/1.1\r\nHost: h\r\n\r\n"
    last = b"GET /healthz HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
    one.sendall((request * 9 + none) * 50 + last)
    text = b"".join(iter(lambda: one.recv(1 << 16), b""))
    said = [int(part.split()[0]) for part in text.split(b"HTTP/1.1 ")[1:]]
    hold(said == ([200] * 9 + [401]) * 50 + [200], "five hundred in one piece: %d answers" % len(said))
    one.close()


# ---- bodies ----


def bodies_that_never_end_take_nobodys_room():
    """One account holds 64 MiB of all that is held; what is small is taken even then."""
    size = 16 << 20
    held = []
    for _ in range(5):
        one = connect()
        one.sendall(post_of("resident", size) + b" " * (size - 1))
        held.append(one)
    until(lambda: figure("weft_bodies_bytes") <= 64 << 20, "what one account may hold")
    hold(figure("weft_bodies_bytes") > 32 << 20, "bodies are held")
    sampler.samples("somebody holds all that one may")
    small = connect()
    small.sendall(post_of("resident", 1) + b"\n")
    hold(answer_of(small)[0] == 200, "their small one is taken")
    small.close()
    # Of the five one was refused, and hears of it at its end.
    refused = 0
    for one in held:
        one.sendall(b"\n")
    for one in held:
        status, headers, body = answer_of(one)
        if status == 503:
            refused += json.loads(body)["code"] == "http.bodies" and "retry-after" in headers
        else:
            hold(status == 200, "a body of blanks is no facts: %d %s" % (status, body[:200]))
        one.close()
    hold(refused == 1, "one of five is too much: %d" % refused)
    until(lambda: figure("weft_bodies_bytes") == 0, "all is given back")


def who_goes_away_in_the_middle_leaves_nothing():
    for part in (b"GET /healthz HT", post_of("resident", 1000), post_of("resident", 1000) + b"{",
                 head("POST", "/v1/facts", "resident", "Content-Type: application/x-ndjson",
                      "Transfer-Encoding: chunked") + b"5\r\n{",
                 head("GET", "/v1/openapi.json", "resident")):
        for _ in range(100):
            one = connect()
            one.sendall(part)
            # A reset, not an end.
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            one.close()
    sampler.samples("others go away")
    until(lambda: figure("weft_exchanges") == 1, "nothing is under way any more")
    hold(figure("weft_bodies_bytes") == 0, "no body is held")


# ---- places ----


def places_that_nobody_uses_are_taken_back():
    """All of them, by those who never end their headers, who never read what they asked
    for, and who say nothing at all. Whoever comes then waits for seconds, not for ever."""
    many = []
    large = head("GET", "/v1/openapi.json", "resident") * 20
    for i in range(places):
        one = connect()
        if i % 3 == 0:
            one.sendall(b"GET /healthz HTTP/1.1\r\nHost: h\r\nX: ")
        elif i % 3 == 1:
            one.setblocking(False)
            one.send(large)
        many.append(one)
    sampler.samples("all places are taken")
    for one in many:
        one.close()
    until(lambda: figure("weft_exchanges") == 1, "nothing is under way any more")


def bodies_without_an_end_hold_no_place():
    """All places, by bodies that have no end or one that is far away, of which a byte comes
    now and then: what is announced buys no time, and neither does what is said of it."""
    most = 16 << 20
    endless = head("POST", "/v1/facts", "resident", "Content-Type: application/x-ndjson",
                   "Transfer-Encoding: chunked")
    many = []
    for i in range(places):
        one = connect()
        one.sendall([endless, endless + b"1\r\n \r\n", post_of("resident", most)][i % 3])
        many.append(one)
    ended = threading.Event()

    def drip():
        """The second kind goes on, as long as it can."""
        while not ended.wait(0.5):
            for one in many[1::3]:
                with contextlib.suppress(OSError):
                    one.send(b"1\r\n \r\n", socket.MSG_DONTWAIT)

    dripping = threading.Thread(target=drip, daemon=True)
    dripping.start()
    sampler.samples("bodies without an end have all places")
    # All of them, also those that need not go to make room for others.
    until(lambda: figure("weft_exchanges") == 1, "bodies without an end are cut")
    ended.set()
    dripping.join()
    for one in many:
        one.close()


a_flood_is_told_to_come_again()
whoever_pipelines_is_answered_in_order()
bodies_that_never_end_take_nobodys_room()
who_goes_away_in_the_middle_leaves_nothing()
places_that_nobody_uses_are_taken_back()
bodies_without_an_end_hold_no_place()
# At the end somebody is in the middle of everything.
left = [connect() for _ in range(20)]
for i, one in enumerate(left):
    one.sendall([b"GET /hea", post_of("resident", 10) + b"{"][i % 2])
sampler.samples("it is about to end")
print("%d checks, %d failures" % (checks, len(failures)))
sys.exit(1 if failures or checks < 20 else 0)
