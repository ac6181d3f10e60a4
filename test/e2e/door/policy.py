"""Every role, every relation, every door: what the table says is what comes."""

import http.client
import json
import re
import time
import urllib.parse

from city import ELSEWHERE, HOMES, TOMORROW, TOWN, YESTERDAY, code_of, person_of
from client import Stream
from table import RELATIONS, ROLES

SITE = "ref=site:M-1; purpose=give-result"
SITE_ELSEWHERE = "ref=site:M-2; purpose=give-result"
ORDER = "ref=order:O-%s; purpose=hand-over" % code_of("P-SAME")
UNKNOWN = "/v1/nothing-of-this-name"


def case_of(person):
    return "C-" + code_of(person)


def tracing(person):
    return "ref=case:%s; purpose=trace-contacts" % case_of(person)


# ---- one good request for each door ----


def good_request(door, name):
    """What this asks would be answered, if they may: path, body, purpose."""
    own = case_of("P-SAME")
    requests = {
        "POST /v1/login": (None, {"user": "nobody", "password": "not one of anybody's"}, None),
        "POST /v1/me/password": (None, {"old": "not one of anybody's", "password": "seven"}, None),
        "POST /v1/valid": (None, {"person": "P-SAME"}, None),
        "POST /v1/facts": (None, "", None),
        "GET /v1/contacts": ("/v1/contacts?case=" + own, None, tracing("P-SAME")),
        "GET /v1/who": ("/v1/who?place=M-1&case=" + own, None, tracing("P-SAME")),
        "POST /v1/who": (None, {"case": own, "place": "H-1"}, tracing("P-SAME")),
        "POST /v1/stays/parse": (None, {"text": "12-09"}, None),
        "GET /v1/stays": ("/v1/stays?case=" + own, None, tracing("P-SAME")),
        "POST /v1/work": (None, {"case": own}, tracing("P-SAME")),
        "POST /v1/person": (None, {"person": "P-SAME"}, SITE),
        "POST /v1/tasks": (None, {"holes": "testing/tube_no_result", "grid": TOWN,
                                  "post": "testing@" + TOWN, "due": TOMORROW}, None),
        "GET /v1/tasks/proposed": (
            "/v1/tasks/proposed?holes=testing/tube_no_result&grid=" + TOWN, None, None),
        "POST /v1/tasks/{task}": ("/v1/tasks/Z-1", {"answer": "accepted"}, None),
        "GET /v1/source": ("/v1/source?cases=" + own, None, tracing("P-SAME")),
        "POST /v1/imports": (
            "/v1/imports?kind=" + a_list(name), LISTS[a_list(name)] % name, None),
        "POST /v1/imports/preview": (
            "/v1/imports/preview?kind=" + a_list(name), LISTS[a_list(name)] % name, None),
        "GET /v1/imports/template": ("/v1/imports/template?kind=" + a_list(name), None, None),
        "POST /v1/exports": (None, {"view": "register/exports"}, None),
        "POST /v1/users": (None, {"user": "n-" + name, "role": "sampler", "grid": TOWN}, None),
        "PATCH /v1/users/{user}": ("/v1/users/n-" + name, {"office": "w-3"}, None),
        "POST /v1/users/{user}/secret": (
            "/v1/users/u-guard/secret", {"password": "seven invented words"}, None),
        "DELETE /v1/users/{user}": ("/v1/users/n-" + name, None, None),
        "POST /v1/devices": (None, {"device": "e-" + name, "role": "sampler", "grid": TOWN}, None),
        "POST /v1/tokens": (None, {"device": "d-sampler"}, None),
        "DELETE /v1/devices/{device}": ("/v1/devices/e-" + name, None, None),
    }
    path, body, purpose = requests.get(" ".join(door), (None, None, None))
    return path or door[1], body, purpose


# A row of each list, of what is nobody's yet.
LISTS = {
    "persons": "person\nN-%s\n",
    "places": "place,name,kind,grid\nN-%s,Market,market," + TOWN + "\n",
    "visits": "person,place,start,end\nN-%s,M-1,2021-12-09 10:00,2021-12-09 11:00\n",
    "encounters": "a,b,start,end\nN-%s,N-1,2021-12-09 10:00,2021-12-09 11:00\n",
    "cases": "case,person\nN-%s,N-1\n",
    "contacts": "case,person,level\nN-1,N-%s,close\n",
    "followups": "person,at,outcome\nN-%s,2021-12-09 10:00,no_answer\n",
    "results": "sample,person,collected,result\nN-%s,N-1,2021-12-09 10:00,negative\n",
    "tubes": "tube,result,resulted\nN-%s,negative,2021-12-09 20:00\n",
}


