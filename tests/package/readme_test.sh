# README.md tells the truth: its files are compiled, its commands are run in
# their order, and the outputs that it shows are those that come. Every block
# has a word after its language, by which it is found here.
. "$(dirname "$0")/harness.sh"

used=
block() { # second word of the opening fence
  awk -v word="$1" '/^```/ { inside = ($2 == word); next } inside' \
    "$SOURCE/README.md" >"$HERE/block"
  [ -s "$HERE/block" ] || fail "README.md has no block $1"
  used="$used $1"
}
run_block() { # word
  block "$1"
  cp "$HERE/block" "$HERE/commands"
  run bash -ex "$HERE/commands"
}

# "See it run": both scripts are there, and the continuous integration runs
# them. The installation is of a copy, without the tool, which takes minutes.
block run.sh
grep -o '^\./[^ ]*' block | while read -r script; do
  [ -x "$SOURCE/$script" ] || fail "README.md runs $script, which is not there"
done
mkdir tree home shim
(cd "$SOURCE" && tar -c --exclude='./build*' --exclude=.git --exclude=.build .) |
  tar -x -C tree
cat >shim/cmake <<SH
#!/bin/sh
[ "\$1" != -S ] || set -- "\$@" -DSCHEMAGEN_BUILD_TOOL=OFF
exec "$(command -v "$CMAKE")" "\$@"
SH
chmod +x shim/cmake
cd tree
HOME=$HERE/home PATH=$HERE/shim:$PATH run_block readme-install
[ -f "$HERE/home/.local/include/schemagen/migrator.hpp" ] ||
  fail "the installation went elsewhere"

mkdir -p "$HERE/project/models"
cd "$HERE/project"
for file in models/user.hpp CMakeLists.txt main.cpp; do
  block $file
  cp "$HERE/block" $file
done

# The first screen is the same project: its lines occur in the files.
for word in readme-cmake readme-cpp; do
  block $word
  while read -r line; do
    grep -qF "$line" CMakeLists.txt main.cpp || fail "no file has: $line"
  done <"$HERE/block"
done
[ "$(sed -n '/^find_package(SchemaGen REQUIRED)/=' "$SOURCE/README.md" |
  head -1)" -le 40 ] || fail "the first screen has grown too long"

export PATH="$PREFIX/bin:$PATH" # as the last line of the installation has it
run_block readme-first
expect "create_users"
ls migrations/*_create_users.up.sql >/dev/null

# The change of the first screen, its error and its SQL.
block readme-change
sed -n 's/^ //p' "$HERE/block" | while read -r line; do
  grep -qF "$line" models/user.hpp || fail "models/user.hpp lacks: $line"
done
sed -i "s|^.*std::string email;|&\n$(sed -n 's/^+//p' "$HERE/block")|" \
  models/user.hpp
run_failing build build
block readme-drift
grep -qF "$(cat "$HERE/block")" <(sed "s|$HERE/project/||g" "$HERE/out.txt") || {
  cat "$HERE/out.txt"
  fail "the build's error is not the one in README.md: $(cat "$HERE/block")"
}
run build build --target app_schemagen_generate
grep -v -e '^--' -e '^$' migrations/*_nickname.up.sql >"$HERE/up.sql" ||
  fail "the migration has another name"
block readme-up
diff "$HERE/block" "$HERE/up.sql" || fail "README.md shows other SQL"
run build build
run ./build/app

# Every day: each command where the build before it is red.
sed -i 's/ nickname;/ alias;/' models/user.hpp
run_failing build build --target app_schemagen_generate
expect "--rename users.nickname=alias"
run_block readme-rename
sed -i '/ alias;/d' models/user.hpp
run_failing build build --target app_schemagen_generate
expect "--drop users.alias"
run_block readme-drop
sed -i 's|^\(.*\)std::string email;|&\n  bool active = true;|' models/user.hpp
run "$SCHEMAGEN" generate -p build
sed -i 's|bool active = true;|&\n  int logins = 0;|' models/user.hpp
block readme-amend
sed 's/^schemagen diff.*/! &/' "$HERE/block" >"$HERE/commands"
run bash -ex "$HERE/commands"
expect "logins"
run build build
run_block readme-by-hand
run_block readme-ci
expect "100% tests passed"

# CI: the commands of both files, and the hook, before and after a change.
commands_of() { # word, start of a line that is a command
  block "$1"
  sed -n "s/^ *- $2//p" "$HERE/block" >"$HERE/commands"
  [ "$(wc -l <"$HERE/commands")" = 3 ] || fail "$1 has other commands"
}
block .git/hooks/pre-commit
cp "$HERE/block" hook
run sh ./hook
commands_of .github/workflows/schema.yml 'run: '
run bash -ex "$HERE/commands"
commands_of .gitlab-ci.yml '\(cmake\|schemagen\)'
sed -n 's/^ *- \(cmake\|schemagen\)/\1/p' "$HERE/block" >"$HERE/commands"
run bash -ex "$HERE/commands"
sed -i 's|bool active = true;|&\n  int age = 0;|' models/user.hpp
run_failing sh ./hook
expect "column users.age of User is new"
run_failing bash -ex "$HERE/commands"
commands_of .github/workflows/schema.yml 'run: '
run_failing bash -ex "$HERE/commands"
expect "::error file=$HERE/project/models/user.hpp,line=11,col=7,title=drift::column users.age of User is new"
run "$SCHEMAGEN" generate -p build
run build build

run_block readme-deploy

# Two branches, with the same names as in README.md.
export HOME=$HERE GIT_CONFIG_NOSYSTEM=1
printf '[user]\n\tname = test\n\temail = test@localhost\n' >"$HERE/.gitconfig"
printf 'build/\n*.db\n' >.gitignore
{
  git init -q && git add -A && git commit -qm base
  git checkout -qb theirs
  sed -i 's|std::int64_t id;|&\n  int theirs = 0;|' models/user.hpp
  schemagen generate -p build && git add -A && git commit -qm theirs
  git checkout -qb mine HEAD~
  sed -i 's|int age = 0;|&\n  int mine = 0;|' models/user.hpp
  schemagen generate -p build && git add -A && git commit -qm mine
} >"$HERE/out.txt" 2>&1 || { cat "$HERE/out.txt"; fail "no two branches"; }
block readme-branches
run bash -x "$HERE/block"
expect_equal "what git sees" "" "$(git status --porcelain)"
run "$SCHEMAGEN" verify -p build
run build build

# A database from before SchemaGen.
sqlite3 old.db 'CREATE TABLE "users" ("id" INTEGER NOT NULL PRIMARY KEY, "email" TEXT NOT NULL);
  CREATE UNIQUE INDEX "users_email_key" ON "users" ("email");'
run_block readme-baseline
run ./build/app migrate verify --url sqlite:old.db

for word in $(awk '/^```/ && !open { print ($2 == "" ? "unnamed" : $2) }
                   /^```/ { open = !open }' "$SOURCE/README.md"); do
  case " $used " in
  *" $word "*) ;;
  *) fail "the block $word of README.md is shown, but not tried" ;;
  esac
done
