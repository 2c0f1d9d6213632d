#include "dialect/dialect.hpp"

#include <array>

#include "dialect/engines.hpp"

namespace schemagen::gen {
namespace {

constexpr std::array<const Dialect* (*)(), 2> kDialects = {postgres_dialect,
                                                           sqlite_dialect};

}  // namespace

std::vector<std::string> Script::blocks() const {
  std::vector<std::string> texts;
  for (const Statement& statement : statements) {
    if (statement.block) texts.push_back(statement.comment);
  }
  return texts;
}

std::vector<std::string> Script::refusals() const {
  std::vector<std::string> reasons;
  for (const Statement& statement : statements) {
    if (statement.guard) reasons.push_back(statement.comment);
  }
  return reasons;
}

const Dialect* find_dialect(std::string_view name) {
  for (const auto dialect : kDialects) {
    if (dialect()->name() == name) return dialect();
  }
  return nullptr;
}

std::vector<std::string> dialect_names() {
  std::vector<std::string> names;
  names.reserve(std::size(kDialects));
  for (const auto dialect : kDialects) {
    names.emplace_back(dialect()->name());
  }
  return names;
}

}  // namespace schemagen::gen
