"""Every id that somebody was shown, tried by somebody of another city: what they may not
see answers as what is not there."""

import re

from city import code_of, person_of
from table import RELATIONS, ROLES

PATTERNS = {
    "person": r"P-[A-Z][A-Z._-]*[A-Z]",
    "case": r"C-\d{5}",
    "number": r"N-\d{5}",  # another number of a case
    "order": r"O-\d{5}",
    "tube": r"T-\d{5}",
    "site": r"M-\d",
    "user": r"[um]-[a-z_-]+[a-z]",
    "token": r"[0-9a-f]{64}",
}
OTHER = person_of("other", "")
OTHER_CODE = code_of(OTHER)
INTERVIEW = "ref=case:C-%s; purpose=interview" % OTHER_CODE
HAND_OVER = "ref=order:O-%s; purpose=hand-over" % OTHER_CODE
NOT_THERE = {"site": "M-9", "user": "u-nowhere", "token": "c" * 64}


def by_reference(kind):
    purpose = {"case": "interview", "order": "care", "site": "give-result"}[kind]
    return ("GET", "/v1/views/register/persons", None, "ref=%s:{id}; purpose=%s" % (kind, purpose))


def view(name, field):
    return ("POST", "/v1/views/%s/query" % name, {"fields": {field: "{id}"}}, INTERVIEW)


# How one asks by an id: who, and method, path, body, purpose.
WAYS = {
    "person": [("x-lead", *view("register/person_file", "person")),
               ("x-lead", *view("order/bound_persons", "person")),
               ("x-lead", *view("order/orders_of_person", "person")),
               ("x-lab", *view("testing/samples_of_person", "person")),
               ("x-lead", "POST", "/v1/person", {"person": "{id}"}, INTERVIEW),
               ("x-lead", *view("testing/samples", "person")),
               ("x-auditor", *view("register/person_file", "person")),
               ("x-medic", *view("testing/samples", "person")),
               ("x-lead", "POST", "/v1/exports",
                {"view": "register/person_file", "fields": {"person": "{id}"}}, HAND_OVER)],
    "case": [("x-lead", *by_reference("case")), ("x-investigator", *by_reference("case")),
             ("x-lead", "GET", "/v1/clock?case_id={id}", None, None),
             ("x-lead", "POST", "/v1/who", {"case": "{id}", "place": "M-1"},
              "ref=case:{id}; purpose=trace-contacts"),
             ("x-lead", "POST", "/v1/work", {"case": "{id}"},
              "ref=case:{id}; purpose=trace-contacts"),
             ("x-commander", "POST", "/v1/work", {"case": "{id}"}, None),
             ("x-commander", "GET", "/v1/contacts?case={id}", None, None)] + [
        (who, "GET", path, None, "ref=case:{id}; purpose=trace-contacts")
        for who in ("x-lead", "x-investigator")
        for path in ("/v1/contacts?case={id}", "/v1/who?place=M-1&case={id}",
                     "/v1/stays?case={id}",
                     "/v1/source?cases={id}", "/v1/source?cases={id},C-" + OTHER_CODE)],
    "order": [("x-lead", *by_reference("order")), ("x-grid_worker", *by_reference("order")),
              ("x-lead", *view("order/bound_persons", "order_id"))],
    "tube": [("x-lead", *view("testing/samples", "tube_id")),
             ("x-lab", *view("testing/samples", "tube_id")),
             ("x-lead", "GET", "/v1/views/testing/samples?tube_id={id}", None, INTERVIEW)],
    "site": [("x-lead", *by_reference("site")), ("x-guard", *by_reference("site"))],
    "user": [("x-operator", "PATCH", "/v1/users/{id}", {"office": "w-5"}, None),
             ("x-operator", "POST", "/v1/users/{id}/secret", {}, None),
             ("x-operator", "POST", "/v1/tokens", {"user": "{id}"}, None),
             ("x-operator", "DELETE", "/v1/users/{id}", None, None),
             ("x-lead", "POST", "/v1/tokens", {"user": "{id}"}, None)],
    "token": [("x-operator", "DELETE", "/v1/tokens/{id}", None, None),
              ("x-lead", "DELETE", "/v1/tokens/{id}", None, None)],
}

WAYS["number"] = WAYS["case"]

# Parameters and members of bodies that are ids, and those that are none.
ID_NAMES = set("""person case cases case_id place user device id export outbreak fields
    task post file""".split())
NO_IDS = set("""lang format limit after sort grid kind all name desk step state samples texts
    reasons generations from to until reason role office password old code codes view
    holes due answer remark text today profile columns header sheet names dates join remember as_of
    warned together
    Weft-Purpose Last-Event-ID""".split())
# Ids that are tried elsewhere, or that anybody may ask by.
ELSEWHERE_TRIED = {
    ("POST /v1/login", "user"),  # sessions.py: nobody is as a wrong password
    ("POST /v1/valid", "person"),  # at any gate, of anybody
    ("GET /v1/clock", "outbreak"),  # everybody knows them
    ("GET /v1/who", "place"), ("POST /v1/who", "place"),  # a_home_is_told_apart_by_nobody
    # policy.py: the refused rows of an upload are their sender's alone.
    ("GET /v1/imports/refused/{file}", "file"),
    ("GET /v1/exports/{export}", "export"), ("POST /v1/exports/{export}/release", "export"),
    # names.py: they send device.enrolled, device.revoked, user.added, user.changed.
    ("POST /v1/devices", "device"), ("DELETE /v1/devices/{device}", "device"),
    ("POST /v1/users", "user"), ("POST /v1/users", "person"),
    ("PATCH /v1/users/{user}", "person"), ("POST /v1/tokens", "device"),
    # names.py: they send task.assigned, and task.accepted or task.returned.
    ("POST /v1/tasks", "post"), ("POST /v1/tasks/{task}", "task"),
    ("POST /v1/tasks/{task}", "post"),
}


