// What a statement does, out of PostgreSQL's own parse tree.
#include <pg_query.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <utility>

#include "dialect/postgres.hpp"
#include "dialect/postgres_kinds.hpp"
#include "dialect/postgres_tree.hpp"
#include "model/text.hpp"

namespace schemagen::gen::postgres {
namespace {

using Kind = Fact::Kind;
using Facts = std::vector<Fact>;

/// The lock that nobody gets past, by its number.
constexpr int kAccessExclusive = 8;

/// One statement on its way to facts.
class Reader : private FactReader {
 public:
  explicit Reader(const std::string& sql) : sql_(sql) {}

  Facts read(const Json& statement) {
    if (!statement.is_object() || statement.empty()) return {};
    const std::string type = statement.begin().key();
    const Json& body = statement.begin().value();
    read_ctes(body);
    using Read = void (Reader::*)(const Json&);
    static const std::map<std::string, Read> kReaders = {
        {"CreateStmt", &Reader::create_table},
        {"CreateTableAsStmt", &Reader::create_as},
        {"AlterTableStmt", &Reader::alter_table},
        {"RenameStmt", &Reader::rename},
        {"AlterObjectSchemaStmt", &Reader::set_schema},
        {"DropStmt", &Reader::drop},
        {"ViewStmt", &Reader::create_view},
        {"CreateFunctionStmt", &Reader::create_function},
        {"CreateSeqStmt", &Reader::create_sequence},
        {"CreatePolicyStmt", &Reader::create_policy},
        {"RuleStmt", &Reader::create_rule},
        {"IndexStmt", &Reader::create_index},
        {"CreateTrigStmt", &Reader::create_trigger},
        {"ReindexStmt", &Reader::reindex},
        {"TruncateStmt", &Reader::truncate},
        {"DeleteStmt", &Reader::delete_rows},
        {"UpdateStmt", &Reader::update_rows},
        {"InsertStmt", &Reader::insert_rows},
        {"MergeStmt", &Reader::merge},
        {"CopyStmt", &Reader::copy_rows},
        {"ExplainStmt", &Reader::explain},
        {"SelectStmt", &Reader::select},
        {"AlterEnumStmt", &Reader::alter_enum},
        {"AlterDomainStmt", &Reader::alter_domain},
        {"CreateExtensionStmt", &Reader::extension},
        {"AlterExtensionStmt", &Reader::extension},
        {"GrantStmt", &Reader::grant},
        {"AlterDefaultPrivilegesStmt", &Reader::default_privileges},
        {"GrantRoleStmt", &Reader::other_rights},
        {"ReassignOwnedStmt", &Reader::other_rights},
        {"CreateRoleStmt", &Reader::role},
        {"AlterRoleStmt", &Reader::role},
        {"CreateUserMappingStmt", &Reader::role},
        {"AlterUserMappingStmt", &Reader::role},
        {"LockStmt", &Reader::lock},
        {"VariableSetStmt", &Reader::set},
        {"ConstraintsSetStmt", &Reader::set},
        {"TransactionStmt", &Reader::transaction},
        {"VacuumStmt", &Reader::vacuum},
        {"ClusterStmt", &Reader::cluster},
        {"DropdbStmt", &Reader::drop_database},
        {"DoStmt", &Reader::run_block},
        {"CallStmt", &Reader::opaque},
        {"ExecuteStmt", &Reader::opaque},
        {"DropOwnedStmt", &Reader::opaque},
    };
    const auto reader = kReaders.find(type);
    if (reader != kReaders.end()) (this->*reader->second)(body);
    if (facts_.empty()) add(Kind::other);
    leave_out("public");
    return std::move(facts_);
  }

 private:
  /// WITH gone AS (DELETE FROM ...): each does what it says.
  void read_ctes(const Json& body) {
    for (const Json& each : at(at(body, "withClause"), "ctes")) {
      const Json& query = at(at(each, "CommonTableExpr"), "ctequery");
      if (!query.is_object() || query.contains("SelectStmt")) continue;
      for (Fact& fact : Reader(sql_).read(query)) {
        facts_.push_back(std::move(fact));
      }
    }
  }

  static bool cascades(const Json& node) {
    return text(node, "behavior") == "DROP_CASCADE";
  }

  // Tables

