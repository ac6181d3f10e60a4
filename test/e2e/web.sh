#!/bin/sh
# The page that is part of the program is made of the sources beside it, and light: without
# Node, by the sums that ./dev web wrote down (web/tools/finish.mjs). That a build gives
# the same bytes again is seen by ./dev test, where Node is.
here=$(cd "$(dirname "$0")" && pwd)
exec python3 -B - "$here/../../web" "$here/../golden/policy.txt" \
    "$here/../../docs/reference/facts.md" <<'P'
import gzip, hashlib, pathlib, re, sys
web, policy, facts = map(pathlib.Path, sys.argv[1:])
sha256 = lambda content: hashlib.sha256(content).hexdigest()
listed = dict(reversed(line.split("  ", 1)) for line in (web / "dist/files.txt").read_text().splitlines())

names = ["index.html", "package-lock.json", "package.json", "tsconfig.json", "vite.config.ts"]
for folder in "src", "tools":
    names += [str(one.relative_to(web)) for one in (web / folder).rglob("*") if one.is_file()]
made_of = "".join("%s  %s\n" % (sha256((web / name).read_bytes()), name) for name in sorted(names))
if listed.pop("(sources)") != sha256(made_of.encode()):
    sys.exit("web/dist is of other sources: run ./dev web")

there = {str(one.relative_to(web / "dist")) for one in (web / "dist").rglob("*") if one.is_file()}
if there != set(listed) | {"files.txt"}:
    sys.exit("web/dist has other files than files.txt: %s" % (there ^ set(listed)))
for name, digest in listed.items():
    if sha256((web / "dist" / name).read_bytes()) != digest:
        sys.exit("web/dist/%s was changed by hand: run ./dev web" % name)

if (web / "LICENSES.txt").read_bytes() != (web / "dist/app/licenses.txt").read_bytes():
    sys.exit("web/LICENSES.txt was changed by hand: run ./dev web")

# What the page takes a role to be allowed is what the policy says.
rights = (web / "src/base/rights.ts").read_text()
golden = policy.read_text().split("\nroles\n")[1].split("\nend\n")[0]
allowed = {line.split()[0]: "".join(line.split()[1:]) for line in golden.splitlines()}
taken = dict(re.findall(r"^  (\w+): '([-+#]+)',$", rights, re.M))
if not taken:
    sys.exit("no rights were found in web/src/base/rights.ts")
for action, row in taken.items():
    if allowed.get(action) != row:
        sys.exit("web/src/base/rights.ts says %s of %s, the policy %s" % (row, action, allowed.get(action)))

golden = policy.read_text().split("\nlists\n")[1].split("\nend\n")[0]
lists = {line.split()[0]: line.split()[1:] for line in golden.splitlines() if len(line.split()) > 1}
offered = rights.split("export const lists")[1].split("\n};")[0]
taken = {name: re.findall(r"'(\w+)'", roles) for name, roles in re.findall(r"^  (\w+): \[(.*)\],$", offered, re.M)}
if taken != lists:
    sys.exit("web/src/base/rights.ts offers lists to %s, the policy to %s" % (taken, lists))

# What the forms offer is what the kinds take, as their declarations say (facts.md is made
# of them), and each word that a form may have stands there in words for people.
declared, kind = {}, ""
for line in facts.read_text().splitlines():
    kind = line[3:] if line.startswith("## ") else kind
    field = re.match(r"\| `(\w+)` \|.*\| word: ([^|]+) \|$", line)
    if field:
        declared[kind + " " + field[1]] = field[2].split()
lists = (web / "src/list/choices.ts").read_text()
offered = {name: re.findall(r"'(\w+)'", words) for name, words in re.findall(r"^  '([\w.]+ \w+)': \[(.*)\],$", lists, re.M)}
if len(offered) < 10 or len(offered) != lists.count("': ["):
    sys.exit("the lists of web/src/list/choices.ts were not all found")
for name, words in offered.items():
    if words != declared.get(name):
        sys.exit("web/src/list/choices.ts offers %s for %s, the kind takes %s" % (words, name, declared.get(name)))
for path in (web / "src").rglob("*.ts*"):
    if re.search(r"\bwords[:=] ?\{?\['", path.read_text()):
        sys.exit("%s has a list of words of its own: web/src/list/choices.ts is their place" % path)
records, tellings = ((web / "src/list" / name).read_text() for name in ("records.ts", "tellings.ts"))
recorded = set(re.findall(r"'([a-z]+\.[a-z_]+)'", records + tellings)) | {name.split()[0] for name in offered}
groups = dict(re.findall(r"'([a-z_.]+ [a-z_]+)': '(\w+)'", records))
groups["task.returned reason"] = "tasks.reason"
said = set()
for path in (web / "src/texts").glob("*zh.ts"):
    said |= set(re.findall(r"^  '([\w.]+)':", path.read_text(), re.M))
checked = 0
for name, words in declared.items():
    if name.split()[0] not in recorded:
        continue
    for word in words:
        checked += 1
        text = "%s.%s" % (groups.get(name, name.split()[1]), word)
        if text not in said:
            sys.exit("the pages have no words for %s of %s (%s)" % (word, name, text))
if checked < 150:
    sys.exit("only %d words of forms were found" % checked)

# What the first page loads: itself, and what it names.
index = (web / "dist/index.html").read_text()
first = ["index.html"] + re.findall(r'(?:src|href)="/(app/[^"]+)"', index)
size = sum(len(gzip.compress((web / "dist" / name).read_bytes(), 9)) for name in first)
print("first load: %d bytes of gzip in %d files" % (size, len(first)))
if size > 150_000:
    sys.exit("the first load is over 150 kB of gzip")

# What the wall fetches besides, once somebody has come in (web/src/charts/).
charts = [one for one in listed if one.startswith(("app/onset_chart-", "app/live_curve-"))]
if len(charts) < 3 or set(charts) & set(first):
    sys.exit("the charts are not files of their own: %s" % charts)
wall = size + sum(len(gzip.compress((web / "dist" / name).read_bytes(), 9)) for name in charts)
print("the wall with all its charts: %d bytes of gzip" % wall)
if wall > 350_000:
    sys.exit("the wall is over 350 kB of gzip")

# The map is fetched when it is opened, and is all that comes with it.
maps = [one for one in listed if one.startswith(("app/map_face-", "app/maplibre-gl-worker-"))]
if len(maps) != 3 or set(maps) & set(first):
    sys.exit("the map is not in files of its own: %s" % maps)

# Nothing is fetched from elsewhere: no address in what runs but names of XML, and in the
# map what its library says in sentences and would link to (its logo and its attribution,
# neither of which is there); that it asks nobody is seen in a browser (web/test/map.mjs).
said = {"https://maplibre.org/", "https://maplibre.invalid/", "https://wiki.openstreetmap.org/wiki/This_map_requires_WebGL",
        "https://github.com/mapbox/mapbox-gl-js/issues/2907"}
for name in listed:
    if name.endswith((".js", ".mjs", ".css", ".html")):
        for found in re.findall(r"https?://[^\s\"'`)]+", (web / "dist" / name).read_text()):
            is_said = name in maps and (found in said or found.startswith("https://github.com/maplibre/maplibre-gl-js/blob/"))
            if not found.startswith("http://www.w3.org/") and not is_said:
                sys.exit("%s names %s" % (name, found))
P
