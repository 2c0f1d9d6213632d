#include <algorithm>
#include <array>
#include <initializer_list>
#include <map>
#include <set>
#include <string_view>

#include "dialect/engines.hpp"
#include "dialect/postgres_online.hpp"
#include "model/diagnostics.hpp"
#include "model/names.hpp"
#include "model/sql_tokens.hpp"
#include "model/text.hpp"

namespace schemagen::gen {
namespace postgres {
namespace {

constexpr int kMaxPrecision = 1000;
constexpr int kMaxVarchar = 10'485'760;

void check_name(const std::string& what, const std::string& name,
                const SourceLocation& at, Diagnostics& diagnostics) {
  if (name.size() <= kMaxNameBytes) return;
  diagnostics.error(at, "name-too-long",
                    "PostgreSQL cuts names after 63 bytes, and " + what + " " +
                        name + " has " + std::to_string(name.size()) +
                        "; give it a shorter .name");
}

/// Types without a schema are looked for among PostgreSQL's own first: an enum
/// of such a name is made, and no column ever gets it.
constexpr std::string_view kOwnTypes =
    " aclitem any anyarray anycompatible anycompatiblearray "
    "anycompatiblemultirange anycompatiblenonarray anycompatiblerange "
    "anyelement anyenum anymultirange anynonarray anyrange bit bool box "
    "bpchar bytea char cid cidr circle cstring date datemultirange "
    "daterange event_trigger fdw_handler float4 float8 gtsvector "
    "index_am_handler inet int2 int2vector int4 int4multirange int4range "
    "int8 int8multirange int8range internal interval json jsonb jsonpath "
    "language_handler line lseg macaddr macaddr8 money name numeric "
    "nummultirange numrange oid oidvector path point polygon record "
    "refcursor regclass regcollation regconfig regdictionary regnamespace "
    "regoper regoperator regproc regprocedure regrole regtype "
    "table_am_handler text tid time timestamp timestamptz timetz trigger "
    "tsm_handler tsmultirange tsquery tsrange tstzmultirange tstzrange "
    "tsvector txid_snapshot unknown uuid varbit varchar void xid xid8 xml ";

bool is_own_type(std::string name) {
  if (name.compare(0, 3, "pg_") == 0) return true;
  if (name.compare(0, 1, "_") == 0) name.erase(0, 1);  // its arrays
  return name.find(' ') == std::string::npos &&
         kOwnTypes.find(' ' + name + ' ') != std::string_view::npos;
}

void report_reserved(const std::string& message, const SourceLocation& at,
                     Diagnostics& diagnostics) {
  diagnostics.error(at, "reserved-name", "PostgreSQL " + message);
}

void check_reserved(const Table& table, Diagnostics& diagnostics) {
  constexpr std::array<std::string_view, 6> kOwnColumns = {
      "cmax", "cmin", "ctid", "tableoid", "xmax", "xmin"};
  if (table.schema.compare(0, 3, "pg_") == 0) {
    report_reserved(
        "keeps schemas that begin with pg_ for itself; give table " +
            table.name + " another .schema",
        table.at, diagnostics);
  } else if (table.schema.empty() && table.name.compare(0, 3, "pg_") == 0) {
    report_reserved(
        "looks for names that begin with pg_ among its own tables "
        "first; rename table " +
            table.name + ", or give it a .schema",
        table.at, diagnostics);
  }
  for (const Column& column : table.columns) {
    if (std::find(kOwnColumns.begin(), kOwnColumns.end(), column.name) ==
        kOwnColumns.end()) {
      continue;
    }
    report_reserved("has a column " + column.name +
                        " of its own in every table; give " + table.name + "." +
                        column.name + " another .name",
                    column.at, diagnostics);
  }
}

bool can_number(const Column& column, const Schema& schema) {
  const std::string type = type_sql(column.type, schema);
  return type == "smallint" || type == "integer" || type == "bigint";
}

bool is_uuid(const std::string& text) {
  constexpr std::string_view kDigits = "0123456789abcdefABCDEF";
  std::size_t digits = 0;
  for (const char c : text) {
    const bool is_digit = kDigits.find(c) != std::string_view::npos;
    if (!is_digit && c != '-' && c != '{' && c != '}') return false;
    digits += is_digit ? 1 : 0;
  }
  return digits == 32;
}

/// Of a type that the user spelled, what PostgreSQL surely refuses.
bool refuses(const std::string& sql, const std::string& text) {
  const std::string type = fold_case(sql.substr(0, sql.find('(')));
  if (type == "uuid") return !is_uuid(text);
  constexpr std::array<std::string_view, 26> kNeverEmpty = {
      "json",     "jsonb",   "inet",        "cidr",   "macaddr",
      "macaddr8", "date",    "time",        "timetz", "timestamp",
      "interval", "bool",    "boolean",     "int2",   "int4",
      "int8",     "int",     "integer",     "bigint", "smallint",
      "numeric",  "decimal", "timestamptz", "real",   "double precision",
      "money"};
  return text.empty() && std::find(kNeverEmpty.begin(), kNeverEmpty.end(),
                                   type) != kNeverEmpty.end();
}

void check_default(const Table& table, const Column& column,
                   Diagnostics& diagnostics) {
  const std::string sql = spelled_type(column.type);
  const auto& value = column.default_value;
  if (!value || value->kind != Literal::Kind::text ||
      !refuses(sql, value->text)) {
    return;
  }
  diagnostics.error(
      column.at, "default-no-value",
      quote_text(value->text) + " is no " + sql +
          " for PostgreSQL, so it cannot be the DEFAULT of " + table.name +
          "." + column.name +
          "; leave the initialiser out, change it, or write .default_sql");
}

void check_column(const Table& table, const Column& column,
                  const Schema& schema, Diagnostics& diagnostics) {
  const std::string subject = table.name + "." + column.name;
  check_name("column", column.name, column.at, diagnostics);
  if (column.autoincrement && !can_number(column, schema)) {
    diagnostics.error(column.at, "autoincrement-type",
                      "PostgreSQL numbers only smallint, integer and bigint, "
                      "and " +
                          subject + " is " + type_sql(column.type, schema) +
                          "; use an integer of up to 64 bits with sign, or "
                          "drop .autoincrement");
  }
  check_default(table, column, diagnostics);
  if (!spelled_type(column.type).empty()) return;
  const Type& type = column.type;
  if (type.kind == TypeKind::decimal && type.precision > kMaxPrecision) {
    diagnostics.error(column.at, "precision-too-great",
                      "PostgreSQL keeps up to 1000 digits, and " + subject +
                          " wants " + std::to_string(type.precision) +
                          "; lower .precision");
  }
  if (type.kind == TypeKind::text && type.max_length > kMaxVarchar) {
    diagnostics.error(
        column.at, "length-too-great",
        "PostgreSQL limits varchar to 10485760 characters, and " + subject +
            " wants " + std::to_string(type.max_length) + "; drop .max_length");
  }
}

/// Tables, indexes and enum types share one space of names in a schema.
void check_relations(const Schema& schema, Diagnostics& diagnostics) {
  const std::string usual = "public";
  std::map<std::pair<std::string, std::string>, std::string> taken;
  auto take = [&](const std::string& in, const std::string& name,
                  const std::string& what, const SourceLocation& at) {
    // Where a name without a schema goes, unless the search path is changed.
    const std::string& room = in.empty() ? usual : in;
    auto [found, fresh] = taken.insert({{room, name}, what});
    if (fresh) return;
    diagnostics.error(at, "duplicate-name",
                      "PostgreSQL keeps tables, indexes, keys and enum types "
                      "under one name each, and " +
                          name + " is " + found->second + " as well as " +
                          what + "; give one of them another .name");
  };
  for (const Table& table : schema.tables) {
    take(table.schema, table.name, "a table", table.at);
  }
  for (const Enum& e : schema.enums) {
    if (e.storage == EnumStorage::native) take("", e.name, "an enum", e.at);
  }
  for (const Table& table : schema.tables) {
    if (!table.primary_key.empty()) {
      take(table.schema, primary_key_name(table), "the key of " + table.name,
           table.at);
    }
    for (const Index& index : table.indexes) {
      take(table.schema, index_name(table, index), "an index of " + table.name,
           index.at);
    }
    for (const Unique& unique : table.uniques) {
      take(table.schema, unique_name(table, unique),
           "a unique of " + table.name, unique.at);
    }
  }
}

/// Where the user can give a constraint another name.
SourceLocation place_of(const Table& table, const Object& object) {
  if (object.key != nullptr) return object.key->at;
  for (const Check& check : table.checks) {
    if (check_name(table, check) == object.name) return check.at;
  }
  return table.at;
}

/// The constraints of a table share a space of names of their own.
void check_constraints(const Table& table, const Schema& schema,
                       Diagnostics& diagnostics) {
  std::set<std::string> taken;
  for (const Object& object : objects_of(table, schema)) {
    if (object.kind == Object::Kind::index) continue;
    if (taken.insert(object.name).second) continue;
    diagnostics.error(place_of(table, object), "duplicate-name",
                      "PostgreSQL keeps the constraints of a table under one "
                      "name each, and " +
                          table.name + " has two that are called " +
                          object.name + "; give one of them another .name");
  }
}

/// Types that no key, unique or ordinary index can sort, and what to do.
std::string remedy_of_unsorted(const std::string& type) {
  const std::string name = fold_case(type);
  if (name == "json") return "make it jsonb";
  for (const char* unsorted : {"xml", "jsonpath", "point", "line", "lseg",
                               "box", "path", "polygon", "circle"}) {
    if (name == unsorted) return "index an expression over it";
  }
  return "";
}

void check_sorted(const Table& table, const Schema& schema,
                  Diagnostics& diagnostics) {
  auto ask = [&](const std::string& name, const std::string& what,
                 const SourceLocation& at) {
    const Column* column = table.find_column(name);
    if (column == nullptr) return;
    const std::string type = type_sql(column->type, schema);
    const std::string remedy = remedy_of_unsorted(type);
    if (remedy.empty()) return;
    diagnostics.error(at.line == 0 ? column->at : at, "unsorted-type",
                      "PostgreSQL cannot sort values of " + type + ", so " +
                          table.name + "." + name + " cannot be in " + what +
                          "; " + remedy);
  };
  for (const std::string& name : table.primary_key) {
    ask(name, "the primary key", {});
  }
  for (const Unique& unique : table.uniques) {
    for (const std::string& name : unique.columns) {
      ask(name, "a unique", unique.at);
    }
  }
  for (const Index& index : table.indexes) {
    if (!index.method.empty() && index.method != "btree") continue;
    for (const IndexColumn& column : index.columns) {
      ask(column.name, "a btree index", index.at);
    }
  }
}

/// What the methods of PostgreSQL itself cannot do; of an extension's nothing
/// is known.
void check_methods(const Table& table, Diagnostics& diagnostics) {
  auto is_one_of = [](const std::string& method,
                      std::initializer_list<std::string_view> methods) {
    return std::find(methods.begin(), methods.end(), method) != methods.end();
  };
  for (const Index& index : table.indexes) {
    auto report = [&](const char* what) {
      diagnostics.error(index.at, "index-method",
                        "PostgreSQL has no " + std::string(what) +
                            " index by " + index.method +
                            "; take another .method, or leave it out");
    };
    const bool sorts_down = std::any_of(
        index.columns.begin(), index.columns.end(),
        [](const IndexColumn& column) { return column.descending; });
    const bool is_plain =
        is_one_of(index.method, {"hash", "gin", "gist", "spgist", "brin"});
    if (is_plain && index.unique) report("unique");
    if (is_plain && sorts_down) report("descending");
    if (is_one_of(index.method, {"hash", "spgist"}) &&
        index.columns.size() > 1) {
      report("composite");
    }
  }
}

/// A generated column is made of stored ones only.
void check_generated(const Table& table, Diagnostics& diagnostics) {
  for (const Column& column : table.columns) {
    if (column.generated.empty()) continue;
    for (const Column& other : table.columns) {
      if (other.generated.empty() ||
          !mentions_name(column.generated, other.name)) {
        continue;
      }
      diagnostics.error(column.at, "generated-of-generated",
                        "PostgreSQL computes no column of a computed one, and "
                        ".generated of " +
                            table.name + "." + column.name + " speaks of " +
                            other.name + "; write its expression there");
    }
  }
}

void check_given_names(const Table& table, Diagnostics& diagnostics) {
  for (const Index& index : table.indexes) {
    check_name("index", index.name, index.at, diagnostics);
  }
  for (const Unique& unique : table.uniques) {
    check_name("unique", unique.name, unique.at, diagnostics);
  }
  for (const Check& check : table.checks) {
    check_name("check", check.name, check.at, diagnostics);
  }
  for (const ForeignKey& key : table.foreign_keys) {
    check_name("foreign key", key.name, key.at, diagnostics);
  }
}

}  // namespace

void check(const Schema& schema, Diagnostics& diagnostics) {
  for (const Table& table : schema.tables) {
    check_name("schema", table.schema, table.at, diagnostics);
    check_name("table", table.name, table.at, diagnostics);
    for (const Column& column : table.columns) {
      check_column(table, column, schema, diagnostics);
    }
    check_reserved(table, diagnostics);
    check_given_names(table, diagnostics);
    check_constraints(table, schema, diagnostics);
    check_sorted(table, schema, diagnostics);
    check_methods(table, diagnostics);
    check_generated(table, diagnostics);
  }
  for (const Enum& e : schema.enums) {
    if (e.storage != EnumStorage::native) continue;
    check_name("enum", e.name, e.at, diagnostics);
    if (is_own_type(e.name)) {
      report_reserved("has a type " + e.name +
                          " of its own, which columns would get in place of "
                          "the enum; give it another SG_ENUM(.name)",
                      e.at, diagnostics);
    }
    for (const EnumValue& value : e.values) {
      check_name("enum value", value.name, value.at, diagnostics);
    }
  }
  check_relations(schema, diagnostics);
}

}  // namespace postgres

namespace {

class Postgres final : public Dialect {
 public:
  std::string_view name() const override { return "postgres"; }
  std::string quote(std::string_view identifier) const override {
    return postgres::quote(identifier);
  }
  std::string quote_text(std::string_view text) const override {
    return postgres::quote_text(text);
  }
  Comments comments() const override { return Comments::nest; }
  void check(const Schema& schema, Diagnostics& diagnostics) const override {
    postgres::check(schema, diagnostics);
  }
  Script render(const Plan& plan) const override {
    return postgres::render(plan);
  }
  std::vector<Stage> render_online(const Plan& plan) const override {
    return postgres::render_online(plan);
  }
  std::vector<StatementRange> cut(const std::string& script,
                                  const std::string& path, bool transactional,
                                  bool unchecked,
                                  Diagnostics& diagnostics) const override {
    return postgres::cut(script, path, transactional, unchecked, diagnostics);
  }
  std::vector<Fact> facts(const std::string& statement) const override {
    return postgres::facts(statement);
  }
  std::string type_sql(const Schema& schema, const Type& type) const override {
    return postgres::type_sql(type, schema);
  }
};

}  // namespace

const Dialect* postgres_dialect() {
  static const Postgres dialect;
  return &dialect;
}

}  // namespace schemagen::gen
