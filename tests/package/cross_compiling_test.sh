# When cross compiling the installed program is of the wrong machine: a host
# program is asked for by name and used. (The "cross" compiler is this
# machine's own, so the result can be run.) The scan is one for the target: its
# triple and its sysroot.
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
run_failing configure project build "$cross" -DSchemaGen_EXECUTABLE=/bin/true
expect 'SchemaGen_EXECUTABLE is "/bin/true", which is no schemagen program'
rm -rf build
PATH=$host:$PATH run configure project build "$cross" # found there
run "$CMAKE" -LA -N build
expect "SchemaGen_EXECUTABLE:FILEPATH=$SCHEMAGEN"
rm -rf build
prepare project build "$cross" -DSchemaGen_EXECUTABLE="$SCHEMAGEN"
run ./build/app up --url "sqlite:$HERE/app.db"

printf '#!/bin/sh\necho schemagen 99.1.2\n' >other
chmod +x other
run configure project build2 -DSchemaGen_EXECUTABLE="$HERE/other"
expect 'SchemaGen_EXECUTABLE is version "99.1.2", but the package is'

# A machine that is not this one; only the scan is tried.
machine=aarch64
[ "$(uname -m)" != aarch64 ] || machine=x86_64
mkdir -p sysroot/usr/include sysroot/usr/lib sysroot/usr/local/include
echo '#define SQLITE_VERSION "3.40.0"' >sysroot/usr/include/sqlite3.h
touch sysroot/usr/lib/libsqlite3.so
echo '#define BOARD 1' >sysroot/usr/local/include/board.h
cat >other.cmake <<CMAKE
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR $machine)
set(CMAKE_C_COMPILER clang-14)
set(CMAKE_CXX_COMPILER clang++-14)
set(CMAKE_C_COMPILER_TARGET $machine-linux-gnu)
set(CMAKE_CXX_COMPILER_TARGET $machine-linux-gnu)
set(CMAKE_SYSROOT "$HERE/sysroot")
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
CMAKE
cat >project/models/user.hpp <<CPP
#include <board.h>
#include <schemagen/annotations.hpp>
struct SG_TABLE() User {
  long id;
#ifdef __${machine}__
  int of_its_machine;
#endif
};
CPP
rm -r project/migrations
run configure project other_build -DCMAKE_TOOLCHAIN_FILE="$HERE/other.cmake" \
  -DSchemaGen_EXECUTABLE="$SCHEMAGEN"
run build other_build --target app_schemagen_generate
grep -q '"of_its_machine"' project/migrations/*.up.sql ||
  fail "the scan was for this machine"