  void create_table(const Json& body) {
    Fact& fact = add(Kind::create_table, relation(at(body, "relation")));
    fact.if_exists = flag(body, "if_not_exists");
    fact.is_temporary = fact.table.schema == kTemporarySchema;
    fact.knows_columns = !at(body, "inhRelations").is_array();
    for (const Json& each : at(body, "tableElts")) {
      if (each.contains("ColumnDef")) {
        fact.columns.push_back(read_column(sql_, at(each, "ColumnDef"),
                                           fact.table.name, fact.constraints));
      } else if (each.contains("Constraint")) {
        read_constraint(sql_, at(each, "Constraint"), fact.table.name,
                        fact.constraints);
      } else {
        fact.knows_columns = false;
      }
    }
    for (const ConstraintFact& constraint : fact.constraints) {
      if (constraint.kind != ConstraintFact::Kind::primary_key) continue;
      for (ColumnFact& column : fact.columns) {
        const auto& keys = constraint.columns;
        column.not_null |=
            std::find(keys.begin(), keys.end(), column.name) != keys.end();
      }
    }
  }

  void create_as(const Json& body) {
    const Json& into = at(body, "into");
    if (text(body, "objtype") != "OBJECT_TABLE") {
      return create_object(relation(at(into, "rel")), "view");
    }
    read_ctes(at(at(body, "query"), "SelectStmt"));
    Fact& fact = add(Kind::create_table, relation(at(into, "rel")));
    fact.knows_columns = false;
    fact.if_exists = flag(body, "if_not_exists");
    fact.is_temporary = fact.table.schema == kTemporarySchema;
    const TableName made = fact.table;
    read_copy(made, {}, at(at(body, "query"), "SelectStmt"));
  }

  void alter_table(const Json& body) {
    const std::string object = text(body, "objtype");
    const TableName table = relation(at(body, "relation"));
    const bool is_type = object == "OBJECT_TYPE";
    if (object != "OBJECT_TABLE" && object != "OBJECT_INDEX" && !is_type)
      return;
    for (const Json& each : at(body, "cmds")) {
      const Json& command = at(each, "AlterTableCmd");
      // An attribute goes with its values in every table that uses the type.
      const bool loses = text(command, "subtype") == "AT_DropColumn";
      if (!is_type || loses) alter(command, table);
    }
  }

  void alter(const Json& command, const TableName& table) {
    const std::string type = text(command, "subtype");
    Fact& fact = add(kind_of_command(type), table);
    fact.name = text(command, "name");
    fact.cascades = cascades(command);
    fact.if_exists = flag(command, "missing_ok");
    const Json& def = at(command, "def");
    if (fact.kind == Kind::add_column) {
      fact.columns = {read_column(sql_, at(def, "ColumnDef"), table.name,
                                  fact.constraints)};
      fact.name = fact.columns[0].name;
    }
    if (fact.kind == Kind::set_type) {
      const Json& node = at(def, "ColumnDef");
      ColumnFact changed;
      changed.name = fact.name;
      changed.type = type_name(at(node, "typeName"));
      const Json& by = at(node, "raw_default");
      if (!only_casts(by, fact.name, changed.type)) fact.to = "using";
      fact.columns = {std::move(changed)};
    }
    if (type == "AT_ColumnDefault" && def.is_null()) {
      fact.kind = Kind::drop_default;
    }
    if (fact.kind == Kind::add_constraint) {
      read_constraint(sql_, at(def, "Constraint"), table.name,
                      fact.constraints);
      if (!fact.constraints.empty()) fact.name = fact.constraints[0].name;
    }
    if (fact.kind == Kind::detach_partition) {
      const Json& partition = at(def, "PartitionCmd");
      fact.is_concurrent = flag(partition, "concurrent");
      fact.name = relation(at(partition, "name")).name;
    }
    if (fact.kind == Kind::grant) fact.to = "owner";
  }

  void rename(const Json& body) {
    const Kind kind = kind_of_rename(text(body, "renameType"));
    const bool of_view = kind == Kind::rename_column &&
                         text(body, "relationType") != "OBJECT_TABLE";
    if (kind == Kind::other || of_view) return;
    const Json& relations = at(body, "relation");
    Fact& fact = add(kind, relations.is_null()
                               ? qualified(object_name(at(body, "object")))
                               : relation(relations));
    fact.name = text(body, "subname");
    if (kind == Kind::rename_index) fact.name.swap(fact.table.name);
    fact.to = text(body, "newname");
    fact.renamed = {fact.table.schema, fact.to};
    if (kind == Kind::rename_schema) {
      fact.table = {fact.name, ""};
      fact.renamed = {fact.to, ""};
    }
    fact.if_exists = flag(body, "missing_ok");
  }

