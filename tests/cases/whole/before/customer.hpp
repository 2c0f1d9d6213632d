#pragma once
#include "order.hpp"
#include "places.hpp"
#include "shared.hpp"

namespace shop {

/// Whoever has bought something.
struct SG_TABLE() SG_INDEX(.expression = "lower(email)",
                           .name = "customer_lower_email")
    SG_INDEX(.columns = {"home.street"}, .where = "fax IS NOT NULL")
        SG_FOREIGN_KEY(.columns = {"home.country", "home.region"},
                       .references = "Region", .to = {"country", "code"},
                       .on_delete = SG_RESTRICT, .name = "lives_in") Customer
    : Named,
      Stamped<std::chrono::system_clock> {
  SG_COLUMN(.primary_key = true, .autoincrement = true) Key<Customer> id;
  SG_COLUMN(.max_length = 320, .unique = true) std::string email;
  std::optional<std::string> fax;
  SG_EMBED(.prefix = "home_") HomeAddress home;
  SG_COLUMN(.references = "Customer", .on_delete = SG_SET_NULL, .index = true)
  std::optional<Key<Customer>> friend_of;
  acme::Uuid token;
  std::optional<acme::Uuid> old_token;
  detail::Channel channel = detail::Channel::web;
  SG_COLUMN(.generated = "length(email)", .stored = true)
  std::optional<std::int32_t> email_length;
  SG_COLUMN(.sqlite_type = "TEXT", .postgres_type = "jsonb")
  std::string extra = "{}";
  SG_IGNORE std::vector<Order*> orders;
};

}  // namespace shop
