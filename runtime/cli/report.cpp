#include "cli/report.hpp"

#include <algorithm>
#include <ctime>
#include <optional>

namespace schemagen::cli {
namespace {

using Kind = MigrationState::Kind;

constexpr Kind kKinds[] = {Kind::applied, Kind::pending, Kind::changed,
                           Kind::missing, Kind::newer,   Kind::late,
                           Kind::started};

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.resize(width, ' ');
  return text;
}

std::size_t count_of(const std::vector<MigrationState>& states, Kind kind) {
  return static_cast<std::size_t>(
      std::count_if(states.begin(), states.end(),
                    [&](const auto& state) { return state.kind == kind; }));
}

std::vector<MigrationState> only(const std::vector<MigrationState>& states,
                                 bool applied) {
  std::vector<MigrationState> chosen;
  for (const MigrationState& state : states) {
    if (is_applied(state) == applied) chosen.push_back(state);
  }
  return chosen;
}

const MigrationState* last_failed(const std::vector<MigrationState>& states) {
  const MigrationState* found = nullptr;
  for (const MigrationState& state : states) {
    if (!state.error.empty()) found = &state;
  }
  return found;
}

std::string_view code_name(ErrorCode code) {
  switch (code) {
    case ErrorCode::database:
      return "database";
    case ErrorCode::connection:
      return "connection";
    case ErrorCode::locked:
      return "locked";
    case ErrorCode::changed:
      return "changed";
    case ErrorCode::missing:
      return "missing";
    case ErrorCode::late:
      return "late";
    case ErrorCode::newer:
      return "newer";
    case ErrorCode::refused:
      return "refused";
    case ErrorCode::usage:
      return "usage";
  }
  return "database";
}

void append_ids(Json& json, std::string_view key,
                const std::vector<std::string>& ids) {
  json.key(key).open_array();
  for (const std::string& id : ids) json.text(id);
  json.close_array();
}

std::string label(std::string_view value) {
  std::string out;
  for (char c : value) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out;
}

/// Seconds since 1970 of "2026-03-01T09:00:00..." or the same with a space.
std::optional<std::int64_t> unix_time(const std::string& text) {
  const auto number = [&](std::size_t at, std::size_t length) {
    int value = 0;
    for (char c : text.substr(at, length)) {
      if (c < '0' || c > '9') return -1;
      value = value * 10 + (c - '0');
    }
    return value;
  };
  if (text.size() < 19) return std::nullopt;
  const int fields[] = {number(0, 4),  number(5, 2),  number(8, 2),
                        number(11, 2), number(14, 2), number(17, 2)};
  if (*std::min_element(std::begin(fields), std::end(fields)) < 0) {
    return std::nullopt;
  }
  // Days since 1970 of a Gregorian date, years counted from March.
  const std::int64_t year = fields[0] - (fields[1] <= 2 ? 1 : 0);
  const std::int64_t month = (fields[1] + 9) % 12;
  const std::int64_t days = year * 365 + year / 4 - year / 100 + year / 400 +
                            (month * 306 + 5) / 10 + fields[2] - 1 - 719'468;
  return ((days * 24 + fields[3]) * 60 + fields[4]) * 60 + fields[5];
}

void append_metric(std::string& out, std::string_view name,
                   std::string_view help) {
  out += "# HELP " + std::string(name) + ' ' + std::string(help) + "\n# TYPE " +
         std::string(name) + " gauge\n";
}

bool says(const Error& error, const std::string& words) {
  return error.message.find(words) != std::string::npos;
}

/// "statement 2, line 5, column 3", as far as known and not said yet.
std::string position_text(const Error& error) {
  std::string text;
  const auto add = [&](std::string_view name, int value) {
    if (value <= 0) return;
    text += (text.empty() ? "" : ", ") + std::string(name) + ' ' +
            std::to_string(value);
  };
  if (!says(error, "statement " + std::to_string(error.statement))) {
    add("statement", error.statement);
  }
  const std::string place =
      std::to_string(error.line) + ':' + std::to_string(error.column);
  if (!says(error, place) &&
      !says(error, "line " + std::to_string(error.line))) {
    add("line", error.line);
    add("column", error.column);
  }
  return text;
}

}  // namespace

