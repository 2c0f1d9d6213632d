#include "core/checksum.hpp"

#include <gtest/gtest.h>

namespace schemagen::core {
namespace {

// FIPS 180-4 examples and the empty message.
TEST(ChecksumTest, sha256_gives_the_published_values) {
  EXPECT_EQ(sha256(""),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(ChecksumTest, lengths_around_a_block_differ_from_each_other) {
  std::string last;
  for (std::size_t size = 54; size < 66; ++size) {
    const std::string digest = sha256(std::string(size, 'x'));
    EXPECT_EQ(digest.size(), 64u);
    EXPECT_NE(digest, last);
    last = digest;
  }
}

// L19: stored in every database there is; these never change.
TEST(ChecksumTest, L19_the_digests_of_a_migration_are_pinned) {
  EXPECT_EQ(migration_checksum("CREATE TABLE a (x);", "DROP TABLE a;", ""),
            "sha256-1:"
            "10df28fee3cfcc40e62a27f210ebf4a4295db248809368e95112844a1f3616f1");
  EXPECT_EQ(chain_checksum("", "20260101000000", "sha256-1:00"),
            "sha256-1:"
            "db5f350928a68b6f9a982261b207aa70b700431d132063f16f4dfd7ab4113952");
}

TEST(ChecksumTest, text_cannot_move_between_up_down_and_flags) {
  EXPECT_NE(migration_checksum("ab", "c", ""),
            migration_checksum("a", "bc", ""));
  EXPECT_NE(migration_checksum("a", "b", ""), migration_checksum("a", "", "b"));
  EXPECT_NE(chain_checksum("a", "b", "c"), chain_checksum("", "ab", "c"));
}

}  // namespace
}  // namespace schemagen::core
