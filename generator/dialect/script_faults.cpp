#include "dialect/script_faults.hpp"

#include <array>

namespace schemagen::gen {
namespace {

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9') || c == '_';
}

struct Form {
  std::string_view opening, closing;
};

constexpr std::array<Form, 3> kForms = {
    {{"${", "}"}, {"{{", "}}"}, {"%(", ")s"}}};

}  // namespace

SourceLocation ScriptText::place(std::size_t offset) const {
  SourceLocation at{path, 1, 1};
  for (std::size_t i = 0; i < offset && i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte == '\n') {
      ++at.line;
      at.column = 1;
    } else if ((byte & 0xC0) != 0x80) {
      ++at.column;
    }
  }
  return at;
}

void refuse_in_transaction(const ScriptText& script, std::size_t offset,
                           std::size_t count, const char* engine,
                           Diagnostics& diagnostics) {
  if (count == 0) return;
  const std::string more = count == 1 ? ""
                                      : ", and " + std::to_string(count - 1) +
                                            " more of the script,";
  diagnostics.error(script.place(offset), "needs-no-transaction",
                    engine + (" refuses this statement" + more) +
                        " in a transaction; begin the script with -- "
                        "schemagen: no-transaction");
}

std::string placeholder_at(std::string_view sql) {
  for (const Form& form : kForms) {
    if (sql.substr(0, form.opening.size()) != form.opening) continue;
    const std::size_t end = sql.find(form.closing);
    const std::size_t line = sql.find('\n');
    if (end != std::string_view::npos && end < line) {
      return std::string(sql.substr(0, end + form.closing.size()));
    }
  }
  const bool is_mark = !sql.empty() && std::string_view("?:@$").find(sql[0]) !=
                                           std::string_view::npos;
  std::size_t end = 1;
  while (end < sql.size() && is_word(sql[end])) ++end;
  const bool is_whole = is_mark && (end > 1 || sql[0] == '?');
  return is_whole ? std::string(sql.substr(0, end)) : "";
}

std::string first_line(const std::string& words) {
  const std::size_t end = words.find_first_of("\r\n");
  if (end == std::string::npos) return words;
  const char* close = words.back() == '"' ? " ...\"" : " ...";
  return words.substr(0, end) + close;
}

void refuse_placeholder(const ScriptText& script, std::size_t offset,
                        const std::string& placeholder,
                        Diagnostics& diagnostics) {
  diagnostics.error(script.place(offset), "unfilled-placeholder",
                    placeholder +
                        " is a placeholder, and nothing fills it in a "
                        "migration, which runs as it stands; write the value "
                        "itself, or have SQL or a code migration work it out");
}

}  // namespace schemagen::gen
