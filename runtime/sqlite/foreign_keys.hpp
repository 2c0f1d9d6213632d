// Looks for foreign key violations that a script made while the keys were off:
// only in tables that it touched and those that refer to them. What the script
// touches is heard from SQLite's authorizer on connections that we opened; a
// borrowed connection keeps its own authorizer, and all its tables are looked
// at.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/script_run.hpp"
#include "sqlite/engine.hpp"

namespace schemagen::sqlite {

/// Names in lower case, sorted, each once.
class NameSet {
 public:
  void add(std::string_view name);
  bool has(std::string_view name) const;
  /// Whether one of them begins with `start`.
  bool has_start(const std::string& start) const;
  /// Takes out all that begin with `start`; false: there were none.
  bool take(const std::string& start);
  void clear() { names_.clear(); }
  bool empty() const { return names_.empty(); }
  Names::const_iterator begin() const { return names_.begin(); }
  Names::const_iterator end() const { return names_.end(); }

 private:
  std::size_t place(std::string_view name) const;

  Names names_;
};

class ForeignKeyWatch {
 public:
  explicit ForeignKeyWatch(Engine& engine) : engine_(engine) {}

  /// Starts listening, on an owned connection; nullptr: stops.
  void listen(const char* history_table);
  /// Whether a statement since the last call has to do with that table.
  bool heard_history() { return std::exchange(heard_history_, false); }

  /// At the start of a transaction: what is remembered of the schema holds as
  /// long as nobody else wrote.
  bool enter();
  /// Before the first statement of a script. After finish() asked for another
  /// run, this reads the violations that are there already; after it held the
  /// script before, both are judged as one.
  bool begin(std::string_view script);
  /// After the statement `sql`: what the authorizer does not tell.
  void note_statement(std::string_view sql);
  /// Holds new violations where a script follows that may mend them, else
  /// refuses them.
  bool finish(bool goes_on, ScriptEnd& end);
  /// Stops hearing (our own statements, a rolled back script).
  void pause() { is_heard_ = false; }
  void resume() { is_heard_ = true; }
  /// What is remembered of the schema no longer holds.
  void forget() { links_known_ = false; }

 private:
  static int authorize(void* self, int action, const char* first,
                       const char* second, const char* schema,
                       const char* trigger);
  void hear(int action, std::string_view first, const char* second);
  void rename(std::string_view from, std::string_view to);
  bool read_links();
  bool reread_links(const std::string& table);
  NameSet suspects() const;
  bool has_violation(const std::string& table, bool& hit);
  bool add_violations(const std::string& table, Names& found);
  std::string origin_of(const std::string& table) const;

  Engine& engine_;
  const char* history_ = nullptr;
  bool heard_history_ = false;
  bool is_heard_ = false;
  bool makes_links_ = false;  // the script's text has REFERENCES
  NameSet links_;             // child, NUL, parent
  bool links_known_ = false;
  std::int64_t data_version_ = -1;
  // Lower-case names. Children may hold new violations themselves, parents may
  // have left rows behind that refer to them.
  NameSet children_;
  NameSet parents_;
  NameSet reshaped_;
  Names renames_;  // the name before, the name after, in their order
  bool holds_ = false;
  bool wants_before_ = false;
  bool knows_before_ = false;
  NameSet tables_before_;
  Names before_;
};

}  // namespace schemagen::sqlite
