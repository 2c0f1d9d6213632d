// A statement as lint rules look at it: words, the table it is about, and for
// ALTER TABLE each of its actions. Rules ask whether words stand in a row; they
// never see quotes, comments or strings.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace schemagen::gen {

/// Words in a row, bare ones in upper case; a quoted name or a string is a word
/// that no keyword equals.
class Words {
 public:
  Words() = default;
  explicit Words(std::vector<std::string> words) : words_(std::move(words)) {}

  bool starts_with(std::initializer_list<std::string_view> wanted) const;
  bool has(std::initializer_list<std::string_view> wanted) const;
  std::size_t size() const { return words_.size(); }
  const std::string& operator[](std::size_t i) const { return words_[i]; }

 private:
  bool stands_at(std::size_t at,
                 std::initializer_list<std::string_view> wanted) const;
  std::vector<std::string> words_;
};

struct LintStatement {
  std::string dialect;
  Words words;
  std::string table;           ///< that it is about; "" = none
  std::vector<Words> actions;  ///< of ALTER TABLE; else the statement itself
  bool table_is_new = false;   ///< made by the migrations that are looked at
  bool table_is_rebuilt = false;
};

/// Reads `sql`; the flags stay as they are.
LintStatement read_statement(std::string_view sql, const std::string& dialect);

}  // namespace schemagen::gen
