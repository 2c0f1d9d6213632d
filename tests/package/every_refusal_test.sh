# Every error id that a command can give is given once, and no file is touched.
. "$(dirname "$0")/harness.sh"

run python3 -B "$SOURCE/tests/package/every_refusal_test.py" "$SCHEMAGEN" \
  "$SOURCE" "$HERE/states"
expect "no file was touched"
