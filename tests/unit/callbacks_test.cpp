// Code of the program that throws: the exception ends in the runtime, becomes
// an Error and leaves the database as it was.
#include <gtest/gtest.h>

#include <stdexcept>

#include "schemagen/migrator.hpp"
#include "schemagen/sqlite.hpp"
#include "support/embedded.hpp"

namespace schemagen {
namespace {

using test::Embedded;

constexpr const char* kFirst = "20260101000000";
constexpr const char* kSecond = "20260102000000";

class CallbacksTest : public testing::Test {
 protected:
  CallbacksTest() : database_(std::move(*sqlite::open(":memory:"))) {
    app_.add(kFirst, "a", "CREATE TABLE a (x)", "DROP TABLE a");
    app_.add(kSecond, "b", "CREATE TABLE b (x)", "DROP TABLE b");
  }

  Result<Report> up(MigrateOptions options = {}) {
    return Migrator(*database_, app_.set(), std::move(options)).up();
  }

  std::string tables() {
    auto rows = database_->query(
        "SELECT group_concat(name, ' ') FROM (SELECT name FROM sqlite_master "
        "WHERE type = 'table' AND name NOT LIKE 'schemagen%' ORDER BY name)");
    return rows ? rows->front().front().value_or("") : rows.error().message;
  }

  void expect_refused(const Result<Report>& report, const std::string& words) {
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, ErrorCode::refused);
    EXPECT_EQ(report.error().message, words);
  }

  Embedded app_;
  std::unique_ptr<Database> database_;
};

TEST_F(CallbacksTest, an_exception_out_of_before_is_an_error_and_rolls_back) {
  MigrateOptions options;
  options.before = [](Database&, std::string_view id) -> Result<Done> {
    if (id == kSecond) throw std::runtime_error("no room");
    return Done{};
  };
  auto report = up(options);
  expect_refused(report,
                 "20260102000000_b: the callback before it threw an exception "
                 "(no room); return an Error where it means to refuse; it was "
                 "rolled back, nothing of it was kept");
  EXPECT_EQ(report.error().applied, std::vector<std::string>{kFirst});
  EXPECT_EQ(tables(), "a");
}

TEST_F(CallbacksTest, an_exception_out_of_after_is_an_error_and_rolls_back) {
  MigrateOptions options;
  options.after = [](Database&, std::string_view) -> Result<Done> { throw 1; };
  expect_refused(up(options),
                 "20260101000000_a: the callback after it threw an exception "
                 "(not a std::exception); return an Error where it means to "
                 "refuse; it was rolled back, nothing of it was kept");
  EXPECT_EQ(tables(), "");
}

Result<Done> throwing_step(Database& database) {
  EXPECT_TRUE(database.execute("INSERT INTO a VALUES (1)"));
  throw std::logic_error("bad row");
}

TEST_F(CallbacksTest, an_exception_out_of_code_is_an_error_and_rolls_back) {
  app_.add_code("20260103000000", "c", throwing_step, nullptr);
  expect_refused(up(),
                 "20260103000000_c: its code threw an exception (bad row); "
                 "return an Error where it means to refuse; it was rolled "
                 "back, nothing of it was kept");
  EXPECT_EQ(tables(), "a b");
  auto rows = database_->query("SELECT * FROM a");
  ASSERT_TRUE(rows);
  EXPECT_TRUE(rows->empty());
}

TEST_F(CallbacksTest, code_outside_a_transaction_may_throw_as_well) {
  app_.add_code("20260103000000", "c", throwing_step, nullptr, kNoTransaction);
  auto report = up();
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::refused);
  EXPECT_NE(report.error().message.find("threw an exception (bad row)"),
            std::string::npos);
}

class Thrower : public Observer {
 public:
  explicit Thrower(std::string where) : where_(std::move(where)) {}

  void on_start(std::string_view id, std::string_view, std::size_t,
                std::size_t) override {
    if (id == kSecond) hit("start");
  }
  void on_statement(std::string_view id, std::size_t, std::size_t, std::int64_t,
                    std::chrono::microseconds) override {
    if (id == kSecond) hit("statement");
  }
  void on_finish(std::string_view id, std::chrono::microseconds) override {
    if (id == kSecond) hit("finish");
  }
  void on_error(const Error&) override { hit("error"); }

 private:
  void hit(const std::string& here) {
    if (here == where_) throw std::runtime_error(here);
  }
  std::string where_;
};

TEST_F(CallbacksTest, an_exception_out_of_the_observer_rolls_back) {
  for (const char* where : {"start", "statement", "finish"}) {
    Thrower thrower(where);
    MigrateOptions options;
    options.observer = &thrower;
    expect_refused(up(options),
                   std::string("20260102000000_b: the observer threw an "
                               "exception (") +
                       where +
                       "); return an Error where it means to refuse; it was "
                       "rolled back, nothing of it was kept");
    EXPECT_EQ(tables(), "a") << where;
  }
  EXPECT_TRUE(up());
  EXPECT_EQ(tables(), "a b");
}

class Starts : public Observer {
 public:
  void on_start(std::string_view id, std::string_view, std::size_t,
                std::size_t) override {
    seen += std::string(id.substr(6, 2)) + " ";
  }
  std::string seen;
};

TEST_F(CallbacksTest, a_failure_runs_nothing_before_it_a_second_time) {
  app_.add("20260103000000", "c", "DROP TABLE missing", nullptr);
  Starts starts;
  MigrateOptions options;
  options.observer = &starts;
  auto report = up(options);
  ASSERT_FALSE(report);
  EXPECT_EQ(starts.seen, "01 02 03 ");
  EXPECT_EQ(report.error().applied.size(), 2u);
}

TEST_F(CallbacksTest, an_exception_out_of_on_error_leaves_the_error_itself) {
  app_.add("20260103000000", "c", "DROP TABLE missing", nullptr);
  Thrower thrower("error");
  MigrateOptions options;
  options.observer = &thrower;
  auto report = up(options);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::database);
  EXPECT_EQ(report.error().migration, "20260103000000");
  EXPECT_EQ(tables(), "a b");
}

}  // namespace
}  // namespace schemagen
