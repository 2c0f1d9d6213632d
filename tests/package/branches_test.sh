# Two branches of a git repository that both add migrations: the merge conflicts
# in the snapshot, by construction; the build says so; one command puts mine on
# top; what comes out is verified. By merge, by git rebase, by cherry-pick, with
# an edit by hand, and after a merge that nobody saw fail.
. "$(dirname "$0")/harness.sh"

make_project project <<<"$default_targets"
prepare project build
export HOME=$HERE GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=$HERE/gitconfig
git config --global user.email test@localhost
git config --global user.name test
git config --global init.defaultBranch trunk
git config --global advice.detachedHead false
cd project
git init -q
commit() { run git add -A && run git commit -q -m "$1"; }
commit first
generate() { run "$SCHEMAGEN" generate "$@" -p ../build; }
clean_tree() { expect_equal "what git sees" "" "$(git status --porcelain)"; }

run git checkout -q -b theirs
add_member . 'int age = 0;'
generate add_age
commit theirs
run git checkout -q trunk
run git checkout -q -b mine
sed -i 's|^  std::int64_t id;|&\n  std::string nick = "none";|' models/user.hpp
generate add_nick --now 20990101000000
mine=$(echo migrations/*_add_nick.up.sql)
commit mine
mine_alone=$(git rev-parse HEAD)

# By merge: the headers merge by themselves, the snapshot cannot.
run_failing git merge theirs
expect "CONFLICT (content): Merge conflict in migrations/schema.snapshot.json"
expect_equal "conflicts" migrations/schema.snapshot.json \
  "$(git diff --name-only --diff-filter=U)"
run_failing build ../build
expect "migrations/schema.snapshot.json:"
expect "schemagen rebase"
before=$(git status --porcelain && sha256sum migrations/*)
run_failing "$SCHEMAGEN" generate -p ../build
run_failing "$SCHEMAGEN" accept -p ../build
expect_equal "the tree after refusals" "$before" \
  "$(git status --porcelain && sha256sum migrations/*)"
run "$SCHEMAGEN" rebase -p ../build
expect "kept the scripts, which still lead to the model"
expect 'mine are those of "ours", which is HEAD; those of "theirs" stay'
run "$SCHEMAGEN" verify -p ../build
run build ../build
run ../build/app up --url "sqlite:$HERE/merged.db"
expect_equal "the order" "first add_age add_nick" "$(sqlite3 "$HERE/merged.db" \
  'SELECT name FROM schemagen_migrations ORDER BY id' | paste -sd' ')"
run "$SCHEMAGEN" rebase -p ../build
expect "nothing to do"
commit merged

# By git rebase, where "ours" and "theirs" have changed sides; my script has an
# edit by hand, which stays.
run git checkout -q -B mine "$(git rev-parse 'mine~1')"
echo "UPDATE users SET nick = email;" >>"$mine"
run "$SCHEMAGEN" accept -p ../build
commit "fill nick"
run_failing git rebase theirs # once for each commit of mine
until [ -z "$(git diff --name-only --diff-filter=U)" ]; do
  run "$SCHEMAGEN" rebase -p ../build
  expect "the scripts, which still lead to the "
  run git add -A
  GIT_EDITOR=true git rebase --continue >"$HERE/out.txt" 2>&1 || true
done
clean_tree
expect_equal "my scripts" 1 "$(ls migrations/*_add_nick.up.sql | wc -l)"
grep -q "UPDATE users" migrations/*_add_nick.up.sql || fail "the edit is lost"
run "$SCHEMAGEN" verify -p ../build

# By cherry-pick: what is picked goes on top, what the branch has stays.
run git checkout -q -B picked theirs
theirs_last=$(ls migrations/*.up.sql | tail -1)
run_failing git cherry-pick "$mine_alone"
run "$SCHEMAGEN" rebase -p ../build
[ -e "$theirs_last" ] || fail "the branch's own migration has moved"
run git add -A
GIT_EDITOR=true run git cherry-pick --continue
run "$SCHEMAGEN" verify -p ../build
clean_tree

# By stash: what was not committed yet is mine, as HEAD is what others have.
run git checkout -q --detach 'theirs~1'
sed -i 's|^  std::int64_t id;|&\n  std::string nick = "none";|' models/user.hpp
generate add_nick --now 20990101000000
run git add -A
run git stash -q
run git checkout -q theirs
run_failing git stash pop
run "$SCHEMAGEN" rebase -p ../build
expect 'mine are those of "theirs"; those of "ours", which is HEAD, stay'
[ -e "$theirs_last" ] || fail "the branch's own migration has moved"
run "$SCHEMAGEN" verify -p ../build
commit unstashed
run git checkout -q -B theirs 'theirs~1'

# Both changed one column: my script no longer leads to the model, so that one
# migration is written anew.
run git checkout -q -B theirs2 theirs
sed -i 's|std::string email;|SG_COLUMN(.max_length = 100) &|' models/user.hpp
generate limit_email
commit theirs2
run git checkout -q -B mine2 theirs
sed -i 's|std::string email;|SG_COLUMN(.max_length = 200, .unique = true) &|' models/user.hpp
generate unique_email
commit mine2
run_failing git merge theirs2
run_failing "$SCHEMAGEN" rebase -p ../build # the header itself is in conflict
git checkout -q --ours models/user.hpp
run "$SCHEMAGEN" rebase -p ../build
run "$SCHEMAGEN" verify -p ../build
commit merged2

# A migration by hand behind that one is no reason to lose it, and git's history
# still knows that the first of them was generated.
run git checkout -q -B mine3 'mine2~1'
run "$SCHEMAGEN" new lower_email -p ../build
for script in migrations/*_lower_email.*; do
  echo "UPDATE users SET email = lower(email);" >>"$script"
done
run "$SCHEMAGEN" accept -p ../build
commit mine3
run_failing git merge theirs2
git checkout -q --ours models/user.hpp
run "$SCHEMAGEN" rebase -p ../build
expect "wrote one migration anew for those of mine"
expect_equal "the migration by hand" 1 \
  "$(grep -l "lower(email)" migrations/*.up.sql | wc -l)"
run "$SCHEMAGEN" verify -p ../build
commit merged3
