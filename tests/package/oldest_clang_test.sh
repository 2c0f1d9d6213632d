# The scanner's one source compiles with the oldest Clang that is supported,
# every scan test passes with it, and it finds in the headers of all cases what
# the Clang of this build finds. The build is kept and is incremental.
. "$(dirname "$0")/harness.sh"

run "$CMAKE" -S "$SOURCE" -B "$BUILD/llvm14" -G Ninja \
  -DCMAKE_BUILD_TYPE=Debug -DSCHEMAGEN_BUILD_TESTS=ON \
  -DSCHEMAGEN_LLVM_VERSION=14
run "$CMAKE" --build "$BUILD/llvm14" --target scan_test scan_cases
run "$CMAKE" --build "$BUILD" --target scan_cases
scan_cases() {
  "$1/tests/cases/scan_cases" "$SOURCE/tests/cases/plan" \
    "$SOURCE/generator/README.md" "$SOURCE/tests/cases/whole"
}
scan_cases "$BUILD" >now.txt &
scan_cases "$BUILD/llvm14" >oldest.txt
wait $!
run diff now.txt oldest.txt
[ "$(grep -c '^== ' now.txt)" -ge 130 ] || fail "the cases were not found"
run_failing grep -n ': error: ' now.txt
run "$BUILD/llvm14/tests/unit/scan_test"
expect '[ PASSED ]'
