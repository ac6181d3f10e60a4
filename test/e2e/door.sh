#!/bin/sh
# Who gets what at the service's doors: every role, relation and door of
# test/golden/policy.txt, every id tried by somebody else, every answer held to its
# description, how rights end, and that nothing of it stands in a log (door/*.py).
. "$(dirname "$0")/run.sh"
here=$(cd "$(dirname "$0")" && pwd)
runs 0 python3 -B "$here/door/main.py" "$1" "$work" "$here/../golden"
cat "$work/out"
answers_held 1000 --every
finish
