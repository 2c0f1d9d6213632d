// Every name that the generator makes. These rules are a format: they are
// stable for ever, because databases in the field carry the names.
#pragma once

#include <string>
#include <vector>

#include "model/schema.hpp"

namespace schemagen::gen {

/// "HTTPServer2" -> "http_server2", "teamId" -> "team_id".
std::string snake_case(const std::string& cpp_name);

/// PostgreSQL cuts names at 63 bytes without a word; a longer one is shortened
/// here at a character boundary, with a digest of the whole at its end.
inline constexpr std::size_t kMaxNameBytes = 63;
std::string shorten(const std::string& name);

/// The name the user gave, else the made one, shortened.
std::string primary_key_name(const Table& table);
std::string unique_name(const Table& table, const Unique& unique);
std::string index_name(const Table& table, const Index& index);
std::string check_name(const Table& table, const Check& check);
std::string foreign_key_name(const Table& table, const ForeignKey& key);
/// Of a check that a column's type implies: `rule` is "enum", "length", ...
std::string implied_check_name(const Table& table, const Column& column,
                               const std::string& rule);

}  // namespace schemagen::gen
