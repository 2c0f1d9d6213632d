// What the entities of this schema share.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <schemagen/annotations.hpp>
#include <string>
#include <vector>

#define SHORT_TEXT(...) SG_COLUMN(.max_length = shop::kShort, __VA_ARGS__)

namespace acme {
class Uuid {
  std::array<unsigned char, 16> bytes_{};
};
}  // namespace acme

SG_MAP_TYPE(acme::Uuid, .postgres_type = "uuid", .sqlite_type = "TEXT")

namespace shop {

constexpr int kShort = 4 * 15;

template <class Entity>
struct Key {
  std::int64_t value = 0;
};

enum class Status { open, paid SG_VALUE(.name = "settled"), sent };
enum class SG_ENUM(.storage = SG_INTEGER) Priority { low = 10, high = 20 };

namespace detail {
enum class SG_ENUM(.storage = SG_NATIVE, .name = "channels") Channel {
  web,
  phone
};
}  // namespace detail

template <class Clock>
struct SG_INDEX(.columns = {"changed"}, .descending = {"changed"}) Stamped {
  SG_COLUMN(.default_sql = "CURRENT_TIMESTAMP")
  typename Clock::time_point created;
  std::chrono::sys_seconds changed{};
};

struct Named {
  /// As it is printed; {any} language.
  SHORT_TEXT(.collate = "NOCASE", .check = "name <> ''") std::string name;
};

struct Place {
  double lat = 0;
  double lon = 0;
};

struct Address {
  SHORT_TEXT() std::string street;
  std::string country;
  std::string region;
  SG_EMBED(.prefix = "at_") std::optional<Place> place;
};

}  // namespace shop
