// A .default_sql or .backfill that is one plain literal, held against the enum
// of its column. What a server would refuse only while the script runs, or
// while a program inserts, is told at the annotation. Longer SQL that compares
// with a value which this plan renames or takes away is a warning.
#include <algorithm>
#include <optional>

#include "model/diagnostics.hpp"
#include "model/sql_tokens.hpp"
#include "plan/identity.hpp"

namespace schemagen::gen {
namespace {

bool is_symbol(const SqlToken& token, std::string_view text) {
  return token.kind == SqlToken::Kind::symbol && token.text == text;
}

/// The tokens that count, without parentheses around all of them.
std::vector<SqlToken> words_of(const std::string& sql) {
  std::vector<SqlToken> words;
  for (const SqlToken& token : cut_tokens(sql)) {
    const bool counts = token.kind != SqlToken::Kind::space &&
                        token.kind != SqlToken::Kind::comment;
    if (counts) words.push_back(token);
  }
  while (words.size() > 2 && is_symbol(words.front(), "(") &&
         is_symbol(words.back(), ")")) {
    words.erase(words.begin());
    words.pop_back();
  }
  return words;
}

/// What a plain 'literal' says. Other spellings are left to the engine.
std::optional<std::string> text_of(const SqlToken& token) {
  const std::string_view text = token.text;
  const bool is_plain = token.kind == SqlToken::Kind::string &&
                        text.size() >= 2 && text.front() == '\'' &&
                        text.back() == '\'';
  if (!is_plain) return std::nullopt;
  std::string said;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    said += text[i];
    if (text[i] == '\'') ++i;
  }
  return said;
}

bool is_integer(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c >= '0' && c <= '9'; });
}

/// The one value that `sql` is: of a text, or of a number where the enum is
/// stored as one. No value: an expression, whose worth only the engine knows.
std::optional<std::string> constant_of(const std::string& sql,
                                       EnumStorage storage) {
  const std::vector<SqlToken> words = words_of(sql);
  if (words.empty()) return std::nullopt;
  if (storage != EnumStorage::integer) {
    return words.size() == 1 ? text_of(words[0]) : std::nullopt;
  }
  const bool is_negative = words.size() == 2 && is_symbol(words[0], "-");
  const bool is_number = (words.size() == 1 || is_negative) &&
                         words.back().kind == SqlToken::Kind::number &&
                         is_integer(words.back().text);
  if (!is_number) return std::nullopt;
  return (is_negative ? "-" : "") + std::string(words.back().text);
}

std::string stored(const EnumValue& value, EnumStorage storage) {
  return storage == EnumStorage::integer ? std::to_string(value.number)
                                         : value.name;
}

class EnumLiterals {
 public:
  EnumLiterals(const Schema& to, const Identity& identity,
               Diagnostics& diagnostics)
      : to_(to), identity_(identity), diagnostics_(diagnostics) {}

  void check(const TablePair& pair) {
    if (pair.to == nullptr) return;
    for (const Column& column : pair.to->columns) {
      check(column, ".default_sql", column.default_sql, *pair.to);
    }
    if (pair.from == nullptr) return;
    for (const ColumnPair& columns : pair.columns) {
      if (columns.to == nullptr) continue;
      const Column& column = *columns.to;
      const bool is_due = columns.from == nullptr ||
                          (columns.from->nullable && !column.nullable);
      if (is_due) check(column, ".backfill", column.backfill, *pair.to);
    }
  }

  /// `before` and `of` are one enum, stored as text.
  void look_for_old_values(const Enum& before, const Enum& of) {
    for (const EnumValue& value : before.values) {
      if (of.find_value(value.name) != nullptr) continue;
      for (const Table& table : to_.tables) {
        for (const Column& column : table.columns) {
          const bool has_it =
              column.type.enum_name == of.name && column.type.sql.empty();
          if (has_it) look_through(table, column.name, value.name, of);
        }
      }
    }
  }

 private:
  void check(const Column& column, const std::string& option,
             const std::string& sql, const Table& table) {
    const Enum* found = to_.find_enum(column.type.enum_name);
    if (found == nullptr || !column.type.sql.empty()) return;
    const Enum& of = *found;
    const auto constant = constant_of(sql, of.storage);
    if (!constant) return;
    const auto is_it = [&](const EnumValue& value) {
      return stored(value, of.storage) == *constant;
    };
    if (std::any_of(of.values.begin(), of.values.end(), is_it)) return;
    diagnostics_.error(column.at, "unknown-enum-value",
                       option + " of " + display(name_of(table)) + "." +
                           column.name + " is " + spelled(*constant, of) +
                           ", which is no value of enum " + of.name +
                           "; write " + remedy(*constant, of));
  }

  void look_through(const Table& table, const std::string& column,
                    const std::string& old, const Enum& of) {
    const auto look = [&](const std::string& option, const std::string& sql,
                          const SourceLocation& at) {
      if (!mentions_name(sql, column) || !says(sql, old)) return;
      diagnostics_.warning(at, "unknown-enum-value",
                           option + " of " + display(name_of(table)) +
                               " names " + spelled(old, of) +
                               ", which is no value of enum " + of.name +
                               " any more; if it means " + column + ", write " +
                               remedy(old, of));
    };
    for (const Check& check : table.checks) look(".check", check.sql, check.at);
    for (const Index& index : table.indexes) {
      look(".where of an index", index.where, index.at);
      look(".expression of an index", index.expression, index.at);
    }
    for (const Column& other : table.columns) {
      look(".generated", other.generated, other.at);
    }
  }

  static bool says(const std::string& sql, const std::string& value) {
    const std::vector<SqlToken> tokens = cut_tokens(sql);
    return std::any_of(tokens.begin(), tokens.end(), [&](const auto& token) {
      return text_of(token) == value;
    });
  }

  std::string remedy(const std::string& constant, const Enum& of) const {
    for (const EnumValue& value : of.values) {
      const auto renamed = identity_.values.find({of.name, value.name});
      if (renamed != identity_.values.end() && renamed->second == constant) {
        return spelled(value.name, of) + ", which it became";
      }
    }
    std::string all;
    for (const EnumValue& value : of.values) {
      all += (all.empty() ? "one of " : ", ") +
             spelled(stored(value, of.storage), of);
    }
    return all;
  }

  static std::string spelled(const std::string& value, const Enum& of) {
    if (of.storage == EnumStorage::integer) return value;
    std::string text = "'";
    for (const char c : value) text += c == '\'' ? "''" : std::string(1, c);
    return text + "'";
  }

  const Schema& to_;
  const Identity& identity_;
  Diagnostics& diagnostics_;
};

}  // namespace

void check_enum_literals(const Schema& to, const Identity& identity,
                         const Matching& matching, Diagnostics& diagnostics) {
  EnumLiterals literals(to, identity, diagnostics);
  for (const TablePair& pair : matching.tables) literals.check(pair);
  for (const EnumPair& pair : matching.enums) {
    if (pair.from == nullptr || pair.to == nullptr) continue;
    const bool is_text = pair.from->storage != EnumStorage::integer &&
                         pair.to->storage != EnumStorage::integer;
    if (is_text) literals.look_for_old_values(*pair.from, *pair.to);
  }
}

}  // namespace schemagen::gen
