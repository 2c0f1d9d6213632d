#include "emit/folder.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <tuple>

#include "core/checksum.hpp"
#include "dialect/dialect.hpp"
#include "emit/output.hpp"
#include "model/sql_tokens.hpp"

namespace schemagen::gen {
namespace {

namespace fs = std::filesystem;
using Kind = core::MigrationFileName::Kind;

constexpr std::string_view kFillIn = "fill-in";

bool ends_with(const std::string& text, std::string_view end) {
  return text.size() >= end.size() &&
         text.compare(text.size() - end.size(), end.size(), end) == 0;
}

bool starts_with(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

/// Calls `visit(line number, line)` for every line of `text`.
template <class Visit>
void for_each_line(std::string_view text, Visit visit) {
  int number = 1;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    visit(number++, text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

const char* kind_word(Kind kind) {
  switch (kind) {
    case Kind::up:
      return "up";
    case Kind::down:
      return "down";
    case Kind::code:
      return "code";
  }
  return "";
}

void check_conflicts(const ScriptFile& file, Diagnostics& diagnostics) {
  bool told = false;
  for_each_line(file.text, [&](int line, std::string_view text) {
    if (told ||
        !(starts_with(text, "<<<<<<< ") || starts_with(text, ">>>>>>> "))) {
      return;
    }
    told = true;
    diagnostics.error({file.path, line, 1}, "conflict-marker",
                      "a merge left its conflict here; settle it by hand, "
                      "then run `schemagen accept`");
  });
}

const std::vector<std::string>& directive_words() {
  static const std::vector<std::string> words = {
      "no-transaction",  "batch",      "unchecked",  "foreign-keys on",
      "nothing to undo", "compatible", "shape only", "rebuild <table>"};
  return words;
}

void check_directives(const ScriptFile& file, Diagnostics& diagnostics) {
  for (const auto& [line, text] : core::unknown_directives(file.text)) {
    if (starts_with(text, kFillIn)) continue;
    const std::string near = closest(text, directive_words());
    diagnostics.error(
        {file.path, line, 1}, "unknown-directive",
        "unknown directive \"" + text + "\"; " +
            (near.empty() ? "there are: no-transaction, rebuild <table>, "
                            "batch, unchecked, foreign-keys on, nothing to "
                            "undo, compatible"
                          : "did you mean \"" + near + "\"?"));
  }
}

void check_dialect(const ScriptFile& file, Diagnostics& diagnostics) {
  const std::string& dialect = file.name.dialect;
  if (dialect.empty() || find_dialect(dialect) != nullptr) return;
  const std::string near = closest(dialect, dialect_names());
  std::string known;
  for (const std::string& name : dialect_names()) {
    known += (known.empty() ? "" : ", ") + name;
  }
  diagnostics.error({file.path, 0, 0}, "unknown-dialect",
                    "no dialect is called \"" + dialect + "\"; " +
                        (near.empty() ? "there are: " + known
                                      : "did you mean \"" + near + "\"?"));
}

/// The number behind `constexpr int revision =`; 0 when it is not to be found.
int declared_revision(const std::string& code) {
  const std::size_t word = code.find("int revision");
  if (word == std::string::npos) return 0;
  std::size_t at = code.find_first_not_of(" \t=", word + 12);
  int revision = 0;
  while (at < code.size() && code[at] >= '0' && code[at] <= '9' &&
         revision < 100'000'000) {
    revision = revision * 10 + (code[at++] - '0');
  }
  return revision;
}

int read_revision(const ScriptFile& file, Diagnostics& diagnostics) {
  const std::string heading =
      "SCHEMAGEN_MIGRATION(" + file.name.id + ", " + file.name.name + ")";
  if (file.text.find(heading) == std::string::npos) {
    diagnostics.error({file.path, 0, 0}, "code-migration",
                      "does not define its migration; write " + heading +
                          " { ... } with up and down in it");
  }
  const int revision = declared_revision(file.text);
  if (revision > 0) return revision;
  diagnostics.error({file.path, 0, 0}, "code-migration",
                    "declares no revision; write `constexpr int revision = "
                    "1;` and raise it when what the migration does changes");
  return 1;
}

/// Over every file that takes part, by what it is for and what it says. A code
/// migration counts by its revision, so that formatting it costs nothing.
std::string digest_of(const FolderMigration& migration) {
  std::string input;
  for (const ScriptFile& file : migration.files) {
    const bool is_code = file.name.kind == Kind::code;
    const std::string text =
        is_code ? std::to_string(migration.revision) : file.text;
    input += file.name.dialect + "." + kind_word(file.name.kind) + " " +
             std::to_string(text.size()) + "\n" + text + "\n";
  }
  return "sha256-1:" + core::sha256(input);
}

/// The lines that are comments which begin with `marker`; a value that holds
/// such a line is none.
std::vector<int> marked_lines(const std::string& text,
                              const std::string& marker) {
  std::vector<int> lines;
  if (text.find(marker) == std::string::npos) return lines;
  int line = 1;
  char last = '\n';
  for (const SqlToken& token : cut_tokens(text)) {
    const bool is_marker = token.kind == SqlToken::Kind::comment &&
                           starts_with(token.text, marker) && last == '\n';
    if (is_marker) lines.push_back(line);
    line += static_cast<int>(
        std::count(token.text.begin(), token.text.end(), '\n'));
    last = token.text.back();
  }
  return lines;
}

/// Tools that keep both ways in one file: taken over as it is, its way back
/// would undo at once what the way up did.
void check_ways(const ScriptFile& file, Diagnostics& diagnostics) {
  if (file.name.kind != Kind::up) return;
  core::MigrationFileName down = file.name;
  down.kind = Kind::down;
  for (const char* mark :
       {"-- +goose Down", "-- +migrate Down", "-- migrate:down"}) {
    for (int line : marked_lines(file.text, mark)) {
      diagnostics.error({file.path, line, 1}, "down-section",
                        "the way back of another tool begins here and would "
                        "run with the way up; move what follows to " +
                            core::format_file_name(down) +
                            " and delete this line");
    }
  }
}

ScriptFile parse_script(const std::string& path, core::MigrationFileName name,
                        const std::string& bytes, Diagnostics& diagnostics) {
  std::string problem;
  const auto text = core::canonical_text(bytes, &problem);
  if (!text) {
    diagnostics.error({path, 0, 0}, "not-text",
                      problem + "; a script is UTF-8 text, save it as such");
    return {path, std::move(name), "", {}};  // it is there, if not readable
  }
  ScriptFile file{path, std::move(name), *text, {}};
  check_conflicts(file, diagnostics);
  if (file.name.kind == Kind::code) return file;
  file.directives = core::parse_directives(file.text);
  check_directives(file, diagnostics);
  check_dialect(file, diagnostics);
  check_ways(file, diagnostics);
  return file;
}

void check_name(const std::string& path, const std::string& file,
                Diagnostics& diagnostics) {
  const bool is_numbered_code = ends_with(file, ".cpp") && !file.empty() &&
                                file[0] >= '0' && file[0] <= '9';
  std::string end =
      file.substr(file.size() - std::min<std::size_t>(4, file.size()));
  for (char& c : end) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  if (end != ".sql" && !is_numbered_code) return;
  diagnostics.error(
      {path, 0, 0}, "bad-file-name",
      "is not the name of a migration; call it "
      "YYYYMMDDHHMMSS_snake_name.up.sql or .down.sql, with .<dialect> before "
      ".up where it is for one dialect, or move it elsewhere");
}

/// The names in the folder, sorted, so that nothing depends on its order.
std::vector<std::string> list_files(const std::string& folder,
                                    Diagnostics& diagnostics) {
  std::vector<std::string> names;
  std::error_code failure;
  fs::directory_iterator entries(folder, failure);
  if (failure == std::errc::no_such_file_or_directory) return names;
  for (; !failure && entries != fs::directory_iterator();
       entries.increment(failure)) {
    names.push_back(entries->path().filename().string());
  }
  if (failure) {
    diagnostics.error({folder, 0, 0}, "cannot-read",
                      "cannot be listed: " + failure.message() +
                          "; check SCHEMA_DIR and its permissions");
  }
  std::sort(names.begin(), names.end());
  return names;
}

void check_pairs(const FolderMigration& migration,
                 const std::vector<std::string>& dialects,
                 Diagnostics& diagnostics) {
  if (migration.is_code()) {
    if (migration.files.size() == 1) return;
    diagnostics.error({migration.files.back().path, 0, 0}, "duplicate-id",
                      "a migration is code or scripts, not both; give one of "
                      "them another id");
    return;
  }
  for (const std::string& dialect : dialects) {
    if (migration.find(Kind::up, dialect) != nullptr) continue;
    core::MigrationFileName wanted = migration.files.front().name;
    wanted.kind = Kind::up;
    if (!wanted.dialect.empty()) wanted.dialect = dialect;
    diagnostics.error({migration.files.front().path, 0, 0}, "missing-script",
                      "its migration has no up script for " + dialect +
                          "; add " + core::format_file_name(wanted));
  }
}

/// Keeps the migrations in order; most files come in it.
void add_file(Folder& folder, ScriptFile file, Diagnostics& diagnostics) {
  auto& all = folder.migrations;
  const auto same =
      std::lower_bound(all.begin(), all.end(), file.name.id,
                       [](const FolderMigration& m, const std::string& id) {
                         return m.id < id;
                       });
  if (same == all.end() || same->id != file.name.id) {
    all.insert(same, {file.name.id, file.name.name, {std::move(file)}, 0, ""});
    return;
  }
  if (same->name != file.name.name) {
    diagnostics.error({file.path, 0, 0}, "duplicate-id",
                      "has the id of " + same->id + "_" + same->name +
                          "; give one of them a later id, `schemagen rebase` "
                          "does that for generated ones");
    return;
  }
  same->files.push_back(std::move(file));
}

void finish(Folder& folder, const std::vector<std::string>& dialects,
            Diagnostics& diagnostics) {
  for (FolderMigration& migration : folder.migrations) {
    std::sort(migration.files.begin(), migration.files.end(),
              [](const ScriptFile& a, const ScriptFile& b) {
                return std::tie(a.name.dialect, a.name.kind) <
                       std::tie(b.name.dialect, b.name.kind);
              });
    for (const ScriptFile& file : migration.files) {
      if (file.name.kind != Kind::code) continue;
      migration.revision = read_revision(file, diagnostics);
    }
    check_pairs(migration, dialects, diagnostics);
    migration.digest = digest_of(migration);
  }
}

/// What may have happened to it: the record is one digest for all its files.
std::string suspicion(const FolderMigration& migration,
                      const MigrationEntry& recorded) {
  if (migration.digest == recorded.digest) {
    return "it was called " + recorded.id + "_" + recorded.name;
  }
  std::string edited, missing;
  for (const ScriptFile& file : migration.files) {
    edited += (edited.empty() ? "" : " or ") +
              fs::path(file.path).filename().string();
    core::MigrationFileName down = file.name;
    down.kind = Kind::down;
    const ScriptFile* found = migration.find(Kind::down, down.dialect);
    if (file.name.kind != Kind::up || found != nullptr) continue;
    missing +=
        (missing.empty() ? ", or " : " or ") + core::format_file_name(down);
  }
  return edited + " was edited" + missing +
         (missing.empty() ? "" : " is missing");
}

/// Databases know a migration by its id: another one is another migration.
std::string where_to_find(const Folder& folder, const MigrationEntry& missing) {
  const auto& recorded = folder.snapshot.migrations;
  for (const FolderMigration& migration : folder.migrations) {
    if (migration.digest != missing.digest) continue;
    const auto same = std::find_if(
        recorded.begin(), recorded.end(),
        [&](const MigrationEntry& entry) { return entry.id == migration.id; });
    if (same != recorded.end()) continue;
    return "they are called " + migration.id + "_" + migration.name +
           " now, give them their names back";
  }
  return "restore them from version control";
}

}  // namespace

const ScriptFile* FolderMigration::find(Kind kind,
                                        const std::string& dialect) const {
  const ScriptFile* general = nullptr;
  for (const ScriptFile& file : files) {
    if (file.name.kind != kind) continue;
    if (file.name.dialect == dialect) return &file;
    if (file.name.dialect.empty()) general = &file;
  }
  return general;
}

std::string Folder::snapshot_path() const {
  return (fs::path(path) / kSnapshotFile).string();
}

const FolderMigration* Folder::find(const std::string& id) const {
  const auto at =
      std::lower_bound(migrations.begin(), migrations.end(), id,
                       [](const FolderMigration& m, const std::string& key) {
                         return m.id < key;
                       });
  return at != migrations.end() && at->id == id ? &*at : nullptr;
}

std::vector<OutputFile> read_scripts(const std::string& path,
                                     Diagnostics& diagnostics) {
  std::vector<OutputFile> scripts;
  for (const std::string& file : list_files(path, diagnostics)) {
    if (file == kSnapshotFile || file.front() == '.') continue;
    const std::string full = (fs::path(path) / file).string();
    const auto name = core::parse_file_name(file);
    if (!name) {
      check_name(full, file, diagnostics);
      continue;
    }
    auto bytes = read_file(full, diagnostics);
    // A script is there, if not readable: it must not be missed as well.
    if (!bytes && name->kind == Kind::code) continue;
    scripts.push_back({full, std::move(bytes).value_or("")});
  }
  return scripts;
}

Folder read_folder(const std::string& path,
                   const std::vector<std::string>& dialects, bool with_snapshot,
                   Diagnostics& diagnostics) {
  Folder empty;
  empty.path = path;
  Folder folder = with_files(std::move(empty), read_scripts(path, diagnostics),
                             dialects, diagnostics);
  std::error_code failure;
  if (with_snapshot && fs::exists(folder.snapshot_path(), failure)) {
    folder.snapshot_text = read_file(folder.snapshot_path(), diagnostics);
  }
  if (folder.snapshot_text) {
    folder.snapshot = read_snapshot(*folder.snapshot_text,
                                    folder.snapshot_path(), diagnostics);
  }
  return folder;
}

Folder view_folder(const std::string& path,
                   const std::vector<std::string>& dialects, bool with_snapshot,
                   Diagnostics& diagnostics) {
  const auto lock =
      FolderLock::acquire(path, FolderLock::Mode::shared, diagnostics);
  if (lock) return read_folder(path, dialects, with_snapshot, diagnostics);
  Folder unread;
  unread.path = path;
  return unread;
}

Folder with_files(Folder folder, const std::vector<OutputFile>& files,
                  const std::vector<std::string>& dialects,
                  Diagnostics& diagnostics) {
  for (const OutputFile& file : files) {
    const auto name =
        core::parse_file_name(fs::path(file.path).filename().string());
    if (!name) continue;  // the snapshot
    add_file(folder, parse_script(file.path, *name, file.content, diagnostics),
             diagnostics);
  }
  finish(folder, dialects, diagnostics);
  return folder;
}

void check_blocks(const Folder& folder, Diagnostics& diagnostics) {
  for (const FolderMigration& migration : folder.migrations) {
    for (const ScriptFile& file : migration.files) {
      for (int line :
           marked_lines(file.text, "-- schemagen: " + std::string(kFillIn))) {
        diagnostics.error({file.path, line, 1}, "unfilled-block",
                          "this step is still to be written by hand; write "
                          "it, delete this line and run `schemagen accept`");
      }
    }
  }
}

void check_record(const Folder& folder, Diagnostics& diagnostics) {
  if (!folder.snapshot_text && !folder.migrations.empty()) {
    diagnostics.error({folder.snapshot_path(), 0, 0}, "no-snapshot",
                      "is missing, though there are migrations; restore it "
                      "from version control, or run `schemagen accept` to "
                      "make it from the headers");
    return;
  }
  std::map<std::string, const MigrationEntry*> entries;
  std::string last;
  for (const MigrationEntry& entry : folder.snapshot.migrations) {
    entries[entry.id] = &entry;
    last = std::max(last, entry.id);
    if (folder.find(entry.id) != nullptr) continue;
    diagnostics.error(entry.at, "missing-migration",
                      "the files of migration " + entry.id + "_" + entry.name +
                          " are gone; " + where_to_find(folder, entry));
  }
  for (const FolderMigration& migration : folder.migrations) {
    const SourceLocation at{migration.files.front().path, 0, 0};
    const auto entry = entries.find(migration.id);
    if (entry == entries.end()) {
      const bool is_late = migration.id < last;
      diagnostics.error(
          at, is_late ? "late-migration" : "unrecorded-migration",
          is_late ? "is not in the snapshot and older than " + last +
                        ", which is; run `schemagen rebase` to put it on top"
                  : "is not in the snapshot; run `schemagen accept` to record "
                    "it, or delete it");
    } else if (entry->second->name != migration.name ||
               entry->second->digest != migration.digest) {
      diagnostics
          .error(at, "edited-migration",
                 "migration " + migration.id + "_" + migration.name +
                     " is not as the snapshot records it: " +
                     suspicion(migration, *entry->second) +
                     "; undo that, or run `schemagen accept` to record it")
          .notes.push_back({Severity::note,
                            "edited-migration",
                            "recorded here",
                            entry->second->at,
                            {},
                            {}});
    }
  }
}

std::vector<MigrationEntry> record(const Folder& folder) {
  std::vector<MigrationEntry> entries;
  for (const FolderMigration& migration : folder.migrations) {
    entries.push_back({migration.id, migration.name, migration.digest, {}});
  }
  return entries;
}

}  // namespace schemagen::gen
