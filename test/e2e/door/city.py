"""The drill city of these tests: who lives where, who works where, and the service on it.

Whoever works here works for the town 320282001; one person stands in each relation to it
(test/golden/policy.txt says what they are). All of them met at one market."""

import json
import os
import re
import subprocess
import time

from client import Door
from describe import Description
from quiet import Seeds
from table import RELATIONS, ROLES

TOWN = "320282001"
ELSEWHERE = "310101001"
HOMES = {
    "own": "320205001001",
    "same": "320282001003",
    "sibling": "320282002001",
    "parent": "320282",
    "other": "310101001001",
    "moved": "320205001002",
    "case": "320205001002",
    "custody": "320205001003",
    "c.over": "320205001004",
    "assigned": "320205001005",
    "a.over": "320205001006",
}
EARLIER, BEFORE, YESTERDAY, TOMORROW = (
    "2021-12-08T08:00:00+08:00",
    "2021-12-09T08:00:00+08:00",
    "2021-12-10T20:00:00+08:00",
    "2021-12-20T08:00:00+08:00",
)


def person_of(relation, role):
    return "P-OWN-" + role if relation == "own" else "P-" + relation.upper()


def code_of(person):
    """Its samples, its case and its order are numbered without its id."""
    return format(sum((i + 1) * ord(c) for i, c in enumerate(person)), "05d")


