#include "model/member_names.hpp"

#include <algorithm>

namespace schemagen::gen {
namespace {

using Names = std::vector<std::string>;

}  // namespace

std::optional<Names> MemberNames::columns(const Option& option) {
  Names columns;
  bool good = true;
  const auto& list = std::get<Names>(option.value);
  for (std::size_t i = 0; i < list.size(); ++i) {
    const SourceLocation& at =
        i < option.element_at.size() ? option.element_at[i] : option.at;
    std::string column = this->column(list[i], at);
    good = good && !column.empty();
    if (column.empty()) continue;
    if (std::count(columns.begin(), columns.end(), column) > 0) {
      diagnostics_.error(at, "duplicate-member",
                         "member '" + list[i] + "' stands twice in ." +
                             option.name + "; remove one");
      good = false;
    }
    columns.push_back(column);
  }
  if (!good) return std::nullopt;
  return columns;
}

std::string MemberNames::column(const std::string& member,
                                const SourceLocation& at,
                                const std::string& before) {
  std::size_t found = entity_.find(member);
  if (found != std::string::npos) return entity_.table.columns[found].name;
  auto other = entity_.others.find(member);
  if (other == entity_.others.end()) {
    report_missing(member, at, before);
  } else if (!other->second.empty()) {
    report_other(member, other->second, at);
  }
  return "";
}

void MemberNames::report_other(const std::string& member,
                               const std::string& what,
                               const SourceLocation& at) {
  std::string example;
  for (const EntityMember& known : entity_.members) {
    if (known.path.compare(0, member.size() + 1, member + '.') == 0) {
      example = ", such as '" + known.path + "'";
      break;
    }
  }
  diagnostics_.error(at, "unknown-member",
                     "member '" + member + "' of '" + entity_.record->name +
                         "' is " + what + " and no column; name one" + example);
}

void MemberNames::report_missing(const std::string& member,
                                 const SourceLocation& at,
                                 const std::string& before) {
  std::string near = closest(member, entity_.paths());
  // The commonest slip is to write the column's name.
  for (std::size_t i = 0; i < entity_.members.size(); ++i) {
    if (entity_.table.columns[i].name == member) {
      near = entity_.members[i].path;
    }
  }
  report_unknown(diagnostics_, {at, "unknown-member",
                                "'" + entity_.record->name +
                                    "' has no member '" + member + "'",
                                near, "name a C++ member", before});
}

}  // namespace schemagen::gen
