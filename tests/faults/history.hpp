// Fixed histories for the fault tests, put together at run time the way
// `schemagen embed` does at build time.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "schemagen/migration.hpp"

namespace schemagen::faults {

/// Collects the migrations of one dialect. Pointers into it stay valid as long
/// as it lives.
class History {
 public:
  struct Step {
    std::string name;
    std::vector<std::string> up;
    std::vector<std::string> down;
    unsigned flags = 0;
    const char* rebuilds = nullptr;  ///< one rebuilt table
    CodeStep code_up = nullptr;
    CodeStep code_down = nullptr;
  };

  void add(const Step& step);
  const std::vector<EmbeddedMigration>& migrations() const { return rows_; }

 private:
  EmbeddedScript keep(std::string head,
                      const std::vector<std::string>& statements);
  const char* keep(std::string text);

  std::deque<std::string> texts_;
  std::deque<std::vector<EmbeddedStatement>> statements_;
  std::deque<std::vector<const char*>> rebuilds_;
  std::vector<EmbeddedMigration> rows_;
  std::string chain_;
};

/// "mixed": twelve migrations of every kind; "hundred": a hundred small ones,
/// each leaving one row in the table `log`. Both for SQLite and PostgreSQL.
const MigrationSet& history(const std::string& name);

}  // namespace schemagen::faults