std::string_view kind_name(Kind kind) {
  switch (kind) {
    case Kind::applied:
      return "applied";
    case Kind::pending:
      return "pending";
    case Kind::changed:
      return "changed";
    case Kind::missing:
      return "missing";
    case Kind::newer:
      return "newer";
    case Kind::late:
      return "late";
    case Kind::started:
      return "started";
  }
  return "pending";
}

bool is_applied(const MigrationState& state) {
  return state.kind != Kind::pending && state.kind != Kind::late &&
         state.kind != Kind::started;
}

bool is_problem(const MigrationState& state) {
  return state.kind != Kind::applied && state.kind != Kind::pending;
}

std::string counted(std::size_t count, std::string_view noun) {
  return std::to_string(count) + ' ' + std::string(noun) +
         (count == 1 ? "" : "s");
}

std::string duration_text(std::int64_t milliseconds) {
  if (milliseconds < 1000) return std::to_string(milliseconds) + " ms";
  return std::to_string(milliseconds / 1000) + '.' +
         std::to_string(milliseconds % 1000 / 100) + " s";
}

std::string list_text(const std::vector<MigrationState>& states) {
  std::size_t width = 0;
  for (const MigrationState& state : states) {
    width = std::max(width, state.name.size());
  }
  width = std::min<std::size_t>(width, 48);
  std::string out;
  for (const MigrationState& state : states) {
    out += padded(std::string(kind_name(state.kind)), 8) + ' ' + state.id +
           "  " + state.name;
    if (!state.applied_at.empty()) {
      out.append(width - std::min(width, state.name.size()), ' ');
      out += "  " + state.applied_at + "  " + duration_text(state.execution_ms);
    }
    out += '\n';
    if (!state.error.empty()) out += "         " + state.error + '\n';
  }
  return out;
}

std::string status_text(const StatusReport& report) {
  std::string out =
      report.set + " on " + report.database + '\n' + list_text(report.states);
  for (Kind kind : kKinds) {
    const std::size_t count = count_of(report.states, kind);
    const bool always = kind == Kind::applied || kind == Kind::pending;
    if (count == 0 && !always) continue;
    if (kind != Kind::applied) out += ", ";
    out += std::to_string(count) + ' ' + std::string(kind_name(kind));
  }
  out += report.current.empty() ? "; nothing is applied yet"
                                : "; the database is at " + report.current;
  return out + '\n';
}

void append_states(Json& json, const std::vector<MigrationState>& states) {
  json.open_array();
  for (const MigrationState& state : states) {
    json.open_object();
    json.key("id").text(state.id).key("name").text(state.name);
    json.key("state").text(kind_name(state.kind));
    if (is_applied(state)) {
      json.key("applied_at").text_or_null(state.applied_at);
      json.key("execution_ms").number(state.execution_ms);
      json.key("compatible").boolean(state.compatible);
    }
    if (!state.error.empty()) json.key("error").text(state.error);
    json.close_object();
  }
  json.close_array();
}

std::string status_json(const StatusReport& report, const Error* failure) {
  Json json;
  json.open_object();
  json.key("set").text(report.set);
  json.key("database").text(report.database);
  json.key("dialect").text(report.dialect);
  json.key("current_version").text_or_null(report.current);
  json.key("applied_migrations");
  append_states(json, only(report.states, true));
  json.key("pending_migrations");
  append_states(json, only(report.states, false));
  json.key("last_error");
  if (failure != nullptr) {
    append_error(json, *failure);
  } else if (const MigrationState* failed = last_failed(report.states)) {
    json.open_object().key("migration").text(failed->id);
    json.key("message").text(failed->error).close_object();
  } else {
    json.null();
  }
  return json.close_object().str() + '\n';
}

