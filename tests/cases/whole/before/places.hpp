#pragma once
#include "shared.hpp"

namespace shop {

struct SG_TABLE(.without_rowid = true, .strict = true) Country : Named {
  SG_COLUMN(.primary_key = true) char code[3];
};

struct SG_TABLE(.strict = true)
    SG_PRIMARY_KEY(.columns = {"country", "code"}) Region : Named {
  SG_COLUMN(.references = "Country", .on_update = SG_CASCADE)
  char country[3];
  std::string code;
  std::optional<std::uint64_t> people;
};

}  // namespace shop
