#!/bin/sh
# Builds everything and runs every test, PostgreSQL included, on a machine that
# has nothing yet. A second run is incremental. Arguments go to ctest
# (`tests/run.sh -R migrator`). SCHEMAGEN_BUILD_DIR moves the build folder.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
build=${SCHEMAGEN_BUILD_DIR:-$root/build/tests}
jobs=$(nproc)

"$root/cmake/bootstrap.sh"

# The first configuration decides; later runs keep what the user changed.
if [ ! -f "$build/build.ninja" ]; then
  cmake -S "$root" -B "$build" -G Ninja \
    -DCMAKE_BUILD_TYPE=Debug -DSCHEMAGEN_BUILD_TESTS=ON \
    -DSCHEMAGEN_LLVM_VERSION="${SCHEMAGEN_LLVM_VERSION:-19}"
fi
cmake --build "$build" --parallel "$jobs"
cd "$build"
exec ctest --output-on-failure --parallel "$jobs" "$@"
