# The scanner's one source compiles with the oldest Clang that is supported, and
# every scan test passes with it. The build is kept and is incremental.
. "$(dirname "$0")/harness.sh"

run "$CMAKE" -S "$SOURCE" -B "$BUILD/llvm14" -G Ninja \
  -DCMAKE_BUILD_TYPE=Debug -DSCHEMAGEN_BUILD_TESTS=ON \
  -DSCHEMAGEN_LLVM_VERSION=14
run "$CMAKE" --build "$BUILD/llvm14" --target scan_test
run "$BUILD/llvm14/tests/unit/scan_test"
expect '[ PASSED ]'