  void set_schema(const Json& body) {
    if (text(body, "objectType") != "OBJECT_TABLE") return;
    Fact& fact = add(Kind::rename_table, relation(at(body, "relation")));
    const std::string schema = text(body, "newschema");
    fact.to = schema + "." + fact.table.name;
    fact.renamed = qualified({schema, fact.table.name});
    fact.if_exists = flag(body, "missing_ok");
  }

  void drop(const Json& body) {
    const std::string type = text(body, "removeType");
    for (const Json& object : at(body, "objects")) {
      const TableName name = qualified(object_name(object));
      Fact& fact = add(kind_of_drop(type), name);
      fact.name = name.name;
      fact.to = object_word(type);
      if (fact.kind == Kind::drop_index) fact.table.name.clear();
      if (fact.kind == Kind::drop_schema) fact.table = {name.name, ""};
      fact.cascades = cascades(body);
      fact.if_exists = flag(body, "missing_ok");
      fact.is_concurrent = flag(body, "concurrent");
    }
  }

  void drop_database(const Json& body) {
    const std::string name = text(body, "dbname");
    add(Kind::drop_schema, {name, ""}).name = name;
  }

  void create_object(const TableName& name, const char* what) {
    Fact& fact = add(Kind::create_object, name);
    fact.to = what;
    fact.is_private = name.schema == kTemporarySchema;
  }

  void create_view(const Json& body) {
    create_object(relation(at(body, "view")), "view");
  }

  void create_function(const Json& body) {
    create_object(qualified(strings_of(at(body, "funcname"))), "function");
    const auto result = strings_of(at(at(body, "returnType"), "names"));
    facts_.back().is_private =
        !result.empty() &&
        (result.back() == "trigger" || result.back() == "event_trigger");
  }

  void create_sequence(const Json& body) {
    create_object(relation(at(body, "sequence")), "sequence");
  }

  void create_policy(const Json& body) {
    add(Kind::create_policy, relation(at(body, "table")));
  }

  void create_rule(const Json& body) {
    const bool swallows =
        flag(body, "instead") && at(body, "actions").is_null();
    add(swallows ? Kind::swallow_writes : Kind::other,
        relation(at(body, "relation")))
        .name = text(body, "rulename");
  }

  void create_index(const Json& body) {
    Fact& fact = add(Kind::create_index, relation(at(body, "relation")));
    fact.name = text(body, "idxname");
    fact.is_concurrent = flag(body, "concurrent");
    fact.if_exists = flag(body, "if_not_exists");
    fact.index = read_index(sql_, body);
  }

  void create_trigger(const Json& body) {
    add(Kind::create_trigger, relation(at(body, "relation"))).name =
        text(body, "trigname");
  }

  void reindex(const Json& body) {
    Fact& fact = add(Kind::reindex, relation(at(body, "relation")));
    fact.name = text(body, "name");
    if (text(body, "kind") == "REINDEX_OBJECT_INDEX") {
      fact.name = fact.table.name;
      fact.table.name.clear();
    }
    fact.is_concurrent = is_on(at(body, "params"), "concurrently");
  }

  // Rows

  void truncate(const Json& body) {
    for (const Json& each : at(body, "relations")) {
      const Json& range = at(each, "RangeVar");
      Fact& fact = add(Kind::truncate, relation(range));
      fact.cascades = cascades(body);
      fact.empties = flag(range, "inh");
    }
  }

  void delete_rows(const Json& body) {
    Fact& fact = add(Kind::delete_rows, relation(at(body, "relation")));
    fact.has_where = leaves_out(at(body, "whereClause"));
    // ONLY leaves the rows of its heirs, a CTE those that it inserts, and USING
    // all of them where the other table has none.
    fact.empties = !fact.has_where && flag(at(body, "relation"), "inh") &&
                   at(body, "withClause").is_null() &&
                   at(body, "usingClause").is_null();
    fact.cleared = null_columns(at(body, "whereClause"));
  }

  void update_rows(const Json& body) {
    Fact& fact = add(Kind::update_rows, relation(at(body, "relation")));
    fact.has_where = leaves_out(at(body, "whereClause"));
    for (const Json& each : at(body, "targetList")) {
      fact.assigned.push_back(text(at(each, "ResTarget"), "name"));
    }
  }

