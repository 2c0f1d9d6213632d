#include "commands/workspace.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "commands/replay.hpp"
#include "core/migration_file.hpp"
#include "dialect/dialect.hpp"
#include "emit/output.hpp"
#include "model/lower.hpp"

namespace schemagen::gen {
namespace {

constexpr std::size_t kMaxNameLength = 100;

/// Days since 1970 of a date, and back (Gregorian, years from 1).
std::int64_t days_of(std::int64_t year, std::int64_t month, std::int64_t day) {
  const std::int64_t y = month <= 2 ? year - 1 : year;
  const std::int64_t m = (month + 9) % 12;
  return 365 * y + y / 4 - y / 100 + y / 400 + (m * 306 + 5) / 10 + day - 1 -
         719'468;
}

std::string id_of(std::int64_t seconds) {
  const std::int64_t days = seconds / 86'400;
  const std::int64_t rest = seconds % 86'400;
  std::int64_t year = 1970 + days / 366;
  while (days_of(year + 1, 1, 1) <= days) ++year;
  std::int64_t month = 1;
  while (month < 12 && days_of(year, month + 1, 1) <= days) ++month;
  const std::int64_t day = days - days_of(year, month, 1) + 1;
  char text[40];
  std::snprintf(text, sizeof text, "%04d%02d%02d%02d%02d%02d",
                static_cast<int>(year), static_cast<int>(month),
                static_cast<int>(day), static_cast<int>(rest / 3600),
                static_cast<int>(rest / 60 % 60), static_cast<int>(rest % 60));
  return text;
}

std::int64_t seconds_of(const std::string& id) {
  const auto part = [&](std::size_t at, std::size_t length) {
    return std::stoll(id.substr(at, length));
  };
  return days_of(part(0, 4), part(4, 2), part(6, 2)) * 86'400 +
         part(8, 2) * 3600 + part(10, 2) * 60 + part(12, 2);
}

bool is_id(const std::string& text) {
  return text.find('_') == std::string::npos &&
         core::parse_file_name(text + "_x.up.sql").has_value();
}

std::optional<std::string> epoch_id(const std::string& epoch) {
  const bool is_number = !epoch.empty() && epoch.size() <= 11 &&
                         std::all_of(epoch.begin(), epoch.end(), [](char c) {
                           return c >= '0' && c <= '9';
                         });
  if (!is_number) return std::nullopt;
  return id_of(std::stoll(epoch));
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (end > at) lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

/// The scanner would wait for ever at a header that has no end.
bool may_scan(const Project& project, Diagnostics& diagnostics) {
  Diagnostics found;
  for (const std::string& header : project.headers) {
    check_has_end((std::filesystem::path(project.source_dir) / header).string(),
                  found);
  }
  for (Diagnostic& diagnostic : found.sorted()) {
    diagnostics.add(std::move(diagnostic));
  }
  return !found.has_errors();
}

}  // namespace

std::optional<Project> open_project(const Arguments& arguments,
                                    const Environment& environment,
                                    Diagnostics& diagnostics) {
  ProjectChoice choice = arguments.project;
  choice.working_dir = environment.working_dir;
  const auto path = find_project(choice, diagnostics);
  if (!path) return std::nullopt;
  return read_project(*path, diagnostics);
}

Folder open_folder(const Project& project, Diagnostics& diagnostics) {
  return read_folder(project.schema_dir, project.dialects, project.has_entities,
                     diagnostics);
}

Folder view_folder(const Project& project, Diagnostics& diagnostics) {
  return view_folder(project.schema_dir, project.dialects, project.has_entities,
                     diagnostics);
}

std::optional<Model> read_model(const Project& project,
                                const Environment& environment,
                                Diagnostics& diagnostics) {
  std::vector<std::string> flags;
  if (!project.flags_file.empty()) {
    const auto text = read_file(project.flags_file, diagnostics);
    if (!text) return std::nullopt;
    flags = lines_of(*text);
  }
  if (!may_scan(project, diagnostics)) return std::nullopt;
  Diagnostics found;
  Scanned scanned = environment.scan(project, flags, found);
  Model model;
  if (scanned.complete) {
    model.schema = lower(scanned.declarations, project.dialects, found);
    model.dependencies = std::move(scanned.dependencies);
  } else {
    lower_rest(scanned.declarations, project.dialects, found.sorted(), found);
  }
  if (!found.has_errors()) {
    for (const std::string& name : project.dialects) {
      const Dialect* dialect = find_dialect(name);
      if (dialect == nullptr) continue;
      dialect->check(model.schema, found);
      check_own_sql(*dialect, model.schema, found);
    }
  }
  for (Diagnostic& diagnostic : found.sorted()) {
    diagnostics.add(std::move(diagnostic));
  }
  if (found.has_errors() || !scanned.complete) return std::nullopt;
  return model;
}

std::optional<std::string> next_id(const std::string& wanted,
                                   const std::string& last,
                                   const Environment& environment,
                                   Diagnostics& diagnostics) {
  std::optional<std::string> now = wanted;
  if (!wanted.empty() && !is_id(wanted)) {
    diagnostics.error(
        {}, "bad-time",
        "--now " + wanted + " is no UTC time; write it as YYYYMMDDHHMMSS");
    return std::nullopt;
  }
  const auto epoch = environment.variable("SOURCE_DATE_EPOCH");
  if (wanted.empty() && epoch) now = epoch_id(*epoch);
  if (!now) {
    diagnostics.error({}, "bad-time",
                      "SOURCE_DATE_EPOCH=" + *epoch +
                          " is no time; give it as seconds since 1970");
    return std::nullopt;
  }
  if (now->empty()) now = id_of(environment.now());
  if (last.empty()) return now;
  const std::string next = id_after(last);
  if (is_id(next)) return std::max(*now, next);
  diagnostics.error({}, "bad-time",
                    "there is no id later than " + last +
                        "; give that migration an earlier one");
  return std::nullopt;
}

std::string id_after(const std::string& id) {
  return id_of(seconds_of(id) + 1);
}

std::string dialect_of_url(const std::string& url) {
  constexpr std::pair<const char*, const char*> kSchemes[] = {
      {"sqlite:", "sqlite"},
      {"postgresql:", "postgres"},
      {"postgres:", "postgres"}};
  for (const auto& [scheme, dialect] : kSchemes) {
    if (url.rfind(scheme, 0) == 0) return dialect;
  }
  return "";
}

std::string snake_name(const std::string& text) {
  std::string name;
  for (char c : text) {
    const bool is_upper = c >= 'A' && c <= 'Z';
    const char lower = is_upper ? static_cast<char>(c - 'A' + 'a') : c;
    const bool fits =
        (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9');
    if (fits && name.size() < kMaxNameLength) name += lower;
    if (!fits && !name.empty() && name.back() != '_') name += '_';
  }
  while (!name.empty() && name.back() == '_') name.pop_back();
  return name;
}

Outcome finish(Outcome outcome, int code) {
  if (!outcome.diagnostics.has_errors()) return outcome;
  const auto all = outcome.diagnostics.sorted();
  const bool is_judged =
      std::any_of(all.begin(), all.end(), [](const Diagnostic& d) {
        return d.severity == Severity::error && d.id != kNotVerified;
      });
  outcome.code = is_judged ? code : kUsage;
  return outcome;
}

}  // namespace schemagen::gen
