"""Which kind of fact each role sends over HTTP, and for whom; in whose book, and where."""

import json

from city import BEFORE, HOMES, TOMORROW, YESTERDAY
from table import ROLES

BECAUSE = [{"device": "cli", "seq": 1}]
HASH = "ab" * 32
LOOK = {"actor": "z", "role": "lead", "office": "work_group", "reference_kind": "case",
        "reference": "Z-1", "purpose": "interview", "asked": "z"}
FOLLOWED = {"outbreak": "Z-1", "person": "P-Z-1"}
CONTACT = dict(FOLLOWED, case="Z-1")

# The least that each kind takes, about things of which there are none.
BODIES = {
    "person.registered": {"person": "P-Z-1"},
    "person.present": {"person": "P-Z-1"},
    "person.absent": {"person": "P-Z-1"},
    "person.same": {"a": "P-Z-1", "b": "P-Z-2"},
    "person.not_same": {"a": "P-Z-1", "b": "P-Z-2"},
    "place.registered": {"place": "Z-1"},
    "grid.renamed": {"grid": "320282001", "name": "Invented Town"},
    "outbreak.declared": {"outbreak": "Z-1"},
    "outbreak.ended": {"outbreak": "Z-1"},
    "device.enrolled": {"device": "z-1", "role": "guard"},
    "device.revoked": {"device": "z-1"},
    "user.added": {"user": "z-1", "role": "guard"},
    "user.changed": {"user": "z-1"},
    "user.removed": {"user": "z-1"},
    "token.issued": {"token": HASH, "device": "z-1", "role": "guard", "maker": "z"},
    "token.revoked": {"token": HASH},
    "user.secret_set": {"user": "z-1", "secret": "z"},
    "assignment.given": {"assignment": "Z-1", "user": "z-1", "reference": "case:Z-1",
                         "until": TOMORROW},
    "assignment.ended": {"assignment": "Z-1"},
    "custody.given": {"custody": "Z-1", "person": "P-Z-1", "grid": "320282001",
                      "until": TOMORROW, "because": BECAUSE},
    "custody.taken": {"custody": "Z-1"},
    "custody.ended": {"custody": "Z-1"},
    "line.refused": {"device": "z-1", "seq": 1, "code": "z"},
    "fact.withdrawn": {"device": "z-1", "seq": 1},
    "sender.checked": {"device": "z-1", "reason": "z"},
    "sender.clock": {"device": "z-1", "offset_s": 1},
    "visits.received": {"kind": "visits", "rows": 1, "accepted": 1, "had": 0, "refused": 0},
    "visit.stated": {"person": "P-Z-1", "place": "M-1", "start": BEFORE},
    "encounter.named": {"a": "P-Z-1", "b": "P-Z-2", "start": BEFORE, "end": YESTERDAY},
    "look.made": dict(LOOK, shown=0, stretch="z", in_minute=0, in_hour=0),
    "look.refused": dict(LOOK, refused="over"),
    "export.requested": {"export": "Z-1", "actor": "z", "reference_kind": "case",
                         "reference": "Z-1", "purpose": "hand-over", "asked": "z",
                         "question": "z", "persons": 1},
    "export.released": {"export": "Z-1", "actor": "z"},
    "export.delivered": {"export": "Z-1"},
    "look.reviewed": {"subject": "z", "finding": "z"},
    "case.reported": {"case": "Z-1"},
    "case.vouched": {"case": "Z-1", "by": "z", "because": "z"},
    "case.classified": {"case": "Z-1", "classification": "suspected"},
    "case.investigated": {"case": "Z-1", "milestone": "first_facts"},
    "case.isolated": {"case": "Z-1"},
    "case.treated": {"case": "Z-1", "care": "hospital"},
    "case.outcome": {"case": "Z-1", "outcome": "recovered"},
    "case.sequenced": {"case": "Z-1", "lineage": "z"},
    "case.interviewed": {"case": "Z-1", "teller": "case"},
    "exposure.recorded": {"exposure": "Z-1", "person": "P-Z-1"},
    "environment.sampled": {"tube": "Z-1", "place": "M-1"},
    "immunity.recorded": {"person": "P-Z-1", "kind": "vaccine", "given_on": "2021-06-01"},
    "place.exposed": {"case": "Z-1", "place": "M-1"},
    "place.listed": {"case": "Z-1", "place": "M-1"},
    "notice.published": {"notice": "Z-1", "place": "M-1", "advice": "z"},
    "self.reported": {"report": "Z-1", "person": "P-Z-1", "about": "visit", "happened": BEFORE},
    "self.answered": {"report": "Z-1", "answer": "no_match"},
    "contact.named": dict(CONTACT, how="interview"),
    "contact.confirmed": dict(CONTACT, level="close", judgement="z"),
    "contact.dismissed": dict(CONTACT, reason="no_contact"),
    "contact.unidentified": {"contact": "Z-1", "case": "Z-1", "outbreak": "Z-1",
                             "description": "z"},
    "contact.identified": dict(CONTACT, contact="Z-1"),
    "contact.attempted": dict(FOLLOWED, result="no_answer"),
    "contact.reached": dict(FOLLOWED, how="phone"),
    "contact.placed": dict(FOLLOWED, where="site"),
    "contact.tested": FOLLOWED,
    "prophylaxis.given": dict(FOLLOWED, kind="vaccine"),
    "contact.converted": FOLLOWED,
    "contact.reviewed": dict(CONTACT, rank=1, level="close"),
    "letter.sent": {"letter": "Z-1", "region": "z", "about": "check"},
    "letter.received": {"letter": "Z-1", "region": "z", "about": "check"},
    "letter.answered": {"letter": "Z-1", "answer": "received"},
    "task.assigned": {"task": "Z-1", "hole": "testing/tube_no_result", "subject": "Z-1",
                      "post": "testing@320282001", "due": TOMORROW},
    "task.accepted": {"task": "Z-1"},
    "task.returned": {"task": "Z-1", "reason": "not_ours"},
    "instruction.received": {"instruction": "Z-1", "source": "z", "asks": "z",
                             "reply_by": TOMORROW},
    "instruction.answered": {"instruction": "Z-1", "answer": "done"},
    "post.held": {"post": "testing@320282001", "user": "z", "from": BEFORE,
                  "until": TOMORROW},
    "shift.handed_over": {"post": "testing@320282001", "note": "z"},
    "sample.collected": {"tube": "Z-1", "person": "P-Z-1"},
    "tube.sealed": {"tube": "Z-1", "count": 1},
    "tube.received": {"tube": "Z-1"},
    "tube.resulted": {"tube": "Z-1", "result": "negative"},
    "result.corrected": {"tube": "Z-1", "result": "negative"},
    "order.issued": {"order": "Z-1", "kind": "hold", "persons": ["P-Z-1"], "clause": "cn-40",
                     "because": BECAUSE, "until": TOMORROW},
    "order.lifted": {"order": "Z-1"},
}


