#include "dialect/catalog.hpp"

#include <algorithm>
#include <iterator>

#include "dialect/engines.hpp"

namespace schemagen::gen {
namespace {

struct Reader {
  std::string_view dialect;
  Result<Catalog> (*read)(Database&);
  std::optional<Catalog> (*foresee)(const Script&);
};

constexpr Reader kReaders[] = {
    {"sqlite", read_sqlite_catalog, foresee_sqlite_catalog},
    {"postgres", read_postgres_catalog, nullptr}};

using Lines = std::vector<std::string>;

void append_missing(const std::string& object, const char* word,
                    const Lines& in, const Lines& not_in, Lines& out) {
  Lines rest;
  std::set_difference(in.begin(), in.end(), not_in.begin(), not_in.end(),
                      std::back_inserter(rest));
  const std::string head = object + ": " + word + " ";
  for (const std::string& line : rest) out.push_back(head + line);
}

}  // namespace

Result<Catalog> read_catalog(Database& database) {
  for (const Reader& reader : kReaders) {
    if (reader.dialect == database.dialect()) return reader.read(database);
  }
  Error error;
  error.code = ErrorCode::usage;
  error.message =
      "there is no catalogue reader for " + std::string(database.dialect());
  return error;
}

std::optional<Catalog> foresee_catalog(const std::string& dialect,
                                       const Script& script) {
  for (const Reader& reader : kReaders) {
    const bool is_it = reader.dialect == dialect && reader.foresee != nullptr;
    if (is_it) return reader.foresee(script);
  }
  return std::nullopt;
}

std::vector<std::string> difference(const Catalog& expected,
                                    const Catalog& actual) {
  Lines lines;
  for (const auto& [name, wanted] : expected.objects) {
    auto found = actual.objects.find(name);
    if (found == actual.objects.end()) {
      lines.push_back(name + ": missing");
      continue;
    }
    append_missing(name, "missing", wanted, found->second, lines);
    append_missing(name, "unexpected", found->second, wanted, lines);
  }
  for (const auto& entry : actual.objects) {
    if (expected.objects.count(entry.first) == 0) {
      lines.push_back(entry.first + ": unexpected");
    }
  }
  return lines;
}

}  // namespace schemagen::gen
