// Law 1: what would go without anybody having said so, each as an error that
// prints the flag for a removal and those for the likeliest renames.
#include <algorithm>

#include "model/diagnostics.hpp"
#include "model/text.hpp"
#include "plan/flags.hpp"
#include "plan/identity.hpp"
#include "plan/type_step.hpp"

namespace schemagen::gen {
namespace {

/// A name as an annotation has it: a literal of C++, which JSON's strings are.
std::string literal(const std::string& name) {
  std::string text;
  append_json(text, name);
  return text;
}

std::string drop_flag(const std::string& what) {
  return typed_flag("drop", what);
}

std::string rename_flag(const std::string& old, const std::string& now) {
  return typed_flag("rename", old + "=" + now);
}

/// "users.nick=nickname, or --rename users.nick=alias, if ...": the candidates
/// in order of likeness, three at most.
std::string rename_words(const std::string& old,
                         const std::vector<std::string>& candidates) {
  if (candidates.empty()) {
    return rename_flag(old, "NEW_NAME") + " if it has a new name";
  }
  std::string words;
  const std::size_t shown = std::min<std::size_t>(candidates.size(), 3);
  for (std::size_t i = 0; i < shown; ++i) {
    if (i > 0) words += " or ";
    words += rename_flag(old, candidates[i]);
  }
  return words + (shown > 1 ? " if it became one of these"
                            : " if it became " + candidates[0]);
}

class Losses {
 public:
  Losses(const Schema& from, const Schema& to, const Agreement& agreement,
         Diagnostics& diagnostics)
      : from_(from),
        to_(to),
        agreement_(agreement),
        diagnostics_(diagnostics) {}

  void run(const Matching& matching) {
    for (const EnumPair& pair : matching.enums) {
      if (pair.from != nullptr && pair.to != nullptr) check_values(pair);
    }
    for (const TablePair& pair : matching.tables) {
      if (pair.to == nullptr) {
        check_table(*pair.from, matching);
      } else if (pair.from != nullptr) {
        check_columns(pair);
      }
    }
  }

 private:
  void report(const SourceLocation& at, const SourceLocation& before,
              const std::string& message) {
    Diagnostic& entry = diagnostics_.error(at, "unexplained-removal", message);
    if (before.file.empty() || before.file == at.file) return;
    Diagnostic note;
    note.severity = Severity::note;
    note.message = "it stands in the snapshot here";
    note.at = before;
    entry.notes.push_back(note);
  }

