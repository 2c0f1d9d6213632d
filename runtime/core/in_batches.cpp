// The loop for large updates of code migrations.
#include "core/text.hpp"
#include "schemagen/database.hpp"

namespace schemagen {

Result<std::int64_t> in_batches(Database& database, std::string_view sql,
                                std::int64_t batch) {
  std::int64_t all = 0;
  for (;;) {
    auto rows = database.execute(sql);
    if (!rows) return rows;
    if (*rows == 0) return all;
    if (*rows > batch) {
      return core::refuse(ErrorCode::usage,
                          "a batch changed %lld rows and not at most %lld; "
                          "limit the statement to a batch by itself",
                          static_cast<long long>(*rows),
                          static_cast<long long>(batch));
    }
    all += *rows;
  }
}

}  // namespace schemagen
