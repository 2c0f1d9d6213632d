#include "cases/reference.hpp"

#include <algorithm>
#include <fstream>
#include <regex>
#include <stdexcept>

#include "dialect/dialect.hpp"

namespace schemagen::test {
namespace {

/// A fenced block; lines count from 0 and leave the fences out.
struct Block {
  std::string language, name;
  std::size_t begin = 0, end = 0;
};

std::vector<std::string> all_lines(const std::string& path) {
  std::ifstream input(path, std::ios::binary);
  std::vector<std::string> lines;
  for (std::string line; std::getline(input, line);) lines.push_back(line);
  return lines;
}

std::vector<Block> blocks_of(const std::vector<std::string>& lines) {
  std::vector<Block> blocks;
  bool is_open = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].compare(0, 3, "```") != 0) continue;
    if (is_open) {
      blocks.back().end = i;
    } else {
      const std::size_t space = std::min(lines[i].find(' '), lines[i].size());
      Block block;
      block.language = lines[i].substr(3, space - 3);
      block.name = lines[i].substr(std::min(space + 1, lines[i].size()));
      block.begin = i + 1;
      blocks.push_back(block);
    }
    is_open = !is_open;
  }
  return blocks;
}

std::string text_of(const std::vector<std::string>& lines, const Block& block) {
  std::string text;
  for (std::size_t i = block.begin; i < block.end; ++i) text += lines[i] + "\n";
  return text;
}

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  for (std::size_t at = line.find('|'); at != std::string::npos;) {
    const std::size_t end = line.find('|', at + 1);
    if (end != std::string::npos) {
      cells.push_back(line.substr(at + 1, end - at - 1));
    }
    at = end;
  }
  return cells;
}

/// What stands between backquotes.
std::vector<std::string> spans_of(const std::string& cell) {
  std::vector<std::string> spans;
  for (std::size_t at = cell.find('`'); at != std::string::npos;) {
    const std::size_t end = cell.find('`', at + 1);
    spans.push_back(cell.substr(at + 1, end - at - 1));
    at = cell.find('`', end + 1);
  }
  return spans;
}

/// The names that the rows take from other blocks.
constexpr const char* kNamedTypes = R"(
enum class Colour { red, green };
enum class SG_ENUM(.storage = SG_INTEGER) Level { low = 10, high = 20 };
enum class SG_ENUM(.storage = SG_NATIVE, .name = "moods") Mood { sad, happy };
struct Id { std::int64_t value; };
)";

std::string entity_of(const std::string& number, const std::string& member) {
  const bool is_annotated = member.compare(0, 3, "SG_") == 0;
  const std::size_t type = is_annotated ? member.rfind(") ") + 2 : 0;
  return "using M" + number + " = " + member.substr(type) +
         ";\nstruct SG_TABLE() T" + number + " { std::int64_t id; " +
         member.substr(0, type) + "M" + number + " m; };\n";
}

/// INSERT statements of the literals that are of this dialect.
std::string inserts_of(const std::vector<std::string>& literals,
                       const std::string& dialect, const std::string& number,
                       int id) {
  std::string text;
  for (std::string literal : literals) {
    const std::size_t colon = literal.find(": ");
    if (colon != std::string::npos) {
      if (literal.compare(0, colon, dialect) != 0) continue;
      literal.erase(0, colon + 2);
    }
    text += "INSERT INTO t" + number + " (id, m) VALUES (" +
            std::to_string(++id) + ", " + literal + ")\n";
  }
  return text;
}

void add_row(TypeTable& table, const std::vector<std::string>& cells) {
  const std::vector<std::string> takes = spans_of(cells[3]);
  std::vector<std::string> refuses = spans_of(cells[4]);
  if (std::count(takes.begin(), takes.end(), "NULL") == 0) {
    refuses.emplace_back("NULL");
  }
  const std::map<std::string, std::string> held = {
      {"sqlite", spans_of(cells[1]).at(0)},
      {"postgres", spans_of(cells[2]).at(0)}};
  auto append = [&](const std::string& section, const std::string& text) {
    const std::string* known = table.file.find(section);
    table.file.set(section, (known ? *known : "") + text);
  };
  for (const std::string& member : spans_of(cells[0])) {
    const std::string number = std::to_string(table.held["sqlite"].size());
    append("after.hpp", entity_of(number, member));
    for (const auto& [dialect, type] : held) {
      table.held[dialect].push_back(type);
      append("takes." + dialect, inserts_of(takes, dialect, number, 0));
      append("refuses." + dialect, inserts_of(refuses, dialect, number, 100));
    }
  }
}

