// The connection is lost once at every query of a run, COMMIT included: the run
// succeeds or says why, and the next one ends where an undisturbed run ends.
#include <gtest/gtest.h>

#include "faults/cutting_proxy.hpp"
#include "faults/history.hpp"
#include "faults/world.hpp"
#include "schemagen/migrator.hpp"
#include "schemagen/postgres.hpp"
#include "support/postgres_server.hpp"

namespace schemagen::faults {
namespace {

using Side = CuttingProxy::Side;

std::uint16_t port_of(const std::string& url) {
  const std::size_t at = url.find("127.0.0.1:");
  return static_cast<std::uint16_t>(std::stoi(url.substr(at + 10)));
}

std::string through(const CuttingProxy& proxy, const std::string& url) {
  const std::size_t at = url.find("127.0.0.1:") + 10;
  return url.substr(0, at) + std::to_string(proxy.port()) +
         url.substr(url.find('/', at));
}

std::string problem_of(const std::string& url, bool up) {
  auto database = schemagen::postgres::open(url);
  if (!database) return "open: " + database.error().message;
  Migrator migrator(**database, history("mixed"));
  const auto done = up ? migrator.up() : migrator.down_to("");
  return done ? "" : "run: " + done.error().message;
}

void lose_the_connection_at_each_query(Side side, bool up) {
  const std::string url = test::PostgresServer::instance().create_database();
  CuttingProxy proxy(port_of(url));
  const std::string cut_url = through(proxy, url);
  proxy.cut(side, 0);
  if (!up) {
    ASSERT_EQ(problem_of(url, true), "");
  }
  ASSERT_EQ(problem_of(cut_url, up), "");
  const long queries = proxy.queries();
  const std::string want = state_of(url);
  ASSERT_GT(queries, 30);
  for (long at = 1; at <= queries; ++at) {
    ASSERT_EQ(problem_of(url, !up), "");
    proxy.cut(side, at);
    const std::string problem = problem_of(cut_url, up);
    proxy.cut(side, 0);
    ASSERT_EQ(problem_of(url, up), "") << "query " << at << ": " << problem;
    ASSERT_EQ(difference(want, state_of(url)), "")
        << "query " << at << ": " << problem;
  }
}

TEST(PostgresFaults, up_survives_a_cut_before_each_query) {
  lose_the_connection_at_each_query(Side::before, true);
}

TEST(PostgresFaults, up_survives_an_answer_lost_after_each_query) {
  lose_the_connection_at_each_query(Side::after, true);
}

TEST(PostgresFaults, down_survives_a_cut_before_each_query) {
  lose_the_connection_at_each_query(Side::before, false);
}

TEST(PostgresFaults, down_survives_an_answer_lost_after_each_query) {
  lose_the_connection_at_each_query(Side::after, false);
}

}  // namespace
}  // namespace schemagen::faults
