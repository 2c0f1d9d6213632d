// One schema that uses every annotation and type, through the real tool, from
// headers on the disk to both databases and back, with rows in every table and
// no script touched by hand.
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "dialect/catalog.hpp"
#include "dialect/dialect.hpp"
#include "emit/prepared.hpp"
#include "support/plan_runner.hpp"
#include "support/postgres_server.hpp"
#include "support/scratch_folder.hpp"

namespace schemagen::test {
namespace {

namespace fs = std::filesystem;

class WholeModel : public testing::Test {
 protected:
  WholeModel() {
    std::ofstream(root_ / "flags") << "-std=c++20\n-I" SCHEMAGEN_PUBLIC_HEADERS;
    std::ofstream(root_ / "project.json")
        << R"({"target": "app", "kind": "entities", "namespace": "app", )"
        << R"("headers": ["customer.hpp", "order.hpp", "places.hpp"], )"
        << R"("dialects": ["sqlite", "postgres"], "source_dir": ")"
        << root_.string() << R"(", "build_dir": ")" << root_.string()
        << R"(/build", "schema_dir": ")" << root_.string()
        << R"(/migrations", "output_dir": ")" << root_.string()
        << R"(/out", "flags_file": ")" << root_.string() << "/flags\"}\n";
    urls_ = {{"sqlite", "sqlite:" + (root_ / "shop.db").string()},
             {"postgres", PostgresServer::instance().create_database()}};
  }

  void take_headers(const std::string& version) const {
    for (const auto& file :
         fs::directory_iterator(fs::path(SCHEMAGEN_WHOLE) / version)) {
      fs::copy_file(file.path(), root_ / file.path().filename(),
                    fs::copy_options::overwrite_existing);
    }
  }

  std::string tool(const std::string& words, int code = 0) const {
    const std::string command = "cd '" + root_.string() +
                                "' && '" SCHEMAGEN_TOOL "' " + words + " 2>&1";
    std::string output;
    std::FILE* pipe = ::popen(command.c_str(), "r");
    std::array<char, 4096> part{};
    while (std::fgets(part.data(), part.size(), pipe)) output += part.data();
    EXPECT_EQ(code, WEXITSTATUS(::pclose(pipe))) << command << "\n" << output;
    return output;
  }

  void generate(const std::string& words) const {
    const std::string output = tool("generate --project project.json " + words);
    EXPECT_EQ(std::string::npos, output.find("error:")) << output;
    tool("check --project project.json");
    EXPECT_EQ("nothing to do: the entities are as the snapshot says\n",
              tool("generate --project project.json"));
  }

  void migrate(const std::string& words) const {
    for (const auto& [dialect, url] : urls_) {
      tool("migrate --dir migrations " + words + " --url '" + url + "'");
    }
  }

  std::unique_ptr<Database> open(const std::string& dialect) const {
    std::string url = urls_.at(dialect);
    if (url.rfind("sqlite:", 0) == 0) url.erase(0, 7);
    auto opened = gen::find_driver(dialect)->open(url);
    EXPECT_TRUE(opened);
    return opened ? std::move(*opened) : nullptr;
  }

  void fill(const std::vector<std::string>& rows) const {
    for (const auto& [dialect, url] : urls_) {
      auto database = open(dialect);
      for (const std::string& row : rows) {
        const auto done = database->execute(row);
        ASSERT_TRUE(done) << dialect << ": " << row << "\n"
                          << done.error().message;
      }
    }
  }

  void expect(const std::string& sql, const std::string& rows) const {
    for (const auto& [dialect, url] : urls_) {
      EXPECT_EQ(rows, rows_text(*open(dialect), sql)) << dialect << ": " << sql;
    }
  }

  std::map<std::string, gen::Catalog> catalogs() const {
    std::map<std::string, gen::Catalog> all;
    for (const auto& [dialect, url] : urls_) {
      auto catalog = gen::read_catalog(*open(dialect));
      EXPECT_TRUE(catalog);
      if (catalog) all[dialect] = std::move(*catalog);
    }
    return all;
  }

  void expect_same(const std::map<std::string, gen::Catalog>& known) const {
    const auto now = catalogs();
    for (const auto& [dialect, catalog] : known) {
      EXPECT_EQ(std::vector<std::string>(),
                gen::difference(catalog, now.at(dialect)))
          << dialect;
    }
  }

