#!/usr/bin/env bash
# run.sh: everything a person does with crmpipe. Without an argument: help.
set -euo pipefail

help() {
    cat <<'EOF'
crmpipe keeps HubSpot's activities and Salesforce's in step.

usage: ./run.sh COMMAND [--conf FILE] ...     (FILE: default pipeline.conf)

  demo [--json]          installs what is missing, builds, and shows it all with
                         sample data in a sandbox
  deps                   installs the Debian packages that are missing
  check [--json] [--offline]
                         config, credentials, folders, programs, and what both
                         services say of what is mapped: ok, or what is wrong and
                         how to mend it
  setup [--yes | --dry-run | --undo] [--json]
                         makes in both accounts what is missing there of what
                         the config names, and lets crmpipe's user see it; shows
                         it first and asks. --undo tells how to take it back
  sync [--json] [--dry-run]
                         one pass: brings over what has changed, then ends
  import [--kind KIND]... [--since DATE] [--from hubspot | salesforce]
         [--json] [--dry-run]
                         what is there already, which nothing else brings in:
                         of these kinds (default: all that are on) what happened
                         from that date on; what is on both sides is paired.
                         created_in_SIDE = ignore does not hold it back. Cut
                         off, the same command goes on where it was
  start | stop           the chain in the background
  restart [STAGE]        all of it, or one stage
  status [--json]        each stage, the feeds and since when one fails, dead
                         letters, API calls
  explain ID [--json]    why a record arrived, or did not
  dead [list | show | retry | drop] [ID...] [--class C] [--kind K]
       [--reason R] [--stage S] [--source S] [--key KEY] [--limit N]
       [--since DATE | DURATION] [--all] [--yes] [--json]
                         what was given up, why, and what to do about it
  conflicts [list | show N... | flip N...] [--key ID] [--kind K] [--json]
                         values that gave way to the other side's; flip takes
                         them after all
  deletes [show | allow | forget] [--json]
                         deletions that are held back, because they were too
                         many at once
  verify [--repair] [--kind K]... [--yes] [--json]
                         compares both sides whole: what is missing, doubled,
                         different or orphaned; --repair sends it through the
                         chain
  report [--by day | week | month | contact] [--contact ID | EMAIL]
         [--since DATE | DURATION] [--until DATE] [--kind K]... [--csv | --json]
                         how many activities by day or contact, kind and
                         service, and how they ended; days in [salesforce]
                         time_zone, in UTC where that is auto
  report --create [--yes] [--json]
                         makes two reports in Salesforce of what came from
                         HubSpot, Activities with Contacts and Activities with
                         Leads; says what it will do, and asks
  replay FILE [--at STAGE] [--dry-run] [--json]
                         puts a captured file through the chain once more
  tap STAGE [--count N]  what a running stage sends, live, as JSON lines
  show FILE | -          any stream as JSON lines
  test                   all tests
  help                   this
EOF
}

die() {
    local code=$1
    shift
    printf 'run.sh: %s\n' "$*" >&2
    exit "$code"
}

self=$(readlink -f -- "${BASH_SOURCE[0]}")
root=${self%/*}
# CRMPIPE_BUILD: programs from another build, build/san for one.
build=${CRMPIPE_BUILD:-$root/build}

libraries=(libzmq msgpack libcjson libcurl sqlite3 inih gumbo libmicrohttpd
    openssl cmocka)
packages=(gcc make pkg-config libzmq3-dev libmsgpack-dev libcjson-dev
    libcurl4-openssl-dev libsqlite3-dev libinih-dev libgumbo-dev
    libmicrohttpd-dev libssl-dev libcmocka-dev tzdata ca-certificates python3
    python3-zmq python3-msgpack clang libclang-rt-14-dev clang-format)

# Can it be built here?
can_build() {
    command -v gcc >/dev/null && command -v make >/dev/null &&
        command -v pkg-config >/dev/null &&
        pkg-config --exists "${libraries[@]}"
}

# The packages that dpkg does not have, one a line.
missing_packages() {
    local p
    for p in "${packages[@]}"; do
        # pkgconf stands in for pkg-config.
        [ "$p" = pkg-config ] && command -v pkg-config >/dev/null && continue
        [ "$(dpkg-query -W -f='${db:Status-Status}' "$p" 2>/dev/null)" = \
            installed ] || printf '%s\n' "$p"
    done
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null ||
        [ -t 0 ]; }; then
        sudo "$@"
    else
        die 77 "packages are missing and this is not root, nor can it sudo." \
            "Run as root: apt-get update && apt-get install -y ${need[*]}"
    fi
}

deps() {
    local need=()
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null
    then
        can_build && return
        die 69 "this is no Debian: install what these packages hold: ${packages[*]}"
    fi
    mapfile -t need < <(missing_packages)
    [ ${#need[@]} = 0 ] && return
    printf 'installing: %s\n' "${need[*]}" >&2
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q >&2 ||
        printf 'run.sh: apt-get update failed; trying with what is known\n' >&2
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -q --no-install-recommends "${need[@]}" >&2 ||
        die 69 "apt-get could not install: ${need[*]}"
}

# Bring the programs up to date; says nothing unless that fails. Two run.sh at a
# time do not build into each other's work.
make_programs() {
    [ -n "${CRMPIPE_BUILD:-}" ] && return
    [ -f "$root/Makefile" ] || return 0
    if ! command -v make >/dev/null || { [ ! -x "$build/supervisor" ] &&
        ! can_build; }; then
        [ -x "$build/supervisor" ] && return
        die 69 "packages for building are missing: run ./run.sh deps"
    fi
    make -C "$root" -q all >/dev/null 2>&1 && return
    mkdir -p "$build"
    [ -t 2 ] && printf 'building ...\n' >&2
    local log
    log=$(flock "$build/.lock" make -C "$root" -s -j2 all 2>&1) ||
        die 70 "the build has failed:"$'\n'"$log"
}

# program NAME ARGUMENTS: becomes that program.
program() {
    make_programs
    [ -x "$build/$1" ] || die 69 "$build/$1 is missing: run make"
    exec "$build/$1" "${@:2}"
}

command=${1:-help}
[ $# -gt 0 ] && shift
case $command in
help | -h | --help) help ;;
deps) deps ;;
demo)
    [ -f "$root/Makefile" ] && deps
    program demo "$@"
    ;;
sync | import | start | stop | restart | replay) program supervisor "$command" "$@" ;;
status | explain | dead | conflicts | deletes | check | setup | tap | show | \
    verify | report)
    program "$command" "$@" ;;
test) exec make -C "$root" test "$@" ;;
*)
    printf 'run.sh: there is no command "%s"\n\n' "$command" >&2
    help >&2
    exit 64
    ;;
esac
