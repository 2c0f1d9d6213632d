# schemagen_add_migrations: scripts by hand, no snapshot, no entities. Syntax
# errors fail the build at their place; foreign objects count only with REPLAY.
. "$(dirname "$0")/harness.sh"

make_project project <<'CMAKE'
add_executable(app main.cpp)
schemagen_add_migrations(app SCHEMA_DIR db)
CMAKE
sed -i '/user.hpp/d' project/main.cpp
mkdir project/db
cat >project/db/20260101000000_first.up.sql <<'SQL'
CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT NOT NULL);
CREATE TRIGGER notes_check BEFORE INSERT ON notes
BEGIN
  SELECT RAISE(ABORT, 'empty; refused') WHERE new.body = '';
END;
SQL
echo 'INSERT INTO of_another_program VALUES (1);' \
  >project/db/20260102000000_foreign.up.sql
run configure project build
run build build
run build build
expect "ninja: no work to do."
[ ! -e project/db/schema.snapshot.json ] || fail "a snapshot was written"
run build build --target app_schemagen_check
run ./build/app up --steps 1 --url "sqlite:$HERE/app.db"
run_failing ./build/app down --url "sqlite:$HERE/app.db"
expect "20260101000000"

# A new file is noticed at once; what is no SQL fails the build.
printf 'CREATE TABLE ok (id INTEGER);\nCREATE TABEL wrong (id INTEGER);\n' \
  >project/db/20260103000000_typo.up.sql
run_failing build build
expect "20260103000000_typo.up.sql:2:"
rm project/db/20260103000000_typo.up.sql
run build build

sed -i 's/SCHEMA_DIR db/& REPLAY/' project/CMakeLists.txt
run_failing build build
expect "of_another_program"
