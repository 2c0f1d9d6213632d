#include "model/names.hpp"

#include "core/checksum.hpp"
#include "model/sql_tokens.hpp"

namespace schemagen::gen {
namespace {

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

/// Anything a capital letter may follow as the start of a new word. Bytes of
/// non-ASCII letters count as lower case.
bool ends_word(char c) { return c != '_' && !is_upper(c); }

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

std::string digest(const std::string& text) {
  return core::sha256(text).substr(0, 8);
}

std::string joined(const std::vector<std::string>& names) {
  std::string all;
  for (const std::string& name : names) all += '_' + name;
  return all;
}

std::string chosen(const std::string& given, const std::string& made) {
  return given.empty() ? shorten(made) : given;
}

}  // namespace

std::string snake_case(const std::string& cpp_name) {
  std::string out;
  for (std::size_t i = 0; i < cpp_name.size(); ++i) {
    char c = cpp_name[i];
    if (!is_upper(c)) {
      out += c;
      continue;
    }
    char before = i > 0 ? cpp_name[i - 1] : '_';
    char after = i + 1 < cpp_name.size() ? cpp_name[i + 1] : '\0';
    bool last_of_capitals = is_upper(before) && after >= 'a' && after <= 'z';
    if (ends_word(before) || last_of_capitals) out += '_';
    out += static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::string shorten(const std::string& name) {
  if (name.size() <= kMaxNameBytes) return name;
  std::string tail = '_' + digest(name);
  std::size_t keep = kMaxNameBytes - tail.size();
  while (keep > 0 && is_continuation(name[keep])) --keep;
  return name.substr(0, keep) + tail;
}

std::string primary_key_name(const Table& table) {
  return shorten(table.name + "_pkey");
}

std::string unique_name(const Table& table, const Unique& unique) {
  return chosen(unique.name, table.name + joined(unique.columns) + "_key");
}

std::string index_name(const Table& table, const Index& index) {
  std::vector<std::string> parts;
  for (const IndexColumn& column : index.columns) parts.push_back(column.name);
  if (parts.empty()) parts.push_back(digest(normalize(index.expression)));
  return chosen(index.name, table.name + joined(parts) + "_idx");
}

std::string check_name(const Table& table, const Check& check) {
  std::string made = table.name;
  made += check.column.empty() ? "_check_" + digest(normalize(check.sql))
                               : '_' + check.column + "_check";
  return chosen(check.name, made);
}

std::string foreign_key_name(const Table& table, const ForeignKey& key) {
  return chosen(key.name, table.name + joined(key.columns) + "_fkey");
}

std::string implied_check_name(const Table& table, const Column& column,
                               const std::string& rule) {
  return shorten(table.name + '_' + column.name + '_' + rule);
}

}  // namespace schemagen::gen
