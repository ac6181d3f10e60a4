"""looks.sh calls this: looks are written down before the first byte, whatever becomes of
who looked or of the service; the person is told, and the auditor."""

import json
import os
import signal
import socket
import sys
import time

sys.path.append(os.path.join(os.path.dirname(__file__), "../../quiet"))

from city import TOWN, City, code_of, person_of

SITE = "ref=site:M-1; purpose=give-result"
OWN = person_of("own", "resident")
OTHER = person_of("own", "guard")
HELD = "P-SAME"


class Looks:
    def __init__(self, weft, work):
        self.city = City(weft, work)
        self.failures = self.checks = 0
        self.numbers = {}

    def hold(self, is_so, words, answer=None):
        self.checks += 1
        if is_so:
            return
        self.failures += 1
        print("not ok: " + words)
        if answer is not None:
            print("  %d %s" % (answer.status, answer.body[:400].decode(errors="replace")))

    # ---- asking ----

    def look(self, name, person, purpose=SITE):
        answer = self.city.ask(name, "POST", "/v1/person", {"person": person}, Weft_Purpose=purpose)
        self.hold(answer.status == 200, "%s looks at %s" % (name, person), answer)
        return answer

    def all_looks(self):
        """Those that the auditor of the whole city sees, oldest first, once the rows follow."""
        self.hold(self.until(self.rows_have_followed), "the rows follow")
        rows, after = [], ""
        while True:
            answer = self.city.ask("watch", "GET", "/v1/views/register/looks?limit=500" + after)
            if answer.status != 200:
                self.hold(False, "an auditor reads looks", answer)
                return rows
            rows += answer.json["rows"]
            if not answer.json.get("next"):
                return rows[::-1]
            after = "&after=" + answer.json["next"]

    def rows_have_followed(self):
        text = self.city.ask("root", "GET", "/metrics").text()
        figures = dict(line.rsplit(" ", 1) for line in text.splitlines() if line[0] != "#")
        return figures["weft_ledger_facts"] == figures["weft_rows_as_of"]

    def until(self, is_so, seconds=60):
        end = time.monotonic() + seconds
        while True:
            good = is_so()
            if good or time.monotonic() > end:
                return good
            time.sleep(0.05)

    def send(self, kind, **body):
        book = "user/everywhere"
        self.numbers[book] = self.numbers.get(book, 0) + 1
        line = {"device": book, "seq": self.numbers[book], "kind": kind, "body": body,
                "at": self.city.ask(None, "GET", "/healthz").json["now"], "grid": body.get("grid", TOWN)}
        answer = self.city.ask("everywhere", "POST", "/v1/facts", json.dumps(line) + "\n")
        self.hold(answer.status == 200 and answer.json["accepted"] == 1, kind + " is sent", answer)

    def holes(self, kind):
        answer = self.city.ask("watch", "GET", "/v1/holes?kind=register/" + kind)
        self.hold(answer.status == 200, "the auditor's holes", answer)
        return [row["subject"] for row in answer.json["rows"]]

    # ---- what is written ----

    def one_answer_is_one_look(self):
        before = len(self.all_looks())
        for _ in range(5):
            self.look("u-lead", HELD)
        answer = self.city.ask("u-lead", "GET", "/v1/views/register/persons", Weft_Purpose=SITE)
        self.hold(answer.status == 200, "a page", answer)
        for path, body in (("/v1/me/status", None), ("/v1/me/looks", None), ("/v1/counts", None),
                           ("/v1/valid", {"person": HELD}), ("/v1/views/testing/tubes", None)):
            answer = self.city.ask("u-lead", "GET" if body is None else "POST", path, body)
            self.hold(answer.status == 200, path, answer)
        rows = self.all_looks()[before:]
        self.hold(len(rows) == 6, "six answers are six looks: %d" % len(rows))
        for row in rows:
            self.hold(row["actor"] == "u-lead" and row["purpose"] == "give-result"
                      and row["reference"] == "M-1", "what a look says: %s" % row)

    def who_goes_away_has_looked(self):
        """They ask, and are gone before an answer can leave: each has looked."""
        before = len(self.all_looks())
        body = json.dumps({"person": HELD}).encode()
        request = ("POST /v1/person HTTP/1.1\r\nHost: door\r\nAuthorization: Bearer %s\r\n"
                   "Weft-Purpose: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                   % (self.city.tokens["u-medic"], SITE, len(body))).encode() + body
        for _ in range(10):
            one = socket.create_connection(self.city.door.address)
            one.sendall(request)
            one.close()
        self.hold(self.until(lambda: len(self.all_looks()) == before + 10), "who is gone has looked")

    def a_look_is_there_after_the_first_byte(self):
        """The service is killed when the first byte has come: the look is there."""
        for turn in range(3):
            before = len(self.all_looks())
            body = json.dumps({"person": HELD}).encode()
            one = socket.create_connection(self.city.door.address)
            one.sendall(("POST /v1/person HTTP/1.1\r\nHost: door\r\nAuthorization: Bearer %s\r\n"
                         "Weft-Purpose: %s\r\nContent-Type: application/json\r\n"
                         "Content-Length: %d\r\n\r\n"
                         % (self.city.tokens["u-lead"], SITE, len(body))).encode() + body)
            first = one.recv(1)
            self.city.server.send_signal(signal.SIGKILL)
            self.city.server.wait()
            one.close()
            self.city.door.close()
            self.hold(first == b"H", "a first byte")
            self.city.serve()
            rows = self.all_looks()
            self.hold(len(rows) == before + 1 and rows[-1]["actor"] == "u-lead",
                      "killed after the first byte: %d looks, %d before" % (len(rows), before))

    # ---- the person ----

    def own_looks(self, name="u-resident"):
        answer = self.city.ask(name, "GET", "/v1/me/looks")
        self.hold(answer.status == 200, "one's own looks", answer)
        return answer

    def the_person_is_told_in_time(self):
        """At once after somebody has spoken to them, else a day later; never of the case."""
        case = "C-" + code_of(OWN)
        tracing = "ref=case:%s; purpose=trace-contacts" % case
        self.look("everywhere", OWN)
        answer = self.city.ask("everywhere", "GET", "/v1/stays?case=" + case, Weft_Purpose=tracing)
        self.hold(answer.status == 200, "somebody traces", answer)
        self.look("everywhere", OTHER)
        self.hold(self.own_looks().json["rows"] == [], "nothing is told before a day is over")
        self.send("contact.reached", outbreak="B-CITY", person=OWN, how="phone")
        self.hold(self.until(lambda: len(self.own_looks().json["rows"]) == 2), "told once reached",
                  self.own_looks())
        answer = self.own_looks()
        for row in answer.json["rows"]:
            self.hold(row["office"] and row["purpose"] and row["looked_at"],
                      "office and purpose: %s" % row)
        for word in (case, "everywhere", OTHER, '"reference"', "actor"):
            self.hold(word not in answer.text(), "a person is told of " + word, answer)
        self.hold(self.own_looks("u-guard").json["rows"] == [], "the other was not reached")

    def a_day_later(self):
        self.city.stop()
        self.city.clock = "2021-12-12T06:30+08:00"
        self.city.serve()
        rows = self.own_looks("u-guard").json["rows"]
        self.hold(len(rows) == 1 and rows[0]["purpose"] == "give-result",
                  "told after a day, though nobody reached them: %s" % rows)

    # ---- the auditor ----

    def misuse_is_a_hole_within_a_minute(self):
        home, place = "HH-1", TOWN + "003"
        self.send("person.registered", person=HELD, grid=place, household=home)
        self.send("person.registered", person=person_of("own", "lead"), grid="320205001001", household=home)
        self.send("person.registered", person=person_of("own", "medic"), grid=TOWN + "004")
        self.hold(self.until(lambda: self.city.ask("u-investigator", "POST", "/v1/views/register/persons/query",
                  {"fields": {"person": person_of("own", "medic")}}, Weft_Purpose=SITE).json.get("rows")),
                  "the rows have followed")

        def bad_reference():
            answer = self.city.ask("u-sampler", "GET", "/v1/views/testing/samples",
                                   Weft_Purpose="ref=case:C-99999; purpose=interview")
            self.hold(answer.status == 404, "a reference that is not there", answer)

        def one_person_again_and_again():
            for _ in range(51):
                self.look("u-medic", HELD)

        def again_and_again():
            """What goes on is the same hole; how often is said beside it."""
            before = self.holes("look_without_reference")
            def noted():
                bad_reference()
                answer = self.city.ask("watch", "GET", "/v1/views/register/look_refusals?actor=u-sampler")
                self.hold(answer.status == 200, "the auditor's refusals", answer)
                rows = answer.json["rows"]
                return len(rows) == 1 and rows[0]["stretch"] in before and rows[0]["refusals"] >= 3
            self.hold(self.until(noted), "three seconds of refusals are counted in one hour")
            self.hold(self.holes("look_without_reference") == before, "more refusals are more holes")

        def too_many():
            lines = [json.dumps({"device": "user/root-lead", "seq": i + 1, "kind": "person.registered",
                                 "at": "2021-12-11T06:00:00+08:00", "grid": place,
                                 "body": {"person": "Q-%04d" % i, "grid": place}}) for i in range(1200)]
            answer = self.city.ask("root-lead", "POST", "/v1/facts", "\n".join(lines) + "\n")
            self.hold(answer.status == 200 and answer.json["accepted"] == 1200, "people come", answer)
            self.until(lambda: self.city.ask("u-grid_worker", "GET",
                       "/v1/views/register/persons?limit=500", Weft_Purpose=SITE).json.get("next"))
            after, seen = "", 0
            while after is not None:
                answer = self.city.ask("u-grid_worker", "GET",
                                       "/v1/views/register/persons?limit=500" + after, Weft_Purpose=SITE)
                seen += len(answer.json["rows"])
                after = answer.json.get("next") and "&after=" + answer.json["next"]
            self.hold(seen > 1000, "%d people were shown" % seen)

        for kind, misuse in (("look_without_reference", bad_reference),
                             ("look_close_by", lambda: self.look("u-lead", HELD)),
                             ("look_close_by", lambda: self.look("u-investigator", person_of("own", "medic"))),
                             ("look_often", one_person_again_and_again),
                             ("look_pace", too_many)):
            before = set(self.holes(kind))
            misuse()
            began = time.monotonic()
            self.hold(self.until(lambda: set(self.holes(kind)) - before), kind + " is a hole")
            print("%s: a hole after %.2f s" % (kind, time.monotonic() - began))
            answer = self.city.ask("u-lead", "GET", "/v1/holes?kind=register/" + kind)
            own = answer.status != 200 or answer.json["rows"] == []
            self.hold(own, "whom it is about does not see it", answer)
        again_and_again()


    def review(self, number, subject):
        line = {"device": "user/watch", "seq": number, "kind": "look.reviewed", "grid": TOWN,
                "at": self.city.ask(None, "GET", "/healthz").json["now"],
                "body": {"subject": subject, "finding": "seen"}}
        answer = self.city.ask("watch", "POST", "/v1/facts", json.dumps(line) + "\n")
        self.hold(answer.status == 200 and answer.json["accepted"] == 1, "a review is sent", answer)

    def of(self, kind, name):
        return [one for one in self.holes(kind) if one.startswith(name + " ")]

    def what_goes_on_is_seen_across_a_restart_and_after_a_review(self):
        """30 looks, the service is killed, 21 more; and as many again after a review."""
        name, kind = "u-investigator", "look_often"
        for _ in range(30):
            self.look(name, HELD)
        self.hold(self.of(kind, name) == [], "30 looks are too many")
        self.city.server.send_signal(signal.SIGKILL)
        self.city.server.wait()
        self.city.door.close()
        self.city.serve()
        for _ in range(20):
            self.look(name, HELD)
        self.hold(self.until(self.rows_have_followed) and self.of(kind, name) == [],
                  "50 looks are too many")
        self.look(name, HELD)
        self.hold(self.until(lambda: self.of(kind, name)), "30 looks, a restart, and 21 are no hole")
        subject = self.of(kind, name)[0]
        time.sleep(1)  # a review is said in whole seconds, and comes after what it is of
        self.review(1, subject)
        self.hold(self.until(lambda: self.of(kind, name) == []), "a review closes it")
        for _ in range(50):
            self.look(name, HELD)
        self.hold(self.until(self.rows_have_followed) and self.of(kind, name) == [],
                  "fewer than as many again are too many")
        self.look(name, HELD)
        self.hold(self.until(lambda: self.of(kind, name) == [subject]),
                  "51 more after a review are no hole")

    def small_exports_again_and_again_are_a_pace(self):
        """1,200 people a file take no second person; five files do, and a restart between
        them is no help."""
        name, purpose = "u-investigator", "ref=order:O-%s; purpose=hand-over" % code_of("P-SAME")
        self.hold(self.of("look_pace", name) == [], "no pace yet")
        for turn in range(5):
            if turn == 3:
                self.city.server.send_signal(signal.SIGKILL)
                self.city.server.wait()
                self.city.door.close()
                self.city.serve()
            answer = self.city.ask(name, "POST", "/v1/exports", {"view": "register/persons"},
                                   Weft_Purpose=purpose)
            self.hold(answer.status == 200 and len(answer.body.splitlines()) > 1200, "an export", answer)
        self.hold(self.until(lambda: self.of("look_pace", name)), "6,000 people in files are no hole")


def main():
    looks = Looks(*sys.argv[1:])
    city = looks.city
    try:
        city.make()
        for name, role in (("watch", "auditor"), ("root-lead", "lead")):
            city.run("user", city.dir, "add", name, "--role", role)
            city.token_of(name, city.run("token", city.dir, "--user", name).strip())
        city.serve()
        city.issue_tokens()
        looks.one_answer_is_one_look()
        looks.who_goes_away_has_looked()
        looks.misuse_is_a_hole_within_a_minute()
        looks.what_goes_on_is_seen_across_a_restart_and_after_a_review()
        looks.small_exports_again_and_again_are_a_pace()
        looks.the_person_is_told_in_time()
        looks.a_look_is_there_after_the_first_byte()
        looks.a_day_later()
    finally:
        code = city.stop()
    looks.hold(code == 0, "the service ends with %d" % code)
    print("%d checks, %d failures" % (looks.checks, looks.failures))
    return 0 if looks.checks > 50 and looks.failures == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
