#include "emit/script_text.hpp"

#include <algorithm>
#include <vector>

#include "emit/template.hpp"
#include "plan/compatible.hpp"

namespace schemagen::gen {
namespace {

constexpr std::size_t kMaxHeadLines = 30;

/// Text that is data may hold anything; in a comment it keeps to its line and
/// never reads as a directive.
std::vector<std::string> comment_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::string line;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] != '\n') {
      const auto byte = static_cast<unsigned char>(text[i]);
      line += byte < 0x20 || byte == 0x7f ? ' ' : text[i];
      continue;
    }
    const std::size_t end = line.find_last_not_of(' ');
    line.erase(end == std::string::npos ? 0 : end + 1);
    const std::size_t start = line.find_first_not_of(' ');
    const bool is_directive = start != std::string::npos &&
                              line.compare(start, 10, "schemagen:") == 0;
    lines.push_back(line.empty() ? "" : (is_directive ? " > " : " ") + line);
    line.clear();
  }
  return lines;
}

void append(std::vector<std::string>& lines, const std::string& text) {
  for (std::string& line : comment_lines(text)) lines.push_back(line);
}

std::vector<std::string> head_lines(const Script& script, const Plan& plan,
                                    const std::string& part) {
  std::vector<std::string> lines;
  const bool is_up = plan.direction == Direction::up;
  if (!part.empty()) append(lines, part);
  if (part.empty() || !plan.changes.empty()) {
    append(lines,
           is_up ? "What changes:" : "Takes back what the up script did:");
  }
  std::size_t count = 0;
  for (const Change& change : plan.changes) {
    if (++count > kMaxHeadLines) break;
    std::string text = describe(change);
    std::replace(text.begin(), text.end(), '\n', ' ');
    append(lines, "  " + text);
  }
  if (plan.changes.size() > kMaxHeadLines) {
    append(lines, "  and " +
                      std::to_string(plan.changes.size() - kMaxHeadLines) +
                      " more");
  }
  if (script.fidelity == Fidelity::shape_only) {
    append(lines, is_up ? "Some values are gone afterwards."
                        : "The shape comes back, not every value.");
  }
  if (!script.invented.empty()) append(lines, "Invented values:");
  for (const std::string& column : script.invented) {
    append(lines, "  " + column);
  }
  const auto refusals = is_up ? std::vector<std::string>{} : script.refusals();
  if (!refusals.empty()) append(lines, "Impossible while rows forbid it:");
  for (const std::string& reason : refusals) append(lines, "  " + reason);
  return lines;
}

/// A table's name as the directive takes it: quoted when it is no plain word.
std::string directive_name(const std::string& name) {
  const bool is_plain =
      std::all_of(name.begin(), name.end(), [](unsigned char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               (c >= '0' && c <= '9') || c == '_';
      });
  if (is_plain) return name;
  std::string quoted = "\"";
  for (char c : name) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

std::vector<std::string> directive_lines(const Script& script,
                                         const Plan& plan) {
  std::vector<std::string> lines;
  const bool is_up = plan.direction == Direction::up;
  if (!script.transactional) lines.push_back("no-transaction");
  if (script.batch) lines.push_back("batch");
  for (const std::string& table : script.rebuilds) {
    lines.push_back("rebuild " + directive_name(table));
  }
  if (is_up && is_compatible(plan)) lines.push_back("compatible");
  if (!is_up && script.fidelity == Fidelity::shape_only) {
    lines.push_back("shape only");
  }
  if (!is_up && script.statements.empty()) {
    lines.push_back("nothing to undo");
  }
  return lines;
}

TemplateValues part(const std::vector<std::string>& comment,
                    const std::string& text) {
  TemplateValues values;
  values.values["text"] = text;
  if (!comment.empty()) values.lists["comment"] = template_lines(comment);
  return values;
}

/// A step for the user: the marker that keeps check red, then what to write.
TemplateValues block_part(const std::string& block) {
  std::vector<std::string> comment = comment_lines(block);
  const std::string last = "--" + comment.back();
  comment.pop_back();
  comment.insert(comment.begin(), " schemagen: fill-in");
  return part(comment, last);
}

TemplateValues statement_part(const Statement& statement) {
  if (statement.block) return block_part(statement.comment);
  std::vector<std::string> comment;
  if (!statement.comment.empty()) comment = comment_lines(statement.comment);
  if (statement.guard) comment.push_back(" schemagen: guard");
  return part(comment, statement.sql + ";");
}

}  // namespace

std::string script_text(const Script& script, const Plan& plan,
                        const std::string& part) {
  TemplateValues values;
  values.values["newline"] = "\n";
  std::vector<std::string> head = head_lines(script, plan, part);
  for (const std::string& line : directive_lines(script, plan)) {
    head.push_back(" schemagen: " + line);
  }
  values.lists["head"] = template_lines(head);
  std::vector<TemplateValues>& parts = values.lists["parts"];
  for (const Statement& statement : script.statements) {
    parts.push_back(statement_part(statement));
  }
  return render_template("script.sql", values);
}

std::string nothing_to_do_text(const std::string& maker) {
  return "-- Nothing to do: " + maker +
         " makes the tables as they are after this.\n"
         "-- schemagen: compatible\n";
}

std::string nothing_to_undo_text() { return "-- schemagen: nothing to undo\n"; }

}  // namespace schemagen::gen
