// What the scanner hands over: the annotated declarations of a target as plain
// rows, before any meaning is given to them. No Clang type gets further than
// this, so everything after it is tested and fuzzed without LLVM, and a
// header's rows can be cached.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "model/schema.hpp"

namespace schemagen::gen {

/// A value that stands behind `.option =`. An enum constant of the vocabulary
/// (SG_CASCADE, SG_TEXT) arrives as its number.
using OptionValue =
    std::variant<bool, std::int64_t, std::string, std::vector<std::string>>;

struct Option {
  std::string name;
  OptionValue value;
  SourceLocation at;                       ///< of the value
  std::vector<SourceLocation> element_at;  ///< of each string of a list
};

struct Annotation {
  std::string kind;  ///< "table", "column", "index", ... of schemagen.<kind>
  std::vector<Option> options;  ///< only those that were written
  SourceLocation at;
};

/// A C++ type, seen through aliases, as far as mapping it needs.
struct CppType {
  enum class Kind {
    boolean,
    integer,      ///< bits, is_signed (char is an integer of 8 bits)
    floating,     ///< bits
    string,       ///< std::string, string_view, other basic_string<char>
    char_array,   ///< char[count] or std::array<char, count>
    bytes,        ///< vector of bytes; count > 0: array of exactly so many
    optional,     ///< inner[0]
    enumeration,  ///< name
    time_point,   ///< of system_clock; period
    local_time,   ///< time_point of local_t; period
    duration,     ///< period; bits / is_signed of the representation
    date,         ///< year_month_day, sys_days
    time_of_day,  ///< hh_mm_ss; period
    path,         ///< std::filesystem::path
    record,       ///< name; see Declarations::records
    other,        ///< name only: nothing is known about it
  };
  Kind kind = Kind::other;
  std::string name;  ///< qualified canonical name, equal for all LLVM versions
  int bits = 0;
  bool is_signed = false;
  std::int64_t count = 0;
  std::int64_t period_num = 1;  ///< seconds per tick, as std::ratio
  std::int64_t period_den = 1;
  std::vector<CppType> inner;
};

/// What a member's initialiser is worth as a DEFAULT.
struct Initializer {
  enum class Kind { none, constant, not_constant };
  Kind kind = Kind::none;
  Literal value;        ///< when constant; an enumerator has its C++ name
  std::string spelled;  ///< source text, for the note when not constant
  SourceLocation at;
};

struct Member {
  std::string name;  ///< empty: an unnamed struct or union
  CppType type;
  std::vector<Annotation> annotations;
  Initializer initializer;
  std::string comment;  ///< the doc comment, whole and trimmed
  SourceLocation at;
};

/// A class or struct: an entity, or one that an entity embeds. Members of
/// public bases come first, in order of the bases.
struct Record {
  std::string name;  ///< qualified: "app::User"
  std::vector<Annotation> annotations;
  std::vector<Member> members;
  bool hides_data = false;  ///< members or bases that are not public
  std::string comment;
  SourceLocation at;
};

struct EnumDeclaration {
  struct Value {
    std::string name;
    std::int64_t number = 0;  ///< modulo 2^64
    bool is_beyond = false;   ///< greater than any 64-bit signed integer
    std::vector<Annotation> annotations;
    SourceLocation at;
  };
  std::string name;  ///< qualified
  std::vector<Annotation> annotations;
  std::vector<Value> values;  ///< in order of declaration
  SourceLocation at;
};

/// One SG_MAP_TYPE line: options of SG_COLUMN that hold for every member of
/// this type unless the member says otherwise.
struct TypeMapping {
  std::string type;  ///< qualified canonical name
  std::vector<Option> options;
  SourceLocation at;
};

/// Another name of an entity, for .references.
struct Alias {
  std::string name;    ///< qualified, inside of an entity by the entity
  std::string entity;  ///< Record::name
  SourceLocation at;   ///< inside of an entity that of the entity
};

/// Everything one target declares. Records without a table annotation are here
/// only when an entity's member has their type.
struct Declarations {
  std::vector<Record> records;
  std::vector<EnumDeclaration> enums;
  std::vector<TypeMapping> mappings;
  std::vector<Alias> aliases;
};

}  // namespace schemagen::gen
