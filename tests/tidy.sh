#!/usr/bin/env bash
# clang-tidy by the rules of .clang-tidy; any finding fails. Minutes for the whole
# tree, so it is no part of ctest: give what you changed.
#
#   tests/tidy.sh BUILD_DIR [FILE or FOLDER]...     default: generator runtime
#
# BUILD_DIR was configured with -DCMAKE_EXPORT_COMPILE_COMMANDS=ON, as the
# presets do.
set -euo pipefail
[ -f "${1-}/compile_commands.json" ] || {
  echo "tidy: '${1-}' has no compile_commands.json; configure it with" \
    "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON" >&2
  exit 2
}
build=$(cd "$1" && pwd)
shift
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- generator runtime
find "$@" -name '*.cpp' | LC_ALL=C sort |
  xargs -n 1 -P "$(nproc)" clang-tidy-14 --quiet -p "$build" 2>/dev/null
