# Whatever is refused leaves every file as it was; of several commands at once
# on one folder one wins, and the others say why they did nothing.
. "$(dirname "$0")/harness.sh"

make_project project <<<"$default_targets"
prepare project build
add_member project 'std::string nick = "none";'
run "$SCHEMAGEN" generate add_nick -p build
folder=project/migrations
state() { find project -type f -exec sha256sum {} + | LC_ALL=C sort -k2; }

refuses() { # exit code, text, command...
  local code=$1 text=$2 got=0
  shift 2
  state >before.txt
  "$SCHEMAGEN" "$@" -p build >out.txt 2>&1 || got=$?
  expect "$text"
  expect_equal "exit code of $*" "$code" "$got"
  state | diff before.txt - >out.txt || {
    cat out.txt
    fail "refused, but changed the tree: $*"
  }
}
cp project/models/user.hpp user.hpp
restore() { cp user.hpp project/models/user.hpp; }

refuses 2 '[unknown-drop]' generate --drop users.nothing
sed -i '/nick/d' project/models/user.hpp
refuses 1 '[drift]' check
refuses 1 '[drift]' verify
refuses 2 '[unexplained-removal]' generate
refuses 2 '[unknown-rename]' generate --amend --rename users.email=mail
refuses 2 '[bad-time]' generate --drop users.nick --now 20261301000000
refuses 2 '[bad-name]' generate '???' --drop users.nick
refuses 2 '[usage]' generat
restore
sed -i 's/std::string nick/std::strnig nick/' project/models/user.hpp
refuses 2 'user.hpp:9:' generate
restore

script=$(echo $folder/*_add_nick.up.sql)
cp "$script" script.sql
echo 'CREATE TABLE smuggled (id INTEGER);' >>"$script"
refuses 1 '[edited-migration]' check
refuses 2 '[edited-migration]' generate again
refuses 1 '[replay-differs]' accept
echo 'CREATE TABEL wrong (id INTEGER);' >>"$script"
refuses 1 '[invalid-sql]' accept
cp script.sql "$script"
mv "$script" hidden.sql
refuses 2 '[missing-script]' generate again
mv hidden.sql "$script"
cp $folder/schema.snapshot.json snapshot.json
printf '<<<<<<< HEAD\n=======\n>>>>>>> theirs\n' >>$folder/schema.snapshot.json
refuses 2 '[' accept
refuses 2 '[' generate again
run "$SCHEMAGEN" rebase -p build # nothing is mine: only the markers go
cmp snapshot.json $folder/schema.snapshot.json || fail "rebase wrote another"
run "$SCHEMAGEN" check -p build

# A command at work holds the folder, as flock(1) does here.
add_member project 'int age = 0;'
touch held
flock --exclusive $folder sh -c 'touch holding; while [ -e held ]; do sleep 0.1; done' &
until [ -e holding ]; do sleep 0.1; done
for command in 'generate add_age' 'new add_view' accept rebase; do
  refuses 2 '[folder-busy]' $command
done
rm held
wait

for one in 1 2 3 4; do
  "$SCHEMAGEN" generate add_age -p build >"out.$one" 2>&1 &
done
wait
expect_equal "winners" 1 "$(grep -l '^wrote' out.[1-4] | wc -l)"
for one in out.[1-4]; do
  grep -qE '^wrote|folder-busy|nothing to do' "$one" || { cat "$one"; fail "$one"; }
done
expect_equal "migrations" 1 "$(ls $folder/*_add_age.up.sql | wc -l)"

# Two build folders of one source tree, built at once.
run configure project other
build build >out.1 2>&1 & first=$!
build other >out.2 2>&1 & second=$!
wait $first || { cat out.1; fail "the first of two builds at once"; }
wait $second || { cat out.2; fail "the second of two builds at once"; }
