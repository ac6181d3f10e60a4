"""A client over a socket of its own. It keeps every request line and every answer, and
records each for test/e2e/answers.c, which holds them to the service's own description."""

import json
import socket


class Answer:
    def __init__(self, head, status, headers, body):
        self.head, self.status, self.headers, self.body = head, status, headers, body

    @property
    def json(self):
        return json.loads(self.body) if self.body else None

    @property
    def code(self):
        if "json" not in self.headers.get("content-type", ""):
            return None
        value = self.json
        return value.get("code") if isinstance(value, dict) else None

    def text(self):
        return self.body.decode()


class Door:
    """The service at one address; one connection, opened again when it was closed."""

    def __init__(self, address, records):
        host, port = address.rsplit(":", 1)
        self.address = (host, int(port))
        self.socket = self.file = None
        self.description = None  # describe.Description, once there is one
        self.records = records  # a file, of the form that recorded_answers.h tells
        self.lines = []  # request lines that were sent
        self.answers = []  # (method, path, Answer) of all that were asked

    def connect(self):
        self.close()
        self.socket = socket.create_connection(self.address, timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.file = self.socket.makefile("rb")

    def close(self):
        if self.socket is not None:
            self.file.close()
            self.socket.close()
            self.socket = None

    def ask(self, method, path, token=None, body=None, headers=None):
        sent = {"Host": "door", "Accept-Language": "en"}
        if token is not None:
            sent["Authorization"] = "Bearer " + token
        data = b""
        if body is not None:
            is_text = isinstance(body, str)
            data = (body if is_text else json.dumps(body)).encode()
            is_file = path.startswith("/v1/imports")
            sent["Content-Type"] = ("application/octet-stream" if is_file else
                                    "application/x-ndjson" if is_text else "application/json")
            sent["Content-Length"] = str(len(data))
        sent.update(headers or {})
        line = "%s %s HTTP/1.1" % (method, path)
        self.lines.append(line)
        head = line + "\r\n" + "".join("%s: %s\r\n" % one for one in sent.items())
        answer = self.exchange(head.encode() + b"\r\n" + data)
        self.answers.append((method, path, answer))
        self.record(method, path, answer.head, answer.body)
        return answer

    def record(self, method, path, head, body):
        self.records.write(b"%s %s %d %d\n" % (method.encode(), path.encode(), len(head), len(body)))
        self.records.write(head + body)

    def exchange(self, data):
        # A connection that was kept may have been closed meanwhile: once again then.
        for fresh in (False, True):
            if self.socket is None or fresh:
                self.connect()
            try:
                self.socket.sendall(data)
                line = self.file.readline()
                if line:
                    return self.read(line)
            except ConnectionError:
                pass
        raise ConnectionError("the service closed the connection without an answer")

    def read(self, line):
        head, status, headers = line, int(line.split()[1]), {}
        for one in iter(self.file.readline, b"\r\n"):
            head += one
            name, value = one.decode().split(":", 1)
            name = name.strip().lower()
            both = (headers[name] + "\n") if name in headers else ""
            headers[name] = both + value.strip()
        if headers.get("transfer-encoding") == "chunked":
            body = b"".join(self.chunks())
        else:
            body = self.file.read(int(headers.get("content-length", 0)))
        if headers.get("connection", "").lower() == "close":
            self.close()
        return Answer(head + b"\r\n", status, headers, body)

    def chunks(self):
        while True:
            size = int(self.file.readline().split(b";")[0], 16)
            yield self.file.read(size)
            self.file.readline()
            if size == 0:
                return


class Stream:
    """Server-sent events, on a connection of their own."""

    def __init__(self, door, path, token):
        self.door = Door("%s:%d" % door.address, door.records)
        self.door.connect()
        line = "GET %s HTTP/1.1" % path
        door.lines.append(line)
        head = "%s\r\nHost: door\r\nAuthorization: Bearer %s\r\n\r\n" % (line, token)
        self.door.socket.sendall(head.encode())
        self.path, self.head, self.heard = path, self.door.file.readline(), b""
        self.status = int(self.head.split()[1])
        while not self.head.endswith(b"\r\n\r\n"):
            self.head += self.door.file.readline()
        self.texts = self.door.chunks()

    def read_until(self, is_last):
        """The data of its events, up to one that is the last, or to the stream's end."""
        data, rest = [], ""
        for text in self.texts:
            self.heard += text
            *lines, rest = (rest + text.decode()).split("\n")
            for line in lines:
                if line.startswith("data: "):
                    data.append(json.loads(line[6:]))
                    if is_last(data[-1]):
                        return data
        return data

    def close(self):
        self.door.record("GET", self.path, self.head, self.heard)
        self.door.close()
