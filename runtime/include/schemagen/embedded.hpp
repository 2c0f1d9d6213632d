// What `schemagen embed` generates: constant data that is quick to compile.
#pragma once

#include <cstddef>
#include <cstdint>

namespace schemagen {

struct Connector;
class Database;
struct Done;
template <class T>
class Result;

/// Generated code asserts it at compile time.
inline constexpr int kEmbedFormat = 2;

/// Bytes [offset, offset + length) of a script.
struct EmbeddedStatement {
  std::uint32_t offset;
  std::uint32_t length;
  bool guard;  ///< a SELECT: a row that it returns is the reason to refuse
};

struct EmbeddedScript {
  const char* text;  ///< nullptr: there is no such script
  std::size_t size;
  const EmbeddedStatement* statements;
  std::size_t statement_count;
};

enum MigrationFlag : unsigned {
  kNoTransaction = 1u << 0,
  kForeignKeysOn = 1u << 1,
  kBatch = 1u << 2,
  kCompatible = 1u << 3,     ///< older programs still work on the result
  kNothingToUndo = 1u << 4,  ///< an empty down is meant
  kDownLosesData = 1u << 5,  ///< values were discarded by up: shape only
  kDownNoTransaction = 1u << 6,
};

/// A code migration's two functions; see SCHEMAGEN_MIGRATION.
using CodeStep = Result<Done> (*)(Database&);

struct EmbeddedMigration {
  const char* id;    ///< "20260201120000"
  const char* name;  ///< "hash_emails"
  unsigned flags;
  EmbeddedScript up;
  EmbeddedScript down;
  const char* const* rebuilds;  ///< names of rebuilt tables, nullptr-ended
  int minimum_server;           ///< e.g. 3035000 for SQLite; 0 = any
  CodeStep code_up;             ///< nullptr for scripts
  CodeStep code_down;
  const char* checksum;  ///< "sha256-1:<hex>"
  const char* chain;     ///< the same over this and all earlier ones
};

/// The migrations of one dialect, and what opens such a database.
struct EmbeddedDialect {
  const char* dialect;
  const Connector* connector;           ///< nullptr: cannot be opened here
  const EmbeddedMigration* migrations;  ///< by id
  std::size_t count;
};

struct MigrationSet {
  const char* name;
  const EmbeddedDialect* dialects;
  std::size_t dialect_count;
};

}  // namespace schemagen
