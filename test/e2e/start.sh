#!/bin/bash
# docs/start.md, as a newcomer follows it: each command line is run in order, in an empty
# folder, and must say what the page says. Blocks after "<!-- with the real data -->" need
# the badge data (WEFT_SHARED_DATA, else ../shared/data beside the sources).
#
#   start.sh WEFT            compares
#   start.sh WEFT --write    writes what the commands say now into the page
. "$(dirname "$0")/run.sh"
set -o pipefail
weft=$1
source=$(cd "$(dirname "$0")/../.." && pwd)
page=$source/docs/start.md
DATA=${WEFT_SHARED_DATA:-$source/../shared/data}/sociopatterns
export DATA WEFT_DATA_DIR="$source"

mkdir "$work/bin" "$work/walk"
ln -s "$(cd "$(dirname "$weft")" && pwd)/$(basename "$weft")" "$work/bin/weft"
ln -s "$source" "$work/walk/weft-source"
PATH=$work/bin:$PATH
has_data=yes
[ -f "$DATA/workplace_InVS15_tij.dat.gz" ] || has_data=no
[ $has_data = yes ] || echo "skipped: the badge data is not there (WEFT_SHARED_DATA)"

# Names drawn by chance are not compared.
steady() {
    sed -E 's/[0-9a-f]{16}\.rows/….rows/g'
}

# Runs one command line of the page. In this shell, so that `export` holds; every one must
# end with 0.
step() {
    checks=$((checks + 1))
    eval "$1" >"$work/said" 2>&1
    code=$?
    if [ "$code" -ne 0 ]; then
        failures=$((failures + 1))
        printf 'not ok: %s\n  exit %s\n' "$1" "$code"
        sed 's/^/  /' "$work/said" | head -20
    fi
    steady <"$work/said" >&4
}

# The page, with what the commands say now. Output lines of the page inside a block are
# left out when the block is run, and kept when it is not.
in_block=no needs_data=no run_it=yes
cd "$work/walk" || exit 1
exec 3<"$page" 4>"$work/now.md"
while IFS= read -r line <&3; do
    case $in_block:$line in
    no:'<!-- with the real data -->') needs_data=yes ;;
    no:'```console')
        in_block=yes run_it=yes
        [ $needs_data = no ] || run_it=$has_data
        needs_data=no
        ;;
    yes:'```') in_block=no ;;
    yes:'$ '*)
        printf '%s\n' "$line" >&4
        if [ $run_it = yes ]; then
            step "${line#\$ }"
        fi
        continue
        ;;
    yes:*) [ $run_it = no ] || continue ;;
    esac
    printf '%s\n' "$line" >&4
done
exec 3<&- 4>&-
cd "$source" || exit 1

if [ "${2:-}" = --write ]; then
    cp "$work/now.md" "$page"
elif ! cmp -s "$page" "$work/now.md"; then
    failures=$((failures + 1))
    echo "not ok: docs/start.md says something else (start.sh WEFT --write renews it)"
    diff "$page" "$work/now.md" | head -40
fi
finish
