// Rows for any model, at the edges of what its types hold.
#include <map>
#include <set>

#include "dialect/dialect.hpp"
#include "plan/identity.hpp"
#include "plan/order.hpp"
#include "support/random_history.hpp"

namespace schemagen::test {
namespace {

using namespace gen;

using Names = std::vector<std::string>;

class Inserter {
 public:
  Inserter(Database& database, const Schema& schema, Dice& dice)
      : database_(database),
        schema_(schema),
        dialect_(*find_dialect(database.dialect())),
        dice_(dice) {}

  bool insert(const Table& table, int row) {
    values_.clear();
    for (const ForeignKey& key : table.foreign_keys) refer(key);
    std::string names, values;
    for (const Column& column : table.columns) {
      if (!column.generated.empty()) continue;
      if (column.autoincrement && dice_.chance(50)) continue;
      const bool spared = column.default_value || !column.default_sql.empty();
      if (spared && dice_.chance(20)) continue;
      names += (names.empty() ? "" : ", ") + dialect_.quote(column.name);
      values += (values.empty() ? "" : ", ") + value_of(column, row);
    }
    if (names.empty()) return false;
    return bool(database_.execute("INSERT INTO " + quoted(table) + " (" +
                                  names + ") VALUES (" + values + ")"));
  }

 private:
  bool is_sqlite() const { return dialect_.name() == "sqlite"; }

  std::string quoted(const TableName& name) const {
    return name.schema.empty() || is_sqlite()
               ? dialect_.quote(name.name)
               : dialect_.quote(name.schema) + "." + dialect_.quote(name.name);
  }
  std::string quoted(const Table& table) const {
    return quoted(name_of(table));
  }

  /// Some row that is there, or NULLs.
  void refer(const ForeignKey& key) {
    std::string list;
    for (const std::string& name : key.references) {
      list += (list.empty() ? "" : ", ") + dialect_.quote(name);
    }
    auto rows = database_.query("SELECT " + list + " FROM " +
                                quoted(TableName{key.schema, key.table}) +
                                " ORDER BY " + list + " LIMIT 10");
    const bool none = !rows || rows->empty() || dice_.chance(20);
    const std::size_t row = none ? 0 : dice_.below(rows->size());
    for (std::size_t i = 0; i < key.columns.size(); ++i) {
      std::string value = "NULL";
      if (!none && (*rows)[row][i])
        value = dialect_.quote_text(*(*rows)[row][i]);
      values_[key.columns[i]] = value;
    }
  }

  std::string value_of(const Column& column, int row) {
    if (is_row_name(column)) return std::to_string(row);
    auto known = values_.find(column.name);
    if (known != values_.end()) return known->second;
    if (column.nullable && dice_.chance(25)) return "NULL";
    return value_of(column.type, row);
  }

  std::string one_of(const Names& edges, int row) {
    if (dice_.chance(50)) return std::to_string(row % 100);
    return dice_.pick(edges);
  }

  std::string text(const Type& type, int row) {
    static const Names kTexts = {"",      "it's; -- \"\"", "größe €",
                                 "\\x\n", "NULL",          "  blank ",
                                 "007",   "AbC",           "%s {{x}} $1"};
    std::string value =
        dice_.chance(50) ? "text " + std::to_string(row) : dice_.pick(kTexts);
    if (type.max_length > 0 && dice_.chance(30)) {
      value = std::string(static_cast<std::size_t>(type.max_length), 'w');
    }
    return dialect_.quote_text(value);
  }

  std::string blob(const Type& type, int row) {
    std::string hex = dice_.chance(20) ? "" : "00ff2700";
    if (type.fixed) {
      hex = std::string(static_cast<std::size_t>(type.max_length) * 2, '7');
    }
    if (!hex.empty()) hex[1] = static_cast<char>('0' + row % 10);
    return is_sqlite() ? "x'" + hex + "'" : "'\\x" + hex + "'";
  }

