// Which steps a call of the Migrator means, given a history.
#pragma once

#include <optional>
#include <string_view>

#include "core/runner.hpp"

namespace schemagen::core {

/// Pending migrations in order: up to `target` ("" = all), at most `limit`, or
/// the one named `only`, late or not.
class UpChoice : public Choice {
 public:
  std::string_view target;
  std::string_view only;
  std::optional<std::size_t> limit;

  bool choose(Session& session, std::size_t done,
              std::vector<Step>& steps) override;

  /// The whole up; one query where there is nothing to do.
  Result<Report> carry_out(Session& session);

  std::vector<std::string> newer;  ///< compatible ones, as last seen

 private:
  bool knows_names(Session& session) const;
};

/// Applied migrations against the order of application: the last `limit`, or
/// all that came after `target` ("" = all).
class DownChoice : public Choice {
 public:
  std::optional<std::size_t> limit;
  std::string_view target;

  bool choose(Session& session, std::size_t done,
              std::vector<Step>& steps) override;
};

/// The rows against the order of application.
std::vector<const HistoryRow*> latest_first(
    const std::vector<HistoryRow>& rows);

}  // namespace schemagen::core
