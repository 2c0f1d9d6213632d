#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <schemagen/annotations.hpp>
#include <string>

namespace workshop {

/// Part of a customer's row, not a table of its own.
struct Address {
  std::string street = "";
  SG_COLUMN(.max_length = 16) std::string zip = "";
  std::string city = "";
};

/// Somebody who brings bicycles.
struct SG_TABLE(.name = "customers") Customer {
  SG_COLUMN(.primary_key = true, .autoincrement = true) std::int64_t id;
  SG_COLUMN(.max_length = 120) std::string name;
  SG_COLUMN(.max_length = 320, .unique = true) std::string email;
  /// With the country code, digits only.
  SG_COLUMN(.max_length = 24, .renamed_from = "phone_number")
  std::optional<std::string> phone;
  SG_EMBED(.prefix = "home_") Address home;
  SG_COLUMN(.default_sql = "CURRENT_TIMESTAMP")
  std::chrono::system_clock::time_point created_at;
};

}  // namespace workshop
