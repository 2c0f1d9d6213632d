#include "support/plan_set.hpp"

#include "emit/script_text.hpp"

namespace schemagen::test {

using namespace gen;

std::string id_of(std::size_t version) {
  return std::to_string(20260101000000 + static_cast<long long>(version));
}

std::string script_of(const Dialect& dialect, const Plan& plan) {
  return script_text(dialect.render(plan), plan);
}

std::vector<PreparedDialect> prepare_plans(const std::string& dialect,
                                           const std::vector<Plan>& plans,
                                           Diagnostics& diagnostics) {
  using Kind = core::MigrationFileName::Kind;
  Folder folder;
  for (const Plan& plan : plans) {
    FolderMigration made;
    made.id = id_of(folder.migrations.size() + 1);
    made.name = "step";
    for (const Kind kind : {Kind::up, Kind::down}) {
      ScriptFile file;
      file.name = {made.id, made.name, dialect, kind};
      file.path = core::format_file_name(file.name);
      file.text = script_of(*find_dialect(dialect),
                            kind == Kind::up ? plan : reverse(plan));
      file.directives = core::parse_directives(file.text);
      made.files.push_back(std::move(file));
    }
    folder.migrations.push_back(std::move(made));
  }
  return prepare(folder, {dialect}, diagnostics);
}

}  // namespace schemagen::test
