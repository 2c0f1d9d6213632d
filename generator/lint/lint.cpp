#include "lint/lint.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "model/text.hpp"

namespace schemagen::gen {
namespace {

using Kind = core::MigrationFileName::Kind;

constexpr std::string_view kAllow = "-- schemagen-lint: allow ";

/// A rule that a comment silences, and why.
struct Allowance {
  std::string id;
  std::string reason;
};

std::vector<Allowance> allowances_of(std::string_view statement) {
  std::vector<Allowance> all;
  for (std::size_t at = 0;
       (at = statement.find(kAllow, at)) != std::string_view::npos;) {
    at += kAllow.size();
    const std::string_view line =
        statement.substr(at, statement.find('\n', at) - at);
    const std::size_t comma = line.find(',');
    Allowance one;
    one.id = line.substr(0, comma);
    if (comma != std::string_view::npos) {
      one.reason = line.substr(comma + 1);
      one.reason.erase(0, one.reason.find_first_not_of(' '));
    }
    all.push_back(std::move(one));
  }
  return all;
}

/// The line of the statement's first word: comments before it belong to it.
int line_of(const std::string& text, const EmbeddedStatement& range) {
  std::size_t at = range.offset;
  const std::size_t end = range.offset + range.length;
  while (at < end) {
    const std::size_t start = text.find_first_not_of(" \t\r\n", at);
    if (start == std::string::npos || text.compare(start, 2, "--") != 0) {
      at = std::min(start, end);
      break;
    }
    at = std::min(text.find('\n', start), end);
  }
  const auto stop = text.begin() + static_cast<std::ptrdiff_t>(at);
  return static_cast<int>(std::count(text.begin(), stop, '\n')) + 1;
}

/// One walk over the migrations of one dialect.
class Walk {
 public:
  explicit Walk(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  void look_at(const std::string& dialect, const PreparedMigration& migration,
               const ScriptFile& file, bool is_wanted) {
    for (const EmbeddedStatement& range : migration.up.statements) {
      const std::string_view sql =
          std::string_view(file.text).substr(range.offset, range.length);
      LintStatement statement = read_statement(sql, dialect);
      const std::string table = fold_case(statement.table);
      if (statement.words.starts_with({"CREATE"}) &&
          statement.words.has({"TABLE"})) {
        new_tables_.insert(table);
      }
      statement.table_is_new = new_tables_.count(table) > 0;
      for (const std::string& rebuilt : migration.rebuilds) {
        statement.table_is_rebuilt |= fold_case(rebuilt) == table;
      }
      if (is_wanted) judge(statement, file, line_of(file.text, range), sql);
    }
  }

 private:
  void judge(const LintStatement& statement, const ScriptFile& file, int line,
             std::string_view sql) {
    const auto allowed = allowances_of(sql);
    check_allowances(allowed, file, line);
    for (const Rule* rule = kRules; rule->id != nullptr; ++rule) {
      const bool fits =
          *rule->dialect == '\0' || statement.dialect == rule->dialect;
      if (!fits || !rule->finds(statement)) continue;
      const bool silenced =
          std::any_of(allowed.begin(), allowed.end(), [&](const auto& one) {
            return one.id == rule->id && !one.reason.empty();
          });
      if (!silenced) report(*rule, file, line);
    }
  }

  void report(const Rule& rule, const ScriptFile& file, int line) {
    Diagnostic finding;
    finding.severity = rule.severity;
    finding.id = rule.id;
    finding.at = {file.path, line, 1};
    finding.message = std::string(rule.summary) + "; " + rule.remedy;
    diagnostics_.add(std::move(finding));
  }

  void check_allowances(const std::vector<Allowance>& allowed,
                        const ScriptFile& file, int line) {
    std::vector<std::string> ids;
    for (const Rule* rule = kRules; rule->id != nullptr; ++rule) {
      ids.push_back(rule->id);
    }
    for (const Allowance& one : allowed) {
      if (find_rule(one.id) == nullptr) {
        const std::string near = closest(one.id, ids);
        diagnostics_.error(
            {file.path, line, 1}, "unknown-rule",
            "no rule is called \"" + one.id + "\"; " +
                (near.empty() ? "`schemagen lint --explain "
                                "all` lists them"
                              : "did you mean \"" + near + "\"?"));
      } else if (one.reason.empty()) {
        diagnostics_.error(
            {file.path, line, 1}, "lint-reason",
            "allows " + one.id + " without a reason; write it behind a comma");
      }
    }
  }

  Diagnostics& diagnostics_;
  std::set<std::string> new_tables_;
};

}  // namespace

const Rule* find_rule(const std::string& id) {
  for (const Rule* rule = kRules; rule->id != nullptr; ++rule) {
    if (id == rule->id) return rule;
  }
  return nullptr;
}

std::string explain(const Rule& rule) {
  const std::string severity =
      rule.severity == Severity::error ? "error" : "warning";
  const std::string dialect = rule.dialect;
  std::string text = std::string(rule.id) + " (" + severity +
                     (dialect.empty() ? "" : ", " + dialect) +
                     "): " + rule.summary + "\n  why: " + rule.explanation +
                     "\n  do: " + rule.remedy + "\n";
  if (*rule.lock != '\0') {
    text += "  lock on PostgreSQL: " + std::string(rule.lock) + "\n";
  }
  return text + "  silence: -- schemagen-lint: allow " + rule.id +
         ", <reason>\n";
}

void lint(const Folder& folder, const std::vector<PreparedDialect>& prepared,
          std::size_t first, const std::vector<std::string>& wanted,
          Diagnostics& diagnostics) {
  for (const PreparedDialect& dialect : prepared) {
    Walk walk(diagnostics);
    for (std::size_t i = first; i < dialect.migrations.size(); ++i) {
      const PreparedMigration& migration = dialect.migrations[i];
      const FolderMigration* source = folder.find(migration.id);
      const ScriptFile* file =
          source == nullptr ? nullptr : source->find(Kind::up, dialect.dialect);
      if (file == nullptr) continue;
      const bool is_wanted =
          wanted.empty() ||
          std::any_of(wanted.begin(), wanted.end(), [&](const auto& word) {
            return word == migration.id || word == migration.name ||
                   word == migration.id + "_" + migration.name;
          });
      walk.look_at(dialect.dialect, migration, *file, is_wanted);
    }
  }
}

}  // namespace schemagen::gen