/// What stands in the parentheses of each `macro(...)`.
std::vector<std::string> calls_of(const std::string& text,
                                  const std::string& macro) {
  std::vector<std::string> calls;
  for (std::size_t at = text.find(macro + "("); at != std::string::npos;
       at = text.find(macro + "(", at + 1)) {
    std::size_t end = at + macro.size();
    int depth = 0;
    do {
      depth += text[end] == '(' ? 1 : text[end] == ')' ? -1 : 0;
    } while (depth > 0 && ++end < text.size());
    calls.push_back(text.substr(at, end - at));
  }
  return calls;
}

}  // namespace

TypeTable read_type_table(const std::string& path) {
  TypeTable table;
  table.file.path = path;
  table.file.sections = {{"standard", "c++20"},
                         {"after.hpp", kNamedTypes},
                         {"sqlite.statements", ""},
                         {"postgres.statements", ""}};
  bool is_inside = false;
  for (const std::string& line : all_lines(path)) {
    const std::vector<std::string> cells = cells_of(line);
    is_inside = is_inside ? !cells.empty()
                          : line.compare(0, 17, "| C++ | SQLite | ") == 0;
    if (!is_inside || cells[0].find('`') == std::string::npos) continue;
    add_row(table, cells);
  }
  return table;
}

std::vector<std::string> unused_options(const std::string& annotations,
                                        const std::string& path) {
  std::string header;
  for (std::string line : all_lines(annotations)) {
    line.erase(std::min(line.find("//"), line.size()));
    header += line + " ";
  }
  std::vector<std::string> unused;
  const std::regex structs(R"(struct (\w+) \{([^}]*)\};)");
  const std::regex field(R"((\w+)\s*[,;])");
  using Matches = std::sregex_iterator;
  for (Matches at(header.begin(), header.end(), structs), end; at != end;
       ++at) {
    std::string macro = "SG_";
    for (const char c : at->str(1)) {
      const bool is_upper = c >= 'A' && c <= 'Z';
      if (is_upper && macro.size() > 3) macro += '_';
      macro += static_cast<char>(is_upper ? c : c - 'a' + 'A');
    }
    const std::string fields = at->str(2);
    for (Matches name(fields.begin(), fields.end(), field); name != end;
         ++name) {
      const std::string used = "." + name->str(1) + " =";
      bool is_used = false;
      for (const std::string& entry : entry_names(path)) {
        const std::string text = *read_entry(path, entry).find("after.hpp");
        for (const std::string& call : calls_of(text, macro)) {
          is_used = is_used || call.find(used) != std::string::npos;
        }
      }
      if (!is_used) unused.push_back(macro + " ." + name->str(1));
    }
  }
  return unused;
}

std::vector<std::string> entry_names(const std::string& path) {
  std::vector<std::string> names;
  for (const Block& block : blocks_of(all_lines(path))) {
    const bool is_entry = block.language == "cpp" && !block.name.empty() &&
                          block.name.find('.') == std::string::npos;
    if (is_entry) names.push_back(block.name);
  }
  return names;
}

CaseFile read_entry(const std::string& path, const std::string& name) {
  CaseFile entry;
  entry.path = path;
  entry.sentence = name;
  entry.sections = {{"standard", "c++20"}};
  const std::vector<std::string> lines = all_lines(path);
  for (const Block& block : blocks_of(lines)) {
    const std::string text = text_of(lines, block);
    if (block.name == name) entry.set("after.hpp", text);
    if (block.name == name + ".before") entry.set("before.hpp", text);
    for (const std::string& dialect : gen::dialect_names()) {
      if (block.name != name + "." + dialect) continue;
      entry.set(dialect + ".statements", text);
    }
  }
  for (const std::string& dialect : gen::dialect_names()) {
    if (entry.find(dialect + ".statements")) continue;
    throw std::runtime_error(path + ": the entry " + name +
                             " has no block ```sql " + name + "." + dialect);
  }
  return entry;
}

void write_entry(const CaseFile& entry) {
  std::vector<std::string> lines = all_lines(entry.path);
  for (const std::string& dialect : gen::dialect_names()) {
    for (const Block& block : blocks_of(lines)) {
      if (block.name != entry.sentence + "." + dialect) continue;
      auto at = [&](std::size_t line) {
        return lines.begin() + static_cast<std::ptrdiff_t>(line);
      };
      lines.erase(at(block.begin), at(block.end));
      const auto fresh = lines_of(*entry.find(dialect + ".statements"));
      lines.insert(at(block.begin), fresh.begin(), fresh.end());
      break;
    }
  }
  std::ofstream output(entry.path, std::ios::binary);
  for (const std::string& line : lines) output << line << "\n";
}

}  // namespace schemagen::test
