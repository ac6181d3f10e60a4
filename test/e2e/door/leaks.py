"""Nothing that was seeded stands in a log, an address, a figure or a description."""

import os
import re

import quiet


class Leaks:
    def __init__(self, city, report):
        self.city, self.report = city, report
        self.words = sorted(city.seeds.people, key=len, reverse=True)

    def none_anywhere(self):
        with open(self.city.log, encoding="utf-8") as log:
            self.report.hold(log.read().count("event=request") > 100, "the log has the requests")
        self.report.hold(quiet.search_logs(self.city.seeds, [self.city.log]) != [None], "the log")
        lines = os.path.join(self.city.work, "door.lines")
        with open(lines, "w", encoding="utf-8") as out:
            out.writelines(line + "\n" for line in self.city.door.lines)
        self.report.hold(quiet.search_addresses(self.city.seeds, [lines]) not in ([], [None]), "an address")
        for method, path, answer in self.city.door.answers:
            name = path.split("?")[0]
            if name in ("/metrics", "/v1/openapi.json", "/healthz") and answer.status == 200:
                self.is_clean(name, answer.text())
            if answer.status >= 400:
                self.is_clean("a refusal of %s %s" % (method, name), answer.text())
            if answer.code is not None:
                self.is_for_pages("%s %s: %s" % (method, name, answer.code), answer.json)

    def is_for_pages(self, where, refusal):
        # Whoever reads it has a page or a program, and no shell.
        said = " ".join(str(refusal.get(part, "")) for part in ("message", "detail", "hint"))
        self.report.hold(not re.search(r"\bweft [a-z]|(?<![\w-])--[a-z]", said), "%s names the command line: %s" % (where, said))

    def is_clean(self, where, text):
        # A word at a time is ten times as fast as one pattern of all.
        found = next((word for word in self.words if word in text), None)
        self.report.hold(found is None, "%s holds %s" % (where, found))
