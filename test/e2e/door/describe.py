"""Holds answers to /v1/openapi.json: the status is declared, the body is of the declared
type, and JSON has the members and types of its schema. As much of JSON Schema as the
description uses; a word that is not known here fails, so that none goes unchecked."""

TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "null": type(None),
}
KNOWN = set("""type required properties items enum additionalProperties description
    maxItems minItems minimum maximum maxLength minLength format const title $ref pattern
    oneOf anyOf examples example default""".split())


def is_of(value, name):
    if isinstance(value, bool) and name in ("integer", "number"):
        return False
    return isinstance(value, TYPES[name])


class Description:
    def __init__(self, document):
        self.document = document
        self.operations = {}
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                if method in ("get", "post", "put", "patch", "delete"):
                    self.operations[(method.upper(), path)] = operation

    def find(self, method, target):
        parts = target.split("?")[0].split("/")
        best = None
        for (verb, path), operation in self.operations.items():
            own = path.split("/")
            fits = verb == method and len(own) == len(parts)
            if fits and all(o == p or o.startswith("{") for o, p in zip(own, parts)):
                if best is None or path.count("{") < best[0]:
                    best = (path.count("{"), operation)
        return best[1] if best else None

    def follow(self, schema):
        while "$ref" in schema:
            at = self.document
            for part in schema["$ref"].lstrip("#/").split("/"):
                at = at[part]
            schema = at
        return schema

    def check(self, method, target, answer):
        """What is wrong with the answer, in words; nothing is good."""
        operation = self.find(method, target)
        where = "%s %s %d" % (method, target.split("?")[0], answer.status)
        if operation is None:
            if answer.status not in (400, 401, 404, 405):
                return [where + ": a path that is not described"]
            schema = {"$ref": "#/components/schemas/Error"}
            return [where + ": " + one for one in self.validate(answer.json, schema, "")]
        declared = operation["responses"].get(str(answer.status))
        if declared is None:
            return [where + ": the status is not declared"]
        media = answer.headers.get("content-type", "").split(";")[0].strip()
        content = declared.get("content")
        if not content:
            return [where + ": a body that is not declared"] if answer.body else []
        if media not in content:
            return ["%s: %s is not declared" % (where, media or "no body")]
        if media != "application/json":
            return []
        schema = content[media].get("schema", {})
        return [where + ": " + one for one in self.validate(answer.json, schema, "")]

    def validate(self, value, schema, at):
        schema = self.follow(schema)
        wrong = [at + "/ has the word " + word for word in set(schema) - KNOWN]
        types = schema.get("type", [])
        types = [types] if isinstance(types, str) else types
        if types and not any(is_of(value, one) for one in types):
            return wrong + ["%s/ is no %s" % (at, " or ".join(types))]
        if "enum" in schema and value not in schema["enum"]:
            wrong.append(at + "/ is none of its words")
        for word in ("oneOf", "anyOf"):
            if word in schema and all(self.validate(value, s, at) for s in schema[word]):
                wrong.append("%s/ is none of its forms" % at)
        if isinstance(value, dict):
            wrong += self.validate_object(value, schema, at)
        if isinstance(value, list):
            if len(value) > schema.get("maxItems", len(value)):
                wrong.append(at + "/ has too many items")
            for i, one in enumerate(value):
                wrong += self.validate(one, schema.get("items", {}), "%s/%d" % (at, i))
        if isinstance(value, (int, float)) and value < schema.get("minimum", value):
            wrong.append(at + "/ is too small")
        return wrong

    def validate_object(self, value, schema, at):
        own = schema.get("properties", {})
        more = schema.get("additionalProperties", True)
        wrong = ["%s/%s is missing" % (at, n) for n in schema.get("required", []) if n not in value]
        for name, one in value.items():
            if name in own:
                wrong += self.validate(one, own[name], at + "/" + name)
            elif more is False:
                wrong.append("%s/%s is not declared" % (at, name))
            elif isinstance(more, dict):
                wrong += self.validate(one, more, at + "/" + name)
        return wrong
