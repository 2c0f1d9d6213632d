#include "plan/compatible.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "model/sql_tokens.hpp"
#include "model/text.hpp"
#include "plan/identity.hpp"

namespace schemagen::gen {
namespace {

/// Whether the expression has a value wherever the required columns have.
/// Anything else than joining, adding and changing case may give NULL:
/// divisions, looks into JSON, CASE.
bool is_never_null(const std::string& expression, const Table& table) {
  static const std::set<std::string_view> kHarmless = {
      "(", ")", ",", "||", "+", "-", "*", "lower", "upper", "length", "trim"};
  const auto tokens = cut_tokens(expression);
  return std::all_of(tokens.begin(), tokens.end(), [&](const SqlToken& token) {
    using Kind = SqlToken::Kind;
    if (token.kind == Kind::symbol) return kHarmless.count(token.text) > 0;
    const bool is_name =
        token.kind == Kind::identifier || token.kind == Kind::quoted_identifier;
    if (!is_name) return true;
    const Column* column = table.find_column(identifier_name(token));
    return column != nullptr ? !column->nullable
                             : kHarmless.count(fold_case(token.text)) > 0;
  });
}

bool fills_itself(const Column& column, const Table* table) {
  if (column.nullable) return true;
  if (!column.generated.empty()) {
    return table != nullptr && is_never_null(column.generated, *table);
  }
  return column.default_value || !column.default_sql.empty() ||
         column.autoincrement;
}

/// Whether a value of the column can break what stands on the table.
bool is_constrained(const Table& table, const std::string& column) {
  const auto names_it = [&](const auto& key) {
    return std::find(key.columns.begin(), key.columns.end(), column) !=
           key.columns.end();
  };
  const auto checks_it = [&](const Check& check) {
    return check.column == column || mentions_name(check.sql, column);
  };
  const auto indexes_it = [&](const Index& index) {
    const auto& all = index.columns;
    return index.unique &&
           (mentions_name(index.expression, column) ||
            mentions_name(index.where, column) ||
            std::any_of(all.begin(), all.end(),
                        [&](const auto& one) { return one.name == column; }));
  };
  const auto any = [](const auto& list, const auto& test) {
    return std::any_of(list.begin(), list.end(), test);
  };
  return any(table.foreign_keys, names_it) || any(table.uniques, names_it) ||
         any(table.checks, checks_it) || any(table.indexes, indexes_it) ||
         any(table.primary_key, [&](const auto& key) { return key == column; });
}

/// The same column but for what an older program never notices: what it writes
/// is taken, and what it reads is a value of its type. NULL is none where the
/// column was required, nor is a number of a wider integer. Another default is
/// a value that it never wrote before.
bool demands_no_more(const Column& from, const Column& to, const Table* table) {
  Column like = from;
  like.comment = to.comment;
  const bool longer =
      to.type.max_length == 0 || to.type.max_length >= from.type.max_length;
  if (longer && from.type.max_length > 0 && !from.type.fixed) {
    like.type.max_length = to.type.max_length;
  }
  const bool is_free = table != nullptr && !is_constrained(*table, to.name);
  if (is_free && fills_itself(to, table)) {
    like.default_value = to.default_value;
    like.default_sql = to.default_sql;
  }
  return like == to;
}

/// An older program has no value for a new one that it reads.
bool keeps_values(const AlterEnum& change) {
  if (change.from.storage != change.to.storage || !change.renamed.empty() ||
      change.from.values.size() != change.to.values.size()) {
    return false;
  }
  return std::all_of(change.from.values.begin(), change.from.values.end(),
                     [&](const EnumValue& old) {
                       const EnumValue* now = change.to.find_value(old.name);
                       return now != nullptr && now->number == old.number;
                     });
}

/// What the whole migration adds, of which this plan may be a part: no older
/// program knows it.
struct Added {
  std::set<TableName> tables;
  /// Columns that an older program leaves NULL, which satisfies every
  /// constraint over them.
  std::set<std::pair<TableName, std::string>> null_columns;

