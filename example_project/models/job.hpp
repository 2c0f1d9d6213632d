#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <schemagen/annotations.hpp>
#include <string>

#include "models/bicycle.hpp"

namespace workshop {

enum class JobStatus {
  received,
  in_progress,
  waiting_for_parts,
  done,
  collected
};

/// One repair of one bicycle.
struct SG_TABLE(.name = "jobs") SG_INDEX(.columns = {"status", "received_at"},
                                         .descending = {"received_at"}) Job {
  SG_COLUMN(.primary_key = true, .autoincrement = true) std::int64_t id;
  SG_COLUMN(.references = "Bicycle", .on_delete = SG_CASCADE, .index = true)
  std::int64_t bicycle_id;
  std::string description;
  JobStatus status = JobStatus::received;
  SG_COLUMN(.check = "price_cents >= 0") std::int64_t price_cents = 0;
  SG_COLUMN(.default_sql = "CURRENT_TIMESTAMP")
  std::chrono::system_clock::time_point received_at;
  std::optional<std::chrono::system_clock::time_point> finished_at;
};

}  // namespace workshop
