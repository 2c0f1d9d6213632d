# Every C++ source is as clang-format leaves it.
. "$(dirname "$0")/harness.sh"
cd "$SOURCE"
sources \( -name '*.hpp' -o -name '*.cpp' \) | grep -v '^tests/cases/.*/' |
  xargs clang-format-14 --dry-run -Werror || fail "run clang-format-14 -i on these"
