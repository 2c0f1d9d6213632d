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

#include "sqlite/engine.hpp"

namespace schemagen::sqlite {

class ForeignKeyWatch {
 public:
  explicit ForeignKeyWatch(Engine& engine) : engine_(engine) {}

  /// Starts and stops listening, on an owned connection.
  void listen(bool on);

  /// Before the first statement of a script. After finish() said false, this
  /// reads the violations that are there already.
  Result<Done> begin(std::string_view script);
  /// After the statement `sql`: what the authorizer does not tell.
  void note_statement(std::string_view sql);
  /// False: there are violations, and what was there before must be read.
  /// An Error names those that are new.
  Result<bool> finish();
  /// Stops hearing (our own statements, a rolled back script).
  void pause() { is_heard_ = false; }
  void resume() { is_heard_ = true; }
  /// What is remembered of the schema no longer holds.
  void forget();

 private:
  struct Link {
    std::string child;
    std::string parent;
  };

  static int authorize(void* self, int action, const char* first,
                       const char* second, const char* schema,
                       const char* trigger);
  void hear(int action, std::string_view first, std::string_view second);
  void rename(const std::string& from, const std::string& to);
  Result<Done> read_links();
  Result<Done> read_links_of(const std::string& table);
  bool has_links(const std::string& table) const;
  std::vector<std::string> suspects() const;
  Result<bool> has_violation(const std::string& table);
  Result<Done> add_violations(const std::string& table,
                              std::vector<std::string>& found);
  Result<std::string> key_of(const std::string& table, const Row& violation);
  std::string origin_of(const std::string& table) const;

  Engine& engine_;
  bool is_heard_ = false;
  bool makes_links_ = false;  // the script's text has REFERENCES
  std::vector<Link> links_;
  bool links_known_ = false;
  // Lower-case names. Children may hold new violations themselves, parents may
  // have left rows behind that refer to them.
  std::vector<std::string> children_;
  std::vector<std::string> parents_;
  std::vector<std::string> reshaped_;
  std::vector<std::pair<std::string, std::string>> renames_;
  bool wants_before_ = false;
  bool knows_before_ = false;
  std::vector<std::string> tables_before_;
  std::vector<std::string> before_;
};

}  // namespace schemagen::sqlite
