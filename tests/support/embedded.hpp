// Embedded migrations made at run time from script texts, the way `schemagen
// embed` makes them at build time: cut, flagged by their heads, with digests.
#pragma once

#include <sqlite3.h>

#include <deque>
#include <string>
#include <vector>

#include "core/checksum.hpp"
#include "core/migration_file.hpp"
#include "core/text.hpp"
#include "schemagen/embedded.hpp"

namespace schemagen::test {

/// A program's migrations of one dialect. Pointers into it stay valid as long
/// as it lives; it can grow between two uses.
class Embedded {
 public:
  explicit Embedded(const char* dialect = "sqlite",
                    const Connector* driver = nullptr)
      : dialect_{dialect, driver, nullptr, 0} {}
  Embedded(const Embedded&) = delete;
  Embedded& operator=(const Embedded&) = delete;

  /// `down` of nullptr: there is no down script. Flags beside those of the
  /// scripts' own directives may be given.
  Embedded& add(const char* id, const char* name, std::string up,
                const char* down, unsigned flags = 0, int minimum_server = 0) {
    EmbeddedMigration row{};
    row.id = keep(id);
    row.name = keep(name);
    row.up = cut(std::move(up));
    if (down != nullptr) row.down = cut(down);
    row.flags = flags | core::flags_of(head(row.up), head(row.down));
    row.rebuilds = nullptr;
    row.minimum_server = minimum_server;
    return put(row, down == nullptr ? "" : down);
  }

  Embedded& add_code(const char* id, const char* name, CodeStep up,
                     CodeStep down, unsigned flags = 0) {
    EmbeddedMigration row{};
    row.id = keep(id);
    row.name = keep(name);
    row.flags = flags;
    row.code_up = up;
    row.code_down = down;
    return put(row, "revision 1");
  }

  const MigrationSet& set() {
    dialect_.migrations = rows_.data();
    dialect_.count = rows_.size();
    set_ = {"app", &dialect_, 1};
    return set_;
  }

 private:
  const char* keep(std::string text) {
    texts_.push_back(std::move(text));
    return texts_.back().c_str();
  }

  EmbeddedScript cut(std::string script) {
    texts_.push_back(std::move(script));
    const std::string& text = texts_.back();
    std::vector<EmbeddedStatement> found;
    std::size_t from = 0;
    for (std::size_t at = 0; at <= text.size(); ++at) {
      const bool ends = at == text.size() || text[at] == ';';
      if (!ends) continue;
      const std::string piece = text.substr(from, at - from);
      if (!core::has_statement(piece)) continue;
      if (at != text.size() && sqlite3_complete((piece + ";").c_str()) == 0) {
        continue;
      }
      found.push_back({static_cast<std::uint32_t>(from),
                       static_cast<std::uint32_t>(piece.size()),
                       core::is_guard(piece)});
      from = at + 1;
    }
    statements_.push_back(std::move(found));
    const auto& kept = statements_.back();
    return {text.data(), text.size(), kept.data(), kept.size()};
  }

  static core::Directives head(const EmbeddedScript& script) {
    if (script.text == nullptr) return {};
    return core::parse_directives({script.text, script.size});
  }

  Embedded& put(EmbeddedMigration row, const std::string& down) {
    const std::string up =
        row.up.text == nullptr ? "" : std::string(row.up.text, row.up.size);
    row.checksum =
        keep(core::migration_checksum(up, down, core::flag_words(row.flags)));
    chain_ = core::chain_checksum(chain_, row.id, row.checksum);
    row.chain = keep(chain_);
    rows_.push_back(row);
    return *this;
  }

  std::deque<std::string> texts_;
  std::deque<std::vector<EmbeddedStatement>> statements_;
  std::vector<EmbeddedMigration> rows_;
  std::string chain_;
  EmbeddedDialect dialect_;
  MigrationSet set_{};
};

}  // namespace schemagen::test
