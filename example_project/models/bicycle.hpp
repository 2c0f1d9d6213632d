#pragma once

#include <cstdint>
#include <schemagen/annotations.hpp>
#include <string>

#include "models/customer.hpp"

namespace workshop {

struct SG_TABLE(.name = "bicycles") Bicycle {
  SG_COLUMN(.primary_key = true, .autoincrement = true) std::int64_t id;
  SG_COLUMN(.references = "Customer", .on_delete = SG_CASCADE, .index = true)
  std::int64_t owner_id;
  /// Stamped under the bottom bracket.
  SG_COLUMN(.max_length = 40, .unique = true) std::string frame_number;
  std::string make;
  std::string colour = "unknown";
  bool electric = false;
};

}  // namespace workshop
