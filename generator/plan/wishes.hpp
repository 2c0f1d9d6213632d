// Which of the renames that annotations ask for are still to be carried out:
// the annotations may stay in a header for ever.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "model/schema.hpp"

namespace schemagen::gen {

struct RenameWish {
  std::string now, old;
  SourceLocation at;
};

struct RenameWishes {
  std::vector<RenameWish> all;
  std::set<std::string> olds;     ///< names of the old schema
  std::set<std::string> leaving;  ///< old names known to move or go
  /// What is called `now` in the new schema could be `old` of the old one.
  std::function<bool(const std::string& old, const std::string& now)> alike;
};

struct Granted {
  std::vector<RenameWish> due;
  /// Circles of names that may or may not have moved on already.
  std::vector<std::vector<RenameWish>> undecided;
};

/// One whose new name exists already is old news, unless what has the name
/// moves away itself. In a closed circle only the definitions can tell.
Granted grant(RenameWishes wishes);

}  // namespace schemagen::gen
