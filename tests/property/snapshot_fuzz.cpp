// libFuzzer: whatever bytes a snapshot or an option holds, reading ends with a
// value or with diagnostics. The first byte chooses the door.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "model/diagnostics_json.hpp"
#include "model/lower.hpp"
#include "model/snapshot.hpp"
#include "model/sql_tokens.hpp"
#include "support/declare.hpp"

namespace {

using namespace schemagen::gen;        // NOLINT: the words of this file
using namespace schemagen::gen::test;  // NOLINT

void expect(bool claim) {
  if (!claim) std::abort();
}

void fuzz_snapshot(const std::string& text) {
  Diagnostics diagnostics;
  Snapshot snapshot = read_snapshot(text, "s.json", diagnostics);
  to_sarif(diagnostics.sorted());
  if (diagnostics.has_errors()) return;
  std::string written = write_snapshot(snapshot);
  Diagnostics second;
  expect(write_snapshot(read_snapshot(written, "s", second)) == written);
}

void fuzz_tokens(const std::string& sql) {
  std::string joined;
  for (const SqlToken& token : cut_tokens(sql)) joined += token.text;
  expect(joined == sql);
  expect(rename_identifiers(sql, {}) == sql);
  normalize(sql);
}

/// Every option of every annotation gets the same text.
void fuzz_options(const std::string& value) {
  OptionValue text = str(value);
  Declarations declarations;
  declarations.records = {entity(
      "a::" + value,
      {member("id", int64(), 2),
       with(member("x", schemagen::gen::test::text(), 3,
                   {{"name", text},
                    {"sql_type", text},
                    {"check", text},
                    {"references", text},
                    {"renamed_from", text},
                    {"collate", text}}),
            Literal::Kind::text, value)},
      {annotation("index", 1, {{"columns", names({value, "id"})}}),
       annotation("check", 1, {{"sql", text}, {"name", text}}),
       annotation("unique", 1, {{"columns", names({"id"})}, {"name", text}})})};
  Diagnostics diagnostics;
  Snapshot snapshot;
  snapshot.schema = lower(declarations, {"postgres", "sqlite"}, diagnostics);
  to_json(diagnostics.sorted());
  if (diagnostics.has_errors()) return;
  // A schema without errors is one that a snapshot can hold.
  Diagnostics second;
  Snapshot read = read_snapshot(write_snapshot(snapshot), "s", second);
  expect(!second.has_errors());
  expect(read.schema == snapshot.schema);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (size == 0) return 0;
  std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 3) {
    case 0:
      fuzz_snapshot(text);
      break;
    case 1:
      fuzz_tokens(text);
      break;
    default:
      fuzz_options(text);
  }
  return 0;
}