std::string status_prometheus(const StatusReport& report) {
  const std::string labels = "{set=\"" + label(report.set) + '"';
  std::string out;
  append_metric(out, "schemagen_migrations",
                "Migrations of the program and of the database by state.");
  for (Kind kind : kKinds) {
    out += "schemagen_migrations" + labels + ",state=\"" +
           std::string(kind_name(kind)) + "\"} " +
           std::to_string(count_of(report.states, kind)) + '\n';
  }
  append_metric(out, "schemagen_current_version",
                "Always 1; the label is the newest applied migration.");
  out += "schemagen_current_version" + labels + ",version=\"" +
         label(report.current) + "\"} 1\n";
  append_metric(out, "schemagen_migration_failed",
                "1 while a migration stands half-way with an error.");
  out += "schemagen_migration_failed" + labels + "} " +
         (last_failed(report.states) != nullptr ? "1\n" : "0\n");
  std::optional<std::int64_t> last;
  for (const MigrationState& state : report.states) {
    const auto time = unix_time(state.applied_at);
    if (time && (!last || *time > *last)) last = time;
  }
  if (!last) return out;
  append_metric(out, "schemagen_last_applied_timestamp_seconds",
                "When the last migration was applied.");
  return out + "schemagen_last_applied_timestamp_seconds" + labels + "} " +
         std::to_string(*last) + '\n';
}

std::string run_text(const Report& report, std::string_view verb) {
  std::string out;
  if (report.migrations.empty()) {
    out = verb == "undone" ? "nothing to undo" : "nothing to do";
  } else {
    out = counted(report.migrations.size(), "migration") + ' ' +
          std::string(verb);
  }
  out += '\n';
  for (const std::string& loss : report.losses) {
    out += "lost: " + loss + '\n';
  }
  if (!report.newer.empty()) {
    out += "the database is ahead of this program by " +
           counted(report.newer.size(), "compatible migration") + ":";
    for (const std::string& id : report.newer) out += ' ' + id;
    out += '\n';
  }
  return out;
}

std::string run_json(std::string_view command, const Report& report,
                     const Error* failure, std::string_view key,
                     std::string_view text) {
  Json json;
  json.open_object();
  json.key("command").text(command);
  append_ids(json, "migrations", report.migrations);
  append_ids(json, "newer", report.newer);
  append_ids(json, "losses", report.losses);
  if (!key.empty()) json.key(key).text(text);
  json.key("error");
  if (failure != nullptr) {
    append_error(json, *failure);
  } else {
    json.null();
  }
  return json.close_object().str() + '\n';
}

namespace {

/// A long run is told by its ends: people read this.
std::string applied_text(const std::vector<std::string>& ids) {
  constexpr std::size_t kMost = 8;
  if (ids.size() > kMost) {
    return ' ' + std::to_string(ids.size()) + " migrations, " + ids.front() +
           " to " + ids.back();
  }
  std::string text;
  for (const std::string& id : ids) text += ' ' + id;
  return text;
}

}  // namespace

std::string error_text(const Error& error) {
  std::string out = "error: " + error.message + '\n';
  if (!error.migration.empty() && !says(error, error.migration)) {
    out += "  migration: " + error.migration + '\n';
  }
  const std::string position = position_text(error);
  if (!position.empty()) out += "  at: " + position + '\n';
  if (!error.database_text.empty() && !says(error, error.database_text)) {
    out += "  database: " + error.database_text + '\n';
  }
  if (!error.applied.empty()) {
    out += "  done before it:" + applied_text(error.applied) + '\n';
  }
  return out;
}

void append_error(Json& json, const Error& error) {
  json.open_object();
  json.key("code").text(code_name(error.code));
  json.key("message").text(error.message);
  json.key("migration").text_or_null(error.migration);
  json.key("statement").number(error.statement);
  json.key("line").number(error.line);
  json.key("column").number(error.column);
  json.key("database_text").text_or_null(error.database_text);
  append_ids(json, "applied", error.applied);
  json.close_object();
}

int exit_code(const Error& error) {
  switch (error.code) {
    case ErrorCode::connection:
    case ErrorCode::locked:
    case ErrorCode::usage:
      return 2;
    case ErrorCode::database:
      // Without a migration it is the database itself: not one, full, ...
      return error.migration.empty() ? 2 : 1;
    default:
      return 1;
  }
}

}  // namespace schemagen::cli