class Senders:
    def __init__(self, city, table, report):
        self.city, self.table, self.report = city, table, report

    def post(self, name, lines):
        """The refusals by line, from 1."""
        body = "\n".join(json.dumps(line) for line in lines) + "\n"
        answer = self.city.ask(name, "POST", "/v1/facts?refusals=1000", body)
        if answer.status != 200:
            self.report.hold(False, "%s sends facts" % name, answer)
            return None
        said = answer.json
        codes = {one["line"]: one["code"] for one in said["refusals"]}
        whole = said["received"] == len(lines) == said["accepted"] + said["had"] + said["refused"]
        self.report.hold(whole, "%s: every line is accounted for" % name, answer)
        return codes

    def each_role_sends_what_the_table_says(self):
        for kind in sorted(set(self.table.sends) ^ set(BODIES)):
            self.report.hold(False, "%s has no line here, or is no kind of the table" % kind)
        kinds = sorted(BODIES)
        for role in ROLES:
            for name in ("u-" + role, "d-" + role):
                book = "user/" + name if name.startswith("u-") else name
                lines = [
                    {"device": book, "seq": i + 1, "kind": kind, "at": YESTERDAY,
                     "body": BODIES[kind]}
                    for i, kind in enumerate(kinds)
                ]
                codes = self.post(name, lines)
                for i, kind in enumerate(kinds if codes is not None else ()):
                    may = role in self.table.sends[kind]
                    code = codes.get(i + 1)
                    self.report.hold((code != "access.kind") == may,
                                     "%s sends %s: %s, %s" % (name, kind, may, code))
                self.send_elsewhere(name, book, role)

    def send_elsewhere(self, name, book, role):
        """A kind of theirs, in the book of another and in the grid of another."""
        kind = next(k for k in sorted(BODIES) if role in self.table.sends[k])
        line = {"device": book, "seq": 900, "kind": kind, "at": YESTERDAY, "body": BODIES[kind]}
        others = [dict(line, device=d) for d in ("cli", "weft/looks", "user/u-none", "d-none")]
        others += [dict(line, grid=HOMES[r]) for r in ("sibling", "parent", "other", "moved")]
        codes = self.post(name, others)
        for i, one in enumerate(others if codes is not None else ()):
            wanted = "access.sender" if one["device"] != book else "access.grid"
            self.report.hold(codes.get(i + 1) == wanted,
                             "%s sends as %s in %s: %s" % (name, one["device"], one.get("grid"),
                                                           codes.get(i + 1)))
