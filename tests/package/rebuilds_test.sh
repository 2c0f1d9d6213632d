# An edit runs the check once and nothing twice; what the tool left unchanged is
# not compiled again; `clean` and a read-only tree are respected; the generated
# bytes do not tell where and when they were made.
. "$(dirname "$0")/harness.sh"

make_project project <<<"$default_targets"
# A program in front of the tool can be changed without the other tests' seeing.
printf '#!/bin/sh\nexec "%s" "$@"\n' "$SCHEMAGEN" >tool
chmod +x tool
echo '#pragma once' >project/models/base.hpp
sed -i 's|#pragma once|&\n#include "base.hpp"|' project/models/user.hpp
prepare project build -DSchemaGen_EXECUTABLE="$HERE/tool"

nothing_to_do() {
  run build build
  expect "ninja: no work to do."
}
# After an edit: one check, and `compiled` objects; then silence.
checks_once() { # compiled
  run build build
  expect "Checking the schema of app"
  expect_equal "compiled after $what" "$1" \
    "$(grep -c 'Building CXX' "$HERE/out.txt" || true)"
  nothing_to_do
}
nothing_to_do

sleep 1.1
what="a touched transitive header"
touch project/models/base.hpp
checks_once 1 # main.cpp includes it

what="a touched snapshot"
touch project/migrations/schema.snapshot.json
checks_once 0

what="a touched script"
touch project/migrations/*_first.up.sql
checks_once 0

what="another tool"
touch tool
checks_once 0

what="a definition that no entity reads"
echo 'target_compile_definitions(app PRIVATE COLOUR=1)' >>project/CMakeLists.txt
checks_once 2 # with the flags of both sources

what="an unrelated source"
touch project/main.cpp
run build build
expect_not "Checking the schema"
nothing_to_do

# A script that nobody recorded is noticed without a new configuration.
cp project/migrations/*_first.up.sql project/migrations/20990101000000_new.up.sql
run_failing build build
expect "20990101000000_new"
rm project/migrations/20990101000000_new.up.sql
run build build

find project -type f | sort | xargs sha256sum >before.txt
run build build --target clean
find project -type f | sort | xargs sha256sum >after.txt
cmp before.txt after.txt || fail "clean changed the source tree"

chmod -R a-w project
run build build
run configure project "read only build"
run build "read only build"
chmod -R u+w project
# The same bytes from other folders, in another time zone and another language.
cp -r project elsewhere
run configure elsewhere "build elsewhere"
TZ=Asia/Tokyo LC_ALL=C.UTF-8 SOURCE_DATE_EPOCH=1 run build "build elsewhere"
for other in "read only build" "build elsewhere"; do
  diff -r build/schemagen/app/include "$other/schemagen/app/include" ||
    fail "two build folders give different bytes"
done
