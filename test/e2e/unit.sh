#!/bin/sh
# operating/weft@.service: what systemd says of it, offline.
. "$(dirname "$0")/run.sh"
unit=$(realpath "$(dirname "$0")/../../operating/weft@.service")
command -v systemd-analyze >/dev/null || { echo 'no systemd-analyze'; exit 77; }
cp "$unit" "$work/weft@wuxi.service"
# The exposure level, times ten.
runs 0 systemd-analyze security --offline=true --threshold=20 --no-pager "$work/weft@wuxi.service"
has 'Overall exposure level'
# Names of calls and settings that this systemd does not know are said on stderr.
checks=$((checks + 1))
if grep -iE 'unknown|failed to parse|invalid' "$work/err"; then
    failures=$((failures + 1))
    echo 'not ok: the unit is not understood'
fi
finish
