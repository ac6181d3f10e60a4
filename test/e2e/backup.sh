#!/bin/sh
# A city backed up, restored elsewhere, purged in between: the drill of
# docs/operating/backup.md with the real program.
. "$(dirname "$0")/run.sh"
weft=$1
city=$work/city

total() { "$weft" digest "$@" 2>/dev/null | sed -n 's/^total //p'; }
# equal A B: two digests.
equal() {
    printf '%s\n' "$1" >"$work/out"
    says "$2"
}

cat >"$work/day.ndjson" <<'V'
{"device":"S-03-2","seq":1,"kind":"sample.collected","at":"2021-12-12T07:31:05+08:00","body":{"tube":"T0031877","person":"P-0000001","site":"SITE-0003"}}
{"device":"S-03-2","seq":2,"kind":"tube.sealed","at":"2021-12-12T07:41:05+08:00","body":{"tube":"T0031877","count":1}}
V
cat >"$work/visits.csv" <<'V'
person,place,start,end
P-0000009,PL-0000001,2021-12-10 08:00,2021-12-10 09:00
P-0000002,PL-0000001,2021-12-11 08:30,2021-12-11 09:30
P-0000003,PL-0000002,2021-12-11 25:30,2021-12-11 09:30
V
runs 0 "$weft" init "$city" --kind drill --clock 2021-12-12T09:00+08:00
runs 0 "$weft" import "$city" facts "$work/day.ndjson"
runs 0 "$weft" import "$city" visits "$work/visits.csv"

# A recipient; a backup, then a copy of the ring.
echo 'correct horse' >"$work/passphrase"
chmod 600 "$work/passphrase"
runs 0 "$weft" keys new "$work/officer" --passphrase-file "$work/passphrase"
has 'officer.key'
runs 2 "$weft" keys new "$work/officer"
runs 0 "$weft" backup "$city" "$work/monday" --json
has '"facts":3'
runs 2 "$weft" backup "$city" "$work/monday"
runs 2 "$weft" keys export "$city" "$work/copy"
runs 0 "$weft" keys export "$city" "$work/copy" --to "$work/officer.pub" --until 2999-12-31
has 'is not forgotten'
runs 0 "$weft" keys list "$city"
has 'officer'
monday=$(total "$city")

# More facts; the restored city is Monday's, the first one goes on.
runs 0 "$weft" fact "$city" tube.resulted tube=T0031877 result=negative
tuesday=$(total "$city")
restore() { "$weft" restore "$@" --key "$work/officer.key" --passphrase-file "$work/passphrase"; }
runs 3 "$weft" restore "$work/monday" "$work/there" --ring "$work/copy" --key "$work/officer.key" --key-dir "$work/k1"
runs 2 restore "$work/monday" "$work/there" --ring "$work/copy"
has 'keys are there already'
runs 0 restore "$work/monday" "$work/there" --ring "$work/copy" --key-dir "$work/k1"
has 'chain head'
equal "$(total "$work/there" --key-dir "$work/k1")" "$monday"
equal "$(total "$city")" "$tuesday"
runs 0 "$weft" verify "$work/there" --key-dir "$work/k1"
has 'all is whole'
has 'restored'
runs 0 "$weft" refused "$work/there" list --key-dir "$work/k1"
has '1 row'
runs 2 restore "$work/monday" "$work/there" --ring "$work/copy" --key-dir "$work/k2"
has 'is there already'

# A purge: the ring from after it opens no visits from before it, but the facts.
runs 0 "$weft" purge "$city" --before 2021-12-11
runs 0 "$weft" keys export "$city" "$work/copy2" --to "$work/officer.pub" --until 2999-12-31
runs 5 restore "$work/monday" "$work/old" --ring "$work/copy2" --key-dir "$work/k3"
has 'were forgotten'
runs 0 restore "$work/monday" "$work/old" --ring "$work/copy2" --key-dir "$work/k3" --without-visits
runs 0 "$weft" verify "$work/old" --key-dir "$work/k3"

# After it, all comes back but what was forgotten.
runs 0 "$weft" backup "$city" "$work/tuesday"
runs 0 "$weft" keys export "$city" "$work/copy3" --to "$work/officer.pub" --until 2999-12-31
runs 0 restore "$work/tuesday" "$work/new" --ring "$work/copy3" --key-dir "$work/k4"
equal "$(total "$work/new" --key-dir "$work/k4")" "$(total "$city")"
runs 0 "$weft" digest "$work/new" --key-dir "$work/k4"
has '2021-12-10'

# What is damaged, cut or no backup leaves nothing.
head -c 900 "$work/tuesday" >"$work/cut"
runs 5 restore "$work/cut" "$work/no" --ring "$work/copy3" --key-dir "$work/k5"
has 'the backup is damaged'
runs 5 restore "$work/day.ndjson" "$work/no" --ring "$work/copy3" --key-dir "$work/k5"
has 'not a backup'
runs 4 restore "$work/none" "$work/no" --ring "$work/copy3" --key-dir "$work/k5"
runs 1 test -e "$work/no"

# Copies end.
id=$("$weft" keys list "$city" --json | sed -n 's/.*"copy":"\([0-9a-f]*\)".*/\1/p' | head -1)
runs 0 "$weft" keys destroyed "$city" "$id"
has 'destroyed'
runs 4 "$weft" keys returned "$city" 00000000000000000000000000000000
runs 2 "$weft" keys lend "$city"
runs 0 "$weft" doctor "$city"
has 'key_copies'
finish
