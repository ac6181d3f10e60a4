"""Every id that a fact names, tried by those who send it and work in another city: of what
lies elsewhere they say nothing, and learn nothing."""

import json

from city import ELSEWHERE, TOMORROW, TOWN, YESTERDAY, code_of, person_of
from senders import BODIES

OWN, OWN_CODE, FAR_CODE = person_of("other", ""), code_of(person_of("other", "")), code_of("P-SAME")

# Who makes an account learns that its name is taken, at any door.
MAKERS = {("device.enrolled", "device"), ("user.added", "user")}
# Of these there are none yet: somebody of each city makes some. Kind, and the field.
MADE = {
    "exposure": ("exposure.recorded", "exposure"), "swab": ("environment.sampled", "tube"),
    "notice": ("notice.published", "notice"), "report": ("self.reported", "report"),
    "unidentified": ("contact.unidentified", "contact"), "letter": ("letter.sent", "letter"),
    "task": ("task.assigned", "task"), "instruction": ("instruction.received", "instruction"),
}
# What else a fact of these kinds has to say so that it is the id alone that is judged.
BASES = {
    "assignment.given": {"user": "x-guard", "reference": "case:C-" + OWN_CODE},
    "custody.given": {"person": OWN},
    "order.issued": {"persons": [OWN]},
    "place.registered": {"grid": ELSEWHERE},
    "notice.published": {"place": "M-8"},
    "user.changed": {"user": "x-guard"},
    "user.added": {"grid": ELSEWHERE},
    "device.enrolled": {"grid": ELSEWHERE},
}


