#include "lint/lint.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "core/migration_file.hpp"
#include "dialect/dialect.hpp"
#include "lint/allow.hpp"
#include "lint/rebuild.hpp"
#include "lint/rules.hpp"
#include "lint/temporary.hpp"
#include "model/sql_tokens.hpp"
#include "model/text.hpp"

namespace schemagen::gen {
namespace {

/// The places of one script's text.
class Places {
 public:
  explicit Places(const LintScript& script) : script_(script) {
    const std::string& text = script.text;
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (text[at] == '\n') starts_.push_back(at + 1);
    }
  }

  SourceLocation at(std::size_t offset) const {
    const auto next = std::upper_bound(starts_.begin(), starts_.end(), offset);
    const std::size_t start = *std::prev(next);
    int column = 1;
    for (std::size_t i = start; i < offset; ++i) {
      // Columns are characters: what continues one has 10 in front.
      if ((static_cast<unsigned char>(script_.text[i]) & 0xC0) != 0x80) {
        ++column;
      }
    }
    return {script_.path, static_cast<int>(next - starts_.begin()), column};
  }

  /// Where a statement's first word stands: comments before it belong to it.
  SourceLocation first_word(const StatementRange& range,
                            Comments comments) const {
    std::size_t offset = range.offset;
    const std::string_view text =
        std::string_view(script_.text).substr(range.offset, range.length);
    for (const SqlToken& token : cut_tokens(text, comments)) {
      if (token.kind != SqlToken::Kind::space &&
          token.kind != SqlToken::Kind::comment) {
        break;
      }
      offset += token.text.size();
    }
    return at(offset);
  }

 private:
  const LintScript& script_;
  std::vector<std::size_t> starts_ = {0};
};

/// Comments that allow something, and whether anything made use of them. A
/// script may serve several dialects: one is enough.
class Allowances {
 public:
  void note(const Allowance& one, const SourceLocation& at, bool counts) {
    auto& entry = entries_[{at.file, at.line, at.column, one.rule}];
    entry.counts |= counts;
  }
  void use(const Allowance& one, const SourceLocation& at) {
    entries_[{at.file, at.line, at.column, one.rule}].is_used = true;
  }
  void tell_unused(Diagnostics& diagnostics) const {
    for (const auto& [key, entry] : entries_) {
      if (entry.is_used || !entry.counts) continue;
      const auto& [file, line, column, rule] = key;
      diagnostics.warning(
          {file, line, column}, "unused-allow",
          "allows " + rule + ", which is not found here; delete the comment");
    }
  }

 private:
  struct Entry {
    bool is_used = false;
    bool counts = false;
  };
  std::map<std::tuple<std::string, int, int, std::string>, Entry> entries_;
};

std::string first_word(const std::string& text) {
  return text.substr(0, text.find_first_of(" \t,"));
}

/// One walk over the scripts of one dialect.
class Walk {
 public:
  Walk(const Dialect& dialect, const Levels& levels, Allowances& allowances,
       Diagnostics& diagnostics)
      : dialect_(dialect),
        levels_(levels),
        allowances_(allowances),
        diagnostics_(diagnostics) {}

  void look_at(const LintScript& script) {
    read(script);
    world_.begin_migration();
    if (script.is_wanted) look_ahead(script);
    const Places places(script);
    if (script.is_wanted) check_allowances(places);
    for (std::size_t i = 0; i < facts_.size(); ++i) step(script, places, i);
  }

