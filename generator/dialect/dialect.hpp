// One database engine as the generator knows it. A dialect sees the whole plan,
// so that its contortions (SQLite's table rebuild, PostgreSQL's grouped ALTERs)
// stay inside its own files; nothing else ever asks which dialect it has.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/facts.hpp"
#include "model/diagnostics.hpp"
#include "model/schema.hpp"
#include "model/sql_tokens.hpp"
#include "plan/plan.hpp"

namespace schemagen::gen {

/// One statement and why it is there. A guard is a SELECT that returns a row
/// with a message when the rows forbid going on; the runtime refuses then. A
/// block has no SQL yet (law 8): the user writes what the comment says, and
/// `check` is red until then.
struct Statement {
  std::string sql;      ///< without the closing semicolon
  std::string comment;  ///< one or more lines, without "-- "
  bool guard = false;
  bool block = false;
};

/// What running a script does to rows.
enum class Fidelity {
  lossless,    ///< every value survives, or can be computed back
  shape_only,  ///< the shape comes back, some values are invented or gone
};

struct Script {
  std::vector<Statement> statements;
  std::vector<std::string> rebuilds;  ///< tables, for `-- schemagen: rebuild`
  bool transactional = true;
  bool batch = false;  ///< each statement again until it changes no row
  Fidelity fidelity = Fidelity::lossless;
  std::vector<std::string> invented;  ///< "users.nick", values nobody has

  /// What the user must write by hand.
  std::vector<std::string> blocks() const;
  /// The reasons of the guards: a way back with one is impossible while rows
  /// stand against it.
  std::vector<std::string> refusals() const;
};

/// One migration of a plan that is carried out in several.
struct Stage {
  std::string name;  ///< behind that of the whole: "indexes"; "" for the first
  std::string what;  ///< for the head of its scripts
  Plan up, down;     ///< with those changes only that the stage makes
  Script up_script, down_script;
};

/// A statement of a script: bytes [offset, offset + length) of its canonical
/// text, leading comments included, the closing semicolon not.
struct StatementRange {
  std::size_t offset = 0;
  std::size_t length = 0;
};

class Dialect {
 public:
  virtual ~Dialect() = default;

  virtual std::string_view name() const = 0;

  /// The only quoting of identifiers and of text for this engine.
  virtual std::string quote(std::string_view identifier) const = 0;
  virtual std::string quote_text(std::string_view text) const = 0;

  /// How a comment within a comment is read.
  virtual Comments comments() const = 0;

  /// Reports what this engine cannot hold. `lower` already has.
  virtual void check(const Schema& schema, Diagnostics& diagnostics) const = 0;

  /// The SQL of the whole plan, in order.
  virtual Script render(const Plan& plan) const = 0;

  /// The same in several migrations, in order, so that none locks out readers
  /// or writers for longer than it must. Each one's down leads to where its up
  /// began. Empty: the engine has no such form.
  virtual std::vector<Stage> render_online(const Plan& /*plan*/) const {
    return {};
  }

  /// Cuts a script with the engine's own parser and reports, at their place in
  /// `path`, what is no SQL and what may not stand in a migration (BEGIN in a
  /// transactional one). `unchecked` lets syntax through that is newer than
  /// the parser.
  virtual std::vector<StatementRange> cut(const std::string& script,
                                          const std::string& path,
                                          bool transactional, bool unchecked,
                                          Diagnostics& diagnostics) const = 0;

  /// What one statement of a script does; several facts where it does several
  /// things.
  virtual std::vector<Fact> facts(const std::string& statement) const = 0;

  /// The column type as it is written in SQL, for people and references.
  virtual std::string type_sql(const Schema& schema,
                               const Type& type) const = 0;
};

/// Every dialect there is, one row each; nullptr for an unknown name.
const Dialect* find_dialect(std::string_view name);
/// Sorted.
std::vector<std::string> dialect_names();

/// Reports the SQL of annotations that the engine cannot read. `check` does
/// not look into it.
void check_own_sql(const Dialect& dialect, const Schema& schema,
                   Diagnostics& diagnostics);

}  // namespace schemagen::gen
