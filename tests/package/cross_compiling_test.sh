# When cross compiling the installed program is of the wrong machine: a host
# program is asked for by name and used. (The "cross" compiler is this
# machine's own, so the result can be run.)
. "$(dirname "$0")/harness.sh"

make_project project <<<"$default_targets"
cat >toolchain.cmake <<CMAKE
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR $(uname -m))
set(CMAKE_C_COMPILER "$CC")
set(CMAKE_CXX_COMPILER "$CXX")
CMAKE
cross="-DCMAKE_TOOLCHAIN_FILE=$HERE/toolchain.cmake"
host=${SCHEMAGEN%/*}
PATH=$(printf '%s' "$PATH" | tr ':' '\n' | grep -vx "$host" | paste -sd:)

run_failing configure project build "$cross" \
  -DCMAKE_PROGRAM_PATH=/nowhere
expect "a program of this machine is needed to cross compile; name it with -DSchemaGen_EXECUTABLE=<path>"
rm -rf build
run_failing configure project build "$cross" \
  -DSchemaGen_EXECUTABLE="$HERE/nothing"
expect "SchemaGen_EXECUTABLE is \"$HERE/nothing\", which does not run here; name a schemagen program of this machine"
rm -rf build
prepare project build "$cross" -DSchemaGen_EXECUTABLE="$SCHEMAGEN"
run ./build/app up --url "sqlite:$HERE/app.db"

printf '#!/bin/sh\necho schemagen 99.1.2\n' >other
chmod +x other
run configure project build2 -DSchemaGen_EXECUTABLE="$HERE/other"
expect 'SchemaGen_EXECUTABLE is version "99.1.2", but the package is'