  explicit Added(const Plan& plan) {
    const Matching matching = match(plan.from, plan.to, identity_of(plan));
    for (const TablePair& pair : matching.tables) {
      if (pair.to == nullptr) continue;
      const TableName table = name_of(*pair.to);
      if (pair.from == nullptr) tables.insert(table);
      for (const ColumnPair& column : pair.columns) {
        if (column.from == nullptr && stays_null(*column.to)) {
          null_columns.insert({table, column.to->name});
        }
      }
    }
  }

  static bool stays_null(const Column& column) {
    return column.nullable && !column.default_value &&
           column.default_sql.empty() && column.generated.empty();
  }

  bool has(const TableName& table, const std::string& column) const {
    return null_columns.count({table, column}) > 0;
  }
  /// Whether NULL in the new columns settles the check. Only comparisons of
  /// them do that for certain: IS NULL, coalesce() and columns that were there
  /// before can make it false.
  bool settles(const TableName& table, const Check& check) const {
    for (const SqlToken& token : cut_tokens(check.sql)) {
      const bool is_name = token.kind == SqlToken::Kind::identifier ||
                           token.kind == SqlToken::Kind::quoted_identifier;
      if (!is_name || has(table, identifier_name(token))) continue;
      const std::string word = fold_case(token.text);
      const bool is_strict = word == "and" || word == "or" || word == "not" ||
                             word == "in" || word == "between" ||
                             word == "like" || word == "length";
      if (!is_strict) return false;
    }
    return has(table, check.column);
  }
  bool any(const TableName& table,
           const std::vector<std::string>& columns) const {
    return std::any_of(columns.begin(), columns.end(),
                       [&](const std::string& c) { return has(table, c); });
  }
};

struct Compatible {
  const Added& added;
  const Schema& to;

  const Table* find(const TableName& table) const {
    return to.find_table(table.schema, table.name);
  }
  bool on(const TableName& table, bool otherwise) const {
    return otherwise || added.tables.count(table) > 0;
  }
  bool operator()(const CreateEnum&) const { return true; }
  bool operator()(const DropEnum&) const { return false; }
  bool operator()(const RenameEnum&) const { return false; }
  bool operator()(const AlterEnum& c) const { return keeps_values(c); }
  bool operator()(const CreateTable&) const { return true; }
  bool operator()(const DropTable&) const { return false; }
  bool operator()(const RenameTable&) const { return false; }
  bool operator()(const AlterTableOptions& c) const {
    return c.from.strict == c.to.strict &&
           c.from.without_rowid == c.to.without_rowid;
  }
  bool operator()(const AddColumn& c) const {
    return on(c.table, fills_itself(c.column, find(c.table)));
  }
  bool operator()(const DropColumn&) const { return false; }
  bool operator()(const RenameColumn&) const { return false; }
  bool operator()(const AlterColumn& c) const {
    return on(c.table, demands_no_more(c.from, c.to, find(c.table)));
  }
  bool operator()(const AlterPrimaryKey& c) const { return on(c.table, false); }
  bool operator()(const AddUnique& c) const {
    return on(c.table, added.any(c.table, c.value.columns));
  }
  /// INSERT ... ON CONFLICT names what keeps its columns unique.
  bool operator()(const DropUnique&) const { return false; }
  bool operator()(const AddIndex& c) const {
    const auto is_new = [&](const IndexColumn& column) {
      return added.has(c.table, column.name);
    };
    const auto& columns = c.value.columns;
    return on(c.table, !c.value.unique ||
                           std::any_of(columns.begin(), columns.end(), is_new));
  }
  bool operator()(const DropIndex& c) const { return !c.value.unique; }
  bool operator()(const AddCheck& c) const {
    return on(c.table, added.settles(c.table, c.value));
  }
  bool operator()(const DropCheck&) const { return true; }
  bool operator()(const AddForeignKey& c) const {
    return on(c.table, added.any(c.table, c.value.columns));
  }
  bool operator()(const DropForeignKey&) const { return true; }
};

}  // namespace

bool is_compatible(const Plan& plan) {
  const Added added(plan);
  return std::all_of(plan.changes.begin(), plan.changes.end(),
                     [&](const Change& change) {
                       return std::visit(Compatible{added, plan.to}, change);
                     });
}

}  // namespace schemagen::gen