class Names:
    def __init__(self, city, table, report):
        self.city, self.table, self.report, self.seq = city, table, report, 8000

    def things(self):
        """Of each kind of thing: theirs, one of the town, another, and one that is not there."""
        said = self.city.said
        fact = lambda lies: {"device": "cli", "seq": said[("case.reported", lies)]}
        return {
            "person": (OWN, "P-SAME", "P-SIBLING", "P-NONE"),
            "place": ("M-2", "M-1", "H-1", "M-NONE"),
            "case": ("C-" + OWN_CODE, "C-" + FAR_CODE, "C-" + code_of("P-SIBLING"), "C-NONE"),
            "tube": ("T-" + OWN_CODE, "T-" + FAR_CODE, "T-" + code_of("P-SIBLING"), "T-NONE"),
            "order": ("O-" + OWN_CODE, "O-" + FAR_CODE, "O-" + code_of("P-SIBLING"), "O-NONE"),
            "outbreak": ("B-OTHER", "B-SAME", "B-CITY", "B-NONE"),
            "assignment": (None, "A-assigned-lead", "A-a.over-lead", "A-none"),
            "custody": (None, "K-custody", "K-c.over", "K-none"),
            "account": ("x-sampler", "u-sampler", "u-lab", "u-nobody"),
            "fact": (fact("310101001001"), fact("320282001003"), fact("320282002001"),
                     {"device": "cli", "seq": 999999}),
            "look": ("weft/looks/%d" % self.looks["x-lead"], "weft/looks/%d" % self.looks["u-lead"],
                     "weft/looks/%d" % self.looks["u-lab"], "weft/looks/999999"),
            "grid": (ELSEWHERE, TOWN, "320282002", "999999"),
            "reference": ("case:C-" + OWN_CODE, "case:C-" + FAR_CODE, "order:O-" + FAR_CODE,
                          "case:C-NONE"),
            "post": ("testing@" + ELSEWHERE, "testing@" + TOWN, "testing@320282002",
                     "testing@999999"),
            "round": (None, "R-1", "R-2", "R-NONE"),
            "lot": (None, "L-1", "L-2", "L-NONE"),
            **{names: tuple("%s-%s" % (names, where) for where in ("x", "u", "v", "NONE"))
               for names in MADE},
        }

    def looks_are_made(self):
        """One refusal each: which number its fact got is read back by the auditor."""
        self.looks = {}
        for name in ("u-lead", "u-lab", "x-lead"):
            self.city.ask(name, "GET", "/v1/views/register/persons",
                          Weft_Purpose="ref=case:C-00001; purpose=interview")
        for auditor in ("u-auditor", "x-auditor"):
            answer = self.city.ask(auditor, "GET", "/v1/views/register/looks?limit=500")
            for row in answer.json["rows"]:
                self.looks.setdefault(row["actor"], int(row["look"].rsplit("/", 1)[1]))

    def things_are_made(self):
        for names, (kind, field) in MADE.items():
            for who, where in (("x-lead", "x"), ("u-lead", "u"), ("u-lead", "v")):
                line, _ = self.line(who, kind, field, "%s-%s" % (names, where))
                # Whom nobody knows is of those, too, whose case it is.
                if names == "unidentified":
                    line["body"]["case"] = "C-" + (OWN_CODE if where == "x" else FAR_CODE)
                answer = self.city.ask(who, "POST", "/v1/facts", json.dumps(line) + "\n")
                self.report.hold(answer.json["accepted"] == 1, "%s makes a %s" % (who, names), answer)

    def each_id_is_judged_as_the_table_says(self):
        self.looks_are_made()
        self.things_are_made()
        things, tries = self.things(), {}
        for (kind, field), (names, *needs) in sorted(self.table.names.items()):
            for role in self.table.sends[kind] if names != "words" else ():
                if role != "resident":
                    tries.setdefault("x-" + role, []).append((kind, field, things[names], needs))
        for who, fields in tries.items():
            for i in range(0, len(fields), 20):
                self.try_fields(who, fields[i:i + 20])

    def line(self, who, kind, field, thing):
        """A fact that names the thing; and the words by which it is named."""
        self.seq += 1
        body = dict(BODIES[kind], **BASES.get(kind, {}))
        # What a fact makes beside the id that is tried is new each time.
        new = {"assignment.given": "assignment", "custody.given": "custody",
               "order.issued": "order", "person.registered": "person",
               "case.reported": "case", "sample.collected": "tube",
               **{k: f for k, f in MADE.values()}}.get(kind)
        if "post" in body:
            body["post"] = "testing@" + (ELSEWHERE if who.startswith("x-") else TOWN)
        if new is not None and new != field:
            body[new] = "Y-%d" % self.seq
        if kind in ("sender.checked", "fact.withdrawn"):
            thing = "user/" + thing
        elif kind.startswith("device."):
            thing = thing.replace("u-", "d-")
        body[field] = [thing] if field in ("persons", "because") else thing
        return {"device": "user/" + who, "seq": self.seq, "kind": kind, "at": YESTERDAY,
                "body": body}, str(thing)

    def try_fields(self, who, fields):
        """All in one body; each field by one elsewhere, another, one not there, their own."""
        lines, words = [], []
        for kind, field, (own, far, other, none), needs in fields:
            if str(none).endswith(("NONE", "none", "nobody")):
                none = "%s-%d" % (none, self.seq)  # new, whatever was made before
            spare = own is None or needs[0] not in ("new", "own")
            for thing in (far, other, none, far if spare else own):
                line, name = self.line(who, kind, field, thing)
                lines.append(json.dumps(line) + "\n")
                words.append(name)
        answer = self.city.ask(who, "POST", "/v1/facts?refusals=1000", "".join(lines))
        if answer.status != 200:
            self.report.hold(False, "%s sends facts" % who, answer)
            return
        said = [None] * len(lines)
        for one in answer.json["refusals"]:
            place = one.pop("line") - 1
            said[place] = json.loads(json.dumps(one).replace(words[place], "ID"))
        for i, field in enumerate(fields):
            self.hold(who, *field, *said[4 * i:4 * i + 4])

    def hold(self, who, kind, field, things, needs, far, other, none, own):
        words = "%s sends %s of %s: " % (who, kind, field)
        code = {"new": "access.elsewhere", "own": "access.not_there"}.get(needs[0])
        code = needs[1] if len(needs) > 1 else code
        far_code = far and far["code"]
        if (kind, field) in MAKERS:
            self.report.hold(far_code == "access.exceeds", words + "a taken name: %s" % far)
            return
        self.report.hold(far == other, words + "one elsewhere as another: %s %s" % (far, other))
        if code is not None:
            self.report.hold(far_code == code, words + "what is elsewhere: %s" % far)
        if needs[0] == "judged":
            self.report.hold(far is not None, words + "what is elsewhere is taken")
        # What is new is made. Where a judge refuses it he says what the door does.
        if needs[0] == "new" and (len(needs) == 1 or code.endswith(".there")):
            self.report.hold(none != far, words + "what is new: %s" % none)
        else:
            self.report.hold(far == none, words + "elsewhere, not there: %s %s" % (far, none))
        if things[0] is not None and len(needs) == 1 and code is not None:
            self.report.hold(own != far, words + "what is theirs: %s" % own)
