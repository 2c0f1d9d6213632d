// Enums to the closed sets of values that columns hold.
#include "model/lower_entity.hpp"
#include "model/names.hpp"
#include "model/text.hpp"

namespace schemagen::gen {
namespace {

EnumValue lower_value(Lowering& lowering, const EnumDeclaration::Value& value) {
  check_places(value.annotations, Place::enumerator, lowering.diagnostics);
  Options options = read_options(value.annotations, "value", lowering.dialects,
                                 lowering.diagnostics);
  std::string name = options.has("name") ? options.text("name") : value.name;
  return {name, value.name, value.number, value.at};
}

/// An enumerator with the number of an earlier one is another spelling of the
/// same value: C++ cannot tell them apart either.
bool is_alias(const Enum& e, const EnumValue& value) {
  for (const EnumValue& known : e.values) {
    if (known.number == value.number) return true;
  }
  return false;
}

void add_value(Lowering& lowering, Enum& e, const EnumValue& value) {
  if (is_alias(e, value)) return;
  if (const EnumValue* other = e.find_value(value.name)) {
    report_double(lowering.diagnostics, value.at, other->at, "duplicate-value",
                  "enumerators '" + other->enumerator + "' and '" +
                      value.enumerator + "' are both stored as '" + value.name +
                      "'; give one another SG_VALUE(.name)");
  }
  e.values.push_back(value);
}

Enum lower_enum(Lowering& lowering, const EnumDeclaration& declaration) {
  check_places(declaration.annotations, Place::enumeration,
               lowering.diagnostics);
  Options options = read_options(declaration.annotations, "enum",
                                 lowering.dialects, lowering.diagnostics);
  Enum e;
  e.name = options.has("name") ? options.text("name")
                               : snake_case(unqualified(declaration.name));
  check_name(e.name, "the enum '" + declaration.name + "'",
             options.at("name", declaration.at), lowering.diagnostics);
  e.storage = static_cast<EnumStorage>(options.number("storage"));
  e.cpp_name = declaration.name;
  e.at = declaration.at;
  for (const EnumDeclaration::Value& value : declaration.values) {
    if (value.is_beyond && e.storage == EnumStorage::integer) {
      lowering.diagnostics.error(value.at, "enumerator-range",
                                 value.name +
                                     " is greater than any 64-bit signed "
                                     "integer; choose a smaller value, or "
                                     ".storage = SG_TEXT");
    }
    add_value(lowering, e, lower_value(lowering, value));
  }
  if (e.values.empty()) {
    lowering.diagnostics.error(declaration.at, "empty-enum",
                               "enum '" + declaration.name +
                                   "' has no enumerators, so no value could "
                                   "be stored; add one");
  }
  return e;
}

}  // namespace

const Enum* use_enum(Lowering& lowering, const std::string& cpp_name) {
  auto used = lowering.used_enums.find(cpp_name);
  if (used != lowering.used_enums.end()) return &used->second;
  auto declared = lowering.enums.find(cpp_name);
  if (declared == lowering.enums.end()) return nullptr;
  Enum e = lower_enum(lowering, *declared->second);
  return &lowering.used_enums.emplace(cpp_name, std::move(e)).first->second;
}

}  // namespace schemagen::gen
