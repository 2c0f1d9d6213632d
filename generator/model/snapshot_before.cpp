// What the last migration changed, kept as it was before: enough to write that
// migration anew (`generate --amend`, `rebase`) without a second snapshot.
#include <algorithm>

#include "model/snapshot.hpp"

namespace schemagen::gen {
namespace {

std::string word_for(const Table& table) {
  return "table " + (table.schema.empty() ? "" : table.schema + ".") +
         table.name;
}

std::string word_for(const Enum& value) { return "enum " + value.name; }

const Table* find(const Schema& schema, const Table& like) {
  return schema.find_table(like.schema, like.name);
}

const Enum* find(const Schema& schema, const Enum& like) {
  return schema.find_enum(like.name);
}

template <class Object>
void remember_objects(const std::vector<Object>& before, const Schema& after,
                      std::vector<Object>& kept) {
  for (const Object& object : before) {
    const Object* now = find(after, object);
    if (now == nullptr || *now != object) kept.push_back(object);
  }
}

template <class Object>
void remember_added(const std::vector<Object>& after, const Schema& before,
                    std::vector<std::string>& added) {
  for (const Object& object : after) {
    if (find(before, object) == nullptr) added.push_back(word_for(object));
  }
}

template <class Object>
void restore(const std::vector<Object>& after, const Before& before,
             std::vector<Object>& objects) {
  for (const Object& object : after) {
    const bool is_new = std::find(before.added.begin(), before.added.end(),
                                  word_for(object)) != before.added.end();
    if (!is_new && find(before.schema, object) == nullptr) {
      objects.push_back(object);
    }
  }
}

}  // namespace

Before remember(const Schema& before, const Schema& after,
                const std::string& migration) {
  Before result;
  result.migration = migration;
  remember_added(after.enums, before, result.added);
  remember_added(after.tables, before, result.added);
  remember_objects(before.enums, after, result.schema.enums);
  remember_objects(before.tables, after, result.schema.tables);
  return result;
}

Schema schema_before(const Snapshot& snapshot) {
  Schema schema = snapshot.before.schema;
  restore(snapshot.schema.enums, snapshot.before, schema.enums);
  restore(snapshot.schema.tables, snapshot.before, schema.tables);
  canonicalize(schema);
  return schema;
}

}  // namespace schemagen::gen
