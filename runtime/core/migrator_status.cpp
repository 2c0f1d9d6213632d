// What is, without changing it: linked only by programs that ask.
#include "schemagen/migrator.hpp"

#include "core/session.hpp"
#include "core/text.hpp"

namespace schemagen {

using core::Session;
using Kind = MigrationState::Kind;

Result<std::string> Migrator::plan() {
  Session session(database_, migrations_, options_);
  auto look = session.look();
  if (!look) return look.failure();
  if (auto fine = core::refusal(*look, core::Policy(options_), {}); !fine) {
    return fine.failure();
  }
  std::string sql;
  for (const EmbeddedMigration* migration : look->pending) {
    sql += core::cat({sql.empty() ? "" : "\n", "-- ",
                      core::label_of(migration->id, migration->name), "\n"});
    if (migration->up.text == nullptr) {
      sql += "-- runs code of this program\n";
      continue;
    }
    sql.append(migration->up.text, migration->up.size);
    if (sql.back() != '\n') sql += '\n';
  }
  return sql;
}

Result<std::vector<MigrationState>> Migrator::status() {
  Session session(database_, migrations_, options_);
  auto look = session.look();
  if (!look) return look.failure();
  return std::move(look->states);
}

Result<std::vector<MigrationState>> Migrator::applied() {
  auto states = status();
  if (!states) return states;
  std::vector<MigrationState> kept;
  for (MigrationState& state : *states) {
    if (state.kind != Kind::pending && state.kind != Kind::late &&
        state.kind != Kind::started) {
      kept.push_back(std::move(state));
    }
  }
  return kept;
}

Result<std::vector<MigrationState>> Migrator::pending() {
  auto states = status();
  if (!states) return states;
  std::vector<MigrationState> kept;
  for (MigrationState& state : *states) {
    if (state.kind == Kind::pending || state.kind == Kind::late ||
        state.kind == Kind::started) {
      kept.push_back(std::move(state));
    }
  }
  return kept;
}

Result<std::string> Migrator::current_version() {
  auto states = applied();
  if (!states) return states.failure();
  return states->empty() ? std::string() : states->back().id;
}

Result<std::string> Migrator::previous_version() {
  auto states = applied();
  if (!states) return states.failure();
  return states->size() < 2 ? std::string() : (states->end() - 2)->id;
}

Result<Done> Migrator::verify() {
  Session session(database_, migrations_, options_);
  auto look = session.look();
  if (!look) return look.failure();
  if (auto fine = core::refusal(*look, core::Policy(options_), {}); !fine)
    return fine;
  return session.check_chains();
}

}  // namespace schemagen
