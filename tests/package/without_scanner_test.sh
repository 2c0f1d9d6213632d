# SchemaGen configures without LLVM; the model builds there and passes its
# tests; and the fuzzer, a part of that build, runs for some seconds. By Clang 14,
# which has libFuzzer in Debian. The build is kept and is incremental.
. "$(dirname "$0")/harness.sh"

run "$CMAKE" -S "$SOURCE" -B "$BUILD/without_scanner" -G Ninja \
  -DCMAKE_BUILD_TYPE=Debug -DSCHEMAGEN_BUILD_TESTS=ON -DSCHEMAGEN_FUZZ=ON \
  -DSCHEMAGEN_SCANNER=OFF -DCMAKE_CXX_COMPILER=clang++-14 \
  -DCMAKE_C_COMPILER=clang-14
if grep -q libclang "$BUILD/without_scanner/build.ninja"; then
  fail "a build without the scanner links Clang"
fi
run "$CMAKE" --build "$BUILD/without_scanner" \
  --target lower_test snapshot_test snapshot_fuzz
for name in lower_test snapshot_test; do
  run "$BUILD/without_scanner/tests/unit/$name"
  expect '[ PASSED ]'
done
run "$BUILD/without_scanner/tests/property/snapshot_fuzz" \
  -max_total_time=5 -seed=1 -max_len=4096 -artifact_prefix="$HERE/"
expect 'Done '
