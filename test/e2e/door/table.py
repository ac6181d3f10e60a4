"""Reads test/golden/policy.txt, which was written by hand."""

RELATIONS = "own same sibling parent other moved case custody c.over assigned a.over".split()
ROLES = """commander lead investigator grid_worker guard sampler lab medic regulator auditor
    operator resident""".split()


class Table:
    def __init__(self, path):
        self.roles, self.scope, self.sends, self.makes = {}, {}, {}, {}
        self.doors, self.views, self.hears, self.names = {}, {}, {}, {}
        self.lists = {}
        section = words = None
        for line in open(path, encoding="utf-8"):
            words = line.split("#", 1)[0].split() if line.startswith("#") else line.split()
            if not words:
                continue
            if section is None:
                section = words
            elif words == ["end"]:
                section = None
            else:
                getattr(self, "read_" + section[0])(section, words)

    def read_roles(self, _, words):
        self.roles[words[0]] = dict(zip(ROLES, words[1:]))

    def read_scope(self, section, words):
        self.scope[(section[1], words[0])] = dict(zip(RELATIONS, words[1:]))

    def read_sends(self, _, words):
        self.sends[words[0]] = words[1:]

    def read_hears(self, _, words):
        self.hears[words[0]] = words[1:]

    def read_names(self, _, words):
        self.names[(words[0], words[1])] = words[2:]

    def read_makes(self, _, words):
        self.makes[words[0]] = words[1:]

    def read_lists(self, _, words):
        self.lists[words[0]] = words[1:]

    def read_doors(self, _, words):
        method, path, action = words[:3]
        more = {"less": [], "sends": [], "rows": []}
        word = None
        for one in words[3:]:
            if one in more:
                word = one
                more[word].append("") if word == "rows" else None
            else:
                more[word].append(one)
        self.doors[(method, path)] = (action, more)

    def read_views(self, _, words):
        self.views[words[0]] = (words[1] == "personal", words[2:])

    def reach(self, door, role, relation=None):
        """+ # or -: what the role gets at this door, of whom is in this relation."""
        action, more = self.doors[door]
        if action == "open":
            return "+"
        if relation is None or (role, action) not in self.scope:
            reach = self.roles[action][role]
        else:
            reach = "-" if relation in more["less"] else self.scope[(role, action)][relation]
        return "-" if reach == "#" and more["rows"] else reach

    def may_send_at(self, door, role):
        kinds = self.doors[door][1]["sends"]
        return all(role in self.sends[kind] for kind in kinds)
