// What an entity says about its table. In a build every macro here is empty:
// no code, no dependency, no warning, C++11 is enough. Only the scanner, and an
// editor that was told so (SCHEMAGEN_IDE), see typed attributes, so that Clang
// itself checks the spelling, the type and the value of each option.
//
//   struct SG_TABLE(.name = "users") User {
//     SG_COLUMN(.references = "Team") std::int64_t team;
//   };
//
// Options stand in any order. Attributes in [[ ]] and SG_ macros mix freely. A
// type with a comma in its name needs an alias before SG_MAP_TYPE takes it.
#pragma once
#if !defined(SCHEMAGEN_SCAN) && !defined(SCHEMAGEN_IDE)
#define SG_TABLE(...)
#define SG_INDEX(...)
#define SG_UNIQUE(...)
#define SG_PRIMARY_KEY(...)
#define SG_CHECK(...)
#define SG_FOREIGN_KEY(...)
#define SG_COLUMN(...)
#define SG_EMBED(...)
#define SG_IGNORE
#define SG_ENUM(...)
#define SG_VALUE(...)
#define SG_MAP_TYPE(...)
#elif !defined(__clang__)
#error \
    "SCHEMAGEN_IDE and SCHEMAGEN_SCAN are for clangd and schemagen only; \
remove the define from the build"
#else

// The attributes change generated code. Parsers never get as far as the
// assembler, so this stops a real build with Clang and nobody else.
__asm__(
    ".error \"SCHEMAGEN_IDE and SCHEMAGEN_SCAN are for clangd and schemagen "
    "only; remove the define from the build\"");

#ifdef SCHEMAGEN_SCAN  // Clang fills in all that a struct has: that takes time.
#define SG_OPTIONS_ union
#else
#define SG_OPTIONS_ struct
#endif
/// What happens to the referring rows.
// clang-format off
enum SG_ACTION {
  SG_NO_ACTION, SG_RESTRICT, SG_CASCADE, SG_SET_NULL, SG_SET_DEFAULT
};
/// How the values of an enum are stored; SG_NATIVE is text on SQLite.
enum SG_STORAGE { SG_TEXT, SG_INTEGER, SG_NATIVE };

namespace schemagen {
typedef const char* Text;
/// Names of C++ members, `{"team", "home.zip"}`.
typedef const char* Names[64];

SG_OPTIONS_ Table {
  Text name;          ///< in the database; else the snake_case of the type
  Text renamed_from;  ///< its name until now: rows are kept
  Text schema;        ///< PostgreSQL schema
  Text comment;       ///< wins over the doc comment
  bool without_rowid, strict;  ///< SQLite
};
SG_OPTIONS_ Index {
  Names columns;
  bool unique;
  Text name;
  Text where;        ///< SQL: a partial index
  Text method;       ///< PostgreSQL: "gin", "brin", ...
  Names descending;  ///< those of `columns` that sort down
  Text expression;   ///< SQL, instead of `columns`
};
SG_OPTIONS_ Unique { Names columns; Text name; };
SG_OPTIONS_ PrimaryKey { Names columns; };
SG_OPTIONS_ Check { Text sql, name; };
SG_OPTIONS_ ForeignKey {
  Names columns;
  Text references;  ///< the entity's type
  Names to;         ///< its members; else its primary key
  SG_ACTION on_delete, on_update;
  Text name;
};
SG_OPTIONS_ Column {
  Text name;      ///< in the database; else the snake_case of the member
  Text sql_type;  ///< on every engine
  Text sqlite_type, postgres_type;  ///< on one of them
  int max_length;                   ///< characters of text, bytes of a blob
  int precision, scale;  ///< digits of a decimal; of them after the point
  bool primary_key, autoincrement, unique, index;
  Text default_sql;  ///< SQL, for what no initialiser can say
  Text check;        ///< SQL
  Text references;   ///< "Type" or "Type::member"
  SG_ACTION on_delete, on_update;
  Text collate;
  Text comment;       ///< wins over the doc comment
  Text generated;     ///< SQL: the value is always computed
  bool stored;        ///< a generated value is kept, not computed on reading
  Text renamed_from;  ///< its name until now: values are kept
  Text backfill;      ///< SQL: the value of rows that exist already
  Text using_sql;     ///< SQL: the new value when the type changes
};
SG_OPTIONS_ Embed { Text prefix; /**< of the column names */ };
SG_OPTIONS_ Enum { SG_STORAGE storage; Text name; /**< in the database */ };
SG_OPTIONS_ Value { Text name; /**< as stored; else the enumerator */ };
}  // namespace schemagen
#define SG_TABLE(...) [[clang::annotate("schemagen.table" __VA_OPT__(, ::schemagen::Table{__VA_ARGS__}))]]
#define SG_INDEX(...) [[clang::annotate("schemagen.index" __VA_OPT__(, ::schemagen::Index{__VA_ARGS__}))]]
#define SG_UNIQUE(...) [[clang::annotate("schemagen.unique" __VA_OPT__(, ::schemagen::Unique{__VA_ARGS__}))]]
#define SG_PRIMARY_KEY(...) [[clang::annotate("schemagen.primary_key" __VA_OPT__(, ::schemagen::PrimaryKey{__VA_ARGS__}))]]
#define SG_CHECK(...) [[clang::annotate("schemagen.check" __VA_OPT__(, ::schemagen::Check{__VA_ARGS__}))]]
#define SG_FOREIGN_KEY(...) [[clang::annotate("schemagen.foreign_key" __VA_OPT__(, ::schemagen::ForeignKey{__VA_ARGS__}))]]
#define SG_COLUMN(...) [[clang::annotate("schemagen.column" __VA_OPT__(, ::schemagen::Column{__VA_ARGS__}))]]
#define SG_EMBED(...) [[clang::annotate("schemagen.embed" __VA_OPT__(, ::schemagen::Embed{__VA_ARGS__}))]]
#define SG_IGNORE [[clang::annotate("schemagen.ignore")]]
#define SG_ENUM(...) [[clang::annotate("schemagen.enum" __VA_OPT__(, ::schemagen::Enum{__VA_ARGS__}))]]
#define SG_VALUE(...) [[clang::annotate("schemagen.value" __VA_OPT__(, ::schemagen::Value{__VA_ARGS__}))]]
#define SG_MAP_AT_(n, type, ...) struct [[clang::annotate("schemagen.map_type" __VA_OPT__(, ::schemagen::Column{__VA_ARGS__}))]] schemagen_map_##n { type* mapped; };
#define SG_MAP_(n, ...) SG_MAP_AT_(n, __VA_ARGS__)
#define SG_MAP_TYPE(...) SG_MAP_(__COUNTER__, __VA_ARGS__)
// clang-format on
#ifdef SCHEMAGEN_PLAIN  // The scanner has cheaper ones for plain options.
#include SCHEMAGEN_PLAIN
#endif
#endif
