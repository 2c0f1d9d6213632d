#include "commands/replay.hpp"

#include <algorithm>
#include <utility>

#include "core/checksum.hpp"
#include "dialect/catalog.hpp"
#include "dialect/dialect.hpp"
#include "schemagen/migrator.hpp"

namespace schemagen::gen {
namespace {

using Kind = core::MigrationFileName::Kind;

/// All of `schema` by one plan.
Script fresh_script(const Dialect& dialect, const Schema& schema) {
  Diagnostics none;
  return dialect.render(make_plan({}, schema, {}, none));
}

/// An empty database after that script.
Result<Catalog> fresh_catalog(const Script& script, Database& empty) {
  for (const Statement& statement : script.statements) {
    if (statement.guard) continue;
    const auto done = empty.execute(statement.sql);
    if (!done) return done.error();
  }
  return read_catalog(empty);
}

/// A group of migrations, which the runtime makes by itself, may hold them all.
bool can_be_one_run(const PreparedDialect& dialect) {
  constexpr unsigned kApart = kNoTransaction | kForeignKeysOn | kBatch;
  const auto& all = dialect.migrations;
  return std::none_of(all.begin(), all.end(), [](const PreparedMigration& m) {
    return m.is_code || (m.flags & kApart) != 0;
  });
}

/// One replay on its database.
class Replay {
 public:
  Replay(const PreparedDialect& dialect, const Folder& folder,
         const Scratch& scratch, Diagnostics& diagnostics)
      : name_(dialect.dialect),
        folder_(folder),
        scratch_(scratch),
        diagnostics_(diagnostics),
        set_("replay", std::vector<PreparedDialect>(1, dialect)),
        is_one_run_(memory_scratch(dialect.dialect) &&
                    can_be_one_run(dialect)) {
    for (const PreparedMigration& migration : dialect.migrations) {
      if (!migration.is_code) has_way_back_.push_back(migration.has_way_back());
    }
  }

  std::vector<std::string> run(const Schema* schema, Depth depth) {
    database_ = open();
    if (!database_ || !try_early_stretches(depth)) return {};
    if (!go_up(first_back_, count())) return {};
    const auto after = read_catalog(*database_);
    if (!after) return fail(after.error(), Kind::up);
    if (schema != nullptr && !compare_with(*schema, *after, depth)) return {};
    go_there_again(*after, count());
    return after->unmodelled;
  }

 private:
  std::size_t count() const { return has_way_back_.size(); }

  /// What has no way back parts the migrations into stretches, and each has to
  /// be taken back before the next up goes over its end. The last one, which
  /// may be empty, is left to the caller.
  bool try_early_stretches(Depth depth) {
    first_back_ = count() - std::min(count(), static_cast<std::size_t>(depth));
    for (std::size_t i = first_back_; i < count(); ++i) {
      if (has_way_back_[i]) continue;
      if (i > first_back_) {
        if (!go_up(first_back_, i)) return false;
        const auto after = read_catalog(*database_);
        if (!after) {
          fail(after.error(), Kind::up);
          return false;
        }
        if (!go_there_again(*after, i)) return false;
      }
      first_back_ = i + 1;
    }
    return true;
  }

  /// Back over the stretch that ends before `end`, and up again.
  bool go_there_again(const Catalog& after, std::size_t end) {
    if (before_.empty()) return true;
    if (!go_back() || !reach(end)) return false;
    const auto again = read_catalog(*database_);
    if (!again) {
      fail(again.error(), Kind::up);
      return false;
    }
    return same(after, *again, "up after down leads elsewhere than up",
                id_at(end - 1), Kind::up);
  }

  /// An empty database; nullptr: there is none, which is no script's fault.
  std::unique_ptr<Database> open() {
    auto database = scratch_();
    if (database) return std::move(*database);
    diagnostics_.error({}, kNotVerified,
                       name_ +
                           " was not tried, because no scratch database "
                           "could be made (" +
                           database.error().message +
                           "); give with --url a server whose user may create "
                           "databases");
    return nullptr;
  }

  MigrateOptions options() const {
    MigrateOptions options;
    options.allow_data_loss = true;
    options.all_or_nothing = is_one_run_;
    return options;
  }

  bool up() {
    const auto done = Migrator(*database_, set_.set(), options()).up();
    if (!done) fail(done.error(), Kind::up);
    return static_cast<bool>(done);
  }

  bool step(Result<Report> (Migrator::*call)(std::string_view),
            const std::string& id, Kind kind) {
    Migrator migrator(*database_, set_.set(), options());
    const auto done = (migrator.*call)(id);
    if (!done) fail(done.error(), kind);
    return static_cast<bool>(done);
  }

  /// What a catalogue says, in few bytes: a long history has many.
  static std::string digest(const Catalog& catalog) {
    std::string text;
    for (const auto& [object, lines] : catalog.objects) {
      text += object + "\n";
      for (const std::string& line : lines) text += " " + line + "\n";
    }
    return core::sha256(text);
  }

  const char* id_at(std::size_t index) const {
    return set_.set().dialects[0].migrations[index].id;
  }

  /// So far that `end` migrations are up.
  bool reach(std::size_t end) {
    if (end == count()) return up();
    return end == 0 || step(&Migrator::up_to, id_at(end - 1), Kind::up);
  }

  /// Up, noting the state before each migration that will be taken back.
  bool go_up(std::size_t begin, std::size_t end) {
    before_.clear();
    for (std::size_t i = begin; i < end; ++i) {
      if (!reach(i)) return false;
      const auto before = read_catalog(*database_);
      if (!before) {
        fail(before.error(), Kind::up);
        return false;
      }
      before_.push_back(digest(*before));
    }
    return reach(end);
  }

