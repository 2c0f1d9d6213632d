// What a query tells, as one line of text.
#pragma once

#include <string>

#include "schemagen/database.hpp"

namespace schemagen::test {

/// All cells of a query, joined: "1 a|2 b"; or the error's message.
inline std::string cells_of(Database& database, const std::string& sql) {
  const auto rows = database.query(sql);
  if (!rows) return rows.error().message;
  std::string all;
  for (const Row& row : *rows) {
    if (!all.empty()) all += '|';
    for (std::size_t i = 0; i < row.size(); ++i) {
      all += (i == 0 ? "" : " ") + row[i].value_or("NULL");
    }
  }
  return all;
}

}  // namespace schemagen::test
