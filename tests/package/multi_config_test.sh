# Ninja Multi-Config: each configuration has flags and outputs of its own, and
# all are held against one snapshot.
. "$(dirname "$0")/harness.sh"

make_project project <<'CMAKE'
add_executable(app main.cpp)
schemagen_add_entities(app HEADERS models/user.hpp)
target_precompile_headers(app PRIVATE <cstdint> <string>)
CMAKE
sed -i '/#include </{/schemagen/!d}' project/models/user.hpp
GENERATOR="Ninja Multi-Config"
run configure project build
run build build --config Debug --target app_schemagen_generate
run build build --config Debug
run build build --config Release
run ./build/Release/app up --url "sqlite:$HERE/app.db"
run build build --config Debug
expect "ninja: no work to do."
run build build --config Release
expect "ninja: no work to do."

# A model that differs between the configurations cannot be right in both.
add_member project '#ifdef NDEBUG\n  int age = 0;\n#endif'
run build build --config Debug
run_failing build build --config Release
expect "$HERE/project/models/user.hpp:8:7: error: the entities of Release differ here from those of Debug, and one snapshot serves both; declare the same in every configuration [configurations-differ]"

# The same by a definition that only one configuration has, which reaches no
# more than an annotation.
cp -r project defined
sed -i '/NDEBUG/,/#endif/d
        s/^  std::string email/  SG_COLUMN(.max_length = LETTERS) std::string email/' \
  defined/models/user.hpp
rm -r defined/migrations
echo 'target_compile_definitions(app PRIVATE LETTERS=$<IF:$<CONFIG:Release>,320,64>)' \
  >>defined/CMakeLists.txt
run configure defined "defined build"
run build "defined build" --config Debug --target app_schemagen_generate
grep -q '<= 64' defined/migrations/*.up.sql || fail "LETTERS of Debug was not seen"
run build "defined build" --config Debug
run_failing build "defined build" --config Release
expect "$HERE/defined/models/user.hpp:6:48: error: the entities of Release differ here from those of Debug, and one snapshot serves both; declare the same in every configuration [configurations-differ]"
sed -i 's/,320,64>/,64,64>/' defined/CMakeLists.txt
run build "defined build" --config Release
run build "defined build" --config Debug

# What both lack is told with a command for the configuration at hand.
sed -i '/NDEBUG/d; /#endif/d' project/models/user.hpp
run_failing build build --config Release
command=$(grep -o "cmake --build .*_schemagen_generate --config Release" out.txt | head -1)
run bash -c "$command"
run build build --config Release
run build build --config Debug

# All configurations at once write one migration, one after the other. CMake 3.25
# dies of these variables.
case $("$CMAKE" --version) in *"version 3.2"[0-7].*) exit ;; esac
add_member project 'int last = 0;'
run configure project "all build" -DCMAKE_DEFAULT_BUILD_TYPE=Debug \
  -DCMAKE_CROSS_CONFIGS=all -DCMAKE_DEFAULT_CONFIGS=all
run ninja -C "all build" app_schemagen_generate
run build "all build"