  void check_table(const Table& gone, const Matching& matching) {
    if (agreement_.dropped_tables.count(name_of(gone)) != 0) return;
    std::vector<std::pair<std::size_t, std::string>> ranked;
    std::string entity;
    for (const TablePair& pair : matching.tables) {
      if (pair.from != nullptr || pair.to == nullptr) continue;
      ranked.push_back({likeness(gone, *pair.to), display(name_of(*pair.to))});
    }
    std::stable_sort(
        ranked.begin(), ranked.end(),
        [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<std::string> candidates;
    candidates.reserve(ranked.size());
    for (auto& each : ranked) candidates.push_back(std::move(each.second));
    const std::string name = display(name_of(gone));
    std::string message = "table " + name + " has no entity any more; add " +
                          drop_flag(name) + " to delete it with its rows, or " +
                          rename_words(name, candidates);
    if (!candidates.empty()) {
      message +=
          " (or write .renamed_from = " + literal(name) + " in its SG_TABLE)";
    }
    report(gone.at, gone.at, message);
  }

  static std::size_t likeness(const Table& a, const Table& b) {
    std::size_t shared = 0;
    for (const Column& column : a.columns) {
      const Column* other = b.find_column(column.name);
      if (other != nullptr) shared += other->type == column.type ? 2 : 1;
    }
    return shared;
  }

  void check_columns(const TablePair& pair) {
    for (const ColumnPair& column : pair.columns) {
      if (column.to == nullptr) {
        check_gone(pair, *column.from);
      } else if (column.from == nullptr) {
        check_new(pair, *column.to);
      } else if (*column.from != *column.to) {
        check_changed(pair, *column.from, *column.to);
      }
    }
  }

  static std::string member(const TablePair& pair, const std::string& column) {
    return display(name_of(*pair.to)) + "." + column;
  }

  bool may_go(const TablePair& pair, const Column& gone) const {
    return !gone.generated.empty() ||
           agreement_.dropped_columns.count({name_of(*pair.from), gone.name}) !=
               0;
  }

  void check_gone(const TablePair& pair, const Column& gone) {
    if (may_go(pair, gone)) return;
    std::vector<std::string> candidates;
    // In a value struct the annotation names what stands behind the prefix.
    bool any_plain = false;
    for (const bool same_type : {true, false}) {
      for (const ColumnPair& column : pair.columns) {
        if (column.from != nullptr || !column.to->generated.empty()) continue;
        if ((column.to->type == gone.type) == same_type) {
          candidates.push_back(column.to->name);
          any_plain |= column.to->member.find('.') == std::string::npos;
        }
      }
    }
    const std::string name = member(pair, gone.name);
    std::string message =
        "column " + name + " has no member any more; add " + drop_flag(name) +
        " to delete it with its values, or " + rename_words(name, candidates);
    if (any_plain) {
      message += " (or write .renamed_from = " + literal(gone.name) +
                 " in its SG_COLUMN)";
    }
    report(pair.to->at, gone.at, message);
  }

  void check_new(const TablePair& pair, const Column& column) {
    if (column.nullable || column.default_value || !column.backfill.empty() ||
        !column.default_sql.empty() || !column.generated.empty() ||
        column.autoincrement) {
      return;
    }
    diagnostics_.error(column.at, "missing-value",
                       "column " + member(pair, column.name) +
                           " is new and NOT NULL, so existing rows need a "
                           "value; add .backfill = \"SQL\", or a default (an "
                           "initialiser or .default_sql), or make it "
                           "std::optional");
  }

  void check_changed(const TablePair& pair, const Column& from,
                     const Column& to) {
    if (from.generated.empty() && !to.generated.empty()) {
      return check_becomes_generated(pair, from, to);
    }
    check_type(pair, from, to);
    const bool demands = from.nullable && !to.nullable && to.generated.empty();
    if (!demands || !to.backfill.empty() || !to.default_sql.empty() ||
        (to.default_value && to.default_value->kind != Literal::Kind::null)) {
      return;
    }
    diagnostics_.error(to.at, "missing-value",
                       "column " + member(pair, to.name) +
                           " becomes NOT NULL, so rows without a value need "
                           "one; add .backfill = \"SQL\" or a default (an "
                           "initialiser or .default_sql)");
  }

  void check_becomes_generated(const TablePair& pair, const Column& from,
                               const Column& to) {
    const std::string old = member(pair, from.name);
    diagnostics_.error(to.at, "unexplained-removal",
                       "column " + old +
                           " becomes generated, so its stored values go; add " +
                           drop_flag(old) + " to agree");
  }

  void check_type(const TablePair& pair, const Column& from, const Column& to) {
    Type old = from.type;
    for (const auto& [now, before] : agreement_.identity.enums) {
      if (old.enum_name == before) old.enum_name = now;
    }
    if (old == to.type || !to.using_sql.empty() || !to.generated.empty()) {
      return;
    }
    if (type_step(from_, from.type, to_, to.type) != TypeStep::unclear) return;
    diagnostics_.error(
        to.at, "missing-conversion",
        "column " + member(pair, to.name) + " changes from " +
            type_words(from.type) + " to " + type_words(to.type) +
            ", and only you know what a value becomes; add .using_sql = "
            "\"SQL\", an expression over the old row");
  }

  static std::string type_words(const Type& type) {
    if (!type.sql.empty()) return type.sql.begin()->second;
    if (type.kind == TypeKind::enumeration) return "enum " + type.enum_name;
    std::string words = type_kind_name(type.kind);
    if (type.kind == TypeKind::decimal) {
      words += "(" + std::to_string(type.precision) + ", " +
               std::to_string(type.scale) + ")";
    } else if (type.max_length > 0) {
      words += "(" + std::to_string(type.max_length) + ")";
    }
    return type.unit.empty() ? words : words + " in " + type.unit;
  }

  void check_values(const EnumPair& pair) {
    std::set<std::string> kept;
    std::vector<std::string> fresh;
    for (const EnumValue& value : pair.to->values) {
      auto renamed =
          agreement_.identity.values.find({pair.to->name, value.name});
      const bool is_renamed = renamed != agreement_.identity.values.end();
      kept.insert(is_renamed ? renamed->second : value.name);
      if (!is_renamed && pair.from->find_value(value.name) == nullptr) {
        fresh.push_back(value.name);
      }
    }
    for (const EnumValue& value : pair.from->values) {
      if (kept.count(value.name) != 0 ||
          agreement_.dropped_values.count({pair.to->name, value.name}) != 0) {
        continue;
      }
      const std::string name = "enum:" + pair.to->name + "." + value.name;
      report(pair.to->at, value.at,
             "enum " + pair.to->name + " has no value " + value.name +
                 " any more; add " + drop_flag(name) +
                 " if no row uses it, or " + rename_words(name, fresh));
    }
  }

  const Schema& from_;
  const Schema& to_;
  const Agreement& agreement_;
  Diagnostics& diagnostics_;
};

}  // namespace

void check_losses(const Schema& from, const Schema& to,
                  const Agreement& agreement, const Matching& matching,
                  Diagnostics& diagnostics) {
  Losses(from, to, agreement, diagnostics).run(matching);
}

}  // namespace schemagen::gen
