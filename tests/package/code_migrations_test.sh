# A code migration is a .cpp in SCHEMA_DIR: it is compiled into the target as
# soon as it is there, and runs in its place between the scripts.
. "$(dirname "$0")/harness.sh"

make_project project <<<"$default_targets"
prepare project build
run ./build/app up --url "sqlite:$HERE/app.db"
sqlite3 app.db "INSERT INTO users (email) VALUES ('ADA@EXAMPLE.ORG')"

run "$SCHEMAGEN" new lower_emails --code -p build
code=$(ls project/migrations/*_lower_emails.cpp)
id=$(basename "$code" | cut -d_ -f1)
cat >"$code" <<CPP
#include <schemagen/database.hpp>
#include <schemagen/migration.hpp>

SCHEMAGEN_MIGRATION($id, lower_emails) {
constexpr int revision = 1;
schemagen::Result<schemagen::Done> up(schemagen::Database& db) {
  auto rows = db.execute("UPDATE users SET email = lower(email)");
  if (!rows) return rows.error();
  return schemagen::Done{};
}
schemagen::Result<schemagen::Done> down(schemagen::Database&) {
  return schemagen::Done{};
}
}
CPP
run_failing build build # not accepted yet
run "$SCHEMAGEN" accept -p build
run build build
run ./build/app up --url "sqlite:$HERE/app.db"
expect_equal "the row" ada@example.org "$(sqlite3 app.db 'SELECT email FROM users')"
run build build
expect "ninja: no work to do."
