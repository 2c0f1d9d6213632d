// Where a statement of a stored script ends. The build cuts scripts with
// PostgreSQL's parser; a down script out of the history was never there.
#include <cctype>
#include <cstring>

#include "core/text.hpp"
#include "postgres/driver.hpp"

namespace schemagen::postgres {
namespace {

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' ||
         (c & 0x80) != 0;
}

class Ends {
 public:
  explicit Ends(std::string_view sql) : sql_(sql) {}

  bool at_end() {
    bool ends = false;
    int depth = 0;
    while (at_ < sql_.size()) {
      const char c = sql_[at_];
      if (is_word(c)) {
        if (!word()) return false;
        continue;
      }
      if (has("--")) {
        skip_past("\n");
      } else if (has("/*")) {
        comment();
      } else if (c == '\'' || c == '"') {
        quoted(c, false);
      } else if (c == '$') {
        dollar();
      } else {
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        ends = c == ';' && depth == 0;
        ++at_;
      }
    }
    return ends && !is_open_;
  }

 private:
  bool has(std::string_view text) const {
    return sql_.substr(at_, text.size()) == text;
  }

  void skip_past(std::string_view text) {
    const std::size_t found = sql_.find(text, at_);
    is_open_ = found == std::string_view::npos;
    at_ = is_open_ ? sql_.size() : found + text.size();
  }

  /// False: a body of statements follows, whose ends are not those of ours.
  bool word() {
    const std::size_t start = at_;
    while (at_ < sql_.size() && (is_word(sql_[at_]) || sql_[at_] == '$')) ++at_;
    const std::string_view text = sql_.substr(start, at_ - start);
    if (at_ < sql_.size() && sql_[at_] == '\'' &&
        (text == "E" || text == "e")) {
      quoted('\'', true);
    }
    return !core::Words(text).take("ATOMIC");
  }

  void quoted(char quote, bool escapes) {
    for (++at_; at_ < sql_.size(); ++at_) {
      if (escapes && sql_[at_] == '\\') {
        ++at_;
      } else if (sql_[at_] == quote) {
        ++at_;  // a doubled quote opens the next one
        return;
      }
    }
    is_open_ = true;
  }

  void comment() {
    int depth = 0;
    do {
      const bool opens = has("/*");
      const bool closes = has("*/");
      depth += opens ? 1 : closes ? -1 : 0;
      at_ += opens || closes ? 2 : 1;
    } while (depth > 0 && at_ < sql_.size());
    is_open_ = depth > 0;
  }

  void dollar() {
    std::size_t end = at_ + 1;
    while (end < sql_.size() && is_word(sql_[end])) ++end;
    const bool is_tag =
        end < sql_.size() && sql_[end] == '$' &&
        std::isdigit(static_cast<unsigned char>(sql_[at_ + 1])) == 0;
    const std::string_view tag = sql_.substr(at_, end + 1 - at_);
    at_ = is_tag ? end + 1 : at_ + 1;
    if (is_tag) skip_past(tag);
  }

  const std::string_view sql_;
  std::size_t at_ = 0;
  bool is_open_ = false;  // a quote, a comment
};

}  // namespace

bool PostgresDriver::is_complete(const char* sql) { return Ends(sql).at_end(); }

}  // namespace schemagen::postgres
