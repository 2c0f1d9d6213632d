// The catalogue of a PostgreSQL database as lines. The server's own deparser
// writes the expressions, so equal ones are equal text however they came to
// be. Only what the connection's user made is read: no system schema.
#include <algorithm>
#include <string>

#include "dialect/engines.hpp"

namespace schemagen::gen {
namespace {

/// Of `n`, a schema's row. The connection's own schema has no name in a model.
constexpr const char* kOwn =
    " n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT "
    "LIKE 'pg\\_toast%' AND n.nspname NOT LIKE 'pg\\_temp%' ";

/// What an extension brought is not of the schema.
std::string not_of_extension(const std::string& catalog,
                             const std::string& oid) {
  return " NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = '" +
         catalog + "'::regclass AND d.objid = " + oid +
         " AND d.deptype = 'e') ";
}

std::string object_name(const std::string& name) {
  return "CASE WHEN n.nspname = current_schema() THEN " + name +
         " ELSE n.nspname || '.' || " + name + " END";
}

std::string table_name() { return "'table ' || " + object_name("c.relname"); }

/// Rows of (object, line) for everything that compares.
std::string lines_sql() {
  const std::string tables =
      " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace ";
  const std::string is_table =
      " c.relkind IN ('r', 'p') AND " + std::string(kOwn) + "AND" +
      not_of_extension("pg_class", "c.oid") +
      // The history table is known by its columns, whatever its name.
      "AND NOT EXISTS (SELECT 1 FROM pg_attribute h WHERE h.attrelid = c.oid "
      "AND h.attname = 'chain' AND EXISTS (SELECT 1 FROM pg_attribute k WHERE "
      "k.attrelid = c.oid AND k.attname = 'statements_done')) ";
  return
      // The table itself, so that one without columns is seen.
      "SELECT " + table_name() +
      ", 'comment ' || coalesce(quote_literal(obj_description(c.oid, "
      "'pg_class')), 'none')" +
      tables + "WHERE" + is_table + "UNION ALL SELECT " + table_name() +
      ", 'column ' || quote_ident(a.attname) || ' ' || "
      "format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attcollation <> 0 "
      "AND a.attcollation <> y.typcollation THEN ' collate ' || (SELECT "
      "quote_ident(collname) FROM pg_collation WHERE oid = a.attcollation) "
      "ELSE '' END || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END || "
      "CASE a.attidentity WHEN 'd' THEN ' identity by default' WHEN 'a' THEN "
      "' identity always' ELSE '' END || coalesce(CASE WHEN a.attgenerated = "
      "'' THEN ' default ' ELSE ' generated ' END || pg_get_expr(f.adbin, "
      "f.adrelid), '') || coalesce(' comment ' || quote_literal("
      "col_description(c.oid, a.attnum)), '')" +
      tables +
      "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT "
      "a.attisdropped JOIN pg_type y ON y.oid = a.atttypid LEFT JOIN "
      "pg_attrdef f ON f.adrelid = c.oid AND f.adnum = a.attnum WHERE" +
      is_table + "UNION ALL SELECT " + table_name() +
      ", 'constraint ' || quote_ident(k.conname) || ' ' || "
      "pg_get_constraintdef(k.oid)" +
      tables +
      "JOIN pg_constraint k ON k.conrelid = c.oid WHERE k.contype IN "
      "('p', 'u', 'c', 'f', 'x') AND" +
      is_table + "UNION ALL SELECT " + table_name() +
      ", 'index ' || pg_get_indexdef(i.indexrelid) || CASE WHEN i.indisvalid "
      "THEN '' ELSE ' invalid' END" +
      tables +
      "JOIN pg_index i ON i.indrelid = c.oid WHERE NOT EXISTS (SELECT 1 FROM "
      "pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN "
      "('p', 'u', 'x')) "
      "AND" +
      is_table + "UNION ALL SELECT 'enum ' || " + object_name("t.typname") +
      ", 'values ' || (SELECT string_agg(quote_literal(enumlabel), ', ' ORDER "
      "BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid) FROM pg_type t "
      "JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'e' "
      "AND" +
      kOwn + "AND" + not_of_extension("pg_type", "t.oid") + "ORDER BY 1, 2";
}

/// What a model has no word for.
std::string unmodelled_sql() {
  return "SELECT CASE c.relkind WHEN 'v' THEN 'view ' WHEN 'm' THEN "
         "'materialized view ' WHEN 'f' THEN 'foreign table ' ELSE 'sequence ' "
         "END || " +
         object_name("c.relname") +
         " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
         "WHERE (c.relkind IN ('v', 'm', 'f') OR c.relkind = 'S' AND NOT "
         "EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND "
         "d.deptype IN ('i', 'a'))) AND" +
         kOwn + "AND" + not_of_extension("pg_class", "c.oid") +
         "UNION ALL SELECT 'function ' || " + object_name("p.proname") +
         " FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE" +
         kOwn + "AND" + not_of_extension("pg_proc", "p.oid") +
         "UNION ALL SELECT 'trigger ' || quote_ident(t.tgname) || ' on ' || " +
         object_name("c.relname") +
         " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN "
         "pg_namespace n ON n.oid = c.relnamespace WHERE NOT t.tgisinternal "
         "AND" +
         kOwn +
         "UNION ALL SELECT 'policy ' || quote_ident(p.polname) || ' on ' || " +
         object_name("c.relname") +
         " FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN "
         "pg_namespace n ON n.oid = c.relnamespace WHERE" +
         kOwn + "UNION ALL SELECT 'domain ' || " + object_name("t.typname") +
         " FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE "
         "t.typtype = 'd' AND" +
         kOwn + "AND" + not_of_extension("pg_type", "t.oid") + "ORDER BY 1";
}

}  // namespace

Result<Catalog> read_postgres_catalog(Database& database) {
  Result<std::vector<Row>> lines = database.query(lines_sql());
  if (!lines) return lines.error();
  Catalog catalog;
  for (const Row& row : *lines) {
    catalog.objects[row[0].value_or("")].push_back(row[1].value_or(""));
  }
  for (auto& entry : catalog.objects) {
    std::sort(entry.second.begin(), entry.second.end());
  }
  Result<std::vector<Row>> others = database.query(unmodelled_sql());
  if (!others) return others.error();
  for (const Row& row : *others) {
    catalog.unmodelled.push_back(row[0].value_or(""));
  }
  return catalog;
}

}  // namespace schemagen::gen