 private:
  void read(const LintScript& script) {
    directives_ = core::parse_directives(script.text);
    Diagnostics faults;
    statements_ =
        dialect_.cut(script.text, script.path, !directives_.no_transaction,
                     directives_.unchecked, faults);
    for (Diagnostic& fault : faults.sorted())
      diagnostics_.add(std::move(fault));
    facts_.clear();
    statement_of_.clear();
    for (std::size_t i = 0; i < statements_.size(); ++i) {
      const std::string sql =
          script.text.substr(statements_[i].offset, statements_[i].length);
      for (Fact& fact : dialect_.facts(sql)) {
        // Why it cannot be looked into has been told.
        if (fact.kind == Fact::Kind::opaque && faults.has_errors()) continue;
        facts_.push_back(std::move(fact));
        statement_of_.push_back(i);
      }
    }
    survey();
    tell_temporary(facts_);
    rebuilds_ = find_rebuilds(facts_);
    old_.clear();
    allowed_.clear();
    if (script.is_wanted) {
      allowed_ = allowances_of(script.text, statements_, dialect_.comments());
    }
  }

  void look_ahead(const LintScript& script) {
    end_ = world_;
    for (const Fact& fact : facts_) {
      end_.apply(fact, script.is_pending, !directives_.no_transaction);
    }
  }

  void step(const LintScript& script, const Places& places, std::size_t i) {
    const Rebuild* rebuild = nullptr;
    const Rebuild* copied = nullptr;
    for (const Rebuild& each : rebuilds_) {
      // Under its first name the table still has its old form here, unless it
      // was renamed before.
      if (each.begin() == i) old_[each.create] = world_.find(find_old(each));
      if (each.holds(i)) rebuild = &each;
      if (each.copies(i)) copied = &each;
    }
    const bool begins = rebuild != nullptr && rebuild->create == i;
    std::vector<Fact> to_judge;
    if (begins) {
      to_judge = changes_of(*rebuild, facts_, old_[i]);
      Fact whole;
      whole.kind = Fact::Kind::drop_table;
      whole.table = rebuild->table;
      whole.by_rebuild = true;
      to_judge.push_back(std::move(whole));
    } else if (rebuild == nullptr) {
      to_judge.push_back(facts_[i]);
      to_judge.back().by_rebuild = copied != nullptr;
      // The rows are that table's, wherever they wait.
      if (copied != nullptr) to_judge.back().copy.source = copied->table;
    }
    if (script.is_wanted) {
      for (const Fact& fact : to_judge) {
        judge(fact, begins ? old_[i] : subject_of(fact), places, i);
      }
    }
    world_.apply(facts_[i], script.is_pending, !directives_.no_transaction);
    if (begins) inherit(facts_[i].table, old_[i], to_judge);
  }

  /// What the table that is rebuilt is called when its new form is made.
  TableName find_old(const Rebuild& rebuild) const {
    const TableName& source = facts_[rebuild.first_copy()].copy.source;
    return world_.find(source).is_known ? source : rebuild.table;
  }

  /// The new form has the old one's rows.
  void inherit(const TableName& made, const TableState& old,
               const std::vector<Fact>& changes) {
    TableState* table = world_.find_known(made);
    if (table == nullptr) return;
    table->is_new = old.is_new;
    std::map<std::string, std::string> renamed;
    for (const Fact& change : changes) {
      if (change.kind == Fact::Kind::add_column)
        table->added.insert(change.name);
      if (change.kind == Fact::Kind::rename_column)
        renamed[change.name] = change.to;
    }
    table->former_constraints = old.constraints;
    for (const auto* indexes : {&old.indexes, &old.former_indexes}) {
      for (IndexFact index : *indexes) {
        rename_columns(index, renamed);
        table->former_indexes.push_back(std::move(index));
      }
    }
  }

  const TableState& subject_of(const Fact& fact) {
    const bool by_name =
        fact.table.name.empty() && (fact.kind == Fact::Kind::drop_index ||
                                    fact.kind == Fact::Kind::reindex);
    return world_.find(by_name ? world_.owner_of_index(fact.name) : fact.table);
  }

