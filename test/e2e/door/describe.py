"""What /v1/openapi.json says there is, for those who look whether all of it is tried. That
answers are as it says is seen by test/e2e/answers.c."""


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
