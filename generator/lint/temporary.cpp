#include "lint/temporary.hpp"

#include <map>
#include <string>

namespace schemagen::gen {
namespace {

/// By the bare name.
using Temporary = std::map<std::string, TableName>;

void complete(TableName& name, bool names_home, const Temporary& temporary) {
  if (!name.schema.empty() || names_home) return;
  const auto found = temporary.find(name.name);
  if (found != temporary.end()) name = found->second;
}

bool is_temporary(const TableName& name, const Temporary& temporary) {
  const auto found = temporary.find(name.name);
  return found != temporary.end() && found->second == name;
}

}  // namespace

void tell_temporary(std::vector<Fact>& facts) {
  Temporary temporary;
  for (Fact& fact : facts) {
    if (fact.kind == Fact::Kind::create_table) {
      if (fact.is_temporary) temporary[fact.table.name] = fact.table;
      continue;
    }
    // CREATE TEMP TABLE t AS SELECT ... FROM t reads the other one.
    if (fact.copy.source.name != fact.table.name) {
      complete(fact.copy.source, fact.copy.names_home, temporary);
    }
    complete(fact.table, fact.names_home, temporary);
    if (!is_temporary(fact.table, temporary)) continue;
    if (fact.kind == Fact::Kind::rename_table) {
      fact.renamed.schema = fact.table.schema;
      temporary.erase(fact.table.name);
      temporary[fact.renamed.name] = fact.renamed;
    } else if (fact.kind == Fact::Kind::drop_table) {
      temporary.erase(fact.table.name);
    }
  }
}

}  // namespace schemagen::gen
