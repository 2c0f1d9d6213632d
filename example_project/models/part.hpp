#pragma once

#include <cstdint>
#include <schemagen/annotations.hpp>
#include <string>

#include "models/job.hpp"

namespace workshop {

/// Something on the shelf.
struct SG_TABLE(.name = "parts") Part {
  SG_COLUMN(.primary_key = true, .autoincrement = true) std::int64_t id;
  SG_COLUMN(.max_length = 32, .unique = true) std::string sku;
  std::string name;
  SG_COLUMN(.check = "stock >= 0") std::int32_t stock = 0;
};

/// What went into a repair.
struct SG_TABLE(.name = "job_parts")
    SG_PRIMARY_KEY(.columns = {"job_id", "part_id"}) JobPart {
  SG_COLUMN(.references = "Job", .on_delete = SG_CASCADE) std::int64_t job_id;
  SG_COLUMN(.references = "Part", .on_delete = SG_RESTRICT)
  std::int64_t part_id;
  SG_COLUMN(.check = "quantity > 0") std::int32_t quantity = 1;
};

}  // namespace workshop
