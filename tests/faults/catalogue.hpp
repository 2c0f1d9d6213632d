// One database of either engine, a program to grow, and short ways to ask what
// came of it.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "faults/world.hpp"
#include "schemagen/migrator.hpp"
#include "schemagen/postgres.hpp"
#include "schemagen/sqlite.hpp"
#include "support/cells.hpp"
#include "support/embedded.hpp"
#include "support/postgres_server.hpp"

namespace schemagen::faults {

using test::Embedded;

constexpr const char* kFirst = "20260101000000";
constexpr const char* kSecond = "20260102000000";
constexpr const char* kThird = "20260103000000";

enum class Engine { sqlite, postgres };

class Catalogue : public testing::TestWithParam<Engine> {
 protected:
  bool is_sqlite() const { return GetParam() == Engine::sqlite; }

  std::unique_ptr<Database> open(const std::string& url) const {
    auto opened = is_sqlite() ? schemagen::sqlite::open(url)
                              : schemagen::postgres::open(url);
    EXPECT_TRUE(opened) << opened.error().message;
    return std::move(*opened);
  }

  static std::string told(const Result<Report>& report) {
    if (!report) return report.error().message;
    std::string ids;
    for (const std::string& id : report->migrations) {
      ids += (ids.empty() ? "" : " ") + id.substr(0, 8);
    }
    return ids;
  }

  std::string up(Embedded& app, const MigrateOptions& options = {}) const {
    const auto database = open(url_);
    return told(Migrator(*database, app.set(), options).up());
  }

  void sql(const std::string& text) const {
    const auto done = open(url_)->execute(text);
    EXPECT_TRUE(done) << text << ": " << done.error().message;
  }

  std::string ask(const std::string& text) const {
    return test::cells_of(*open(url_), text);
  }

  Embedded app_{is_sqlite() ? "sqlite" : "postgres"};
  Scratch scratch_;
  std::string url_ = is_sqlite()
                         ? "sqlite:" + scratch_.file("c.db")
                         : test::PostgresServer::instance().create_database();
};

}  // namespace schemagen::faults
