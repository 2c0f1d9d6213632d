# README.md tells the truth: its files are compiled, its commands are run, and
# the outputs that it shows are those that come. Blocks are found by the word
# after the language: a file name, or readme-*.
. "$(dirname "$0")/harness.sh"

block() { # second word of the opening fence
  awk -v word="$1" '/^```/ { inside = ($2 == word); next } inside' \
    "$SOURCE/README.md"
}
mkdir -p project/models
cd project
for file in models/user.hpp CMakeLists.txt main.cpp; do
  block $file >$file
  [ -s $file ] || fail "README.md has no block for $file"
done

# The first screen is the same project: its lines occur in the files.
sed -n '1,/^## /p' "$SOURCE/README.md" >first_screen
for line in 'find_package(SchemaGen REQUIRED)' \
  'schemagen_add_entities(app HEADERS models/user.hpp DIALECTS sqlite)' \
  'auto db = schemagen::sqlite::open("app.db");' \
  'schemagen::Migrator migrator{**db, app::migrations()};' \
  'if (auto done = migrator.up(); !done) return fail(done.error());'; do
  grep -qF "$line" first_screen || fail "the first screen lacks: $line"
  grep -qF "$line" CMakeLists.txt main.cpp || fail "no file has: $line"
done
[ "$(sed -n '/^find_package(SchemaGen REQUIRED)/=' "$SOURCE/README.md" |
  head -1)" -le 40 ] || fail "the first screen has grown too long"

export CMAKE_PREFIX_PATH=$PREFIX PATH="$PREFIX/bin:$PATH"
block readme-first >commands
run bash -ex commands
expect "create_users"
ls migrations/*_create_users.up.sql >/dev/null

sed -i 's|^\(.*\)std::string email;|&\n  std::optional<std::string> nickname;|' \
  models/user.hpp
run_failing build build
drift=$(block readme-drift)
grep -qF "$drift" <(sed "s|$HERE/project/||g" "$HERE/out.txt") || {
  cat "$HERE/out.txt"
  fail "the build's error is not the one in README.md: $drift"
}
run build build --target app_schemagen_generate
grep -v -e '^--' -e '^$' migrations/*_nickname.up.sql >up.sql ||
  fail "the migration has another name"
block readme-up | diff - up.sql || fail "README.md shows other SQL"
run build build
run ./build/app
