#include <gtest/gtest.h>

#include "support/scan_text.hpp"

namespace schemagen::test {
namespace {

TEST(Scan, reads_a_table_with_its_column) {
  const Scanned scanned =
      scan_text("struct SG_TABLE(.name = \"users\") User { int id = 4; };\n");
  EXPECT_EQ(scanned.diagnostics, "");
  EXPECT_EQ(scanned.declarations,
            "User table(.name=\"users\"@2:25)\n"
            "  id: int32 = int 4\n");
}

}  // namespace
}  // namespace schemagen::test
