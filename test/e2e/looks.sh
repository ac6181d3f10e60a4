#!/bin/sh
# What is written down of who looks, and who learns of it (door/looks.py).
. "$(dirname "$0")/run.sh"
here=$(cd "$(dirname "$0")" && pwd)
python3 -B "$here/door/looks.py" "$1" "$work"
exit $?
