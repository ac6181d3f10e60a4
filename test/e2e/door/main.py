"""door.sh calls this: the service's doors, tried by everybody, over HTTP."""

import os
import re
import sys
import time

sys.path.append(os.path.join(os.path.dirname(__file__), "../../quiet"))

from city import City
from ids import Ids
from leaks import Leaks
from names import Names
from policy import Policy
from senders import Senders
from sessions import Sessions
from table import Table


class Report:
    def __init__(self):
        self.checks, self.failures, self.shapes = 0, 0, {}

    def hold(self, is_so, words, answer=None):
        self.checks += 1
        if is_so:
            return
        self.failures += 1
        shape = re.sub(r"[0-9a-f]{12,}|[A-Z]-[A-Z0-9-]+|[umx]-[a-z_-]+", "…", words)
        self.shapes[shape] = self.shapes.get(shape, 0) + 1
        if self.shapes[shape] <= 3:
            print("not ok: " + words)
            if answer is not None:
                print("  %d %s" % (answer.status, answer.body[:300].decode(errors="replace")))


def main():
    weft, work, golden = sys.argv[1:]
    report = Report()
    city = City(weft, work)
    try:
        began = time.monotonic()
        def lap(what):
            if os.environ.get("WEFT_DOOR_LAPS"):
                print("%6.2f s %s" % (time.monotonic() - began, what))
        city.make()
        lap("made")
        city.serve()
        city.issue_tokens()
        lap("tokens")
        table = Table(os.path.join(golden, "policy.txt"))
        sessions = Sessions(city, report)
        sessions.a_token_ends()
        sessions.a_session_ends()
        lap("sessions")
        policy = Policy(city, table, report)
        policy.doors_are_those_of_the_table()
        policy.nobody_comes_in_without_a_token()
        policy.what_is_not_there_is_not_found()
        policy.each_role_gets_in_where_the_table_says()
        policy.each_role_reads_its_views()
        lap("roles")
        policy.each_role_reaches_whom_the_table_says()
        lap("relations")
        policy.pages_are_followed_by_their_tokens()
        policy.a_page_token_of_another_opens_nothing()
        policy.a_page_that_is_only_measured_is_a_look()
        policy.each_role_hears_what_the_table_says()
        policy.each_role_makes_whom_the_table_says()
        lap("makes")
        policy.each_list_is_whose_the_table_says()
        policy.a_laboratory_says_results_of_its_own_tubes()
        policy.refused_rows_are_their_senders_alone()
        policy.a_large_export_takes_two_and_comes_once()
        lap("exports")
        policy.a_custody_takes_two_people()
        policy.a_name_is_of_one()
        lap("custody")
        ids = Ids(city, report)
        ids.each_is_as_one_that_is_not_there()
        ids.every_id_is_tried()
        ids.a_home_is_told_apart_by_nobody()
        ids.one_of_their_own_is_told_apart()
        lap("ids")
        Names(city, table, report).each_id_is_judged_as_the_table_says()
        lap("names")
        Senders(city, table, report).each_role_sends_what_the_table_says()
        lap("senders")
        city.ask("root", "GET", "/metrics")
        Leaks(city, report).none_anywhere()
        lap("leaks")
    finally:
        code = city.stop()
    report.hold(code == 0, "the service ends with %d" % code)
    print("%d requests, %d checks, %d failures"
          % (len(city.door.lines), report.checks, report.failures))
    return 0 if report.checks > 1000 and report.failures == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
