"""That a run kept quiet: what it put in about people stands in no log and no address.

    quiet.py gather SEEDS [FILE]...          adds what stands in texts of the run (or on stdin)
    quiet.py logs SEEDS LOG...               0: no log has any of it
    quiet.py addresses SEEDS FILE...         the same of addresses, a line each, also decoded

SEEDS is a file of the run's own, a line each: a letter and a string. P: who a person is
(an id, a name, a number, a token, a password), in no log and no address. A: whose account
or device it is, in no log of the service; addresses of the administration name accounts.

What is gathered are the values of fields that identify, in JSON, in CSV and as KEY=VALUE,
and what has the form of a token, a telephone number, an identity document or an invented
person's id. Every search first shows that it finds each of its strings: a copy of what is
searched, with all of them put in, has to be found with all of them."""

import base64
import binascii
import csv
import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.parse

PEOPLE = {"person", "persons", "a", "b", "phone", "id_number", "token", "password", "totp", "secret",
          "csrf", "sso_secret", "contact_person", "source_person"}
ACCOUNTS = {"user", "device", "holder"}
# The name of somebody, where it stands beside their id.
NAMES, NAMED = {"name", "spoken_by"}, {"person", "phone", "id_number", "user"}
SHAPES = (
    r"weft_[A-Za-z0-9_-]{43}",
    # No part of a request's id, which is hexadecimal.
    r"(?<![0-9A-Fa-f.])1[3-9][0-9]{9}(?![0-9A-Fa-f])",
    # An identity document; a code of a grid may be as long, and has no date of birth in it.
    r"(?<![0-9A-Fa-f.])[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
    r"[0-9]{3}[0-9X](?![0-9A-Fa-f])",
    r"(?<![A-Za-z0-9])P-[0-9A-Z][0-9A-Za-z-]*",
)
SHORTEST, LONG = 2, 6
# Words of the log itself, which an account may happen to be called.
WORDS = set("cli import user device owner none yes no lead commander investigator grid_worker guard "
            "sampler lab medic regulator auditor operator resident".split())


class Seeds:
    """Strings to be sought, as they come up in a run."""

    def __init__(self):
        self.people, self.accounts = set(), set()

    def add(self, *texts):
        self.people.update(text for text in map(str, texts) if self.is_one(text))

    def add_account(self, *texts):
        self.accounts.update(text for text in map(str, texts) if self.is_one(text) and text not in WORDS)

    @staticmethod
    def is_one(text):
        # A program's text has names of variables where a run's has their values.
        return (len(text) >= SHORTEST and not re.search(r"[\n$%{}]", text)
                and not re.fullmatch(r"[A-Za-z_]{2}|[0-9]{1,5}", text))

    # ---- out of texts ----

    def gather(self, text):
        for shape in SHAPES:
            self.add(*re.findall(shape, text))
        for key, value in re.findall(r"(?<![\w-])([a-z_]+)=([^\s'\"&,;]+)", text):
            self.field(key, value, False)
        self.json_in(text)
        self.csv_in(text)

    def field(self, key, value, is_named):
        if key in PEOPLE or (key in NAMES and is_named):
            self.add(value)
        elif key in ACCOUNTS:
            self.add_account(value)

    def json_in(self, text):
        decoder = json.JSONDecoder()
        for line in text.splitlines():
            at = line.find("{")
            while at >= 0:
                try:
                    value, end = decoder.raw_decode(line, at)
                    self.walk(value)
                except ValueError:
                    end = at + 1
                at = line.find("{", end)

    def walk(self, value):
        if isinstance(value, list):
            for one in value:
                self.walk(one)
        elif isinstance(value, dict):
            is_named = not NAMED.isdisjoint(value)
            for key, one in value.items():
                self.walk(one)
                for text in one if isinstance(one, list) else [one]:
                    if isinstance(text, str):
                        self.field(key, text, is_named)

    def csv_in(self, text):
        header = None
        for line in text.splitlines():
            line = line.lstrip("\ufeff").strip()
            if "," not in line:
                header = None
                continue
            try:
                cells = next(csv.reader([line]))
            except (csv.Error, StopIteration):
                continue
            if not (PEOPLE | ACCOUNTS).isdisjoint(cells) and all(re.fullmatch(r"\w+", one) for one in cells if one):
                header, is_named = cells, not NAMED.isdisjoint(cells)
            elif header is not None and len(cells) == len(header):
                for key, value in zip(header, cells):
                    self.field(key, value, is_named)

    # ---- the file ----

    def load(self, path):
        if os.path.exists(path):
            with open(path, encoding="utf-8") as lines:
                for line in lines:
                    (self.people if line[0] == "P" else self.accounts).add(line[2:].rstrip("\n"))

    def save(self, path):
        with open(path, "w", encoding="utf-8") as out:
            for letter, words in (("P", self.people), ("A", self.accounts)):
                out.writelines("%s %s\n" % (letter, word) for word in sorted(words))


# ---- searching ----


