"""Nothing that was seeded stands in a log, an address, a figure or a description."""

import base64
import binascii
import re
import urllib.parse


def readings(line):
    """An address as it is, decoded, and what its texts may be coded from."""
    plain = urllib.parse.unquote(line)
    yield plain
    for text in re.findall(r"[A-Za-z0-9_+/-]{8,}", plain):
        for decode in (
            lambda t: base64.urlsafe_b64decode(t + "=" * (-len(t) % 4)),
            lambda t: bytes.fromhex(t),
        ):
            try:
                yield decode(text).decode(errors="replace")
            except (ValueError, binascii.Error):
                pass


class Leaks:
    def __init__(self, city, report):
        self.city, self.report = city, report
        self.words = sorted(city.seeds.words, key=len, reverse=True)

    def find(self, text):
        # A word at a time is ten times as fast as one pattern of all.
        return next((word for word in self.words if word in text), None)

    def none_anywhere(self):
        with open(self.city.log, encoding="utf-8") as log:
            text = log.read()
        self.report.hold(text.count("event=request") > 100, "the log has the requests")
        self.is_clean("the log", text)
        lines = [one for line in self.city.door.lines for one in readings(line)]
        self.is_clean("an address", "\n".join(lines))
        for method, path, answer in self.city.door.answers:
            name = path.split("?")[0]
            if name in ("/metrics", "/v1/openapi.json", "/healthz") and answer.status == 200:
                self.is_clean(name, answer.text())
            if answer.status >= 400:
                self.is_clean("a refusal of %s %s" % (method, name), answer.text())
        self.each_kind_of_word_would_be_found(text)

    def is_clean(self, where, text):
        found = self.find(text)
        self.report.hold(found is None, "%s holds %s" % (where, found))

    def each_kind_of_word_would_be_found(self, log):
        """The search can fail: a log into which one word is put does not pass."""
        for word in self.city.seeds.words:
            leaking = log[-2000:] + "time=2021-12-11T06:00:00Z event=request route=%s\n" % word
            self.report.hold(self.find(leaking) is not None, "the search does not find " + word)
            coded = base64.urlsafe_b64encode(word.encode()).decode().rstrip("=")
            lines = "\n".join(readings("GET /v1/views/x?after=%s HTTP/1.1" % coded))
            self.report.hold(len(coded) < 8 or self.find(lines) is not None,
                             "the search does not find %s in an address" % word)
