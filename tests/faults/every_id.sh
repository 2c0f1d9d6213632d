#!/usr/bin/env bash
# Every known fault of SQLite (S), PostgreSQL (P) and of locks and histories (L)
# has a test named after it: TEST(Room, L01_S32_what_is_claimed).
# Usage: every_id.sh TESTS_DIR
set -euo pipefail
names=$(grep -rhoE '^(TEST(_[FP])?\([A-Za-z]+,)? *([LSP][0-9]{2}_)+[a-z0-9_]+' \
  --include='*.cpp' "$1")
missing=
for range in S39 P29 L23; do
  for number in $(seq -w 1 "${range:1}"); do
    id=${range:0:1}$number
    grep -qE "[ ,_]${id}_|^${id}_" <<< "$names" || missing+=" $id"
  done
done
[ -z "$missing" ] || { echo "error: no test is named after$missing; write one"; exit 1; }
