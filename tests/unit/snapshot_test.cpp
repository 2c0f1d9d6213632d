#include "model/snapshot.hpp"

#include <gtest/gtest.h>

namespace schemagen::gen {
namespace {

Snapshot example() {
  Table teams;
  teams.name = "teams";
  Column id;
  id.name = "id";
  id.type.kind = TypeKind::int64;
  id.autoincrement = true;
  teams.columns = {id};
  teams.primary_key = {"id"};

  Table users;
  users.name = "users";
  users.schema = "crm";
  users.comment = "People.\nAll of them: \"quoted\"";
  users.strict = true;
  users.without_rowid = true;
  Column nick;
  nick.name = "nick";
  nick.type.max_length = 40;
  nick.type.sql = {{"", "citext"}, {"sqlite", "TEXT"}};
  nick.nullable = true;
  nick.default_value = Literal{Literal::Kind::text, "it's"};
  nick.collate = "NOCASE";
  Column role;
  role.name = "role";
  role.type.kind = TypeKind::enumeration;
  role.type.enum_name = "role";
  role.default_value = Literal{Literal::Kind::enumerator, "member"};
  Column total;
  total.name = "total";
  total.type.kind = TypeKind::decimal;
  total.type.precision = 10;
  total.type.scale = 2;
  total.generated = "id * 2";
  total.stored = true;
  Column wait;
  wait.name = "wait";
  wait.type.kind = TypeKind::duration;
  wait.type.unit = "ms";
  wait.default_sql = "1 + 1";
  Column key;
  key.name = "key";
  key.type.kind = TypeKind::blob;
  key.type.fixed = true;
  key.type.max_length = 16;
  users.columns = {id, nick, role, total, wait, key};
  users.primary_key = {"id", "nick"};
  users.uniques = {{"one_nick", {"nick"}, {}}};
  Index by_nick;
  by_nick.columns = {{"nick", true}, {"id", false}};
  by_nick.unique = true;
  by_nick.where = "nick <> ''";
  by_nick.method = "btree";
  Index expression;
  expression.expression = "lower(nick)";
  expression.name = "users_lower";
  users.indexes = {by_nick, expression};
  users.checks = {{"", "nick <> ''", "nick", {}}};
  ForeignKey team;
  team.columns = {"id"};
  team.table = "teams";
  team.references = {"id"};
  team.on_delete = Action::cascade;
  team.on_update = Action::set_null;
  users.foreign_keys = {team};

  Enum role_enum;
  role_enum.name = "role";
  role_enum.values = {{"admin", "Admin", 1, {}}, {"member", "member", 0, {}}};

  Snapshot snapshot;
  snapshot.dialects = {"postgres", "sqlite"};
  snapshot.schema.tables = {teams, users};
  snapshot.schema.enums = {role_enum};
  snapshot.migrations = {{"20260101000000", "init", "sha256-1:00", {}},
                         {"20260102000000", "add_nick", "sha256-1:11", {}}};
  canonicalize(snapshot.schema);
  return snapshot;
}

// clang-format off
constexpr const char* kExample = R"json({
  "format": 1,
  "dialects": ["postgres", "sqlite"],
  "migrations": [
    {"id": "20260101000000", "name": "init", "digest": "sha256-1:00"},
    {"id": "20260102000000", "name": "add_nick", "digest": "sha256-1:11"}
  ],
  "enums": [
    {
      "name": "role",
      "storage": "text",
      "values": [
        {"name": "admin"},
        {"name": "member"}
      ]
    }
  ],
  "tables": [
    {
      "name": "teams",
      "columns": [
        {"name": "id", "type": "int64", "autoincrement": true}
      ],
      "primary_key": ["id"]
    },
    {
      "schema": "crm",
      "name": "users",
      "comment": "People.\nAll of them: \"quoted\"",
      "strict": true,
      "without_rowid": true,
      "columns": [
        {"name": "id", "type": "int64", "autoincrement": true},
        {"name": "key", "type": "blob", "max_length": 16, "fixed": true},
        {"name": "nick", "type": "text", "max_length": 40, "sql": {"*": "citext", "sqlite": "TEXT"}, "null": true, "default": {"text": "it's"}, "collate": "NOCASE"},
        {"name": "role", "type": "enum", "enum": "role", "default": {"value": "member"}},
        {"name": "total", "type": "decimal", "precision": 10, "scale": 2, "generated": "id * 2", "stored": true},
        {"name": "wait", "type": "duration", "unit": "ms", "default_sql": "1 + 1"}
      ],
      "primary_key": ["id", "nick"],
      "uniques": [
        {"columns": ["nick"], "name": "one_nick"}
      ],
      "indexes": [
        {"expression": "lower(nick)", "name": "users_lower"},
        {"columns": ["nick", "id"], "descending": ["nick"], "unique": true, "where": "nick <> ''", "method": "btree"}
      ],
      "checks": [
        {"column": "nick", "sql": "nick <> ''"}
      ],
      "foreign_keys": [
        {"columns": ["id"], "table": "teams", "references": ["id"], "on_delete": "cascade", "on_update": "set null"}
      ]
    }
  ]
}
)json";
// clang-format on

