// What SQL asks of the server. The table lists what engines learned late enough
// that a machine in the field may lack it; a script that uses none of it runs
// anywhere. Sources: sqlite.org/changes.html, PostgreSQL release notes.
#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/text.hpp"
#include "dialect/dialect.hpp"
#include "emit/prepared.hpp"
#include "model/sql_tokens.hpp"

namespace schemagen::gen {
namespace {

/// `words` in a row, spaces and comments between them not counted. A word that
/// is an operator or "(" matches a symbol.
struct Feature {
  std::string_view dialect;
  std::vector<std::string_view> words;
  int version;
};

const std::vector<Feature>& features() {
  static const std::vector<Feature> all = {
      {"sqlite", {"RENAME", "COLUMN"}, 3025000},
      {"sqlite", {"OVER", "("}, 3025000},
      {"sqlite", {"FILTER", "("}, 3025000},
      {"sqlite", {"DO", "UPDATE"}, 3024000},
      {"sqlite", {"DO", "NOTHING"}, 3024000},
      {"sqlite", {"NULLS", "FIRST"}, 3030000},
      {"sqlite", {"NULLS", "LAST"}, 3030000},
      {"sqlite", {"GENERATED", "ALWAYS"}, 3031000},
      {"sqlite", {"IIF", "("}, 3032000},
      {"sqlite", {"DROP", "COLUMN"}, 3035000},
      {"sqlite", {"RETURNING"}, 3035000},
      {"sqlite", {"AS", "MATERIALIZED"}, 3035000},
      {"sqlite", {"AS", "NOT", "MATERIALIZED"}, 3035000},
      {"sqlite", {")", "STRICT"}, 3037000},
      {"sqlite", {"ROWID", ",", "STRICT"}, 3037000},
      {"sqlite", {"UNIXEPOCH", "("}, 3038000},
      {"sqlite", {"RIGHT", "JOIN"}, 3039000},
      {"sqlite", {"FULL", "JOIN"}, 3039000},
      {"sqlite", {"FULL", "OUTER", "JOIN"}, 3039000},
      {"sqlite", {"IS", "DISTINCT", "FROM"}, 3039000},
      {"sqlite", {"IS", "NOT", "DISTINCT", "FROM"}, 3039000},
      {"sqlite", {"UNHEX", "("}, 3041000},
      {"sqlite", {"TIMEDIFF", "("}, 3043000},
      {"sqlite", {"OCTET_LENGTH", "("}, 3043000},
      {"sqlite", {"CONCAT", "("}, 3044000},
      {"sqlite", {"CONCAT_WS", "("}, 3044000},
      {"sqlite", {"STRING_AGG", "("}, 3044000},
      {"sqlite", {"JSONB", "("}, 3045000},
      {"sqlite", {"IF", "("}, 3048000},
      {"postgres", {"AS", "IDENTITY"}, 100000},
      {"postgres", {"CREATE", "PROCEDURE"}, 110000},
      {"postgres", {"INCLUDE", "("}, 110000},
      {"postgres", {"STORED"}, 120000},
      {"postgres", {"ADD", "VALUE"}, 120000},
      {"postgres", {"REINDEX", "INDEX", "CONCURRENTLY"}, 120000},
      {"postgres", {"REINDEX", "TABLE", "CONCURRENTLY"}, 120000},
      {"postgres", {"GEN_RANDOM_UUID", "("}, 130000},
      {"postgres", {"DETACH", "PARTITION"}, 100000},
      {"postgres", {"NULLS", "NOT", "DISTINCT"}, 150000},
      {"postgres", {"MERGE", "INTO"}, 150000},
      {"postgres", {"SECURITY_INVOKER"}, 150000},
      {"postgres", {"JSON_ARRAYAGG", "("}, 160000},
      {"postgres", {"JSON_TABLE", "("}, 170000},
      {"postgres", {"VIRTUAL"}, 180000},
  };
  return all;
}

/// The words of a script; quoted names and strings count as one word that
/// matches nothing.
std::vector<std::string_view> words_of(const std::string& script,
                                       Comments comments) {
  std::vector<std::string_view> words;
  for (const SqlToken& token : cut_tokens(script, comments)) {
    using Kind = SqlToken::Kind;
    if (token.kind == Kind::space || token.kind == Kind::comment) continue;
    const bool counts =
        token.kind == Kind::identifier || token.kind == Kind::symbol;
    words.push_back(counts ? token.text : std::string_view());
  }
  return words;
}

bool stands_at(const std::vector<std::string_view>& words, std::size_t at,
               const std::vector<std::string_view>& wanted) {
  return at + wanted.size() <= words.size() &&
         std::equal(wanted.begin(), wanted.end(),
                    words.begin() + static_cast<std::ptrdiff_t>(at),
                    core::same_ignoring_case);
}

/// The features of a dialect by the length of their first word, which rules
/// out nearly all for a word of a script.
using ByLength = std::map<std::size_t, std::vector<const Feature*>>;

const ByLength& features_of(const std::string& dialect) {
  static const std::map<std::string, ByLength, std::less<>> all = [] {
    std::map<std::string, ByLength, std::less<>> sorted;
    for (const Feature& feature : features()) {
      sorted[std::string(feature.dialect)][feature.words[0].size()].push_back(
          &feature);
    }
    return sorted;
  }();
  static const ByLength none;
  const auto found = all.find(dialect);
  return found == all.end() ? none : found->second;
}

}  // namespace

int minimum_server(const std::string& dialect, const std::string& script) {
  int version = 0;
  const std::vector<std::string_view> words =
      words_of(script, find_dialect(dialect)->comments());
  const ByLength& by_length = features_of(dialect);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto candidates = by_length.find(words[i].size());
    if (candidates == by_length.end()) continue;
    for (const Feature* feature : candidates->second) {
      const bool is_later = feature->version > version;
      if (is_later && stands_at(words, i, feature->words)) {
        version = feature->version;
      }
    }
  }
  return version;
}

}  // namespace schemagen::gen
