// The annotation vocabulary: one row per annotation, one row per option. Clang
// has checked spelling and type against annotations.hpp; what a value may be
// beyond its type, and where it may stand, is said here.
#pragma once

#include <string>
#include <vector>

#include "model/declarations.hpp"
#include "model/diagnostics.hpp"

namespace schemagen::gen {

enum class OptionKind {
  flag,
  size,       ///< a whole number, 0 or more
  name,       ///< of something in the database: 1 to 63 bytes of plain text
  collation,  ///< a name as well
  sql,        ///< text that goes into a statement as it is; not empty
  text,       ///< any text, may be empty
  members,    ///< a list of C++ members
  entity,     ///< "Type" or "Type::member"
  action,     ///< SG_CASCADE, ... as its number
  storage,    ///< SG_TEXT, ... as its number
};

/// Where an annotation stands.
enum class Place { record, member, enumeration, enumerator, type };

struct AnnotationRow {
  const char* kind;   ///< of schemagen.<kind>
  const char* macro;  ///< as users write it
  Place place;
  bool repeats;  ///< each is a thing of its own; others add up to one
};

struct OptionRow {
  const char* annotation;
  const char* name;
  OptionKind kind;
  /// The only engine that can hold it; "" = all. An error on a target that has
  /// no such dialect.
  const char* engine;
  bool mapping;  ///< SG_MAP_TYPE takes it as well
};

/// Of collations SQLite has three, and no other engine has those.
bool is_sqlite_collation(const std::string& name);

/// "SG_TABLE", "SG_INDEX", ...
std::vector<std::string> annotation_macros();
const AnnotationRow* find_annotation(const std::string& kind);
const OptionRow* find_option(const std::string& annotation,
                             const std::string& name);

/// The options of one annotation, or of several that add up, as values. Made
/// by read_options, which has judged each of them.
class Options {
 public:
  bool has(const std::string& name) const { return find(name) != nullptr; }
  const Option* find(const std::string& name) const;
  /// "" , false, 0 or an empty list when it was not written.
  std::string text(const std::string& name) const;
  bool flag(const std::string& name) const;
  std::int64_t number(const std::string& name) const;
  std::vector<std::string> list(const std::string& name) const;
  /// Of the value, else `otherwise`.
  SourceLocation at(const std::string& name,
                    const SourceLocation& otherwise) const;
  const std::vector<Option>& all() const { return options_; }

  /// Returns the option that has this name already, with another value.
  const Option* add(const Option& option);
  void replace(const Option& option);

 private:
  std::vector<Option> options_;
};

/// Judges and gathers the annotations of `kind` among `annotations`. An option
/// that is at fault is reported and left out.
Options read_options(const std::vector<Annotation>& annotations,
                     const std::string& kind,
                     const std::vector<std::string>& dialects,
                     Diagnostics& diagnostics);
Options read_options(const TypeMapping& mapping,
                     const std::vector<std::string>& dialects,
                     Diagnostics& diagnostics);

bool has_annotation(const std::vector<Annotation>& annotations,
                    const std::string& kind);

/// Reports what makes `name` no name for a database: empty, too long, control
/// characters, broken UTF-8. `what` begins the message: "table".
bool check_name(const std::string& name, const std::string& what,
                const SourceLocation& at, Diagnostics& diagnostics);

}  // namespace schemagen::gen