  void insert_rows(const Json& body) {
    std::vector<std::string> columns;
    for (const Json& each : at(body, "cols")) {
      columns.push_back(text(at(each, "ResTarget"), "name"));
    }
    const Json& select = at(at(body, "selectStmt"), "SelectStmt");
    read_copy(relation(at(body, "relation")), std::move(columns), select);
    const Json& conflict = at(body, "onConflictClause");
    CopyFact& copy = facts_.back().copy;
    copy.is_whole &= conflict.is_null();
    copy.skips_doubles =
        conflict.is_object() && at(conflict, "infer").is_null();
  }

  void merge(const Json& body) {
    const TableName table = relation(at(body, "relation"));
    const bool joins_some = leaves_out(at(body, "joinCondition"));
    for (const Json& each : at(body, "mergeWhenClauses")) {
      const Json& clause = at(each, "MergeWhenClause");
      const std::string command = text(clause, "commandType");
      if (command == "CMD_NOTHING") continue;
      Fact& fact = add(command == "CMD_DELETE"   ? Kind::delete_rows
                       : command == "CMD_UPDATE" ? Kind::update_rows
                                                 : Kind::insert_rows,
                       table);
      fact.has_where = joins_some || leaves_out(at(clause, "condition"));
      fact.copy.is_whole = false;
      if (command != "CMD_UPDATE") continue;
      for (const Json& target : at(clause, "targetList")) {
        fact.assigned.push_back(text(at(target, "ResTarget"), "name"));
      }
    }
  }

  /// COPY t FROM ..., COPY (DELETE ... RETURNING ...) TO ...
  void copy_rows(const Json& body) {
    if (flag(body, "is_from")) {
      add(Kind::insert_rows, relation(at(body, "relation")));
      return;
    }
    facts_ = Reader(sql_).read(at(body, "query"));
  }

  /// With ANALYZE it runs what it explains.
  void explain(const Json& body) {
    if (is_on(at(body, "options"), "analyze")) copy_rows(body);
  }

  void read_copy(const TableName& table, std::vector<std::string> columns,
                 const Json& select) {
    Fact& fact = add(Kind::insert_rows, table);
    fact.copy.columns = std::move(columns);
    const Json& from = at(select, "fromClause");
    if (from.size() != 1 || !from[0].contains("RangeVar")) return;
    fact.copy.source = relation(at(from[0], "RangeVar"));
    static constexpr std::array<const char*, 5> kLeavesOut = {
        "groupClause", "havingClause", "limitCount", "distinctClause",
        "limitOffset"};
    fact.copy.is_whole &= !leaves_out(at(select, "whereClause"));
    for (const char* clause : kLeavesOut) {
      fact.copy.is_whole &= at(select, clause).is_null();
    }
    for (const Json& each : at(select, "targetList")) {
      const Json& value = at(at(each, "ResTarget"), "val");
      const Json& fields = at(at(value, "ColumnRef"), "fields");
      const auto parts = strings_of(fields);
      fact.copy.mentioned.push_back(mentioned_columns(value));
      const bool is_star = !fields.empty() && fields.back().contains("A_Star");
      fact.copy.items.push_back(is_star         ? "*"
                                : parts.empty() ? ""
                                                : parts.back());
    }
  }

  void select(const Json& body) {
    const Json& into = at(body, "intoClause");
    if (into.is_object()) {
      Fact& fact = add(Kind::create_table, relation(at(into, "rel")));
      fact.knows_columns = false;
      fact.is_temporary = fact.table.schema == kTemporarySchema;
      return;
    }
    add(Kind::select);
    walk(body, [&](const std::string& type, const Json& call) {
      const auto name = strings_of(at(call, "funcname"));
      const Json& values = at(call, "args");
      const bool sets = type == "FuncCall" && !name.empty() &&
                        name.back() == "set_config" && values.size() > 1;
      if (!sets) return;
      Fact& fact = add(Kind::set_setting);
      fact.name = fold_case(constant_text(values[0]));
      fact.to = constant_text(values[1]);
    });
  }

  // Everything else

  void alter_enum(const Json& body) {
    const std::string old = text(body, "oldVal");
    Fact& fact =
        add(old.empty() ? Kind::add_enum_value : Kind::rename_enum_value,
            qualified(strings_of(at(body, "typeName"))));
    fact.name = old.empty() ? text(body, "newVal") : old;
    fact.to = old.empty() ? text(body, "newValNeighbor") : text(body, "newVal");
  }

