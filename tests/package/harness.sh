# Sourced by every test here. A test is a bash script with `set -e` semantics;
# the last lines it printed say what was wrong.
#
# From CTest: SOURCE, BUILD (trees of SchemaGen), WORK (scratch), CC, CXX,
# CMAKE. After the `install` test: "$PREFIX" holds the installed package.
set -euo pipefail
export LC_ALL=C CC CXX
unset SCHEMAGEN_SKIP_CHECK NAME DATABASE_URL SOURCE_DATE_EPOCH MAKEFLAGS \
  CMAKE_GENERATOR CMAKE_PREFIX_PATH DESTDIR || true

PREFIX="$WORK/moved prefix"
SCHEMAGEN="$PREFIX/bin/schemagen"
test_name=$(basename "$0" _test.sh)
HERE="$WORK/$test_name"
if [ -d "$HERE" ]; then chmod -R u+w "$HERE"; fi
rm -rf "$HERE"
mkdir -p "$HERE"
cd "$HERE"

fail() {
  echo "FAILED: $*"
  exit 1
}

# Runs a command that has to succeed; its output goes to out.txt and is shown
# when it does not.
run() {
  "$@" >"$HERE/out.txt" 2>&1 || {
    local code=$?
    cat "$HERE/out.txt"
    fail "exit code $code of: $*"
  }
}

# Runs a command that has to fail.
run_failing() {
  if "$@" >"$HERE/out.txt" 2>&1; then
    cat "$HERE/out.txt"
    fail "succeeded, but should not: $*"
  fi
}

# The output of the last command, blanks and line ends folded, because CMake
# wraps its messages.
output() { tr -s ' \n' '  ' <"$HERE/out.txt"; }

expect() { # text that the last output has to contain
  case "$(output)" in
  *"$1"*) ;;
  *)
    cat "$HERE/out.txt"
    fail "the output lacks: $1"
    ;;
  esac
}

expect_not() { # text that the last output may not contain
  case "$(output)" in
  *"$1"*)
    cat "$HERE/out.txt"
    fail "the output has: $1"
    ;;
  esac
}

expect_equal() { # what expected actual
  [ "$2" = "$3" ] || fail "$1: expected '$2', got '$3'"
}

# The files of SchemaGen that match a find expression; builds in the tree are
# left out. Without git, which may refuse a tree of another owner.
sources() { # find expression
  (cd "$SOURCE" && find . \( -name .git -o -name '.build' -o -path './build*' \) \
    -prune -o -type f "$@" -print | sed 's|^\./||' | LC_ALL=C sort)
}

# A project with one entity in `folder`. The end of CMakeLists.txt comes from
# standard input; `default_targets` is the usual one.
make_project() { # folder
  mkdir -p "$1/models"
  cat >"$1/models/user.hpp" <<'CPP'
#pragma once
#include <cstdint>
#include <schemagen/annotations.hpp>
#include <string>

struct SG_TABLE(.name = "users") User {
  std::int64_t id;
  std::string email;
};
CPP
  cat >"$1/main.cpp" <<'CPP'
#include <schemagen/cli.hpp>

#include "embedded_migrations.hpp"
#include "models/user.hpp"

int main(int argc, char** argv) {
  return schemagen::run_cli(argc, argv, app::migrations());
}
CPP
  {
    echo 'cmake_minimum_required(VERSION 3.21)'
    echo 'project(user_project LANGUAGES C CXX)'
    echo 'enable_testing()'
    echo 'find_package(SchemaGen REQUIRED)'
    cat
  } >"$1/CMakeLists.txt"
}

default_targets='add_executable(app main.cpp)
schemagen_add_entities(app HEADERS models/user.hpp)'

# Adds a member to the entity of make_project.
add_member() { # folder declaration
  sed -i "s|^  std::string email;|&\n  $2|" "$1/models/user.hpp"
}

# No warning for project developers may come from the package.
configure() { # source build [cmake arguments]
  local source=$1 build=$2
  shift 2
  "$CMAKE" -Werror=dev -S "$source" -B "$build" -G "${GENERATOR:-Ninja}" \
    -DCMAKE_PREFIX_PATH="$PREFIX" "$@"
}

build() { "$CMAKE" --build "$@"; }

# Configures, writes the first migration and builds: where most tests begin.
prepare() { # source build [cmake arguments]
  run configure "$@"
  NAME=first run build "$2" --target app_schemagen_generate
  run build "$2"
}
