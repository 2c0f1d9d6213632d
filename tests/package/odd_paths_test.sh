# Spaces, brackets, plus and letters beyond ASCII in the paths of project,
# headers and build folder, and what depfiles have no spelling for in the former
# two; a symlinked source folder; a build in the source.
. "$(dirname "$0")/harness.sh"

odd="an (odd) + [path] é #1 \$HOME"
built="build (odd) + [path] é"
schema="the schema & more"
# CMake 3.31 and later quote the & in the name of an object file, of which Ninja
# then knows no file: every build compiles it again, without SchemaGen as well.
case $("$CMAKE" --version) in
*"version 3.3"[1-9]* | *"version 4."*) schema="the schema and more" ;;
esac
make_project "$odd" <<CMAKE
add_executable(app main.cpp)
schemagen_add_entities(app HEADERS "models/the #1 user.hpp" SCHEMA_DIR "$schema")
CMAKE
mv "$odd/models/user.hpp" "$odd/models/the #1 user.hpp"
sed -i 's|models/user.hpp|models/the #1 user.hpp|' "$odd/main.cpp"
prepare "$odd" "$built"
run build "$built"
expect "ninja: no work to do."
sleep 1.1
touch "$odd/models/the #1 user.hpp"
run build "$built"
expect "Checking the schema of app"
run build "$built"
expect "ninja: no work to do."
touch "$odd/$schema/schema.snapshot.json"
run build "$built"
expect "Checking the schema of app"
run build "$built"
expect "ninja: no work to do."
run "./$built/app" up --url "sqlite:$HERE/app.db"

sed -i "s|  std::string email;|&\n  bool active = true;|" "$odd/models/the #1 user.hpp"
run_failing build "$built"
expect "$HERE/$odd/models/the #1 user.hpp:9:8: error: "
# The printed command can be pasted into a shell as it is.
command=$(grep -o "cmake --build .*_schemagen_generate" out.txt | head -1)
run bash -c "$command"
run build "$built"

# A code migration is found there, too.
run "$SCHEMAGEN" new upper_emails --code -p "$built"
run "$SCHEMAGEN" accept -p "$built"
run build "$built"
run "./$built/app" up --url "sqlite:$HERE/app.db"
expect "upper_emails"

ln -s "$odd" link
run configure link "link build"
run build "link build"
# In-source, as some still do.
mv "$odd" "in source"
run configure "in source" "in source"
run build "in source"
run build "in source"
expect "ninja: no work to do."

# What CMake cannot carry is told before it stumbles.
mv "in source" "semi;colon"
run_failing configure "semi;colon" build
expect "schemagen_add_entities(app): the folder \"$HERE/semi;colon\" has a semicolon, which ends a path in CMake's lists; rename it"
mv "semi;colon" 'quo"te'
run_failing configure 'quo"te' "quote build"
expect "schemagen_add_entities(app): the folder \"$HERE/quo\"te\" has a quotation mark, which no #include can name; rename it"
mv 'quo"te' project
run_failing configure project "build #1"
expect "schemagen_add_entities(app): the build folder \"$HERE/build #1\" has a #, which CMake allows in no output of a rule; build in another folder"
