#include "dialect/fidelity.hpp"

#include <algorithm>
#include <set>

#include "plan/identity.hpp"

namespace schemagen::gen {
namespace {

class Judge {
 public:
  Judge(const Plan& plan, Script& script) : plan_(plan), script_(script) {}

  void run() {
    for (const Change& change : plan_.changes)
      std::visit([this](const auto& each) { (*this)(each); }, change);
    if (!script_.invented.empty()) script_.fidelity = Fidelity::shape_only;
    std::sort(script_.invented.begin(), script_.invented.end());
    script_.invented.erase(
        std::unique(script_.invented.begin(), script_.invented.end()),
        script_.invented.end());
  }

  template <class Other>
  void operator()(const Other&) {}

  void operator()(const CreateTable& c) {
    if (!is_up()) invent(display(name_of(c.table)));
  }
  void operator()(const DropTable&) { discard(); }
  void operator()(const AddColumn& c) {
    if (!is_up() && c.column.generated.empty()) {
      invent(display(c.table) + "." + c.column.name);
    }
  }
  void operator()(const DropColumn& c) {
    if (c.column.generated.empty()) discard();
  }
  void operator()(const AlterColumn& c) {
    const bool retyped = c.from.type != c.to.type && !c.lossless;
    const bool filled = c.from.nullable && !c.to.nullable;
    if (!is_up() && (retyped || filled)) {
      invent(display(c.table) + "." + c.to.name);
    } else if (retyped && !c.to.using_sql.empty()) {
      discard();
    }
  }
  void operator()(const AlterEnum& c) {
    if (is_up() || !loses_values(c)) return;
    for (const Table& table : plan_.to.tables) {
      for (const Column& column : table.columns) {
        if (column.type.enum_name == c.to.name) {
          invent(display(name_of(table)) + "." + column.name);
        }
      }
    }
  }

 private:
  static bool loses_values(const AlterEnum& c) {
    std::set<std::string> renamed;
    for (const auto& pair : c.renamed) renamed.insert(pair.first);
    return std::any_of(c.from.values.begin(), c.from.values.end(),
                       [&](const EnumValue& value) {
                         return renamed.count(value.name) == 0 &&
                                c.to.find_value(value.name) == nullptr;
                       });
  }

  bool is_up() const { return plan_.direction == Direction::up; }
  void invent(std::string what) { script_.invented.push_back(std::move(what)); }
  void discard() {
    if (is_up()) script_.fidelity = Fidelity::shape_only;
  }

  const Plan& plan_;
  Script& script_;
};

}  // namespace

void judge_fidelity(const Plan& plan, Script& script) {
  Judge(plan, script).run();
}

}  // namespace schemagen::gen
