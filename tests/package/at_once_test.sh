# Commands that are killed at any of their calls, with a server of their own
# behind them too, or meet on one SCHEMA_DIR.
. "$(dirname "$0")/harness.sh"

run "$CC" -shared -fPIC -o file_calls.so "$SOURCE/tests/package/file_calls.c" -ldl
for test in killed_commands private_server scratch_databases races; do
  run python3 -B "$SOURCE/tests/package/${test}_test.py" "$SCHEMAGEN" "$SOURCE" \
    "$HERE/$test" "$HERE/file_calls.so"
done
