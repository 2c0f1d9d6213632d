#!/bin/bash
# annotations.hpp is silent in every build, and refuses to be switched on in one.
# usage: annotations_test.sh INCLUDE_DIR COMPILER...
set -euo pipefail
include=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat > "$work/all.cpp" <<'CPP'
#include <schemagen/annotations.hpp>
struct SG_TABLE(.name = "a", .strict = true) SG_INDEX(.columns = {"id", "b"})
    SG_UNIQUE(.columns = {"b"}) SG_PRIMARY_KEY(.columns = {"id"})
    SG_CHECK(.sql = "id > 0") SG_FOREIGN_KEY(.columns = {"id"}) Entity {
  SG_COLUMN(.primary_key = true, .on_delete = SG_CASCADE) int id;
  SG_EMBED(.prefix = "b_") int b;
  SG_IGNORE int c;
  int d SG_COLUMN();
};
enum class SG_ENUM(.storage = SG_TEXT) Role { a SG_VALUE(.name = "x"), b };
SG_MAP_TYPE(Entity, .sql_type = "x")
CPP

fail() { echo "$*" >&2; exit 1; }

for compiler in "$@" g++ clang++; do
  command -v "$compiler" > "$work/found" || continue
  for standard in 11 14 17 20; do
    "$compiler" -std=c++$standard -Wall -Wextra -Wpedantic -Wconversion \
      -Wshadow -Werror -I "$include" -c "$work/all.cpp" -o "$work/all.o" ||
      fail "$compiler -std=c++$standard has something to say"
  done
  for define in SCHEMAGEN_IDE SCHEMAGEN_SCAN; do
    if "$compiler" -std=c++20 -D$define -I "$include" -c "$work/all.cpp" \
        -o "$work/all.o" 2> "$work/errors"; then
      fail "$compiler builds with $define"
    fi
    grep -q 'SCHEMAGEN_IDE and SCHEMAGEN_SCAN are for clangd and schemagen' \
      "$work/errors" || fail "$compiler does not say why: $(cat "$work/errors")"
  done
done
echo "silent, and refused where it must be"
