#include "dialect/postgres_kinds.hpp"

#include <map>

namespace schemagen::gen::postgres {

using Kind = Fact::Kind;

Kind kind_of_command(const std::string& subtype) {
  static const std::map<std::string, Kind> kKinds = {
      {"AT_AddColumn", Kind::add_column},
      {"AT_DropColumn", Kind::drop_column},
      {"AT_AlterColumnType", Kind::set_type},
      {"AT_SetNotNull", Kind::set_not_null},
      {"AT_DropNotNull", Kind::drop_not_null},
      {"AT_ColumnDefault", Kind::set_default},
      {"AT_AddIdentity", Kind::set_default},
      {"AT_DropIdentity", Kind::drop_default},
      {"AT_AddConstraint", Kind::add_constraint},
      {"AT_DropConstraint", Kind::drop_constraint},
      {"AT_ValidateConstraint", Kind::validate_constraint},
      {"AT_DetachPartition", Kind::detach_partition},
      {"AT_SetTableSpace", Kind::rewrite},
      {"AT_SetLogged", Kind::rewrite},
      {"AT_SetUnLogged", Kind::rewrite},
      {"AT_SetAccessMethod", Kind::rewrite},
      {"AT_ChangeOwner", Kind::grant},
      {"AT_EnableRowSecurity", Kind::hide_rows},
      {"AT_DisableTrigAll", Kind::disable_triggers},
  };
  const auto found = kKinds.find(subtype);
  return found == kKinds.end() ? Kind::other : found->second;
}

Kind kind_of_rename(const std::string& object_type) {
  static const std::map<std::string, Kind> kKinds = {
      {"OBJECT_TABLE", Kind::rename_table},
      {"OBJECT_COLUMN", Kind::rename_column},
      {"OBJECT_TABCONSTRAINT", Kind::rename_constraint},
      {"OBJECT_INDEX", Kind::rename_index},
      {"OBJECT_SCHEMA", Kind::rename_schema},
      {"OBJECT_VIEW", Kind::rename_object},
      {"OBJECT_MATVIEW", Kind::rename_object},
      {"OBJECT_FUNCTION", Kind::rename_object},
      {"OBJECT_SEQUENCE", Kind::rename_object}};
  const auto found = kKinds.find(object_type);
  return found == kKinds.end() ? Kind::other : found->second;
}

Kind kind_of_drop(const std::string& object_type) {
  static const std::map<std::string, Kind> kKinds = {
      {"OBJECT_TABLE", Kind::drop_table},
      {"OBJECT_INDEX", Kind::drop_index},
      {"OBJECT_SCHEMA", Kind::drop_schema},
      {"OBJECT_EXTENSION", Kind::change_extension}};
  const auto found = kKinds.find(object_type);
  return found == kKinds.end() ? Kind::drop_object : found->second;
}

std::string object_word(const std::string& object_type) {
  static const std::map<std::string, const char*> kWords = {
      {"OBJECT_VIEW", "view"},         {"OBJECT_MATVIEW", "view"},
      {"OBJECT_FUNCTION", "function"}, {"OBJECT_PROCEDURE", "function"},
      {"OBJECT_ROUTINE", "function"},  {"OBJECT_AGGREGATE", "function"},
      {"OBJECT_SEQUENCE", "sequence"}};
  const auto found = kWords.find(object_type);
  return found == kWords.end() ? "" : found->second;
}

}  // namespace schemagen::gen::postgres