  ScratchFolder scratch_;
  const fs::path root_ = scratch_.path();
  std::map<std::string, std::string> urls_;
};

const std::vector<std::string> kRows = {
    "INSERT INTO country (name, code) VALUES ('Austria', 'AT')",
    "INSERT INTO region (name, country, code, people) VALUES "
    "('Tirol', 'AT', 'tir', '18446744073709551615')",
    "INSERT INTO customer (name, email, fax, home_street, home_country, "
    "home_region, home_at_lat, home_at_lon, token) VALUES ('Eva', "
    "'Eva@x.org', '+43', 'Inn 1', 'AT', 'tir', 47.25, 11.5, "
    "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11')",
    "INSERT INTO customer (name, email, home_street, home_country, "
    "home_region, friend_of, token, channel) VALUES ('Uwe', 'u@x.org', "
    "'Inn 2', 'AT', 'tir', 1, 'b0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', "
    "'phone')",
    "INSERT INTO orders (id, customer, number, status, priority, ordered, "
    "total) VALUES (7, 1, 65535, 'settled', 20, '2026-01-31', '12.50')"};

const std::map<std::string, std::string> kEvent = {
    {"sqlite",
     "INSERT INTO order_event (id, order_number, payload) VALUES "
     "(1, 42, x'00ff')"},
    {"postgres",
     "INSERT INTO audit.order_event (id, order_number, payload) VALUES "
     "(1, 42, '\\x00ff')"}};

TEST_F(WholeModel, goes_from_headers_to_both_databases_and_back) {
  take_headers("before");
  generate("--now 20260101000000");
  migrate("up");
  const auto first = catalogs();
  ASSERT_NO_FATAL_FAILURE(fill(kRows));
  for (const auto& [dialect, sql] : kEvent) {
    ASSERT_TRUE(open(dialect)->execute(sql)) << sql;
  }
  const std::string people = "SELECT id, name, email_length FROM ";
  expect(people + "customer ORDER BY id", "1|Eva|9\n2|Uwe|7\n");

  take_headers("after");
  generate("--now 20260201000000 --drop customer.fax");
  migrate("up");
  const auto second = catalogs();
  expect(people + "buyer ORDER BY id", "1|Eva|9\n2|Uwe|7\n");
  expect("SELECT friend_of, key, channel FROM buyer ORDER BY id",
         "NULL|a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11|web\n"
         "1|b0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11|phone\n");
  expect("SELECT people, shown FROM region", "18446744073709551615|TIR\n");
  expect(
      "SELECT id, customer, number, status, priority, ordered, total "
      "FROM orders",
      "7|1|65535|settled|30|2026-01-31|12.50\n");
  ASSERT_NO_FATAL_FAILURE(
      fill({"UPDATE orders SET status = 'returned'",
            "INSERT INTO order_line (\"order\", line) VALUES (7, 1)"}));

  migrate("down --steps 1");
  expect_same(first);
  expect(people + "customer ORDER BY id", "1|Eva|9\n2|Uwe|7\n");
  expect("SELECT fax, token FROM customer WHERE id = 1",
         "NULL|a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\n");
  expect("SELECT number, status, priority FROM orders", "65535|open|20\n");

  migrate("up");
  expect_same(second);
  migrate("down --all");
  migrate("up");
  expect_same(second);
  expect("SELECT count(*) FROM buyer", "0\n");
}

TEST_F(WholeModel, tells_all_errors_of_a_run_to_other_programs) {
  take_headers("before");
  std::ofstream(root_ / "places.hpp", std::ios::app)
      << "struct SG_TABLE() Log { int at; };\n"
         "struct SG_TABLE() Tag { int id; SG_COLUMN(.references = \"Lag\") "
         "int log; };\n";
  const std::string json = tool("scan --json --project project.json", 2);
  EXPECT_EQ(
      json,
      "{\"diagnostics\": [\n"
      "  {\"severity\": \"error\", \"id\": \"no-primary-key\", \"message\": "
      "\"'Log' has no primary key; mark a member with .primary_key = true, "
      "name "
      "one 'id', or add SG_PRIMARY_KEY\", \"file\": \"places.hpp\", \"line\": "
      "19, \"column\": 19},\n"
      "  {\"severity\": \"error\", \"id\": \"unknown-entity\", \"message\": "
      "\"there is no entity 'Lag'; did you mean 'Log'?\", \"file\": "
      "\"places.hpp\", \"line\": 20, \"column\": 57, \"fixes\": [{\"file\": "
      "\"places.hpp\", \"line\": 20, \"column\": 57, \"end_line\": 20, "
      "\"end_column\": 62, \"text\": \"\\\"Log\\\"\"}]}\n"
      "]}\n");
  const std::string sarif =
      tool("check --format sarif --project project.json", 2);
  for (const char* id : {"no-primary-key", "unknown-entity"}) {
    const std::string result = "\"ruleId\": \"" + std::string(id) + "\"";
    EXPECT_NE(std::string::npos, sarif.find(result)) << sarif;
  }
}

}  // namespace
}  // namespace schemagen::test
