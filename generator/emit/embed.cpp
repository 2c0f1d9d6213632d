#include "emit/embed.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <utility>

#include "emit/template.hpp"
#include "schemagen/migration.hpp"

namespace schemagen::gen {
namespace {

// MSVC takes about 16 kB per piece; clang -Wpedantic warns above 65,536 bytes
// for the whole.
constexpr std::size_t kMaxPiece = 15'000;
constexpr std::size_t kMaxLiteral = 60'000;

/// Bytes that compilers change or warn of even inside a raw string: carriage
/// returns and other controls, and the marks that turn the direction of text.
std::size_t delicate_length(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  if ((byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7f) return 1;
  const std::string_view three = text.substr(at, 3);
  const bool is_direction =
      (three >= "\xe2\x80\x8e" && three <= "\xe2\x80\x8f") ||
      (three >= "\xe2\x80\xaa" && three <= "\xe2\x80\xae") ||
      (three >= "\xe2\x81\xa6" && three <= "\xe2\x81\xa9") ||
      three == "\xef\xbb\xbf";
  if (three.size() == 3 && is_direction) return 3;
  if (text.substr(at, 2) == "\xd8\x9c") return 2;
  return 0;
}

std::string octal(char c) {
  const auto byte = static_cast<unsigned char>(c);
  std::string digits = "\\";
  for (int shift = 6; shift >= 0; shift -= 3) {
    digits += static_cast<char>('0' + ((byte >> shift) & 7));
  }
  return digits;
}

/// A delimiter that does not end `text` early.
std::string delimiter_for(std::string_view text) {
  std::string delimiter = "sql";
  for (int number = 1;
       text.find(")" + delimiter + "\"") != std::string_view::npos; ++number) {
    delimiter = "sql" + std::to_string(number);
  }
  return delimiter;
}

/// The end of the piece that starts at `at`: never inside a UTF-8 character.
std::size_t piece_end(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && end - at < kMaxPiece &&
         delicate_length(text, end) == 0) {
    ++end;
  }
  while (end > at && end < text.size() &&
         (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) {
    --end;
  }
  return end;
}

std::string string_literal(std::string_view text) {
  const std::string delimiter = delimiter_for(text);
  std::string pieces;
  for (std::size_t at = 0; at < text.size();) {
    if (!pieces.empty()) pieces += '\n';
    const std::size_t delicate = delicate_length(text, at);
    if (delicate > 0) {
      pieces += '"';
      for (char c : text.substr(at, delicate)) pieces += octal(c);
      pieces += '"';
      at += delicate;
      continue;
    }
    const std::size_t end = piece_end(text, at);
    pieces += "R\"" + delimiter + "(";
    pieces += text.substr(at, end - at);
    pieces += ")" + delimiter + "\"";
    at = end;
  }
  return pieces.empty() ? "\"\"" : pieces;
}

/// '\060' and not 48: a number above 127 fits no char where char is signed.
std::string array_literal(std::string_view text) {
  std::string rows = "{";
  std::size_t column = 0;
  for (char c : text) {
    const bool is_plain = c >= ' ' && c <= '~' && c != '\'' && c != '\\';
    rows += column++ % 16 == 0 ? "\n" : "";
    rows += is_plain ? std::string("'") + c + "'," : "'" + octal(c) + "',";
  }
  return rows + "\n'\\0'}";
}

std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (char c : text) {
    const bool is_plain =
        c >= ' ' && c <= '~' && c != '"' && c != '\\' && c != '?';
    result += is_plain ? std::string(1, c) : octal(c);
  }
  return result + "\"";
}

/// An identifier that no other set has: what is neither letter nor digit, and
/// the underscore, by its number.
std::string set_word(const std::string& set_name) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string word = "schemagen_set_";
  for (char c : set_name) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9');
    const auto byte = static_cast<unsigned char>(c);
    word += is_plain ? std::string(1, c)
                     : std::string{'_', kDigits[byte / 16], kDigits[byte % 16]};
  }
  return word;
}

/// Collects texts, statements and names while the rows are written down.
class Source {
 public:
  Source(const std::string& set_name, std::string name_space) {
    values_.values["namespace"] = std::move(name_space);
    values_.values["set"] = quoted(set_name);
    values_.values["set_word"] = set_word(set_name);
    values_.values["format"] = std::to_string(kEmbedFormat);
  }

  void add(const PreparedDialect& dialect) {
    const std::string index = std::to_string(dialect_count_++);
    TemplateValues list{{{"index", index}}, {}};
    for (const PreparedMigration& migration : dialect.migrations) {
      list.lists["migrations"].push_back(row(migration));
    }
    const bool is_empty = dialect.migrations.empty();
    if (!is_empty) values_.lists["migration_lists"].push_back(std::move(list));
    values_.lists["drivers"].push_back({{{"dialect", dialect.dialect}}, {}});
    values_.lists["dialects"].push_back(
        {{{"dialect", dialect.dialect},
          {"migrations", is_empty ? "nullptr" : "kMigrations" + index},
          {"count", std::to_string(dialect.migrations.size())}},
         {}});
  }

  std::string render() {
    values_.values["dialect_count"] = std::to_string(dialect_count_);
    if (statement_count_ > 0) {
      TemplateValues table;
      table.lists["statements"] = std::move(statements_);
      values_.lists["has_statements"].push_back(std::move(table));
    }
    return render_template("embedded_migrations.cpp", values_);
  }

