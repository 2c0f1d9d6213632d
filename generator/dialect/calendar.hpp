// Instants, days and times as the text that both engines read.
#pragma once

#include <cstdint>
#include <string>

namespace schemagen::gen {

/// "2026-01-31 12:00:00.5" of nanoseconds since 1970 UTC; a fraction only
/// where there is one.
std::string timestamp_text(std::int64_t nanoseconds);
/// "2026-01-31" of days since 1970.
std::string date_text(std::int64_t days);
/// "12:00:00" of a count of `unit` (model/schema.hpp) since midnight.
std::string time_text(std::int64_t count, const std::string& unit);

}  // namespace schemagen::gen
