# Presets: ours configure, build and test by one name each; in a project with
# presets of its own the printed commands and the tool find the folder.
. "$(dirname "$0")/harness.sh"

mkdir tree
(cd "$SOURCE" && tar -c --exclude='./build*' --exclude=.git --exclude=.build .) |
  tar -x -C tree
cd tree
names() { # kind
  "$CMAKE" --list-presets="$1" . | sed -n 's/^  "\([^"]*\)".*/\1/p' | sort
}
expect_equal "build presets" "$(names configure)" "$(names build)"
expect_equal "test presets" "$(names configure)" "$(names test)"
expect_equal "documented presets" "$(names configure)" \
  "$(sed -n '/^## Presets/,/^In a/s/^| `\([^`]*\)`.*/\1/p' cmake/README.md | sort)"
# The tool takes minutes to compile, in each; the runtime does not.
without_tool="-DSCHEMAGEN_BUILD_TOOL=OFF -DSCHEMAGEN_BUILD_TESTS=OFF"
for preset in $(names configure); do
  run "$CMAKE" --preset "$preset" $without_tool
  [ -f "build/$preset/CMakeCache.txt" ] || fail "$preset builds elsewhere"
done
run "$CMAKE" --build --preset release --target schemagen_core
grep -q ' -fsanitize=address,undefined ' build/asan/build.ninja ||
  fail "asan has no sanitizer"
grep -q ' -fsanitize=thread ' build/tsan/build.ninja ||
  fail "tsan has no sanitizer"
grep -q '^CMAKE_CXX_COMPILER:.*clang++-14$' build/llvm14/CMakeCache.txt ||
  fail "llvm14 is compiled by another compiler"
run ctest --preset release -N
cd ..

make_project project <<<"$default_targets"
cat >project/CMakePresets.json <<JSON
{
  "version": 3,
  "configurePresets": [{
    "name": "dev",
    "generator": "Ninja",
    "binaryDir": "\${sourceDir}/build/\${presetName}",
    "cacheVariables": {"CMAKE_PREFIX_PATH": "$PREFIX"}
  }],
  "buildPresets": [{"name": "dev", "configurePreset": "dev"}],
  "testPresets": [{"name": "dev", "configurePreset": "dev"}]
}
JSON
cd project
run "$CMAKE" --preset dev
run_failing "$CMAKE" --build --preset dev
command=$(grep -o "cmake --build .*_schemagen_generate" "$HERE/out.txt" | head -1)
run bash -c "$command"
run "$CMAKE" --build --preset dev
run ctest --preset dev
expect "100% tests passed, 0 tests failed out of 1"
run "$SCHEMAGEN" check # without -p
