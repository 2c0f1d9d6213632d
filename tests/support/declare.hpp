// Declarations by hand: what the scanner would hand over, in a few words.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/declarations.hpp"
#include "model/diagnostics.hpp"
#include "model/lower.hpp"

namespace schemagen::gen::test {

inline SourceLocation at(int line, int column = 1,
                         const std::string& file = "user.hpp") {
  return {file, line, column};
}

inline CppType type(CppType::Kind kind, const std::string& name, int bits = 0,
                    bool is_signed = false) {
  CppType result;
  result.kind = kind;
  result.name = name;
  result.bits = bits;
  result.is_signed = is_signed;
  return result;
}

inline CppType int64() {
  return type(CppType::Kind::integer, "long", 64, true);
}
inline CppType int32() { return type(CppType::Kind::integer, "int", 32, true); }
inline CppType text() {
  return type(CppType::Kind::string, "std::basic_string<char>");
}
inline CppType record(const std::string& name) {
  return type(CppType::Kind::record, name);
}
inline CppType enumeration(const std::string& name) {
  return type(CppType::Kind::enumeration, name);
}
inline CppType other(const std::string& name) {
  return type(CppType::Kind::other, name);
}
inline CppType optional(CppType inner) {
  CppType result =
      type(CppType::Kind::optional, "std::optional<" + inner.name + ">");
  result.inner.push_back(std::move(inner));
  return result;
}

/// Options stand on line `line`, from column 20 on, ten columns each; strings
/// of a list one column apart.
inline Annotation annotation(
    const std::string& kind, int line,
    const std::vector<std::pair<std::string, OptionValue>>& options = {}) {
  Annotation result{kind, {}, at(line, 8)};
  int column = 20;
  for (const auto& entry : options) {
    Option option{entry.first, entry.second, at(line, column), {}};
    if (auto* list = std::get_if<std::vector<std::string>>(&option.value)) {
      for (std::size_t i = 0; i < list->size(); ++i) {
        SourceLocation place = at(line, column + 1 + static_cast<int>(i));
        place.literal_end =
            place.column + static_cast<int>((*list)[i].size()) + 2;
        option.element_at.push_back(std::move(place));
      }
    }
    result.options.push_back(std::move(option));
    column += 10;
  }
  return result;
}

inline OptionValue str(const std::string& value) { return OptionValue(value); }
inline OptionValue num(std::int64_t value) { return OptionValue(value); }
inline OptionValue yes() { return OptionValue(true); }
inline OptionValue names(std::vector<std::string> value) {
  return OptionValue(std::move(value));
}

inline Member member(
    const std::string& name, CppType cpp, int line,
    const std::vector<std::pair<std::string, OptionValue>>& options = {}) {
  Member result;
  result.name = name;
  result.type = std::move(cpp);
  result.at = at(line, 3);
  if (!options.empty()) {
    result.annotations.push_back(annotation("column", line, options));
  }
  return result;
}

inline Member with(Member member, Literal::Kind kind, const std::string& value,
                   const std::string& spelled = "") {
  member.initializer = {Initializer::Kind::constant,
                        {kind, value},
                        spelled,
                        at(member.at.line, 40)};
  return member;
}
inline Member computed(Member member, const std::string& spelled) {
  member.initializer.kind = Initializer::Kind::not_constant;
  member.initializer.spelled = spelled;
  member.initializer.at = at(member.at.line, 40);
  return member;
}

/// A struct with SG_TABLE(), at line 1 of its own header.
inline Record entity(const std::string& name, std::vector<Member> members,
                     std::vector<Annotation> more = {}) {
  Record result;
  result.name = name;
  result.annotations.push_back(annotation("table", 1));
  for (Annotation& one : more) result.annotations.push_back(std::move(one));
  result.members = std::move(members);
  result.at = at(1, 8);
  return result;
}

inline Record value_struct(const std::string& name,
                           std::vector<Member> members) {
  Record result;
  result.name = name;
  result.members = std::move(members);
  result.at = at(1, 8, "value.hpp");
  return result;
}

inline EnumDeclaration enumeration_of(const std::string& name,
                                      const std::vector<std::string>& values) {
  EnumDeclaration result;
  result.name = name;
  result.at = at(1, 12, "enum.hpp");
  std::int64_t number = 0;
  for (const std::string& value : values) {
    int line = static_cast<int>(number) + 2;
    result.values.push_back(
        {value, number++, false, {}, at(line, 3, "enum.hpp")});
  }
  return result;
}

struct Lowered {
  Schema schema;
  std::string messages;
};

inline Lowered lowered(const Declarations& declarations,
                       const std::vector<std::string>& dialects = {"postgres",
                                                                   "sqlite"}) {
  Diagnostics diagnostics;
  Lowered result;
  result.schema = lower(declarations, dialects, diagnostics);
  result.messages = to_text(diagnostics.sorted(), false);
  return result;
}

}  // namespace schemagen::gen::test