  void judge(const Fact& fact, const TableState& table, const Places& places,
             std::size_t i) {
    const Step step{fact,
                    table,
                    world_,
                    end_,
                    facts_,
                    i,
                    !directives_.no_transaction,
                    directives_.foreign_keys_on,
                    is_declared(fact.table),
                    is_alone(fact.kind),
                    i < ended_};
    const std::size_t statement = statement_of_[i];
    for (const Rule* rule : all_rules()) {
      const Level level = levels_.of(*rule);
      const bool fits =
          *rule->dialect == '\0' || dialect_.name() == rule->dialect;
      if (level == Level::off || !fits) continue;
      if (table.is_new && !rule->on_new_tables) continue;
      if (table.is_emptied && rule->needs_rows) continue;
      const Found found = rule->finds(step);
      if (found) report(*rule, level, *found, places, statement);
    }
  }

  /// What the whole script does, asked once: it may be of many statements.
  void survey() {
    changes_.clear();
    ended_ = 0;
    for (std::size_t i = 0; i < facts_.size(); ++i) {
      const Fact::Kind kind = facts_[i].kind;
      const bool is_change = kind != Fact::Kind::select &&
                             kind != Fact::Kind::set_setting &&
                             kind != Fact::Kind::update_rows;
      if (is_change) changes_.insert(kind);
      if (kind == Fact::Kind::commit) ended_ = i + 1;
    }
  }

  /// Nothing of the script is lost when this kind of statement fails: values
  /// are written again by the next attempt.
  bool is_alone(Fact::Kind kind) const {
    return changes_.size() == changes_.count(kind);
  }

  bool is_declared(const TableName& table) const {
    const auto& names = directives_.rebuilds;
    return std::any_of(names.begin(), names.end(), [&](const auto& name) {
      return fold_case(name) == fold_case(table.name);
    });
  }

  void report(const Rule& rule, Level level, const std::string& subject,
              const Places& places, std::size_t statement) {
    Diagnostic finding;
    finding.severity = level == Level::error     ? Severity::error
                       : level == Level::warning ? Severity::warning
                                                 : Severity::note;
    finding.id = rule.id;
    finding.at = places.first_word(statements_[statement], dialect_.comments());
    finding.message = std::string(rule.summary) +
                      (subject.empty() ? "" : ": " + subject) + "; " +
                      rule.remedy;
    finding.subject = subject;
    for (const Allowance& one : allowed_) {
      const bool is_here = one.is_for_file || one.statement == statement;
      if (!is_here || one.rule != rule.id || one.reason.empty()) continue;
      allowances_.use(one, places.at(one.offset));
      finding.allowed = one.reason;
    }
    diagnostics_.add(std::move(finding));
  }

  void check_allowances(const Places& places) {
    for (const Allowance& one : allowed_) {
      const SourceLocation at = places.at(one.offset);
      const Rule* rule = find_rule(one.rule);
      if (one.rule.empty()) {
        diagnostics_.error(at, "lint-comment",
                           "is no comment that lint understands; write `-- "
                           "schemagen-lint: allow <rule>, <reason>`");
      } else if (rule == nullptr) {
        diagnostics_.error(at, "unknown-rule", unknown_rule(one.rule));
      } else if (one.reason.empty()) {
        diagnostics_.error(at, "lint-reason",
                           "allows " + one.rule +
                               " without a reason; write it behind a comma");
      } else if (find_rule(first_word(one.reason)) != nullptr) {
        diagnostics_.error(at, "lint-reason",
                           "gives " + first_word(one.reason) +
                               " as the reason; let spaces stand between "
                               "rules, and the reason behind the only comma");
      } else {
        const bool fits =
            *rule->dialect == '\0' || dialect_.name() == rule->dialect;
        allowances_.note(one, at, fits && levels_.of(*rule) != Level::off);
      }
    }
  }

  const Dialect& dialect_;
  const Levels& levels_;
  Allowances& allowances_;
  Diagnostics& diagnostics_;
  World world_;
  World end_;  ///< of the script at hand