  void alter_domain(const Json& body) {
    const std::string what = text(body, "subtype");
    const bool demands = what == "C" || what == "O";
    Fact& fact = add(demands ? Kind::constrain_domain : Kind::other,
                     qualified(strings_of(at(body, "typeName"))));
    const auto constraint =
        constraint_of(sql_, at(at(body, "def"), "Constraint"));
    if (constraint && !constraint->is_validated) fact.kind = Kind::other;
  }

  void extension(const Json& body) {
    add(Kind::change_extension).name = text(body, "extname");
  }

  void grant(const Json& body) {
    Fact& fact = add(Kind::grant);
    for (const Json& each : at(body, "objects")) {
      const Json& range = at(each, "RangeVar");
      if (range.is_object()) fact.table = relation(range);
    }
    for (const Json& each : at(body, "grantees")) {
      const bool is_public =
          text(at(each, "RoleSpec"), "roletype") == "ROLESPEC_PUBLIC";
      if (is_public && flag(body, "is_grant")) fact.to = "public";
    }
  }

  void default_privileges(const Json& body) { grant(at(body, "action")); }

  void other_rights(const Json&) { add(Kind::grant); }

  void role(const Json& body) {
    Kind kind = Kind::grant;
    for (const Json& each : at(body, "options")) {
      const Json& option = at(each, "DefElem");
      if (text(option, "defname") == "password" &&
          !string_of(at(option, "arg")).empty()) {
        kind = Kind::set_password;
      }
    }
    Fact& fact = add(kind);
    fact.name = text(body, "role");
    if (fact.name.empty()) fact.name = text(at(body, "role"), "rolename");
  }

  void lock(const Json& body) {
    for (const Json& each : at(body, "relations")) {
      Fact& fact = add(Kind::lock_table, relation(at(each, "RangeVar")));
      fact.is_exclusive = at(body, "mode") == kAccessExclusive;
    }
  }

  void set(const Json& body) {
    Fact& fact = add(Kind::set_setting);
    fact.name =
        text(body, "kind") == "VAR_RESET_ALL" ? "all" : text(body, "name");
    for (const Json& each : at(body, "args")) fact.to = constant_text(each);
  }

  void transaction(const Json& body) {
    const std::string kind = text(body, "kind");
    const bool begins =
        kind == "TRANS_STMT_BEGIN" || kind == "TRANS_STMT_START";
    const bool ends =
        kind == "TRANS_STMT_COMMIT" || kind == "TRANS_STMT_ROLLBACK";
    add(begins ? Kind::begin : ends ? Kind::commit : Kind::other);
  }

  void vacuum(const Json& body) {
    if (!is_on(at(body, "options"), "full")) return;
    for (const Json& each : at(body, "rels")) {
      add(Kind::rewrite, relation(at(at(each, "VacuumRelation"), "relation")));
    }
    if (facts_.empty()) add(Kind::rewrite);
  }

  void cluster(const Json& body) {
    add(Kind::rewrite, relation(at(body, "relation")));
  }

  void run_block(const Json& body) {
    const std::string move = moved_home(sql_);
    if (move.empty()) return opaque(body);
    for (Fact& fact : postgres::facts(move + "home")) {
      fact.to = fact.table.name;
      fact.renamed = {"", fact.table.name};
      facts_.push_back(std::move(fact));
    }
  }

  void opaque(const Json&) { add(Kind::opaque); }

  const std::string& sql_;
};

struct FreeParse {
  void operator()(PgQueryParseResult* result) const {
    pg_query_free_parse_result(*result);
    delete result;
  }
};

}  // namespace

std::vector<Fact> facts(const std::string& sql) {
  const std::unique_ptr<PgQueryParseResult, FreeParse> result(
      new PgQueryParseResult(pg_query_parse(sql.c_str())));
  Fact opaque;
  opaque.kind = Kind::opaque;
  if (result->error != nullptr) return {opaque};
  const Json tree = Json::parse(result->parse_tree, nullptr,
                                /*allow_exceptions=*/false);
  Facts all;
  for (const Json& each : at(tree, "stmts")) {
    for (Fact& fact : Reader(sql).read(at(each, "stmt"))) {
      all.push_back(std::move(fact));
    }
  }
  return all;
}

}  // namespace schemagen::gen::postgres
