#include "plan/wishes.hpp"

#include <algorithm>

namespace schemagen::gen {
namespace {

/// Chains move from their end: what takes a name that is free goes first.
void grant_chains(RenameWishes& wishes, Granted& granted) {
  bool more = true;
  while (more) {
    more = false;
    for (auto wish = wishes.all.begin(); wish != wishes.all.end();) {
      if (wishes.olds.count(wish->now) != 0 &&
          wishes.leaving.count(wish->now) == 0) {
        ++wish;
        continue;
      }
      wishes.leaving.insert(wish->old);
      granted.due.push_back(*wish);
      wish = wishes.all.erase(wish);
      more = true;
    }
  }
}

/// The circle that begins with the first wish; empty where it does not close.
std::vector<RenameWish> take_circle(std::vector<RenameWish>& open) {
  std::vector<RenameWish> circle{open.front()};
  open.erase(open.begin());
  while (circle.back().old != circle.front().now) {
    auto next = std::find_if(
        open.begin(), open.end(),
        [&](const RenameWish& wish) { return wish.now == circle.back().old; });
    if (next == open.end()) return {};
    circle.push_back(*next);
    open.erase(next);
  }
  return circle;
}

}  // namespace

Granted grant(RenameWishes wishes) {
  Granted granted;
  grant_chains(wishes, granted);
  while (!wishes.all.empty()) {
    std::vector<RenameWish> circle = take_circle(wishes.all);
    auto fits = [&](const RenameWish& wish) {
      return wishes.alike(wish.old, wish.now);
    };
    auto stayed = [&](const RenameWish& wish) {
      return wishes.alike(wish.now, wish.now);
    };
    if (!std::all_of(circle.begin(), circle.end(), fits)) continue;
    if (std::all_of(circle.begin(), circle.end(), stayed)) {
      if (!circle.empty()) granted.undecided.push_back(std::move(circle));
    } else {
      granted.due.insert(granted.due.end(), circle.begin(), circle.end());
    }
  }
  return granted;
}

}  // namespace schemagen::gen
