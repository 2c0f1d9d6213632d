// The words of the snapshot's closed sets, shared by its writer and reader.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <utility>

#include "model/schema.hpp"
#include "model/snapshot.hpp"

namespace schemagen::gen {

inline constexpr std::array<std::pair<Literal::Kind, const char*>, 7>
    kLiteralWords = {{{Literal::Kind::null, "null"},
                      {Literal::Kind::boolean, "bool"},
                      {Literal::Kind::integer, "integer"},
                      {Literal::Kind::real, "real"},
                      {Literal::Kind::text, "text"},
                      {Literal::Kind::blob, "blob"},
                      {Literal::Kind::enumerator, "value"}}};

inline constexpr std::array<std::pair<Action, const char*>, 5> kActionWords = {
    {{Action::no_action, "no action"},
     {Action::restrict_, "restrict"},
     {Action::cascade, "cascade"},
     {Action::set_null, "set null"},
     {Action::set_default, "set default"}}};

inline constexpr std::array<std::pair<EnumStorage, const char*>, 3>
    kStorageWords = {{{EnumStorage::text, "text"},
                      {EnumStorage::integer, "integer"},
                      {EnumStorage::native, "native"}}};

template <class Words, class Value>
const char* word_of(const Words& words, Value value) {
  for (const auto& row : words) {
    if (row.first == value) return row.second;
  }
  return words.front().second;
}

template <class Value, std::size_t N>
std::optional<Value> value_of(
    const std::array<std::pair<Value, const char*>, N>& words,
    const std::string& word) {
  for (const auto& row : words) {
    if (word == row.second) return row.first;
  }
  return std::nullopt;
}

}  // namespace schemagen::gen
