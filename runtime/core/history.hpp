// The history table's row and the one place that decides what a history means
// for a program: what is applied, pending, changed, missing, late or newer.
// Table DDL lives in each driver; policy lives only here.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "schemagen/migration.hpp"
#include "schemagen/migrator.hpp"

namespace schemagen::core {

// Values of the column `state`.
inline constexpr std::string_view kApplied = "applied";
inline constexpr std::string_view kStarted = "started";  ///< up is half-way
inline constexpr std::string_view kUndoing = "undoing";  ///< down is half-way

/// Of a table with the history's name and other columns: its name, and what the
/// database says.
inline constexpr char kNoHistory[] =
    "the table %s is no history (%s); name another, and use baseline";
inline constexpr char kDropsRows[] = "a trigger drops its rows";
/// Of a script outside a transaction that began one itself.
inline constexpr char kLeavesOpen[] =
    "the script leaves a transaction open; end it with COMMIT";

/// One applied (or half-applied) migration, in the order of its columns. An
/// unexpected NULL reads as "", which no digest equals.
struct HistoryRow {
  // Out of line: it is large, and copied and moved in many places.
  HistoryRow();
  HistoryRow(const HistoryRow&);
  HistoryRow(HistoryRow&&) noexcept;
  HistoryRow& operator=(HistoryRow&&) noexcept;
  ~HistoryRow();

  std::string id;
  std::string name;
  /// UTC with microseconds, "2026-02-01T12:00:00.000000Z"; strictly rising in
  /// the order of application, whatever the clocks did.
  std::string applied_at;
  Cell script;  ///< the up text; written by record(), read by scripts_of()
  std::string checksum;
  Cell down_script;   ///< no value: there is none; as `script`
  std::string chain;  ///< over this and all rows with a smaller id
  std::int64_t execution_ms = 0;
  bool compatible = false;
  std::string state{kApplied.data(), kApplied.size()};
  std::int64_t statements_done = 0;
  std::string error;
  std::string applied_by;
};

/// How one migration stands in history and program.
struct Standing {
  using Kind = MigrationState::Kind;
  const HistoryRow* row = nullptr;               ///< none: nothing is recorded
  const EmbeddedMigration* migration = nullptr;  ///< none: the program lacks it
  Kind kind = Kind::pending;

  const char* id() const { return row ? row->id.c_str() : migration->id; }
  const char* name() const { return row ? row->name.c_str() : migration->name; }
  /// Whether older programs still work on the result.
  bool is_compatible() const;
  /// Whether an up has something to do: late and half-done ones included.
  bool is_pending() const;
};

/// What one look at history and program says: the union of both, by id. It
/// points into both.
using Reconciled = std::vector<Standing>;

/// Pure: sets side by side, never maxima. Reports nothing; see refusal().
Reconciled reconcile(const std::vector<HistoryRow>& history,
                     const EmbeddedDialect& available);

/// What a program lets pass.
struct Policy {
  explicit Policy(const MigrateOptions& options)
      : allow_late(options.allow_late), allow_newer(options.allow_newer) {}
  bool allow_late;
  bool allow_newer;
};

/// Why this history may not be worked on by an up, first and worst cause; empty
/// when it may. `target` is the newest id that is wanted, "" for all.
ErrorBox refusal(const Reconciled& state, const Policy& policy,
                 std::string_view target);

/// Whether the scripts of a row, once read, are those of its checksum; code has
/// none.
bool has_own_scripts(const HistoryRow& row);

/// The chain that rows[index] should have after those before it, as they are.
/// `rows` is sorted by id.
std::string chain_of(const std::vector<HistoryRow>& rows, std::size_t index);

}  // namespace schemagen::core