  std::string enum_value(const Type& type) {
    const Enum* e = schema_.find_enum(type.enum_name);
    const EnumValue& value = dice_.pick(e->values);
    return e->storage == EnumStorage::integer ? std::to_string(value.number)
                                              : dialect_.quote_text(value.name);
  }

  std::string time_of_day(const Type& type) {
    const bool late = dice_.chance(50);
    if (type.unit == "ns") return late ? "86399999999999" : "0";
    if (type.unit == "s") return late ? "'23:59:59'" : "'00:00:00'";
    return late ? "'23:59:59.999'" : "'00:00:00.000'";
  }

  std::string one_time() {
    static const Names kTimes = {"2024-02-29 12:00:00", "0001-01-01 00:00:00",
                                 "9999-12-31 23:59:59.999999"};
    return "'" + dice_.pick(kTimes) + (is_sqlite() ? "'" : "Z'");
  }

  std::string value_of(const Type& type, int row) {
    switch (type.kind) {
      case TypeKind::boolean: {
        const bool yes = dice_.chance(50);
        return is_sqlite() ? (yes ? "1" : "0") : (yes ? "true" : "false");
      }
      case TypeKind::int8:
        return one_of({"127", "-128"}, row);
      case TypeKind::uint8:
        return one_of({"255", "0"}, row);
      case TypeKind::int16:
        return one_of({"32767", "-32768"}, row);
      case TypeKind::uint16:
        return one_of({"65535", "0"}, row);
      case TypeKind::int32:
        return one_of({"2147483647", "-2147483648"}, row);
      case TypeKind::uint32:
        return one_of({"4294967295", "0"}, row);
      case TypeKind::int64:
      case TypeKind::duration:
        return one_of({"9223372036854775807", "-9223372036854775807 - 1"}, row);
      case TypeKind::uint64:
        return is_sqlite()
                   ? one_of({"'18446744073709551615'", "9223372036854775807",
                             "'09223372036854775808'"},
                            row)
                   : one_of({"18446744073709551615", "9223372036854775808"},
                            row);
      case TypeKind::float32:
        return one_of({"0.1", "1e30", "-0.0"}, row);
      case TypeKind::float64:
        return one_of({"0.1", "1e300", "5e-324", "9007199254740993",
                       is_sqlite() ? "9e999" : "'-Infinity'"},
                      row);
      case TypeKind::text:
        return text(type, row);
      case TypeKind::blob:
        return blob(type, row);
      case TypeKind::timestamp:
      case TypeKind::local_time:
        return one_time();
      case TypeKind::date:
        return dice_.chance(50) ? "'2024-02-29'" : "'0001-01-01'";
      case TypeKind::decimal:
        return dice_.chance(50) ? "'12.5'" : "'-9999999.99'";
      case TypeKind::enumeration:
        return enum_value(type);
      case TypeKind::uuid:
        return "'00112233-4455-6677-8899-aabbcc" +
               std::to_string(100000 + row) + "'";
      case TypeKind::json:
        return "'{\"a\": [1, \"it''s\"]}'";
      case TypeKind::custom:
        return "'10.0.0." + std::to_string(row % 256) + "'";
      default:
        return time_of_day(type);
    }
  }

  Database& database_;
  const Schema& schema_;
  const Dialect& dialect_;
  Dice& dice_;
  std::map<std::string, std::string> values_;
};

}  // namespace

int insert_random_rows(Database& database, const Schema& schema, Dice& dice,
                       int rows_per_table, int& next_row) {
  std::vector<const Table*> tables;
  for (const Table& table : schema.tables) tables.push_back(&table);
  Inserter inserter(database, schema, dice);
  int inserted = 0;
  for (const Table* table : order_tables(tables).parents_first) {
    for (int i = 0; i < rows_per_table; ++i) {
      inserted += inserter.insert(*table, ++next_row) ? 1 : 0;
    }
  }
  return inserted;
}

}  // namespace schemagen::test