std::string faults(const std::string& text) {
  Diagnostics diagnostics;
  read_snapshot(text, "s.json", diagnostics);
  return to_text(diagnostics.sorted(), false);
}

std::string changed(const std::string& from, const std::string& to) {
  std::string text = kExample;
  std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

TEST(Snapshot, ItsFormIsPinned) {
  EXPECT_EQ(write_snapshot(example()), kExample);
}

TEST(Snapshot, ReadsBackWhatItWrote) {
  Diagnostics diagnostics;
  Snapshot snapshot = read_snapshot(kExample, "s.json", diagnostics);
  EXPECT_EQ(to_text(diagnostics.sorted(), false), "");
  EXPECT_EQ(snapshot.schema, example().schema);
  EXPECT_EQ(snapshot.dialects, example().dialects);
  ASSERT_EQ(snapshot.migrations.size(), 2u);
  EXPECT_EQ(snapshot.migrations[1].digest, "sha256-1:11");
  EXPECT_EQ(write_snapshot(snapshot), kExample);
}

TEST(Snapshot, GivesEverythingItsLine) {
  Diagnostics diagnostics;
  Snapshot snapshot = read_snapshot(kExample, "s.json", diagnostics);
  const Table* users = snapshot.schema.find_table("crm", "users");
  ASSERT_NE(users, nullptr);
  EXPECT_EQ(users->at.file, "s.json");
  EXPECT_EQ(users->at.line, 26);
  EXPECT_EQ(users->find_column("nick")->at.line, 35);
  EXPECT_EQ(users->find_column("nick")->at.column, 9);
  EXPECT_EQ(users->foreign_keys[0].at.line, 52);
  EXPECT_EQ(snapshot.migrations[1].at.line, 6);
}

TEST(Snapshot, AnEmptyOneIsWhole) {
  EXPECT_EQ(write_snapshot({}),
            "{\n  \"format\": 1,\n  \"dialects\": [],\n  \"migrations\": "
            "[],\n  \"enums\": [],\n  \"tables\": []\n}\n");
  EXPECT_EQ(faults(write_snapshot({})), "");
}

TEST(Snapshot, LineEndsAndOrderOfMigrationsDoNotCount) {
  std::string dos;
  for (char c : std::string(kExample)) {
    if (c == '\n') dos += '\r';
    dos += c;
  }
  EXPECT_EQ(faults(dos), "");
  Snapshot turned = example();
  std::swap(turned.migrations[0], turned.migrations[1]);
  Diagnostics diagnostics;
  Snapshot read = read_snapshot(write_snapshot(turned), "s", diagnostics);
  EXPECT_EQ(read.migrations[0].name, "init");
}

TEST(Snapshot, ScanPrintsTheSameForm) {
  std::string json = scan_json(example().schema);
  std::string whole = kExample;
  std::size_t enums = whole.find("  \"enums\"");
  EXPECT_EQ(json, "{\n" + whole.substr(enums));
}

TEST(SnapshotFaults, UnknownKeys) {
  EXPECT_EQ(faults(changed("\"max_length\": 16", "\"max_lenght\": 16")),
            "s.json:34:41: error: unknown key 'max_lenght' in a column, did "
            "you mean 'max_length'?; restore the file from version control "
            "[snapshot-unknown-key]\n");
  EXPECT_EQ(
      faults(changed("\"strict\": true", "\"colour\": [1, {\"a\": null}]")),
      "s.json:30:7: error: unknown key 'colour' in a table; restore the file "
      "from version control [snapshot-unknown-key]\n");
}

TEST(SnapshotFaults, NewerFormats) {
  EXPECT_EQ(
      faults("{\"format\": 2, \"new\": {}}"),
      "s.json:1:12: error: the snapshot has format 2, this schemagen reads up "
      "to 1; use the newer schemagen that wrote it [snapshot-newer-format]\n");
  EXPECT_EQ(faults("{\"format\": 0}"),
            "s.json:1:12: error: there is no format 0; restore the file from "
            "version control [snapshot-value]\n");
  EXPECT_EQ(faults("{\"dialects\": []}"),
            "s.json:1:2: error: the snapshot does not begin with its 'format'; "
            "restore the file from version control [snapshot-missing-key]\n");
  EXPECT_EQ(faults("{}"),
            "s.json:1:1: error: the snapshot does not begin with its 'format'; "
            "restore the file from version control [snapshot-missing-key]\n");
}

TEST(SnapshotFaults, MergeConflicts) {
  EXPECT_EQ(faults(changed("    {\"id\": \"20260102000000\"",
                           "<<<<<<< HEAD\n    {\"id\": \"20260102000000\"")),
            "s.json:6:1: error: a merge conflict; keep the migrations of both "
            "sides and run 'schemagen rebase' [snapshot-conflict]\n");
  EXPECT_EQ(faults("<<<<<<< HEAD\n"),
            "s.json:1:1: error: a merge conflict; keep the migrations of both "
            "sides and run 'schemagen rebase' [snapshot-conflict]\n");
}

TEST(SnapshotFaults, BrokenBytes) {
  EXPECT_EQ(faults(changed("People.", std::string("Peo\0ple", 7))),
            "s.json:29:22: error: a NUL byte; restore the file from version "
            "control [snapshot-nul]\n");
  EXPECT_EQ(faults(changed("People.", "Peo\xC3ple")),
            "s.json:29:22: error: bytes that are not UTF-8; restore the file "
            "from version control [snapshot-utf8]\n");
  EXPECT_EQ(faults("\xEF\xBB\xBF{}"),
            "s.json:1:1: error: a byte order mark; save the file without it "
            "[snapshot-syntax]\n");
}

TEST(SnapshotFaults, TruncatedFiles) {
  EXPECT_EQ(faults(""),
            "s.json:1:1: error: the file is empty; restore it from version "
            "control [snapshot-truncated]\n");
  EXPECT_EQ(faults("{\n  \"format\": 1,\n"),
            "s.json:3:1: error: the file ends in the middle; restore the file "
            "from version control [snapshot-truncated]\n");
  EXPECT_EQ(faults("{\n  \"format\": 1,\n  \"dia"),
            "s.json:3:7: error: the file ends in the middle; restore the file "
            "from version control [snapshot-truncated]\n");
}

TEST(SnapshotFaults, EveryPrefixIsAnErrorAndNeverACrash) {
  std::string text = kExample;
  for (std::size_t size = 0; size + 2 < text.size(); ++size) {
    ASSERT_NE(faults(text.substr(0, size)), "") << size;
  }
}

TEST(SnapshotFaults, BrokenSyntax) {
  EXPECT_EQ(faults(changed("\"strict\": true", "\"strict\": yes")),
            "s.json:30:17: error: expected true or false; restore the file "
            "from version control [snapshot-syntax]\n");
  EXPECT_EQ(faults(changed("\"strict\": true", "\"strict\" true")),
            "s.json:30:16: error: expected ':'; restore the file from version "
            "control [snapshot-syntax]\n");
  EXPECT_EQ(faults(changed("\"strict\": true,", "\"strict\": true")),
            "s.json:31:7: error: expected ',' or '}'; restore the file from "
            "version control [snapshot-syntax]\n");
  EXPECT_EQ(faults(changed("\"max_length\": 16", "\"max_length\": -3")),
            "s.json:34:55: error: number -3 is out of range; restore the file "
            "from version control [snapshot-value]\n");
  EXPECT_EQ(faults(changed("\"max_length\": 16",
                           "\"max_length\": 99999999999999999999")),
            "s.json:34:55: error: expected a whole number of 64 bits; restore "
            "the file from version control [snapshot-syntax]\n");
  EXPECT_EQ(faults(changed("People.", "\\ud800")),
            "s.json:29:25: error: an escape that is no character; restore the "
            "file from version control [snapshot-syntax]\n");
  EXPECT_EQ(faults(changed("People.\\n", "People.\n")),
            "s.json:30:1: error: a string is not closed on its line; restore "
            "the file from version control [snapshot-syntax]\n");
  EXPECT_EQ(faults(std::string(kExample) + "{}"),
            "s.json:57:1: error: unexpected text after the end; restore the "
            "file from version control [snapshot-syntax]\n");
  EXPECT_EQ(faults("{\"format\": 1, \"x\": " + std::string(100, '[')),
            "s.json:1:15: error: unknown key 'x' in the snapshot; restore the "
            "file from version control [snapshot-unknown-key]\n"
            "s.json:1:84: error: nested too deeply; restore the file from "
            "version control [snapshot-syntax]\n");
}

TEST(SnapshotFaults, AnEnumStoredByNumberNeedsItsNumbers) {
  const std::string text =
      changed("\"storage\": \"text\"", "\"storage\": \"integer\"");
  const std::string words =
      ": error: a value of an enum stored by number has no key 'number'; "
      "restore the file from version control [snapshot-missing-key]\n";
  EXPECT_EQ(faults(text), "s.json:13:9" + words + "s.json:14:9" + words);
}

TEST(SnapshotFaults, Doubles) {
  EXPECT_EQ(faults(changed("\"strict\": true", "\"name\": \"x\"")),
            "s.json:30:7: error: key 'name' stands twice in a table; restore "
            "the file from version control [snapshot-duplicate]\n");
  EXPECT_EQ(faults(changed("\"name\": \"key\"", "\"name\": \"id\"")),
            "s.json:34:9: error: column 'id' stands twice; restore the file "
            "from version control [snapshot-duplicate]\n");
  EXPECT_EQ(faults(changed("20260102000000", "20260101000000")),
            "s.json:6:5: error: migration '20260101000000' stands twice; "
            "restore the file from version control [snapshot-duplicate]\n");
  EXPECT_EQ(
      faults(changed("[\"postgres\", \"sqlite\"]", "[\"sqlite\", \"sqlite\"]")),
      "s.json: error: dialect 'sqlite' stands twice; restore the file from "
      "version control [snapshot-duplicate]\n");
}

TEST(SnapshotFaults, WordsAndMissingKeys) {
  EXPECT_EQ(
      faults(changed("\"add_nick\"", "\"../nick\"")),
      "s.json:6:5: error: '20260102000000_../nick' is no name of a migration; "
      "restore the file from version control [snapshot-value]\n");
  EXPECT_EQ(
      faults(changed("20260102000000", "20261302000000")),
      "s.json:6:5: error: '20261302000000_add_nick' is no name of a migration; "
      "restore the file from version control [snapshot-value]\n");
  EXPECT_EQ(faults(changed("\"type\": \"blob\"", "\"type\": \"clob\"")),
            "s.json:34:33: error: unknown type 'clob'; restore the file from "
            "version control [snapshot-value]\n");
  EXPECT_EQ(faults(changed("\"cascade\"", "\"explode\"")),
            "s.json:52:82: error: unknown word 'explode'; restore the file "
            "from version control [snapshot-value]\n");
  EXPECT_EQ(faults(changed("\"name\": \"key\", ", "")),
            "s.json:34:9: error: a column has no 'name'; restore the file from "
            "version control [snapshot-missing-key]\n");
  EXPECT_EQ(faults(changed("{\"text\": \"it's\"}", "{\"integer\": \"1; --\"}")),
            "s.json:35:127: error: this is no constant; restore the file from "
            "version control [snapshot-value]\n");
}

TEST(SnapshotFaults, WhatDoesNotFitTogether) {
  EXPECT_EQ(faults(changed("\"primary_key\": [\"id\", \"nick\"]",
                           "\"primary_key\": [\"id\", \"nack\"]")),
            "s.json:26:5: error: the primary key of table 'users' names the "
            "unknown column 'nack'; restore the file from version control "
            "[snapshot-dangling]\n");
  EXPECT_EQ(faults(changed("\"table\": \"teams\"", "\"table\": \"team\"")),
            "s.json:52:9: error: a foreign key of table 'users' names the "
            "unknown table 'team'; restore the file from version control "
            "[snapshot-dangling]\n");
  EXPECT_EQ(faults(changed("\"enum\": \"role\"", "\"enum\": \"rule\"")),
            "s.json:36:9: error: column 'role' names the unknown enum 'rule'; "
            "restore the file from version control [snapshot-dangling]\n");
  EXPECT_EQ(
      faults(changed("\"columns\": [\"nick\"]",
                     "\"columns\": [\"nick\", \"nick\"]")),
      "s.json:42:9: error: a unique of table 'users' names column 'nick' "
      "twice; restore the file from version control [snapshot-duplicate]\n");
  EXPECT_EQ(faults(changed("\"expression\": \"lower(nick)\", ", "")),
            "s.json:45:9: error: an index of table 'users' needs columns or an "
            "expression, not both; restore the file from version control "
            "[snapshot-value]\n");
}

}  // namespace
}  // namespace schemagen::gen
