// Which table is changed first. It matters only where SQL of the user fills one
// table from another that changes as well.
#include <algorithm>
#include <set>

#include "dialect/sqlite.hpp"
#include "model/sql_tokens.hpp"
#include "model/text.hpp"

namespace schemagen::gen::sqlite {
namespace {

/// Every name in the SQL that computes values of the table, or is to do so,
/// without case.
std::set<std::string> names_asked(const Plan& plan, const TableWork& work) {
  std::set<std::string> names;
  for (const ByHand& move : plan.by_hand) {
    const bool is_move = move.place == ByHand::Place::before_drop &&
                         move.target == name_of(*work.pair->to);
    if (!is_move || move.column.empty()) continue;
    names.insert(fold_case(move.table.name));
    names.insert(fold_case(move.column));
  }
  for (const ColumnPair& column : work.pair->columns) {
    if (column.to == nullptr) continue;
    for (const std::string* sql :
         {&column.to->backfill, &column.to->using_sql}) {
      for (const SqlToken& token : cut_tokens(*sql)) {
        const bool is_name = token.kind == SqlToken::Kind::identifier ||
                             token.kind == SqlToken::Kind::quoted_identifier;
        if (is_name) names.insert(fold_case(identifier_name(token)));
      }
    }
  }
  return names;
}

bool has(const std::set<std::string>& names, const std::string& name) {
  return names.count(fold_case(name)) != 0;
}

/// `asked` wants something of `other` that the other's own step takes away:
/// then it has to come before; or makes: then after.
bool wants(const std::set<std::string>& asked, const TableWork& other,
           bool what_goes) {
  if (!has(asked, other.pair->to->name)) return false;
  return std::any_of(
      other.pair->columns.begin(), other.pair->columns.end(),
      [&](const ColumnPair& column) {
        const Column* gone = column.to == nullptr ? column.from : nullptr;
        const Column* made = column.from == nullptr ? column.to : nullptr;
        const Column* wanted = what_goes ? gone : made;
        return wanted != nullptr && has(asked, wanted->name);
      });
}

}  // namespace

void order_works(const Plan& plan, std::vector<TableWork>& works) {
  std::vector<std::set<std::string>> asked;
  asked.reserve(works.size());
  for (const TableWork& work : works) asked.push_back(names_asked(plan, work));
  const bool any =
      std::any_of(asked.begin(), asked.end(),
                  [](const auto& names) { return !names.empty(); });
  if (!any) return;
  auto goes_before = [&](std::size_t a, std::size_t b) {
    return a != b && (wants(asked[a], works[b], true) ||
                      wants(asked[b], works[a], false));
  };
  std::vector<std::size_t> open(works.size());
  for (std::size_t i = 0; i < open.size(); ++i) open[i] = i;
  std::vector<TableWork> ordered;
  while (!open.empty()) {
    auto next = std::find_if(open.begin(), open.end(), [&](std::size_t each) {
      return std::none_of(open.begin(), open.end(), [&](std::size_t other) {
        return goes_before(other, each);
      });
    });
    if (next == open.end()) next = open.begin();
    ordered.push_back(std::move(works[*next]));
    open.erase(next);
  }
  works = std::move(ordered);
}

}  // namespace schemagen::gen::sqlite