def a_list(name):
    return "tubes" if name.endswith("-lab") else "persons"


# The doors that are about one thing of which each role has another, or none: told apart
# by relation below.
APART = {
    "GET /v1/views/{desk}/{name}",
    "POST /v1/views/{desk}/{name}/query",
    "GET /v1/exports/{export}",
    "POST /v1/exports/{export}/release",
    "GET /v1/imports/refused/{file}",
    "DELETE /v1/tokens/{id}",
    "GET /v1/events",
}


class Policy:
    def __init__(self, city, table, report):
        self.city, self.table, self.report = city, table, report
        self.cells = 0

    def ask(self, name, door, path=None, body=None, purpose=None):
        return self.city.ask(name, door[0], path or door[1], body, Weft_Purpose=purpose)

    def hold(self, is_so, words, answer=None):
        self.cells += 1
        self.report.hold(is_so, words, answer)

    # ---- which doors there are ----

    def doors_are_those_of_the_table(self):
        described = set(self.city.door.description.operations)
        for door in sorted(described ^ set(self.table.doors)):
            where = "the table" if door in described else "openapi.json"
            self.hold(False, "%s %s is not in %s" % (*door, where))
        self.doors = sorted(described & set(self.table.doors))

    def nobody_comes_in_without_a_token(self):
        closed = [d for d in self.doors if self.table.doors[d][0] != "open"]
        for door in closed + [("GET", UNKNOWN), ("DELETE", "/v1/me")]:
            path, body, purpose = good_request(door, "nobody")
            path = re.sub(r"\{\w+\}", "x", path)
            for token in (None, "weft_" + "A" * 43, *(self.city.tokens[t] for t in ("over", "revoked"))):
                answer = self.city.door.ask(door[0], path, token, body,
                                            {"Weft-Purpose": purpose} if purpose else None)
                self.hold(answer.status == 401, "%s %s without a good token" % door, answer)
        for door in set(self.doors) - set(closed):
            path, body, _ = good_request(door, "nobody")
            answer = self.city.door.ask(door[0], path, None, body)
            wanted = 401 if door[1] == "/v1/login" else 200
            self.hold(answer.status == wanted, "%s %s is open" % door, answer)

    def what_is_not_there_is_not_found(self):
        paths = ["/", "/v1", "/v1/persons", "/v2/me", "/v1/me/x", "/admin", "/weft.sock",
                 "/v1/views/register", "/v1/users", "/metrics/x", "/v1/facts/1"]
        for path in paths[1:]:
            answer = self.city.ask("u-lead", "GET", path)
            self.hold(answer.status == 404, "GET %s is not there" % path, answer)
        for path in ("/v1/me", "/v1/views", "/v1/contacts"):
            answer = self.city.ask("u-lead", "DELETE", path)
            self.hold(answer.status == 404, "DELETE %s is not there" % path, answer)

    # ---- what each role may do at all ----

    def each_role_gets_in_where_the_table_says(self):
        for role in ROLES:
            nothing = self.city.ask("u-" + role, "GET", UNKNOWN)
            order = sorted(self.doors, key=lambda d: (d[1] == "/v1/logout", d[0] == "DELETE",
                                                      d[0] != "POST", d))
            for door in order:
                for name in ("u-" + role, "d-" + role):
                    self.check_door(door, role, name, nothing)

    def check_door(self, door, role, name, nothing):
        path, body, purpose = good_request(door, name)
        path = re.sub(r"\{\w+\}", "x", path)
        reach = self.table.reach(door, role)
        if self.table.doors[door][0] == "open" or (" ".join(door) in APART and reach != "-"):
            return
        answer = self.ask(name, door, path, body, purpose)
        words = "%s at %s %s: %s" % (name, *door, reach)
        if reach == "-":
            same = answer.status == 404 and answer.body == nothing.body
            self.hold(same, words + ", as what is not there", answer)
        elif name.startswith("d-") and door[1] in ("/v1/me/status", "/v1/me/looks", "/v1/me/reports"):
            self.hold(answer.status == 404, words + ", but a device is nobody", answer)
        elif door[1] == "/v1/me/password":
            self.hold(answer.status == 404, words + ", but only in a session", answer)
        elif reach == "+" and not self.table.may_send_at(door, role):
            # What an account becomes is a fact, and this role sends none of that kind.
            good = answer.code in ("access.kind", "http.not_found")
            self.hold(good, words + ", but does not send it", answer)
        else:
            self.hold(answer.status in (200, 201, 204), words, answer)

    # ---- whom they reach ----

    def each_role_reaches_whom_the_table_says(self):
        for role in ROLES:
            for name in ("u-" + role, "d-" + role):
                for relation in RELATIONS:
                    self.reach_persons(role, name, relation)
                    self.reach_all_of_one(role, name, relation)
                    self.reach_grids(role, name, relation)
                    self.reach_cases(role, name, relation)

    def wanted(self, door, role, name, relation, action=None):
        # A device is no person, and is assigned to nothing.
        if name.startswith("d-") and relation in ("own", "assigned"):
            return "-"
        if action is not None:
            return self.table.scope[(role, action)][relation]
        return self.table.reach(door, role, relation)

    def reach_persons(self, role, name, relation):
        """Views that name people, asked for one of them, and their pages."""
        person = person_of(relation, role)
        reach = self.wanted(None, role, name, relation, "read_personal_view")
        query = ("POST", "/v1/views/{desk}/{name}/query")
        asked_of_one = ("register/person_file", "testing/samples_of_person")
        for view in (*asked_of_one, "order/bound_persons", "order/orders_of_person",
                     "testing/samples"):
            # A sample lies where it was taken; the others where the person lives.
            hidden = relation == "case" and view != "testing/samples"
            sees = reach == "+" and not hidden and role in self.table.views[view][1]
            answer = self.ask(name, query, "/v1/views/%s/query" % view,
                              {"fields": {"person": person}}, SITE)
            self.is_shown(answer, person, sees, "%s reads %s of %s" % (name, view, relation),
                          role in self.table.views[view][1] and view not in asked_of_one)
        # Pages hold whom a question about one person reaches.
        for view, hidden, more in (
            ("register/persons", ("case",), ""),
            ("testing/samples", (), ""),
            # Of whom there is no sample since then: of everybody.
            ("testing/missing", ("case",), "&since=2021-12-10T20:00:00%2B08:00"),
        ):
            sees = relation not in hidden and reach == "+" and role in self.table.views[view][1]
            answer = self.city.ask(name, "GET", "/v1/views/%s?limit=500%s" % (view, more),
                                   Weft_Purpose=SITE)
            self.is_shown(answer, person, sees, "%s pages %s for %s" % (name, view, relation),
                          role in self.table.views[view][1])
        # Tasks name nobody, and are of whom a question reaches, or lie in the grid.
        reads = self.table.roles["read_view"][role] == "+" and \
            role in self.table.views["command/tasks"][1]
        sees = reads and (relation in ("same", "case") or reach == "+")
        answer = self.city.ask(name, "GET", "/v1/views/command/tasks?limit=500")
        self.is_shown(answer, "W-" + code_of(person), sees,
                      "%s has the task of %s" % (name, relation), reads)
        counts = self.city.ask(name, "GET", "/v1/views/command/task_counts?limit=500")
        self.hold(counts.status == answer.status and
                  (not reads or sum(row["tasks"] for row in counts.json["rows"]) ==
                   len(answer.json["rows"])),
                  "%s counts the tasks that they have" % name, counts)
        export = ("POST", "/v1/exports")
        reach = self.wanted(export, role, name, relation)
        answer = self.ask(name, export, None, {"view": "register/person_file",
                                               "fields": {"person": person}}, ORDER)
        self.is_shown(answer, person, reach == "+", "%s exports %s" % (name, relation), False)

    def reach_all_of_one(self, role, name, relation):
        """All that is read of one person at once: part by part what the views give."""
        person = person_of(relation, role)
        reach = self.wanted(None, role, name, relation, "read_personal_view")
        answer = self.ask(name, ("POST", "/v1/person"), None, {"person": person}, SITE)
        if self.table.roles["read_personal_view"][role] != "+":
            self.hold(answer.status == 404 and answer.code == "http.not_found",
                      "%s reads nobody as one" % name, answer)
            return
        parts = {part["view"]: part.get("rows") for part in answer.json["rows"]}
        # Of the work on a case that is theirs the rows of cases alone.
        for view in ("register/persons", "order/bound_persons", "order/orders_of_person",
                     "testing/samples_of_person", "register/person_file", "cases/cases"):
            reads = role in self.table.views[view][1]
            sees = reads and reach == "+" and (relation != "case" or view == "cases/cases")
            self.hold(bool(parts.get(view)) == sees and (reads or parts.get(view) is None),
                      "%s reads %s of %s in one: %s" % (name, view, relation, sees), answer)
        self.hold(reach == "+" or not has_id(answer.text(), person),
                  "%s is shown %s in one" % (name, relation), answer)

    def is_shown(self, answer, person, sees, words, empty):
        """Shown; or absent: a page without them, or the answer of what is not there."""
        if sees:
            good = answer.status == 200 and has_id(answer.text(), person)
        elif empty:
            good = answer.status == 200 and not has_id(answer.text(), person)
        else:
            good = answer.status == 404 and answer.code == "http.not_found"
        self.hold(good, words + (": shown" if sees else ": not"), answer)

    def reach_grids(self, role, name, relation):
        grid = TOWN if relation == "case" else HOMES[relation]
        for view in ("testing/tubes", "order/orders", "register/devices"):
            reach = self.wanted(None, role, name, relation, "read_view")
            sees = reach == "+" and role in self.table.views[view][1]
            answer = self.city.ask(name, "GET", "/v1/views/%s?grid=%s" % (view, grid))
            self.hold(answer.status == (200 if sees else 404),
                      "%s reads %s in the grid of %s: %s" % (name, view, relation, sees), answer)
        for path in ("/v1/counts", "/v1/net"):
            door = ("GET", path)
            sees = self.wanted(door, role, name, relation) == "+"
            answer = self.ask(name, door, "%s?grid=%s" % (path, grid))
            self.hold(answer.status == (200 if sees else 404),
                      "%s asks %s in the grid of %s: %s" % (name, path, relation, sees), answer)
        door = ("GET", "/v1/holes")
        sees = self.wanted(door, role, name, relation) == "+"
        path = "/v1/holes?kind=register/same_person&all=true&grid=" + HOMES[relation]
        answer = self.ask(name, door, path, None, SITE)
        twin = "P-TWIN-" + relation.upper()
        good = answer.status == 200 and has_id(answer.text(), twin) if sees else \
            not has_id(answer.text(), twin) and b"P-" not in answer.body
        self.hold(good, "%s sees holes of %s: %s" % (name, relation, sees), answer)
        # All of theirs: those of who lives elsewhere, too, if they reach the person.
        # The twin of whom the user is assigned to is nobody of theirs.
        listed = relation not in ("own", "case", "assigned") and \
            self.wanted(None, role, name, relation, "read_personal_view") == "+"
        answer = self.ask(name, door, "/v1/holes?kind=register/same_person&all=true", None, SITE)
        self.hold(has_id(answer.text(), twin) == listed,
                  "%s lists holes of %s: %s" % (name, relation, listed), answer)

    def reach_cases(self, role, name, relation):
        person = person_of(relation, role)
        case, purpose = case_of(person), tracing(person)
        # The clock of a case is of the grid where it lies.
        clock = ("GET", "/v1/clock")
        sees = self.wanted(clock, role, name, relation) == "+"
        answer = self.ask(name, clock, "/v1/clock?case_id=" + case)
        good = answer.status == 404 if self.table.roles["clock"][role] == "-" else \
            answer.status == 200 and (answer.json["rows"] != []) == sees
        self.hold(good, "%s reads the clock of %s: %s" % (name, relation, sees), answer)
        asks = [
            (("GET", "/v1/contacts"), "/v1/contacts?case=" + case, None),
            (("GET", "/v1/who"), "/v1/who?place=M-1&case=" + case, None),
            (("POST", "/v1/who"), None, {"case": case, "place": "M-1"}),
            (("GET", "/v1/source"), "/v1/source?cases=" + case, None),
            (("POST", "/v1/work"), None, {"case": case}),
            (("GET", "/v1/stays"), "/v1/stays?case=" + case, None),
        ]
        for door, path, body in asks:
            reach = self.wanted(door, role, name, relation)
            answer = self.ask(name, door, path, body, purpose)
            words = "%s at %s %s of %s: %s" % (name, *door, relation, reach)
            if reach == "-":
                self.hold(answer.status == 404 and answer.code == "http.not_found", words, answer)
            elif reach == "#":
                good = answer.status == 200 and answer.json["rows"] == []
                self.hold(good and b"P-" not in answer.body, words, answer)
            else:
                good = answer.status == 200
                if door[1] != "/v1/source":
                    good = good and len(answer.json["rows"]) > 0
                self.hold(good, words, answer)

    def pages_are_followed_by_their_tokens(self):
        """Of a view that names people; what the tokens hold is looked at by leaks.py."""
        path, seen = "/v1/views/register/persons?limit=1", []
        after = ""
        while after is not None and len(seen) < 20:
            answer = self.city.ask("u-lead", "GET", path + after, Weft_Purpose=SITE)
            if answer.status != 200:
                break
            seen += [row["person"] for row in answer.json["rows"]]
            after = answer.json.get("next")
            after = after and "&after=" + urllib.parse.quote(after)
        wanted = {person_of(r, "lead") for r in ("same", "own", "custody", "assigned")}
        wanted |= {"P-TWIN-SAME", "P-TWIN-CUSTODY"}
        self.hold(set(seen) == wanted and len(seen) == len(wanted),
                  "the pages of the town: %s" % seen, answer)

    def a_page_token_of_another_opens_nothing(self):
        """It says where a list goes on; whose rows those are is said by who asks."""
        path = "/v1/views/register/persons?limit=1"
        for giver, taker, purpose in (("everywhere", "u-lead", SITE), ("u-lead", "x-lead", SITE_ELSEWHERE)):
            given = self.city.ask(giver, "GET", path, Weft_Purpose=SITE).json["next"]
            own = self.city.ask(taker, "GET", path.replace("=1", "=500"), Weft_Purpose=purpose)
            more = self.city.ask(taker, "GET", path.replace("=1", "=500&after=") + urllib.parse.quote(given),
                                 Weft_Purpose=purpose)
            known = {row["person"] for row in own.json["rows"]}
            self.hold(more.status == 200 and {row["person"] for row in more.json["rows"]} <= known,
                      "%s goes on where %s was" % (taker, giver), more)
        case = case_of("P-SAME")
        given = self.city.ask("u-lead", "GET", "/v1/contacts?limit=1&case=" + case,
                              Weft_Purpose=tracing("P-SAME")).json["next"]
        answer = self.city.ask("x-lead", "GET", "/v1/contacts?case=%s&after=%s" % (
            case, urllib.parse.quote(given)), Weft_Purpose=tracing("P-OTHER"))
        self.hold(answer.status == 400 and answer.code == "look.other_case",
                  "x-lead goes on in a case of another", answer)

    def head(self, name, path, purpose):
        one = http.client.HTTPConnection(*self.city.door.address)
        one.request("HEAD", path, headers={"Authorization": "Bearer " + self.city.tokens[name],
                                           "Weft-Purpose": purpose})
        status = one.getresponse().status
        one.close()
        return status

    def newest_look(self):
        answer = self.city.ask("u-auditor", "GET", "/v1/views/register/looks?limit=1&actor=u-lead")
        self.hold(answer.status == 200 and len(answer.json["rows"]) == 1, "looks", answer)
        return answer.json["rows"][0]["look"]

    def a_page_that_is_only_measured_is_a_look(self):
        """How long it is says how many there are; and no condition or part makes it less."""
        for path, purpose in (("/v1/views/register/persons", SITE),
                              ("/v1/views/register/persons?format=csv", SITE),
                              ("/v1/holes?all=true&kind=register/same_person", SITE),
                              ("/v1/contacts?case=" + case_of("P-SAME"), tracing("P-SAME"))):
            self.hold(self.head("u-lead", path, "") == 400, "HEAD %s without a purpose" % path)
            self.hold(self.head("x-lead", path, purpose) == 404, "HEAD %s by x-lead" % path)
            before = self.newest_look()
            self.hold(self.head("u-lead", path, purpose) == 200, "HEAD %s" % path)
            self.hold(until(lambda newest: newest != before, self.newest_look) != before,
                      "HEAD %s is no look" % path)
            for name, value in (("If-None-Match", "*"), ("Range", "bytes=0-9"),
                                ("If-Modified-Since", "Sat, 11 Dec 2021 00:00:00 GMT")):
                answer = self.city.ask("u-lead", "GET", path, **{name.replace("-", "_"): value})
                self.hold(answer.status == 400 and answer.code == "look.needed",
                          "%s with %s and no purpose" % (path, name), answer)

    def each_role_hears_what_the_table_says(self):
        """Facts come in everywhere, the last of them in the town."""
        streams = {}
        for role in ROLES:
            if self.table.roles["events"][role] != "-":
                name = "u-" + role
                streams[role] = Stream(self.city.door, "/v1/events", self.city.tokens[name])
                self.hold(streams[role].status == 200, name + " listens")
        grids = [HOMES[r] for r in RELATIONS if r != "case"] + [TOWN]
        lines = [
            {"device": "user/everywhere", "seq": i + 1, "kind": "person.registered",
             "at": YESTERDAY, "grid": grid, "body": {"person": "P-HEARD-%d" % i, "grid": grid}}
            for i, grid in enumerate(grids)
        ]
        body = "".join(json.dumps(line) + "\n" for line in lines)
        answer = self.city.ask("u-lead", "GET", "/v1/views/register/persons", Weft_Purpose=SITE)
        self.hold(answer.status == 200, "somebody looks, which few hear of", answer)
        answer = self.city.ask("everywhere", "POST", "/v1/facts", body)
        self.hold(answer.status == 200 and answer.json["accepted"] == len(lines), "facts", answer)
        for role, stream in streams.items():
            heard = stream.read_until(
                lambda data: (data["kind"], data["grid"]) == ("person.registered", TOWN)
            )
            may = {
                TOWN if r == "case" else HOMES[r]
                for r in RELATIONS
                if self.table.scope[(role, "events")][r] == "+"
            }
            self.hold({one["grid"] for one in heard} == may, "u-%s hears %s" % (role, heard))
            known = {"position", "kind", "grid", "at", "received"}
            self.hold(all(set(one) == known for one in heard), "an event says more")
            kinds = {one["kind"] for one in heard}
            self.hold(all(role in self.table.hears.get(kind, ROLES) for kind in kinds),
                      "u-%s hears of %s" % (role, kinds))
            self.hold(("look.made" in kinds) == (role in self.table.hears["look.made"]),
                      "u-%s hears that somebody looked: %s" % (role, kinds))
            stream.close()

    def each_list_is_whose_the_table_says(self):
        self.hold(set(LISTS) == set(self.table.lists), "each list stands in the table")
        for role in ROLES:
            nothing = self.city.ask("u-" + role, "GET", UNKNOWN)
            for kind, rows in LISTS.items():
                for name in ("u-" + role, "d-" + role):
                    for door in ("/v1/imports/preview", "/v1/imports", "/v1/imports/template"):
                        posts = door != "/v1/imports/template"
                        answer = self.city.ask(name, "POST" if posts else "GET",
                                               door + "?kind=" + kind,
                                               rows % (name + "-l") if posts else None)
                        words = "%s at %s of %s" % (name, door, kind)
                        if role in self.table.lists[kind]:
                            self.hold(answer.status == 200, words, answer)
                        elif self.table.roles["import"][role] == "-":
                            same = answer.status == 404 and answer.body == nothing.body
                            self.hold(same, words + ", as what is not there", answer)
                        else:
                            self.hold(answer.status == 400 and answer.code == "access.list",
                                      words + ", which is not theirs", answer)

    def a_laboratory_says_results_of_its_own_tubes(self):
        """Whatever stands of a tube elsewhere: the row that says the same is refused, too."""
        head = "tube,result,resulted\n"
        for name in ("u-lab", "d-lab"):
            for relation in RELATIONS:
                tube = "T-" + code_of(person_of(relation, name.split("-")[1]))
                for result in ("positive", "negative"):
                    row = head + "%s,%s,%s\n" % (tube, result, YESTERDAY)
                    looked = self.city.ask(name, "POST", "/v1/imports/preview?kind=tubes", row)
                    told = self.city.ask(name, "POST", "/v1/imports?kind=tubes", row)
                    lies = TOWN if relation == "case" else HOMES[relation]
                    words = "%s says %s of a tube that is %s" % (name, result, relation)
                    self.hold(looked.status == 200 and looked.json["refused"] == 0
                              and looked.json["warned"] == 0, words + ", looked at", looked)
                    refused = told.status == 200 and told.json["refused"] == 1 and \
                        told.json["refusals"][0]["code"] == "access.elsewhere"
                    self.hold(told.status == 200 and refused == (not lies.startswith(TOWN)),
                              words, told)

    def refused_rows_are_their_senders_alone(self):
        answer = self.city.ask("u-lead", "POST", "/v1/imports?kind=persons",
                               "person,birth\nP-MENDED,never\n")
        self.hold(answer.status == 200 and answer.json["refused"] == 1,
                  "a row without a good date is refused", answer)
        path = "/v1/imports/refused/" + answer.json["refused_file"]
        own = self.city.ask("u-lead", "GET", path)
        self.hold(own.status == 200 and b"P-MENDED" in own.body, "its sender has it back", own)
        for name in ("u-investigator", "x-lead", "d-lead", "u-operator"):
            other = self.city.ask(name, "GET", path)
            none = self.city.ask(name, "GET", path.replace("-", "-0"))
            self.hold(other.status == 404 and other.body == none.body,
                      "%s has no refused rows of others" % name, other)
        told = self.city.ask("u-lead", "POST", "/v1/imports?kind=persons",
                             "person,sex\nP-MENDED,f\n")
        mend = self.city.ask("u-lead", "GET", "/v1/imports/refused/" + told.json["refused_file"])
        self.hold(mend.status == 200 and b"(female male other)" in mend.body,
                  "the words that are known stand beside the row", mend)
        self.city.ask("everywhere", "POST", "/v1/facts", json.dumps(
            {"device": "user/everywhere", "seq": 90, "kind": "tube.sealed", "at": YESTERDAY,
             "body": {"tube": "T-MENDED", "count": 0}}) + "\n")
        listed = until(lambda answer: whole_of(answer), lambda: self.city.ask(
            "u-operator", "GET", "/v1/refused"))
        self.hold(listed.status == 200 and all("from 1 to " in one for one in whole_of(listed)),
                  "why they were refused is said with its values", listed)

    def a_large_export_takes_two_and_comes_once(self):
        """5,001 people come to the town; everybody tries to agree, and to fetch."""
        lines = [
            json.dumps({"device": "user/everywhere", "seq": 100 + i, "kind": "person.registered",
                        "at": YESTERDAY, "grid": TOWN, "body": {"person": "Q-%05d" % i,
                                                               "grid": TOWN}})
            for i in range(5001)
        ]
        for some in (lines[:5000], lines[5000:]):
            answer = self.city.ask("everywhere", "POST", "/v1/facts", "\n".join(some) + "\n")
            self.hold(answer.status == 200 and answer.json["refused"] == 0, "people", answer)
        # The rows follow what is acknowledged within a second.
        asked = until(lambda answer: answer.status != 200,
                      lambda: self.city.ask("u-investigator", "POST", "/v1/exports",
                                            {"view": "register/persons"}, Weft_Purpose=ORDER))
        self.hold(asked.status == 202, "a large export waits for another", asked)
        if asked.status != 202:
            return
        path = "/v1/exports/" + asked.json["export"]
        listed = until(lambda answer: asked.json["export"] in answer.text(),
                       lambda: self.city.ask("u-lead", "GET", "/v1/views/register/exports"))
        self.hold(asked.json["export"] in listed.text(), "an export is listed", listed)
        nothing = self.city.ask("u-lead", "GET", UNKNOWN)
        self.somebody_else_agrees(path)
        agrees = [(n + role, role) for role in ROLES for n in ("x-", "u-", "d-")]
        for name, role in sorted(agrees, key=lambda one: one[0] == "u-lead"):
            may = name[0] != "x" and self.table.roles["export_large"][role] == "+"
            answer = self.city.ask(name, "GET", path)
            self.hold(answer.body == nothing.body or name == "u-investigator",
                      name + " fetches what is not agreed to", answer)
            self.hold(answer.status in (404, 409), name + " fetches too early", answer)
            if may and name != "u-lead":
                continue
            answer = self.city.ask(name, "POST", path + "/release", {})
            good = answer.status == 200 if may else answer.body == nothing.body
            self.hold(good, "%s agrees to an export: %s" % (name, may), answer)
        until(lambda answer: answer.json["rows"][0]["released_at"] is not None,
              lambda: self.city.ask("u-lead", "GET", "/v1/views/register/exports"))
        for name, role in sorted(agrees, key=lambda one: one[0] == "u-investigator"):
            answer = self.city.ask(name, "GET", path)
            good = answer.status == (200 if name == "u-investigator" else 404)
            self.hold(good, name + " fetches what somebody asked for", answer)
        answer = self.city.ask("u-investigator", "GET", path)
        self.hold(answer.status in (404, 409), "an export comes once", answer)

    def account(self, name, **more):
        made = self.city.ask("root", "POST", "/v1/users", dict(more, role="lead", user=name))
        self.hold(made.status == 201, "%s is made" % name, made)
        made = until(lambda answer: answer.status == 201,
                     lambda: self.city.ask("root", "POST", "/v1/tokens", {"user": name}))
        self.hold(made.status == 201, "%s has a token" % name, made)
        return self.city.token_of("as-" + name, made.json["token"])

    def somebody_else_agrees(self, path):
        """Not who asked under another name."""
        person = person_of("own", "investigator")
        self.account("m-second", grid=TOWN, person=person)
        answer = self.city.ask("as-m-second", "POST", path + "/release", {})
        self.hold(answer.status == 409 and answer.code == "export.own",
                  "somebody agrees to their own export by a second account", answer)
        self.send_as("everywhere", 90, "person.same", TOWN, a=person, b="P-INV-OTHER")
        self.account("m-third", grid=TOWN, person="P-INV-OTHER")
        answer = until(lambda answer: answer.status == 409,
                       lambda: self.city.ask("as-m-third", "POST", path + "/release", {}))
        self.hold(answer.status == 409 and answer.code == "export.own",
                  "somebody agrees to their own export under another id", answer)

    def a_name_is_of_one(self):
        """No device is called as a user is, in whose name it would look, and the reverse."""
        for kind, name, code in (("device", "u-investigator", "device.is_user"),
                                 ("user", "d-sampler", "user.is_device")):
            body = {kind: name, "role": "sampler", "grid": TOWN}
            answer = self.city.ask("root", "POST", "/v1/%ss" % kind, body)
            self.hold(answer.status == 400 and answer.code == code,
                      "a %s is called as another is" % kind, answer)

    def send_as(self, name, seq, kind, lies, **body):
        user = name[3:] if name.startswith("as-") else name
        line = {"device": "user/" + user, "seq": seq, "kind": kind, "at": YESTERDAY, "grid": lies,
                "body": body}
        return self.city.ask(name, "POST", "/v1/facts", json.dumps(line) + "\n")

    def a_custody_takes_two_people(self):
        """Two accounts of one person are not two; whoever else takes it does."""
        there = "320282002"
        self.account("m-taker", grid=there, person=person_of("own", "lead"))
        self.account("m-other", grid=there)
        answer = self.send_as("u-lead", 90, "custody.given", TOWN, custody="K-two",
                              person="P-TWIN-SAME", until=TOMORROW, grid=there,
                              because=[{"device": "cli", "seq": self.city.said[("tube.resulted", HOMES["same"])]}])
        self.hold(answer.json["accepted"] == 1, "a custody is given", answer)
        answer = self.send_as("as-m-taker", 1, "custody.taken", there, custody="K-two")
        self.hold(answer.json["refused"] == 1 and answer.json["refusals"][0]["code"] == "custody.same",
                  "who gives a custody takes it under another name", answer)
        answer = self.send_as("as-m-other", 1, "custody.taken", there, custody="K-two")
        self.hold(answer.json["accepted"] == 1, "somebody else takes a custody", answer)

    # ---- who sends what, who makes whom ----

    def each_role_reads_its_views(self):
        for role in ROLES:
            for name in ("u-" + role, "d-" + role):
                answer = self.city.ask(name, "GET", "/v1/views")
                if self.table.roles["read_view"][role] == "-":
                    continue
                listed = {row["view"] for row in answer.json["rows"]}
                may = {
                    view
                    for view, (personal, roles) in self.table.views.items()
                    if role in roles
                    and (not personal or self.table.roles["read_personal_view"][role] == "+")
                }
                self.hold(listed == may, "%s has the views %s" % (name, sorted(listed ^ may)),
                          answer)

    def each_role_makes_whom_the_table_says(self):
        for maker in ROLES:
            if self.table.roles["accounts"][maker] == "-":
                continue
            for name in ("u-" + maker, "d-" + maker):
                for made in ROLES:
                    self.make_token(name, maker, made)
                    if maker in self.table.sends["user.added"]:
                        self.make_user(name, maker, made)

    def make_token(self, name, maker, made):
        """For those who work in their grid, and not for those who work elsewhere."""
        may = made in self.table.makes[maker]
        for whom, reaches in (("u-" + made, may), ("x-" + made, False)):
            answer = self.city.ask(name, "POST", "/v1/tokens", {"user": whom})
            self.hold((answer.status == 201) == reaches and answer.status in (201, 400, 404),
                      "%s gives %s a token: %s" % (name, whom, reaches), answer)
            if reaches:
                self.city.seeds.add(answer.json["token"])
                more = {"user": whom, "grid": TOWN[:6]}
                answer = self.city.ask(name, "POST", "/v1/tokens", more)
                self.hold(answer.status in (400, 404), "%s gives %s more" % (name, whom), answer)

    def make_user(self, name, maker, made):
        may = made in self.table.makes[maker]
        user = "m-%s-%s" % (name, made)
        body = {"user": user, "role": made, "grid": TOWN}
        answer = self.city.ask(name, "POST", "/v1/users", body)
        words = "%s makes a %s" % (name, made)
        self.hold((answer.status == 201) == may and answer.status in (201, 400, 404), words, answer)
        for grid in (ELSEWHERE, TOWN[:6], "") if may else ():
            more = dict(body, user=user + "-" + grid, grid=grid)
            answer = self.city.ask(name, "POST", "/v1/users", more)
            self.hold(answer.status in (400, 404), words + " for " + grid, answer)
        for whom, reaches in (("u-" + made, may), ("x-" + made, False)):
            if whom == name:
                continue
            answer = self.city.ask(name, "PATCH", "/v1/users/" + whom, {"office": "w-4"})
            self.hold((answer.status == 200) == reaches, "%s changes %s" % (name, whom), answer)


def whole_of(listed):
    """What is said of whole numbers that were refused."""
    return [one["message"] for file in listed.json["rows"] for one in file["reasons"]
            if one["code"] == "fact.whole"]


def until(is_so, ask):
    """The first answer that is so, or the last after ten seconds."""
    end = time.monotonic() + 10
    answer = ask()
    while not is_so(answer) and time.monotonic() < end:
        time.sleep(0.02)
        answer = ask()
    return answer


def has_id(text, person):
    return re.search(re.escape(person) + r"(?![\w-])", text) is not None
