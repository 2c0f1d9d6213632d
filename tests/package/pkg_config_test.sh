# Without CMake: pkg-config gives all that is needed to compile and link, also
# after the installation was moved.
. "$(dirname "$0")/harness.sh"

pc=$(dirname "$(find "$PREFIX" -name schemagen-sqlite.pc)")
cat >main.cpp <<'CPP'
#include <schemagen/cli.hpp>
#include <schemagen/sqlite.hpp>
int main(int argc, char** argv) {
  const schemagen::EmbeddedDialect sqlite{"sqlite", &schemagen::sqlite::kConnector,
                                          nullptr, 0};
  const schemagen::MigrationSet set{"app", &sqlite, 1};
  return schemagen::run_cli(argc, argv, set);
}
CPP
# eval: pkg-config escapes the blank in the moved prefix for a shell.
flags=$(PKG_CONFIG_PATH=$pc pkg-config --cflags --libs schemagen-sqlite)
eval "run \"\$CXX\" -std=c++17 main.cpp -o program $flags"
run ./program status --url sqlite::memory:
