# Ninja Multi-Config: each configuration has flags and outputs of its own, and
# all are held against one snapshot.
. "$(dirname "$0")/harness.sh"

make_project project <<'CMAKE'
add_executable(app main.cpp)
schemagen_add_entities(app HEADERS models/user.hpp)
CMAKE
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
expect "users.age"
