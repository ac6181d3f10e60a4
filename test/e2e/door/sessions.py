"""Log-in with a one-time code, and how rights end: at once, or within a second."""

import base64
import datetime
import hashlib
import hmac
import struct
import time

from city import TOWN
from client import Stream


def one_time_code(secret, now):
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(now // 30)), hashlib.sha1).digest()
    at = digest[-1] & 15
    return "%06d" % ((struct.unpack(">I", digest[at : at + 4])[0] & 0x7FFFFFFF) % 1000000)


class Sessions:
    def __init__(self, city, report):
        self.city, self.report = city, report

    def hold(self, is_so, words, answer=None):
        self.report.hold(is_so, words, answer)

    def refused_within_a_second(self, ask, words):
        end = time.monotonic() + 1
        answer = ask()
        while answer.status != 401 and time.monotonic() < end:
            answer = ask()
        self.hold(answer.status == 401, words, answer)

    # ---- tokens ----

    def issue(self, name, **more):
        made = self.city.ask("root", "POST", "/v1/tokens", dict(device="d-sampler", **more))
        self.hold(made.status == 201, "a token for a device", made)
        self.city.token_of(name, made.json["token"])
        return made.json["id"]

    def who(self, name):
        return self.city.ask(name, "GET", "/v1/me")

    def a_token_ends(self):
        token = self.issue("revoked")
        self.hold(self.who("revoked").status == 200, "a token is good")
        stream = Stream(self.city.door, "/v1/events", self.city.tokens["revoked"])
        self.hold(stream.status == 200, "a token listens")
        answer = self.city.ask("root", "DELETE", "/v1/tokens/" + token[:12])
        self.hold(answer.status == 204, "a token is revoked by the start of its id", answer)
        self.refused_within_a_second(lambda: self.who("revoked"), "a token that was revoked")
        until = time.time() + 3
        at = datetime.datetime.fromtimestamp(until, datetime.timezone.utc)
        self.issue("over", until=at.strftime("%Y-%m-%dT%H:%M:%S+00:00"))
        answer = self.who("over")
        self.hold(answer.status == 200 or time.time() > int(until), "a token before its end", answer)
        time.sleep(max(0, int(until) - time.time()) + 0.01)
        self.hold(self.who("over").status == 401, "a token is over at its end")
        # What it had open ends, too: else this waits in vain.
        stream.read_until(lambda data: False)
        stream.close()
        answer = self.city.ask("u-lab", "DELETE", "/v1/tokens/" + self.city.ids["token of u-lead"])
        self.hold(answer.status == 404, "somebody else's token is not there", answer)
        more = self.city.ask("root", "POST", "/v1/tokens", {"user": "u-lab"})
        self.city.token_of("own", more.json["token"])
        answer = self.city.ask("u-lab", "DELETE", "/v1/tokens/" + more.json["id"])
        self.hold(answer.status == 204, "one's own token is one's own to revoke", answer)
        self.refused_within_a_second(lambda: self.who("own"), "one's own token, revoked")

    # ---- sessions ----

    def log_in(self, user, password, code=None):
        body = {"user": user, "password": password}
        if code is not None:
            body["code"] = code
        return self.city.ask(None, "POST", "/v1/login", body)

    def a_user_logs_in(self):
        self.city.ask("root", "POST", "/v1/users", {"user": "s-1", "role": "medic", "grid": TOWN})
        made = self.city.ask("root", "POST", "/v1/users/s-1/secret", {"codes": True})
        self.hold(made.status == 200, "a password is made", made)
        password, secret = made.json["password"], made.json["totp"]
        self.city.seeds.add(password, secret)
        code = one_time_code(secret, time.time())
        wrong = self.log_in("s-1", "an invented password", code)
        nobody = self.log_in("s-none", "an invented password", code)
        self.hold(wrong.status == 401, "a wrong password", wrong)
        self.hold((nobody.status, nobody.body) == (wrong.status, wrong.body),
                  "nobody is as a wrong password", nobody)
        without = self.log_in("s-1", password)
        self.hold(without.status == 401, "staff need a code", without)
        # The next step's code is good whether or not this one ends meanwhile.
        code = one_time_code(secret, time.time() + 30)
        answer = self.log_in("s-1", password, code)
        self.hold(answer.status == 200, "log-in", answer)
        again = self.log_in("s-1", password, code)
        self.hold(again.status == 401, "a code is taken once", again)
        return answer

    def a_session_ends(self):
        answer = self.a_user_logs_in()
        if answer.status != 200:
            return
        cookie = answer.headers["set-cookie"]
        for word in ("__Host-weft=", "Secure", "HttpOnly", "SameSite=Strict", "Path=/"):
            self.hold(word in cookie, "the cookie lacks " + word)
        session = {"Cookie": cookie.split(";")[0]}
        csrf = answer.json["csrf"]
        self.city.seeds.add(cookie.split(";")[0].split("=", 1)[1], csrf)

        def ask(method, path, **more):
            return self.city.door.ask(method, path, None, None, dict(session, **more))

        self.hold(ask("GET", "/v1/me").json["name"] == "s-1", "a session is its user")
        self.hold(ask("GET", "/v1/session").json["csrf"] == csrf, "a session knows its value")
        for value in ({}, {"Weft-CSRF": "x"}, {"Weft-CSRF": csrf[:-1] + "!"}):
            answer = ask("POST", "/v1/logout", **value)
            self.hold(answer.status == 401, "what changes something needs Weft-CSRF", answer)
        self.hold(ask("GET", "/v1/me").status == 200, "the session goes on")
        why = "织密三号 has left"
        self.city.seeds.add(why)
        answer = self.city.ask("root", "DELETE", "/v1/users/s-1", {"reason": why})
        self.hold(answer.status == 204, "a user is removed", answer)
        self.refused_within_a_second(lambda: ask("GET", "/v1/me"), "the session of who was removed")
        self.logging_out_ends_it()
        self.a_password_is_changed()

    def a_password_is_changed(self):
        """In a session, by the old one: the others end, and this one goes on as another."""
        self.city.ask("root", "POST", "/v1/users", {"user": "s-3", "role": "resident"})
        old = self.city.ask("root", "POST", "/v1/users/s-3/secret", {}).json["password"]
        new = "nine entirely invented words"
        self.city.seeds.add(old, new)
        sessions = []
        for _ in range(2):
            answer = self.log_in("s-3", old)
            self.hold(answer.status == 200, "s-3 logs in", answer)
            sessions.append({"Cookie": answer.headers["set-cookie"].split(";")[0],
                             "Weft-CSRF": answer.json["csrf"]})
            self.city.seeds.add(answer.headers["set-cookie"].split(";")[0].split("=", 1)[1])

        def change(session, **body):
            return self.city.door.ask("POST", "/v1/me/password", None, body, session)

        def who(session):
            return self.city.door.ask("GET", "/v1/me", None, None, session).status

        bare = {"Cookie": sessions[0]["Cookie"]}
        answer = change(bare, old=old, password=new)
        self.hold(answer.status == 401, "a password is not changed without Weft-CSRF", answer)
        answer = change(sessions[0], old="an invented password", password=new)
        self.hold((answer.status, answer.code) == (400, "password.wrong"), "a wrong old one", answer)
        answer = change(sessions[0], old=old, password="short")
        self.hold(answer.code == "secret.length", "one that is too short", answer)
        self.hold([who(one) for one in sessions] == [200, 200], "sessions go on till then")
        answer = change(sessions[0], old=old, password=new)
        self.hold(answer.status == 200, "a password is changed", answer)
        self.hold([who(one) for one in sessions] == [401, 401], "both sessions are over")
        later = {"Cookie": answer.headers["set-cookie"].split(";")[0],
                 "Weft-CSRF": answer.json["csrf"]}
        self.city.seeds.add(later["Cookie"].split("=", 1)[1])
        self.hold(who(later) == 200, "whoever changed it goes on")
        self.hold(self.log_in("s-3", old).status == 401, "the old one is no more")
        self.hold(self.log_in("s-3", new).status == 200, "the new one is good")
        waits = [change(later, old="an invented password", password=new).status for _ in range(8)]
        self.hold(503 in waits, "guessing the old one is slowed down: %s" % waits)

    def logging_out_ends_it(self):
        """A resident's, who needs no code."""
        self.city.ask("root", "POST", "/v1/users", {"user": "s-2", "role": "resident"})
        made = self.city.ask("root", "POST", "/v1/users/s-2/secret", {})
        self.city.seeds.add(made.json["password"])
        answer = self.log_in("s-2", made.json["password"])
        self.hold(answer.status == 200, "a resident logs in", answer)
        session = {"Cookie": answer.headers["set-cookie"].split(";")[0],
                   "Weft-CSRF": answer.json["csrf"]}
        answer = self.city.door.ask("POST", "/v1/logout", None, None, session)
        self.hold(answer.status == 204, "log-out", answer)
        answer = self.city.door.ask("GET", "/v1/me", None, None, session)
        self.hold(answer.status == 401, "after log-out", answer)
