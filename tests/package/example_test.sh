# The example is copyable as it is: it builds with the installed package, its
# history migrates a fresh database in one go and step by step, and `verify`
# finds nothing, on both engines.
. "$(dirname "$0")/harness.sh"

cp -r "$SOURCE/example_project" project
rm -rf project/.build project/build
run configure project build
run build build
run ctest --test-dir build --output-on-failure
export DATABASE_URL=sqlite:workshop.db
run ./build/workshop migrate pending
run ./build/workshop receive 'Ada Lovelace' ada@example.org BTX-1815 'brake rubs'
run ./build/workshop
expect "#1 Ada Lovelace, frame BTX-1815: brake rubs (received)"
run ./build/workshop migrate status --json
expect '"pending_migrations":[]'
run ./build/workshop migrate verify
for step in 1 2 3 4 5; do run ./build/workshop migrate down; done
for step in 1 2 3 4 5; do run ./build/workshop migrate up --steps 1; done
run ./build/workshop migrate verify
expect_equal "scripts" 20 "$(ls project/migrations/*.sql | wc -l)"