def filled(value, name):
    if isinstance(value, dict):
        return {key: filled(one, name) for key, one in value.items()}
    return value.replace("{id}", name) if isinstance(value, str) else value


class Ids:
    def __init__(self, city, report):
        self.city, self.report = city, report

    def shown(self):
        """The ids in all that was answered to the town's people, by kind."""
        found = {kind: set() for kind in PATTERNS}
        for _, _, answer in self.city.door.answers:
            if answer.status not in (200, 201):
                continue
            text = answer.text()
            for kind, pattern in PATTERNS.items():
                found[kind].update(re.findall(r"(?<![\w-])(?:%s)(?![\w-])" % pattern, text))
        return found

    def of_the_other_city(self):
        own = {OTHER, "P-TWIN-OTHER", "M-2", *("%s-%s" % (k, OTHER_CODE) for k in "CNOT")}
        return own | {one for name, one in self.city.ids.items() if " x-" in name}

    def ask(self, way, name):
        who, method, path, body, purpose = way
        answer = self.city.ask(who, method, filled(path, name), filled(body, name),
                               Weft_Purpose=filled(purpose, name))
        text = answer.text().replace(name, "ID")
        text = re.sub(r'"as_of":\{[^}]*\}', "", text)
        return answer, text

    def each_is_as_one_that_is_not_there(self):
        found = self.shown()
        for kind, ids in found.items():
            tried = sorted(ids - self.of_the_other_city())
            self.report.hold(len(tried) > 0, "no %s was shown to anybody" % kind)
            for way in WAYS[kind]:
                self.try_way(kind, way, tried)

    def try_way(self, kind, way, tried):
        for name in tried:
            unknown = NOT_THERE.get(kind) or name[:2] + ("Z" if kind == "person" else "0") * (
                len(name) - 2)
            wanted, wanted_text = self.ask(way, unknown)
            answer, text = self.ask(way, name)
            same = answer.status == wanted.status and text == wanted_text
            self.report.hold(same, "%s asks %s %s by the %s %s; by one that is not there: %d %s"
                             % (way[0], way[1], way[2], kind, name, wanted.status,
                                wanted_text[:200]), answer)

    def a_home_is_told_apart_by_nobody(self):
        """In an address from no place at all; in a body one elsewhere neither."""
        own = "C-" + OTHER_CODE
        tracing = "ref=case:%s; purpose=trace-contacts" % own
        for way in (("x-lead", "GET", "/v1/who?place={id}&case=" + own, None, tracing),
                    ("x-lead", "POST", "/v1/who", {"case": own, "place": "{id}"}, tracing)):
            home, text = self.ask(way, "H-1")
            none, none_text = self.ask(way, "H-9")
            self.report.hold(home.status == none.status and text == none_text,
                             "%s %s of a home elsewhere: %s" % (way[1], way[2], none_text), home)

    def tried(self, route):
        """The names by which the ways ask this operation for an id."""
        for who, method, path, body, _ in (way for ways in WAYS.values() for way in ways):
            operation = self.city.door.description.operations[route]
            if method != route[0] or self.city.door.description.find(method, path) != operation:
                continue
            yield from (one.split("=")[0] for one in path.split("?")[-1].split("&") if "{id}" in one)
            yield from (name for name, value in (body or {}).items() if "{id}" in str(value))
            own, asked = route[1].split("/"), path.split("?")[0].split("/")
            yield from (o[1:-1] for o, a in zip(own, asked) if a == "{id}")

    def every_id_is_tried(self):
        """A new parameter, or member of a body, is an id that is tried above, or is none."""
        description = self.city.door.description
        for route, operation in sorted(description.operations.items()):
            names = [description.follow(one)["name"] for one in operation.get("parameters", [])]
            for media in operation.get("requestBody", {}).get("content", {}).values():
                names += description.follow(media.get("schema", {})).get("properties", {})
            tried = set(self.tried(route))
            for name in (() if route == ("POST", "/v1/facts") else names):
                known = name in NO_IDS or (name in ID_NAMES and (
                    name in tried or (" ".join(route), name) in ELSEWHERE_TRIED))
                self.report.hold(known, "%s %s: nobody tries the id %s" % (*route, name))

    def one_of_their_own_is_told_apart(self):
        """Else the above would be true of a service that answers nothing."""
        own = {"person": OTHER, "case": "C-" + OTHER_CODE, "number": "N-" + OTHER_CODE, "order": "O-" + OTHER_CODE,
               "tube": "T-" + OTHER_CODE, "site": "M-2"}
        for kind, name in own.items():
            for way in WAYS[kind]:
                if way[0] in ("x-guard",):
                    continue
                answer, _ = self.ask(way, name)
                self.report.hold(answer.status == 200, "%s asks %s %s by their own %s"
                                 % (*way[:3], kind), answer)
