#pragma once
#include "customer.hpp"
#include "shared.hpp"

namespace shop {

struct Customer;

using HomeAddress = Address;

struct SG_TABLE(.name = "orders")
    SG_UNIQUE(.columns = {"customer", "number"}, .name = "one_number")
        SG_INDEX(.columns = {"status"}, .method = "hash", .name = "by_status")
            SG_CHECK(.name = "sent_later",
                     .sql = "sent IS NULL OR sent >= ordered") Order {
  Key<Order> id;
  SG_COLUMN(.references = "Customer", .on_delete = SG_CASCADE)
  Key<Customer> customer;
  std::uint16_t number = 1;
  Status status = Status::open;
  Priority priority = Priority::low;
  std::chrono::sys_days ordered{};
  std::optional<std::chrono::sys_days> sent;
  std::chrono::minutes patience = std::chrono::hours{48};
  SG_COLUMN(.precision = 12, .scale = 2) std::string total = "0.00";
};

struct SG_TABLE(.schema = "audit", .comment = "never deleted") OrderEvent {
  SG_COLUMN(.primary_key = true) std::int64_t id;
  std::int32_t order_number = 0;
  bool by_hand = false;
  std::int8_t level = -1;
  float weight = 0.5F;
  std::array<std::byte, 4> digest{};
  std::filesystem::path file = "/var/log";
  SG_COLUMN(.max_length = 8) std::vector<std::uint8_t> payload;
};

}  // namespace shop
