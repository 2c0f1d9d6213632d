// What is, without changing it: linked only by programs that ask.
#include "schemagen/migrator.hpp"

#include "core/session.hpp"
#include "core/text.hpp"

namespace schemagen {

using core::Session;
using Kind = MigrationState::Kind;

namespace {

MigrationState state_of(const core::Standing& one) {
  MigrationState state;
  state.id = one.id();
  state.name = one.name();
  state.kind = one.kind;
  state.compatible = one.is_compatible();
  if (one.row == nullptr) return state;
  state.applied_at = one.row->applied_at;
  state.execution_ms = one.row->execution_ms;
  state.undoing = one.row->state == core::kUndoing;
  state.error = one.row->error;
  return state;
}

}  // namespace

Result<std::string> Migrator::plan() {
  Session session(database_, migrations_, options_);
  core::Reconciled look;
  if (!session.look(look)) return session.failure().take();
  ErrorBox why = core::refusal(look, core::Policy(options_), {});
  if (!why.empty()) return why;
  std::string sql;
  for (const core::Standing& one : look) {
    if (!one.is_pending()) continue;
    const EmbeddedMigration* migration = one.migration;
    sql += core::print("%s-- %s_%s\n", sql.empty() ? "" : "\n", migration->id,
                       migration->name);
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
  core::Reconciled look;
  if (!session.look(look)) return session.failure().take();
  std::vector<MigrationState> states;
  for (const core::Standing& one : look) states.push_back(state_of(one));
  return states;
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
  core::Reconciled look;
  if (!session.look(look)) return session.failure().take();
  ErrorBox why = core::refusal(look, core::Policy(options_), {});
  if (why.empty() && !(session.check_chains() && session.check_scripts())) {
    why = session.failure().take();
  }
  if (!why.empty()) return why;
  return Done{};
}

}  // namespace schemagen
