#include "plan/order.hpp"

#include <algorithm>
#include <map>

#include "model/names.hpp"
#include "model/text.hpp"

namespace schemagen::gen {
namespace {

enum class Mark { open, entered, done };

struct Node {
  const Table* table;
  Mark mark = Mark::open;
  std::size_t next_key = 0;
};

using Nodes = std::map<TableName, std::size_t>;

/// Depth first with a stack of our own: a chain of keys may be long.
class Walk {
 public:
  explicit Walk(const std::vector<const Table*>& tables) {
    for (const Table* table : tables) {
      index_[{table->schema, table->name}] = nodes_.size();
      nodes_.push_back({table});
    }
  }

  TableOrder run() {
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (nodes_[i].mark == Mark::open) visit(i);
    }
    return std::move(order_);
  }

 private:
  void visit(std::size_t start) {
    std::vector<std::size_t> stack{start};
    nodes_[start].mark = Mark::entered;
    while (!stack.empty()) {
      Node& node = nodes_[stack.back()];
      if (node.next_key == node.table->foreign_keys.size()) {
        node.mark = Mark::done;
        order_.parents_first.push_back(node.table);
        stack.pop_back();
        continue;
      }
      const ForeignKey& key = node.table->foreign_keys[node.next_key++];
      auto target = index_.find({key.schema, key.table});
      if (target == index_.end()) continue;
      Node& parent = nodes_[target->second];
      if (parent.mark == Mark::open) {
        parent.mark = Mark::entered;
        stack.push_back(target->second);
      } else if (parent.mark == Mark::entered && parent.table != node.table) {
        order_.closing.push_back({node.table, &key});
      }
    }
  }

  Nodes index_;
  std::vector<Node> nodes_;
  TableOrder order_;
};

TableName folded(const TableName& name, bool by_schema) {
  return {by_schema ? fold_case(name.schema) : "", fold_case(name.name)};
}

TableName third_name(const TableName& wanted, bool by_schema,
                     std::set<TableName>& names) {
  for (int number = 0;; ++number) {
    std::string name = wanted.name + "__schemagen_swap";
    if (number > 0) name += std::to_string(number);
    TableName free{wanted.schema, shorten(name)};
    if (names.insert(folded(free, by_schema)).second) return free;
  }
}

}  // namespace

TableOrder order_tables(const std::vector<const Table*>& tables) {
  return Walk(tables).run();
}

std::vector<std::pair<TableName, TableName>> order_renames(
    std::vector<std::pair<TableName, TableName>> renames,
    const std::set<TableName>& names, bool by_schema) {
  std::set<TableName> used;
  for (const TableName& name : names) used.insert(folded(name, by_schema));
  std::vector<std::pair<TableName, TableName>> ordered;
  while (!renames.empty()) {
    auto is_free = [&](const auto& rename) {
      return std::none_of(renames.begin(), renames.end(),
                          [&](const auto& other) {
                            return !(other.first == rename.first) &&
                                   folded(other.first, by_schema) ==
                                       folded(rename.second, by_schema);
                          });
    };
    auto next = std::find_if(renames.begin(), renames.end(), is_free);
    if (next != renames.end()) {
      ordered.push_back(*next);
      renames.erase(next);
      continue;
    }
    const TableName third = third_name(renames.front().second, by_schema, used);
    ordered.push_back({renames.front().first, third});
    renames.front().first = third;
  }
  return ordered;
}

}  // namespace schemagen::gen
