#!/bin/sh
# Installs what building and testing SchemaGen needs on Debian, unattended:
#
#   cmake/bootstrap.sh              everything
#   cmake/bootstrap.sh build        what the tool and the runtime need
#   cmake/bootstrap.sh example      what example_project needs on top
#   cmake/bootstrap.sh test         what the tests need on top
#   cmake/bootstrap.sh --list ...   only prints the packages that are missing
#
# SCHEMAGEN_LLVM_VERSION chooses LLVM and Clang (19 when unset);
# SCHEMAGEN_BOOTSTRAP=skip trusts the machine and looks at nothing.
# When nothing is missing it is done at once and needs no network. Exit codes:
# 0 everything is there, 2 it is not and somebody has to install it.
set -eu

llvm=${SCHEMAGEN_LLVM_VERSION:-19}

# One row per package: purpose, package, the program that also satisfies it
# ("-" where only the package does), why.
packages() {
  cat <<TABLE
build g++ g++ compiles the tool, the runtime and the examples
build cmake cmake configures the build
build ninja-build ninja runs the build
build clang-$llvm - brings the CMake package of Clang
build libclang-$llvm-dev - reads C++ headers in the scanner
build llvm-$llvm-dev - is what Clang stands on
build lld-$llvm - links the tool in a second instead of half a minute
build libzstd-dev - is linked into the tool with LLVM
build zlib1g-dev - is linked into the tool with LLVM
build nlohmann-json3-dev - reads and writes JSON in the tool
build libcli11-dev - reads the command line of the tool
build libfmt-dev - formats text in the tool
build libkainjow-mustache-dev - fills templates in the tool
build libpg-query-dev - is the parser of PostgreSQL, for checking scripts
build libsqlite3-dev - is the SQLite driver's library
build libpq-dev - is the PostgreSQL driver's library
example pkg-config pkg-config finds cpp-httplib for CMake
example libcpp-httplib-dev - serves the status page of the example
test libgtest-dev - runs the tests
test librapidcheck-dev - makes up random models for the tests
test libbenchmark-dev - times the benchmarks
test make make builds a test project with Makefiles
test file file tells the Debian packages which files are programs
test dpkg-dev dpkg-shlibdeps finds what the Debian packages depend on
test clang-14 clang-14 compiles the generated code once more
test libclang-14-dev - builds the scanner with the oldest Clang
test llvm-14-dev - is what that Clang stands on
test libclang-rt-14-dev - has the fuzzer of that Clang
test clang-format-14 clang-format-14 checks the format of the sources
test clang-tidy-14 clang-tidy-14 finds what compilers do not see
test clangd-14 clangd-14 proves completion and hover in annotations
test sqlite3 sqlite3 looks into databases in the tests
test postgresql-15 - gives the tests a private PostgreSQL server
test pgbouncer - pools connections in front of that server
test python3 python3 drives clangd in the tests
test git git merges two branches of migrations in the tests
TABLE
}

# Reads the names of all installed packages once: one process, no network.
read_installed() {
  installed=
  command -v dpkg-query >/dev/null 2>&1 || return 0
  installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' |
    sed -n 's/^installed //p')
}

is_there() { # package program
  if [ "$2" != - ] && command -v "$2" >/dev/null 2>&1; then return 0; fi
  case "
$installed
" in
  *"
$1
"*) return 0 ;;
  esac
  return 1
}

# Prints "package why" for what is missing of the purposes "$@".
missing() {
  packages | while read -r purpose package program why; do
    case " $* " in *" $purpose "*) ;; *) continue ;; esac
    is_there "$package" "$program" || printf '%s %s\n' "$package" "$why"
  done
}

# Prints how to become root without a question, or fails.
privilege() {
  if [ "$(id -u)" = 0 ]; then
    echo env
  elif command -v sudo >/dev/null 2>&1 &&
    { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
    echo sudo
  else
    return 1
  fi
}

refuse() { # reason packages...
  reason=$1
  shift
  printf 'bootstrap: %s; install these yourself and run it again:\n' "$reason"
  printf '  apt-get install --no-install-recommends %s\n' "$*"
  exit 2
} >&2

install() { # packages...
  command -v apt-get >/dev/null 2>&1 || refuse 'there is no apt-get here' "$@"
  as_root=$(privilege) || refuse 'neither root nor sudo' "$@"
  # Old package lists name files that the mirror no longer has. A failed update
  # is no reason to stop: the lists or a local cache may still serve.
  $as_root apt-get update -qq ||
    echo 'bootstrap: the package lists could not be refreshed; going on' >&2
  # RUNLEVEL=1 keeps the new PostgreSQL from being started where no systemd
  # runs: the tests start private servers of their own.
  $as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
    apt-get install -y -qq --no-install-recommends \
    -o Dpkg::Use-Pty=0 "$@" </dev/null >&2 ||
    refuse 'apt-get failed (its message is above)' "$@"
}

main() {
  list_only=
  if [ "${1-}" = --list ]; then
    list_only=1
    shift
  fi
  for purpose in "$@"; do
    case $purpose in
    build | example | test) ;;
    *)
      echo "bootstrap: unknown argument '$purpose'; use build, example, test, --list" >&2
      exit 2
      ;;
    esac
  done
  [ $# -gt 0 ] || set -- build example test
  [ "${SCHEMAGEN_BOOTSTRAP-}" != skip ] || exit 0

  read_installed
  lacking=$(missing "$@")
  names=$(printf '%s\n' "$lacking" | sed 's/ .*//' | tr '\n' ' ')
  names=${names% }
  [ -n "$names" ] || exit 0
  if [ -n "$list_only" ]; then
    printf '%s\n' "$names"
    exit 0
  fi
  echo 'bootstrap: missing on this machine:' >&2
  printf '%s\n' "$lacking" | sed 's/^\([^ ]*\) /  \1: /' >&2
  # shellcheck disable=SC2086 # a list of package names
  install $names
  read_installed
  still=$(missing "$@" | sed 's/ .*//' | tr '\n' ' ')
  # shellcheck disable=SC2086
  [ -z "$still" ] || refuse 'still missing after the installation' $still
  echo 'bootstrap: everything is installed' >&2
}

main "$@"
