// Watches over the tables that a script rebuilds (`-- schemagen: rebuild t`):
// a DROP TABLE takes triggers and the AUTOINCREMENT counter with it, and a copy
// may lose rows. What is lost comes back, what cannot come back is refused.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sqlite/engine.hpp"

namespace schemagen::sqlite {

class RebuildGuard {
 public:
  explicit RebuildGuard(Engine& engine) : engine_(engine) {}

  Result<Done> begin(const std::vector<std::string>& tables);
  Result<Done> before_statement(std::string_view sql);
  Result<Done> after_statement(std::string_view sql);
  Result<Done> finish();
  /// Ends the watch, on success and after a rollback.
  void stop();

 private:
  struct Dropped {
    std::string table;
    std::string rows;  ///< count(*) at its DROP
    Cell sequence;     ///< AUTOINCREMENT counter, when there was one
    bool is_back = false;
  };
  struct Trigger {
    std::string name;
    std::string sql;
    std::string table;
  };

  Result<Done> save(const std::string& table);
  Result<Done> check_rows(Dropped& dropped);
  Result<Done> restore_sequence(const Dropped& dropped);
  Result<Done> restore_triggers();
  Result<std::vector<std::string>> broken();
  Result<Done> check_views(std::vector<std::string>& broken);
  Result<Done> check_triggers(std::vector<std::string>& broken);
  const std::string* name_in(std::string_view name) const;
  Dropped* waiting_for(std::string_view name);
  void set_legacy_rename(bool on);
  void forget(std::string_view name);

  Engine& engine_;
  std::vector<std::string> tables_;
  std::vector<std::string> olds_;  ///< tables that were there before the script
  std::vector<Dropped> dropped_;
  std::vector<Trigger> triggers_;
  std::vector<std::string> broken_before_;
  int legacy_before_ = -1;  // while a swap's rename runs
};

}  // namespace schemagen::sqlite
