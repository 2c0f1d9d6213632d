// The words of --rename and --drop: how they are cut, and what to say of one
// that names nothing.
#pragma once

#include <string>
#include <vector>

#include "model/diagnostics.hpp"
#include "model/schema.hpp"

namespace schemagen::gen {

/// "enum:colour.blue" speaks of enums.
bool is_enum_flag(const std::string& flag);
/// Without that mark.
std::string enum_words(const std::string& flag);

struct Split {
  std::string left, right;
};
/// Every way to cut `text` at `mark`: names may hold the mark themselves.
std::vector<Split> splits(const std::string& text, char mark);

/// "--drop users.nick", "--rename 'a b=c'": as it is typed into a shell.
std::string typed_flag(const std::string& option, const std::string& words);

/// "users", "app.users".
const Table* find_displayed(const Schema& schema, const std::string& text);
/// By its stored name, or by its enumerator.
const EnumValue* find_named(const Enum& e, const std::string& name);

std::vector<std::string> displayed_tables(const Schema& schema);
/// " (did you mean nick?)", or "".
std::string suggest(const std::string& word,
                    const std::vector<std::string>& candidates);

/// `option` is "rename" or "drop"; `from` is the schema that it speaks of.
void report_unmatched(const std::string& option, const std::string& flag,
                      const Schema& from, Diagnostics& diagnostics);

}  // namespace schemagen::gen
