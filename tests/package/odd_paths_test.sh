# Spaces, brackets, plus and letters beyond ASCII in the paths of project,
# headers and build folder; a symlinked source folder; a build in the source.
# (CMake 3.25 writes hash, dollar and quote wrongly into depfiles for Ninja: such
# a project builds, but is checked in every build. They are not here.)
. "$(dirname "$0")/harness.sh"

odd="an (odd) + [path] é"
built="build (odd) + [path] é"
make_project "$odd" <<'CMAKE'
add_executable(app main.cpp)
schemagen_add_entities(app HEADERS "models/the user.hpp" SCHEMA_DIR "the schema")
CMAKE
mv "$odd/models/user.hpp" "$odd/models/the user.hpp"
sed -i 's|models/user.hpp|models/the user.hpp|' "$odd/main.cpp"
prepare "$odd" "$built"
run build "$built"
expect "ninja: no work to do."
sleep 1.1
touch "$odd/models/the user.hpp"
run build "$built"
expect "Checking the schema of app"
run build "$built"
expect "ninja: no work to do."
run "./$built/app" up --url "sqlite:$HERE/app.db"

sed -i "s|  std::string email;|&\n  bool active = true;|" "$odd/models/the user.hpp"
run_failing build "$built"
expect "$HERE/$odd/models/the user.hpp:9:8: error: "
# The printed command can be pasted into a shell as it is.
command=$(grep -o "cmake --build .*_schemagen_generate" out.txt | head -1)
run bash -c "$command"
run build "$built"

ln -s "$odd" link
run configure link "link build"
run build "link build"
# In-source, as some still do.
mv "$odd" "in source"
run configure "in source" "in source"
run build "in source"
run build "in source"
expect "ninja: no work to do."
