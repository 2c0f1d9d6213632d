#include "emit/prepared.hpp"

#include <deque>
#include <limits>
#include <utility>

#include "core/checksum.hpp"
#include "dialect/dialect.hpp"

namespace schemagen::gen {
namespace {

using Kind = core::MigrationFileName::Kind;

PreparedScript prepare_script(const Dialect& dialect, const ScriptFile& file,
                              Diagnostics& diagnostics) {
  PreparedScript script;
  script.present = true;
  script.text = file.text;
  if (file.text.size() > std::numeric_limits<std::uint32_t>::max()) {
    diagnostics.error({file.path, 0, 0}, "script-too-long",
                      "is longer than 4 GiB; split the migration");
    return script;
  }
  const auto ranges =
      dialect.cut(file.text, file.path, !file.directives.no_transaction,
                  file.directives.unchecked, diagnostics);
  for (const StatementRange& range : ranges) {
    const std::string_view text =
        std::string_view(file.text).substr(range.offset, range.length);
    script.statements.push_back({static_cast<std::uint32_t>(range.offset),
                                 static_cast<std::uint32_t>(range.length),
                                 core::is_guard(text)});
  }
  return script;
}

void add_names(std::vector<std::string>& names,
               const std::vector<std::string>& more) {
  for (const std::string& name : more) {
    bool known = false;
    for (const std::string& old : names) known = known || old == name;
    if (!known) names.push_back(name);
  }
}

void prepare_scripts(const Dialect& dialect, const FolderMigration& source,
                     PreparedMigration& migration, Diagnostics& diagnostics) {
  const std::string name(dialect.name());
  core::Directives up_head;
  core::Directives down_head;
  if (const ScriptFile* up = source.find(Kind::up, name)) {
    migration.up = prepare_script(dialect, *up, diagnostics);
    up_head = up->directives;
    add_names(migration.rebuilds, up->directives.rebuilds);
  }
  if (const ScriptFile* down = source.find(Kind::down, name)) {
    migration.down = prepare_script(dialect, *down, diagnostics);
    down_head = down->directives;
    add_names(migration.rebuilds, down->directives.rebuilds);
  }
  migration.minimum_server =
      std::max(minimum_server(name, migration.up.text),
               minimum_server(name, migration.down.text));
  migration.flags = core::flags_of(up_head, down_head);
  migration.checksum =
      core::scripts_checksum(migration.up.text, migration.down.text);
}

PreparedDialect prepare_dialect(const Folder& folder, const Dialect& dialect,
                                Diagnostics& diagnostics) {
  PreparedDialect result;
  result.dialect = std::string(dialect.name());
  std::string chain;
  for (const FolderMigration& source : folder.migrations) {
    PreparedMigration migration;
    migration.id = source.id;
    migration.name = source.name;
    migration.is_code = source.is_code();
    if (source.is_code()) {
      migration.checksum = core::migration_checksum(
          source.name, std::to_string(source.revision), "code " + source.id);
    } else {
      prepare_scripts(dialect, source, migration, diagnostics);
    }
    chain = core::chain_checksum(chain, migration.id, migration.checksum);
    migration.chain = chain;
    result.migrations.push_back(std::move(migration));
  }
  return result;
}

}  // namespace

std::vector<PreparedDialect> prepare(const Folder& folder,
                                     const std::vector<std::string>& dialects,
                                     Diagnostics& diagnostics) {
  std::vector<PreparedDialect> result;
  for (const std::string& name : dialects) {
    const Dialect* dialect = find_dialect(name);
    if (dialect == nullptr) continue;  // the project reader has reported it
    result.push_back(prepare_dialect(folder, *dialect, diagnostics));
  }
  return result;
}

struct MemorySet::Storage {
  std::string name;
  std::vector<PreparedDialect> prepared;
  std::deque<std::vector<const char*>> rebuilds;
  std::deque<std::vector<EmbeddedMigration>> migrations;
  std::vector<EmbeddedDialect> dialects;
  MigrationSet set{};
};

namespace {

EmbeddedScript view(const PreparedScript& script) {
  if (!script.present) return {nullptr, 0, nullptr, 0};
  return {script.text.c_str(), script.text.size(), script.statements.data(),
          script.statements.size()};
}

}  // namespace

MemorySet::MemorySet(std::string name, std::vector<PreparedDialect> dialects)
    : storage_(std::make_unique<Storage>()) {
  Storage& s = *storage_;
  s.name = std::move(name);
  s.prepared = std::move(dialects);
  for (const PreparedDialect& dialect : s.prepared) {
    auto& rows = s.migrations.emplace_back();
    for (const PreparedMigration& m : dialect.migrations) {
      if (m.is_code) continue;
      auto& names = s.rebuilds.emplace_back();
      for (const std::string& table : m.rebuilds)
        names.push_back(table.c_str());
      names.push_back(nullptr);
      rows.push_back({m.id.c_str(), m.name.c_str(), m.flags, view(m.up),
                      view(m.down), names.data(), m.minimum_server, nullptr,
                      nullptr, m.checksum.c_str(), m.chain.c_str()});
    }
    s.dialects.push_back({dialect.dialect.c_str(), find_driver(dialect.dialect),
                          rows.data(), rows.size()});
  }
  s.set = {s.name.c_str(), s.dialects.data(), s.dialects.size()};
}

MemorySet::~MemorySet() = default;

const MigrationSet& MemorySet::set() const { return storage_->set; }

}  // namespace schemagen::gen