  // Of the script at hand.
  core::Directives directives_;
  std::vector<StatementRange> statements_;
  std::vector<Fact> facts_;
  std::vector<std::size_t> statement_of_;
  std::set<Fact::Kind> changes_;
  std::size_t ended_ = 0;  ///< a transaction does, before this fact
  std::vector<Rebuild> rebuilds_;
  std::map<std::size_t, TableState> old_;  ///< forms, by where the new is made
  std::vector<Allowance> allowed_;
};

std::string lines(const std::string& head, const std::string& text) {
  std::string out = "  " + head + ": ";
  const std::string indent(head.size() + 4, ' ');
  for (char c : text) {
    out += c;
    if (c == '\n') out += indent;
  }
  return out + "\n";
}

}  // namespace

void lint(const std::vector<LintHistory>& histories, const Levels& levels,
          Diagnostics& diagnostics) {
  Allowances allowances;
  for (const LintHistory& history : histories) {
    const Dialect* dialect = find_dialect(history.dialect);
    if (dialect == nullptr) continue;  // the project reader has reported it
    Walk walk(*dialect, levels, allowances, diagnostics);
    for (const LintScript& script : history.scripts) walk.look_at(script);
  }
  allowances.tell_unused(diagnostics);
}

const std::vector<const Rule*>& all_rules() {
#define SCHEMAGEN_ADDRESS(name) &rules::name,
  static const std::vector<const Rule*> all = {
      SCHEMAGEN_LINT_RULES(SCHEMAGEN_ADDRESS)};
#undef SCHEMAGEN_ADDRESS
  return all;
}

const Rule* find_rule(const std::string& id) {
  for (const Rule* rule : all_rules()) {
    if (id == rule->id) return rule;
  }
  return nullptr;
}

std::string unknown_rule(const std::string& id) {
  std::vector<std::string> ids;
  for (const Rule* rule : all_rules()) ids.emplace_back(rule->id);
  const std::string near = closest(id, ids);
  return "no rule is called \"" + id + "\"; " +
         (near.empty() ? "`schemagen lint --explain` lists them"
                       : "did you mean \"" + near + "\"?");
}

std::string explain(const Rule& rule, Level level) {
  const std::string dialect = rule.dialect;
  std::string head = std::string(rule.id) + " (" + word(level);
  if (level != rule.level)
    head += ", by default " + std::string(word(rule.level));
  head += dialect.empty() ? ")" : ", " + dialect + " only)";
  std::string text = head + ": " + rule.summary + "\n" +
                     lines("why", rule.explanation) + lines("do", rule.remedy);
  if (*rule.safe != '\0') text += lines("safe form", rule.safe);
  if (*rule.lock != '\0') text += lines("lock on PostgreSQL", rule.lock);
  return text +
         lines("silence", "-- schemagen-lint: allow " + std::string(rule.id) +
                              ", <reason>\n(before the statement, then "
                              "`schemagen accept`)");
}

std::string line_of(const Rule& rule, Level level) {
  std::string text = rule.id;
  text.resize(std::max<std::size_t>(text.size() + 1, 28), ' ');
  std::string loud = word(level);
  loud.resize(8, ' ');
  std::string dialect = *rule.dialect == '\0' ? "all" : rule.dialect;
  dialect.resize(9, ' ');
  return text + loud + dialect + rule.summary + "\n";
}

std::string rules_table() {
  std::string text =
      "| rule | default | engine | finds what |\n|---|---|---|---|\n";
  for (const Rule* rule : all_rules()) {
    text += "| `" + std::string(rule->id) + "` | " + word(rule->level) + " | " +
            (*rule->dialect == '\0' ? "both" : rule->dialect) + " | " +
            rule->summary + " |\n";
  }
  return text;
}

std::vector<RuleText> rule_texts(const Levels& levels) {
  std::vector<RuleText> texts;
  for (const Rule* rule : all_rules()) {
    RuleText text;
    text.id = rule->id;
    text.summary = rule->summary;
    text.explanation = rule->explanation;
    text.help = explain(*rule, levels.of(*rule));
    const Level level = levels.of(*rule);
    text.level = level == Level::off ? "none" : word(level);
    texts.push_back(std::move(text));
  }
  return texts;
}

}  // namespace schemagen::gen
