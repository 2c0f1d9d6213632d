// `schemagen diff --database URL`: what a real database has otherwise than its
// migrations made it. For one that somebody altered by hand, and for one that
// is older than its migrations and is about to get its baseline.
#include "commands/compare.hpp"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <utility>

#include "commands/scratch.hpp"
#include "commands/workspace.hpp"
#include "dialect/catalog.hpp"
#include "emit/prepared.hpp"
#include "model/text.hpp"
#include "schemagen/migrator.hpp"

namespace schemagen::gen {
namespace {

using Kind = MigrationState::Kind;

/// How far a database has come.
struct Position {
  std::string id;      ///< of the last applied migration; "" = none
  bool holds = false;  ///< anything but a history
  Catalog catalog;
};

/// The file that a URL names and that is not there; "" = none. SQLite would
/// make it, and a slip in its name would look like an empty database.
std::string absent_file(const std::string& url) {
  constexpr std::string_view kScheme = "sqlite:";
  if (url.rfind(kScheme, 0) != 0) return "";
  std::string path = url.substr(kScheme.size());
  if (path.rfind("//", 0) == 0) path.erase(0, 2);
  const bool is_file =
      !path.empty() && path != ":memory:" && path.rfind("file:", 0) != 0;
  std::error_code error;
  return is_file && !std::filesystem::exists(path, error) ? path : "";
}

/// A line of a list: a name out of a database may hold a line's end.
std::string one_line(const std::string& text) {
  const bool is_plain = std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F;
  });
  if (is_plain) return text + "\n";
  std::string quoted;
  append_json(quoted, text);
  return quoted + "\n";
}

class Comparison {
 public:
  Comparison(const PreparedDialect& dialect, std::string url, Outcome& outcome)
      : dialect_(dialect),
        url_(std::move(url)),
        set_("schemagen", {dialect}),
        outcome_(outcome) {}

  std::optional<Position> read_position() {
    auto database = find_driver(dialect_.dialect)->open(url_);
    if (!database) return fail("no-database", database.error().message);
    const auto states = Migrator(**database, set_.set()).status();
    if (!states) return fail("no-database", states.error().message);
    Position position;
    for (const MigrationState& state : *states) {
      if (is_odd(state)) return std::nullopt;
      if (state.kind == Kind::applied) position.id = state.id;
    }
    auto catalog = read_catalog(**database);
    if (!catalog) return fail("no-database", catalog.error().message);
    position.catalog = std::move(*catalog);
    position.holds = !position.catalog.objects.empty();
    return position;
  }

  void compare(const Position& position, const Scratch& scratch) {
    auto database = scratch();
    if (!database) {
      fail("no-database", database.error().message);
      return;
    }
    MigrateOptions options;
    const bool is_new = position.id.empty();
    Migrator migrator(**database, set_.set(), options);
    if (!is_new || position.holds) {
      const auto done = is_new ? migrator.up() : migrator.up_to(position.id);
      if (!done) {
        fail("replay-failed", done.error().message);
        return;
      }
    }
    const auto wanted = read_catalog(**database);
    if (!wanted) {
      fail("no-database", wanted.error().message);
      return;
    }
    tell(position, difference(*wanted, position.catalog));
  }

 private:
  std::nullopt_t fail(const char* id, const std::string& message) {
    outcome_.diagnostics.error({}, id, message);
    return std::nullopt;
  }

  /// What these migrations alone cannot have led to.
  bool is_odd(const MigrationState& state) {
    const char* why = nullptr;
    if (state.kind == Kind::newer || state.kind == Kind::missing) {
      why =
          "is applied there and not in this folder; use the folder of the "
          "release that the database has";
    } else if (state.kind == Kind::changed) {
      why =
          "was applied there with another text; `schemagen migrate status` "
          "tells more";
    } else if (state.kind == Kind::started) {
      why =
          "stopped half-way there; finish it with `schemagen migrate up` "
          "first";
    } else if (state.kind == Kind::late) {
      why = "is not applied there, though a newer one is; apply it first";
    }
    if (why == nullptr) return false;
    fail("other-history", state.id + "_" + state.name + " " + why);
    return true;
  }

  void tell(const Position& position, const std::vector<std::string>& lines) {
    std::string& text = outcome_.text;
    if (!position.id.empty()) {
      text += "at " + position.id;
    } else if (position.holds) {
      text += "no migration is applied; compared with all of them";
    } else {
      text += "empty";
    }
    text += lines.empty() ? ": as its migrations make it\n" : "\n";
    std::string json;
    for (const std::string& line : lines) {
      text += "  " + one_line(line);
      if (!json.empty()) json += ", ";
      append_json(json, line);
    }
    outcome_.json = "\"differences\": [" + json + "]";
    for (const PreparedMigration& migration : dialect_.migrations) {
      if (migration.is_code && migration.id <= position.id) {
        text += "not compared: what " + migration.id + "_" + migration.name +
                " does in C++\n";
      }
    }
    for (const std::string& object : position.catalog.unmodelled) {
      text += "not compared: " + one_line(object);
    }
    if (!lines.empty()) outcome_.code = kFindings;
  }

  const PreparedDialect& dialect_;
  std::string url_;
  MemorySet set_;
  Outcome& outcome_;
};

}  // namespace

Outcome compare_database(const Project& project, const Arguments& arguments,
                         const Environment& environment) {
  Outcome outcome;
  Diagnostics& all = outcome.diagnostics;
  const std::string dialect = dialect_of_url(arguments.database);
  const auto& served = project.dialects;
  if (std::find(served.begin(), served.end(), dialect) == served.end()) {
    all.error({}, "bad-url",
              dialect.empty() ? "--database is no URL of a database; write "
                                "sqlite:FILE or postgresql://USER@HOST/DATABASE"
                              : "the target's DIALECTS have no " + dialect +
                                    "; give the URL of a database that it "
                                    "serves");
    return finish(std::move(outcome), kUsage);
  }
  const std::string absent = absent_file(arguments.database);
  if (!absent.empty()) {
    all.error({}, "no-database",
              "there is no file " + absent +
                  "; give the path of the database to compare");
    return finish(std::move(outcome), kUsage);
  }
  const Folder folder = view_folder(project, all);
  if (!all.has_errors()) check_blocks(folder, all);
  std::vector<PreparedDialect> prepared;
  if (!all.has_errors()) prepared = prepare(folder, {dialect}, all);
  if (all.has_errors()) return finish(std::move(outcome), kUsage);
  Comparison comparison(prepared.front(), arguments.database, outcome);
  const auto position = comparison.read_position();
  if (!position) return finish(std::move(outcome), kUsage);
  std::string server = arguments.url;
  if (server.empty()) {
    server = environment.variable("SCHEMAGEN_VERIFY_URL").value_or("");
  }
  const ScratchServer scratch =
      open_scratch(dialect, {server, Severity::error}, environment, all);
  if (scratch.scratch) comparison.compare(*position, scratch.scratch);
  return finish(std::move(outcome), kUsage);
}

}  // namespace schemagen::gen