  /// Down one by one; each has to lead to where its up began.
  bool go_back() {
    for (std::size_t left = before_.size(); left > 0; --left) {
      const std::size_t index = first_back_ + left - 1;
      Migrator migrator(*database_, set_.set(), options());
      const auto down = migrator.down(1);
      if (!down) {
        fail(down.error(), Kind::down);
        return false;
      }
      const auto now = read_catalog(*database_);
      if (!now) {
        fail(now.error(), Kind::down);
        return false;
      }
      if (digest(*now) == before_[left - 1]) continue;
      return tell_wrong_down(index, *now);
    }
    return true;
  }

  /// The state that the down should have led to is made once more, to say what
  /// differs.
  bool tell_wrong_down(std::size_t index, const Catalog& now) {
    const std::unique_ptr<Database> wrong = std::move(database_);
    database_ = open();
    if (!database_) return false;
    if (!reach(index)) return false;
    const auto wanted = read_catalog(*database_);
    if (!wanted) {
      fail(wanted.error(), Kind::down);
      return false;
    }
    return same(*wanted, now,
                "the down script does not lead back to where its up began",
                id_at(index), Kind::down);
  }

  /// Every build compares with what the engine would keep of the schema's own
  /// CREATE statements, which it need not run for that; where that leaves a
  /// doubt, and wherever more than the way up is tried, they are run.
  bool compare_with(const Schema& schema, const Catalog& actual, Depth depth) {
    const Script script = fresh_script(*find_dialect(name_), schema);
    if (depth == Depth::none) {
      const auto foreseen = foresee_catalog(name_, script);
      if (foreseen && difference(*foreseen, actual).empty()) return true;
    }
    const auto empty = open();
    if (!empty) return false;
    const auto wanted = fresh_catalog(script, *empty);
    if (!wanted && is_of_the_machine(wanted.error())) {
      fail(wanted.error(), Kind::up);
      return false;
    }
    if (!wanted) {
      diagnostics_.error(
          {folder_.snapshot_path(), 0, 0}, "fresh-failed",
          name_ + " refuses the schema itself: " + wanted.error().message +
              "; mend the entity that it names");
      return false;
    }
    return same(*wanted, actual, "the up scripts do not lead to the snapshot",
                "", Kind::up);
  }

  bool same(const Catalog& wanted, const Catalog& actual,
            const std::string& what, const std::string& id, Kind kind) {
    const auto lines = difference(wanted, actual);
    if (lines.empty()) return true;
    const std::string path = folder_.migrations.empty()
                                 ? folder_.snapshot_path()
                                 : script_path(id, kind);
    Diagnostic& error = diagnostics_.error(
        {path, 0, 0}, "replay-differs",
        what + " on " + name_ +
            "; mend the scripts, what they leave is told below");
    for (const std::string& line : lines) {
      Diagnostic note;
      note.severity = Severity::note;
      note.id = "replay-differs";
      note.message = line;
      note.at = {path, 0, 0};
      error.notes.push_back(std::move(note));
    }
    return false;
  }

  /// The script of a migration; of the last one when `id` is "".
  std::string script_path(const std::string& id, Kind kind) const {
    const FolderMigration* migration = folder_.find(id);
    if (id.empty() && !folder_.migrations.empty()) {
      migration = &folder_.migrations.back();
    }
    if (migration == nullptr) return folder_.path;
    const ScriptFile* script = migration->find(kind, name_);
    return script != nullptr ? script->path : migration->files.front().path;
  }

  std::vector<std::string> fail(const Error& error, Kind kind) {
    const std::string& text =
        error.database_text.empty() ? error.message : error.database_text;
    if (is_of_the_machine(error)) {
      diagnostics_.error({}, kNotVerified,
                         name_ +
                             " was not tried to the end, because its scratch "
                             "database gave up (" +
                             text + "); run this again when it can be had");
      return {};
    }
    diagnostics_.error(
        {script_path(error.migration, kind), error.line, error.column},
        "replay-failed", name_ + " refuses it: " + text + "; mend the script");
    return {};
  }

  /// A connection that ends, a disk that is full: no script can be mended so
  /// that these do not happen. In memory there is no connection to lose.
  bool is_of_the_machine(const Error& error) const {
    if (error.code == ErrorCode::connection && !memory_scratch(name_)) {
      return true;
    }
    for (const char* text : {"No space left on device", "disk is full",
                             "disk I/O error", "out of memory"}) {
      if (error.database_text.find(text) != std::string::npos) return true;
    }
    return false;
  }

  std::string name_;
  const Folder& folder_;
  const Scratch& scratch_;
  Diagnostics& diagnostics_;
  MemorySet set_;
  bool is_one_run_;  ///< in memory nobody else comes between two groups
  std::unique_ptr<Database> database_;
  std::vector<bool> has_way_back_;   ///< of each migration of set_
  std::size_t first_back_ = 0;       ///< of the stretch that is taken back
  std::vector<std::string> before_;  ///< digests, from first_back_ on
};

}  // namespace

Scratch memory_scratch(const std::string& dialect) {
  // Engines whose databases live in memory, and the URL of such a one.
  constexpr std::pair<const char*, const char*> kInMemory[] = {
      {"sqlite", ":memory:"}};
  for (const auto& row : kInMemory) {
    if (dialect != row.first) continue;
    const Connector* driver = find_driver(dialect);
    if (driver == nullptr) return {};
    return [driver, url = row.second] { return driver->open(url); };
  }
  return {};
}

std::vector<std::string> replay(const PreparedDialect& dialect,
                                const Folder& folder, const Schema* schema,
                                Depth depth, const Scratch& scratch,
                                Diagnostics& diagnostics) {
  return Replay(dialect, folder, scratch, diagnostics).run(schema, depth);
}

}  // namespace schemagen::gen
