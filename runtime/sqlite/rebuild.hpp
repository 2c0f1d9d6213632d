// Watches over the tables that a script rebuilds (`-- schemagen: rebuild t`):
// a DROP TABLE takes triggers and the AUTOINCREMENT counter with it, and a copy
// may lose rows. What is lost comes back, what cannot come back is refused.
#pragma once

#include <cstdint>
#include <forward_list>
#include <string>
#include <string_view>

#include "sqlite/engine.hpp"

namespace schemagen::sqlite {

class RebuildGuard {
 public:
  explicit RebuildGuard(Engine& engine) : engine_(engine) {}

  /// `tables` outlives stop().
  bool begin(const Names& tables);
  bool before_statement(std::string_view sql);
  bool after_statement(std::string_view sql);
  bool finish();
  /// Ends the watch, on success and after a rollback.
  void stop();

 private:
  struct Dropped {
    std::string table;
    std::int64_t rows = 0;  ///< count(*) at its DROP
    Cell sequence;          ///< AUTOINCREMENT counter, when there was one
    Names triggers;         ///< the name of each and its text
    bool is_back = false;
  };

  bool save(std::string table);
  bool check_rows(Dropped& dropped);
  bool restore_sequence(const Dropped& dropped);
  bool restore_triggers(const Dropped& dropped);
  bool find_broken(Names& broken);
  void probe(Names& broken, const char* what, const char* name,
             const char* sql);
  Dropped* waiting_for(std::string_view name);
  void set_legacy_rename(bool on);
  void forget(std::string_view name);

  Engine& engine_;
  const Names* tables_ = nullptr;  ///< none: nothing is watched
  Names olds_;                     ///< tables that were there before the script
  std::forward_list<Dropped> dropped_;  ///< the latest first
  Names broken_before_;
  int legacy_before_ = -1;  // while a swap's rename runs
};

}  // namespace schemagen::sqlite