 private:
  TemplateValues row(const PreparedMigration& migration) {
    const std::string steps =
        "&::schemagen_migration_" + migration.id + "_" + migration.name;
    if (migration.is_code) add_code(migration);
    return {{{"id", migration.id},
             {"name", migration.name},
             {"flags", std::to_string(migration.flags)},
             {"up", script(migration.up)},
             {"down", script(migration.down)},
             {"rebuilds", rebuilds(migration.rebuilds)},
             {"minimum_server", std::to_string(migration.minimum_server)},
             {"code_up", migration.is_code ? steps + "::up" : "nullptr"},
             {"code_down", migration.is_code ? steps + "::down" : "nullptr"},
             {"checksum", migration.checksum},
             {"chain", migration.chain}},
            {}};
  }

  void add_code(const PreparedMigration& migration) {
    if (!code_.emplace(migration.id, true).second) return;
    values_.lists["code_steps"].push_back(
        {{{"id", migration.id}, {"name", migration.name}}, {}});
  }

  std::string script(const PreparedScript& script) {
    if (!script.present) return "{nullptr, 0, nullptr, 0}";
    const std::string statements = add_statements(script.statements);
    return "{kText" + std::to_string(add_text(script.text)) + ", " +
           std::to_string(script.text.size()) + ", " + statements + "}";
  }

  /// One text serves several dialects when their scripts are the same file.
  std::size_t add_text(const std::string& text) {
    const auto [known, is_new] = texts_.emplace(text, texts_.size());
    if (is_new) {
      values_.lists["texts"].push_back(
          {{{"index", std::to_string(known->second)},
            {"literal", cpp_literal(text)}},
           {}});
    }
    return known->second;
  }

  std::string add_statements(const std::vector<EmbeddedStatement>& all) {
    if (all.empty()) return "nullptr, 0";
    const std::string first = std::to_string(statement_count_);
    for (const EmbeddedStatement& s : all) {
      statements_.push_back({{{"row", "{" + std::to_string(s.offset) + ", " +
                                          std::to_string(s.length) +
                                          (s.guard ? ", true}" : ", false}")}},
                             {}});
    }
    statement_count_ += all.size();
    return "kStatements + " + first + ", " + std::to_string(all.size());
  }

  std::string rebuilds(const std::vector<std::string>& tables) {
    if (tables.empty()) return "nullptr";
    std::string names;
    for (const std::string& table : tables) names += quoted(table) + ", ";
    names += "nullptr";
    const auto [known, is_new] = rebuilds_.emplace(names, rebuilds_.size());
    const std::string index = std::to_string(known->second);
    if (is_new) {
      values_.lists["rebuild_lists"].push_back(
          {{{"index", index}, {"names", names}}, {}});
    }
    return "kRebuilds" + index;
  }

  TemplateValues values_;
  std::size_t dialect_count_ = 0;
  std::size_t statement_count_ = 0;
  std::vector<TemplateValues> statements_;
  std::map<std::string, std::size_t> texts_;
  std::map<std::string, std::size_t> rebuilds_;
  std::map<std::string, bool> code_;
};

constexpr std::string_view kKeywords[] = {
    "alignas",       "alignof",      "and",          "asm",
    "auto",          "bitand",       "bitor",        "bool",
    "break",         "case",         "catch",        "char",
    "class",         "compl",        "concept",      "const",
    "const_cast",    "consteval",    "constexpr",    "constinit",
    "continue",      "co_await",     "co_return",    "co_yield",
    "decltype",      "default",      "delete",       "do",
    "double",        "else",         "enum",         "explicit",
    "export",        "extern",       "false",        "float",
    "for",           "friend",       "goto",         "if",
    "inline",        "int",          "long",         "mutable",
    "namespace",     "new",          "noexcept",     "not",
    "nullptr",       "operator",     "or",           "private",
    "protected",     "public",       "register",     "requires",
    "return",        "short",        "signed",       "sizeof",
    "static",        "struct",       "switch",       "template",
    "this",          "throw",        "true",         "try",
    "typedef",       "typeid",       "typename",     "union",
    "unsigned",      "using",        "virtual",      "void",
    "volatile",      "wchar_t",      "while",        "xor",
    "schemagen",     "std",          "and_eq",       "or_eq",
    "xor_eq",        "not_eq",       "char8_t",      "char16_t",
    "char32_t",      "static_cast",  "dynamic_cast", "reinterpret_cast",
    "static_assert", "thread_local",
};

bool is_identifier(std::string_view word) {
  if (word.empty() || (word[0] >= '0' && word[0] <= '9')) return false;
  const auto is_part = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '_';
  };
  return std::all_of(word.begin(), word.end(), is_part) &&
         std::find(std::begin(kKeywords), std::end(kKeywords), word) ==
             std::end(kKeywords);
}

}  // namespace

std::string cpp_literal(std::string_view text) {
  return text.size() > kMaxLiteral ? array_literal(text) : string_literal(text);
}

bool is_namespace(std::string_view name) {
  while (true) {
    const std::size_t end = name.find("::");
    if (!is_identifier(name.substr(0, end))) return false;
    if (end == std::string_view::npos) return true;
    name.remove_prefix(end + 2);
  }
}

std::vector<OutputFile> embed(const std::vector<PreparedDialect>& dialects,
                              const std::string& set_name,
                              const std::string& name_space,
                              const std::string& output_dir) {
  Source source(set_name, name_space);
  for (const PreparedDialect& dialect : dialects) source.add(dialect);
  const std::filesystem::path folder = output_dir;
  return {{(folder / "embedded_migrations.hpp").string(),
           render_template(
               "embedded_migrations.hpp",
               {{{"namespace", name_space}, {"set_word", set_word(set_name)}},
                {}})},
          {(folder / "embedded_migrations.cpp").string(), source.render()}};
}

}  // namespace schemagen::gen