def found_by(options, words, path, is_counted=False):
    """Lines of grep, which seeks a million strings at once. Bytes: nothing is taken for text."""
    if not words:
        return []
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".words") as file:
        file.writelines(word + "\n" for word in words)
        file.flush()
        done = subprocess.run(
            ["grep", "-anF", *options, "-f", file.name, "--", path], capture_output=True,
            env={"LC_ALL": "C", "PATH": os.environ["PATH"]}, check=False)
    if done.returncode > 1:
        sys.exit("grep: " + done.stderr.decode(errors="replace"))
    return done.stdout.decode(errors="replace").splitlines()


def lines_with(words, path):
    """The lines of a file that have one of the words: {number: line}. A short one has to
    stand by itself, since two letters come up in any key."""
    long = [word for word in words if len(word.encode()) >= LONG]
    short = [word for word in words if len(word.encode()) < LONG]
    found = {}
    for line in found_by([], long, path) + found_by(["-w"], short, path):
        number, text = line.split(":", 1)
        found[int(number)] = text
    with open(path, encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines, 1):
            if any(shape.search(line) for shape in COMPILED):
                found[number] = line.rstrip("\n")
    return found


COMPILED = [re.compile(shape) for shape in SHAPES]


def is_found_when_put_in(words, tail, put):
    """Each of the words, and one of each shape, put into what was searched: all are found."""
    shapes = ["weft_" + "Ab3_-" * 8 + "xyz", "13900000000", "32028219900307001X", "P-0000001"]
    planted = sorted(words) + shapes
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".log") as file:
        file.write(tail)
        file.writelines(put(word) + "\n" for word in planted)
        file.flush()
        numbers = lines_with(words, file.name)
    lines = tail.count("\n")
    missed = [word for i, word in enumerate(planted, lines + 1) if i not in numbers]
    for word in missed[:5]:
        print("the search would not find %r" % word)
    return not missed


def readings(line):
    """An address as it is, decoded, and what its texts may be coded from."""
    plain = urllib.parse.unquote(line.rstrip("\n"))
    yield plain
    for text in re.findall(r"[A-Za-z0-9_+/-]{8,}", plain):
        for decode in (lambda t: base64.urlsafe_b64decode(t + "=" * (-len(t) % 4)), bytes.fromhex):
            try:
                yield decode(text).decode(errors="replace").replace("\n", " ")
            except (ValueError, binascii.Error):
                pass


def search(words, path, put):
    """How many lines were searched; None if one has what it must not, which is printed."""
    with open(path, encoding="utf-8", errors="replace") as lines:
        text = lines.read()
    tail = text[-4000:]
    found = lines_with(words, path)
    for number, line in sorted(found.items())[:5]:
        what = next((word for word in words if word in line), "something of a form that is sought")
        print("%s:%d: %s (%s)" % (os.path.basename(path), number, line[:300], what))
    tail = tail if tail.endswith("\n") or not tail else tail + "\n"
    is_able = is_found_when_put_in(words, "" if found else tail, put)
    return text.count("\n") if not found and is_able else None


def search_logs(seeds, paths):
    words = seeds.people | seeds.accounts
    put = "time=2021-12-11T06:00:00.000Z event=request method=GET route=%s status=200 ms=0.1".__mod__
    return [search(words, path, put) for path in paths if os.path.getsize(path) > 0]


def search_addresses(seeds, paths):
    results = []
    for path in paths:
        with open(path, encoding="utf-8", errors="replace") as lines, \
                tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".read") as file:
            known = set()
            for line in lines:
                if line not in known:
                    known.add(line)
                    file.writelines(reading + "\n" for reading in readings(line))
            file.flush()
            if known:
                results.append(search(seeds.people, file.name, coded))
    return results


def coded(word):
    """An address that carries the word as addresses do; what is read of it, in one line."""
    text = base64.urlsafe_b64encode(word.encode()).decode().rstrip("=")
    ways = urllib.parse.quote(word), text if len(text) >= 8 else urllib.parse.quote(word)
    read = [list(readings("GET /v1/views/x?after=%s HTTP/1.1" % way)) for way in ways]
    assert all(any(word in one for one in way) for way in read), word
    return " ".join(read[1]).replace("\n", " ")


def main(how, seeds_path, *paths):
    seeds = Seeds()
    seeds.load(seeds_path)
    if how == "gather":
        for path in paths or ["/dev/stdin"]:
            with open(path, encoding="utf-8", errors="replace") as text:
                seeds.gather(text.read())
        seeds.save(seeds_path)
        return 0
    results = {"logs": search_logs, "addresses": search_addresses}[how](seeds, paths)
    count = len(seeds.people) + (len(seeds.accounts) if how == "logs" else 0)
    if not results or not count:
        print("nothing was searched: %d strings, %d files" % (count, len(results)))
        return 1
    if None in results:
        return 1
    print("quiet: %d strings in none of %d lines of %d files" % (count, sum(results), len(results)))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
