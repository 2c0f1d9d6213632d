#!/usr/bin/env bash
# Builds SchemaGen, installs it into a prefix inside this folder, builds the
# workshop against the installed package, migrates its database and shows what
# happened. A second run builds only what changed. In a copy of this folder
# elsewhere, the package is the one that find_package finds.
#
#   ./example_project/run.sh                        SQLite, workshop.db
#   DATABASE_URL=postgresql://... ./example_project/run.sh
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
work=$here/.build

if [ -f "$root/cmake/SchemaGen.cmake" ]; then
  "$root/cmake/bootstrap.sh" build example
  # The tool and the runtime, into a prefix as a package manager would.
  cmake -S "$root" -B "$work/schemagen" -G Ninja -DCMAKE_BUILD_TYPE=Release \
        -DSCHEMAGEN_BUILD_TESTS=OFF -DCMAKE_INSTALL_PREFIX="$work/prefix"
  cmake --build "$work/schemagen"
  cmake --install "$work/schemagen" >/dev/null
  export CMAKE_PREFIX_PATH=$work/prefix${CMAKE_PREFIX_PATH:+:$CMAKE_PREFIX_PATH}
fi

# The application, as any project that has the package.
cmake -S "$here" -B "$work/workshop" -G Ninja -DCMAKE_BUILD_TYPE=Release
cmake --build "$work/workshop"

cd "$work"
app=$work/workshop/workshop
echo; echo "== before: what is to be done"
"$app" migrate pending
echo; echo "== the application starts, migrates and takes a bicycle in"
"$app" receive 'Ada Lovelace' ada@example.org BTX-1815 'rear brake rubs'
echo; echo "== after: the database knows its history"
"$app" migrate status
