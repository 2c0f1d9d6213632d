// The inside of lower(): what its steps hand to each other. Nothing outside
// the lower_*.cpp files includes this.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "model/declarations.hpp"
#include "model/diagnostics.hpp"
#include "model/options.hpp"
#include "model/schema.hpp"

namespace schemagen::gen {

/// One member that is a column; table.columns has the column at the same
/// index until the schema is made canonical.
struct EntityMember {
  std::string path;  ///< "home.zip"
  Options options;   ///< of its SG_COLUMN
};

struct Entity {
  const Record* record = nullptr;
  Table table;
  std::vector<EntityMember> members;
  /// Members that are no column, and what they are instead; "" when that is
  /// reported already.
  std::map<std::string, std::string> others;

  /// Index into members and table.columns, or npos.
  std::size_t find(const std::string& path) const;
  std::vector<std::string> paths() const;
};

/// What every step needs.
struct Lowering {
  const Declarations& declarations;
  const std::vector<std::string>& dialects;
  Diagnostics& diagnostics;
  std::map<std::string, const Record*> records;
  std::map<std::string, const EnumDeclaration*> enums;
  std::map<std::string, Options> mappings;
  std::map<std::string, Enum> used_enums;  ///< by C++ name
};

/// "app::Box<int>::Inner" -> "Inner".
std::string unqualified(const std::string& cpp_name);

/// Reports annotations that stand where they mean nothing.
void check_places(const std::vector<Annotation>& annotations, Place place,
                  Diagnostics& diagnostics);

/// Reports a comment that no database would take.
void check_comment(const std::string& comment, const std::string& of,
                   const SourceLocation& at, Diagnostics& diagnostics);

/// The enum as a database knows it, lowered at its first use; nullptr when it
/// is not declared.
const Enum* use_enum(Lowering& lowering, const std::string& cpp_name);

/// Columns of one entity, without keys.
Entity lower_columns(Lowering& lowering, const Record& record);

/// Primary keys, uniques, indexes and checks of all entities.
void lower_keys(Lowering& lowering, std::vector<Entity>& entities);

/// Foreign keys, once the keys of every entity are known.
void lower_references(const Lowering& lowering, std::vector<Entity>& entities);

/// Names that meet: tables, columns, indexes, constraints, enums.
void check_names(const Lowering& lowering, const std::vector<Entity>& entities);

/// A word that names nothing, and what was probably meant.
struct UnknownWord {
  SourceLocation at;
  std::string id;
  std::string what;    ///< begins the message
  std::string near;    ///< offered with a fix; "" = nothing is near
  std::string advice;  ///< ends the message then
  std::string before;  ///< what stands before the word in its string
};
void report_unknown(Diagnostics& diagnostics, const UnknownWord& unknown);

/// Something exists twice; a note shows the other one.
void report_double(Diagnostics& diagnostics, const SourceLocation& at,
                   const SourceLocation& other, const std::string& id,
                   const std::string& message);

}  // namespace schemagen::gen
