// A program with embedded migrations, for tests that start and kill it:
//   fault_app HISTORY COMMAND...           run_cli
//   fault_app HISTORY kill-at N up|down URL  dies at the N-th event of the run;
//                                          exits 0 when there are fewer
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "faults/history.hpp"
#include "schemagen/cli.hpp"
#include "schemagen/migrator.hpp"

namespace {

using namespace schemagen;

/// Dies without any chance to clean up, as a power cut or the kernel would.
class Killer : public Observer {
 public:
  explicit Killer(long at) : left_(at) {}
  void on_start(std::string_view, std::string_view, std::size_t,
                std::size_t) override {
    count();
  }
  void on_statement(std::string_view, std::size_t, std::size_t, std::int64_t,
                    std::chrono::microseconds) override {
    count();
  }
  void on_finish(std::string_view, std::chrono::microseconds) override {
    count();
  }

 private:
  void count() {
    if (--left_ == 0) std::raise(SIGKILL);
  }
  long left_;
};

int run_until(const MigrationSet& set, long at, const char* direction,
              const char* url) {
  const bool is_sqlite = std::strncmp(url, "sqlite:", 7) == 0;
  auto database = set.dialects[is_sqlite ? 0 : 1].connector->open(url);
  if (!database) {
    std::fprintf(stderr, "%s\n", database.error().message.c_str());
    return 2;
  }
  Killer killer(at);
  MigrateOptions options;
  options.observer = &killer;
  Migrator migrator(**database, set, options);
  const bool up = std::strcmp(direction, "up") == 0;
  const auto done = up ? migrator.up() : migrator.down_to("");
  if (done) return 0;
  std::fprintf(stderr, "%s\n", done.error().message.c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const MigrationSet& set = faults::history(argv[1]);
  if (argc == 6 && std::strcmp(argv[2], "kill-at") == 0) {
    return run_until(set, std::atol(argv[3]), argv[4], argv[5]);
  }
  return run_cli(argc - 1, argv + 1, set);
}
