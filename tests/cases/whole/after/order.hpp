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
  std::uint32_t number = 2;
  Status status = Status::open;
  Priority priority = Priority::low;
  std::chrono::sys_days ordered{};
  std::optional<std::chrono::sys_days> sent;
  std::chrono::minutes patience = std::chrono::hours{48};
  SG_COLUMN(.precision = 12, .scale = 2) std::string total = "0.00";
};

struct SG_TABLE() SG_PRIMARY_KEY(.columns = {"order", "line"}) OrderLine {
  SG_COLUMN(.references = "Order") Key<Order> order;
  int line;
  std::string text = "?";
};

struct SG_TABLE(.schema = "audit", .comment = "never deleted") OrderEvent {
  SG_COLUMN(.primary_key = true) std::int64_t id;
  SG_COLUMN(.using_sql = "CAST(order_number AS text)")
  std::string order_number;
  bool by_hand = false;
  std::int8_t level = -1;
  float weight = 0.5F;
  std::array<std::byte, 4> digest{};
  std::filesystem::path file = "/var/log";
  SG_COLUMN(.max_length = 8) std::vector<std::uint8_t> payload;
};

}  // namespace shop