class City:
    def __init__(self, weft, work):
        self.weft, self.work, self.dir = weft, work, os.path.join(work, "city")
        self.seeds, self.tokens, self.ids = Seeds(), {}, {}  # seeds: what must stand nowhere
        self.seq, self.server, self.door = 0, None, None
        self.clock = None  # where the drill's clock goes on from when it is served
        self.said = {}  # (kind, grid): the newest fact of it
        self.log = os.path.join(work, "door.log")

    # ---- the program ----

    def run(self, *arguments, text=None):
        done = subprocess.run(
            [self.weft, *arguments], input=text, capture_output=True, text=True, timeout=100
        )
        if done.returncode != 0:
            raise SystemExit("weft %s: %s" % (" ".join(arguments[:3]), done.stderr))
        return done.stdout

    def send(self, facts):
        out = self.run("import", self.dir, "facts", "-", "--json", text="\n".join(facts) + "\n")
        if json.loads(out.splitlines()[-1])["refused"] != 0:
            raise SystemExit("the city refuses what the test sends: " + out)

    def fact(self, kind_of, at, lies, **body):
        self.seq += 1
        self.said[(kind_of, lies)] = self.seq
        line = {"device": "cli", "seq": self.seq, "kind": kind_of, "at": at, "body": body}
        if lies is not None:
            line["grid"] = lies
        return json.dumps(line)

    # ---- who is there ----

    def person(self, person, home, number):
        name, phone = "织密%s号" % number, "1390007%04d" % number
        document = "32028219900307%04d" % number
        self.seeds.add(person, name, phone, document)
        facts = []
        if person in ("P-MOVED", "P-CASE"):
            facts.append(
                self.fact("person.registered", EARLIER, TOWN, person=person, grid=TOWN + "003")
            )
        return facts + [
            self.fact(
                "person.registered", BEFORE, home, person=person, name=name, phone=phone,
                id_number=document, grid=home,
            )
        ]

    def work_on(self, person, home):
        """A sample that is positive, a case, an order that binds, and a task."""
        code = code_of(person)
        lies = TOWN if person == "P-CASE" else home
        sample = self.fact(
            "sample.collected", BEFORE, lies, tube="T-" + code, person=person, site="M-1"
        )
        return [
            sample,
            self.fact("tube.sealed", BEFORE, lies, tube="T-" + code, count=1),
            self.fact("tube.resulted", YESTERDAY, lies, tube="T-" + code, result="positive"),
            self.fact(
                "case.reported", YESTERDAY, lies, case="C-" + code, person=person,
                classification="confirmed", onset=BEFORE, reported=YESTERDAY, known_as="N-" + code,
            ),
            self.fact(
                "order.issued", YESTERDAY, lies, order="O-" + code, kind="hold",
                persons=[person], clause="cn-40", because=[{"device": "cli", "seq": 1}], until=TOMORROW,
                **{"from": YESTERDAY},
            ),
            self.fact(
                "task.assigned", YESTERDAY, lies, task="W-" + code, person=person,
                hole="register/same_person", post="register@" + lies, due=TOMORROW,
            ),
        ]

    def people(self):
        everybody = [(person_of("own", role), HOMES["own"]) for role in ROLES]
        everybody += [(person_of(r, ""), HOMES[r]) for r in RELATIONS if r != "own"]
        facts = []
        for number, (person, home) in enumerate(everybody):
            facts += self.person(person, home, number) + self.work_on(person, home)
        # One more with the same document in each place: a hole that names people.
        for number, relation in enumerate(RELATIONS):
            home, twin = HOMES[relation], "P-TWIN-" + relation.upper()
            self.seeds.add(twin)
            other = number + len(ROLES) - 1 if relation != "own" else 0
            facts.append(
                self.fact(
                    "person.registered", YESTERDAY, home, person=twin, grid=home,
                    id_number="32028219900307%04d" % other,
                )
            )
        places = [("M-1", TOWN, "market"), ("M-2", ELSEWHERE, "market"), ("H-1", TOWN, "household")]
        for place, grid, kind in places:
            facts.append(
                self.fact("place.registered", BEFORE, grid, place=place, kind=kind, grid=grid)
            )
        for outbreak, grid in (("B-SAME", TOWN), ("B-OTHER", ELSEWHERE), ("B-CITY", None)):
            facts.append(self.fact("outbreak.declared", BEFORE, grid, outbreak=outbreak))
        return facts, [person for person, _ in everybody]

    def accounts(self):
        facts = []
        for role in ROLES:
            self.seeds.add_account("u-" + role, "x-" + role, "d-" + role)
            facts += [
                self.fact("user.added", BEFORE, None, user="u-" + role, role=role, grid=TOWN,
                          person=person_of("own", role)),
                self.fact("user.added", BEFORE, None, user="x-" + role, role=role, grid=ELSEWHERE),
                self.fact("device.enrolled", BEFORE, None, device="d-" + role, role=role, grid=TOWN),
            ]
        facts.append(self.fact("user.added", BEFORE, None, user="root", role="operator"))
        facts.append(self.fact("user.added", BEFORE, None, user="everywhere", role="lead"))
        return facts

    def care(self):
        facts = []
        for relation, until in (("custody", TOMORROW), ("c.over", YESTERDAY)):
            for handle, person in (("K-", person_of(relation, "")),
                                   ("K-twin-", "P-TWIN-" + relation.upper())):
                facts.append(
                    self.fact("custody.given", BEFORE, None, custody=handle + relation, until=until,
                              person=person, because=[{"device": "cli", "seq": 1}], grid=TOWN)
                )
        for relation, until in (("assigned", TOMORROW), ("a.over", YESTERDAY)):
            person = person_of(relation, "")
            for role in ROLES:
                facts.append(
                    self.fact("assignment.given", BEFORE, None, assignment="A-%s-%s" % (relation, role),
                              user="u-" + role, reference="case:C-" + code_of(person),
                              person=person, until=until)
                )
        return facts

    def make(self):
        self.run("init", self.dir, "--kind", "drill", "--clock", "2021-12-11T06:00+08:00")
        people, everybody = self.people()
        self.send(people + self.accounts())
        self.send(self.care())
        # A custody is the word of two, and the second's comes after the first's.
        self.send([json.dumps({"device": "taker", "seq": i + 1, "kind": "custody.taken", "at": BEFORE,
                               "grid": TOWN, "body": {"custody": "K-" + name}})
                   for i, name in enumerate(("custody", "c.over", "twin-custody", "twin-c.over"))])
        visits = "person,place,start,end\n" + "".join(
            "%s,%s,2021-12-09T09:%02d,2021-12-09T11:%02d\n" % (person, place, i, i)
            for i, person in enumerate(everybody)
            for place in ("M-1",)
        )
        self.run("import", self.dir, "visits", "-", "--json", text=visits)
        # Whom an operator does not make, and the operator.
        for name in ("root", "everywhere", *("%s-%s" % (a, b) for a in "uxd" for b in ("commander", "auditor"))):
            holder = "--device" if name.startswith("d-") else "--user"
            self.token_of(name, self.run("token", self.dir, holder, name).strip())

    def token_of(self, name, token):
        self.tokens[name] = token
        self.seeds.add(token)
        return token

    # ---- the service ----

    def serve(self):
        self.ready = os.path.join(self.work, "door.ready")
        with open(self.ready, "w") as out, open(self.log, "a") as log:
            self.server = subprocess.Popen(
                [self.weft, "serve", self.dir, "--listen", "127.0.0.1:0", "--json",
                 *(("--clock", self.clock) if self.clock else ())],
                stdout=out, stderr=log,
            )
        for _ in range(600):
            found = re.search(r'"address":"([^"]+)"', open(self.ready).read())
            if found:
                break
            time.sleep(0.05)
        else:
            raise SystemExit("the service is not ready: " + open(self.log).read())
        self.door = Door(found.group(1), open(os.path.join(self.work, "answers"), "ab"))
        document = self.door.ask("GET", "/v1/openapi.json").json
        self.door.description = Description(document)

    def stop(self):
        if self.server is None:
            return 0
        self.door.close()
        self.door.records.close()
        self.server.terminate()
        return self.server.wait(timeout=60)

    def ask(self, name, method, path, body=None, **headers):
        sent = {key.replace("_", "-"): value for key, value in headers.items() if value}
        return self.door.ask(method, path, self.tokens.get(name), body, sent)

    def issue_tokens(self):
        """For all users and devices, by the operator of the whole city, as one is."""
        for role in ROLES:
            for kind, name in (("user", "u-"), ("user", "x-"), ("device", "d-")):
                if name + role in self.tokens:
                    continue
                made = self.ask("root", "POST", "/v1/tokens", {kind: name + role})
                if made.status != 201:
                    raise SystemExit("no token for %s: %s" % (name + role, made.text()))
                self.token_of(name + role, made.json["token"])
                self.ids["token of " + name + role] = made.json["id"]
