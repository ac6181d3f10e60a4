#!/bin/sh
# What is written down of who looks, and who learns of it (door/looks.py).
. "$(dirname "$0")/run.sh"
here=$(cd "$(dirname "$0")" && pwd)
runs 0 python3 -B "$here/door/looks.py" "$1" "$work"
cat "$work/out"
answers_held 80
finish
