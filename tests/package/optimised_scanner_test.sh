# What users install is optimised, and the one Clang source has flags of its own
# there: it compiles without a warning. The build is kept and is incremental.
. "$(dirname "$0")/harness.sh"

run "$CMAKE" -S "$SOURCE" -B "$BUILD/optimised" -G Ninja \
  -DCMAKE_BUILD_TYPE=Release -DSCHEMAGEN_BUILD_TESTS=OFF \
  -DCMAKE_CXX_COMPILER="$CXX" -DSCHEMAGEN_LLVM_VERSION="$LLVM"
run "$CMAKE" --build "$BUILD/optimised" \
  --target generator/scan/CMakeFiles/schemagen_scan.dir/clang_scan.cpp.o
